import csv

import pytest

from evalcore.metrics.entities import (
    ATTRIBUTES,
    FORM,
    METRICS,
    attributes,
    found,
    gold_attributes,
    gold_entities,
    summarise,
)
from evalcore.metrics.evidence import Evidence, Scored
from evalcore.types import Answer, AnswerState, Item, Key, Kind, Response


def evidence(said, *, meta=None, state=AnswerState.READ):
    answer = Answer((), state, "whole_text", "robust", 1, (0, len(said)) if said else None)
    return Evidence(Item("List them.", meta=meta or {}), Response(said), answer, kind=Kind.ENTITIES)


def result(metric, said, *golds, **kwargs):
    key = Key(tuple(gold if isinstance(gold, tuple) else gold_entities(gold) for gold in golds), "test")
    return METRICS[metric](evidence(said, **kwargs), key)


def value(metric, said, *golds, **kwargs):
    return result(metric, said, *golds, **kwargs)[0]


def names(text):
    return [name for name, _, _ in found(text)]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("Aspirin, ibuprofen.", ["aspirin", "ibuprofen"]),
        ("aspirin,ibuprofen; E. coli", ["aspirin", "ibuprofen", "e. coli"]),
        ("1,2-dichloroethane, N,N-dimethylaniline", ["1,2-dichloroethane", "n,n-dimethylaniline"]),
        ("iron(II, III) oxide, zinc", ["iron(ii, iii) oxide", "zinc"]),
        ("The chemicals are:\n1. **aspirin**\n2. `ibuprofen`", ["aspirin", "ibuprofen"]),
        ("Entities: a b, c, and d", ["a b", "c", "d"]),
        ('["aspirin", "ibuprofen"]', ["aspirin", "ibuprofen"]),
        ("ＡＳＰＩＲＩＮ；阿司匹林、布洛芬。", ["aspirin", "阿司匹林", "布洛芬"]),
        ("There is no related enetity.", []),
        ("Not found", []),
        ("a (b, c", ["a (b", "c"]),
    ],
)
def test_d12_lists_are_split_outside_brackets_and_normalised(text, entities):
    assert names(text) == entities


def test_entities_are_marked_where_they_stand():
    text = "Entities: **Aspirin**, E. coli."
    assert [(name, text[start:end]) for name, start, end in found(text)] == [
        ("aspirin", "Aspirin"),
        ("e. coli", "E. coli"),
    ]


def test_d12_the_same_entities_in_another_order_are_all_found_by_ours_and_none_by_the_released_rule():
    said, gold = "ibuprofen, aspirin.", "aspirin, ibuprofen."
    assert result("entity_f1", said, gold)[::2] == (1.0, {"tp": 2, "fp": 0, "fn": 0})
    # released: {"ibuprofen", "aspiri"} against {"aspirin", "ibuprofe"}
    assert result("entity_f1@medsbench_compat", said, gold)[::2] == (0.0, {"tp": 0, "fp": 2, "fn": 2})


def test_d12_a_shorter_list_loses_its_last_entity_under_the_released_rule():
    # released: {"a x", "b"} against {"a x", "b y", "c"}: one of three; ours two of three
    assert result("entity_f1", "a x, b y.", "a x, b y, cz.")[2] == {"tp": 2, "fp": 0, "fn": 1}
    assert result("entity_f1@medsbench_compat", "a x, b y.", "a x, b y, cz.")[2] == {
        "tp": 1,
        "fp": 1,
        "fn": 2,
    }


def test_d12_the_released_rule_deletes_periods_within_entities():
    # {"e coli", "s aureu"} both: the wart hits both sides alike
    assert value("entity_f1@medsbench_compat", "E coli, S. aureus", "E. coli, S. aureus.") == 1.0
    # and an entity that lost its last letter is as good as a whole one
    assert value("entity_f1@medsbench_compat", "aspirix", "aspirin.") == 1.0
    assert value("entity_f1", "aspirix", "aspirin.") == 0.0


def test_d12_the_misspelt_sentence_is_no_entity_but_its_right_spelling_is_one_to_the_released_rule():
    none = "There is no related enetity."
    assert value("entity_f1", "There is no related entity.", none) == 1.0
    assert result("entity_f1@medsbench_compat", "There is no related entity.", none)[2] == {
        "tp": 0,
        "fp": 1,
        "fn": 0,
    }
    assert result("entity_f1@medsbench_compat", none, none)[::2] == (0.0, {"tp": 0, "fp": 0, "fn": 0})


