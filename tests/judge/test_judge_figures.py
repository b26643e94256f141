"""Means, juries, pairs, repeats and kinship, worked out by hand."""

import pytest

from evalcore import judge
from evalcore.judge import Mark, Pair, State, Verdict


def marks(text):
    """Lines of: item judge criterion value (- for none)."""
    return [
        Mark(item, one, criterion, None if value == "-" else float(value))
        for item, one, criterion, value in (line.split() for line in text.strip().splitlines())
    ]


def test_the_mean_of_a_criterion_is_over_items_whose_judges_are_averaged_first():
    figures = judge.by_criterion(
        marks("q1 a acc 4\nq1 b acc 2\nq2 a acc 5\nq2 b acc -\nq3 a acc -\nq3 b acc -")
    )
    assert figures["acc"].value == pytest.approx((3 + 5) / 2)
    assert (figures["acc"].n, figures["acc"].unscored) == (2, 1)


JURY = """
q1 a acc 5
q1 a clear 4
q1 b acc 3
q1 b clear 2
q1 c acc 4
q1 c clear 4
q2 a acc 1
q2 a clear 3
q2 b acc -
q2 b clear 5
q2 c acc 5
q2 c clear 5
q3 a acc 2
q3 a clear 2
q3 b acc -
q3 b clear -
q3 c acc -
q3 c clear 1
"""


def test_a_jury_rates_only_where_more_than_half_its_judges_are_complete():
    found = judge.jury(marks(JURY))
    # q1: (4.5 + 2.5 + 4) / 3; q2: b is incomplete and stays out whole, (2 + 5) / 2; q3 has one complete judge
    assert found.quorum == 2
    assert found.figure.value == pytest.approx((11 / 3 + 3.5) / 2)
    assert (found.figure.n, found.figure.unscored) == (2, 1)


def test_the_jury_without_each_judge_shows_how_much_hangs_on_one():
    without = judge.jury(marks(JURY)).without
    assert without["a"].value == pytest.approx((2.5 + 4) / 2)  # b and c: q1 only
    assert without["b"].value == pytest.approx((4.25 + 3.5) / 2)  # a and c: q1 and q2
    assert without["c"].value == pytest.approx((4.5 + 2.5) / 2)  # a and b: q1 only


def test_yes_no_verdicts_get_wilsons_interval_also_where_all_agree():
    def said(*values, clusters="abcdefghij"):
        cells = zip(values, clusters, strict=False)
        found = [Mark(f"q{n}", "j", "correct", value, True, one) for n, (value, one) in enumerate(cells)]
        return judge.by_criterion(found)["correct"]

    none, one = said(*[0.0] * 10), said(1.0)
    assert (none.low, none.high) == (0.0, pytest.approx(0.2775, abs=1e-4))  # Wilson 1927, 0 of 10
    assert (one.low, one.high) == (pytest.approx(0.2065, abs=1e-4), 1.0)  # 1 of 1
    half = said(1.0, 1.0, 0.0, 0.0, clusters="aabb")
    assert (half.low, half.high) == (0.0, 1.0), "two stems: SE sqrt(2) / 4, so 0.5 less or more 0.69"
    alike = said(*[1.0] * 4, clusters="aabb")
    assert (alike.low, alike.high) == (pytest.approx(0.5101, abs=1e-4), 1.0)  # Wilson, 4 of 4


def test_a_mean_of_ratings_has_no_interval_where_nothing_varies():
    same = judge.jury(marks("q1 a acc 4\nq2 a acc 4\nq3 a acc 4")).figure
    assert (same.value, same.n, same.low, same.high) == (4.0, 3, None, None)
    single = judge.by_criterion(marks("q1 a acc 4\nq2 a acc -"))["acc"]
    assert (single.value, single.low, single.unscored) == (4.0, None, 1)
    assert judge.by_criterion(marks("q1 a acc 4\nq2 a acc 2"))["acc"].low == 2.0


def test_a_full_quorum_drops_items_where_one_judge_failed():
    found = judge.jury(marks(JURY), quorum=3)
    assert (found.figure.n, found.figure.value) == (1, pytest.approx(11 / 3))


def test_more_judges_than_there_are_cannot_be_asked_for():
    with pytest.raises(ValueError, match="a quorum of 4 cannot be had from 3 judges"):
        judge.jury(marks(JURY), quorum=4)


def test_one_judge_is_a_jury_with_nobody_to_leave_out():
    found = judge.jury(marks("q1 a acc 4\nq2 a acc 2"))
    assert (found.figure.value, found.without) == (3.0, {})


def test_an_empty_jury_has_no_figure():
    assert judge.jury([]).figure.value is None


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("A", "B", 1.0),
        ("B", "A", 0.0),
        ("tie", "tie", 0.5),
        ("A", "A", 0.5),
        ("B", "B", 0.5),
        ("A", "tie", 0.5),
        ("A", None, None),
        (None, "B", None),
    ],
)
def test_d28_only_what_both_orders_say_decides(first, second, expected):
    assert judge.outcome(Pair(first, second)) == expected


