"""Models to choose from: bundled, kept on the list by somebody, or asked before."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from evalcore import models
from evalcore.errors import RoundsError, UsageError
from evalcore.store import Store, overview, registry

MOST_RUNS = 1000


@dataclass(frozen=True)
class KnownModel:
    """One line of the list. origin: bundled, registered or asked; kind: demo, hf or api.

    parameters, memory_gb: None where nobody says. problems: why it could not be loaded when registered.
    """

    name: str
    kind: str
    precision: str
    origin: str
    parameters: int | None = None
    memory_gb: float | None = None
    architecture: str = ""
    runs: int = 0
    problems: tuple[str, ...] = ()


def models_listing(store: Store) -> tuple[KnownModel, ...]:
    """Bundled ones, those registered, those that only runs know; each once by name and precision."""
    with store.read() as transaction:
        places = overview.run_places(transaction, limit=MOST_RUNS)
        rows = registry.registered(transaction)
    asked = Counter((place.model, place.precision) for place in places)
    bundled = [_known(models.check(name), "bundled", asked) for name in models.demo_names()]
    kept = [_known(_check_of(row), "registered", asked) for row in rows]
    seen = {(plain_name(one.name), one.precision) for one in (*bundled, *kept)}
    return (*bundled, *kept, *_only_asked(asked, seen))


def _only_asked(asked: Counter[tuple[str, str]], seen: set[tuple[str, str]]) -> Iterator[KnownModel]:
    for (name, precision), count in asked.items():
        if (name, precision) not in seen:
            yield KnownModel(name, name.partition(":")[0], precision, "asked", runs=count)


def _known(found: models.Check, origin: str, asked: Counter[tuple[str, str]]) -> KnownModel:
    return KnownModel(
        name=found.model,
        kind=found.model.partition(":")[0],
        precision=found.precision,
        origin=origin,
        parameters=found.parameters,
        memory_gb=found.memory_gb,
        architecture=found.architecture,
        runs=asked[plain_name(found.model), found.precision],
        problems=found.problems,
    )


def _check_of(row: Any) -> models.Check:
    known = models.Check.__dataclass_fields__
    facts = {"ok": False} | {name: value for name, value in row.facts.items() if name in known}
    same = {"model": row.name, "precision": row.precision, "problems": tuple(facts.get("problems", ()))}
    return models.Check(**(facts | same))


def plain_name(name: str) -> str:
    """The name that runs carry: without revisions. A name that cannot be read any more stays as it is."""
    try:
        return models.unpinned(models.parse(name))
    except RoundsError:
        return name


def register(store: Store, found: models.Check) -> None:
    """Keeps a checked model of this machine on the list, with what the check found; a second time renews it.

    Raises UsageError for models that are listed anyway.
    """
    if models.parse(found.model).kind != "hf":
        raise UsageError(
            f"{found.model} needs no registering: bundled models are always listed, models behind an API are "
            "asked through their endpoint. Register the endpoint instead."
        )
    with store.write() as transaction:
        registry.register_model(transaction, found.model, found.precision, asdict(found))


def forget(store: Store, name: str, precision: str) -> bool:
    """Takes a model off the list; runs and files stay. False where it was not on it."""
    with store.write() as transaction:
        return registry.forget_model(transaction, name, precision)
