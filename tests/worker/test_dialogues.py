"""Consultations between two bundled models: every turn a work item that resumes."""

import time

import pytest
from kills import add_endpoint, start_worker
from misbehaving_server import Server, answer, error
from sqlalchemy import select

from evalcore import report, runs
from evalcore.store import Store, dialogues
from evalcore.store import runs as run_rows
from evalcore.store.schema import responses, work
from evalcore.types import Sampling
from evalcore.worker.loop import Worker

TASK = "unimedicaleval/pre_consultation"
SHORT = Sampling(max_tokens=12)


def start(store: Store, **more: object) -> str:
    settings = {"model": "demo:strong", "partner": "demo:weak", "max_turns": 2, "sampling": SHORT} | more
    return runs.start(store, runs.RunSpec(tasks=(TASK,), **settings), limit=2)  # type: ignore[arg-type]


def turns(store: Store, code: str) -> dict[int, list[tuple[int, bool]]]:
    """By item: (turn, whether the partner said it)."""
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        ordinals = set(transaction.execute(select(work.c.ordinal).where(work.c.run_id == run.id)).scalars())
        said = dialogues.said(transaction, run.id, ordinals)
    return {
        place: [(one.turn, one.is_partner) for one in said[key]] for place, key in enumerate(sorted(said))
    }


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("doctor", [(0, True), (1, False), (2, True), (3, False)]),
        ("patient", [(0, False), (1, True), (2, False), (3, True), (4, False)]),
    ],
)
def test_doctor_and_patient_take_turns_and_the_tested_model_ends(
    store: Store, role: str, expected: list[tuple[int, bool]]
) -> None:
    code = start(store, role=role)
    Worker(store, once=True).run()
    assert turns(store, code) == {0: expected, 1: expected}
    result = report.run_result(store, code)
    assert (result.status, result.items) == ("finished", 2)
    other = "patient" if role == "doctor" else "doctor"
    assert result.tasks[TASK].metrics[f"turns@{role},{other}=demo:weak"].value == 2.0
    assert result.tokens_out > 2 * 3, "the turns before the last are counted, too"


def test_the_partner_is_on_no_list_and_pauses_with_its_run(store: Store) -> None:
    code = start(store)
    runs.pause(store, code)
    Worker(store, once=True).run()
    assert turns(store, code) == {}
    assert [row.code for row in report.runs_overview(store)] == [code]
    runs.resume(store, code)
    Worker(store, once=True).run()
    assert report.run_status(store, code).status == "finished"


def test_a_dialogue_whose_partner_fails_is_missing_and_goes_on_after_a_retry(
    store: Store, server: Server
) -> None:
    add_endpoint(store, server)
    server.otherwise = error("400 Bad Request", "bad_request", "no")
    code = start(store, partner="api:slow/m")
    Worker(store, once=True).run()
    status = report.run_status(store, code)
    assert (status.status, status.failed, status.errors) == ("finished_with_failures", 2, {"partner": 2})
    server.otherwise = answer()
    assert runs.retry(store, code) == 2
    Worker(store, once=True).run()
    assert report.run_status(store, code).status == "finished"
    assert len(turns(store, code)[0]) == 4


def test_a_killed_worker_loses_no_turn_and_says_none_twice(store: Store) -> None:
    code = start(store)
    worker = start_worker(store)
    said = 0
    while said < 2 and worker.poll() is None:
        with store.read() as transaction:
            said = len(transaction.execute(select(responses.c.id)).all())
        time.sleep(0.05)
    worker.kill()
    worker.wait()
    Worker(store, once=True).run()
    assert turns(store, code) == {place: [(0, True), (1, False), (2, True), (3, False)] for place in (0, 1)}


def test_scoring_again_reads_the_whole_dialogue(store: Store) -> None:
    code = start(store)
    Worker(store, once=True).run()
    before = report.run_result(store, code).tasks[TASK].metrics
    assert runs.score_again(store, code) == 2
    assert report.run_result(store, code).tasks[TASK].metrics == before
