"""From a wish to work items: load the tasks, know the model, write down what is to be asked."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evalcore import benchmarks, models
from evalcore.errors import ModelError, UsageError
from evalcore.models.endpoints import OPENAI
from evalcore.prompts.dialogue import speaker
from evalcore.runs import ranking
from evalcore.runs.asking import Asking
from evalcore.runs.spec import RunSpec, identity_of, to_json, validated, way_for
from evalcore.store import Store, Transaction, content, registry, work
from evalcore.store import runs as run_rows
from evalcore.types import Endpoint, Kind, LoadedTask, ModelIdentity, Task, Way, content_hash


@dataclass(frozen=True)
class Plan:
    """Everything that is settled before the first question: nothing is stored yet."""

    spec: RunSpec
    model: ModelIdentity
    check: models.Check
    endpoint: Endpoint | None
    tasks: tuple[tuple[LoadedTask, Way], ...]
    limit: int | None
    partner: "Partner | None" = None  # of dialogues

    @property
    def identity(self) -> str:
        return identity_of(self.spec, self.model, self.tasks)

    @property
    def items(self) -> int:
        return sum(self.wanted(loaded) for loaded, _ in self.tasks) * self.spec.samples

    def wanted(self, loaded: LoadedTask) -> int:
        return len(loaded.entries) if self.limit is None else min(self.limit, len(loaded.entries))


@dataclass(frozen=True)
class Partner:
    """The model that the tested one talks to."""

    name: str
    model: ModelIdentity
    check: models.Check
    endpoint: Endpoint | None


@dataclass(frozen=True)
class Estimate:
    """What a run will ask. Tokens are estimated from characters; None is unknown, not zero."""

    items: int
    tokens_in: int
    tokens_out_most: int
    cost_usd_most: float | None
    seconds: float | None


def plan(store: Store, spec: RunSpec, limit: int | None = None) -> Plan:
    """Settles names, versions and ways of asking. Raises UsageError, DataError, ModelError; stores
    nothing.
    """
    spec = validated(spec)
    require_limit(limit)
    chosen = benchmarks.select(spec.tasks)
    endpoint = endpoint_of(store, spec.model)
    check = check_of(spec.model, spec.precision, endpoint)
    identity = models.identify(spec.model, spec.precision)
    refuse_patient_text(chosen, endpoint)
    why_no_rank = ranking.why_no_rank(store, spec, endpoint)
    asked = [(task, way_for(task, spec.ask, why_no_rank)) for task in chosen]
    tasks = tuple((benchmarks.load(t.id, with_examples=spec.shots(t) > 0), way) for t, way in asked)
    partner = _partner(store, spec, chosen)
    planned = Plan(spec, identity, check, endpoint, tasks, limit, partner)
    _render_first(planned)
    return planned


def require_limit(limit: int | None) -> None:
    """UsageError for a limit that is no number of items."""
    if limit is not None and limit < 1:
        raise UsageError(f"limit is {limit}; give 1 or more, or leave it out for all items.")


def _partner(store: Store, spec: RunSpec, chosen: Sequence[Task]) -> Partner | None:
    """Whom the tested model talks to: the model that the spec names, else the tested model itself."""
    if not any(task.kind is Kind.DIALOGUE for task in chosen):
        return None
    name = spec.partner or spec.model
    endpoint = endpoint_of(store, name)
    refuse_patient_text(chosen, endpoint)
    precision = spec.precision if name == spec.model else "auto"
    check = check_of(name, precision, endpoint)
    return Partner(name, models.identify(name, precision), check, endpoint)


def check_of(model: str, precision: str, endpoint: Endpoint | None) -> models.Check:
    """An endpoint's key may be known to the worker alone, so planning asks for none and sends nothing."""
    if endpoint is not None:
        return models.Check(True, model)
    check = models.check(model, precision)
    if not check.ok:
        raise ModelError(" ".join(check.problems))
    return check


def endpoint_of(store: Store, model: str) -> Endpoint | None:
    """The registered endpoint of an `api:` name; None for models of this machine."""
    with store.read() as transaction:
        return endpoint_in(transaction, model)


def endpoint_in(transaction: Transaction, model: str) -> Endpoint | None:
    name = models.parse(model)
    if name.kind != "api":
        return None
    known = {endpoint.name: endpoint for endpoint in _endpoints(transaction)}
    if name.endpoint not in known:
        raise UsageError(
            f"There is no endpoint {name.endpoint!r}; known are {', '.join(sorted(known))}. "
            f"Register it: endpoints add {name.endpoint} --base-url URL --key-env VARIABLE."
        )
    return known[name.endpoint]