def test_d12_the_released_rule_leaves_empty_replies_out_and_ours_counts_them_as_wrong():
    assert value("entity_f1@medsbench_compat", "", "aspirin.") is None
    found_, why, parts = result("entity_f1", "", "aspirin, zinc.", state=AnswerState.EMPTY)
    assert (found_, why, parts) == (0.0, "empty: no answer could be read", {"tp": 0, "fp": 0, "fn": 2})


def test_precision_and_recall_of_one_item_by_hand():
    said, gold = "a b, c d, e f", "a b, x y"
    assert value("entity_precision", said, gold) == pytest.approx(1 / 3)
    assert value("entity_recall", said, gold) == pytest.approx(1 / 2)
    assert value("entity_f1", said, gold) == pytest.approx(2 / 5)
    assert value("entity_precision", "none", gold) == 0.0


def test_the_nearest_of_several_golds_counts_and_the_reason_names_the_difference():
    why = result("entity_f1", "a b, c d", "x y", "a b, e f")[1]
    assert why == "1 of 2 found; missing: e f; not wanted: c d"


def test_a_list_that_was_cut_off_is_scored_as_far_as_it_goes():
    assert value("entity_recall", "a b, c", "a b, c d", state=AnswerState.TRUNCATED) == 0.5


def scored(*counts):
    return [Scored(0.5, dict(zip(("tp", "fp", "fn"), row, strict=True))) for row in counts]


def test_the_figure_of_a_task_is_micro_and_unscored_items_are_counted_apart():
    scores = [*scored((3, 1, 0), (0, 0, 4)), Scored(None)]
    assert summarise("entity_precision", scores).value == pytest.approx(3 / 4)
    assert summarise("entity_recall", scores).value == pytest.approx(3 / 7)
    figure = summarise("entity_f1", scores)
    assert figure.value == pytest.approx(6 / 11)
    assert (figure.n, figure.unscored, figure.method) == (2, 1, "bootstrap")
    assert figure.low <= figure.value <= figure.high


def test_a_task_without_any_entity_is_1_by_ours_and_0_by_the_released_rule():
    assert summarise("entity_f1", scored((0, 0, 0))).value == 1.0
    assert summarise("entity_f1@medsbench_compat", scored((0, 0, 0))).value == 0.0
    assert summarise("entity_precision", scored((0, 0, 2))).value == 0.0


def test_d10_the_released_extraction_rule_is_right_whenever_the_gold_is_somewhere_inside():
    assert value("acc@medsbench_compat", "not 10 mg but 110 mg", "10 mg") == 1.0
    assert value("exact_set", "110 mg", "10 mg") == 0.0
    assert value("acc@medsbench_compat", '"Asthma", children', "children, asthma") == 0.0
    assert value("exact_set", '"Asthma", children', "children, asthma") == 1.0
    assert value("acc@medsbench_compat", "Not found.", "not found") == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "Gender: M  Age: [[1.0, 'year']]",
        "A 1-year-old boy.",
        "Age: 1; gender: male",
        "male, 1.0 years",
    ],
)
def test_age_and_gender_are_read_however_they_are_put(text):
    assert attributes(text) == {"gender: m", "age: 1 year"}


def test_age_and_gender_are_compared_as_attributes_and_by_substring_in_the_released_rule():
    gold = gold_attributes("Gender: F  Age: [[3.0, 'month'], [2.0, 'week']]")
    meta = {FORM: ATTRIBUTES}
    said = "A girl, 3 months and 2 weeks old"
    assert value("exact_set", said, gold, meta=meta) == 1.0
    assert value("acc@medsbench_compat", said, gold, meta=meta) == 0.0
    printed = "gender: f  age: [[3.0, month], [2.0, week]]"
    assert value("acc@medsbench_compat", printed, gold, meta=meta) == 1.0
    assert value("entity_recall", "Gender: F", gold, meta=meta) == pytest.approx(1 / 3)


def test_d12_published_replies_are_read_without_loss(data_dir):
    """Any real text is a list of something: spans lie inside it, in order, and give the entity back."""
    folder = data_dir / "upstream/meds_bench_submission"
    file = next(folder.glob("*.csv"))
    with file.open(encoding="utf-8", newline="") as rows:
        texts = [row["output"] for row in csv.DictReader(rows)]
    assert len(texts) == 300
    for text in texts:
        spans = [(start, end) for _, start, end in found(text)]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert spans == sorted(spans)
        assert value("entity_f1", text, text) == 1.0
