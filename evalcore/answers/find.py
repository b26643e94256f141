"""Where a text names options: by letter, by letter with its text, or by text alone; alone or in a list.

Positions are those of the text given. Nothing here decides what the reply means.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from evalcore.answers import signs, words
from evalcore.answers.options import LOOKALIKES, options_of, parted
from evalcore.types import Item, Kind

MOST_MENTIONS = 300  # of a text that names options more often, the last ones are looked at

_OPEN = re.compile(r"[\s\"'(\[{<:—•-]{0,16}")
_NOUN = re.compile(words.bounded(words.NOUN), re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|an?|la|le|les|el|los|las|l'|both|either|only)\s?(?=\S)", re.IGNORECASE)
_DEFINITE = re.compile(r"(?:the|la|le|el|both|either|only)\s(?=[A-Z]\b)")
_AND = re.compile(words.bounded(words.AND), re.IGNORECASE)
_OR = re.compile(words.bounded(words.OR), re.IGNORECASE)
_NEXT_LINE = re.compile(r"[ \t,;.]{0,8}\n[ \t]{0,8}(?:[-•] ?|\d[.)] ?)?| - |[ \t]{1,8}")
_NUMBER = re.compile(r"\d[.)] (?=[\"(]?[A-Z][\")]?[.):])")
PAUSE = re.compile(
    r"[ \t\"')\]}>]{0,16}(?:[.,;:!?。、}<—\n]|$|です|だ|である|となり)|\s{0,16}$| - |\s{1,6}" + signs.BECAUSE,
    re.IGNORECASE,
)
END = re.compile(
    r"[ \t\"')\]}>]{0,16}(?:[.,;:!?。、}<—\n]|$)|\s{0,16}$|\s{1,6}" + signs.CONNECTIVES, re.IGNORECASE
)
_NOUN_BEFORE = re.compile(words.bounded(words.NOUN) + r"[\s\"'(\[]{0,6}$", re.IGNORECASE)
_NOT_AFTER = re.compile(signs.NOT_AFTER, re.IGNORECASE)
_RIGHT = re.compile(r"[\s\"')\]]{0,16}" + words.joined(words.JUDGES), re.IGNORECASE)
_NOT_BEFORE = re.compile(signs.NOT_BEFORE)
_CONNECTIVE = re.compile(r"\s{1,6}" + signs.CONNECTIVES, re.IGNORECASE)
_REJECTED = re.compile(
    r"[\s\"')\]]{0,16}" + words.joined(words.REJECTS),
    re.IGNORECASE,
)


_SHORT = re.compile(r"\w{1,4}|.")
_ENDS_OUTSIDE = re.compile(r"[ \"')\]}]{0,4}(?:[.:)]\s|[.。]?\s{0,9}$|\n)")
_NEXT_WORD = re.compile(r"[ \t]{1,6}([^\W\d_])")
_DELIMITER = re.compile(r"\s?[.):]\s{0,3}[\"'(]?")
_LINK = re.compile(r"[^\s,;\"'()\[\].•\d-]")
_BRACKET, _BRACKET_END = re.compile(r"[\"']?\s?[,(]\s?"), re.compile(r"[^()\n.]{0,12}\)")


@dataclass(frozen=True)
class Named:
    """Options named at one place. start, end: the letters (or the text); stop: behind the option's text.

    is_open: joined by "or", or a letter beside another option's text. is_outside: a letter that is no option.
    is_marked: letter with noun, brackets or its text; is_text: named by its text alone.
    """

    labels: tuple[str, ...]
    start: int
    end: int
    stop: int
    is_open: bool = False
    is_outside: bool = False
    is_marked: bool = False
    is_text: bool = False


class Page:
    """One text and the options it may name. Lower case of the text has the text's length."""

    def __init__(self, text: str, item: Item, kind: Kind) -> None:
        self.text, self.kind = text, kind
        self.low = text.lower() if len(text.lower()) == len(text) else text
        self.options = options_of(tuple((option.label, option.text) for option in item.options), kind)
        self.shapes = self.low if self.options.is_words else parted(self.low)

    def named_at(self, place: int, *, is_cue: bool = True) -> Named | None:
        """The option or list of options that begins here, behind quotes, brackets, articles and nouns."""
        first = self._one_at(place, is_cue=is_cue)
        return first and (first if first.is_outside else self._with_following(first))

    def _one_at(self, place: int, *, is_cue: bool = True) -> Named | None:
        start = self._skip(_OPEN, place)
        start = self._skip(_NUMBER, start)
        noun = _NOUN.match(self.text, start)
        has_noun = noun is not None and noun.end() > start
        opened = self._skip(_OPEN, noun.end() if noun and has_noun else start)
        is_marked = has_noun or self.text[opened - 1 : opened] in {"(", "{", "["}
        by_text = self._text_at(opened) or self._text_at(self._skip(_ARTICLE, opened))
        letter = self._letter_at(self._skip(_DEFINITE, opened), is_marked=is_marked, is_cue=is_cue)
        if by_text and (letter is None or by_text.stop > letter.stop or self._is_text_rather(letter)):
            return by_text
        return letter or by_text

    def _is_text_rather(self, letter: Named) -> bool:
        """A letter or run that is an option's whole text, too (the blood group AB), and no single label."""
        return letter.is_outside or (len(letter.labels) > 1 and self.kind is not Kind.SEVERAL)

    def _skip(self, pattern: re.Pattern[str], place: int) -> int:
        found = pattern.match(self.text, place)
        return found.end() if found else place

    def _text_at(self, place: int) -> Named | None:
        found = self.options.text.match(self.shapes, place) if self.options.text else None
        if not found or (len(found[0]) <= 4 and not self._ends_well(found[0], found.end())):
            return None
        label = self.options.by_text[" ".join(self.low[found.start() : found.end()].split())]
        return Named((label,), place, found.end(), found.end(), is_text=True)

    def _ends_well(self, short: str, end: int) -> bool:
        """A short option (no, да, 是) is meant only if a pause follows: not in "no evidence", 是否."""
        if not self.options.is_words and not _SHORT.fullmatch(short):
            return True
        return END.match(self.text, end) is not None

    def _letter_at(self, place: int, *, is_marked: bool, is_cue: bool) -> Named | None:
        found = self.options.letter.match(self.text, place)
        if not found:
            return self._outside_at(place) if is_cue else None
        run, end = found[0], found.end()
        labels = tuple(self.options.by_letter[LOOKALIKES.get(char, char).upper()] for char in run)
        if len(labels) > 1:
            return self._run(labels, place, end)
        own = self.options.own.get(labels[0])
        follows = own.match(self.shapes, end) if own else None
        if follows:
            return Named(labels, place, end, follows.end(), is_marked=True)
        if not self._is_letter_use(run, end, is_marked=is_marked):
            return None
        is_torn = self._names_another(labels[0], end)
        return Named(labels, place, end, end, is_open=is_torn, is_marked=is_marked)

    def _run(self, labels: tuple[str, ...], place: int, end: int) -> Named | None:
        """AB, ABD; not CAD or ACE in running text, not the blood group AB型."""
        is_plain = len(set(labels)) == len(labels) and list(labels) == sorted(labels)
        if not is_plain or _NOT_BEFORE.match(self.text, end) or not END.match(self.text, end):
            return None
        return Named(labels, place, end, end)

    def _outside_at(self, place: int) -> Named | None:
        char = self.text[place : place + 1]
        if not ("A" <= char <= "Z") or not self.options.by_letter or char == "I":
            return None
        ends = _ENDS_OUTSIDE.match(self.text, place + 1)
        return Named((), place, place + 1, place + 1, is_outside=True) if ends else None

    def _is_letter_use(self, letter: str, end: int, *, is_marked: bool) -> bool:
        if _NOT_BEFORE.match(self.text, end):
            return False
        is_word_too = letter.islower() or letter == "A" or letter in LOOKALIKES
        if not is_word_too or is_marked:
            return True
        following = _NEXT_WORD.match(self.text, end)
        if not following or parted(following[1]) != following[1]:
            return True
        if letter == "A" and following[1] > "\u024f":
            return True  # a Latin A in Cyrillic text is no article
        return _CONNECTIVE.match(self.text, end) is not None

    def _names_another(self, label: str, end: int) -> bool:
        """`B. Aspirin` where aspirin is option A."""
        delimiter = _DELIMITER.match(self.text, end)
        other = self._text_at(delimiter.end()) if delimiter else None
        return other is not None and other.labels != (label,) and other.stop - other.start > 2

    def _with_following(self, first: Named) -> Named:
        whole = first
        for _ in range(self.options.count):
            joint, is_or = self._joint(whole)
            following = self._one_at(joint, is_cue=False) if joint >= 0 else None
            if not following or not (is_or or self._is_joined(joint, following, whole)):
                break
            labels = tuple(dict.fromkeys(whole.labels + following.labels))
            whole = replace(
                whole,
                labels=labels,
                end=following.end,
                stop=following.stop,
                is_open=whole.is_open or following.is_open or is_or,
            )
        return whole

    def _pauses(self, named: Named) -> bool:
        """The list ends, goes on, or is called right here: "B, A is safe" has no such pause behind A."""
        return any(pattern.match(self.text, named.stop) for pattern in (_AND, PAUSE, _RIGHT))

    def _joint(self, named: Named) -> tuple[int, bool]:
        """Where the next name of a list would begin (-1: nowhere), and whether "or" stands between."""
        either = _OR.match(self.text, named.stop)
        if either:
            return either.end(), True
        both = _AND.match(self.text, named.stop)
        if both:
            return both.end(), False
        line = _NEXT_LINE.match(self.text, named.stop) if self.kind is Kind.SEVERAL else None
        return (line.end(), False) if line else (-1, False)

    def _is_joined(self, joint: int, following: Named, before: Named) -> bool:
        """Not in "B, C is wrong", "B and A is wrong"; texts are joined where several are asked for."""
        if self.options.is_words or (following.is_text and self.kind is not Kind.SEVERAL):
            return False
        if _REJECTED.match(self.text, following.stop):
            return False
        link = self.text[before.stop : joint]
        if _LINK.search(link):
            return True
        return following.stop > following.end or self._pauses(following)

    def mentions(self) -> list[Named]:
        """Every place that names an option, letter and text together where they stand together."""
        last: deque[Named] = deque(maxlen=MOST_MENTIONS)
        for named in self._each():
            if not last or named.start >= last[-1].stop:
                last.append(named)
        return [self._with_bracket(named) for named in last]

    def _each(self) -> Iterator[Named]:
        letters = deque(self.options.alone.finditer(self.text), maxlen=MOST_MENTIONS)
        texts = self.options.text.finditer(self.shapes) if self.options.text else iter(())
        found = [named for hit in letters if (named := self._alone(hit))]
        hits = deque(texts, maxlen=MOST_MENTIONS)
        found += [named for hit in hits if (named := self._text_at(hit.start()))]
        return iter(sorted(found, key=lambda named: (named.start, -named.stop)))

    def _alone(self, found: re.Match[str]) -> Named | None:
        before = self.text[max(0, found.start() - 24) : found.start()]
        if _NOT_AFTER.search(before):
            return None
        noun = _NOUN_BEFORE.search(before)
        is_bracketed = before[-1:] == "(" and self.text[found.end() : found.end() + 1] in set("),:;")
        is_marked = noun is not None or is_bracketed
        return self._letter_at(found.start(), is_marked=is_marked, is_cue=False)

    def _with_bracket(self, named: Named) -> Named:
        """`warfarin (option B)`: one mention, read at its letter."""
        if not named.is_text:
            return named
        opened = _BRACKET.match(self.text, named.stop)
        inner = self._one_at(opened.end(), is_cue=False) if opened else None
        if not inner or inner.is_text or inner.labels != named.labels:
            return named
        return replace(inner, stop=self._skip(_BRACKET_END, inner.stop), is_marked=True)