def endpoints(store: Store) -> list[Endpoint]:
    """All registered endpoints; `openai` is there from the start."""
    with store.read() as transaction:
        return _endpoints(transaction)


def _endpoints(transaction: Transaction) -> list[Endpoint]:
    found = {row["name"]: _endpoint(row) for row in registry.get_endpoints(transaction)}
    return list(({OPENAI.name: OPENAI} | found).values())


def _endpoint(row: dict[str, object]) -> Endpoint:
    values = {name: value for name, value in row.items() if name != "created_at"}
    urls = values.pop("base_urls")
    return Endpoint(base_urls=tuple(urls), **values)  # type: ignore[arg-type]


def refuse_patient_text(chosen: Sequence[Task], endpoint: Endpoint | None) -> None:
    """Patients' text goes to no endpoint outside the house."""
    private = [task.id for task in chosen if task.patient_text or task.credentialed]
    if private and endpoint is not None and not endpoint.is_local:
        raise UsageError(
            f"{', '.join(private)} holds patients' text; endpoint {endpoint.name!r} is outside the house. "
            "Use a model of this machine, or register an endpoint inside the house with --local."
        )


def _render_first(planned: Plan) -> None:
    """Fails before anything is stored where a task cannot be asked this way (no few-shot pool, no
    template).
    """
    for loaded, way in planned.tasks:
        asking = Asking.of(planned.spec, loaded.task, loaded.fewshot, way, has_chat_template(planned))
        for entry in loaded.entries[:1] if loaded.task.kind is not Kind.DIALOGUE else ():
            asking.prompt(entry, 0)


def has_chat_template(planned: Plan) -> bool:
    return planned.endpoint is not None or bool(planned.check.chat_template)


