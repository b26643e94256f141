"""Rubric files: the bundled ones, own ones, and what is said about faulty ones."""

import json

import pytest

from evalcore.errors import DataError, UsageError
from evalcore.judge import Mode, Reference, Scale, ScaleKind, load_rubric, read_rubric, rubrics

OWN = {
    "id": "kindness",
    "version": 2,
    "mode": "rating",
    "title": {"en": "Kindness", "zh": "友善"},
    "criteria": [
        {
            "name": "kind",
            "text": {"en": "Is it kind?", "zh": "是否友善？"},
            "scale": {"kind": "numbers", "min": 0, "max": 2, "anchors": {"2": "very"}},
        }
    ],
}


def file(**changes):
    return json.dumps({name: value for name, value in (OWN | changes).items() if value is not None}).encode()


def criterion(**changes):
    return [OWN["criteria"][0] | changes]


def test_the_bundled_rubrics_are_there_in_both_languages():
    known = rubrics()
    assert set(known) == {
        "mmedbench", "correctness", "healthbench", "pairwise", "topics", "counterfactual", "extraction"
    }  # fmt: skip
    assert all({"en", "zh"} <= set(rubric.title) for rubric in known.values())


def test_mmedbench_rates_three_criteria_from_1_to_5_in_six_languages():
    rubric = load_rubric("mmedbench-1")
    assert [cell.name for cell in rubric.criteria] == ["accuracy", "reasoning", "knowledge"]
    for cell in rubric.criteria:
        assert cell.scale.values == ("1", "2", "3", "4", "5")
        assert {"en", "zh", "fr", "es", "ru", "ja"} <= set(cell.text)


def test_the_topics_are_the_21_of_mmedbench_and_other():
    (cell,) = load_rubric("topics").criteria
    assert len(cell.scale.values) == 22
    assert "Obstetrics and Gynecology" in cell.scale.values and cell.scale.values[-1] == "Other"


@pytest.mark.parametrize("id", ["extraction", "topics", "healthbench"])
def test_who_must_not_be_swayed_by_the_true_answer_does_not_see_it(id):
    assert load_rubric(id).reference is Reference.HIDDEN


def test_an_own_rubric_stands_beside_the_bundled_ones(tmp_path):
    (tmp_path / "mine.json").write_bytes(file())
    rubric = rubrics(tmp_path)["kindness"]
    assert rubric.name == "kindness-2" and rubric.mode is Mode.RATING
    assert rubric.criteria[0].scale.anchors == {"2": {"en": "very"}}
    assert load_rubric("kindness", tmp_path) == rubric


def test_a_folder_that_is_not_there_adds_nothing(tmp_path):
    assert set(rubrics(tmp_path / "none")) == set(rubrics())


def test_a_bundled_name_cannot_be_taken(tmp_path):
    (tmp_path / "x.json").write_bytes(file(id="mmedbench"))
    with pytest.raises(UsageError, match="Two rubrics are called 'mmedbench'"):
        rubrics(tmp_path)


def test_an_unknown_rubric_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="Did you mean mmedbench?"):
        load_rubric("mmedbnch")


def test_a_changed_word_changes_the_hash_under_the_same_name():
    one, other = read_rubric(file(), "a"), read_rubric(file(title="Kindliness"), "a")
    assert one.name == other.name and one.sha != other.sha


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "x.json: not JSON"),
        (b"\xff", "x.json: not JSON"),
        (b"[1]", "x.json: is not an object"),
        (b"[" * 100_000, "x.json: not JSON"),
        (b'{"id": "a", "id": "b"}', "'id' stands there twice"),
        (file(points=3), "unknown field 'points'"),
        (file(id="Über"), "id is 'Über', but must match"),
        (file(version=True), "version is True"),
        (file(version=0), "version is 0"),
        (file(mode="vote"), "mode is 'vote', but must be one of rating"),
        (file(title={"zh": "友善"}), 'with "en" among them'),
        (file(title={"en": " "}), "'en' must be a language code with a text"),
        (file(criteria=[]), "criteria must be a list of 1 to 100"),
        (file(criteria=OWN["criteria"] * 2), "two criteria are called 'kind'"),
        (file(criteria=criterion(text=None)), "criterion 1: text must be a text"),
        (file(criteria=criterion(scale={"kind": "numbers", "min": 5, "max": 1})), "min below max"),
        (file(criteria=criterion(scale={"kind": "numbers", "min": 1.5, "max": 3})), "whole numbers"),
        (file(criteria=criterion(scale={"kind": "labels", "labels": ["a"]})), "labels must be a list"),
        (file(criteria=criterion(scale={"kind": "options"})), "options does not fit the mode rating"),
        (
            file(mode="topic", criteria=criterion(scale={"kind": "labels", "labels": ["Skin", "skin"]})),
            "two labels are the same but for",
        ),
        (
            file(mode="pairwise", criteria=criterion(scale={"kind": "labels", "labels": ["A", "C"]})),
            "the labels of a comparison are A, B and",
        ),
        (
            file(criteria=criterion(scale={"kind": "yes_no", "anchors": {"maybe": "x"}})),
            "anchors must be an object whose names are verdicts: no, yes",
        ),
        (file(mode="rubric"), 'takes its criteria from the items: "criteria": "item"'),
    ],
)
def test_a_faulty_file_is_refused_with_its_place_and_the_value(content, said):
    with pytest.raises(DataError) as caught:
        read_rubric(content, "x.json")
    assert said in str(caught.value) and "x.json" in str(caught.value)


def test_a_verdict_is_also_a_number_and_a_place_on_its_scale():
    scale = Scale(ScaleKind.NUMBERS, ("1", "2", "3", "4", "5"))
    assert (scale.number("4"), scale.share("4")) == (4.0, 0.75)
    yes_no = Scale(ScaleKind.YES_NO, ("no", "yes"))
    assert (yes_no.share("yes"), yes_no.share("no")) == (1.0, 0.0)
    assert Scale(ScaleKind.LABELS, ("A", "B")).share("A") is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"prompt": "Rate it."}, "a text lacks {answer}"),
        ({"pattern": "Score ("}, "pattern is no regular expression"),
        ({"pattern": "Score [0-9]"}, "pattern must have one group"),
        ({"pattern": 7}, "pattern is no regular expression"),
    ],
)
def test_a_form_of_its_own_must_show_the_answer_and_find_one_verdict(changes, said):
    with pytest.raises(DataError) as caught:
        read_rubric(file(**changes), "x.json")
    assert said in str(caught.value)
