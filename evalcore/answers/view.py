"""A reply made comparable: thinking cut out, look-alike forms and markup evened, every place traceable.

Letters keep their script here (a Cyrillic В is read as B only where it stands as an option letter).
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

HEAD, TAIL = 5_000, 25_000  # of a reply longer than both together only these characters are read

_TAG = re.compile(
    r"(?P<close></(?:think|thinking|thought|reasoning|reflection)>|◁/think▷|<\|end_of_thought\|>"
    r"|<\|channel\|>final<\|message\|>)"
    r"|(?P<open><(?:think|thinking|thought|reasoning|reflection)>|◁think▷|<\|begin_of_thought\|>"
    r"|<\|channel\|>analysis<\|message\|>)",
    re.IGNORECASE,
)
_COMBINED = re.compile(r"[^\s\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]{1,8}")
_MARKUP = re.compile(
    r"</?(?:b|strong|em|i|u|span|p|br|div|li|ul|ol|mark|sub|sup)\b[^<>\n]{0,60}>"
    r"|\\(?:text|textbf|textit|mathrm|mathbf|mathsf|mathit|rm|bf)\s?\{|\\[()\[\]]|[*_`#~$]",
    re.IGNORECASE,
)
_EVENED = {
    **dict.fromkeys("“”„‟«»「」『』【】〈〉《》〔〕❝❞", '"'),
    **dict.fromkeys("‘’‚‛´ʼ′", "'"),
    **dict.fromkeys("‐‑‒–−─", "-"),
    "―": "—",
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\ufe0f\u200e\u200f\u202a\u202b\u202c\xa0\0", " "),
    "İ": "I",  # its lower case has two characters
    **{chr(0x1F170 + n): chr(65 + n) for n in range(26)},  # negative squared letters
    **{chr(0x1F150 + n): chr(65 + n) for n in range(26)},  # negative circled letters
}


def even(text: str) -> str:
    """Same length: full-width and half-width forms (NFKC), quotes, dashes, invisible characters."""
    if text.isascii() and "\0" not in text:
        return text
    return text.translate({ord(char): _evened(char) for char in set(text) if ord(char) > 127 or char == "\0"})


def _evened(char: str) -> str:
    if char in _EVENED:
        return _EVENED[char]
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def plain(text: str) -> str:
    """An option's text in the same form as a reply's: evened, composed, without markup."""
    return blank_markup(even(unicodedata.normalize("NFC", text)))


def blank_markup(text: str) -> str:
    return _MARKUP.sub(lambda found: " " * len(found[0]), text)


@dataclass(frozen=True)
class View:
    """text: evened, without thinking and markup. marked: the same, markup kept. Equal lengths.

    is_cut: the thinking part never ended. places, origins: where each piece starts here and in the reply.
    """

    text: str
    marked: str
    is_cut: bool
    places: tuple[int, ...]
    origins: tuple[int, ...]

    def origin(self, place: int) -> int:
        piece = bisect_right(self.places, place) - 1
        return self.origins[piece] + place - self.places[piece] if piece >= 0 else place

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters of the reply as it came, for characters start..end of this view (end > start)."""
        last = self.origin(end - 1)
        following = self.origin(end)
        piece = bisect_right(self.places, end - 1) - 1
        is_piece_end = piece + 1 < len(self.places) and self.places[piece + 1] == end
        return self.origin(start), following if is_piece_end and following - last <= 9 else last + 1


def look(reply: str) -> View:
    kept, is_cut = _without_thinking(reply)
    kept = _shortened(kept)
    pieces = [piece for start, end in kept for piece in _composed(reply[start:end], start)]
    marked, places, origins = "", [], []
    texts = []
    length = 0
    for text, origin in pieces:
        places.append(length)
        origins.append(origin)
        texts.append(text)
        length += len(text)
    marked = "".join(texts)
    return View(blank_markup(marked), marked, is_cut, tuple(places), tuple(origins))


def outside_thinking(reply: str) -> tuple[int, int] | None:
    """Characters of the reply's last part outside any thinking, blanks at its ends left out; None: there is
    none.
    """
    kept, _ = _without_thinking(reply)
    said = [(start, end) for start, end in kept if reply[start:end].strip()]
    if not said:
        return None
    start, end = said[-1]
    text = reply[start:end]
    return start + len(text) - len(text.lstrip()), start + len(text.rstrip())


def _without_thinking(reply: str) -> tuple[list[tuple[int, int]], bool]:
    """Ranges outside the thinking part; a closing tag without an opening one ends a thought, too."""
    kept: list[tuple[int, int]] = []
    start: int | None = 0
    for tag in _TAG.finditer(reply):
        if tag["close"]:
            kept = kept if start is None else []
            start = tag.end()
        elif start is not None:
            kept.append((start, tag.start()))
            start = None
    if start is not None:
        kept.append((start, len(reply)))
    return kept, start is None


def _shortened(kept: list[tuple[int, int]]) -> list[tuple[int, int]]:
    total = sum(end - start for start, end in kept)
    if total <= HEAD + TAIL:
        return kept
    head, tail, passed = [], [], 0
    for start, end in kept:
        head.append((start, min(end, start + max(0, HEAD - passed))))
        passed += end - start
        tail.append((max(start, end - max(0, TAIL - (total - passed))), end))
    return [piece for piece in head + tail if piece[0] < piece[1]]


def _composed(raw: str, origin: int) -> list[tuple[str, int]]:
    """Pieces (text, where it starts in the reply); a letter with its accents apart becomes one character."""
    text = even(raw)
    if unicodedata.is_normalized("NFC", text):
        return [(text, origin)] if text else []
    pieces, done = [], 0
    for found in _COMBINED.finditer(text):
        pieces.append((text[done : found.start()], origin + done))
        pieces.append((unicodedata.normalize("NFC", found[0]), origin + found.start()))
        done = found.end()
    pieces.append((text[done:], origin + done))
    return [piece for piece in pieces if piece[0]]
