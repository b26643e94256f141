"""What a judge may still be asked for its budget: what is in flight is paid before more is sent."""

import math

from evalcore.errors import UsageError
from evalcore.judge.spec import JudgeSpec, from_json
from evalcore.runs.planning import cost_of, endpoint_in
from evalcore.store import Transaction
from evalcore.store import runs as run_rows
from evalcore.store.spending import USED_UP, Spending, hold, spending
from evalcore.types import Endpoint


def require_payable(spec: JudgeSpec, endpoint: Endpoint | None) -> None:
    """UsageError for a budget that is no amount, or that cannot be kept: nobody knows what a call costs."""
    budget = spec.budget_usd
    if budget is None:
        return
    if not 0 < budget < math.inf:
        raise UsageError(
            f"A budget of {budget:g} USD pays for no number of calls. Give more than 0, or leave it out."
        )
    if cost_of(endpoint, 1, 1) is None and endpoint is not None:
        raise UsageError(
            f"A budget of {budget:g} USD cannot be kept: endpoint {endpoint.name} has no prices, so nobody "
            f"knows what a call costs. Give them on Models or with endpoints add {endpoint.name} ... "
            "--price-in X --price-out Y (USD per million tokens), or leave the budget out."
        )


def affordable(transaction: Transaction, run_id: int, most: int) -> int:
    """How many calls may be claimed now, in this transaction, at most `most`; pauses a run that can pay for
    no further one.

    A call is taken to cost the mean of those before it, reused ones at the price of their tokens; until the
    first is there, one is asked alone.
    """
    spec = from_json(run_rows.run_by_id(transaction, run_id).spec)
    if spec.budget_usd is None or spec.is_local:
        return most
    try:
        endpoint = endpoint_in(transaction, spec.model)  # its prices may have been taken away since
        require_payable(spec, endpoint)
        if not cost_of(endpoint, 1, 1):
            return most
        hold(transaction, run_id)
        now = spending(transaction, run_id)
        usd, each = _spent(now, endpoint)
    except UsageError as error:
        run_rows.set_wanted(transaction, run_id, "pause", str(error))
        return 0
    if not now.answers:
        return min(most, max(0, 1 - now.in_flight))
    left = math.floor((spec.budget_usd - usd) / each + 1e-9) - now.in_flight
    if left <= 0 and not now.in_flight:
        spent = f"{usd:.2f} of the budget of {spec.budget_usd:.2f} {USED_UP}"
        reason = f"{spent}, and a call costs about {each:.2g}; raise it and go on"
        run_rows.set_wanted(transaction, run_id, "pause", reason)
    return min(most, max(0, left))


def _spent(now: Spending, endpoint: Endpoint | None) -> tuple[float, float]:
    """What is spent and what a call costs, the latter above 0 once there is an answer.

    An answer without a known cost is taken at today's price of its tokens, or at the mean of the others if
    that is more. UsageError where no answer tells its tokens.
    """
    priced = now.answers - now.costless
    by_tokens = cost_of(endpoint, now.tokens_in, now.tokens_out) or 0.0
    usd = max(now.usd / priced * now.answers if priced else 0.0, by_tokens if now.costless else 0.0)
    each = max(usd, by_tokens) / max(now.answers, 1)
    if now.answers and not each:
        raise UsageError(
            "The budget cannot be kept: the endpoint does not tell how many tokens its answers took, so that "
            "nobody knows what they cost. Judge without a budget, or by another endpoint."
        )
    return usd, each
