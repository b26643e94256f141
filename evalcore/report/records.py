"""Records for the Items page: pages of them, one of them whole, and the same item in other runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evalcore.errors import UsageError
from evalcore.prompts.dialogue import speaker
from evalcore.report import collation
from evalcore.store import Store, Transaction, detail, dialogues, listed
from evalcore.store import runs as run_rows
from evalcore.store.listed import RecordPlace, RecordRow
from evalcore.store.listing import NONE, Count, Listing, RecordFilter, facet_counts
from evalcore.store.record import Record, Spoken
from evalcore.types import Kind

SAME_ITEM_MOST = 40
SORTED_MOST = 2_000  # records that are put into another order than the run's
SORTS = ("outcome", "task", "item", "subject", "question", "picked", "gold", "state", "model")
_OUTCOMES = {"right": 0, "partly": 1, "wrong": 2, "unscored": 3, "missing": 4}


@dataclass(frozen=True)
class RecordPage:
    """Some records of a list; total: all under the filter. is_partly_sorted: only its first SORTED_MOST."""

    rows: tuple[RecordRow, ...]
    offset: int
    total: Count
    is_partly_sorted: bool = False


@dataclass(frozen=True)
class Neighbours:
    """Where previous and next lead under the same filter."""

    previous: RecordPlace | None
    next: RecordPlace | None


@dataclass(frozen=True)
class Facet:
    """A value that the filter could take and how many records it would leave; n None: not counted."""

    value: str
    n: int | None


@dataclass(frozen=True)
class Facets:
    """Values of each filter under all the others, the most first."""

    runs: tuple[Facet, ...]
    tasks: tuple[Facet, ...]
    subjects: tuple[Facet, ...]
    languages: tuple[Facet, ...]
    outcomes: tuple[Facet, ...]
    answer_states: tuple[Facet, ...]


def record_filter(
    store: Store,
    *,
    runs: Sequence[str] = (),
    tasks: Sequence[str] = (),
    subject: str = "",
    language: str = "",
    outcome: str = "",
    answer_state: str = "",
    judged: bool | None = None,
    reviewed: bool | None = None,
    text: str = "",
    item: str = "",
) -> RecordFilter:
    """A filter from the codes of a link. Raises UsageError for runs, tasks or items that are not here."""
    with store.read() as transaction:
        run_ids = tuple(run_rows.get_run(transaction, code).id for code in runs)
        version_ids = _versions(transaction, tasks) if tasks else ()
        item_id = _item(transaction, item) if item else None
    return RecordFilter(
        *(run_ids, version_ids, subject, language, outcome, answer_state, judged, reviewed, text, item_id)
    )


def _versions(transaction: Transaction, tasks: Sequence[str]) -> tuple[int, ...]:
    known = listed.task_version_ids(transaction, tasks)
    unknown = sorted(set(tasks) - set(known.values()))
    if unknown:
        raise UsageError(f"No run has asked the task {unknown[0]!r}. Choose among those that were asked.")
    return tuple(sorted(known))


def _item(transaction: Transaction, sha: str) -> int:
    found = listed.find_item(transaction, sha)
    if found is None:
        raise UsageError(f"There is no item {sha!r} in this database. The link may come from another one.")
    return found


def records(
    store: Store, asked: RecordFilter, *, offset: int = 0, limit: int = 50, sort: str = ""
) -> RecordPage:
    """One page of the list, in the run's order, runs in the order they were started.

    sort: one of SORTS, with a minus the other way round; of a longer list the first SORTED_MOST are sorted.
    """
    with store.read() as transaction:
        listing = Listing(transaction, asked)
        if sort:
            found, total = _sorted(transaction, listing, sort), listing.count()
            part = total.is_capped or total.n > SORTED_MOST
            return RecordPage(tuple(found[offset : offset + limit]), offset, Count(len(found), False), part)
        rows = listed.record_rows(transaction, listing.page(offset, limit))
        return RecordPage(tuple(rows), offset, listing.count())


def _sorted(transaction: Transaction, listing: Listing, sort: str) -> list[RecordRow]:
    rows = listed.record_rows(transaction, listing.page(0, SORTED_MOST))
    return sorted(rows, key=_KEYS[sort.lstrip("-")], reverse=sort.startswith("-"))


_KEYS: dict[str, Callable[[RecordRow], Any]] = {
    "outcome": lambda row: _OUTCOMES.get(row.outcome, 5),
    "task": lambda row: collation.key(row.task),
    "item": lambda row: collation.key(row.item),
    "subject": lambda row: row.subject,
    "question": lambda row: collation.key(row.beginning),
    "picked": lambda row: collation.key(row.picked),
    "gold": lambda row: collation.key(row.gold),
    "state": lambda row: row.answer_state,
    "model": lambda row: collation.key(row.model),
}


def neighbours(store: Store, asked: RecordFilter, work_id: int, sort: str = "") -> Neighbours:
    """The records before and after one in the list."""
    with store.read() as transaction:
        listing = Listing(transaction, asked)
        before, after = (
            _beside([row.work_id for row in _sorted(transaction, listing, sort)], work_id)
            if sort
            else listing.neighbours(work_id)
        )
        wanted = [one for one in (before, after) if one is not None]
        places = listed.record_places(transaction, wanted)
    return Neighbours(places.get(before or 0), places.get(after or 0))


def _beside(ids: Sequence[int], work_id: int) -> tuple[int | None, int | None]:
    at = ids.index(work_id) if work_id in ids else -1
    before = ids[at - 1] if at > 0 else None
    return before, ids[at + 1] if 0 <= at < len(ids) - 1 else None


def facets(store: Store, asked: RecordFilter) -> Facets:
    """What each filter could be set to; numbers only where the cube knows them."""
    with store.read() as transaction:
        found = facet_counts(transaction, asked)
        codes = listed.run_codes(transaction, [run_id for run_id, _ in found["run_id"]])
        names = listed.task_version_ids(transaction, ())
    has_numbers = asked.is_counted
    return Facets(
        _facets([(codes[run_id], n) for run_id, n in found["run_id"]], has_numbers),
        _facets(_merged([(names[version], n) for version, n in found["task_version_id"]]), has_numbers),
        _facets(found["subject"], has_numbers),
        _facets(found["language"], has_numbers),
        _facets(found["outcome"], has_numbers),
        _facets(found["answer_state"], has_numbers),
    )


def _merged(counted: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Versions of one task count together."""
    sums: dict[str, int] = {}
    for value, n in counted:
        sums[value] = sums.get(value, 0) + n
    return sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))


