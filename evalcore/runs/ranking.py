"""Whether a model behind an endpoint can rank options: kept from its last check, as planning sends nothing.

What was found holds for the servers that were asked: with other base URLs it is not known again.
"""

from evalcore.models import Check
from evalcore.runs.spec import RunSpec
from evalcore.store import Store, registry
from evalcore.types import Endpoint, content_hash


def keep_check(store: Store, endpoint: Endpoint | None, found: Check) -> None:
    """Remembers what a check found of a model behind an endpoint, if it looked whether it can rank."""
    if endpoint is None or found.ranks is None:
        return
    with store.write() as transaction:
        kept = {"ranks": found.ranks, "base_urls": list(endpoint.base_urls)}
        registry.set_setting(transaction, _name(found.model), kept)


def can_rank(store: Store, model: str, endpoint: Endpoint | None) -> bool | None:
    """Models of this machine can; of one behind an endpoint None while no check has looked."""
    if endpoint is None:
        return True
    with store.read() as transaction:
        kept = registry.get_setting(transaction, _name(model))
    return bool(kept["ranks"]) if kept and kept["base_urls"] == list(endpoint.base_urls) else None


def why_no_rank(store: Store, spec: RunSpec, endpoint: Endpoint | None) -> str:
    """Empty where options can be ranked."""
    if endpoint is None:
        return ""
    can = can_rank(store, spec.model, endpoint)
    if can is None:
        return (
            "no check has found yet that the endpoint gives log-likelihoods. Look with: "
            f"check {spec.model} --load"
        )
    if not can:
        return "the endpoint gives no log-likelihoods"
    if spec.chat == "on":
        return "behind an endpoint that takes plain text, without a chat template. Use --chat off"
    return ""


def _name(model: str) -> str:
    return f"ranks/{content_hash(model)}"
