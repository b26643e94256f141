"""HealthBench's arithmetic, by hand and against the released formula."""

from collections import defaultdict

import numpy as np
import pytest

from evalcore import judge
from evalcore.judge import JudgedItem, Marked
from evalcore.metrics import Scored, figure_names, summarise
from evalcore.types import Criterion


def marked(*verdicts, tags=()):
    """(points, is met) pairs."""
    return tuple(Marked(Criterion("c", points, tags), is_met) for points, is_met in verdicts)


def item(*verdicts, **other):
    return JudgedItem(marked(*verdicts), **other)


def test_points_of_what_is_met_are_divided_by_all_positive_points():
    # 5 of 5 + 3, and 4 lost: (5 - 4) / 8
    assert judge.item_score(marked((5, True), (3, False), (-4, True))) == pytest.approx(0.125)


def test_an_item_with_bad_things_only_stays_below_0():
    assert judge.item_score(marked((5, False), (3, False), (-4, True), (-6, True))) == pytest.approx(-1.25)


def test_bad_points_that_are_not_met_change_nothing():
    assert judge.item_score(marked((5, True), (-10, False))) == 1.0


def test_an_item_without_positive_points_has_no_score():
    assert judge.item_score(marked((-4, True), (-2, False))) is None
    assert judge.item_score(()) is None


def test_an_item_of_which_a_criterion_has_no_verdict_has_no_score():
    # of what is judged it would be 8 / 8; with the bad thing met it is (8 - 10) / 8
    assert judge.item_score(marked((5, True), (3, True), (-10, None))) is None


def test_only_the_mean_is_clipped_and_the_unclipped_one_has_a_name_of_its_own():
    figure = judge.overall([item((1, False), (-3, True)), item((1, True))])
    assert figure.value == 0.0
    scores = [Scored(-3.0), Scored(1.0)]
    clipped, unclipped = (summarise(name, scores) for name in figure_names("rubric/j/healthbench-1"))
    assert (clipped.value, unclipped.value) == (0.0, -1.0)  # (-3 + 1) / 2
    assert (clipped.low, clipped.high, unclipped.low, unclipped.high) == (0.0, 1.0, -3.0, 1.0)
    figure = judge.overall([item((2, True)), item((2, False), (-1, True))])
    assert figure.value == pytest.approx(0.25)  # (1 - 0.5) / 2


def test_every_bootstrap_mean_is_clipped():
    figure = judge.overall([item((1, False), (-3, True))] * 5 + [item((1, True))] * 2)
    assert figure.value == figure.low == 0.0 and 0 <= figure.high <= 1


def test_points_have_no_interval_where_nothing_varies():
    for items in ([item((1, True))], [item((1, True), (1, False))] * 3):
        figure = judge.overall(items)
        assert (figure.low, figure.high) == (None, None) and figure.n == len(items)


def test_items_that_cannot_be_scored_are_counted_and_not_averaged():
    figure = judge.overall([item((1, True)), item((5, None)), item((-1, True))])
    assert (figure.value, figure.n, figure.unscored) == (1.0, 1, 2)


def test_nothing_judged_is_no_figure():
    figure = judge.overall([item((5, None))])
    assert (figure.value, figure.low, figure.n, figure.unscored) == (None, None, 0, 1)
    assert judge.overall([]).value is None


def test_an_items_tag_takes_its_score_and_a_criterions_tag_is_scored_over_its_own():
    one = JudgedItem(
        (
            *marked((4, True), tags=("axis:accuracy",)),
            *marked((6, False), tags=("axis:accuracy", "level:cluster")),
            *marked((-5, True), tags=("axis:style",)),
        ),
        tags=("theme:emergency",),
    )
    other = JudgedItem(marked((2, True), tags=("axis:accuracy",)), tags=("theme:emergency",))
    figures = judge.by_tag([one, other])
    assert figures["theme:emergency"].value == pytest.approx((-0.1 + 1.0) / 2)  # (4 - 5) / 10 and 2 / 2
    assert figures["axis:accuracy"].value == pytest.approx((0.4 + 1.0) / 2)
    assert figures["level:cluster"].value == 0.0
    assert (figures["axis:style"].value, figures["axis:style"].unscored) == (None, 1)


