"""What a judge may still be asked for its budget: what is in flight is paid before more is sent."""

import math

from evalcore.judge.spec import from_json
from evalcore.store import Transaction, work
from evalcore.store import runs as run_rows


def affordable(transaction: Transaction, run_id: int, most: int) -> int:
    """How many calls may be claimed now, at most `most`; pauses a run that can pay for no further one.

    A call is taken to cost the mean of those before it; until the first is paid, one is asked alone.
    """
    budget = from_json(run_rows.run_by_id(transaction, run_id).spec).budget_usd
    if budget is None:
        return most
    now = work.spending(transaction, run_id)
    if not now.answers:
        return min(most, max(0, 1 - now.in_flight))
    each = now.usd / now.answers
    if not each:
        return most
    left = math.floor((budget - now.usd) / each + 1e-9) - now.in_flight
    if left <= 0 and not now.in_flight:
        spent = f"{now.usd:.2f} of the budget of {budget:.2f} USD are spent"
        reason = f"{spent}, and a call costs about {each:.2g}; raise it and go on"
        run_rows.set_wanted(transaction, run_id, "pause", reason)
    return min(most, max(0, left))
