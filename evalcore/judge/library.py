"""Rubrics as files: the bundled ones and those of a folder, read and checked, every fault with its place."""

import difflib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from evalcore.errors import DataError, UsageError
from evalcore.judge.rubric import TIE, Cell, Mode, Reference, Rubric, Scale, ScaleKind, Texts

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_MOST_VERDICTS, _MOST_CRITERIA, _LONGEST_TEXT, _LARGEST_FILE = 64, 100, 4_000, 1_000_000
_LONGEST_PATTERN = 200
_FIELDS = {
    "id",
    "version",
    "mode",
    "title",
    "criteria",
    "reference",
    "language",
    "source",
    "prompt",
    "pattern",
}
_CELL_FIELDS = {"name", "text", "scale"}


def rubrics(folder: Path | None = None) -> dict[str, Rubric]:
    """All rubrics by id: the bundled ones, then those of the folder's *.json files.

    Raises DataError for a file that cannot be read rightly, UsageError for one that takes a bundled id.
    """
    own = [read_rubric(file.read_bytes(), file.name) for file in _own_files(folder)]
    known = dict(_bundled())
    for rubric in own:
        if rubric.id in known:
            raise UsageError(
                f"Two rubrics are called {rubric.id!r}. A score is named by its rubric: give the one in your "
                "folder another id."
            )
        known[rubric.id] = rubric
    return known


def load_rubric(id: str, folder: Path | None = None) -> Rubric:
    """A rubric by id (`mmedbench`) or name (`mmedbench-1`); UsageError with the nearest known one."""
    known = rubrics(folder)
    found = known.get(id) or next((one for one in known.values() if one.name == id), None)
    if found:
        return found
    near = difflib.get_close_matches(id, known, n=1, cutoff=0.4)
    hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
    raise UsageError(f"There is no rubric {id!r}. {hint}")


@cache
def _bundled() -> Mapping[str, Rubric]:
    folder = files("evalcore.judge").joinpath("rubrics")
    read = [
        read_rubric(file.read_bytes(), file.name)
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    ]
    return {rubric.id: rubric for rubric in read}


def _own_files(folder: Path | None) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder and folder.is_dir() else []


def read_rubric(content: bytes, place: str) -> Rubric:
    """One rubric file. place: named in errors. Raises DataError."""
    if len(content) > _LARGEST_FILE:
        raise DataError(f"{place}: {len(content):,} bytes are no rubric. Give a file under 1 MB.")
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=lambda pairs: _once(pairs, place))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{place}: not JSON ({error}). Correct the file.") from None
    return _rubric(_Fields(value, place))


def _once(pairs: list[tuple[str, Any]], place: str) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{place}: {twice!r} stands there twice in one object. Keep one.")
    return dict(pairs)


