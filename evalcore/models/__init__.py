"""Asks models. A backend knows how to ask one kind of model; none knows the store, true answers or metrics.

Importing this room loads neither torch, transformers nor openai; `load` does, and only what it needs.
A new backend is one class with `generate` and `rank` and one line in `load`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Protocol

from evalcore.errors import ModelError, UsageError
from evalcore.models.facts import Check, check_local, resolve_precision, revision_of
from evalcore.models.names import ModelName, Place, demo_names, parse
from evalcore.types import Endpoint, ModelIdentity, Request, Response, Way

__all__ = ["Check", "Model", "ModelName", "Place", "check", "demo_names", "identify", "load", "parse"]


class Model(Protocol):
    """Something that can be asked.

    `requests` is pulled when there is room and may be endless; results come in any order, each request once.
    What goes wrong with one item is a Response with a `failure`; only an unusable model raises (ModelError).
    """

    identity: ModelIdentity
    ways: frozenset[Way]
    has_chat_template: bool

    def generate(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Response]]:
        """Let the model write."""
        ...

    def rank(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Response]]:
        """Log-likelihood of each target of the prompt."""
        ...

    def close(self) -> None:
        """Give memory and connections back; the model cannot be asked any more."""
        ...


def load(name: str, precision: str = "auto", *, endpoint: Endpoint | None = None) -> Model:
    """Make a model ready to be asked.

    endpoint: for `api:` names, the registered endpoint of that name. Raises UsageError, ModelError.
    """
    parsed = parse(name)
    if parsed.kind == "api":
        from evalcore.models import openai

        return openai.load(_given(endpoint, parsed), parsed.model)
    from evalcore.models.transformers import TransformersModel

    return TransformersModel(parsed, precision)


_load = load  # `check` has a switch of that name


def identify(name: str, precision: str = "auto") -> ModelIdentity:
    """Who a model is, without loading it; precision is never `auto`, so a worker loads what was planned."""
    parsed = parse(name)
    if parsed.kind == "api":
        return ModelIdentity(parsed.text)
    base = f"{parsed.base.place}@{revision_of(parsed.base)}" if parsed.base else ""
    precision = resolve_precision(parsed, precision)
    return ModelIdentity(unpinned(parsed), revision_of(parsed.weights), precision, base)


def unpinned(name: ModelName) -> str:
    """The name without revisions, which are told apart: `main` of today and its commit are one model."""
    if name.kind != "hf":
        return name.text
    return f"hf:{name.weights.place}" + (f"+{name.base.place}" if name.base else "")


def check(
    name: str, precision: str = "auto", *, load: bool = False, endpoint: Endpoint | None = None
) -> Check:
    """Would it load, fit, how large is it. load: try it for real. Only a name that cannot be raises."""
    parsed = parse(name)
    if parsed.kind == "api":
        from evalcore.models import openai

        return openai.check(_given(endpoint, parsed), parsed.model, load=load)
    found = check_local(parsed, precision)
    return _tried(found, precision) if load and found.ok else found


def _tried(found: Check, precision: str) -> Check:
    try:
        _load(found.model, precision).close()
    except ModelError as error:
        return replace(found, ok=False, problems=(str(error),))
    return found


def _given(endpoint: Endpoint | None, name: ModelName) -> Endpoint:
    if endpoint is None:
        raise UsageError(
            f"there is no endpoint '{name.endpoint}' for '{name.text}'. "
            f"Register it first: endpoints add {name.endpoint} --base-url URL."
        )
    return endpoint
