"""The one sanitiser at the database's border: what neither SQLite nor PostgreSQL can hold becomes visible."""

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Writes NUL as a backslash, `x00`, and a lone surrogate as a backslash, `ud83d` and so on; else
    unchanged.
    """
    return _UNSTORABLE.sub(lambda m: "\\x00" if m[0] == "\0" else f"\\u{ord(m[0]):04x}", text)


def is_plain(document: str) -> bool:
    """Whether the strings in a JSON text need no cleaning; some that need none are told otherwise."""
    return "\\u0000" not in document and _UNSTORABLE.search(document) is None


def clean_deep(value: Any) -> Any:
    """The same for every string inside lists and mappings."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean_deep(k): clean_deep(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [clean_deep(v) for v in value]
    return value
