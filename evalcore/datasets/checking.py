"""A table under a layout becomes items with their keys; every row that cannot is a Fault with its reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from evalcore import specialties
from evalcore.datasets import golds, rubrics
from evalcore.datasets.layout import LANGUAGES, Layout
from evalcore.datasets.options import literal, options, shown
from evalcore.datasets.refused import Refused
from evalcore.tables import Fault, Row, Table
from evalcore.types import Entry, Item, Key, Kind, Option

MOST_QUESTION, MOST_TEXT, MOST_LABEL = 50_000, 150_000, 200  # characters
YES_NO_MAYBE = tuple(Option(word, word) for word in golds.WORDS)
_TONGUES = {
    "english": "en", "英语": "en", "英文": "en", "chinese": "zh", "中文": "zh", "汉语": "zh", "zh-cn": "zh",
    "french": "fr", "法语": "fr", "japanese": "ja", "日语": "ja", "日文": "ja", "russian": "ru", "俄语": "ru",
    "spanish": "es", "西班牙语": "es",
}  # fmt: skip
_UNDECODED = re.compile("[\udc80-\udcff]")  # bytes, as `tables.encodings` keeps them
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udbff]")
_POINT = re.compile(r"(?m)^\s*[^:：\n]{1,60}[:：]\s*\S")


@dataclass(frozen=True)
class Checked:
    """Good rows as entries beside their row numbers, and the faults, both in file order."""

    entries: tuple[Entry, ...]
    rows: tuple[int, ...]
    faults: tuple[Fault, ...]


def check(table: Table, layout: Layout, *, name: str = "mine") -> Checked:
    """name: the dataset's, which publishes the keys. Nothing is stored."""
    reader = _Reader(table, layout, name)
    found = [(row.number, reader.read(row)) for row in table.rows]
    if layout.kind in (Kind.LABEL, Kind.LABELS):
        found = _with_labels(found)
    good, faults = _apart(found)
    everything = sorted((*table.faults, *faults), key=lambda fault: fault.row)
    return Checked(tuple(entry for _, entry in good), tuple(row for row, _ in good), tuple(everything))


class _Reader:
    """Reads one row at a time; knows where each role's cells stand."""

    def __init__(self, table: Table, layout: Layout, name: str) -> None:
        self.layout, self.name = layout, name
        self.places = {
            role: [table.columns.index(column) for column in columns]
            for role, columns in layout.columns.items()
        }
        used = sorted({place for places in self.places.values() for place in places})
        self.used = [(place, table.columns[place][:60]) for place in used]

    def read(self, row: Row) -> Entry | Fault:
        try:
            self._require_readable(row)
            return self._entry(row)
        except Refused as refused:
            return Fault(row.number, refused.code, refused.facts)

    def _require_readable(self, row: Row) -> None:
        for place, column in self.used:
            cell = row.cells[place]
            if _UNDECODED.search(cell):
                raise Refused("unreadable", column=column)
            found = _CONTROL.search(cell)
            if found:
                raise Refused("control", column=column, sign=f"U+{ord(found[0]):04X}")
            if "\ufffd" in cell:
                raise Refused("lost", column=column)

    def cell(self, row: Row, role: str) -> str:
        return "\n".join(row.cells[place] for place in self.places.get(role, ())).strip()

    def _entry(self, row: Row) -> Entry:
        turns, question = conversation(self.cell(row, "question"))
        if not question.strip():
            raise Refused("no_question")
        _require_short("question", question, MOST_QUESTION)
        item = Item(
            question,
            self._options(row),
            context=self._text(row, "context"),
            language=self._language(row),
            turns=turns,
            meta=_meta(self.cell(row, "subject")),
        )
        criteria = rubrics.rubric(self.cell(row, "rubric")) if self.layout.kind is Kind.RUBRIC else ()
        key = Key(self._gold(row, item), self.name, rationale=self._text(row, "rationale"), rubric=criteria)
        return Entry(
            self.cell(row, "id")[:128] or item.sha[:12], item, key, group=self.cell(row, "group")[:128]
        )

    def _text(self, row: Row, role: str) -> str:
        """A long text; a list of paragraphs is joined, as is PubMedQA's object with its `contexts`."""
        cell = self.cell(row, role)
        found = literal(cell) if cell[:1] in ("[", "{") else None
        parts = found.get("contexts") if isinstance(found, dict) else found
        text = "\n".join(map(str, parts)) if isinstance(parts, list) else cell
        _require_short(role, text, MOST_TEXT)
        return text

    def _options(self, row: Row) -> tuple[Option, ...]:
        if self.layout.kind is Kind.YES_NO_MAYBE:
            return YES_NO_MAYBE
        if self.layout.kind not in (Kind.CHOICE, Kind.SEVERAL):
            return ()
        return options([row.cells[place] for place in self.places["options"]])

    def _language(self, row: Row) -> str:
        said = self.cell(row, "language").casefold()
        tongue = _TONGUES.get(said, said) or self.layout.language
        if tongue not in LANGUAGES:
            raise Refused("unknown_language", found=shown(said))
        return tongue

    def _gold(self, row: Row, item: Item) -> tuple[tuple[str, ...], ...]:
        cell, kind = self.cell(row, "answer"), self.layout.kind
        if kind is Kind.RUBRIC:
            return ((cell,),) if cell else ()
        if not cell:
            raise Refused("no_answer")
        if kind in (Kind.CHOICE, Kind.SEVERAL):
            is_several = kind is Kind.SEVERAL
            return golds.acceptable(cell, item.options, spelling=self.layout.answers, is_several=is_several)
        return _GOLDS[kind](cell)


