"""Two workers at once settle what a judge said of one item."""

import json
import threading
import time

from judge_server import judging as judge_server
from kills import add_endpoint, invented_text, plan_run
from sqlalchemy import text

from evalcore import runs
from evalcore.runs import judging
from evalcore.runs.judging.reading import Settled
from evalcore.store import Store, Transaction, scored, work
from evalcore.store import runs as run_rows
from evalcore.store.work import Finished
from evalcore.types import Response
from evalcore.worker.loop import Worker

VERDICTS = (5, 1, 1)  # other outcomes, so that the two do not meet in the cube of counts


def judge_of(run: str, model: str = "api:slow/judge-honest") -> runs.JudgeSpec:
    return runs.JudgeSpec(model=model, run=run, rubric="mmedbench", again=0.0)


def judged_and_unread(store: Store) -> run_rows.RunRow:
    """The second judge's run over one answer: its three cells are answered."""
    with judge_server() as server:
        add_endpoint(store, server)
        answered = plan_run(store, invented_text(1), "api:slow/judge-honest")
        Worker(store, once=True).run()
        runs.judge_run(store, judge_of(answered, "api:slow/judge-fenced"))  # the answer's row says so now
        Worker(store, once=True).run()
        code = runs.begin_judging(store, runs.plan_judging(store, judge_of(answered)))
    with store.write() as transaction:
        run = run_rows.get_run(transaction, code)
        cells = work.claim(transaction, run.id, 1, len(VERDICTS))
        replies = [
            Response(text=json.dumps({"explanation": "Seen.", "quote": "", "verdict": verdict}))
            for verdict in VERDICTS
        ]
        finished = [Finished(c, r, "prompt", f"ask-{c.work_id}") for c, r in zip(cells, replies, strict=True)]
        work.store_answered(transaction, finished)
    return run


def settle(store: Store, made: Settled) -> None:
    with store.write() as transaction:
        judging.settle(transaction, made)


def is_somebody_waiting(transaction: Transaction) -> bool:
    return transaction.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one() > 0


def test_the_last_of_two_workers_sees_what_the_other_settled_and_scores_the_item(postgres_url: str) -> None:
    store = Store(postgres_url)
    run = judged_and_unread(store)
    with store.read() as transaction:
        piece = scored.unscored(transaction, run.id)
        mine, others = (judging.read(transaction, run, part) for part in (piece[:1], piece[1:]))
    with store.write() as transaction:
        judging.settle(transaction, mine)
        other = threading.Thread(target=settle, args=(store, others))
        other.start()
        while other.is_alive() and not is_somebody_waiting(transaction):
            time.sleep(0.01)
    other.join()
    with store.read() as transaction:
        (score,) = transaction.execute(
            text("SELECT value FROM scores WHERE metric LIKE 'rating/judge-honest/%'")
        ).scalars()
    store.close()
    assert score == (1 + 0 + 0) / 3
