"""Rubrics of one's own change and break while judges are at work; runs keep the words that were asked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from judge_server import JudgeServer, judging
from kills import add_endpoint, count, invented_text, plan_run

from evalcore import report, runs
from evalcore.errors import UsageError
from evalcore.store import Store, work
from evalcore.store import runs as run_rows
from evalcore.store.schema import WorkState
from evalcore.types import Response
from evalcore.worker.loop import Worker


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path / "home"))
    found = tmp_path / "home" / "rubrics"
    found.mkdir(parents=True)
    return found


@pytest.fixture
def judge(store: Store) -> Iterator[JudgeServer]:
    with judging() as server:
        add_endpoint(store, server)
        yield server


def write(folder: Path, *, version: int = 1, text: str = "Is it polite?") -> None:
    """By hand, as a person edits it."""
    scale = {"kind": "yes_no"}
    own = {
        "id": "tone",
        "version": version,
        "mode": "rating",
        "title": "Tone",
        "criteria": [{"name": "polite", "text": text, "scale": scale}],
    }
    (folder / "tone.json").write_text(json.dumps(own))


def answered(store: Store, name: str = "invented_text") -> str:
    code = plan_run(store, invented_text(2, name), "api:slow/judge-honest")
    Worker(store, once=True).run()
    return code


def spec(run: str, rubric: str = "tone", model: str = "api:slow/judge-honest") -> runs.JudgeSpec:
    return runs.JudgeSpec(model=model, run=run, rubric=rubric, again=0.0)


def leave_unread(store: Store, code: str, most: int = 10) -> None:
    """As a worker leaves it that is killed between keeping answers and reading them."""
    with store.write() as transaction:
        run = run_rows.get_run(transaction, code)
        claimed = work.claim(transaction, run.id, 1, most)
        reply = Response(text=json.dumps({"explanation": "Seen.", "quote": "", "verdict": "yes"}))
        work.store_answered(
            transaction, [work.Finished(one, reply, "prompt", f"ask-{one.work_id}") for one in claimed]
        )


@pytest.mark.parametrize("file", ["{ broken", '{"id": "tone"}'])
def test_replies_are_read_by_the_words_that_were_asked_whatever_became_of_the_file(
    store: Store, judge: JudgeServer, folder: Path, file: str
) -> None:
    write(folder)
    code = runs.judge_run(store, spec(answered(store)))
    leave_unread(store, code)
    (folder / "tone.json").write_text(file)
    Worker(store, once=True).run()
    found = report.judge_result(store, code)
    assert (found.status, found.judgements["ok"], found.rubric) == ("finished", 2, "tone-1")


def test_a_judge_goes_on_with_the_words_it_began_with_after_its_file_rose_to_another_version(
    store: Store, judge: JudgeServer, folder: Path
) -> None:
    write(folder)
    run = answered(store)
    runs.judge_run(store, spec(run))
    write(folder, version=2, text="Is it cheerful?")
    Worker(store, once=True).run()
    asked = [request.body["messages"][-1]["content"] for request in judge.received][-2:]
    assert all("Is it polite?" in prompt for prompt in asked)
    record = report.record(
        store, report.records(store, report.record_filter(store, runs=(run,))).rows[0].work_id
    )
    (panel,) = report.panels(record)
    assert panel.criteria[0].text["en"] == "Is it polite?"


def test_other_words_under_a_version_that_has_judged_are_refused(
    store: Store, judge: JudgeServer, folder: Path
) -> None:
    write(folder)
    run = answered(store)
    runs.judge_run(store, spec(run))
    write(folder, text="Is it cheerful?")
    with pytest.raises(UsageError, match="tone-1 had other words when run .* Raise the version"):
        runs.plan_judging(store, spec(run))


def test_one_model_behind_two_endpoints_is_no_second_judge(store: Store, judge: JudgeServer) -> None:
    add_endpoint(store, judge, name="other")
    run = answered(store)
    runs.judge_run(store, spec(run, "correctness"))
    with pytest.raises(UsageError, match="api:other/judge-honest would be the same judge by name"):
        runs.plan_judging(store, spec(run, "correctness", "api:other/judge-honest"))
    assert runs.plan_judging(store, spec(run, "mmedbench", "api:other/judge-honest")).cells == 6


def test_a_run_whose_rubric_nobody_has_pauses_alone_and_says_why(
    store: Store, judge: JudgeServer, folder: Path
) -> None:
    """A run from before rubrics were kept with it."""
    write(folder)
    run = answered(store)
    lost, other = (runs.judge_run(store, spec(run, rubric)) for rubric in ("tone", "correctness"))
    with store.write() as transaction:
        row = run_rows.get_run(transaction, lost)
        run_rows.set_spec(transaction, row.id, {k: v for k, v in row.spec.items() if k != "rubric_as_asked"})
    leave_unread(store, lost, 1)
    (folder / "tone.json").unlink()
    (folder / "versions" / "tone-1.json").unlink()
    Worker(store, once=True).run()
    seen = report.live(store, lost)
    assert (seen.status, "There is no rubric 'tone-1'" in seen.pause_reason) == ("paused", True)
    assert report.live(store, other).status == "finished"
    assert count(store, WorkState.ANSWERED) == 1, "kept, and read when the rubric is back"
    write(folder)
    with store.write() as transaction:
        run_rows.set_wanted(transaction, row.id, "run")
    Worker(store, once=True).run()
    assert report.live(store, lost).status == "finished"
