"""What each way of asking a judge owes before its verdict counts, through the store."""

import json
from pathlib import Path

import pytest
from filled import claim, entry, keep, plan, ranked, says, task

from evalcore import report, runs
from evalcore.judge import add_rubric
from evalcore.store import Store, work
from evalcore.store import runs as run_rows
from evalcore.types import Finish, Response

SAID = '{"verdict": "yes"}'


def judged(store: Store, rubric: str, *rounds: list[Response]) -> report.JudgeResult:
    """A local judge over three answers that gives these replies, in the items' order."""
    run = plan(store, task([entry(f"q{n}", f"What helps in case {n}?") for n in range(3)]))
    for one in claim(store, run):
        keep(store, one, says("Rest."))
    runs.score_waiting(store, run.run_id)
    code = runs.judge_run(store, runs.JudgeSpec("demo:weak", run.code, rubric, again=0.0))
    for replies in rounds:
        with store.write() as transaction:
            judge_id = run_rows.get_run(transaction, code).id
            claimed = sorted(
                work.claim(transaction, judge_id, run.worker_id, 3), key=lambda one: one.position
            )
            answers = zip(claimed, replies, strict=True)
            made = [work.Finished(one, what, "prompt", f"ask-{one.work_id}") for one, what in answers]
            work.store_answered(transaction, made)
        runs.score_waiting(store, judge_id)
    return report.judge_result(store, code)


def test_a_local_judges_verdict_counts_only_after_a_whole_explanation(store: Store) -> None:
    explained = [says("It is right."), says(""), Response("It is", finish=Finish.LENGTH)]
    found = judged(store, "correctness", explained, [ranked(no=-2.0, yes=-1.0)] * 3)
    states = {name: count for name, count in found.judgements.items() if count}
    assert states == {"ok": 1, "unreadable": 1, "truncated": 1}


def test_a_rubric_with_a_prompt_of_its_own_owes_no_explanation(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    criteria = [{"name": "right", "text": "Is it right?", "scale": {"kind": "yes_no"}}]
    own = {"id": "own", "version": 1, "mode": "rating", "title": "Own", "prompt": "{answer}"}
    add_rubric(json.dumps(own | {"criteria": criteria}).encode(), "own.json", tmp_path / "rubrics")
    assert judged(store, "own", [says(SAID)] * 3).judgements["ok"] == 3
