"""Records as a pandas DataFrame, for notebooks: one row an item, in the run's order."""

from typing import TYPE_CHECKING, Any

from evalcore.exchange.records import as_json, iterate
from evalcore.store import Store
from evalcore.store.record import Record

if TYPE_CHECKING:
    import pandas


def data_frame(store: Store, *codes: str) -> "pandas.DataFrame":
    """The records of these runs.

    Columns are those of `export --format records`, with response and answer spread out (text, finish,
    tokens_in, ...; picked, state, rule, ...), `outcome`, and one for each metric. What is not there is None,
    never 0.
    """
    import pandas

    return pandas.DataFrame([_row(record) for code in codes for record in iterate(store, code)])


def _row(record: Record) -> dict[str, Any]:
    row = as_json(record)
    response, answer = row.pop("response"), row.pop("answer") or {}
    scores = {score["metric"]: score["value"] for score in row.pop("scores")}
    read = {name: answer.get(name) for name in ("state", "rule", "span", "reader")}
    return {**row, **response, "picked": answer.get("value"), **read, "outcome": record.outcome, **scores}
