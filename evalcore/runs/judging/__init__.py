"""Runs of judges: planned from the records of a run, asked like any other, read into verdicts and scores.

A judge's run is a run of kind `judge` with the judged run as its parent; each cell (a subject and a
criterion) is a work item. A judge of this machine explains first (turn 0) and is then asked for its verdict
by ranking those that are allowed (turn 1); one behind an endpoint does both in one reply.
"""

from evalcore.judge.spec import KIND, JudgeSpec, from_json
from evalcore.runs.judging.asking import Bench, Question
from evalcore.runs.judging.planning import JudgePlan, begin_judging, judge_run, plan_judging
from evalcore.runs.judging.reading import read, settle

__all__ = [
    "KIND",
    "Bench",
    "JudgePlan",
    "JudgeSpec",
    "Question",
    "begin_judging",
    "from_json",
    "judge_run",
    "plan_judging",
    "read",
    "settle",
]
