"""Written-out replies with their right reading; one failure names one reply."""

import json
from pathlib import Path

import pytest

from evalcore.answers import read
from evalcore.types import Finish, Item, Kind, Option

HERE = Path(__file__).parent
ITEMS = {
    name: Item(
        one["question"],
        tuple(Option(label, text) for label, text in one["options"].items()),
        language=one["language"],
    )
    for name, one in json.loads((HERE / "items.json").read_text(encoding="utf-8")).items()
}
ROWS = [
    json.loads(line)
    for file in sorted(HERE.glob("replies_*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]


def reading_of(row):
    return read(row["reply"], ITEMS[row["item"]], Kind(row["kind"]), finish=Finish(row["finish"]))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['id']} {row['note']}")
def test_a_reply_is_read_as_a_person_reads_it(row):
    shown = reading_of(row)
    got = (list(shown.value), shown.state.value)
    assert got == (row["value"], row["state"]), (
        f"\n{row['id']}: {row['note']}\nreply: {row['reply']!r}\n"
        f"right: {row['state']} {row['value']}\n"
        f"got:   {shown.state.value} {list(shown.value)} by {shown.rule}"
    )


def test_the_table_has_at_least_240_replies_in_six_languages_each_with_its_own_id():
    assert len(ROWS) >= 240
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert {ITEMS[row["item"]].language for row in ROWS} == {"en", "zh", "fr", "ja", "ru", "es"}


READ = [row for row in ROWS if row["state"] == "read"]


@pytest.mark.parametrize("row", READ, ids=lambda row: row["id"])
def test_the_span_lies_in_the_reply_and_holds_what_was_read(row):
    shown = reading_of(row)
    if shown.span is None:
        assert shown.rule == "elimination"
        return
    start, end = shown.span
    assert 0 <= start < end <= len(row["reply"])
    assert row["reply"][start:end].strip() == row["reply"][start:end]
