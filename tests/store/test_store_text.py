"""Hostile text, and the search in it."""

import math

import pytest
from filled import answer_all, entry, four, plan, says, task
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from evalcore.store import Store, content, detail
from evalcore.store.listing import Listing, RecordFilter
from evalcore.store.schema import items, responses, reviews, settings, subjects
from evalcore.store.search import index_texts

HOSTILE = {
    "NUL": ("before\x00after", "before\\x00after"),
    "a lone high surrogate": ("x\ud83dy", "x\\ud83dy"),
    "a lone low surrogate": ("x\udc00y", "x\\udc00y"),
    "right-to-left": (
        "abc \u202egnp.exe \u05e9\u05dc\u05d5\u05dd",
        "abc \u202egnp.exe \u05e9\u05dc\u05d5\u05dd",
    ),
    "markup": (
        "<script>f()</script> ![x](http://a) $x$",
        "<script>f()</script> ![x](http://a) $x$",
    ),
    "quotes": ('it\'s "so" \\ ; DROP TABLE items; --', 'it\'s "so" \\ ; DROP TABLE items; --'),
    "emoji": ("\U0001f9ec\U0001fac0", "\U0001f9ec\U0001fac0"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_replies_are_stored_visibly(store: Store, name: str) -> None:
    raw, visible = HOSTILE[name]
    run = plan(store, four())
    answer_all(store, run, [says(raw)])
    with store.read() as t:
        assert t.execute(select(responses.c.text)).scalar_one() == visible


@pytest.mark.parametrize("body", ["a" * 1_000_000, "word " * 200_000, "心肌梗死" * 250_000])
def test_a_reply_of_a_megabyte_is_stored_whole(store: Store, body: str) -> None:
    run = plan(store, four())
    answer_all(store, run, [says(body)])
    with store.read() as t:
        assert t.execute(select(responses.c.text)).scalar_one() == body


def test_a_megabyte_of_ever_new_long_words_is_stored_and_its_beginning_is_found(store: Store) -> None:
    body = " ".join(f"{n:06d}" + "ж" * 50 for n in range(17_000))
    run = plan(store, four())
    answer_all(store, run, [says(body)])
    assert _found(store, "000007ж") == ["q1"]


def test_hostile_questions_and_options_are_stored_visibly(store: Store) -> None:
    with store.write() as t:
        content.put_task(t, task([entry("q\x001", "Why\x00 \ud83d?")]))
        assert t.execute(select(items.c.question)).scalar_one() == "Why\\x00 \\ud83d?"
        assert "q\\x001" in t.execute(select(items.c.options)).scalar_one()[0][1]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused_in_json(store: Store, value: float) -> None:
    with pytest.raises(StatementError, match="Out of range float"), store.write() as t:
        t.execute(settings.insert(), {"name": "x", "value": {"deep": [value]}})


def _found(store: Store, words: str) -> list[str]:
    with store.read() as t:
        listing = Listing(t, RecordFilter(text=words))
        page = listing.page(0, 100)
        assert listing.count().n == len(page)
        return [one.item for one in detail.load_records(t, page)]


CASES = [
    entry("q1", "急性心肌梗死的首选治疗是什么?"),
    entry("q2", "心脏听诊, 肌肉松弛", context="患者发热三天"),
    entry("q3", "Which effect has heparin in acute coronary syndrome?"),
    entry("q4", "Ménière's disease: what is the cause?"),
    entry("q5", "MÜLLER cells and the naïve T-cell 5-HT3"),
    entry("q6", "発熱と咳のある患者"),
]
REPLIES = ["阿司匹林 A", "无 A", "It binds antithrombin. A", "Endolymph A", "Retina A", "肺炎 A"]


@pytest.fixture
def searched(store: Store) -> Store:
    answer_all(store, plan(store, task(CASES)), REPLIES)
    return store


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("心肌", ["q1"]),  # two characters; q2 holds them apart
        ("心肌梗死", ["q1"]),
        ("梗死的首", ["q1"]),
        ("死梗", []),
        ("发热", ["q2"]),  # in the context
        ("阿司匹林", ["q1"]),  # in the reply
        ("心", ["q1", "q2"]),  # a single character, at the beginning of a run
        ("弛", ["q2"]),  # at its end
        ("肌", ["q1", "q2"]),  # within
        ("肺", ["q6"]),
        ("heparin", ["q3"]),
        ("hepar", ["q3"]),  # a beginning
        ("eparin", []),
        ("HEPARIN coronary", ["q3"]),  # every word, in any order
        ("heparin endolymph", []),
        ("antithrombin", ["q3"]),
        ("meniere", ["q4"]),  # without accents
        ("Ménière", ["q4"]),
        ("muller naive", ["q5"]),
        ("5-HT3", ["q5"]),
        ("患者 発熱", ["q6"]),
        ("heparin 心肌", []),
        ("option B of q3", ["q3"]),  # in the options
        ("?", []),
        ('" OR "a', []),
        ("' & | ! ( )", []),
        ("NEAR AND NOT", []),
    ],
)
def test_search_finds_words_characters_and_beginnings(
    searched: Store, words: str, expected: list[str]
) -> None:
    assert _found(searched, words) == expected


def test_characters_of_two_neighbouring_runs_are_no_phrase(store: Store) -> None:
    answer_all(store, plan(store, task([entry("q1", "主诉心肌, 肌梗死史")])), ["A"])
    assert _found(store, "心肌梗") == []
    assert _found(store, "肌梗死") == ["q1"]


def test_a_reviewers_note_is_found_too(searched: Store) -> None:
    with searched.write() as t:
        response_id = t.execute(select(responses.c.id).where(responses.c.text == REPLIES[3])).scalar_one()
        item_id = t.execute(select(items.c.id).where(items.c.question == CASES[4].item.question)).scalar_one()
        t.execute(subjects.insert(), {"sha": "s1", "item_id": item_id - 1, "response_ids": [response_id]})
        t.execute(subjects.insert(), {"sha": "s2", "item_id": item_id, "response_ids": []})
        ids = list(t.execute(select(subjects.c.id).order_by(subjects.c.id)).scalars())
        for subject_id in ids:
            review = {"subject_id": subject_id, "reviewer": "dr", "form": "f", "form_version": 1}
            review |= {"revision": 1, "verdict": {}, "note": "gold outdated", "created_at": 1.0}
            review_id = t.execute(reviews.insert().returning(reviews.c.id), review).scalar_one()
            index_texts(t, "review_grams", [(review_id, "gold outdated")])
    assert _found(searched, "outdated") == ["q4", "q5"]
