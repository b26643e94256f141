import math
import subprocess
import sys

import pytest

from evalcore import stats


def test_wilson_interval_of_81_in_263_is_the_one_that_newcombe_prints():
    # Newcombe 1998, Statist. Med. 17:857-872, table I: 81/263 -> 0.2553 to 0.3662
    assert stats.wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_wilson_interval_of_none_in_20_starts_at_0_and_is_the_one_that_newcombe_prints():
    # Newcombe 1998, table I: 0/20 -> 0.0000 to 0.1611
    assert stats.wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_wilson_interval_equals_statsmodels():
    from statsmodels.stats.proportion import proportion_confint

    assert stats.wilson_interval(29, 29) == pytest.approx(proportion_confint(29, 29, method="wilson"))
    assert stats.wilson_interval(70, 100, 0.9) == pytest.approx(
        proportion_confint(70, 100, alpha=0.1, method="wilson")
    )


def test_wilson_interval_of_nothing_is_everything():
    assert stats.wilson_interval(0, 0) == (0.0, 1.0)


def test_accuracy_stderr_is_the_value_stored_in_the_leaderboards_result_file():
    # benchmarks.md A1: 0.762 of 500 -> 0.019064072958
    assert stats.accuracy_stderr(0.762, 500) == pytest.approx(0.019064072958, abs=1e-12)


def test_mean_stderr_of_0_and_1_is_one_half():
    assert stats.mean_stderr([0.0, 1.0]) == pytest.approx(0.5)


def test_a_standard_error_of_one_value_does_not_exist():
    assert stats.mean_stderr([1.0]) is None
    assert stats.accuracy_stderr(1.0, 1) is None
    assert stats.clustered_stderr([1.0, 0.0], ["one", "one"]) is None


def test_clustered_stderr_worked_by_hand():
    # mean 1/2; cluster sums of deviations: a +1, b -1; sqrt(1 + 1) / 4
    assert stats.clustered_stderr([1, 1, 0, 0], ["a", "a", "b", "b"]) == pytest.approx(math.sqrt(2) / 4)


def test_clustered_stderr_equals_statsmodels_without_its_small_sample_correction():
    import statsmodels.api as sm

    values, groups = [1, 0, 1, 1, 0, 0, 1, 1, 0], [0, 0, 1, 1, 1, 2, 2, 3, 3]
    fit = sm.OLS(values, [1.0] * 9).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    assert stats.clustered_stderr(values, [str(g) for g in groups]) == pytest.approx(fit.bse[0])


def test_clusters_of_one_item_give_the_plain_standard_error_but_for_n_minus_1():
    values = [1.0, 0.0, 1.0, 1.0]
    plain = stats.mean_stderr(values)
    assert plain is not None
    assert stats.clustered_stderr(values, list("abcd")) == pytest.approx(plain * math.sqrt(3 / 4))


def test_a_value_without_a_cluster_name_is_refused():
    with pytest.raises(ValueError, match="3 values but 2 cluster names"):
        stats.clustered_stderr([1, 0, 1], ["a", "b"])


def test_bootstrap_interval_is_the_same_for_the_same_seed_and_holds_the_figure():
    rows = [[1.0]] * 70 + [[0.0]] * 30
    first = stats.bootstrap_interval(rows, lambda sums: sums[:, 0] / 100, seed=3)
    assert first == stats.bootstrap_interval(rows, lambda sums: sums[:, 0] / 100, seed=3)
    # normal approximation: 0.7 -+ 1.96 * sqrt(0.21 / 100)
    assert first == pytest.approx((0.610, 0.790), abs=0.015)


def test_bootstrap_interval_of_nothing_does_not_exist():
    assert stats.bootstrap_interval([], lambda sums: sums[:, 0]) is None


def test_the_live_interval_is_as_wide_as_statistics_md_says():
    # statistics.md 5.2: width at n=200 0.212 against 0.126 for Wilson
    low, high = stats.live_interval(140, 200)
    assert high - low == pytest.approx(0.212, abs=0.001)
    low, high = stats.wilson_interval(140, 200)
    assert high - low == pytest.approx(0.126, abs=0.001)


def test_the_live_interval_before_the_first_item_is_everything():
    assert stats.live_interval(0, 0) == (0.0, 1.0)
    assert stats.live_interval(0, 0, planned=10) == (0.0, 1.0)


