"""From a rubric, an item and answers to what a judge reads: shared parts first, others' words marked.

The judge sees no name of a model. What others wrote stands between markers that carry a hash of what they
enclose, so nobody can write a text that holds its own marker; look-alikes inside are pulled apart.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from evalcore.answers.view import outside_thinking
from evalcore.errors import DataError
from evalcore.judge.rubric import NONE, Cell, Mode, Reference, Rubric, Scale, ScaleKind, Texts
from evalcore.types import Item, Key, Part, Prompt, content_hash

_MARKS = re.compile(
    r"[\[［](?=[\[［])|[\]］](?=[\]］])|\[(?=/?INST\])|\|(?=>)"
    r"|<(?=\||/?(?:think|thinking|thought|reasoning|reflection|s|bos|eos|start_of_turn|end_of_turn)>)",
    re.IGNORECASE,
)


@cache
def _frame() -> Mapping[str, Any]:
    """What every judge is told, by language, with a version."""
    frame: Mapping[str, Any] = json.loads(files("evalcore.judge").joinpath("frame.json").read_bytes())
    return frame


def cells(rubric: Rubric, item: Item, key: Key) -> tuple[Cell, ...]:
    """What is asked about one subject, a call each. DataError where the rubric cannot judge this item."""
    if rubric.reference is Reference.NEEDED and not _references(item, key):
        raise _unfit(rubric, item, "it has no reference answer")
    if rubric.mode is Mode.RUBRIC:
        return _own_cells(rubric, item, key)
    if rubric.mode is not Mode.EXTRACTION:
        return rubric.criteria
    if not item.options:
        raise _unfit(rubric, item, "it has no options")
    scale = Scale(ScaleKind.OPTIONS, (*item.labels, NONE))
    return tuple(replace(cell, scale=scale) for cell in rubric.criteria)


def _own_cells(rubric: Rubric, item: Item, key: Key) -> tuple[Cell, ...]:
    if not key.rubric:
        raise _unfit(rubric, item, "it brings no criteria of its own")
    return tuple(
        Cell(
            f"criterion-{n}",
            {"en": f"[{criterion.points:g}] {criterion.text}"},
            Scale(ScaleKind.YES_NO, ("no", "yes")),
            criterion.points,
            criterion.tags,
            rubric.pattern,
        )
        for n, criterion in enumerate(key.rubric, 1)
    )


def _unfit(rubric: Rubric, item: Item, why: str) -> DataError:
    return DataError(
        f"The item {item.sha[:8]} cannot be judged by {rubric.name}: {why}. Choose another rubric or task."
    )


def language_of(rubric: Rubric, item: Item) -> str:
    """The language a judge is asked in: the item's where rubric and frame have it, else English."""
    texts = [cell.text for cell in rubric.criteria]
    texts += [text for cell in rubric.criteria for text in cell.scale.anchors.values()]
    texts += [rubric.prompt] if rubric.prompt else []
    is_there = item.language in _frame()["texts"] and all(item.language in text for text in texts)
    return item.language if rubric.language == "item" and rubric.criteria and is_there else "en"


def schema(cell: Cell) -> str:
    """JSON Schema of a reply, explanation before verdict; for Request.schema. "" for a form of its own."""
    if cell.pattern:
        return ""
    verdicts: dict[str, Any] = {"type": "string", "enum": list(cell.scale.values)}
    if cell.scale.kind is ScaleKind.NUMBERS:
        verdicts = {"type": "integer", "enum": [int(value) for value in cell.scale.values]}
    fields = {"explanation": {"type": "string"}, "quote": {"type": "string"}, "verdict": verdicts}
    form = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def prompt(
    rubric: Rubric,
    cell: Cell,
    item: Item,
    key: Key,
    answers: Sequence[str],
    *,
    language: str,
    structured: bool,
    chat: bool = True,
) -> Prompt:
    """Asks for explanation, quote and verdict in one JSON object.

    answers: as many as `rubric.answers`, in the order in which they are shown. structured: the server holds
    the reply to `schema(cell)`; without, the form is spelled out once more. A rubric with a prompt of its own
    is asked with that alone.
    """
    words = _words(language)
    if rubric.prompt:
        return _own_prompt(rubric, cell, item, key, answers, words, chat=chat)
    ending = [f"{words['form']}\n{_form(cell)}", *([] if structured else [words["only"]])]
    shown = _shown(rubric, cell, item, key, answers, words)
    return _prompt(rubric, [*shown, "\n".join(ending)], chat=chat)