def _facets(counted: Sequence[tuple[str, int]], has_numbers: bool) -> tuple[Facet, ...]:
    return tuple(Facet(value or NONE, n if has_numbers else None) for value, n in counted)


def record(store: Store, work_id: int) -> Record:
    """One record whole, with its siblings, dialogue and rivals. Raises UsageError where it is not there."""
    with store.read() as transaction:
        return _whole(transaction, work_id, f"There is no record {work_id}.")


def record_at(store: Store, run: str, task: str, item: str, sample: int = 0) -> Record:
    """The same, named as in a link."""
    with store.read() as transaction:
        run_id = run_rows.get_run(transaction, run).id
        work_id = listed.find_record(transaction, run_id, task, item, sample)
        why = f"Run {run} has no record of {item!r} in {task!r} (yet)."
        return _whole(transaction, work_id or 0, why)


def _whole(transaction: Transaction, work_id: int, why: str) -> Record:
    found = detail.load_records(transaction, [work_id])
    if not found:
        raise UsageError(f"{why} It may have been asked elsewhere, or not yet; open the list of records.")
    one = found[0]
    return replace(
        one,
        siblings=detail.siblings(transaction, work_id),
        rivals=one.rivals or detail.rivals(transaction, one),
        dialogue=_dialogue(transaction, work_id) if one.kind is Kind.DIALOGUE else (),
    )


def _dialogue(transaction: Transaction, work_id: int) -> tuple[Spoken, ...]:
    said = dialogues.transcript(transaction, work_id)
    return tuple(Spoken(str(speaker(one.turn)), one.text, not one.is_partner) for one in said)


def same_item(store: Store, item: str | int) -> tuple[Record, ...]:
    """The records of one item in all runs, newest run first; item: its sha, or the work id of one record."""
    with store.read() as transaction:
        is_sha = isinstance(item, str)
        item_id = (
            listed.find_item(transaction, str(item))
            if is_sha
            else listed.item_of_work(transaction, int(item))
        )
        work_ids = listed.work_of_item(transaction, item_id or 0, SAME_ITEM_MOST)
        return tuple(detail.load_records(transaction, work_ids))
