"""Bytes to text without guessing wildly: UTF-8, UTF-16, or GB18030 as a Chinese Excel writes it.

Where most of a file is one of these and a few rows are not, their bytes become lone surrogates, by which
those rows are named as unreadable. Anything else is refused: one-byte encodings cannot be told apart.
"""

import re

from evalcore.errors import DataError

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8", "UTF-8"),
    (b"\xff\xfe", "utf-16-le", "UTF-16"),
    (b"\xfe\xff", "utf-16-be", "UTF-16"),
)
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_COMMON = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")  # GB2312: marks, and its 3,755 frequent characters
SAMPLE = 400_000  # bytes


def decoded(content: bytes) -> tuple[str, str]:
    """(text, name of the encoding); DataError where none of them fits."""
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return _kept(content[len(mark) :], codec), name
    wide = _unmarked_utf16(content[:4096])
    if wide:
        return _kept(content, wide), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _mixed(content)


def _kept(content: bytes, codec: str) -> str:
    """UTF-16 has no place for odd bytes: there they become U+FFFD."""
    return content.decode(codec, "surrogateescape" if codec == "utf-8" else "replace")


def _unmarked_utf16(start: bytes) -> str:
    """Every second byte of ASCII text is 0; UTF-8 text holds no zeros at all."""
    half = len(start) // 2
    if half and start[1::2].count(0) > 0.3 * half and start[::2].count(0) < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if half and start[::2].count(0) > 0.3 * half and start[1::2].count(0) == 0 else ""


def _mixed(content: bytes) -> tuple[str, str]:
    lines = [line for line in content.split(b"\n") if not line.isascii()]
    odd = [line for line in lines if not _is_utf8(line)]
    if len(odd) > len(lines) / 2 and _is_chinese(b"\n".join(odd)[:SAMPLE]):
        return content.decode("gb18030", "surrogateescape"), "GB18030"
    if 2 * len(odd) < len(lines) or 10 * len(odd) <= content.count(b"\n"):
        return content.decode("utf-8", "surrogateescape"), "UTF-8"
    raise DataError(
        f"{len(odd):,} lines are neither UTF-8, UTF-16 nor GB18030. Letters would come out wrong, so nothing "
        "was read. Save the file as UTF-8 (in Excel: CSV UTF-8), or as .xlsx."
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_chinese(sample: bytes) -> bool:
    """Chinese text is nearly all frequent characters; accented Latin or Cyrillic read as pairs is not."""
    pairs = _PAIR.findall(sample)
    return bool(pairs) and sum(bool(_COMMON.match(pair)) for pair in pairs) >= 0.7 * len(pairs)
