"""Judges against people, people among each other, and metrics against people, from the ratings that are here.

A judge's verdict meets a person's rating on one answer and one criterion; each pair counts once, as in
HealthBench's meta-evaluation. Ratings by a rubric meet judges by that rubric, whatever its version; ratings
without one (form `ratings`) meet every judge that was asked a criterion of that name on the same scale. A
criterion of which one value is not on the judge's scale was rated on another: it meets none, and is told.
Intervals draw items, not pairs.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from evalcore import judge as judges
from evalcore import stats
from evalcore.judge import Mode, Rubric, Scale, ScaleKind
from evalcore.stats import Estimate
from evalcore.store import Store, judging, reviews
from evalcore.store.reviews import Rated, Said

FREE = "ratings"  # the form of ratings that name no rubric
FEW = 30  # pairs under which a figure is only a hint
LEAST = 3  # answers under which no rank correlation is told
MOST = 2000  # answers of a rank correlation: its cost grows with their square
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?")
_YES_NO = Scale(ScaleKind.YES_NO, ("no", "yes"))


@dataclass(frozen=True)
class Matched:
    """Two raters on the same answers. labels: all verdicts that could be given; table: counts, first in rows.

    weights: of the kappa, quadratic for numbers. bias: the first less the second, in shares of the scale;
    None for labels without an order. answers: different ones; missing: the first has no verdict there.
    """

    criterion: str
    specialty: str
    labels: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    n: int
    answers: int
    missing: int
    weights: str
    same: Estimate
    kappa: Estimate
    ac1: Estimate
    macro_f1: Estimate
    bias: Estimate | None

    @property
    def is_few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True)
class JudgeAgainst:
    """One judge by one version of a rubric against everybody who rated the same. whole: None where criteria
    have different scales.
    """

    judge: str
    rubric: str
    title: Mapping[str, str]
    whole: Matched | None
    criteria: tuple[Matched, ...]
    specialties: tuple[Matched, ...]


@dataclass(frozen=True)
class Unfit:
    """A criterion that people rated by a form on another scale than a judge's rubric has. values: those that
    the rubric does not know.
    """

    form: str
    rubric: str
    criterion: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class TwoPeople:
    """Two reviewers by one form. matched: a criterion each."""

    first: str
    second: str
    form: str
    matched: tuple[Matched, ...]


@dataclass(frozen=True)
class Together:
    """All reviewers by one form on one criterion. alpha: Krippendorff's, by rank (is_ordinal) or by label."""

    form: str
    criterion: str
    people: int
    is_ordinal: bool
    alpha: Estimate


@dataclass(frozen=True)
class Correlated:
    """Rank correlation (Kendall's tau-b) of a metric or judge's score with the mean rating of an answer."""

    metric: str
    is_judge: bool
    tau: Estimate


@dataclass(frozen=True)
class Agreement:
    """Everything the page Agreement shows. runs, tasks: all that have ratings, whatever was asked for."""

    runs: tuple[str, ...]
    tasks: tuple[str, ...]
    ratings: int
    answers: int
    people: tuple[str, ...]
    judges: tuple[JudgeAgainst, ...]
    reviewers: tuple[TwoPeople, ...]
    together: tuple[Together, ...]
    metrics: tuple[Correlated, ...]
    unfit: tuple[Unfit, ...]


@dataclass(frozen=True)
class _Pair:
    """first: None where it has no verdict. item: what intervals are drawn over."""

    criterion: str
    first: str | None
    second: str
    subject_id: int
    item: str
    specialty: str


def agreement_state(store: Store) -> tuple[int, int]:
    """Changes when a rating or a verdict comes in: what a page's memory of `agreement` hangs on."""
    with store.read() as transaction:
        return reviews.state(transaction)


def agreement(store: Store, run: str = "", task: str = "") -> Agreement:
    """run, task: only answers of that run or task; "" is all."""
    with store.read() as transaction:
        everything = reviews.rated(transaction)
        rated = [one for one in everything if run in ("", one.run) and task in ("", one.task)]
        said = reviews.said(transaction, [one.subject_id for one in rated])
        scores = reviews.scores_of(transaction, [one.response_id for one in rated])
    scales = _Scales(judges.rubrics(judging.rubric_folder()), rated)
    unfit = tuple(_unfit(said, scales))
    return Agreement(
        runs=tuple(dict.fromkeys(one.run for one in everything)),
        tasks=tuple(dict.fromkeys(one.task for one in everything)),
        ratings=sum(len(one.values) for one in rated),
        answers=len({one.response_id for one in rated}),
        people=tuple(dict.fromkeys(one.reviewer for one in rated)),
        judges=tuple(_against(rated, said, scales, unfit)),
        reviewers=tuple(_among(rated, scales)),
        together=tuple(_together(rated, scales)),
        metrics=tuple(_correlated(rated, scores, scales)),
        unfit=unfit,
    )