class _Fields:
    """A JSON object whose fields are taken one by one; what is wrong is said with its place."""

    def __init__(self, value: object, place: str) -> None:
        self.place = place
        if not isinstance(value, dict):
            raise self.wrong("is not an object")
        self._value = value

    def wrong(self, what: str) -> DataError:
        return DataError(f"{self.place}: {what}. The files in evalcore/judge/rubrics show the form.")

    def only(self, known: set[str]) -> None:
        unknown = sorted(set(self._value) - known)
        if unknown:
            raise self.wrong(f"unknown field {unknown[0]!r}; known are {', '.join(sorted(known))}")

    def get(self, name: str) -> Any:
        return self._value.get(name)

    def text(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self._value.get(name)
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self.wrong(f"{name} is {value!r:.60}, but must match {pattern.pattern}")
        return value

    def one_of(self, name: str, known: list[str], otherwise: str | None = None) -> str:
        value = self._value.get(name, otherwise)
        if not isinstance(value, str) or value not in known:
            raise self.wrong(f"{name} is {value!r:.60}, but must be one of {', '.join(known)}")
        return value

    def texts(self, name: str) -> Texts:
        return _texts(self._value.get(name), f"{self.place}: {name}")


def _texts(value: object, place: str) -> Texts:
    """A text, or one by language with English among them."""
    by_language = {"en": value} if isinstance(value, str) else value
    if not isinstance(by_language, dict) or "en" not in by_language:
        raise DataError(f'{place} must be a text, or texts by language with "en" among them.')
    for language, text in by_language.items():
        is_text = isinstance(text, str) and 0 < len(text.strip()) <= len(text) <= _LONGEST_TEXT
        if not _LANGUAGE.fullmatch(language) or not is_text:
            raise DataError(
                f"{place}: {language!r:.20} must be a language code with a text of 1 to {_LONGEST_TEXT:,} "
                "characters."
            )
    return by_language


def _rubric(fields: _Fields) -> Rubric:
    fields.only(_FIELDS)
    mode = Mode(fields.one_of("mode", [mode.value for mode in Mode]))
    version = fields.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise fields.wrong(f"version is {version!r:.60}, but must be a whole number from 1")
    source = fields.get("source") or ""
    if not isinstance(source, str):
        raise fields.wrong("source must be a text")
    return Rubric(
        id=fields.text("id", _ID),
        version=version,
        mode=mode,
        title=fields.texts("title"),
        criteria=_criteria(fields, mode),
        reference=Reference(fields.one_of("reference", [one.value for one in Reference], "shown")),
        language=fields.one_of("language", ["item", "en"], "item"),
        source=source,
        prompt=_prompt(fields, mode),
        pattern=_pattern(fields),
    )


def _prompt(fields: _Fields, mode: Mode) -> Texts:
    """A prompt of the rubric's own; the answers must be in it."""
    if fields.get("prompt") is None:
        return {}
    prompt = fields.texts("prompt")
    needed = {Mode.PAIRWISE: ("answer_a", "answer_b"), Mode.TOPIC: ("question",)}.get(mode, ("answer",))
    for text in prompt.values():
        lacking = [name for name in needed if "{" + name + "}" not in text]
        if lacking:
            raise fields.wrong(f"prompt: a text lacks {{{lacking[0]}}}")
    return prompt


def _pattern(fields: _Fields) -> str:
    pattern = fields.get("pattern") or ""
    try:
        groups = re.compile(pattern).groups if pattern else 1
    except (re.error, TypeError) as error:
        raise fields.wrong(f"pattern is no regular expression ({error})") from None
    if groups != 1 or len(pattern) > _LONGEST_PATTERN:
        raise fields.wrong(f"pattern must have one group and at most {_LONGEST_PATTERN} characters")
    return str(pattern)


def _criteria(fields: _Fields, mode: Mode) -> tuple[Cell, ...]:
    """Mode rubric: the word "item", every item brings its own; otherwise a list."""
    given = fields.get("criteria")
    if mode is Mode.RUBRIC:
        if given != "item":
            raise fields.wrong(
                'a rubric of mode "rubric" takes its criteria from the items: "criteria": "item"'
            )
        return ()
    pattern = _pattern(fields)
    if not isinstance(given, list) or not 0 < len(given) <= _MOST_CRITERIA:
        raise fields.wrong(f"criteria must be a list of 1 to {_MOST_CRITERIA}")
    criteria = tuple(
        _cell(_Fields(one, f"{fields.place}: criterion {n}"), mode, pattern) for n, one in enumerate(given, 1)
    )
    names = [cell.name for cell in criteria]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise fields.wrong(f"two criteria are called {twice!r}")
    return criteria


_ALLOWED = {
    Mode.RATING: (ScaleKind.NUMBERS, ScaleKind.YES_NO),
    Mode.PAIRWISE: (ScaleKind.LABELS,),
    Mode.TOPIC: (ScaleKind.LABELS,),
    Mode.COUNTERFACTUAL: (ScaleKind.YES_NO,),
    Mode.EXTRACTION: (ScaleKind.OPTIONS,),
}


def _cell(fields: _Fields, mode: Mode, pattern: str) -> Cell:
    fields.only(_CELL_FIELDS)
    scale = _scale(_Fields(fields.get("scale"), f"{fields.place}: scale"))
    if scale.kind not in _ALLOWED[mode]:
        fitting = " or ".join(kind.value for kind in _ALLOWED[mode])
        raise fields.wrong(
            f"a scale of kind {scale.kind.value} does not fit the mode {mode.value}; use {fitting}"
        )
    if mode is Mode.PAIRWISE and set(scale.values) - {TIE} != {"A", "B"}:
        raise fields.wrong("the labels of a comparison are A, B and, if wanted, tie")
    return Cell(fields.text("name", _ID), fields.texts("text"), scale, pattern=pattern)


def _scale(fields: _Fields) -> Scale:
    fields.only({"kind", "min", "max", "labels", "anchors"})
    kind = ScaleKind(fields.one_of("kind", [kind.value for kind in ScaleKind]))
    values = _values(kind, fields)
    anchors = fields.get("anchors") or {}
    if not isinstance(anchors, dict) or set(anchors) - set(values):
        raise fields.wrong(f"anchors must be an object whose names are verdicts: {', '.join(values)}")
    described = {value: _texts(anchors[value], f"{fields.place}: anchor {value}") for value in anchors}
    return Scale(kind, values, described)


def _values(kind: ScaleKind, fields: _Fields) -> tuple[str, ...]:
    if kind is ScaleKind.NUMBERS:
        low, high = fields.get("min"), fields.get("max")
        if type(low) is not int or type(high) is not int or not 0 < high - low < _MOST_VERDICTS:
            raise fields.wrong(f"min {low!r:.20} and max {high!r:.20} must be whole numbers, min below max")
        return tuple(str(number) for number in range(low, high + 1))
    if kind is ScaleKind.LABELS:
        return _labels(fields)
    return ("no", "yes") if kind is ScaleKind.YES_NO else ()


def _labels(fields: _Fields) -> tuple[str, ...]:
    labels = fields.get("labels")
    if not isinstance(labels, list) or not 2 <= len(labels) <= _MOST_VERDICTS:
        raise fields.wrong(f"labels must be a list of 2 to {_MOST_VERDICTS}")
    for label in labels:
        if not isinstance(label, str) or not 0 < len(label.strip()) == len(label) <= 100:
            raise fields.wrong(
                f"label {label!r:.60} must be a text of at most 100 characters, without blanks around"
            )
    if len({label.casefold() for label in labels}) < len(labels):
        raise fields.wrong("two labels are the same but for upper and lower case")
    return tuple(labels)