def batch_schema(cells: Sequence[Cell]) -> str:
    """JSON Schema of a reply to `batch_prompt`: an object with one entry a criterion, each as in `schema`."""
    entries = {cell.name: json.loads(schema(cell)) for cell in cells}
    form = {
        "type": "object",
        "properties": entries,
        "required": list(entries),
        "additionalProperties": False,
    }
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def batch_prompt(
    rubric: Rubric,
    cells: Sequence[Cell],
    item: Item,
    key: Key,
    answers: Sequence[str],
    *,
    language: str,
) -> Prompt:
    """Asks for several criteria of one subject in one JSON object; read by `read_batch`."""
    words = _words(language)
    forms = ", ".join(f'"{cell.name}": {_form(cell)}' for cell in cells)
    lines = [f'"{cell.name}": {_asked(cell, words)}' for cell in cells]
    met = [words["met"]] if rubric.mode is Mode.RUBRIC else []
    asked = "\n\n".join([f"{words['criteria']}:", *lines, *met]) + "\n\n"
    texts = [*_matter(rubric, item, key, answers, words), asked, f"{words['forms']}\n{{{forms}}}"]
    return _prompt(rubric, texts, chat=True)


def explanation_prompt(
    rubric: Rubric,
    cell: Cell,
    item: Item,
    key: Key,
    answers: Sequence[str],
    *,
    language: str,
    chat: bool,
) -> Prompt:
    """The first of two steps of a local judge: explain, no verdict yet."""
    words = _words(language)
    return _prompt(
        rubric, [*_shown(rubric, cell, item, key, answers, words), words["explain"] + "\n"], chat=chat
    )


def verdict_prompt(
    rubric: Rubric,
    cell: Cell,
    item: Item,
    key: Key,
    answers: Sequence[str],
    *,
    explanation: str,
    language: str,
    chat: bool,
) -> Prompt:
    """The second step: its own explanation before it, the allowed verdicts are ranked (`verdict_targets`).

    option_order holds the verdicts, so the response's log-likelihoods come back by verdict.
    """
    words = _words(language)
    said = neutralised(as_shown(explanation)) or words["empty"]
    ending = f"{words['explained']}:\n{said}\n\n{words['verdict']} {', '.join(cell.scale.values)}:"
    parts = [*_shown(rubric, cell, item, key, answers, words), ending]
    return _prompt(
        rubric, parts, chat=chat, targets=verdict_targets(cell, chat=chat), verdicts=cell.scale.values
    )


def verdict_targets(cell: Cell, *, chat: bool) -> tuple[str, ...]:
    """Continuations to rank, one a verdict; with a leading blank where plain text goes on."""
    return tuple(value if chat else f" {value}" for value in cell.scale.values)


def _prompt(
    rubric: Rubric,
    texts: Sequence[str],
    *,
    chat: bool,
    targets: tuple[str, ...] = (),
    verdicts: tuple[str, ...] = (),
) -> Prompt:
    roles = ("system", *["user"] * (len(texts) - 1)) if chat else ("",) * len(texts)
    parts = tuple(Part(text, role) for text, role in zip(texts, roles, strict=True))
    version = int(_frame()["version"])
    return Prompt(parts, f"judge/{rubric.name}", version, option_order=verdicts, targets=targets)


_PLACES = re.compile(r"(\{(?:question|options|context|reference|criterion|answer|answer_a|answer_b)\})")


def _own_prompt(
    rubric: Rubric,
    cell: Cell,
    item: Item,
    key: Key,
    answers: Sequence[str],
    words: Mapping[str, str],
    *,
    chat: bool,
) -> Prompt:
    """The rubric's text with each place filled once; what is filled in is looked through for no places."""
    facts = dict(_facts(rubric, item, key, words)) | {"criterion": _in(cell.text, words)}
    shown = [as_shown(answer) for answer in _counted(rubric, answers)]
    names = ("answer_a", "answer_b") if len(shown) == 2 else ("answer",)
    facts |= dict(zip(names, shown, strict=False))
    pieces = _PLACES.split(_in(rubric.prompt, words))
    texts = [neutralised(facts.get(one[1:-1], "")) if _PLACES.fullmatch(one) else one for one in pieces]
    parts = tuple(Part(text, "user" if chat else "") for text in texts if text)
    return Prompt(parts, f"judge/{rubric.name}", rubric.version)