class _Scales:
    """The scale of a criterion: its rubric's, or what its values tell."""

    def __init__(self, rubrics: Mapping[str, Rubric], rated: Sequence[Rated]) -> None:
        self.rubrics = rubrics
        self._seen: dict[tuple[str, str], set[str]] = {}
        for one in rated:
            for criterion, value in one.values.items():
                self._seen.setdefault((one.form, criterion), set()).add(value)

    def of(self, form: str, criterion: str) -> Scale | None:
        """None where neither the rubric nor the values tell one."""
        rubric = self.rubrics.get(form)
        if rubric is not None and rubric.mode is Mode.RUBRIC:
            return _YES_NO
        known = {cell.name: cell.scale for cell in rubric.criteria} if rubric else {}
        return known.get(criterion) or _told(self._seen.get((form, criterion), set()))

    def outside(self, form: str, rubric: str, criterion: str) -> tuple[str, ...]:
        """What people said by a form that is not on the rubric's scale."""
        scale = self.of(rubric, criterion)
        strange = self._seen.get((form, criterion), set()) - set(scale.values) if scale else set()
        return tuple(sorted(strange))

    def share(self, form: str, criterion: str, value: str) -> float | None:
        scale = self.of(form, criterion)
        return scale.share(value) if scale and value in scale.values and len(scale.values) > 1 else None


def _told(values: set[str]) -> Scale | None:
    """Numbers in their order, else yes and no, else the words as labels."""
    if not values or values <= set(_YES_NO.values):
        return _YES_NO if values else None
    is_number = all(_NUMBER.fullmatch(value) for value in values)
    ordered = sorted(values, key=float) if is_number else sorted(values)
    return Scale(ScaleKind.NUMBERS if is_number else ScaleKind.LABELS, tuple(ordered))


def _unfit(said: Sequence[Said], scales: _Scales) -> Iterable[Unfit]:
    for rubric, criterion in dict.fromkeys((one.rubric, one.criterion) for one in said):
        for form in (rubric, FREE):
            values = scales.outside(form, rubric, criterion)
            if values:
                yield Unfit(form, rubric, criterion, values)


def _against(
    rated: Sequence[Rated], said: Sequence[Said], scales: _Scales, unfit: Sequence[Unfit]
) -> Iterable[JudgeAgainst]:
    left_out = {(one.form, one.rubric, one.criterion) for one in unfit}
    by_subject: dict[int, list[Rated]] = {}
    for one in rated:
        by_subject.setdefault(one.subject_id, []).append(one)
    found: dict[tuple[str, str, int], list[_Pair]] = {}
    for verdict in said:
        for one in by_subject[verdict.subject_id]:
            value = one.values.get(verdict.criterion)
            is_left_out = (one.form, verdict.rubric, verdict.criterion) in left_out
            if value is None or one.form not in (verdict.rubric, FREE) or is_left_out:
                continue
            key = (verdict.judge, verdict.rubric, verdict.rubric_version)
            place = (one.subject_id, str(one.item_id), one.subject)
            found.setdefault(key, []).append(_Pair(verdict.criterion, verdict.value, value, *place))
    for (judge, rubric, version), pairs in found.items():
        yield _judge(judge, rubric, version, pairs, scales)


def _holds(scale: Scale | None, value: str) -> bool:
    return scale is None or value in scale.values


def _judge(judge: str, rubric: str, version: int, pairs: Sequence[_Pair], scales: _Scales) -> JudgeAgainst:
    known = scales.rubrics.get(rubric)
    names = list(dict.fromkeys(pair.criterion for pair in pairs))
    found = {name: scales.of(rubric, name) for name in names}
    is_one = len({scale.values if scale else () for scale in found.values()}) == 1
    scale = found[names[0]]
    is_of_items = known is not None and known.mode is Mode.RUBRIC
    specialties = sorted({pair.specialty for pair in pairs if pair.specialty})
    return JudgeAgainst(
        judge,
        f"{rubric}-{version}",
        known.title if known else {"en": rubric},
        _matched(pairs, scale) if is_one else None,
        () if is_of_items else tuple(_of_criterion(pairs, name, found[name]) for name in names),
        tuple(_of_specialty(pairs, name, scale) for name in specialties) if is_one else (),
    )


def _of_criterion(pairs: Sequence[_Pair], criterion: str, scale: Scale | None) -> Matched:
    return _matched([pair for pair in pairs if pair.criterion == criterion], scale, criterion=criterion)


def _of_specialty(pairs: Sequence[_Pair], name: str, scale: Scale | None) -> Matched:
    return _matched([pair for pair in pairs if pair.specialty == name], scale, specialty=name)


