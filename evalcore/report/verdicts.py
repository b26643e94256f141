"""What judges and people said about one reply; of judges those criteria first on which they disagree."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalcore import judge
from evalcore.errors import RoundsError
from evalcore.judge.quotes import find_quote
from evalcore.judge.rubric import Cell as Criterion
from evalcore.judge.rubric import Mode, Rubric, Scale, ScaleKind, Texts
from evalcore.store import judging
from evalcore.store.record import JudgementRow, Record, ReviewRow, Rival, ScoreRow

THIS, OTHER, TIE = "this", "other", "tie"
_SEARCHED = 100_000  # characters of a reply in which a quote is looked for


@dataclass(frozen=True)
class Verdict:
    """One reply of a judge. value: "" unless state is ok; of a comparison this, other or tie.

    place: where the reply holds the quote, None where it does not. is_reversed: the two answers were shown in
    the other order. is_repeat: the same cell, asked again.
    """

    judge: str
    state: str
    value: str
    share: float | None
    explanation: str
    quote: str
    is_quote_found: bool | None
    place: tuple[int, int] | None
    why: str
    words: str
    is_reversed: bool
    is_repeat: bool


@dataclass(frozen=True)
class Criticised:
    """A criterion with all verdicts on it.

    settled: what each judge came to; of a pair the same in both orders, else a tie. spread: how far judges
    are apart, 0 to 1, None with one judge. wavering: who said otherwise when asked again or in the other
    order.
    """

    name: str
    text: Texts
    scale: Scale | None
    points: float | None
    tags: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    settled: Mapping[str, str]
    spread: float | None
    wavering: tuple[str, ...]

    @property
    def is_disputed(self) -> bool:
        return bool(self.spread)

    @property
    def is_broken(self) -> bool:
        return any(one.state != "ok" for one in self.verdicts)


@dataclass(frozen=True)
class Panel:
    """All judges of one rubric over one reply, or over it and a rival. mode: "" for a rubric not known here.

    scores: by judge, as they are kept.
    """

    rubric: str
    mode: str
    title: Texts
    criteria: tuple[Criticised, ...]
    scores: Mapping[str, ScoreRow]
    rival: Rival | None

    @property
    def disputed(self) -> int:
        return sum(one.is_disputed for one in self.criteria)


@dataclass(frozen=True)
class Rating:
    """What a person said on one criterion. text: the criterion's words where its name alone says nothing."""

    criterion: str
    text: Texts
    value: str
    scale: Scale | None


@dataclass(frozen=True)
class Opinion:
    """A person's review of one reply. title: of the form that was filled in."""

    review: ReviewRow
    title: Texts
    ratings: tuple[Rating, ...]


def opinions(record: Record) -> tuple[Opinion, ...]:
    """In the order of the reviewers' names."""
    return tuple(_opinion(one, record) for one in sorted(record.reviews, key=lambda one: one.reviewer))


def _opinion(review: ReviewRow, record: Record) -> Opinion:
    rubric = _rubric(review.form)
    known = {one.name: one for one in _criteria(rubric, record)}
    given = review.verdict if isinstance(review.verdict, dict) else {"": review.verdict}
    names = sorted(given, key=lambda name: list(known).index(name) if name in known else len(known))
    ratings = tuple(_rating(name, known.get(name), str(given[name])) for name in names)
    return Opinion(review, rubric.title if rubric else {"en": review.form}, ratings)


def _rating(name: str, known: Criterion | None, value: str) -> Rating:
    is_of_item = known is not None and name.startswith("criterion-")
    return Rating(name, known.text if known and is_of_item else {}, value, known.scale if known else None)


def panels(record: Record) -> tuple[Panel, ...]:
    """One a rubric, and one a rival where answers were compared."""
    grouped: dict[tuple[str, tuple[int, ...]], list[JudgementRow]] = {}
    for row in record.judgements:
        pair = row.response_ids if len(row.response_ids) > 1 else ()
        grouped.setdefault((row.rubric, pair), []).append(row)
    return tuple(_panel(record, name, rows) for (name, _), rows in grouped.items())


def _panel(record: Record, name: str, rows: Sequence[JudgementRow]) -> Panel:
    rubric = _rubric(name)
    known = {one.name: one for one in _criteria(rubric, record)}
    rows = [one for row in rows for one in _singly(row, tuple(known.values()))]
    names = dict.fromkeys([*known, *(row.criterion for row in rows)])
    found = [
        _criticised(one, known.get(one), [row for row in rows if row.criterion == one], record)
        for one in names
    ]
    asked = [one for one in found if one.verdicts]
    asked.sort(key=lambda one: (-(one.spread or 0), not one.wavering, not one.is_broken))
    title = rubric.title if rubric else {"en": name}
    ids = set(rows[0].response_ids) - {record.response_id} if len(rows[0].response_ids) > 1 else set()
    rival = next((one for one in record.rivals if one.response_id in ids), None)
    return Panel(name, str(rubric.mode) if rubric else "", title, tuple(asked), _scores(record, name), rival)


