"""The order of texts of several languages: letters before accents, numbers by value, each script together.

Latin, Cyrillic, kana, then Chinese characters in the order of Unicode (by radical and stroke, not by sound).
Й and ñ are letters of their own behind и and n. Punctuation at the start counts for nothing.
"""

import re
import unicodedata
from functools import lru_cache

_OWN = {"й": "и\uffff", "ñ": "n\uffff"}
_JOINED = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_NUMBER = re.compile(r"(\d+)")
Key = tuple[tuple[tuple[int, int, str], ...], str]


def key(text: str) -> Key:
    """For `sorted`; equal only for equal texts."""
    folded = "".join(map(_folded, unicodedata.normalize("NFC", text)))
    start = re.sub(r"^[\W_]+", "", folded)
    pieces = _NUMBER.split(start)
    numbered = ((0, int(one[:300]), "") if n % 2 else (1, 0, one) for n, one in enumerate(pieces) if one)
    return tuple(numbered), text


@lru_cache(maxsize=65_536)
def _folded(char: str) -> str:
    """Without case, width and accents; katakana as hiragana."""
    low = unicodedata.normalize("NFKC", char).casefold()
    if low in _OWN or low in _JOINED:
        return _OWN.get(low) or _JOINED[low]
    bare = "".join(c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    return "".join(chr(ord(c) - 0x60) if "\u30a1" <= c <= "\u30f6" else c for c in bare)