def _matched(
    pairs: Sequence[_Pair], scale: Scale | None, *, criterion: str = "", specialty: str = ""
) -> Matched:
    both = [(pair.first, pair.second, pair) for pair in pairs if pair.first is not None]
    first, second = [one for one, _, _ in both], [other for _, other, _ in both]
    labels = scale.values if scale else tuple(sorted({*first, *second}))
    clusters = [pair.item for _, _, pair in both]
    weights = "quadratic" if scale and scale.kind is ScaleKind.NUMBERS else "none"
    found = Matched(
        criterion=criterion,
        specialty=specialty,
        labels=labels,
        table=stats.confusion(first, second, labels),
        n=len(both),
        answers=len({pair.subject_id for _, _, pair in both}),
        missing=len(pairs) - len(both),
        weights=weights,
        same=stats.percent_agreement(first, second, clusters=clusters),
        kappa=stats.cohen_kappa(
            first,
            second,
            labels=labels,
            weights="quadratic" if weights == "quadratic" else "none",
            clusters=clusters,
        ),
        ac1=stats.gwet_ac1(first, second, labels=labels, clusters=clusters),
        macro_f1=stats.macro_f1(first, second, labels=labels, clusters=clusters),
        bias=_bias(first, second, scale, clusters),
    )
    return found if len(set(clusters)) > 1 else _without_intervals(found)


def _without_intervals(found: Matched) -> Matched:
    """Drawn again and again, one item is always the same: that would be an interval without width."""
    names = ("same", "kappa", "ac1", "macro_f1", "bias")
    figures = {name: getattr(found, name) for name in names}
    bare = {name: replace(one, low=None, high=None) for name, one in figures.items() if one is not None}
    return replace(found, **bare)


def _bias(
    first: Sequence[str], second: Sequence[str], scale: Scale | None, clusters: Sequence[str]
) -> Estimate | None:
    if scale is None or len(scale.values) < 2 or scale.share(scale.values[0]) is None:
        return None
    ours, theirs = ([scale.share(value) or 0.0 for value in side] for side in (first, second))
    return stats.signed_bias(ours, theirs, clusters=clusters)


def _among(rated: Sequence[Rated], scales: _Scales) -> Iterable[TwoPeople]:
    """Every two reviewers who rated the same answers by the same form."""
    by_form: dict[str, dict[str, dict[int, Rated]]] = {}
    for one in rated:
        by_form.setdefault(one.form, {}).setdefault(one.reviewer, {})[one.subject_id] = one
    for form, people in by_form.items():
        for first, second in combinations(sorted(people), 2):
            pairs = _shared(people[first], people[second])
            names = list(dict.fromkeys(pair.criterion for pair in pairs))
            if pairs:
                matched = tuple(_of_criterion(pairs, name, scales.of(form, name)) for name in names)
                yield TwoPeople(first, second, form, matched)


def _together(rated: Sequence[Rated], scales: _Scales) -> Iterable[Together]:
    """Each criterion that at least two people rated on one answer."""
    found: dict[tuple[str, str], dict[int, list[tuple[Rated, str]]]] = {}
    for one in rated:
        for criterion, value in one.values.items():
            units = found.setdefault((one.form, criterion), {})
            units.setdefault(one.subject_id, []).append((one, value))
    for (form, criterion), units in found.items():
        scale = scales.of(form, criterion)
        is_ordinal = scale is not None and scale.kind is ScaleKind.NUMBERS
        said = [[(one, value) for one, value in unit if _holds(scale, value)] for unit in units.values()]
        people = {one.reviewer for unit in said for one, _ in unit if len(unit) > 1}
        alpha = stats.krippendorff_alpha(
            [[value for _, value in unit] for unit in said],
            labels=scale.values if scale else (),
            level="ordinal" if is_ordinal else "nominal",
            clusters=[str(unit[0][0].item_id) for unit in units.values()],
        )
        if people:
            yield Together(form, criterion, len(people), is_ordinal, alpha)


def _shared(ours: Mapping[int, Rated], theirs: Mapping[int, Rated]) -> list[_Pair]:
    return [
        _Pair(criterion, value, theirs[subject].values[criterion], subject, str(one.item_id), one.subject)
        for subject, one in ours.items()
        if subject in theirs
        for criterion, value in one.values.items()
        if criterion in theirs[subject].values
    ]


def _correlated(
    rated: Sequence[Rated], scores: Mapping[str, Mapping[int, float]], scales: _Scales
) -> list[Correlated]:
    """The highest first; those without a figure (too few answers, or all alike) last."""
    people, items = _mean_ratings(rated, scales)
    found = []
    for metric, values in scores.items():
        shared = [one for one in people if one in values][:MOST]
        if len(shared) >= LEAST:
            pair = [values[one] for one in shared], [people[one] for one in shared]
            tau = stats.kendall_tau(*pair, clusters=[items[one] for one in shared])
            found.append(Correlated(metric, "/" in metric, tau))
    return sorted(found, key=lambda one: -2.0 if one.tau.value is None else one.tau.value, reverse=True)


def _mean_ratings(rated: Sequence[Rated], scales: _Scales) -> tuple[dict[int, float], dict[int, str]]:
    """By answer the mean place on the scales over people and criteria, 0 to 1; and its item."""
    given: dict[int, list[float]] = {}
    items: dict[int, str] = {}
    for one in rated:
        shares = [scales.share(one.form, criterion, value) for criterion, value in one.values.items()]
        known = [share for share in shares if share is not None]
        if known:
            given.setdefault(one.response_id, []).extend(known)
            items[one.response_id] = str(one.item_id)
    return {response: sum(found) / len(found) for response, found in given.items()}, items
