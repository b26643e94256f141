"""Pause, resume, cancel, retry, delete: a person's wishes, written down; workers see them at their next
claim.
"""

from evalcore.errors import UsageError
from evalcore.store import Store, Transaction, dialogues, scored, work
from evalcore.store import runs as run_rows
from evalcore.store.schema import WorkState


def pause(store: Store, code: str, reason: str = "paused by a person") -> None:
    """What is in flight is finished and kept; nothing new is asked."""
    _want(store, code, "pause", reason)


def resume(store: Store, code: str) -> None:
    _want(store, code, "run", "")


def cancel(store: Store, code: str) -> None:
    """As pause, but for good; answers stay, and the same run started again goes on from them."""
    _want(store, code, "cancel", "cancelled by a person")


def _want(store: Store, code: str, wanted: str, reason: str) -> None:
    with store.write() as transaction:
        run = run_rows.get_run(transaction, code)
        run_rows.set_wanted(transaction, run.id, wanted, reason)


def retry(store: Store, code: str) -> int:
    """Asks the failed items again; returns how many."""
    with store.write() as transaction:
        run = run_rows.get_run(transaction, code)
        again = _retry_partner(transaction, run) + work.retry_failed(transaction, run.id)
        scored.drop_missing(transaction, again)
        run_rows.set_wanted(transaction, run.id, "run")
    return len(again)


def _retry_partner(transaction: Transaction, run: run_rows.RunRow) -> list[int]:
    """Dialogues that ended because the partner did not answer go on from its turn."""
    partner = run_rows.partner_of(transaction, run.id)
    if partner is None:
        return []
    again = dialogues.failed_of_partner(transaction, run.id)
    scored.drop_missing(transaction, again)
    dialogues.forget_partner_failures(transaction, again)
    work.retry_failed(transaction, partner.id)
    return again


def delete(store: Store, code: str) -> None:
    """Takes a run off every list; its answers are kept and `restore` brings it back."""
    with store.write() as transaction:
        run = run_rows.get_run(transaction, code)
        _require_still(transaction, run)
        run_rows.set_deleted(transaction, run.id, True)


def _require_still(transaction: Transaction, run: run_rows.RunRow) -> None:
    counts = work.open_counts(transaction, run.id)
    if run.wanted == "run" and counts[WorkState.WAITING] + counts[WorkState.LEASED]:
        raise UsageError(f"Run {run.code} is still going on. Pause or cancel it first, then delete it.")


def restore(store: Store, code: str) -> None:
    """Undoes `delete`."""
    with store.write() as transaction:
        run = run_rows.get_run(transaction, code)
        run_rows.set_deleted(transaction, run.id, False)
