"""How far two raters say the same: chance-corrected or not, with an interval over items.

Nominal measures come from the table of verdicts, first rater in rows, second in columns.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from evalcore.stats.intervals import bootstrap_figures, percentiles

_RESAMPLES = 1000
_BLOCK = 512  # rows of the concordance matrix held at once

Label = str | int | float | bool


@dataclass(frozen=True)
class Estimate:
    """A figure with its bootstrap interval; None where it is not defined. n: pairs of verdicts behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def confusion(
    first: Sequence[Label], second: Sequence[Label], labels: Sequence[Label] = ()
) -> tuple[tuple[int, ...], ...]:
    """Counts by (verdict of the first rater, verdict of the second), in the order of `labels`.

    labels: all values that could be given; () takes those that were, sorted. Raises ValueError for others.
    """
    names = _labels(first, second, labels)
    place = {label: n for n, label in enumerate(names)}
    table = [[0] * len(names) for _ in names]
    for one, other in zip(first, second, strict=True):
        table[place[one]][place[other]] += 1
    return tuple(tuple(row) for row in table)


def _labels(first: Sequence[Label], second: Sequence[Label], labels: Sequence[Label]) -> list[Label]:
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} verdicts: give both raters' for every pair")
    seen = set(first) | set(second)
    if not labels:
        return sorted(seen, key=lambda label: (str(type(label)), label))
    unknown = seen - set(labels)
    if unknown:
        raise ValueError(f"verdict {sorted(map(str, unknown))[0]!r} is not one of {list(labels)}")
    return list(labels)


def percent_agreement(
    first: Sequence[Label], second: Sequence[Label], *, clusters: Sequence[str] = (), seed: int = 0
) -> Estimate:
    """Share of pairs with the same verdict."""
    return _nominal(_observed, first, second, (), clusters, seed)


def cohen_kappa(
    first: Sequence[Label],
    second: Sequence[Label],
    *,
    labels: Sequence[Label] = (),
    weights: Literal["none", "linear", "quadratic"] = "none",
    clusters: Sequence[str] = (),
    seed: int = 0,
) -> Estimate:
    """Agreement beyond that of independent raters with the same marginals; None when both use one label only.

    weights: of a disagreement, by the distance of the two places in `labels`. clusters: one name per pair,
    pairs of one item share it; () resamples pairs. Sources: Cohen 1960, Educ. Psychol. Meas. 20:37-46; 1968,
    Psychol. Bull. 70:213-220.
    """
    return _nominal(lambda tables: _kappa(tables, weights), first, second, labels, clusters, seed)


def gwet_ac1(
    first: Sequence[Label],
    second: Sequence[Label],
    *,
    labels: Sequence[Label] = (),
    clusters: Sequence[str] = (),
    seed: int = 0,
) -> Estimate:
    """Agreement beyond chance that stays sound when nearly all verdicts are alike.

    labels: all values that could be given: their number is part of the formula. None for fewer than two.
    Source: Gwet 2008, Br. J. Math. Stat. Psychol. 61:29-48.
    """
    return _nominal(_ac1, first, second, labels, clusters, seed)


