"""Runs of judges: planned from the records of a run, asked like any other, read into verdicts and scores.

A judge's run is a run of kind `judge` with the judged run as its parent; each cell (a subject and a
criterion) is a work item. A judge of this machine explains first (turn 0) and is then asked for its verdict
by ranking those that are allowed (turn 1); one behind an endpoint does both in one reply.
"""

from evalcore.judge.spec import KIND, JudgeSpec, from_json
from evalcore.runs.judging.asking import Bench, Question
from evalcore.runs.judging.budget import affordable
from evalcore.runs.judging.later import (
    JUDGE_LATER,
    JudgeEstimate,
    begin_later,
    estimate_judging,
    judge_when_done,
    judges_waiting,
)
from evalcore.runs.judging.planning import JudgePlan, begin_judging, judge_run, plan_judging, set_budget
from evalcore.runs.judging.preview import Preview, preview_judging, preview_rubric
from evalcore.runs.judging.reading import read, settle

__all__ = [
    "JUDGE_LATER",
    "KIND",
    "Bench",
    "JudgeEstimate",
    "JudgePlan",
    "JudgeSpec",
    "Preview",
    "Question",
    "affordable",
    "begin_judging",
    "begin_later",
    "estimate_judging",
    "from_json",
    "judge_run",
    "judge_when_done",
    "judges_waiting",
    "plan_judging",
    "preview_judging",
    "preview_rubric",
    "read",
    "set_budget",
    "settle",
]
