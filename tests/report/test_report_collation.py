"""Texts of six languages in an order that their readers expect, and records sorted by a column."""

import pytest
from filled import answer_all, entry, plan, task

from evalcore import report
from evalcore.report import collation
from evalcore.store import Store


@pytest.mark.parametrize(
    "expected",
    [
        ["Dosage", "Ébola", "éclampsie", "Eczéma", "Zona"],  # French: accents weigh less than letters
        ["odeur", "œdème", "oesophage", "orage"],
        ["norma", "nube", "ñame", "ojo"],  # Spanish: ñ is a letter of its own
        ["Ёж", "Ездить", "Ель", "Ишемия", "Йод", "Рак"],  # Russian: ё as е, й behind и
        ["かお", "がん", "キズ", "くすり"],  # Japanese: both kana together
        ["¿Cuál es?", "Dosage", "Рак", "がん", "心脏"],
        ["item-1", "item-2", "item-10"],
        ["5 mg", "40 mg", "x"],
        ["HLA-A", "ＨＬＡ-B", "hla-c"],  # full-width letters are letters
        ["pak choi", "рак"],  # look-alikes stay in their scripts
    ],
)
def test_texts_stand_as_their_readers_expect(expected: list[str]) -> None:
    assert sorted(reversed(expected), key=collation.key) == expected


def test_hostile_texts_have_a_place_too() -> None:
    hostile = ["", "\ud83d", "\x00", "9" * 5000, "٣", "²", "...", "a\u0301" * 400]
    assert len(sorted(hostile, key=collation.key)) == len(hostile)


@pytest.fixture
def filled(store: Store) -> Store:
    names = [("q10", "Zona ?"), ("q2", "Éclampsie ?"), ("q1", "Dosage?")]
    answer_all(store, plan(store, task([entry(*one, "A") for one in names])), ["A", "B", "A"])
    return store


def _items(store: Store, sort: str, **page: int) -> list[str]:
    asked = report.record_filter(store)
    return [row.item for row in report.records(store, asked, sort=sort, **page).rows]


def test_records_are_sorted_by_a_column_and_back(filled: Store) -> None:
    assert _items(filled, "") == ["q10", "q2", "q1"]
    assert _items(filled, "item") == ["q1", "q2", "q10"]
    assert _items(filled, "question") == ["q1", "q2", "q10"]
    assert _items(filled, "-question") == ["q10", "q2", "q1"]
    assert _items(filled, "outcome") == ["q10", "q1", "q2"], "what is equal keeps the run's order"
    assert _items(filled, "question", offset=1, limit=1) == ["q2"]
    assert all(_items(filled, name) for name in report.SORTS)


def test_neighbours_follow_the_order_of_the_list(filled: Store) -> None:
    asked = report.record_filter(filled)
    middle = report.records(filled, asked, sort="question").rows[1]
    found = report.neighbours(filled, asked, middle.work_id, "question")
    assert found.previous is not None and found.next is not None
    assert (found.previous.item, found.next.item) == ("q1", "q10")
