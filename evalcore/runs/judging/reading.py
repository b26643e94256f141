"""From what a judge wrote to verdicts, and from the verdicts of an item to its score."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evalcore import judge, metrics
from evalcore.judge import Mode, Rubric, ScaleKind
from evalcore.judge.spec import READER
from evalcore.runs.judging.asking import Bench, Matter
from evalcore.store import Transaction, content, judging, scored
from evalcore.store.runs import RunRow
from evalcore.store.scored import Reading, Stored
from evalcore.types import Answer, AnswerState, Entry, Outcome, Response, Score, content_hash


@dataclass(frozen=True)
class Settled:
    """What reading a judge's replies leads to. wanted: the subjects that may be judged whole by them, and all
    calls about each.
    """

    bench: Bench
    matter: Matter
    readings: tuple[Reading, ...] = ()
    verdicts: tuple[judging.Verdict, ...] = ()
    explained: tuple[Stored, ...] = ()
    extracted: "tuple[Extracted, ...]" = ()
    wanted: Mapping[int, judging.Asked] = field(default_factory=dict)


@dataclass(frozen=True)
class Extracted:
    """What a judge says that a reply which no rule reads has chosen: an answer beside the rules' own."""

    response_id: int
    answer: Answer
    score: Score
    key: tuple[str, int]


def read(transaction: Transaction, run: RunRow, piece: Sequence[Stored]) -> Settled:
    """Reads what a judge wrote. An explanation before its verdict is followed by the question for it."""
    bench = Bench.of(transaction, run, has_chat_template=False)
    matter = Matter.of(transaction, bench.rubric, [stored.place for stored in piece])
    explained = tuple(s for s in piece if bench.is_two_steps and not s.place.turn)
    final = [stored for stored in piece if stored not in explained]
    said = judging.explanations(transaction, [stored.place for stored in final if stored.place.turn])
    made = [_read(bench, matter, s, said.get(judging.cell_of(s.place), Response())) for s in final]
    pairs = [(s.place, one) for s, (_, kept) in zip(final, made, strict=True) for one in kept]
    extracted = _extracted(transaction, bench, matter, pairs) if bench.rubric.mode is Mode.EXTRACTION else ()
    verdicts = tuple(one for _, one in pairs)
    ordinals = {place.ordinal for place, _ in pairs} if bench.rubric.mode in _SCORED else set()
    wanted = judging.calls_about(transaction, run.id, ordinals)
    readings = tuple(one for one, _ in made)
    return Settled(bench, matter, readings, verdicts, explained, tuple(extracted), wanted)


def _extracted(
    transaction: Transaction, bench: Bench, matter: Matter, pairs: Sequence[tuple[Any, judging.Verdict]]
) -> Iterator[Extracted]:
    """`acc/JUDGE/extraction-1`: the task's headline, with the judge as its reader."""
    reader = f"judge-{content_hash(bench.judge_name)[:8]}"
    for place, verdict in pairs:
        value = verdict.facts.get("value")
        if place.repeat or verdict.state != "ok" or value in (None, judge.NONE):
            continue
        entry = matter.entry(place)
        task = content.get_task(transaction, place.task_version_id)
        answer = Answer((str(value),), AnswerState.READ, bench.rubric.name, reader, 1)
        evidence = metrics.Evidence(entry.item, Response(), answer, kind=task.kind)
        score = metrics.score(task.metrics[0], evidence, entry.key)
        named = replace(score, metric=f"{task.metrics[0]}/{bench.judge_name}/{bench.rubric.name}")
        key = (entry.key.name, entry.key.version)
        yield Extracted(matter.about[place.subject_id][0], answer, named, key)


_SCORED = (Mode.RATING, Mode.RUBRIC)  # whose verdicts make up a score of the item
_STATES: dict[str, AnswerState] = {
    "ok": AnswerState.READ,
    "unreadable": AnswerState.UNREADABLE,
    "refused": AnswerState.REFUSED,
    "truncated": AnswerState.TRUNCATED,
}


def _read(
    bench: Bench, matter: Matter, stored: Stored, explained: Response
) -> tuple[Reading, list[judging.Verdict]]:
    """The record of a call and the verdict of each criterion that it asked for."""
    place, response = stored.place, stored.response
    entry, cells, answers = matter.entry(place), matter.cells(place), matter.answers(place)
    if response.option_logprobs is not None:
        found = [judge.ranked(response, cells[0], explained)]
    elif bench.spec.batch > 1:
        found = list(judge.read_batch(response.text, cells, answers, finish=response.finish).values())
    else:
        is_ours = not bench.rubric.prompt
        found = [judge.read(response.text, cells[0], answers, finish=response.finish, is_explained=is_ours)]
    worst = next((one for one in found if one.state != "ok"), found[0])
    answer = Answer(_values(cells, found), _STATES[worst.state], "verdict", READER, 1)
    reading = Reading(stored, answer, (), entry.key.name, entry.key.version, _outcome(cells, found))
    about = (place.subject_id, stored.response_id, bench.judge_name, bench.rubric.id, bench.rubric.version)
    kept = [
        judging.Verdict(*about, cell.name, place.option_order, place.repeat, one.state, _facts(one))
        for cell, one in zip(cells, found, strict=True)
    ]
    return reading, kept


