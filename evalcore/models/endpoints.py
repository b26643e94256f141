"""What an endpoint must look like, and its key. Knows no network and no client library."""

import os
import re
from urllib.parse import SplitResult, urlsplit

from evalcore.errors import EndpointError, UsageError
from evalcore.types import Endpoint

OPENAI = Endpoint("openai", ("https://api.openai.com/v1",), key_env="OPENAI_API_KEY")

_NAME = re.compile(r"[a-z0-9._-]{1,64}")
_KEY_BEGINNINGS = ("sk-", "sk_", "gsk_", "hf_", "xai-", "ghp_", "pplx-", "nvapi-", "AIza", "AKIA")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


def validated(endpoint: Endpoint) -> Endpoint:
    """The endpoint itself, or a UsageError that says what cannot be. Sends nothing."""
    if not _NAME.fullmatch(endpoint.name):
        raise UsageError(
            f"The endpoint's name {endpoint.name!r} cannot be used: names are 1 to 64 of a-z 0-9 . _ -. "
            "Choose another name."
        )
    if not endpoint.base_urls:
        raise UsageError(f"Endpoint {endpoint.name} has no base URL. Give at least one --base-url.")
    for base_url in endpoint.base_urls:
        _check_url(endpoint.name, base_url)
    _check_key_env(endpoint)
    _check_numbers(endpoint)
    return endpoint


def key_of(endpoint: Endpoint) -> str:
    """The key, read now from the environment; "" where none is needed. Keep it in no field and no text."""
    if not endpoint.key_env:
        return ""
    key = os.environ.get(endpoint.key_env, "").strip()
    if not key:
        raise EndpointError(
            f"Endpoint {endpoint.name} needs a key, but the environment variable {endpoint.key_env} "
            f"is not set in this process. Set {endpoint.key_env} where the worker is started."
        )
    if not key.isascii() or not key.isprintable():
        raise EndpointError(
            f"The key in {endpoint.key_env} holds characters that no header can carry (a line break, or a "
            "letter that is not ASCII). Copy it again."
        )
    return key


def _check_url(name: str, base_url: str) -> None:
    parts, shown = _split(name, base_url), _without_credentials(base_url)
    problem = ""
    if not base_url.isprintable() or re.search(r"\s", base_url):
        problem = "it contains white space or a control character"
    elif parts.scheme not in ("http", "https") or not parts.hostname:
        problem = "it does not begin with http:// or https:// and a host"
    elif "@" in parts.netloc:
        problem = "it carries a user name or password, which would be stored and shown"
    elif parts.query or parts.fragment:
        problem = "it has a ? or # part"
    if problem:
        raise UsageError(
            f"Endpoint {name}: the base URL {shown!r} cannot be used: {problem}. "
            "Give it like https://api.example.org/v1, and the key by --key-env."
        )


def _split(name: str, base_url: str) -> SplitResult:
    try:
        parts = urlsplit(base_url)
        _ = parts.port  # a port that is no number shows only here
    except ValueError:
        raise UsageError(
            f"Endpoint {name}: the base URL {_without_credentials(base_url)!r} is no URL. "
            "Give it like https://api.example.org/v1."
        ) from None
    return parts


def _without_credentials(base_url: str) -> str:
    """For messages: whatever stands before an @ or after a ? may be a secret."""
    return re.sub(r"\?.*", "?...", re.sub(r"//[^/]*@", "//...@", base_url), flags=re.DOTALL)[:200]


def _check_key_env(endpoint: Endpoint) -> None:
    """The value is not shown: people paste the key itself here."""
    if endpoint.key_env and not _VARIABLE.fullmatch(endpoint.key_env):
        raise UsageError(
            f"Endpoint {endpoint.name}: what was given for --key-env is no name of an environment variable "
            "(letters, digits, _). Give the variable's name, never the key itself."
        )
    if endpoint.key_env and looks_like_key(endpoint.key_env):
        raise UsageError(
            f"Endpoint {endpoint.name}: what was given for --key-env looks like a key, not like a variable's "
            "name. It was not stored. Put the key into an environment variable and give that one's name; "
            "a key that was typed where others could see it is best replaced."
        )


def looks_like_key(text: str) -> bool:
    """A known beginning of keys, or a long run of letters and digits as no variable's name has."""
    run = max(re.split(r"[^A-Za-z0-9]", text), key=len)
    is_random = len(run) >= 16 and any(character.isdigit() for character in run)
    return text.startswith(_KEY_BEGINNINGS) or is_random


def _check_numbers(endpoint: Endpoint) -> None:
    if endpoint.rpm < 0 or endpoint.tpm < 0 or not 1 <= endpoint.in_flight <= 1024:
        raise UsageError(
            f"Endpoint {endpoint.name}: rpm {endpoint.rpm} and tpm {endpoint.tpm} must be 0 (no limit) or "
            f"more, in-flight {endpoint.in_flight} between 1 and 1024."
        )
    for price in (endpoint.price_in, endpoint.price_out):
        if price is not None and not 0 <= price < float("inf"):
            raise UsageError(
                f"Endpoint {endpoint.name}: the price {price} is not 0 or more USD (per million tokens)."
            )