def _yes_no_maybe(cell: str) -> tuple[tuple[str, ...], ...]:
    word = golds.yes_no_maybe(cell)
    if not word:
        raise Refused("unknown_word", found=shown(cell))
    return ((word,),)


def _free(cell: str) -> tuple[tuple[str, ...], ...]:
    _require_short("answer", cell, MOST_TEXT)
    if not any(c.isalnum() for c in cell):
        raise Refused("no_text")
    return ((cell,),)


def _points(cell: str) -> tuple[tuple[str, ...], ...]:
    if not _POINT.search(cell):
        raise Refused("no_points")
    return _free(cell)


def _entities(cell: str) -> tuple[tuple[str, ...], ...]:
    """A list, or the text as the metric splits it: at commas, semicolons and lines outside brackets."""
    found = literal(cell) if cell.startswith("[") else None
    parts = found if isinstance(found, list) else re.split(r"[;；，、\n]\s*|,\s+", cell)
    return (tuple(str(part).strip() for part in parts if str(part).strip()),)


def _label(cell: str) -> tuple[tuple[str, ...], ...]:
    if len(cell) > MOST_LABEL:
        raise Refused("label_too_long", found=shown(cell))
    return ((cell,),)


def _labels(cell: str) -> tuple[tuple[str, ...], ...]:
    found = literal(cell) if cell.startswith("[") else None
    parts = found if isinstance(found, list) else re.split(r"\s*[|;；\n]\s*", cell)
    return (tuple(dict.fromkeys(_label(str(part).strip())[0][0] for part in parts if str(part).strip())),)


_GOLDS = {
    Kind.YES_NO_MAYBE: _yes_no_maybe,
    Kind.TEXT: _free,
    Kind.STRUCTURED: _points,
    Kind.ENTITIES: _entities,
    Kind.LABEL: _label,
    Kind.LABELS: _labels,
}


def conversation(cell: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """(earlier turns, the question) of HealthBench's list of messages; a text is a question alone."""
    found = literal(cell) if cell.startswith("[{") else None
    if found is None:
        return (), cell
    messages = found if isinstance(found, list) else []
    turns = [
        (str(one.get("role", "")), str(one.get("content", ""))) for one in messages if isinstance(one, dict)
    ]
    if (
        not turns
        or turns[-1][0] != "user"
        or not {role for role, _ in turns} <= {"user", "assistant", "system"}
    ):
        raise Refused("turns")
    return tuple(turns[:-1]), turns[-1][1]


def _require_short(column: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Refused("too_long", column=column, n=len(text), most=most)


def _meta(subject: str) -> Mapping[str, str]:
    """The specialty's code where the list knows the name; the name itself is kept as the topic."""
    if not subject:
        return {}
    code = specialty_of(subject)
    return {"topic": subject[:120]} | ({"subject": code} if code else {})


@lru_cache(maxsize=1024)
def specialty_of(name: str) -> str:
    """A code of the controlled list by its code, its English or Chinese name, or what a benchmark says."""
    wanted = name.strip().casefold()
    for code, names in specialties.CODES.items():
        if wanted in (code, *(one.casefold() for one in names)):
            return code
    return (
        specialties.from_medmcqa(name)
        or specialties.from_mmedbench(name)
        or specialties.from_unimedicaleval(name)
        or specialties.from_mmlu(name.strip().casefold().replace(" ", "_"))
    )


def _with_labels(found: Sequence[tuple[int, Entry | Fault]]) -> list[tuple[int, Entry | Fault]]:
    """The closed list is every label that occurs; it belongs to each item."""
    entries = [entry for _, entry in found if isinstance(entry, Entry)]
    names = dict.fromkeys(label for entry in entries for one in entry.key.acceptable for label in one)
    offered = tuple(Option(name, name) for name in sorted(names))
    return [
        (row, replace(one, item=replace(one.item, options=offered)) if isinstance(one, Entry) else one)
        for row, one in found
    ]


def _apart(
    found: Sequence[tuple[int, Entry | Fault]],
) -> tuple[list[tuple[int, Entry]], list[Fault]]:
    """Rows that stand alone, and the faults; of doubles the first one stays."""
    good: list[tuple[int, Entry]] = []
    faults: list[Fault] = []
    items: dict[str, tuple[int, Entry]] = {}
    ids: dict[str, int] = {}
    for row, one in found:
        fault = one if isinstance(one, Fault) else _double(row, one, items, ids)
        if fault:
            faults.append(fault)
        elif isinstance(one, Entry):
            good.append((row, one))
            items[one.item.sha] = (row, one)
            ids[one.item_id] = row
    return good, faults


def _double(
    row: int, entry: Entry, items: Mapping[str, tuple[int, Entry]], ids: Mapping[str, int]
) -> Fault | None:
    if entry.item.sha in items:
        first, other = items[entry.item.sha]
        is_same = other.key.acceptable == entry.key.acceptable and other.key.rubric == entry.key.rubric
        return Fault(row, "same_item" if is_same else "contradiction", {"first": first})
    if entry.item_id in ids:
        return Fault(row, "same_id", {"id": shown(entry.item_id), "first": ids[entry.item_id]})
    return None
