"""What makes two pieces of content the same: the identity of everything that is stored once."""

import hashlib
import json
import unicodedata
from typing import Any


def content_hash(value: Any) -> str:
    """First 32 hex digits of SHA-256 over canonical JSON: the identity of everything that is stored once."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def normalised(text: str) -> str:
    """NFC, with every run of white space as one blank: what two copies of one question have in common."""
    return " ".join(unicodedata.normalize("NFC", text).split())
