"""People's ratings from a table: run, item, reviewer, criterion, value; task, sample, rubric if wanted.

A row names a record by its run and the item's name in the task, so that nothing of the item's text travels.
With a rubric the values are held to its scales; without, the form is called `ratings` and takes any short
word or number. The same file twice changes nothing: a revision is added only where a value differs. What is
written reads back as it was.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evalcore import judge, tables
from evalcore.errors import DataError, UsageError
from evalcore.exchange.imported import Skipped
from evalcore.exchange.records import cell, iterate, whole_file
from evalcore.judge import Rubric, Scale, ScaleKind
from evalcore.store import Store, Transaction, content, judging, reviews
from evalcore.store import runs as run_rows
from evalcore.store.record import Record
from evalcore.store.reviews import Place, Review

NEEDED = ("run", "item", "reviewer", "criterion", "value")
OPTIONAL = ("task", "sample", "rubric")
FORM = "ratings"  # of ratings that name no rubric
LONGEST = {"value": 100, "criterion": 64, "reviewer": 200, "rubric": 64}
_NAMES = {"form": "rubric", "rater": "reviewer", "rating": "value"}
_YES_NO = {"true": "yes", "false": "no", "1": "yes", "0": "no", "met": "yes", "not met": "no"}
_YES_NO |= {"y": "yes", "n": "no", "是": "yes", "否": "no"}
TEMPLATE_ROWS = 200


@dataclass(frozen=True)
class Imported:
    """What came of a file. ratings: values that are kept now; records: answers that they are about.

    revisions: what was new among them; skipped: rows that were left out, with the reason.
    """

    ratings: int
    records: int
    revisions: int
    skipped: tuple[Skipped, ...]


class _Refused(Exception):
    """Why one row stays out."""


@dataclass
class _Reader:
    """Finds what rows speak of; looks each run, item and rubric up once."""

    transaction: Transaction
    runs: dict[str, run_rows.RunRow | str] = field(default_factory=dict)
    places: dict[tuple[str, ...], list[Place]] = field(default_factory=dict)
    rubrics: Mapping[str, Rubric] = field(default_factory=dict)

    def read(self, row: Mapping[str, str]) -> tuple[Place, Review]:
        for name in NEEDED:
            if not row[name]:
                raise _Refused(f"{name} is empty")
        for name, most in LONGEST.items():
            if len(row.get(name, "")) > most:
                raise _Refused(f"{name} has {len(row[name])} characters; at most {most} are taken")
        place = self._place(row)
        rubric = self._rubric(row.get("rubric", ""))
        value = self._value(row, place, rubric) if rubric else row["value"].removesuffix(".0")
        form, version = (rubric.id, rubric.version) if rubric else (row.get("rubric") or FORM, 1)
        if place.response_id is None:
            raise _Refused("the run has no answer to this item")
        values = {row["criterion"]: value}
        return place, Review(place.item_id, place.response_id, row["reviewer"], form, version, values)

    def _place(self, row: Mapping[str, str]) -> Place:
        run = self._run(row["run"])
        sample = row.get("sample") or "0"
        if not sample.isascii() or not sample.isdigit():
            raise _Refused(f"sample is {sample!r}, not a whole number")
        wanted = (run.code, row["item"], sample)
        if wanted not in self.places:
            self.places[wanted] = reviews.places(self.transaction, run.id, row["item"], int(sample))
        found = self.places[wanted]
        fitting = [one for one in found if one.task == row["task"]] if row.get("task") else found
        if not fitting:
            where = f" of task {row['task']!r}" if row.get("task") else ""
            raise _Refused(f"run {run.code} has no item {row['item']!r}{where}")
        if len(fitting) > 1:
            names = ", ".join(one.task for one in fitting)
            raise _Refused(f"item {row['item']!r} stands in several tasks ({names}): add the column task")
        return fitting[0]

    def _run(self, code: str) -> run_rows.RunRow:
        if code not in self.runs:
            try:
                self.runs[code] = run_rows.get_run(self.transaction, code)
            except UsageError:
                self.runs[code] = f"there is no run {code!r}"
        found = self.runs[code]
        if isinstance(found, str):
            raise _Refused(found)
        if found.kind != "ask":
            raise _Refused(f"run {found.code} is a judge's own: name the run whose answers were rated")
        return found

    def _rubric(self, name: str) -> Rubric | None:
        """None for a form of one's own."""
        known = self.rubrics
        return known.get(name) or next((one for one in known.values() if one.name == name), None)

    def _value(self, row: Mapping[str, str], place: Place, rubric: Rubric) -> str:
        entries = content.get_entries(self.transaction, place.task_version_id, [place.position])
        entry = entries[place.position]
        try:
            scales = {one.name: one.scale for one in judge.cells(rubric, entry.item, entry.key)}
        except DataError as error:
            raise _Refused(str(error)) from None
        if row["criterion"] not in scales:
            raise _Refused(f"{rubric.name} has no criterion {row['criterion']!r}; it has {', '.join(scales)}")
        return fitting(row["value"], scales[row["criterion"]])


def fitting(value: str, scale: Scale) -> str:
    """A rating as the scale spells it (4.0 is 4, true is yes). Raises _Refused for one outside of it."""
    folded = value.casefold()
    known = {one.casefold(): one for one in scale.values}
    if scale.kind is ScaleKind.YES_NO:
        folded = _YES_NO.get(folded.removesuffix(".0"), folded)
    elif scale.kind is ScaleKind.NUMBERS:
        folded = folded.removesuffix(".0")
    if folded not in known:
        raise _Refused(f"{value!r} is not on the scale: {', '.join(scale.values)}")
    return known[folded]