def krippendorff_alpha(
    units: Sequence[Sequence[Label]],
    *,
    labels: Sequence[Label] = (),
    level: Literal["nominal", "ordinal"] = "nominal",
    clusters: Sequence[str] = (),
    seed: int = 0,
) -> Estimate:
    """Agreement of any number of raters, of whom some may be missing, beyond chance; None when all say one.

    units: for each thing that was rated the verdicts of those who rated it; those with fewer than two count
    for nothing. labels: in their order where it matters. clusters: one name per unit. n: units with two or
    more. Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    import numpy as np

    rated = [n for n, unit in enumerate(units) if len(unit) > 1]
    if not rated:
        return Estimate(None, None, None, 0)
    said = [one for n in rated for one in units[n]]
    place = {label: n for n, label in enumerate(_labels(said, said, labels))}
    size = len(place)
    groups = _numbered([clusters[n] for n in rated] if clusters else (), len(rated))
    rows = np.zeros((max(groups) + 1, size, size))
    for group, n in zip(groups, rated, strict=True):
        counts = np.bincount([place[one] for one in units[n]], minlength=size)
        rows[group] += (np.outer(counts, counts) - np.diag(counts)) / (len(units[n]) - 1)

    def of_sums(sums: Any) -> Any:
        return _alpha(sums.reshape(-1, size, size), level)

    flat = rows.reshape(len(rows), -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(of_sums(flat.sum(axis=0))[0])
        return _estimate(value, bootstrap_figures(flat, of_sums, resamples=_RESAMPLES, seed=seed), len(rated))


def _alpha(tables: Any, level: str) -> Any:
    """Of coincidences (..., k, k). Ordinal: two labels are as far apart as the verdicts between them are
    many, their own by half.
    """
    import numpy as np

    marginals = tables.sum(axis=-1)
    apart = 1.0 - np.eye(tables.shape[-1])
    if level == "ordinal":
        middles = np.cumsum(marginals, axis=-1) - marginals / 2
        apart = (middles[..., :, None] - middles[..., None, :]) ** 2
    observed = (tables * apart).sum(axis=(-2, -1))
    chance = (marginals[..., :, None] * marginals[..., None, :] * apart).sum(axis=(-2, -1))
    return 1 - (marginals.sum(axis=-1) - 1) * observed / chance


def macro_f1(
    judge: Sequence[Label],
    people: Sequence[Label],
    *,
    labels: Sequence[Label] = (),
    clusters: Sequence[str] = (),
    seed: int = 0,
) -> Estimate:
    """Mean of the F1 of each label (for HealthBench: met and not met), people's verdicts taken as the truth.

    Each pair (the judge, one person) counts once. None while a label is missing on either side, as released.
    Source: simple-evals healthbench_meta_eval.py, `pairwise_model_f1_balanced`.
    """
    return _nominal(_balanced_f1, judge, people, labels, clusters, seed)


def _nominal(
    measure: Callable[[Any], Any],
    first: Sequence[Label],
    second: Sequence[Label],
    labels: Sequence[Label],
    clusters: Sequence[str],
    seed: int,
) -> Estimate:
    """A measure of tables (..., k, k), its interval by drawing clusters (or pairs) with replacement."""
    import numpy as np

    names = _labels(first, second, labels)
    if not len(first):
        return Estimate(None, None, None, 0)
    place, size = {label: n for n, label in enumerate(names)}, len(names)
    cells = [place[one] * size + place[other] for one, other in zip(first, second, strict=True)]
    groups = _numbered(clusters, len(cells))
    rows = np.zeros((max(groups) + 1, size * size))
    np.add.at(rows, (groups, cells), 1)

    def of_sums(sums: Any) -> Any:
        return measure(sums.reshape(-1, size, size))

    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(of_sums(rows.sum(axis=0))[0])
        return _estimate(value, bootstrap_figures(rows, of_sums, resamples=_RESAMPLES, seed=seed), len(cells))


def _numbered(clusters: Sequence[str], n: int) -> list[int]:
    if not clusters:
        return list(range(n))
    if len(clusters) != n:
        raise ValueError(f"{n} pairs but {len(clusters)} cluster names: give one name per pair")
    numbers: dict[str, int] = {}
    return [numbers.setdefault(cluster, len(numbers)) for cluster in clusters]


def _estimate(value: float, figures: Any, n: int) -> Estimate:
    if not math.isfinite(value):
        return Estimate(None, None, None, n)
    low, high = percentiles(figures, 0.95) or (None, None)
    return Estimate(value, low, high, n)


def _shares(tables: Any) -> Any:
    return tables / tables.sum(axis=(-2, -1), keepdims=True)


def _observed(tables: Any) -> Any:
    return _shares(tables).trace(axis1=-2, axis2=-1)


def _kappa(tables: Any, weights: str) -> Any:
    import numpy as np

    shares, places = _shares(tables), np.arange(tables.shape[-1])
    apart = np.abs(places[:, None] - places[None, :])
    cost = {"none": (apart > 0) * 1.0, "linear": apart * 1.0, "quadratic": apart * apart * 1.0}[weights]
    expected = shares.sum(axis=-1)[..., :, None] * shares.sum(axis=-2)[..., None, :]
    by_chance = (cost * expected).sum(axis=(-2, -1))
    return np.where(by_chance > 0, 1 - (cost * shares).sum(axis=(-2, -1)) / by_chance, np.nan)


def _ac1(tables: Any) -> Any:
    import numpy as np

    labels = tables.shape[-1]
    if labels < 2:
        return np.full(tables.shape[0], np.nan)
    shares = _shares(tables)
    used = (shares.sum(axis=-1) + shares.sum(axis=-2)) / 2
    by_chance = (used * (1 - used)).sum(axis=-1) / (labels - 1)
    return (shares.trace(axis1=-2, axis2=-1) - by_chance) / (1 - by_chance)


def _balanced_f1(tables: Any) -> Any:
    import numpy as np

    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    said, true = tables.sum(axis=-1), tables.sum(axis=-2)
    is_defined = ((said > 0) & (true > 0)).all(axis=-1)
    return np.where(is_defined, (2 * hits / (said + true)).mean(axis=-1), np.nan)


def signed_bias(
    judge: Sequence[float], people: Sequence[float], *, clusters: Sequence[str] = (), seed: int = 0
) -> Estimate:
    """Mean of judge minus people: above 0, the judge is kinder."""
    import numpy as np

    if len(judge) != len(people):
        raise ValueError(f"{len(judge)} and {len(people)} values: give both for every pair")
    if not len(judge):
        return Estimate(None, None, None, 0)
    groups = _numbered(clusters, len(judge))
    rows = np.zeros((max(groups) + 1, 2))
    np.add.at(rows, groups, np.column_stack([np.subtract(judge, people), np.ones(len(judge))]))
    figures = bootstrap_figures(rows, lambda sums: sums[:, 0] / sums[:, 1], resamples=_RESAMPLES, seed=seed)
    return _estimate(float(rows[:, 0].sum() / rows[:, 1].sum()), figures, len(judge))


def kendall_tau(
    first: Sequence[float], second: Sequence[float], *, clusters: Sequence[str] = (), seed: int = 0
) -> Estimate:
    """Rank correlation that allows for ties (tau-b); None where one side is constant.

    clusters: answers to one item are drawn together. Cost grows with the square of n: 2,000 pairs take about
    a second. Source: Kendall 1945, Biometrika 33:239-251.
    """
    import numpy as np

    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} values: give both for every pair")
    if len(first) < 2:
        return Estimate(None, None, None, len(first))
    groups = np.asarray(_numbered(clusters, len(first)))
    number = int(groups.max()) + 1
    times = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), size=_RESAMPLES)
    drawn = np.vstack([np.ones(len(first)), times[:, groups]])
    with np.errstate(divide="ignore", invalid="ignore"):
        figures = _taus(np.asarray(first, dtype=float), np.asarray(second, dtype=float), drawn)
    return _estimate(float(figures[0]), figures[1:], len(first))


def _taus(first: Any, second: Any, drawn: Any) -> Any:
    """tau-b of each row of `drawn`, which says how often each pair of values was drawn."""
    import numpy as np

    sums = np.zeros((3, len(drawn)))  # concordant less discordant, pairs apart in the first, in the second
    for start in range(0, len(first), _BLOCK):
        block = slice(start, start + _BLOCK)
        apart = np.sign(first[block, None] - first), np.sign(second[block, None] - second)
        for n, matrix in enumerate((apart[0] * apart[1], apart[0] ** 2, apart[1] ** 2)):
            sums[n] += ((drawn[:, block] @ matrix) * drawn).sum(axis=1)
    return sums[0] / np.sqrt(sums[1] * sums[2])
