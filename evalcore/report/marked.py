"""What is marked in an item's texts: searched words, entities, points, facts of a dialogue."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from evalcore.metrics import dialogue, structured
from evalcore.metrics import entities as entity_lists
from evalcore.metrics.structured import KeyRow
from evalcore.store import grams
from evalcore.store.record import Record

Span = tuple[int, int]
SEARCHED = 100_000  # characters of a text that are looked through for what is marked
COMPARED = 20_000  # characters of a reply whose entities and points are shown
_MOST = 400  # marks of one text
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af"
ALIGNED = re.compile("; aligned: ")
"""Stands in a score's reason before the words that were read as other terms."""
_ALIGNMENT = re.compile(r"(.+?) → (.+?) \((\d\.\d\d)\)(?:, |$)")
_LETTER = re.compile(rf"[^\W{_CJK}]")


def searched(text: str, query: str) -> tuple[Span, ...]:
    """Where the words of a search stand: what the search found, in any script and spelling it folds."""
    return tuple(islice(grams.places(text[:SEARCHED], query), _MOST))


@dataclass(frozen=True)
class Entity:
    """text: as the key or the reply writes it. sort: matched, missed (only gold), extra (only said)."""

    text: str
    sort: str


@dataclass(frozen=True)
class Entities:
    """Gold entities in their order, then those that only the reply has; in_reply: where it says them.

    is_list: False for attributes (an age, a gender), which are compared by meaning and not marked.
    """

    rows: tuple[Entity, ...]
    in_reply: tuple[tuple[int, int, str], ...]
    is_list: bool

    def in_source(self, text: str) -> tuple[tuple[int, int, str], ...]:
        """(start, end, sort) wherever an entity stands in a text, whatever its case, width and blanks."""
        if not self.is_list:
            return ()
        look = _looker(text[:SEARCHED])
        return tuple(islice(((*span, one.sort) for one in self.rows for span in look(one.text)), _MOST))


def said(record: Record) -> tuple[str, int]:
    """The reply without its thinking part, and where in the reply that begins."""
    text = record.response.text if record.response else ""
    span = record.answer.span if record.answer else None
    return (text[slice(*span)], span[0]) if span else (text, 0)


def _beginning(record: Record) -> tuple[str, int]:
    text, offset = said(record)
    return text[:COMPARED], offset


def entities(record: Record) -> Entities:
    """Against the acceptable list that the reply comes nearest to, as its score is."""
    text, offset = _beginning(record)
    is_list = record.meta.get(entity_lists.FORM) != entity_lists.ATTRIBUTES
    golds = [_named((", " if is_list else "  ").join(gold), is_list) for gold in record.gold] or [{}]
    found = entity_lists.found(text) if is_list else []
    ours = {name: text[start:end] for name, start, end in reversed(found)}
    ours = ours if is_list else _named(text, is_list)
    gold = max(golds, key=lambda one: (_f1(ours, one), -len(one.keys() ^ ours.keys())))
    rows = [Entity(words, "matched" if name in ours else "missed") for name, words in gold.items()]
    rows += [Entity(words, "extra") for name, words in reversed(ours.items()) if name not in gold]
    places = ((offset + a, offset + b, "matched" if name in gold else "extra") for name, a, b in found)
    return Entities(tuple(rows), tuple(islice(places, _MOST)), is_list)


def _named(text: str, is_list: bool) -> dict[str, str]:
    """Normalised entity -> as it is written; attributes are written as they are understood."""
    if not is_list:
        return {one: one for one in sorted(entity_lists.attributes(text), reverse=True)}
    return {name: text[start:end] for name, start, end in entity_lists.found(text)}


def _f1(ours: Mapping[str, str], gold: Mapping[str, str]) -> float:
    both = len(ours.keys() & gold.keys())
    return entity_lists.f1(both, len(ours) - both, len(gold) - both)


def points(record: Record) -> tuple[KeyRow, ...]:
    """The table of keys, against the acceptable text of which the reply has the most keys.

    Words are read as the terms that a score by a term library has kept; without one they stay themselves.
    """
    text, _ = _beginning(record)
    aligner = Kept.of(record)
    tables = [structured.comparison(text, gold, aligner) for one in record.gold for gold in one]
    return max(tables, key=lambda rows: sum(row.matched for row in rows), default=())


@dataclass(frozen=True)
class Kept:
    """Alignments as a score tells them: by word its term and their similarity."""

    terms: Mapping[str, tuple[str, float]]

    @classmethod
    def of(cls, record: Record) -> "Kept | None":
        told = [ALIGNED.split(one.why) for one in record.scores if one.metric.startswith("aligned_f1@")]
        found = [_ALIGNMENT.findall(whys[1]) for whys in told if len(whys) > 1]
        return cls({word: (term, float(near)) for word, term, near in found[0]}) if found else None

    def __call__(self, words: Sequence[str]) -> list[tuple[str, str, float]]:
        return [(word, *self.terms.get(word, (word, 0.0))) for word in words]

    def is_term(self, text: str) -> bool:
        return text in self.terms


@dataclass(frozen=True)
class Told:
    """One phrase that a dialogue's key holds. part: facts, terms or diagnoses."""

    part: str
    phrase: str
    is_said: bool


def told(record: Record) -> tuple[Told, ...]:
    """Which phrases of the key came out: facts of anybody, terms and final diagnoses of the doctor."""
    everybody = [one.text for one in record.dialogue]
    doctor = [one.text for one in record.dialogue if one.role == "doctor"]
    heard = {"facts": everybody, "terms": doctor, "diagnoses": doctor[-1:]}
    return tuple(
        Told(part, phrase, dialogue.is_said(phrase, turns))
        for (part, turns), phrases in zip(heard.items(), record.gold, strict=False)
        for phrase in phrases
    )


def recorded(record: Record) -> tuple[tuple[str, str], ...]:
    """(role, words) of a consultation that the dataset recorded; () where it has none."""
    return dialogue.recorded(str(record.meta.get("consult_process") or ""))


def _looker(text: str) -> Callable[[str], Iterator[Span]]:
    """Finds phrases in one text, folded once."""
    folded, origins = _traced(text)

    def look(phrase: str) -> Iterator[Span]:
        wanted = _traced(phrase)[0].strip()
        for found in re.finditer(_whole(wanted), folded) if wanted else ():
            yield origins[found.start()], origins[found.end() - 1] + 1

    return look


def _whole(wanted: str) -> str:
    """Not inside a longer word, where the script has words."""
    before = f"(?<!{_LETTER.pattern})" if _LETTER.match(wanted[0]) else ""
    after = f"(?!{_LETTER.pattern})" if _LETTER.match(wanted[-1]) else ""
    return f"{before}{re.escape(wanted)}{after}"


def _traced(text: str) -> tuple[str, Sequence[int]]:
    """Without case and width, blanks as one; with the place each character came from."""
    pieces: list[str] = []
    origins: list[int] = []
    for place, one in enumerate(text):
        for char in _folded(one):
            if char != " " or not pieces or pieces[-1] != " ":
                pieces.append(char)
                origins.append(place)
    return "".join(pieces), origins


@lru_cache(maxsize=65_536)
def _folded(char: str) -> str:
    return " " if char.isspace() else unicodedata.normalize("NFKD", char).casefold()