def _singly(row: JudgementRow, known: Sequence[Criterion]) -> Iterator[JudgementRow]:
    """A failed call about several criteria, criterion by criterion."""
    names = [one.name for one in judge.cells_in(row.criterion, tuple(known))] or [row.criterion]
    return (replace(row, criterion=name) for name in names)


def _rubric(name: str) -> Rubric | None:
    """None where nobody here knows its words any more: verdicts are shown all the same."""
    try:
        return judge.rubric_named(name, judging.rubric_folder())
    except RoundsError:
        return None


def _criteria(rubric: Rubric | None, record: Record) -> tuple[Criterion, ...]:
    if rubric is None or rubric.mode is not Mode.RUBRIC:
        return rubric.criteria if rubric else ()
    scale = Scale(ScaleKind.YES_NO, ("no", "yes"))
    return tuple(
        Criterion(f"criterion-{n}", {"en": one.text}, scale, one.points, one.tags)
        for n, one in enumerate(record.rubric, 1)
    )


def _criticised(
    name: str, known: Criterion | None, rows: Sequence[JudgementRow], record: Record
) -> Criticised:
    scale = known.scale if known else None
    verdicts = tuple(_verdict(row, scale, record) for row in rows)
    settled = _settled(verdicts)
    is_of_item = known is not None and name.startswith("criterion-")
    return Criticised(
        name,
        known.text if known else {"en": name},
        scale,
        known.points if known and is_of_item else None,
        known.tags if known else (),
        verdicts,
        {name: one.value for name, one in settled.items()},
        _spread(list(settled.values())),
        tuple(_wavering(verdicts)),
    )


def _verdict(row: JudgementRow, scale: Scale | None, record: Record) -> Verdict:
    facts: Mapping[str, Any] = row.verdict if isinstance(row.verdict, dict) else {"value": row.verdict}
    value = "" if row.state != "ok" or facts.get("value") is None else str(facts["value"])
    if len(row.response_ids) > 1:
        value = _winner(value, row, record)
    is_known = scale is not None and value in scale.values
    quote = str(facts.get("quote") or "")
    return Verdict(
        row.judge,
        row.state,
        value,
        scale.share(value) if scale is not None and is_known else None,
        str(facts.get("explanation") or ""),
        quote,
        facts.get("is_quote_found"),
        None if facts.get("is_quote_found") is False else _place(quote, record),
        str(facts.get("why") or ""),
        row.text,
        bool(row.order),
        bool(row.repeat),
    )


def _winner(value: str, row: JudgementRow, record: Record) -> str:
    """Who won, seen from the record: A and B are what was shown first and second."""
    if value not in ("A", "B"):
        return TIE if value else ""
    shown = row.response_ids[::-1] if row.order else row.response_ids
    return THIS if shown["AB".index(value)] == record.response_id else OTHER


def _place(quote: str, record: Record) -> tuple[int, int] | None:
    text = record.response.text[:_SEARCHED] if record.response else ""
    at = text.find(quote) if quote.strip() else -1
    return (at, at + len(quote)) if at >= 0 else find_quote(quote, text)


def _settled(verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    """By judge its first verdict; of a pair the one of both orders, a tie where they differ."""
    found: dict[str, Verdict] = {}
    for one in verdicts:
        if one.value and not one.is_repeat:
            before = found.setdefault(one.judge, one)
            found[one.judge] = before if before.value == one.value else replace(before, value=TIE)
    return found


def _spread(settled: Sequence[Verdict]) -> float | None:
    if len(settled) < 2:
        return None
    shares = [one.share for one in settled if one.share is not None]
    if len(shares) == len(settled):
        return max(shares) - min(shares)
    return float(len({one.value for one in settled}) > 1)


def _wavering(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for name in dict.fromkeys(one.judge for one in verdicts):
        if len({one.value for one in verdicts if one.judge == name and one.value}) > 1:
            yield name


def _scores(record: Record, rubric: str) -> dict[str, ScoreRow]:
    """`rating/JUDGE/RUBRIC` by judge."""
    end = f"/{rubric}"
    return {
        row.metric.removesuffix(end).partition("/")[2]: row
        for row in record.scores
        if row.is_judged and row.metric.endswith(end)
    }