@pytest.mark.parametrize(
    ("edition", "characters", "expected"),
    [
        ("regular", 2000, 0.5),
        ("regular", 2500, 0.4701),
        ("hard", 3000, 0.4216),
        ("consensus", 4500, 0.49),
        ("professional", 1500, 0.5147),
    ],
)
def test_length_costs_its_published_penalty_per_500_characters(edition, characters, expected):
    assert judge.adjusted(0.5, characters, edition) == pytest.approx(expected)


def test_the_length_adjusted_mean_is_clipped_after_adjusting():
    long = judge.adjusted(0.5, 22_000, "regular")  # 0.5 - 0.0299 * 40
    short = judge.adjusted(1.0, 0, "regular")  # 1 + 0.0299 * 4
    assert (long, short) == (pytest.approx(-0.696), pytest.approx(1.1196))
    name = "rubric@length_adjusted_regular/j/healthbench-1"
    assert summarise(name, [Scored(long), Scored(short)]).value == pytest.approx((-0.696 + 1.1196) / 2)
    assert summarise(name, [Scored(short)]).value == 1.0


def released_score(points, met):
    """What simple-evals' calculate_score does, in other words."""
    possible = sum(value for value in points if value > 0)
    if possible == 0:
        return None
    return sum(value for value, is_met in zip(points, met, strict=True) if is_met) / possible


def released_figures(items):
    """Name -> (clipped mean, values), as healthbench_eval.py collects them."""
    collected = defaultdict(list)
    for one in items:
        points = [each.criterion.points for each in one.marked]
        score = released_score(points, [each.is_met for each in one.marked])
        metrics = {"overall": score} | dict.fromkeys(one.tags, score)
        tags = {tag for each in one.marked for tag in each.criterion.tags}
        for tag in tags:
            tagged = [each for each in one.marked if tag in each.criterion.tags]
            of_tag = released_score(
                [each.criterion.points for each in tagged], [each.is_met for each in tagged]
            )
            if of_tag is not None:
                metrics[tag] = of_tag
        for name, value in metrics.items():
            collected[name].append(value)
    return {name: (float(np.clip(np.mean(values), 0, 1)), values) for name, values in collected.items()}


def random_item(rng):
    criteria = [
        Marked(
            Criterion(
                "c",
                int(rng.choice([-10, -7, -4, -1, 1, 3, 5, 8, 10])),
                tuple(str(tag) for tag in rng.choice(["axis:a", "axis:b", "axis:c"], size=2, replace=False)),
            ),
            bool(rng.integers(2)),
        )
        for _ in range(rng.integers(1, 14))
    ]
    first = Marked(Criterion("c", 5, ("axis:a",)), bool(rng.integers(2)))  # the released code asserts a score
    return JudgedItem((first, *criteria), tags=(str(rng.choice(["theme:x", "theme:y"])),))


def test_50_random_rubrics_score_as_released():
    items = [random_item(np.random.default_rng(seed)) for seed in range(50)]
    expected = released_figures(items)
    figures = judge.by_tag(items) | {"overall": judge.overall(items)}
    assert set(expected) == {name for name, figure in figures.items() if figure.n}
    for name, (value, values) in expected.items():
        assert figures[name].value == pytest.approx(value), name
        assert figures[name].n == len(values)


def test_the_interval_is_that_of_released_bootstrap_means():
    items = [random_item(np.random.default_rng(seed)) for seed in range(50)]
    _, values = released_figures(items)["overall"]
    rng = np.random.default_rng(1)
    means = [np.clip(np.mean(rng.choice(values, len(values))), 0, 1) for _ in range(4000)]
    figure = judge.overall(items)
    assert (figure.low, figure.high) == pytest.approx(np.quantile(means, [0.025, 0.975]), abs=0.03)