PAIRS = [
    Pair("A", "B", 900, 500),  # won by the longer
    Pair("A", "B", 300, 800),  # won by the shorter
    Pair("A", "B", 700, 600),  # won by the longer
    Pair("B", "A", 400, 900),  # lost to the longer
    Pair("A", "A", 500, 400),  # whoever stands first
    Pair("A", "A", 100, 100),
    Pair("tie", "tie", 200, 300),
    Pair("A", None, 200, 300),
]


def test_a_comparison_counts_wins_ties_losses_and_half_a_win_for_a_tie():
    found = judge.compare(PAIRS)
    assert (found.wins, found.ties, found.losses) == (3, 3, 1)
    assert found.win_rate.value == pytest.approx(4.5 / 7)
    assert (found.win_rate.n, found.win_rate.unscored) == (7, 1)
    assert found.win_rate.low < 4.5 / 7 < found.win_rate.high


def test_d28_flips_position_and_length_are_shown_beside_the_wins():
    found = judge.compare(PAIRS)
    assert found.flip_rate.value == pytest.approx(2 / 7)
    # verdicts that are no tie: A B, A B, A B, B A, A A, A A, A: 9 of 13 for the one shown first
    assert (found.first_rate.value, found.first_rate.n) == (pytest.approx(9 / 13), 13)
    assert (found.longer_rate.value, found.longer_rate.n) == (pytest.approx(3 / 4), 4)
    assert found.length_tau.n == 7 and found.length_tau.value > 0


def test_ties_are_not_missing_from_the_rates_that_they_say_nothing_about():
    """Ten tied pairs and one without a second verdict: one verdict, one pair is missing."""
    found = judge.compare([Pair("tie", "tie", 100, 200)] * 10 + [Pair("A", None, 100, 200)])
    assert (found.first_rate.n, found.first_rate.unscored) == (1, 1)
    assert (found.longer_rate.n, found.longer_rate.unscored) == (0, 1)


def test_no_pair_with_both_verdicts_is_no_comparison():
    found = judge.compare([Pair(None, "A")])
    assert (found.win_rate.value, found.win_rate.unscored, found.length_tau.value) == (None, 1, None)


def test_self_agreement_leaves_out_cells_without_two_verdicts():
    yes, no, lost = Verdict(State.OK, "yes"), Verdict(State.OK, "no"), Verdict(State.FAILED)
    found = judge.self_agreement([(yes, yes), (no, no), (yes, no), (yes, yes), (yes, lost)])
    assert (found.value, found.n, found.unscored) == (0.75, 4, 1)
    assert judge.self_agreement([(lost, lost)]).value is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("api:openai/gpt-4.1", "api:openai/o3-mini"),
        ("api:openai/gpt-4.1", "hf:openai/gpt-oss-20b"),
        ("api:x/claude-3-7-sonnet", "claude-opus-4"),
        ("hf:google/medgemma-4b-it", "api:g/gemini-2.5-pro"),
        ("hf:meta-llama/Llama-3.3-70B-Instruct", "hf:aaditya/OpenBioLLM-Llama3-8B"),
        ("hf:epfl-llm/meditron-7b", "hf:meta-llama/Llama-2-7b-hf"),
        ("hf:deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "hf:Qwen/Qwen2.5-7B"),
        ("hf:deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "api:d/deepseek-chat"),
        ("hf:BioMistral/BioMistral-7B", "hf:mistralai/Mixtral-8x7B-v0.1"),
        ("hf:me/adapter@abc+Qwen/Qwen3-8B", "api:x/qwen-max"),
        ("api:x/own-model", "api:x/own-model"),
    ],
)
def test_judge_and_judged_of_one_family_are_recognised(one, other):
    assert judge.same_family(one, other) and judge.same_family(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("api:openai/gpt-4.1", "hf:FreedomIntelligence/HuatuoGPT-o1-8B"),
        ("api:openai/gpt-4.1", "hf:microsoft/biogpt"),
        ("api:mistral/gpt-4.1", "hf:mistralai/Mistral-7B-v0.1"),
        ("api:x/claude-3-7-sonnet", "api:x/gemini-2.5-pro"),
        ("hf:Qwen/Qwen2.5-7B", "hf:meta-llama/Llama-3.1-8B"),
        ("api:x/unknown-one", "api:x/unknown-two"),
    ],
)
def test_strangers_are_not_taken_for_a_family(one, other):
    assert not judge.same_family(one, other)


def test_every_anchor_has_a_source_and_a_figure_or_a_range():
    for anchor in judge.ANCHORS:
        assert anchor.source and anchor.between
        assert anchor.value is not None or (anchor.low is not None and anchor.high is not None)


def test_what_was_not_read_in_the_paper_is_marked():
    (macro_f1,) = [one for one in judge.ANCHORS if one.measure == "macro_f1" and one.value]
    assert (macro_f1.value, macro_f1.n, macro_f1.is_secondary) == (0.709, 60_896, True)


def test_the_anchors_of_mmedbench_are_the_published_tau(data_dir):
    """Against the figures that were read off its project page into the reference table."""
    lines = (data_dir / "reference_scores/mmedbench_human.csv").read_text(encoding="utf-8").splitlines()
    published = sorted(float(line.split(",")[6]) for line in lines if "Kendall tau" in line)
    anchors = sorted(one.value for one in judge.ANCHORS if one.measure == "tau_b")
    assert anchors == published and len(anchors) == 10
