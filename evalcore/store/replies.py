"""Responses as rows of the database and back."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from evalcore.store.schema import responses
from evalcore.store.sql import chunks
from evalcore.types import Finish, Response


def row_of(response: Response) -> dict[str, Any]:
    """Its columns in `responses`, but for the place it belongs to."""
    return {
        "text": response.text,
        "option_logprobs": dict(response.option_logprobs) if response.option_logprobs is not None else None,
        "greedy": list(response.greedy) or None,
        "finish": str(response.finish),
        "tokens_in": response.tokens_in,
        "tokens_out": response.tokens_out,
        "seconds": response.seconds,
        "cost_usd": response.cost_usd,
        "dropped_shots": response.dropped_shots,
        "notes": list(response.notes) or None,
        "created_at": time.time(),
    }


def reusable(transaction: Connection, ask_keys: Sequence[str]) -> dict[str, tuple[int, Response]]:
    """Stored responses by ask_key: (response id, response), for answers that need not be bought again."""
    found: dict[str, tuple[int, Response]] = {}
    for chunk in chunks(set(ask_keys)):
        query = select(responses).where(responses.c.ask_key.in_(chunk)).order_by(responses.c.id.desc())
        for row in transaction.execute(query):
            found[row.ask_key] = (row.id, response_of(row))
    return found


def response_of(row: Any) -> Response:
    """A Response from a row with the columns of `responses`."""
    return Response(
        text=row.text,
        option_logprobs=row.option_logprobs,
        greedy=tuple(row.greedy or ()),
        finish=Finish(row.finish),
        tokens_in=row.tokens_in,
        tokens_out=row.tokens_out,
        seconds=row.seconds,
        cost_usd=row.cost_usd,
        dropped_shots=row.dropped_shots,
        notes=tuple(row.notes or ()),
    )
