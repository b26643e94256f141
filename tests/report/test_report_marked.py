"""What is marked stands where a reader would point; expected places counted by hand."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from evalcore import report
from evalcore.report import marked
from evalcore.types import Response


def _texts(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in report.searched(text, query)]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Ménière, MENIERE", "meniere", ["Ménière", "MENIERE"]),
        (
            "Me\u0301nie\u0300re\u0301 x",
            "meniere",
            ["Me\u0301nie\u0300re\u0301"],
        ),  # accents as own characters
        ("dosage age", "age", ["age"]),  # words as beginnings, not inside
        ("heparins", "hepar", ["hepar"]),
        ("心肌梗死, 心, 梗死", "心肌梗死", ["心肌梗死"]),
        ("ＨＬＡ-B27 ﬁbrosis", "hla fib", ["ＨＬＡ", "ﬁb"]),
        ("Лёгкое, легкое", "легкое", ["Лёгкое", "легкое"]),
        ("рак pak", "рак", ["рак"]),
        ("5 µg, 5 μg", "μg", ["µg", "μg"]),  # micro sign and letter
        ("ｶﾞﾝ ガン", "ガン", ["ｶﾞﾝ", "ガン"]),
        ("anything", "?", []),
        ("", "x", []),
    ],
)
def test_searched_words_are_marked_with_all_their_letters(text: str, query: str, expected: list[str]) -> None:
    assert _texts(text, query) == expected


def test_words_of_real_questions_are_found_in_six_languages(data_dir: Path) -> None:
    """Every long word (a pair of characters in Chinese and Japanese) of published text marks itself."""
    files = sorted((data_dir / "hub/Henrychur/MedS-Bench/Rationale").glob("*_rationale_generation.json"))
    assert len(files) == 6
    for file in files:
        question = json.loads(file.read_text(encoding="utf-8"))["Instances"][0]["input"]
        words = re.findall(r"[^\W\d_\u3040-\u9fff]{5,}|[\u3040-\u9fff]{5,}", question)[:40]
        for word in words:
            wanted = word[:2] if re.match("[\u3040-\u9fff]", word) else word
            assert wanted in _texts(question, wanted), (file.name, wanted)


def _record(reply: str, *gold: str, **meta: str) -> SimpleNamespace:
    return SimpleNamespace(
        response=Response(reply), answer=None, meta=meta, gold=(tuple(gold),), scores=(), context=""
    )


def _sorts(found: report.Entities) -> dict[str, str]:
    return {one.text: one.sort for one in found.rows}


def test_entities_of_both_sides_are_told_apart() -> None:
    found = report.entities(_record("Aspirin; X-ray, aspirin", "aspirin", "heparin"))  # type: ignore[arg-type]
    assert _sorts(found) == {"aspirin": "matched", "heparin": "missed", "X-ray": "extra"}
    assert found.in_reply == ((0, 7, "matched"), (9, 14, "extra"), (16, 23, "matched"))


def test_of_several_lists_the_nearest_counts() -> None:
    record = _record("b, c")
    record.gold = (("a",), ("b", "c", "d"))
    assert _sorts(report.entities(record)) == {"b": "matched", "c": "matched", "d": "missed"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Gave ASPIRIN.", ["ASPIRIN"]),
        ("Ａｓｐｉｒｉｎ", ["Ａｓｐｉｒｉｎ"]),
        ("aspirins, baspirin", []),  # inside longer words
        ("患者用aspirin治疗", ["aspirin"]),
    ],
)
def test_an_entity_is_found_in_its_source_as_a_whole(source: str, expected: list[str]) -> None:
    found = report.entities(_record("aspirin", "aspirin"))  # type: ignore[arg-type]
    assert [source[start:end] for start, end, _ in found.in_source(source)] == expected


def test_a_name_over_two_lines_is_found_too() -> None:
    found = report.entities(_record("lithium carbonate", "lithium carbonate"))  # type: ignore[arg-type]
    assert [(start, end) for start, end, _ in found.in_source("of lithium\n  carbonate")] == [(3, 22)]


def test_alignments_are_read_back_from_a_scores_reason() -> None:
    """Terms and words may hold commas and brackets of their own."""
    why = "terms: 1 of 2; aligned: 胸片(正、侧) → 胸部X线(正位) (0.71), a → b, c (0.90)"
    record = SimpleNamespace(scores=(SimpleNamespace(metric="aligned_f1@x", why=why),))
    kept = marked.Kept.of(record)  # type: ignore[arg-type]
    assert kept is not None
    assert kept(["胸片(正、侧)", "a", "z"]) == [
        ("胸片(正、侧)", "胸部X线(正位)", 0.71),
        ("a", "b, c", 0.9),
        ("z", "z", 0.0),
    ]


@pytest.mark.parametrize("text", ["\ud83d, \x00", "a" * 200_000, "，" * 50_000, "(" * 50_000, "(?:, a)|[b"])
def test_hostile_text_is_looked_through_without_harm(text: str) -> None:
    found = report.entities(_record(text, text[:50] or "x"))  # type: ignore[arg-type]
    assert all(0 <= start < end <= len(text) for start, end, _ in found.in_source(text))
    assert all(0 <= start < end <= len(text) for start, end in report.searched(text, text[:50]))