def _values(cells: Sequence[judge.Cell], found: Sequence[judge.Verdict]) -> tuple[str, ...]:
    """A call's verdict; of several criteria each with its name."""
    if len(cells) == 1:
        return tuple(one.value for one in found if one.value is not None)
    return tuple(f"{cell.name}: {one.value or '–'}" for cell, one in zip(cells, found, strict=True))


def _facts(verdict: judge.Verdict) -> dict[str, object]:
    """What is kept of a verdict beside its state."""
    return {name: value for name, value in vars(verdict).items() if name != "state"}


def _outcome(cells: Sequence[judge.Cell], found: Sequence[judge.Verdict]) -> Outcome:
    """Verdicts as a record's outcome: the scales' top is right, their bottom wrong; labels are neither."""
    given = zip(cells, found, strict=True)
    shares = [None if one.value is None else cell.scale.share(one.value) for cell, one in given]
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        return Outcome.UNSCORED
    return Outcome.RIGHT if min(known) >= 1 else Outcome.PARTLY if max(known) > 0 else Outcome.WRONG


def settle(transaction: Transaction, settled: Settled) -> None:
    """Keeps verdicts, scores subjects that are judged whole, asks for the verdicts of explained cells."""
    judging.hold_subjects(transaction, settled.wanted)
    judging.put_verdicts(transaction, settled.verdicts)
    scored.put_readings(transaction, settled.readings)
    scored.close(transaction, settled.explained, settled.bench.run_id)
    judging.plan_verdicts(transaction, [stored.place for stored in settled.explained])
    for one in settled.extracted:
        scored.add_answer(transaction, one.response_id, one.answer)
    scored.add_scores(transaction, [(one.response_id, one.key, one.score) for one in settled.extracted])
    scored.add_scores(transaction, _whole(transaction, settled))


def _whole(transaction: Transaction, settled: Settled) -> list[tuple[int, tuple[str, int], Score]]:
    """Scores of the items of which every cell has a verdict now."""
    bench, kept = settled.bench, defaultdict[int, list[judging.Kept]](list)
    by = (bench.judge_name, bench.rubric.id, bench.rubric.version)
    for one in judging.verdicts_of(transaction, bench.run_id, by, settled.wanted):
        if not one.repeat:
            kept[one.subject_id].append(one)
    scores = []
    for subject_id, found in kept.items():
        asked = settled.wanted[subject_id]
        if len(found) >= sum(map(judge.in_call, asked.calls)):
            entry = settled.matter.entry(asked)
            made = [item_score(bench.rubric, entry, found, bench.judge_name)]
            response_id = found[0].response_ids[0]
            if bench.rubric.mode is Mode.RUBRIC:
                task = content.get_task(transaction, asked.task_version_id)
                shown = judge.as_shown(settled.matter.texts[response_id])
                made.append(_adjusted(made[0], task.id, len(shown)))
            key = (entry.key.name, entry.key.version)
            scores += [(response_id, key, score) for score in made]
    return scores


def _adjusted(score: Score, task_id: str, characters: int) -> Score:
    """`rubric@length_adjusted_EDITION/JUDGE/RUBRIC`: the points less the price of the answer's length."""
    edition = judge.edition_of(task_id)
    name = judge.ADJUSTED + edition + score.metric.removeprefix("rubric")
    value = None if score.value is None else judge.adjusted(score.value, characters, edition)
    return Score(name, value, f"{score.why}, {characters} characters", score.parts)


def item_score(rubric: Rubric, entry: Entry, found: Sequence[judging.Kept], judge_name: str) -> Score:
    """`rating/JUDGE/RUBRIC` (the mean place on the scales, 0 to 1) or `rubric/JUDGE/RUBRIC` (HealthBench's
    share of the points, may be below 0) of one item; None where a verdict is missing.
    """
    cells = {cell.name: cell for cell in judge.cells(rubric, entry.item, entry.key)}
    said = {one.criterion: str(one.facts["value"]) for one in found if one.state == "ok"}
    name = f"{rubric.mode}/{judge_name}/{rubric.name}"
    parts = {"cells": float(len(cells)), "ok": float(len(said))}
    if len(said) < len(cells):
        unread = len(cells) - len(said)
        return Score(name, None, f"{unread} of {len(cells)} verdicts could not be read", parts)
    if rubric.mode is Mode.RUBRIC:
        met = [cells[criterion].points for criterion, value in said.items() if value == "yes"]
        most = sum(cell.points for cell in cells.values() if cell.points > 0)
        return Score(name, sum(met) / most if most else None, f"{sum(met):g} of {most:g} points", parts)
    if all(cell.scale.kind is ScaleKind.YES_NO for cell in cells.values()):
        parts[metrics.YES_NO] = 1.0
    shares = [cells[criterion].scale.share(value) or 0.0 for criterion, value in said.items()]
    why = ", ".join(f"{criterion} {value}" for criterion, value in said.items())
    return Score(name, sum(shares) / len(shares), why, parts)