def put(store: Store, source: Path | bytes, *, name: str = "") -> Imported:
    """Reads a table and keeps its good rows. DataError for a file that is no such table as a whole."""
    table = tables.read(source, name=name)
    columns = _columns(table.columns)
    skipped = [_fault(one) for one in table.faults if one.code != "empty_row"]
    if not table.rows and not skipped:
        raise DataError("The file has no rows below its header. Write one rating in each row.")
    with store.write() as transaction:
        reader = _Reader(transaction, rubrics=judge.rubrics(judging.rubric_folder()))
        taken = _Taken()
        for row in table.rows:
            cells = {name: _plain(row.cells[place]) for name, place in columns.items()}
            try:
                taken.add(row.number, reader.read(cells)[1])
            except _Refused as refused:
                skipped.append(Skipped(f"row {row.number}", str(refused)))
        revisions = reviews.put_reviews(transaction, taken.reviews)
    return Imported(taken.count, len(taken.records), revisions, tuple(skipped))


def _fault(one: tables.Fault) -> Skipped:
    facts = ", ".join(f"{name}: {value}" for name, value in one.facts.items())
    return Skipped(f"row {one.row}", f"{one.code.replace('_', ' ')} ({facts})" if facts else one.code)


def _plain(text: str) -> str:
    """Without the quote that disarms a formula in our own tables."""
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in tuple("=+-@") else text


_Place = tuple[int, int, str, str, int]
"""Item, response, reviewer, form, its version."""


class _Taken:
    """Good rows, gathered to one review for each person, form and answer."""

    def __init__(self) -> None:
        self._values: defaultdict[_Place, dict[str, tuple[str, int]]] = defaultdict(dict)

    def add(self, number: int, one: Review) -> None:
        key = (one.item_id, one.response_id, one.reviewer, one.form, one.form_version)
        for criterion, value in one.values.items():
            before, row = self._values[key].setdefault(criterion, (value, number))
            if before != value:
                raise _Refused(
                    f"the same rating stands in row {row} with {before!r}; that one counts. Keep one of them"
                )

    @property
    def reviews(self) -> list[Review]:
        return [
            Review(*key, {criterion: value for criterion, (value, _) in found.items()})
            for key, found in self._values.items()
        ]

    @property
    def count(self) -> int:
        return sum(map(len, self._values.values()))

    @property
    def records(self) -> set[int]:
        return {response_id for _, response_id, *_ in self._values}


def _columns(names: tuple[str, ...]) -> dict[str, int]:
    """Places of the columns by name, upper and lower case alike."""
    folded = [name.strip().casefold() for name in names]
    found = {_NAMES.get(name, name): place for place, name in enumerate(folded)}
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise DataError(
            f"The file has no column {missing[0]!r}; it has {', '.join(names)[:200]}. Ratings have the "
            f"columns {', '.join(NEEDED)}; {', '.join(OPTIONAL)} may be added."
        )
    return {name: place for name, place in found.items() if name in (*NEEDED, *OPTIONAL)}


def is_ratings(path: Path) -> bool:
    """Told by the first line of a table of text."""
    if path.suffix.lower() not in (".csv", ".tsv"):
        return False
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        names = next(csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ","), [])
    try:
        return bool(_columns(tuple(names)))
    except DataError:
        return False


def write(store: Store, codes: Sequence[str], path: Path) -> int:
    """Writes the ratings of these runs' answers: the latest revision by the newest version of each form;
    returns how many.
    """
    known = {one.name for one in judge.rubrics(judging.rubric_folder()).values()}
    rows = (row for code in codes for record in iterate(store, code) for row in _rating_rows(record, known))
    with whole_file(path) as file:
        writer = csv.writer(file)
        writer.writerow(("run", "task", "item", "sample", "reviewer", "rubric", "criterion", "value"))
        return sum(bool(writer.writerow([cell(value) for value in row])) for row in rows)


def _rating_rows(record: Record, known: Container[str]) -> Iterator[tuple[str, ...]]:
    """known: names of rubrics that are here; other forms are named without their version."""
    by_version = sorted(record.reviews, key=lambda one: int(one.form.rpartition("-")[2]))
    newest = {(one.reviewer, one.form.rpartition("-")[0]): one for one in by_version}
    for (_, name), review in newest.items():
        form = review.form if review.form in known else "" if name == FORM else name
        about = (record.run, record.task, record.item, str(record.sample), review.reviewer, form)
        yield from ((*about, criterion, str(value)) for criterion, value in review.verdict.items())


def template(store: Store, code: str, rubric: str, *, reviewer: str = "", limit: int = TEMPLATE_ROWS) -> str:
    """A table to fill in: for the first answers of each task every criterion of a rubric, its value empty.

    Raises UsageError for an unknown run or rubric, and where the rubric fits none of its items.
    """
    found = judge.load_rubric(rubric, judging.rubric_folder())
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        rows = list(_template_rows(transaction, run, found, reviewer, limit))
    if not rows:
        raise UsageError(f"Run {run.code} has no answer that {found.name} can be applied to.")
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(("run", "task", "item", "reviewer", "rubric", "criterion", "value"))
    writer.writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()


def _template_rows(
    transaction: Transaction, run: run_rows.RunRow, rubric: Rubric, reviewer: str, limit: int
) -> Iterator[tuple[str, ...]]:
    for task in run_rows.tasks_of(transaction, run.id):
        entries = content.get_entries(transaction, task.task_version_id)
        for record in judging.judged_records(transaction, run.id, task.task_version_id)[:limit]:
            entry = entries[record.position]
            if record.sample:
                continue
            try:
                cells = judge.cells(rubric, entry.item, entry.key)
            except DataError:  # the rubric does not fit this item
                continue
            for one in cells:
                yield run.code, task.task_id, entry.item_id, reviewer, rubric.name, one.name, ""
