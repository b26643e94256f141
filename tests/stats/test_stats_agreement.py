"""Agreement of two raters, against hand-worked and published values and two kept libraries."""

import csv

import numpy as np
import pytest
from scipy.stats import kendalltau
from statsmodels.stats.inter_rater import cohens_kappa

from evalcore import stats


def verdicts(table):
    """Both raters' verdicts, from a table of counts."""
    pairs = [(i, j) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [i for i, _ in pairs], [j for _, j in pairs]


def ratings(n, seed, apart=0.6):
    rng = np.random.default_rng(seed)
    truth = rng.normal(3, 1, size=n)
    return [
        [int(value) for value in np.clip(np.rint(truth + rng.normal(0, apart, size=n)), 1, 5)]
        for _ in range(2)
    ]


def test_a_table_counts_the_first_rater_in_rows():
    assert stats.confusion(["y", "y", "n"], ["y", "n", "n"], ["n", "y"]) == ((1, 0), (1, 1))


def test_a_verdict_off_the_scale_is_an_error_and_not_a_new_label():
    with pytest.raises(ValueError, match="'maybe' is not one of"):
        stats.confusion(["maybe"], ["n"], ["n", "y"])


def test_unequal_numbers_of_verdicts_are_an_error():
    with pytest.raises(ValueError, match="2 and 1 verdicts"):
        stats.cohen_kappa([1, 0], [1])


def test_kappa_is_0_4_in_the_usual_example():
    # 25 + 25 grants: observed 35/50 = 0.7, by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5, (0.7 - 0.5) / 0.5
    kappa = stats.cohen_kappa(*verdicts([[20, 5], [10, 15]]))
    assert kappa.value == pytest.approx(0.4) and kappa.n == 50
    assert kappa.low < 0.4 < kappa.high


@pytest.mark.parametrize("weights", ["none", "linear", "quadratic"])
def test_weighted_kappa_is_that_of_statsmodels(weights):
    first, second = ratings(200, 1)
    table = np.array(stats.confusion(first, second, [1, 2, 3, 4, 5]))
    wt = {"none": None, "linear": "linear", "quadratic": "quadratic"}[weights]
    expected = cohens_kappa(table, wt=wt, return_results=False)
    found = stats.cohen_kappa(first, second, labels=[1, 2, 3, 4, 5], weights=weights)
    assert found.value == pytest.approx(expected)


def test_the_interval_of_kappa_is_near_the_asymptotic_one():
    first, second = ratings(400, 2)
    expected = cohens_kappa(np.array(stats.confusion(first, second, [1, 2, 3, 4, 5])))
    found = stats.cohen_kappa(first, second, labels=[1, 2, 3, 4, 5])
    assert found.low == pytest.approx(expected.kappa_low, abs=0.015)
    assert found.high == pytest.approx(expected.kappa_upp, abs=0.015)


def test_ac1_stays_high_where_kappa_collapses():
    # 125 verdicts, nearly all "safe": observed 118/125 = 0.944; label 0 is used by 0.972 of both, so by
    # chance 2 * 0.972 * 0.028 = 0.054432 and AC1 = (0.944 - 0.054432) / 0.945568 = 0.9408;
    # kappa's chance is 0.984 * 0.96 + 0.016 * 0.04 = 0.94528, kappa = -0.00128 / 0.05472 = -0.0234
    first, second = verdicts([[118, 5], [2, 0]])
    assert stats.gwet_ac1(first, second).value == pytest.approx(0.9408, abs=5e-5)
    assert stats.cohen_kappa(first, second).value == pytest.approx(-0.0234, abs=5e-5)
    assert stats.percent_agreement(first, second).value == pytest.approx(0.944)


def test_ac1_counts_the_labels_that_nobody_used():
    # label 1 is used by 0.625 of both raters, 5 by 0.375; the sum is divided by (number of labels - 1)
    first, second = [1, 1, 1, 5], [1, 1, 5, 5]
    assert stats.gwet_ac1(first, second).value == pytest.approx(
        (0.75 - 2 * 0.625 * 0.375) / (1 - 2 * 0.625 * 0.375)
    )
    by_chance = 2 * 0.625 * 0.375 / 4
    assert stats.gwet_ac1(first, second, labels=[1, 2, 3, 4, 5]).value == pytest.approx(
        (0.75 - by_chance) / (1 - by_chance)
    )


def test_one_label_only_leaves_kappa_and_ac1_undefined():
    assert stats.cohen_kappa([1, 1], [1, 1]).value is None
    assert stats.gwet_ac1([1, 1], [1, 1]).value is None
    assert stats.percent_agreement([1, 1], [1, 1]).value == 1.0


def test_macro_f1_is_that_of_the_released_meta_evaluation():
    # the example of simple-evals' own test: one judge against three, two and one physicians
    judge = [True, True, True, False, False, True]
    people = [True, True, False, True, False, False]
    met = 2 * (2 / 4) * (2 / 3) / (2 / 4 + 2 / 3)
    not_met = 2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3)
    assert stats.macro_f1(judge, people).value == pytest.approx((met + not_met) / 2)