def _words(language: str) -> Mapping[str, str]:
    texts: Mapping[str, Mapping[str, str]] = _frame()["texts"]
    return {"language": language, **(texts.get(language) or texts["en"])}


def _shown(
    rubric: Rubric, cell: Cell, item: Item, key: Key, answers: Sequence[str], words: Mapping[str, str]
) -> list[str]:
    """What all endings share: one part for all calls, one per item, one per answer, one per criterion."""
    return [*_matter(rubric, item, key, answers, words), _criterion(rubric, cell, words)]


def _matter(
    rubric: Rubric, item: Item, key: Key, answers: Sequence[str], words: Mapping[str, str]
) -> list[str]:
    system, shown = words["system"] + "\n\n", _answers(_counted(rubric, answers), words)
    return [system, _item(rubric, item, key, words), *shown]


def _counted(rubric: Rubric, answers: Sequence[str]) -> Sequence[str]:
    if len(answers) != rubric.answers:
        raise ValueError(f"{rubric.name} judges {rubric.answers} answers at a time, not {len(answers)}")
    return answers


def _marked(name: str, text: str) -> str:
    """A block of data between lines that carry its hash."""
    body = neutralised(text)
    mark = content_hash([name, body])[:12]
    return f"[[{name} {mark}]]\n{body}\n[[END {mark}]]\n\n"


def neutralised(text: str) -> str:
    """What could pass for a marker, a thinking tag or a chat template's token is pulled apart by a blank."""
    return _MARKS.sub(lambda found: found[0] + " ", text)


def _item(rubric: Rubric, item: Item, key: Key, words: Mapping[str, str]) -> str:
    facts = _facts(rubric, item, key, words)
    return _marked(
        "ITEM", "\n\n".join(f"{words[name]}:\n{text.strip()}" for name, text in facts if text.strip())
    )


def _facts(rubric: Rubric, item: Item, key: Key, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What is told about an item; the truth only where the rubric shows it."""
    is_told = rubric.reference is not Reference.HIDDEN
    return (
        ("context", item.context),
        ("conversation", "\n\n".join(f"{role}: {text}" for role, text in item.turns)),
        ("question", item.question),
        ("options", "\n".join(f"{option.label}. {option.text}" for option in item.options)),
        ("reference", f"\n{words['or']}\n".join(_references(item, key)) if is_told else ""),
        ("rationale", key.rationale if is_told else ""),
    )


def _references(item: Item, key: Key) -> list[str]:
    """Each acceptable answer in words; an option with its text."""
    texts = {option.label: f"{option.label}. {option.text}" for option in item.options}
    return [", ".join(texts.get(one, one) for one in way) for way in key.acceptable if any(way)]


def _answers(answers: Sequence[str], words: Mapping[str, str]) -> list[str]:
    if not answers:
        return [words["nothing"] + "\n\n"]
    names = ("ANSWER",) if len(answers) == 1 else ("ANSWER A", "ANSWER B")
    shown = [as_shown(answer) or words["empty"] for answer in answers]
    return [_marked(name, answer) for name, answer in zip(names, shown, strict=True)]


def as_shown(answer: str) -> str:
    """What a judge reads of a reply: nothing of its thinking."""
    span = outside_thinking(answer)
    return answer[slice(*span)] if span else ""


def _criterion(rubric: Rubric, cell: Cell, words: Mapping[str, str]) -> str:
    met = words["met"] if rubric.mode is Mode.RUBRIC else ""
    return f"{words['criterion']}: {_asked(cell, words, met)}\n\n"


def _asked(cell: Cell, words: Mapping[str, str], met: str = "") -> str:
    allowed = f"{words['allowed']}: {_verdicts(cell.scale, words)}"
    return "\n".join(line for line in (_in(cell.text, words), met, allowed) if line)


def _in(texts: Texts, words: Mapping[str, str]) -> str:
    return texts.get(words["language"]) or texts["en"]


def _verdicts(scale: Scale, words: Mapping[str, str]) -> str:
    meanings = [f"{value} = {_in(text, words)}" for value, text in scale.anchors.items()]
    allowed = f"{words['one_of']} {', '.join(scale.values)}"
    return f"{allowed} ({'; '.join(meanings)})" if meanings else allowed


def _form(cell: Cell) -> str:
    verdict = "..." if cell.scale.kind is ScaleKind.NUMBERS else '"..."'
    return '{"explanation": "...", "quote": "...", "verdict": ' + verdict + "}"
