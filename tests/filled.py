"""A small store filled by hand: tasks made here, runs planned, answers and scores put in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from evalcore.store import Store, Transaction, content, registry, scored, work
from evalcore.store import runs as run_rows
from evalcore.store.schema import record_counts
from evalcore.store.scored import Reading, Stored
from evalcore.store.work import Claimed, Finished
from evalcore.types import (
    Answer,
    AnswerState,
    Entry,
    Failure,
    Finish,
    Item,
    Key,
    Kind,
    LoadedTask,
    ModelIdentity,
    Option,
    Outcome,
    Part,
    Prompt,
    Response,
    Score,
    Source,
    Task,
    Way,
)

LETTERS = "ABCD"


def entry(
    name: str,
    question: str,
    gold: str = "A",
    *,
    subject: str = "cardiology",
    language: str = "en",
    group: str = "",
    context: str = "",
) -> Entry:
    """A question with four options."""
    options = tuple(Option(letter, f"option {letter} of {name}") for letter in LETTERS)
    item = Item(question, options, context, language, meta={"subject": subject})
    return Entry(name, item, Key(((gold,),), "published", 1, "because", "a book"), group)


def task(
    entries: Sequence[Entry], task_id: str = "demo/small", *, fewshot: Sequence[Entry] = ()
) -> LoadedTask:
    declared = Task(
        id=task_id,
        benchmark=task_id.split("/")[0],
        title="Small",
        kind=Kind.CHOICE,
        language="en",
        metrics=("acc",),
        source=Source(),
        licence="Apache-2.0",
    )
    return LoadedTask(declared, tuple(entries), tuple(fewshot), "bundled")


def four(task_id: str = "demo/small") -> LoadedTask:
    """Four questions with the golds A, B, C, D; two share a stem, one is Chinese."""
    return task(
        [
            entry("q1", "Which drug inhibits factor Xa?", "A", group="case-1"),
            entry("q2", "Which drug must be avoided in pregnancy?", "B", group="case-1"),
            entry("q3", "急性心肌梗死的首选治疗是什么?", "C", language="zh"),
            entry("q4", "Which nerve is injured?", "D", subject="neurology"),
        ],
        task_id,
    )


@dataclass(frozen=True)
class Planned:
    """A run in the store."""

    run_id: int
    code: str
    version_ids: tuple[int, ...]
    worker_id: int


def plan(
    store: Store,
    *tasks: LoadedTask,
    code: str = "run-1",
    model: str = "demo:strong",
    spec: Mapping[str, object] | None = None,
    planned: int | None = None,
    samples: int = 1,
    key_env: str = "",
) -> Planned:
    """A run over these tasks with all its work items waiting, and a worker to claim them."""
    with store.write() as t:
        versions = tuple(content.put_task(t, loaded) for loaded in tasks)
        model_id = registry.put_model(t, ModelIdentity(model, "r1", "fp32"), {})
        run_rows.add_run(
            t,
            {
                "code": code,
                "identity": code,
                "repeat": 1,
                "kind": "ask",
                "name": f"run {code}",
                "spec": {"samples": samples, "order": "file", "reader": "robust"} | dict(spec or {}),
                "model_id": model_id,
                "lane": "local",
                "key_env": key_env,
                "wanted": "run",
                "origin": {"format": "rounds"},
            },
        )
        run_id = run_rows.get_run(t, code).id
        run_rows.add_run_tasks(t, run_id, [(version, Way.GENERATE) for version in versions])
        for index, (version, loaded) in enumerate(zip(versions, tasks, strict=True)):
            n = len(loaded.entries) if planned is None else planned
            places = [(place, place, sample) for place in range(n) for sample in range(samples)]
            work.plan(t, run_id, index, version, places)
            run_rows.set_planned(t, run_id, index, n)
        worker_id = registry.add_worker(t, worker_row())
    return Planned(run_id, code, versions, worker_id)


def worker_row(*keys: str) -> dict[str, object]:
    capabilities = {"environment": list(keys), "gpu": False}
    return {"host": "here", "pid": 1, "process_started": 1.0, "capabilities": capabilities}


def prompt_of(loaded_entry: Entry) -> Prompt:
    return Prompt((Part("Answer the question.\n"), Part(loaded_entry.item.question)), "plain")


def claim(store: Store, run: Planned, limit: int = 100) -> list[Claimed]:
    with store.write() as t:
        return work.claim(t, run.run_id, run.worker_id, limit)


def keep(store: Store, claimed: Claimed, response: Response) -> None:
    """Stores one response; its prompt is the question behind a common sentence."""
    with store.write() as t:
        found = content.get_entries(t, claimed.task_version_id, [claimed.position])[claimed.position]
        prompt = prompt_of(found)
        content.put_prompts(t, [prompt])
        work.store_answered(t, [Finished(claimed, response, prompt.key, f"ask-{claimed.work_id}")])


def says(text: str, *, tokens: int = 10, cost_usd: float | None = 0.001) -> Response:
    return Response(text, tokens_in=tokens, tokens_out=2, seconds=0.5, cost_usd=cost_usd)


def reading(stored: Stored, gold: str) -> Reading:
    """A reply that ends in a letter is read as that letter, any other is unreadable and wrong."""
    letter = stored.response.text[-1:]
    is_read = letter in LETTERS and letter != ""
    end = len(stored.response.text)
    answer = Answer(
        (letter,) if is_read else (),
        AnswerState.READ if is_read else AnswerState.UNREADABLE,
        "last letter",
        "robust",
        1,
        (end - 1, end) if is_read else None,
    )
    is_right = is_read and letter == gold
    score = Score("acc", float(is_right), f"said {letter}, key {gold}")
    outcome = Outcome.RIGHT if is_right else Outcome.WRONG
    return Reading(stored, answer, (score,), "published", 1, outcome)


def read_all(store: Store, run: Planned) -> list[Reading]:
    """Reads whatever was answered."""
    with store.write() as t:
        made = []
        for stored in scored.unscored(t, run.run_id):
            found = content.get_entries(t, stored.task_version_id, [stored.position])[stored.position]
            made.append(reading(stored, found.key.acceptable[0][0]))
        scored.put_readings(t, made)
    return made


def fail(store: Store, claimed: Claimed, kind: str = "timeout") -> None:
    """Ends one item without an answer."""
    failure = Failure(kind, f"{kind}: nothing came. Try again.", is_final=True)
    with store.write() as t:
        ended = work.store_failures(t, [(claimed, failure)])
        scored.put_missing(t, ended)


def answer_all(store: Store, run: Planned, replies: Sequence[str | Response | None]) -> list[Reading]:
    """Claims as many items as there are replies, keeps and reads them; None is a failure."""
    for claimed, reply in zip(claim(store, run, len(replies)), replies, strict=True):
        if reply is None:
            fail(store, claimed)
        else:
            keep(store, claimed, says(reply) if isinstance(reply, str) else reply)
    return read_all(store, run)


def outcomes(transaction: Transaction, run_id: int) -> dict[str, int]:
    """A run's records by outcome, from the counts that are kept along with them."""
    counted = record_counts.c
    query = select(counted.outcome, func.sum(counted.n)).where(counted.run_id == run_id, counted.n > 0)
    return {outcome: int(n) for outcome, n in transaction.execute(query.group_by(counted.outcome))}


def as_wrong(one: Reading) -> Reading:
    """The same response read anew as wrong, by a newer scorer."""
    score = Score("acc", 0.0, "read anew", scorer_version=2)
    return replace(one, scores=(score,), outcome=Outcome.WRONG)


def ranked(**logprobs: float) -> Response:
    return Response(option_logprobs=logprobs, finish=Finish.RANKED, tokens_in=10, seconds=0.5, cost_usd=0.0)
