"""What a search for words finds: rows of the text indexes, and the condition on records that follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Integer, bindparam, column, false, select, text

from evalcore.store.schema import records, reviews, subjects
from evalcore.store.search import matching, query_text
from evalcore.store.sql import chunks


@dataclass(frozen=True)
class Found:
    """Ids by index, each cut off after `most` + 1; reviewed ones are those whose reviewers' notes matched."""

    dialect: str
    query: str
    most: int
    items: tuple[int, ...]
    responses: tuple[int, ...]
    reviewed_items: tuple[int, ...]
    reviewed_responses: tuple[int, ...]

    @property
    def is_small(self) -> bool:
        """Everything that matched is here."""
        return len(self.items) <= self.most and len(self.responses) <= self.most

    @property
    def item_ids(self) -> tuple[int, ...]:
        return (*self.items, *self.reviewed_items)

    @property
    def response_ids(self) -> tuple[int, ...]:
        return (*self.responses, *self.reviewed_responses)

    def is_certainly(self, n: int) -> bool:
        """More than n replies matched."""
        return len(self.responses) > n

    def conditions(self, response_range: tuple[int, int] | None) -> list[ColumnElement[bool]]:
        """On records, any of which is a match; response_range bounds the replies that are looked through.

        With a range the records are read in their order and sifted; "+ 0" keeps SQLite from looking up each
        of very many texts instead.
        """
        if not self.query:
            return [false()]
        columns: list[ColumnElement[int]] = [records.c.item_id, records.c.response_id]
        item_id, response_id = columns if response_range is None else [column + 0 for column in columns]
        found: list[ColumnElement[bool]] = [
            item_id.in_(self._rows("item_grams", None)),
            response_id.in_(self._rows("response_grams", response_range)),
        ]
        if self.reviewed_items:
            found.append(item_id.in_(self.reviewed_items))
        if self.reviewed_responses:
            found.append(response_id.in_(self.reviewed_responses))
        return found

    def _rows(self, table: str, between: tuple[int, int] | None) -> ColumnElement[int]:
        statement = matching(self.dialect, table)
        if between is not None:
            statement = text(f"{statement.text} AND rowid BETWEEN {between[0]:d} AND {between[1]:d}")
        found = statement.bindparams(bindparam("query", self.query)).columns(column("rowid", Integer))
        return select(found.subquery().c.rowid).scalar_subquery()


def find(transaction: Connection, search: str, most: int) -> Found:
    """Looks the words up in all three indexes; a search without any word finds nothing."""
    dialect = transaction.dialect.name
    query = query_text(dialect, search)
    if not query:
        return Found(dialect, "", most, (), (), (), ())

    def ids(table: str) -> tuple[int, ...]:
        limited = text(f"{matching(dialect, table).text} LIMIT :most")
        return tuple(transaction.execute(limited, {"query": query, "most": most + 1}).scalars())

    reviewed_items, reviewed_responses = _reviewed(transaction, ids("review_grams")[:most])
    return Found(
        dialect, query, most, ids("item_grams"), ids("response_grams"), reviewed_items, reviewed_responses
    )


def _reviewed(transaction: Connection, review_ids: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Items and responses that these reviews are about; a review without a response is about the item."""
    items: set[int] = set()
    responses: set[int] = set()
    for chunk in chunks(review_ids):
        query = (
            select(subjects.c.item_id, subjects.c.response_ids)
            .join(reviews, reviews.c.subject_id == subjects.c.id)
            .where(reviews.c.id.in_(chunk))
        )
        for row in transaction.execute(query):
            if row.response_ids:
                responses.update(row.response_ids)
            else:
                items.add(row.item_id)
    return tuple(sorted(items)), tuple(sorted(responses))
