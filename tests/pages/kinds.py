"""One run of each kind of item, with replies, turns and judges' verdicts that a test writes itself."""

from collections.abc import Mapping, Sequence

from asked import ask, written

from evalcore import metrics, report
from evalcore.runs import RunSpec
from evalcore.runs.spec import to_json
from evalcore.store import Store, content, detail, dialogues, judging, registry, scored, work
from evalcore.store import runs as run_rows
from evalcore.store.dialogues import Turn
from evalcore.types import (
    Answer,
    AnswerState,
    Entry,
    Item,
    Key,
    Kind,
    LoadedTask,
    ModelIdentity,
    Option,
    Outcome,
    Part,
    Prompt,
    Score,
    Source,
    Task,
    Way,
)


def loaded(kind: Kind, entries: Sequence[Entry], **more: object) -> LoadedTask:
    """A task of the kind with its usual metrics. more: fields of Task."""
    names = more.pop("metrics", metrics.DEFAULTS[kind])
    own = {"language": "en", "licence": "Apache-2.0", "source": Source(), "metrics": names} | more
    return LoadedTask(Task(f"demo/{kind}", "demo", str(kind), kind=kind, **own), tuple(entries))


def entry(item_id: str, item: Item, *acceptable: tuple[str, ...], group: str = "", **more: object) -> Entry:
    """more: fields of Key."""
    return Entry(item_id, item, Key(acceptable, "demo", **more), group)


def named(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(label, label) for label in labels)


def say(store: Store, task: LoadedTask, reply: str | Mapping[str, str], *, code: str = "") -> int:
    """Every item answered; returns the work id of the first record."""
    said = (lambda one: reply) if isinstance(reply, str) else (lambda one: reply[one.item_id])
    name = code or f"run-{task.task.kind}"
    ask(store, [task], lambda one: written(said(one)), code=name, model="demo:x", way=Way.GENERATE, chat=True)
    return record_of(store, name)


def record_of(store: Store, code: str) -> int:
    """The work id of a run's first record."""
    return report.records(store, report.record_filter(store, runs=[code])).rows[0].work_id


def _add_run(transaction, loaded: LoadedTask, **row: object) -> int:
    model_id = registry.put_model(transaction, ModelIdentity(str(row.pop("model"))), {})
    spec = to_json(RunSpec(model="demo:x", tasks=(loaded.task.id,), **row.pop("spec", {})))
    rest = {"repeat": 1, "name": "a run", "lane": "local", "key_env": "", "wanted": "run"}
    rest |= {"identity": f"{row['code']:0<32}", "origin": {"kind": "here"}, "spec": spec}
    run_rows.add_run(transaction, rest | {"model_id": model_id} | row)
    run_id = run_rows.get_run(transaction, str(row["code"])).id
    version = content.put_task(transaction, loaded)
    run_rows.add_run_tasks(transaction, run_id, [(version, Way.GENERATE)])
    return run_id


def _answer(transaction, run_id: int, says: Sequence[str]) -> None:
    prompt = Prompt((Part("asked", "user"),), "plain")
    content.put_prompts(transaction, [prompt])
    claimed = work.claim(transaction, run_id, 0, len(says))
    claimed.sort(key=lambda one: one.work_id)
    finished = [
        work.Finished(one, written(words), prompt.key, f"{run_id}-{one.work_id}")
        for one, words in zip(claimed, says, strict=True)
    ]
    work.store_answered(transaction, finished)


