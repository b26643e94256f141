"""OpenAI-compatible APIs: `endpoints add`, `list`, `remove`. Nothing is sent; no key is read."""

import os
from argparse import Namespace
from typing import Any

from evalcore import registry, runs
from evalcore.cli.opening import open_store
from evalcore.cli.output import show, table
from evalcore.registry.endpoints import as_row
from evalcore.types import Endpoint


def add(arguments: Namespace) -> int:
    """Adds, or replaces the one of that name."""
    endpoint = registry.add_endpoint(open_store(arguments), _asked(arguments))
    shown = described(endpoint)
    show(
        arguments,
        shown,
        lambda: [f"{endpoint.name} is registered. Ask it with --model api:{endpoint.name}/MODEL."],
    )
    return 0


def _asked(arguments: Namespace) -> Endpoint:
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


def described(endpoint: Endpoint) -> dict[str, Any]:
    """An endpoint for a screen: whether its key is set in this process, never the key."""
    is_set = bool(os.environ.get(endpoint.key_env)) if endpoint.key_env else None
    return as_row(endpoint) | {"key_is_set": is_set}


def list_all(arguments: Namespace) -> int:
    found = [described(endpoint) for endpoint in runs.endpoints(open_store(arguments))]
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
    registry.remove_endpoint(open_store(arguments), arguments.name)
    show(arguments, {"removed": arguments.name}, lambda: [f"{arguments.name} is removed."])
    return 0