def test_macro_f1_is_undefined_while_one_side_never_says_a_label():
    assert stats.macro_f1([True, True], [True, False]).value is None


def test_no_right_pair_of_a_label_counts_as_f1_of_0():
    assert stats.macro_f1([True, False], [False, True]).value == 0.0


def test_bias_is_above_0_for_a_kinder_judge():
    bias = stats.signed_bias([4, 5, 3, 4], [3, 3, 3, 4])
    assert bias.value == pytest.approx(0.75)
    assert 0 <= bias.low < 0.75 < bias.high <= 2


def test_answers_to_one_item_are_drawn_together():
    # within an item all differ alike: 100 pairs are only two items' worth of evidence
    judge, people = [1.0] * 50 + [3.0] * 50, [1.0] * 100
    apart = stats.signed_bias(judge, people)
    together = stats.signed_bias(judge, people, clusters=["a"] * 50 + ["b"] * 50)
    assert (together.low, together.high) == (0.0, 2.0)
    assert apart.high - apart.low < 0.5


@pytest.mark.parametrize("seed", [3, 4])
def test_tau_b_is_that_of_scipy_with_many_ties(seed):
    first, second = ratings(150, seed)
    tau = stats.kendall_tau(first, second)
    assert tau.value == pytest.approx(kendalltau(first, second).statistic)
    assert tau.low < tau.value < tau.high


def test_tau_b_is_the_same_when_the_pairs_need_several_blocks():
    first, second = ratings(1100, 5)
    assert stats.kendall_tau(first, second).value == pytest.approx(kendalltau(first, second).statistic)


def test_tau_of_a_constant_is_undefined():
    assert stats.kendall_tau([1, 1, 1], [1, 2, 3]).value is None


def test_tau_on_published_ratings_of_people_and_gpt_4(data_dir):
    """Five models of MMedBench's human study; people and GPT-4 order them alike but for one pair."""
    with open(data_dir / "reference_scores/mmedbench_human.csv", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["task"] == "rationale rating"]
    values = {(row["model"], row["metric"]): float(row["value"]) for row in rows}
    models = sorted(model for model, metric in values if metric == "human rating")
    people = [values[model, "human rating"] for model in models]
    judge = [values[model, "GPT-4 rating"] for model in models]
    assert len(models) == 5
    # BioMistral (3.78, 3.42) and Llama 3 (3.59, 3.58) change places: (9 - 1) / 10
    assert stats.kendall_tau(people, judge).value == pytest.approx(0.8)


@pytest.mark.parametrize(
    "measure",
    [stats.percent_agreement, stats.cohen_kappa, stats.gwet_ac1, stats.macro_f1, stats.signed_bias]
    + [stats.kendall_tau],
)
def test_nothing_agrees_about_nothing(measure):
    assert measure([], []) == stats.Estimate(None, None, None, 0)


FOUR_OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, example C: 12 units, missing values."""


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.743), ("ordinal", 0.815)])
def test_alpha_of_many_raters_with_gaps_is_the_published_one(level, published):
    rows = [line.split() for line in FOUR_OBSERVERS.strip().splitlines()]
    units = [[int(one) for one in unit if one != "."] for unit in zip(*rows, strict=True)]
    alpha = stats.krippendorff_alpha(units, level=level, labels=[1, 2, 3, 4, 5])
    assert round(alpha.value, 3) == published
    assert alpha.n == 11, "the unit with one value counts for nothing"
    assert alpha.low < alpha.value < alpha.high


def test_alpha_is_not_defined_where_all_say_the_same_or_nobody_was_two():
    assert stats.krippendorff_alpha([[1, 1], [1, 1, 1]]).value is None
    assert stats.krippendorff_alpha([[1], []]).n == 0