def talk(store: Store, one: LoadedTask, turns: Sequence[str], *, code: str = "talk1") -> int:
    """A consultation of one item, the patient (the partner) first; returns the record's work id."""
    with store.write() as transaction:
        mine = _add_run(transaction, one, code=code, model="demo:doctor", kind="ask")
        partner = _add_run(
            transaction, one, code=f"{code}p", model="demo:patient", kind="partner", parent_id=mine
        )
        version = run_rows.tasks_of(transaction, mine)[0].task_version_id
        places = [Turn(mine if turn % 2 else partner, version, 0, 0, 0, turn) for turn in range(len(turns))]
        dialogues.plan_turns(transaction, places)
        _answer(transaction, partner, turns[0::2])
        _answer(transaction, mine, turns[1::2])
        waiting = scored.unscored(transaction, mine, 100)
        last = max(waiting, key=lambda stored: stored.place.turn)
        scored.close(transaction, [stored for stored in waiting if stored is not last], mine)
        answer = Answer((), AnswerState.READ, "dialogue", "robust", 1)
        scores = (Score("coverage@doctor,patient=demo:patient", 0.5, "1 of 2 facts"),)
        reading = scored.Reading(last, answer, scores, "demo", 1, Outcome.PARTLY)
        scored.put_readings(transaction, [reading])
        return last.work_id


Facts = tuple[str, str, Mapping[str, object], str, int, int]
"""(criterion, state, facts, the judge's words, order, repeat)."""


def judge(
    store: Store,
    one: LoadedTask,
    work_ids: Sequence[int],
    name: str,
    rubric: str,
    cells: Sequence[Facts],
    *,
    score: Score | None = None,
) -> None:
    """A judge's verdicts on the responses of these records, in this order. rubric: `healthbench-1`."""
    with store.write() as transaction:
        run_id = _add_run(transaction, one, code=f"{name}-{rubric}"[:32], model=name, kind="judge")
        judged = detail.load_records(transaction, work_ids)
        about = tuple(record.response_id for record in judged)
        place = _place(transaction, judged[0])
        (subject_id,) = judging.put_subjects(transaction, [(judged[0].item_id, about)])
        judging.plan_cells(transaction, run_id, [judging.Cell(place, subject_id, *_cell(c)) for c in cells])
        _answer(transaction, run_id, [c[3] for c in cells])
        stored = {_cell_of(one.place): one for one in scored.unscored(transaction, run_id, 1000)}
        about_rubric = (name, rubric.rpartition("-")[0], int(rubric.rpartition("-")[2]))
        made = [
            judging.Verdict(subject_id, stored[_cell(c)].response_id, *about_rubric, *_cell(c), c[1], c[2])
            for c in cells
        ]
        judging.put_verdicts(transaction, made)
        scored.put_readings(transaction, [_verdict_read(stored[_cell(c)], c[1]) for c in cells])
        if score:
            scored.add_scores(transaction, [(about[0], ("demo", 1), score)])


def _verdict_read(stored: scored.Stored, state: str) -> scored.Reading:
    answer = Answer((), AnswerState.READ if state == "ok" else AnswerState(state), "verdict", "judge", 1)
    return scored.Reading(stored, answer, (), "demo", 1, Outcome.UNSCORED)


def _place(transaction, record) -> judging.Judged:
    run = run_rows.get_run(transaction, record.run)
    (task,) = run_rows.tasks_of(transaction, run.id)
    rows = judging.judged_records(transaction, run.id, task.task_version_id)
    return next(row for row in rows if row.response_id == record.response_id)


def _cell(facts: Facts) -> tuple[str, int, int]:
    return facts[0], facts[4], facts[5]


def _cell_of(place) -> tuple[str, int, int]:
    return place.criterion, place.option_order, place.repeat


def score(store: Store, work_id: int, one: Score) -> None:
    """Adds a score to a record's response, as an encoder or a term library would."""
    with store.write() as transaction:
        (record,) = detail.load_records(transaction, [work_id])
        scored.add_scores(transaction, [(record.response_id, ("demo", 1), one)])


def verdict(value: str | None, explanation: str = "", quote: str = "", **more: object) -> dict[str, object]:
    facts = {"value": value, "number": None, "explanation": explanation, "quote": quote}
    return facts | {"is_quote_found": bool(quote), "why": ""} | more
