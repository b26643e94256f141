import math

import pytest

from evalcore.errors import UsageError
from evalcore.metrics import Evidence, Scored, per_class, score, summarise
from evalcore.types import Answer, AnswerState, Failure, Finish, Item, Key, Option, Response

ITEM = Item("Which?", tuple(Option(label, f"option {label}") for label in "ABCD"))
KEY_B = Key((("B",),), "test")


def evidence(*value, state=AnswerState.READ, response=None, targets=()):
    answer = Answer(tuple(value), state, "test", "robust", 1)
    return Evidence(ITEM, response or Response("reply"), answer, targets)


def value_of(metric, said, key):
    return score(metric, evidence(*said), key).value


def test_acc_is_1_for_the_key_and_0_for_another_option():
    assert value_of("acc", "B", KEY_B) == 1.0
    assert value_of("acc", "C", KEY_B) == 0.0


def test_the_reason_names_answer_and_key():
    assert score("acc", evidence("C"), KEY_B).why == "said C, key B"


def test_either_answer_of_a_key_with_alternatives_is_right_but_not_both_together():
    either = Key((("A",), ("D",)), "test")
    assert value_of("acc", "A", either) == 1.0
    assert value_of("acc", "D", either) == 1.0
    assert value_of("acc", "AD", either) == 0.0


@pytest.mark.parametrize("state", [state for state in AnswerState if state is not AnswerState.READ])
def test_an_unread_reply_counts_as_wrong_and_says_why(state):
    shown = score("acc", evidence(state=state), KEY_B)
    assert shown.value == 0.0
    assert shown.why.startswith(state.value)


@pytest.mark.parametrize("metric", ["acc", "acc_norm", "exact_set", "option_f1", "macro_f1", "pointwise"])
def test_an_api_failure_is_missing_not_wrong(metric):
    failed = Response(finish=Finish.ERROR, failure=Failure("timeout", "no reply in 60 s"))
    shown = score(metric, evidence(state=AnswerState.EMPTY, response=failed), KEY_B)
    assert shown.value is None
    assert shown.why == "missing: no answer came (timeout)"


def test_a_variant_keeps_its_name_in_the_score():
    assert score("acc@strict_template", evidence("B"), KEY_B).metric == "acc@strict_template"


def test_an_unknown_metric_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="acurracy.*acc, acc_norm"):
        score("acurracy", evidence("B"), KEY_B)


def test_exact_set_wants_all_options_and_no_other():
    both = Key((("A", "C"),), "test")
    assert value_of("exact_set", "CA", both) == 1.0
    assert value_of("exact_set", "A", both) == 0.0
    assert value_of("exact_set", "ABC", both) == 0.0


def test_option_f1_counts_options_of_one_item():
    # said A B, key A C: tp 1, fp 1, fn 1 -> 2/4
    shown = score("option_f1", evidence("A", "B"), Key((("A", "C"),), "test"))
    assert shown.value == 0.5
    assert shown.parts == {"tp": 1, "fp": 1, "fn": 1}


def test_option_f1_of_an_unread_reply_misses_every_option():
    shown = score("option_f1", evidence(state=AnswerState.EMPTY), Key((("A", "C"),), "test"))
    assert shown.value == 0.0
    assert shown.parts == {"tp": 0, "fp": 0, "fn": 2}


def test_option_f1_counts_against_the_nearest_of_several_acceptable_answers():
    shown = score("option_f1", evidence("A", "D"), Key((("B", "C"), ("A", "C")), "test"))
    assert shown.parts == {"tp": 1, "fp": 1, "fn": 1}


def test_option_f1_is_micro_over_options():
    # tp 2+0, fp 0+1, fn 0+1 -> 4/6, whereas the mean of items would be 1/2
    rows = [
        Scored(1.0, {"tp": 2, "fp": 0, "fn": 0}, ("A", "B"), (("A", "B"),)),
        Scored(0.0, {"tp": 0, "fp": 1, "fn": 1}, ("C",), (("D",),)),
    ]
    assert summarise("option_f1", rows).value == pytest.approx(4 / 6)


def test_pointwise_is_1_for_right_and_minus_a_quarter_for_everything_else():
    assert value_of("pointwise", "B", KEY_B) == 1.0
    assert value_of("pointwise", "A", KEY_B) == -0.25
    assert score("pointwise", evidence(state=AnswerState.REFUSED), KEY_B).value == -0.25


def test_pointwise_summary_and_interval_are_those_of_accuracy_stretched():
    # 3 of 4 right: 0.75 - 0.25 * 0.25 = 0.6875
    rows = [Scored(1.0)] * 3 + [Scored(-0.25)]
    points, accuracy = (
        summarise("pointwise", rows),
        summarise("acc", [Scored(1.0)] * 3 + [Scored(0.0)]),
    )
    assert points.value == pytest.approx(0.6875)
    assert points.low == pytest.approx(-0.25 + 1.25 * accuracy.low)
    assert points.high == pytest.approx(-0.25 + 1.25 * accuracy.high)


def ranked(values):
    return Response(option_logprobs=dict(zip("ABCD", values, strict=True)), finish=Finish.RANKED)


