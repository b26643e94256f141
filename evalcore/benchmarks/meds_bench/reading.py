"""From a row of a MedS-Bench file to an item and its key: options from the input, the gold from its phrase.

What cannot be resolved for certain is a DataError that names the item (D1). An item keeps its input as the
file has it (meta `input`) where the parts alone would not give it back.
"""

import re
from collections.abc import Sequence

from evalcore.benchmarks import gold
from evalcore.benchmarks.meds_bench.table import LABELS, Line
from evalcore.benchmarks.task_file import Instance
from evalcore.errors import DataError
from evalcore.metrics.entities import ATTRIBUTES, FORM, gold_attributes, gold_entities
from evalcore.metrics.labels import COMPAT
from evalcore.metrics.text.released import FACTS
from evalcore.prompts import medsbench
from evalcore.types import Entry, Item, Key, Option

_OPTIONS = re.compile(r"\n[^\n:：]{1,20}[:：]\s*(?=A\s*[:：])")
_OPTION = re.compile(r"\s*([A-Z])\s*[:：][ \u3000]?(.*)", re.DOTALL)
_QUESTION = re.compile(r"(?:Question|问题|質問|Вопрос|Pregunta)\s*[:：][ \u3000]?")
_PHRASE = re.compile(
    r"\s*(?:the right answer is|正确答案是|正しい答えは|la bonne réponse est|правильный ответ"
    r"|la respuesta correcta es|the diagnosis result is|the treatment planning is)\s*[:：]?\s*",
    re.IGNORECASE,
)
_JAPANESE_END = re.compile(r"\s*です\s*[。.]?\s*$")
_COMPAT = {"outcome": "outcome", FACTS: "first_line"}  # by category; elsewhere the gold is a substring


def entry(line: Line, row: Instance, *, key_name: str = "") -> Entry:
    """key_name: who says what is right, the task itself unless told."""
    place = f"{line.id} item {row.item_id}"
    item = _item(line, row, place)
    key = Key(_acceptable(line, row.output, item, place), key_name or line.id)
    return Entry(row.item_id, item, key)


def _item(line: Line, row: Instance, place: str) -> Item:
    meta = {"category": line.category} | _rule(line)
    if line.form in ("choice", "several"):
        question, options = parted(row.input, place)
        item = Item(question, options, language=line.language, meta=meta)
        same = medsbench.input_of(item) == row.input
        return (
            item
            if same
            else Item(question, options, language=line.language, meta=meta | {"input": row.input})
        )
    labels = ("yes", "no", "maybe") if line.form == "maybe" else LABELS.get(line.number, ())
    return Item(row.input, tuple(Option(one, one) for one in labels), language=line.language, meta=meta)


def _rule(line: Line) -> dict[str, str]:
    """How the released scorer compares, for metrics that have more than one way."""
    if line.number == 74:
        return {FORM: ATTRIBUTES}
    return {COMPAT: _COMPAT.get(line.category, "substring")} if line.form == "label" else {}


def parted(text: str, place: str) -> tuple[str, tuple[Option, ...]]:
    """(question, options) of "Question: ...", a line break, "Options: A: x<TAB>B: y<TAB>"."""
    marks = list(_OPTIONS.finditer(text))
    pieces = [piece for piece in text[marks[-1].end() :].split("\t") if piece.strip()] if marks else []
    found = [match for match in map(_OPTION.fullmatch, pieces) if match]
    options = tuple(Option(match[1], match[2].strip()) for match in found)
    expected = [option.label for option in gold.lettered(pieces)]
    if not options or len(found) != len(pieces) or [option.label for option in options] != expected:
        raise DataError(
            f"{place}: no options A, B, ... could be read from {text[-80:]!r}. "
            "They stand behind the question as 'Options: A: x<TAB>B: y'. Put the published file there."
        )
    return _QUESTION.sub("", text[: marks[-1].start()], count=1), options


def _acceptable(line: Line, output: str, item: Item, place: str) -> gold.Acceptable:
    if line.form == "text":
        return ((output,),)
    if line.number == 74:
        return (gold_attributes(output),)
    if line.form in ("extraction", "entities"):
        return (gold_entities(output),)
    said = _JAPANESE_END.sub("", _PHRASE.sub("", output, count=1)) if line.number != 106 else output
    if line.form == "labels":
        return (_all_named(said, item, place),)
    if line.form in ("label", "maybe"):
        return ((_label(said, item, place),),)
    return _letters(said, item, place, is_single=line.form == "choice")


def _letters(said: str, item: Item, place: str, *, is_single: bool) -> gold.Acceptable:
    """`B: text`, `A: x, C: y`, else whatever other sets write as gold."""
    labels = stated(said, item.options)
    if not labels:
        return gold.resolve(said, item.options, place)
    if len(labels) == 1:
        return gold.same_text(labels[0], item.options)
    if is_single:
        raise DataError(
            f"{place}: {len(labels)} options are right ({', '.join(labels)}), one was expected. "
            "The file is another edition. Put the published one there."
        )
    return (tuple(label for label in item.labels if label in labels),)


def stated(said: str, options: Sequence[Option]) -> tuple[str, ...]:
    """Labels of `A: x, C: y` where each text is its option's; () for anything else."""
    rest, labels = " ".join(said.split()), []
    while rest:
        forms = {option.label: _form(option) for option in options}
        label = next((label for label, form in forms.items() if rest.startswith(form)), "")
        after = rest[len(forms[label]) :].lstrip(" .。") if label else ""
        if not label or (after and after[0] not in ",，、"):
            return ()
        labels.append(label)
        rest = after[1:].lstrip()
    return tuple(labels)


def _form(option: Option) -> str:
    return " ".join(f"{option.label}: {option.text}".split()).rstrip(" .。")


def _label(said: str, item: Item, place: str) -> str:
    plain = said.strip().rstrip(".。").strip().casefold()
    fitting = [label for label in item.labels if label.casefold() == plain]
    if not fitting:
        raise DataError(
            f"{place}: gold is {said[:80]!r}, which is none of {', '.join(item.labels)[:200]}. "
            "The file is another edition. Put the published one there."
        )
    return fitting[0]


def _all_named(said: str, item: Item, place: str) -> tuple[str, ...]:
    low = said.casefold()
    found = tuple(label for label in item.labels if label in low)
    if not found and low.strip(" .") not in ("", "none"):
        raise DataError(f"{place}: gold is {said[:80]!r}, which names none of the task's labels.")
    return found
