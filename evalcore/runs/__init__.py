"""What can be done with runs: plan, start, pause, resume, cancel, retry, delete, score again.

    from evalcore import runs
    from evalcore.store import Store
    store = Store()
    code = runs.start(store, runs.RunSpec(model="demo:strong", tasks=("demo/*",)))

Starting only writes down what is to be asked; `evalcore.worker` asks it, here or anywhere.
"""

from evalcore.runs.aligning import score_with_terms
from evalcore.runs.command import command_line
from evalcore.runs.control import cancel, delete, pause, restore, resume, retry
from evalcore.runs.encoding import score_with_encoder
from evalcore.runs.growing import continued, extend, sizes, spec_of
from evalcore.runs.judging import (
    JUDGE_LATER,
    JudgeEstimate,
    JudgePlan,
    JudgeSpec,
    Preview,
    begin_judging,
    begin_later,
    estimate_judging,
    judge_run,
    judge_when_done,
    judges_waiting,
    plan_judging,
    preview_judging,
    preview_rubric,
    set_budget,
)
from evalcore.runs.planning import Estimate, Plan, begin, endpoint_of, endpoints, estimate, plan, start
from evalcore.runs.ranking import can_rank, keep_check
from evalcore.runs.scoring import score_again, score_waiting
from evalcore.runs.spec import RunSpec

__all__ = [
    "JUDGE_LATER",
    "Estimate",
    "JudgeEstimate",
    "JudgePlan",
    "JudgeSpec",
    "Plan",
    "Preview",
    "RunSpec",
    "begin",
    "begin_judging",
    "begin_later",
    "can_rank",
    "cancel",
    "command_line",
    "continued",
    "delete",
    "endpoint_of",
    "endpoints",
    "estimate",
    "estimate_judging",
    "extend",
    "judge_run",
    "judge_when_done",
    "judges_waiting",
    "keep_check",
    "pause",
    "plan",
    "plan_judging",
    "preview_judging",
    "preview_rubric",
    "restore",
    "resume",
    "retry",
    "score_again",
    "score_waiting",
    "score_with_encoder",
    "set_budget",
    "score_with_terms",
    "sizes",
    "spec_of",
    "start",
]