def test_acc_norm_divides_by_the_characters_of_the_option_without_its_leading_blank():
    # " aa" -3.0/2 = -1.5; " bbbbbb" -6.0/6 = -1.0 wins although -3.0 is the larger sum
    targets = (" aa", " bbbbbb", " cc", " dd")
    shown = score(
        "acc_norm", evidence("A", response=ranked([-3.0, -6.0, -9.0, -9.0]), targets=targets), KEY_B
    )
    assert shown.value == 1.0


def test_acc_norm_counts_characters_not_bytes():
    # "心肌" is 2 characters (6 bytes): -3/2 = -1.5 against -8/6 = -1.33
    targets = (" 心肌", " aaaaaa", " cc", " dd")
    shown = score(
        "acc_norm", evidence("A", response=ranked([-3.0, -8.0, -9.0, -9.0]), targets=targets), KEY_B
    )
    assert shown.value == 1.0


def test_acc_norm_of_written_text_is_not_scored():
    shown = score("acc_norm", evidence("B"), KEY_B)
    assert shown.value is None
    assert "log-likelihoods" in shown.why


def test_acc_norm_of_a_broken_likelihood_is_missing():
    targets = (" A", " B", " C", " D")
    shown = score("acc_norm", evidence(response=ranked([-1.0, math.nan, -2.0, -3.0]), targets=targets), KEY_B)
    assert shown.value is None


def labelled(pairs):
    return [Scored(float(said == gold), {}, (said,) if said else (), ((gold,),)) for said, gold in pairs]


def test_always_yes_on_pubmedqa_gets_the_published_majority_figures():
    # benchmarks.md C and D18: 276 yes, 169 no, 55 maybe; accuracy 0.552, macro-F1 0.2371
    rows = labelled([("yes", "yes")] * 276 + [("yes", "no")] * 169 + [("yes", "maybe")] * 55)
    assert summarise("acc", rows).value == pytest.approx(0.552)
    assert summarise("macro_f1", rows).value == pytest.approx(0.2371, abs=5e-5)
    assert [figures.recall for figures in per_class(rows)] == [0.0, 0.0, 1.0]


def test_macro_figures_worked_by_hand():
    # yes: said 3, gold 2, both 2; no: said 1, gold 2, both 1
    rows = labelled([("yes", "yes"), ("yes", "yes"), ("yes", "no"), ("no", "no")])
    assert summarise("macro_precision", rows).value == pytest.approx((2 / 3 + 1) / 2)
    assert summarise("macro_recall", rows).value == pytest.approx((1 + 1 / 2) / 2)
    assert summarise("macro_f1", rows).value == pytest.approx((4 / 5 + 2 / 3) / 2)


def test_an_unread_reply_lowers_the_recall_of_its_gold_class_and_is_no_class_itself():
    figures = per_class(labelled([("yes", "yes"), ("", "yes"), ("no", "no")]))
    assert [(one.label, one.recall) for one in figures] == [("no", 1.0), ("yes", 0.5)]
    assert [one.precision for one in figures] == [1.0, 1.0]


def test_a_class_that_is_never_said_has_no_precision_and_one_that_is_never_gold_no_recall():
    first, second = per_class(labelled([("A", "B")]))
    assert (first.precision, first.recall) == (0.0, None)
    assert (second.precision, second.recall) == (None, 0.0)


def test_an_alternative_gold_counts_as_the_class_that_was_said():
    rows = [Scored(1.0, {}, ("D",), (("A",), ("D",)))]
    assert [one.label for one in per_class(rows)] == ["D"]


def test_a_summary_has_wilsons_interval_and_counts_what_has_no_value():
    # Newcombe 1998, table I: 81/263 -> 0.2553 to 0.3662
    shown = summarise("acc", [Scored(1.0)] * 81 + [Scored(0.0)] * 182 + [Scored(None)] * 7)
    assert (shown.n, shown.unscored, shown.method) == (263, 7, "wilson")
    assert (shown.low, shown.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_items_that_share_a_stem_give_a_clustered_interval():
    # clusters a: 1,1; b: 0,0 -> mean 1/2, SE sqrt(2)/4
    rows = [Scored(value, cluster=name) for value, name in [(1.0, "a"), (1.0, "a"), (0.0, "b"), (0.0, "b")]]
    shown = summarise("acc", rows)
    assert shown.method == "clustered"
    assert (shown.low, shown.high) == (0.0, 1.0)  # 0.5 -+ 1.96 * 0.354, cut at the ends


def test_stems_that_do_not_differ_get_wilsons_interval_and_no_point():
    shown = summarise("acc", [Scored(1.0, cluster=name) for name in "aabb"])
    assert (shown.low, shown.high) == (pytest.approx(0.5101, abs=1e-4), 1.0)  # 4 of 4: 1 / (1 + 1.96^2 / 4)


def test_a_summary_of_nothing_is_no_number():
    shown = summarise("acc", [Scored(None)])
    assert (shown.value, shown.low, shown.high, shown.n, shown.unscored) == (None, None, None, 0, 1)


def test_the_interval_of_a_macro_figure_holds_it_and_is_the_same_every_time():
    rows = labelled([("yes", "yes")] * 30 + [("no", "yes")] * 10 + [("no", "no")] * 20 + [("yes", "no")] * 5)
    shown = summarise("macro_f1", rows)
    assert shown.low < shown.value < shown.high
    assert shown == summarise("macro_f1", rows)