def test_the_live_interval_of_one_right_item_worked_by_hand():
    # uniform prior: B(2,1)/B(1,1) = 1/2; 1/2 / p < 20 -> p > 1/40
    assert stats.live_interval(1, 1) == pytest.approx((0.025, 1.0))


def test_the_live_interval_of_a_planned_run_shrinks_to_the_accuracy_at_its_end():
    assert stats.live_interval(140, 200, planned=200) == (0.7, 0.7)


def test_the_live_interval_of_a_planned_run_is_never_outside_what_is_still_possible():
    low, high = stats.live_interval(140, 199, planned=200)
    assert (low, high) == (140 / 200, 141 / 200)


def test_the_live_interval_without_replacement_worked_by_hand():
    # 2 of 2 seen right, 4 planned: prior mean of the sequence 1/3; P(seq | right=r) = r(r-1)/12.
    # r=2: 2/12, r=3: 6/12, r=4: 1; ratio 1/3 / (2/12) = 2 < 20: nothing can be excluded but r < 2
    assert stats.live_interval(2, 2, planned=4) == (0.5, 1.0)


def test_the_live_interval_without_replacement_is_the_posterior_ratio_of_the_paper():
    # Waudby-Smith & Ramdas 2020: keep theta with prior(theta) / posterior(theta) < 1/alpha
    from scipy.stats import betabinom

    right, seen, planned = 17, 40, 100
    kept = [
        theta
        for theta in range(right, planned - (seen - right) + 1)
        if betabinom.pmf(theta, planned, 1, 1)
        < 20 * betabinom.pmf(theta - right, planned - seen, 1 + right, 1 + seen - right)
    ]
    assert stats.live_interval(right, seen, planned) == (min(kept) / planned, max(kept) / planned)


def test_the_live_interval_for_a_long_plan_nears_that_of_an_endless_stream():
    endless = stats.live_interval(70, 100)
    assert stats.live_interval(70, 100, planned=1_000_000) == pytest.approx(endless, abs=1e-3)


@pytest.mark.parametrize("planned", [None, 200])
def test_a_watcher_who_looks_after_every_item_is_misled_with_less_than_5_percent_chance(planned):
    # exact: the chance that a path of 200 items at 70 % ever leaves the interval, summed over paths
    alive, misled = {0: 1.0}, 0.0
    for seen in range(1, 201):
        alive = _one_item_more(alive, seen, planned)
        lost = [right for right in alive if not _holds(0.7, right, seen, planned)]
        misled += sum(alive.pop(right) for right in lost)
    assert 0.005 < misled < 0.05


def _one_item_more(alive, seen, planned):
    after = {}
    for right, chance in alive.items():
        rate = 0.7 if planned is None else (140 - right) / (planned - seen + 1)
        after[right + 1] = after.get(right + 1, 0.0) + chance * rate
        after[right] = after.get(right, 0.0) + chance * (1 - rate)
    return {right: chance for right, chance in after.items() if chance > 0}


def _holds(rate, right, seen, planned):
    low, high = stats.live_interval(right, seen, planned)
    return low <= rate <= high


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="5 right of 4 seen"):
        stats.live_interval(5, 4, planned=10)


def test_items_needed_are_millers():
    # Miller 2024 and statistics.md 5.1
    assert stats.items_needed(0.03, variance=1 / 9) == 969
    assert stats.items_needed(0.03, accuracy=0.7, correlation=0.5) == 1831
    assert stats.items_needed(0.05, accuracy=0.7, correlation=0.5) == 659


def test_a_hundred_items_detect_roughly_13_points():
    assert stats.detectable_difference(100) == pytest.approx(0.13, abs=0.005)
    assert stats.detectable_difference(1831) == pytest.approx(0.03, abs=1e-5)


def test_no_items_detect_nothing():
    assert stats.detectable_difference(0) == 1.0


def test_rule_of_three():
    assert stats.rule_of_three(300) == 0.01
    assert stats.rule_of_three(2) == 1.0


def test_importing_stats_loads_no_heavy_library():
    code = "import sys, evalcore.stats; print({'numpy', 'scipy', 'statsmodels'} & set(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "set()"
