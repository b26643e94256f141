import pytest

from evalcore.answers.labels import all_labels, one_label
from evalcore.types import AnswerState, Item, Option

DISEASES = (
    "stable angina",
    "unstable angina",
    "sle",
    "bronchitis",
    "pneumonia",
    "larygospasm",
    "inguinal, hernia",
)


def item(*labels, texts=None):
    return Item("Which?", tuple(Option(label, (texts or {}).get(label, label)) for label in labels))


def read(text, *labels, **kwargs):
    return one_label(text, item(*(labels or DISEASES), **kwargs))


@pytest.mark.parametrize(
    ("reply", "label"),
    [
        ("The diagnosis result is Unstable angina.", "unstable angina"),
        ("stable angina", "stable angina"),
        ("He did not sleep well; bronchitis", "bronchitis"),
        ("Inguinal,  hernia", "inguinal, hernia"),
        ("It is pneumonia, not bronchitis.", "pneumonia"),
        ("Bronchitis and pneumonia are possible. The diagnosis is: **Pneumonia**.", "pneumonia"),
        ("pneumonia\n\nBronchitis would not show consolidation.", "pneumonia"),
        ("<think>bronchitis? sle?</think>Pneumonia", "pneumonia"),
    ],
)
def test_d10_a_label_is_matched_whole_and_the_longest_first(reply, label):
    found = read(reply)
    assert (found.state, found.labels) == (AnswerState.READ, (label,))


@pytest.mark.parametrize(
    "reply",
    [
        ", ".join(DISEASES),
        "\n".join(DISEASES),
        "The diagnosis is bronchitis or pneumonia.",
        "The diagnosis is bronchitis. On second thought, the diagnosis is pneumonia or sle.",
    ],
)
def test_d10_a_reply_that_names_several_labels_is_ambiguous(reply):
    assert read(reply).state is AnswerState.AMBIGUOUS


@pytest.mark.parametrize(
    ("reply", "labels"),
    [
        ("I do not know", ("yes", "no")),
        ("The score is 10", ("0", "1", "2")),
        ("It rose by 0.5 to 1.2", ("0", "1", "2")),
        ("non-small cell carcinoma", ("small cell carcinoma", "lymphoma")),
        ("There is no pneumonia.", DISEASES),
        ("Not pneumonia.", DISEASES),
    ],
)
def test_d10_a_label_inside_another_word_or_denied_is_not_read(reply, labels):
    assert read(reply, *labels).state is AnswerState.UNREADABLE


def test_d10_chinese_labels_are_matched_from_the_left_the_longest_first():
    assert read("经判断，不存在歧视。", "存在", "不存在").labels == ("不存在",)
    assert read("答案是：存在", "存在", "不存在").labels == ("存在",)


def test_d11_a_label_that_the_instruction_misspells_is_read_in_both_spellings():
    corrected = {"larygospasm": "laryngospasm"}
    for reply in ("larygospasm", "The diagnosis result is laryngospasm."):
        assert read(reply, *DISEASES, texts=corrected).labels == ("larygospasm",)


def test_d11_two_labels_that_a_missing_comma_has_joined_are_two_labels():
    joined = "'spontaneous rib fracture' 'gerd'"
    assert all_labels(joined, item("spontaneous rib fracture", "gerd")).labels == (
        "spontaneous rib fracture",
        "gerd",
    )


def test_a_class_number_and_its_phrase_are_one_label():
    texts = {"0": "false", "1": "unproven", "2": "true"}
    assert read("2", "0", "1", "2", texts=texts).labels == ("2",)
    assert read("The claim's label is unproven.", "0", "1", "2", texts=texts).labels == ("1",)


def test_the_span_counts_characters_of_the_reply_as_it_came():
    reply = "<think>x</think>The diagnosis is **Pneumonia**."
    start, end = read(reply).span
    assert reply[start:end] == "Pneumonia"


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("", AnswerState.EMPTY),
        ("<think>pneumonia", AnswerState.TRUNCATED),
        ("I'm sorry, I cannot provide a diagnosis.", AnswerState.REFUSED),
        ("A cold.", AnswerState.UNREADABLE),
    ],
)
def test_a_reply_without_a_label_says_how_it_failed(reply, state):
    assert read(reply).state is state
    assert all_labels(reply, item(*DISEASES)).state is state


def test_several_labels_are_all_read_and_none_is_an_answer():
    hallmarks = item("inducing angiogenesis", "resisting cell death", "cellular energetics")
    found = all_labels("Resisting cell death; inducing\nangiogenesis.", hallmarks)
    assert found.labels == ("resisting cell death", "inducing angiogenesis")
    assert all_labels("None of the above.", hallmarks) == all_labels("none", hallmarks)
    assert all_labels("none", hallmarks).state is AnswerState.READ


def test_d10_labels_of_a_published_item_are_told_apart(data_dir):
    import json

    samples = json.loads(
        (data_dir / "upstream/unimedicaleval/safety_samples_repaired.json").read_text(encoding="utf-8")
    )
    several = next(one for one in samples if one["answer"] == "A,B,D,E")
    offered = Item(several["question"], tuple(Option(k, v) for k, v in several["option"].items()))
    named = [several["option"][letter] for letter in "ABDE"]
    assert set(all_labels("；".join(named), offered).labels) == set("ABDE")
