import json

import pytest

from evalcore.answers.labels import one_label
from evalcore.metrics import choice
from evalcore.metrics.evidence import Evidence, Scored
from evalcore.metrics.labels import COMPAT, METRICS, summarise
from evalcore.types import Answer, AnswerState, Item, Key, Kind, Option, Response

HALLMARKS = (
    "sustaining proliferative signaling",
    "evading growth suppressors",
    "resisting cell death",
    "enabling replicative immortality",
    "inducing angiogenesis",
    "activating invasion and metastasis",
    "genomic instability and mutation",
    "tumor promoting inflammation",
    "cellular energetics",
    "avoiding immune destruction",
)


def both(said, gold, labels, compat="substring"):
    """(the released rule's value, ours) of one reply."""
    item = Item("Which?", tuple(Option(label, label) for label in labels), meta={COMPAT: compat})
    reading = one_label(said, item)
    answer = Answer(reading.labels, reading.state, reading.rule, "robust", 1, reading.span)
    evidence = Evidence(item, Response(said), answer, kind=Kind.LABEL)
    key = Key(((gold,),), "test")
    return METRICS["acc@medsbench_compat"](evidence, key)[0], choice.METRICS["acc"](evidence, key)[0]


ANGINA = ("stable angina", "unstable angina", "sle")


@pytest.mark.parametrize(
    ("said", "gold", "released", "ours"),
    [
        ("The diagnosis result is Unstable angina.", "stable angina", 1, 0),
        ("Unstable angina", "unstable angina", 1, 1),
        ("He could not sleep: unstable angina", "sle", 1, 0),
        ("Stable angina, unstable angina, SLE", "sle", 1, 0),
        ("stable  angina", "stable angina", 0, 1),
        ("", "sle", 0, 0),
    ],
)
def test_d10_the_released_rule_looks_for_the_gold_anywhere(said, gold, released, ours):
    assert both(said, gold, ANGINA) == (released, ours)


@pytest.mark.parametrize(
    ("said", "gold", "labels", "released", "ours"),
    [
        ("I cannot know.", "no", ("yes", "no"), 1, 0),
        ("yes\nbecause it is not refuted", "no", ("yes", "no"), 0, 0),
        ("yes\nbecause it is not refuted", "yes", ("yes", "no"), 1, 1),
        ("\nyes", "yes", ("yes", "no"), 0, 1),
        ("10", "0", ("0", "1", "2"), 1, 0),
        ("Label: 2", "2", ("0", "1", "2"), 1, 1),
    ],
)
def test_d10_fact_verification_looks_for_it_in_the_first_line(said, gold, labels, released, ours):
    assert both(said, gold, labels, "first_line") == (released, ours)


@pytest.mark.parametrize(
    ("said", "gold", "released", "ours"),
    [
        ("True", "True", 1, 1),
        ("True or False", "True", 0, 0),
        ("It is untrue.", "True", 1, 0),
        ("True. It would be false to deny it.\nTrue", "True", 0, 1),
        ("falsehood", "False", 1, 0),
    ],
)
def test_d10_outcomes_want_one_word_and_not_the_other(said, gold, released, ours):
    assert both(said, gold, ("True", "False"), "outcome") == (released, ours)


def test_d11_a_misspelt_label_is_wrong_by_the_released_rule_when_it_is_spelt_right():
    item = Item("Which?", (Option("larygospasm", "laryngospasm"), Option("gerd", "gerd")))
    reading = one_label("Laryngospasm.", item)
    answer = Answer(reading.labels, reading.state, reading.rule, "robust", 1, reading.span)
    evidence = Evidence(item, Response("Laryngospasm."), answer, kind=Kind.LABEL)
    key = Key((("larygospasm",),), "test")
    assert METRICS["acc@medsbench_compat"](evidence, key)[0] == 0.0
    assert choice.METRICS["acc"](evidence, key)[0] == 1.0


def classified(*pairs):
    """Scores of (reply, gold labels) on the ten hallmarks."""
    item = Item("Which?", tuple(Option(label, label) for label in HALLMARKS))
    scores = []
    for said, gold in pairs:
        evidence = Evidence(
            item, Response(said), Answer((), AnswerState.READ, "", "robust", 1), kind=Kind.LABELS
        )
        value, _, parts = METRICS["macro_f1@medsbench_compat"](evidence, Key((tuple(gold),), "test"))
        scores.append(Scored(value, parts))
    return scores


def test_macro_figures_of_the_released_rule_are_over_all_ten_classes():
    scores = classified(
        ("Resisting cell death, inducing angiogenesis", ["resisting cell death"]),
        ("It is about inducing  angiogenesis", ["inducing angiogenesis"]),
        ("RESISTING CELL DEATH", ["resisting cell death", "cellular energetics"]),
    )
    # resisting: tp 2; angiogenesis: fp 1, fn 1 (two blanks); energetics: fn 1; seven classes untouched
    assert summarise("macro_precision@medsbench_compat", scores).value == pytest.approx(1 / 10)
    assert summarise("macro_recall@medsbench_compat", scores).value == pytest.approx(1 / 10)
    figure = summarise("macro_f1@medsbench_compat", scores)
    assert figure.value == pytest.approx(1 / 10)
    assert (figure.n, figure.method) == (3, "bootstrap")


def test_macro_f1_of_the_released_rule_by_hand():
    scores = classified(
        ("resisting cell death", ["resisting cell death"]),
        ("resisting cell death", ["inducing angiogenesis"]),
        ("inducing angiogenesis", ["inducing angiogenesis"]),
    )
    # resisting: P 1/2, R 1, F1 2/3; angiogenesis: P 1, R 1/2, F1 2/3
    assert summarise("macro_precision@medsbench_compat", scores).value == pytest.approx(0.15)
    assert summarise("macro_recall@medsbench_compat", scores).value == pytest.approx(0.15)
    assert summarise("macro_f1@medsbench_compat", scores).value == pytest.approx((2 / 3 + 2 / 3) / 10)
    assert [one.value for one in scores] == [1.0, 0.0, 1.0]


def test_d10_a_reply_that_lists_all_labels_has_full_recall():
    scores = classified((", ".join(HALLMARKS), ["cellular energetics"]), ("", []))
    assert [one.value for one in scores] == [pytest.approx(2 / 11), 1.0]
    assert summarise("macro_recall@medsbench_compat", scores).value == pytest.approx(1 / 10)


def test_accuracy_has_the_interval_of_a_proportion_and_missing_answers_apart():
    figure = summarise("acc@medsbench_compat", [Scored(1.0), Scored(0.0), Scored(None)])
    assert (figure.value, figure.n, figure.unscored, figure.method) == (0.5, 2, 1, "wilson")


def test_d10_a_published_gold_is_found_by_the_released_rule_in_its_opposite(data_dir):
    samples = json.loads(
        (data_dir / "upstream/unimedicaleval/safety_samples_repaired.json").read_text(encoding="utf-8")
    )
    counterfactual = next(one for one in samples if one["answer"] == "存在")
    labels = tuple(counterfactual["option"].values())
    assert both("不存在", counterfactual["answer"], labels) == (1, 0)
    assert both("存在", counterfactual["answer"], labels) == (1, 1)
