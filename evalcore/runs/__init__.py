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
from evalcore.runs.judging import JudgePlan, JudgeSpec, begin_judging, judge_run, plan_judging
from evalcore.runs.planning import Estimate, Plan, begin, endpoint_of, endpoints, estimate, plan, start
from evalcore.runs.scoring import score_again, score_waiting
from evalcore.runs.spec import RunSpec

__all__ = [
    "Estimate",
    "JudgePlan",
    "JudgeSpec",
    "Plan",
    "RunSpec",
    "begin",
    "begin_judging",
    "cancel",
    "command_line",
    "continued",
    "delete",
    "endpoint_of",
    "endpoints",
    "estimate",
    "extend",
    "judge_run",
    "pause",
    "plan",
    "plan_judging",
    "restore",
    "resume",
    "retry",
    "score_again",
    "score_waiting",
    "score_with_encoder",
    "score_with_terms",
    "sizes",
    "spec_of",
    "start",
]
