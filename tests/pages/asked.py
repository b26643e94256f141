"""Runs put into a store as a worker would leave them, with replies that a test writes itself."""

from collections.abc import Callable, Sequence

from evalcore import prompts
from evalcore.runs import RunSpec, score_waiting
from evalcore.runs.spec import to_json
from evalcore.store import Store, content, registry, work
from evalcore.store import runs as run_rows
from evalcore.store.records import put_missing
from evalcore.types import (
    Entry,
    Failure,
    Finish,
    Item,
    Key,
    Kind,
    LoadedTask,
    ModelIdentity,
    Option,
    Response,
    Source,
    Task,
    Way,
)

Reply = Callable[[Entry], Response | Failure]


def task(name: str, kind: Kind = Kind.CHOICE, language: str = "en") -> Task:
    metrics = {Kind.SEVERAL: ("exact_set", "option_f1"), Kind.TEXT: ()}.get(kind, ("acc",))
    return Task(name, "demo", name, kind, language, metrics, Source(), "Apache-2.0")


def entry(item_id: str, question: str, options: dict[str, str], gold: str, **more: str) -> Entry:
    """more: context, language, subject, rationale, source, group."""
    item = Item(
        question,
        tuple(Option(label, text) for label, text in options.items()),
        more.get("context", ""),
        more.get("language", "en"),
        meta={"subject": more.get("subject", "")},
    )
    key = Key(((gold,),), "demo", 1, more.get("rationale", ""), more.get("source", ""))
    return Entry(item_id, item, key, more.get("group", ""))


def written(text: str, *, finish: Finish = Finish.STOP) -> Response:
    return Response(text=text, finish=finish, tokens_in=210, tokens_out=48, seconds=1.2, cost_usd=0.0004)


def ranked(**logprobs: float) -> Response:
    return Response(option_logprobs=logprobs, finish=Finish.RANKED, tokens_in=310, seconds=0.08)


def ask(
    store: Store, loaded: Sequence[LoadedTask], reply: Reply, *, code: str, model: str, way: Way, chat: bool
) -> str:
    """Stores a run with every item answered by `reply`; returns its code."""
    with store.write() as transaction:
        run_id = _add_run(transaction, loaded, code, model, way)
    for one in loaded:
        _answer(store, run_id, one, reply, way, chat)
    score_waiting(store, run_id)
    return code


def _add_run(transaction, loaded, code: str, model: str, way: Way) -> int:
    model_id = registry.put_model(transaction, ModelIdentity(model), {})
    spec = to_json(RunSpec(model=model, tasks=tuple(one.task.id for one in loaded)))
    row = {"code": code, "identity": f"{code:0<32}", "repeat": 1, "kind": "ask", "name": f"{model} on demo"}
    rest = {"spec": spec, "model_id": model_id, "lane": "local", "key_env": "", "wanted": "run"}
    run_rows.add_run(transaction, row | rest | {"origin": {"kind": "here"}})
    run = run_rows.get_run(transaction, code)
    versions = [(content.put_task(transaction, one), way) for one in loaded]
    run_rows.add_run_tasks(transaction, run.id, versions)
    for place in run_rows.tasks_of(transaction, run.id):
        places = [(position, position, 0) for position in range(place.item_count)]
        work.plan(transaction, run.id, place.ordinal, place.task_version_id, places)
        run_rows.set_planned(transaction, run.id, place.ordinal, place.item_count)
    return run.id


def _answer(store: Store, run_id: int, loaded: LoadedTask, reply: Reply, way: Way, chat: bool) -> None:
    asked = [
        (one, prompts.render(one.item, task=loaded.task, way=way, chat=chat), reply(one))
        for one in loaded.entries
    ]
    with store.write() as transaction:
        content.put_prompts(transaction, [prompt for _, prompt, _ in asked])
        claimed = work.claim(transaction, run_id, 0, len(asked))
        finished, failed = [], []
        for mine, (_, prompt, said) in zip(claimed, asked, strict=True):
            if isinstance(said, Failure):
                failed.append((mine, said))
            else:
                ask_key = f"{run_id}-{mine.work_id}"
                finished.append(work.Finished(mine, said, prompt.key, ask_key))
        work.store_answered(transaction, finished)
        put_missing(transaction, work.store_failures(transaction, failed))
