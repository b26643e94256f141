"""OpenAI-compatible APIs: `endpoints add`, `list`, `remove`. Nothing is sent; no key is read."""

import os
from argparse import Namespace
from typing import Any

from evalcore import runs
from evalcore.cli.output import show, table
from evalcore.errors import UsageError
from evalcore.models.endpoints import OPENAI, validated
from evalcore.store import Store, registry
from evalcore.types import Endpoint


def add(arguments: Namespace) -> int:
    """Adds, or replaces the one of that name."""
    endpoint = validated(_asked(arguments))
    with Store().write() as transaction:
        registry.put_endpoint(transaction, _row(endpoint))
    shown = described(endpoint)
    show(
        arguments,
        shown,
        lambda: [f"{endpoint.name} is registered. Ask it with --model api:{endpoint.name}/MODEL."],
    )
    return 0


def _asked(arguments: Namespace) -> Endpoint:
    if (arguments.price_in is None) != (arguments.price_out is None):
        raise UsageError("Give both --price-in and --price-out (USD per million tokens), or neither.")
    return Endpoint(
        name=arguments.name,
        base_urls=tuple(arguments.base_url),
        key_env=arguments.key_env,
        rpm=arguments.rpm,
        tpm=arguments.tpm,
        in_flight=arguments.in_flight,
        price_in=arguments.price_in,
        price_out=arguments.price_out,
        is_local=arguments.local,
    )


def _row(endpoint: Endpoint) -> dict[str, Any]:
    return vars(endpoint) | {"base_urls": list(endpoint.base_urls)}


def described(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint for a screen: whether its key is set in this process, never the key."""
    is_set = bool(os.environ.get(endpoint.key_env)) if endpoint.key_env else None
    row = _row(endpoint)
    return row | {"key_is_set": is_set}


def list_all(arguments: Namespace) -> int:
    found = [described(endpoint) for endpoint in runs.endpoints(Store())]
    show(arguments, found, lambda: _lines(found))
    return 0


def _lines(found: list[dict[str, Any]]) -> list[str]:
    rows = [
        (e["name"], ", ".join(e["base_urls"]), key_words(e), "in the house" if e["is_local"] else "outside")
        for e in found
    ]
    return table(("ENDPOINT", "BASE URL", "KEY", "WHERE"), rows)


def key_words(endpoint: dict[str, Any]) -> str:
    if endpoint["key_is_set"] is None:
        return "none needed"
    return f"{endpoint['key_env']} ({'set' if endpoint['key_is_set'] else 'not set here'})"


def remove(arguments: Namespace) -> int:
    with Store().write() as transaction:
        is_gone = registry.remove_endpoint(transaction, arguments.name)
    if not is_gone:
        _refuse(arguments.name)
    show(arguments, {"removed": arguments.name}, lambda: [f"{arguments.name} is removed."])
    return 0


def _refuse(name: str) -> None:
    if name == OPENAI.name:
        raise UsageError(
            "The endpoint 'openai' is built in and cannot be removed. It sends nothing by itself."
        )
    known = ", ".join(endpoint.name for endpoint in runs.endpoints(Store()))
    raise UsageError(f"There is no endpoint {name!r}; known are {known}.")