def estimate(planned: Plan) -> Estimate:
    """From up to 50 prompts a task, spread over it; the answer's length is taken at its limit.

    An endpoint reads the question once for each option that is ranked, and writes a token to each.
    """
    tokens_in = tokens_out = 0
    for loaded, way in planned.tasks:
        wanted = planned.wanted(loaded)
        asking = Asking.of(planned.spec, loaded.task, loaded.fewshot, way, has_chat_template(planned))
        if loaded.task.kind is Kind.DIALOGUE:
            tokens_in, tokens_out = _dialogue_tokens(planned, wanted, tokens_in, tokens_out)
            continue
        places = range(0, wanted, max(1, wanted // 50))
        asked = [asking.prompt(loaded.entries[place], place) for place in places]
        reads = [len(one.targets) if planned.endpoint and way is Way.RANK else 1 for one in asked]
        each = [_rough_tokens(one.text) * times for one, times in zip(asked, reads, strict=True)]
        times = wanted * planned.spec.samples
        tokens_in += round(sum(each) / max(1, len(each)) * times)
        if way is Way.GENERATE:
            tokens_out += times * planned.spec.sampling.max_tokens
        elif planned.endpoint:
            tokens_out += round(sum(reads) / max(1, len(reads)) * times)
    return Estimate(
        planned.items, tokens_in, tokens_out, cost_of(planned.endpoint, tokens_in, tokens_out), None
    )


def _dialogue_tokens(planned: Plan, wanted: int, tokens_in: int, tokens_out: int) -> tuple[int, int]:
    """At most: every turn at its limit, each read again by every later turn (the tested model's own half)."""
    turns, most = planned.spec.max_turns, planned.spec.sampling.max_tokens
    return tokens_in + wanted * most * turns * turns, tokens_out + wanted * most * turns


def _rough_tokens(text: str) -> float:
    """A quarter of the characters for alphabets, three quarters for Chinese and Japanese."""
    wide = sum("\u3000" <= character <= "\u9fff" for character in text)
    return 0.75 * wide + 0.25 * (len(text) - wide)


def cost_of(endpoint: Endpoint | None, tokens_in: int, tokens_out: int) -> float | None:
    """USD; 0 for a model of this machine, None where the endpoint's prices are unknown."""
    if endpoint is None:
        return 0.0
    if endpoint.price_in is None or endpoint.price_out is None:
        return None
    return (tokens_in * endpoint.price_in + tokens_out * endpoint.price_out) / 1e6


def start(
    store: Store, spec: RunSpec, *, limit: int | None = None, name: str = "", fresh: bool = False
) -> str:
    """Plans a run, or lets the same run go on (with a larger limit: grow); returns its code.

    fresh: a numbered repeat that asks everything again. Raises UsageError, DataError, ModelError; then
    nothing is stored.
    """
    return begin(store, plan(store, spec, limit), name=name, fresh=fresh)


def begin(store: Store, planned: Plan, *, name: str = "", fresh: bool = False) -> str:
    """Writes a plan down, as `start` does, for those who have looked at it (or its estimate) first."""
    with store.write() as transaction:
        return _begin(transaction, planned, name, fresh)


def _begin(transaction: Transaction, planned: Plan, name: str, fresh: bool) -> str:
    repeat = max(1, run_rows.last_repeat(transaction, planned.identity) + fresh)
    run = run_rows.find_run(transaction, planned.identity, repeat)
    if run is None:
        run = _add(transaction, planned, name, repeat)
    elif name:
        run_rows.rename(transaction, run.id, name)
    run_rows.set_wanted(transaction, run.id, "run")
    run_rows.set_deleted(transaction, run.id, False)
    grow(transaction, planned, run.id)
    return run.code


def _add(transaction: Transaction, planned: Plan, name: str, repeat: int) -> run_rows.RunRow:
    code = planned.identity[:8] + (f"-{repeat}" if repeat > 1 else "")
    who = who_asks(transaction, planned.model, planned.check, planned.endpoint)
    row = who | {
        "code": code,
        "identity": planned.identity,
        "repeat": repeat,
        "kind": "ask",
        "name": name or _default_name(planned),
        "spec": to_json(planned.spec),
    }
    run_rows.add_run(transaction, row)
    run = run_rows.get_run(transaction, code)
    versions = [(content.put_task(transaction, loaded), way) for loaded, way in planned.tasks]
    run_rows.add_run_tasks(transaction, run.id, versions)
    if planned.partner:
        _add_partner(transaction, planned, planned.partner, run)
    return run


def who_asks(
    transaction: Transaction, model: ModelIdentity, check: models.Check, endpoint: Endpoint | None
) -> dict[str, object]:
    """The columns of a run that say which model is asked, where, and with which key."""
    facts = {"parameters": check.parameters, "architecture": check.architecture}
    return {
        "model_id": registry.put_model(transaction, model, facts),
        "lane": f"api:{endpoint.name}" if endpoint else "local",
        "key_env": endpoint.key_env if endpoint else "",
        "wanted": "run",
        "origin": {"kind": "here"},
    }


def _add_partner(transaction: Transaction, planned: Plan, partner: Partner, run: run_rows.RunRow) -> None:
    """A run of the partner's own, for its turns."""
    code = f"{run.code}-partner"
    row = who_asks(transaction, partner.model, partner.check, partner.endpoint) | {
        "code": code,
        "identity": content_hash([planned.identity, "partner"]),
        "repeat": run.repeat,
        "kind": "partner",
        "name": run.name,
        "spec": to_json(replace(planned.spec, model=partner.name)),
        "parent_id": run.id,
    }
    run_rows.add_run(transaction, row)
    tasks = [(task.task_version_id, task.way) for task in run_rows.tasks_of(transaction, run.id)]
    run_rows.add_run_tasks(transaction, run_rows.get_run(transaction, code).id, tasks)


def _default_name(planned: Plan) -> str:
    ids = [loaded.task.id for loaded, _ in planned.tasks]
    return ids[0] if len(ids) == 1 else f"{ids[0]} + {len(ids) - 1}"


def grow(transaction: Transaction, planned: Plan, run_id: int) -> None:
    """Plans what the larger limit adds; what is planned stays as it is."""
    for run_task, (loaded, _) in zip(run_rows.tasks_of(transaction, run_id), planned.tasks, strict=True):
        wanted = planned.wanted(loaded)
        if wanted <= run_task.planned:
            continue
        places = _places(planned.spec, loaded, run_task.planned, wanted)
        first = _speaks_first(transaction, planned, loaded, run_id)
        work.plan(transaction, first, run_task.ordinal, run_task.task_version_id, list(places))
        run_rows.set_planned(transaction, run_id, run_task.ordinal, wanted)


def _speaks_first(transaction: Transaction, planned: Plan, loaded: LoadedTask, run_id: int) -> int:
    """The run that asks an item's first turn: of dialogues the patient's."""
    if loaded.task.kind is not Kind.DIALOGUE or speaker(0) == planned.spec.role:
        return run_id
    partner = run_rows.partner_of(transaction, run_id)
    return partner.id if partner else run_id


def _places(spec: RunSpec, loaded: LoadedTask, first: int, end: int) -> Iterator[tuple[int, int, int]]:
    """(place in the run's order, position in the task, sample) of the places from `first` up to `end`."""
    positions = list(range(len(loaded.entries)))
    if spec.order == "random":
        random.Random(f"{spec.seed}:{loaded.task.id}").shuffle(positions)  # noqa: S311 - a seeded order, no secret
    for place in range(first, end):
        for sample in range(spec.samples):
            yield place, positions[place], sample
