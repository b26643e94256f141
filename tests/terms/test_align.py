import zlib

import numpy as np
import openpyxl
import pytest

from evalcore.terms import Alignment, EncoderAligner, align, aligner, of_terms, term_vectors
from evalcore.terms.index import ABBREVIATED, build, grams


@pytest.fixture(scope="module")
def over_all(published):
    return aligner(tuple(published.values()))


def terms_of(found):
    return [one.term for one in found]


def test_the_worked_figure_both_names_of_one_examination_are_one_term(published, over_all):
    for chosen in (aligner([published["医疗操作术语"]]), over_all):
        assert terms_of(chosen(["心脏彩超", "心脏超声"])) == ["心脏彩色多普勒超声"] * 2


def test_d19_words_without_a_near_term_stay_themselves(over_all):
    words = [
        "阿司匹林",
        "肝功能",
        "骨折",
        "肿瘤",
        "戒烟",
        "多喝水",
        "低盐低脂饮食",
        "今天天气很好",
        "COPD",
        "…",
        "",
    ]
    assert over_all(words) == tuple(Alignment(word, word, 0.0) for word in words)


def test_d19_an_equal_term_comes_first_whatever_commas_it_has(over_all):
    name = "霍乱，由于O1群霍乱弧菌，霍乱生物型所致"
    assert over_all([name.replace("，", ",")]) == (Alignment(name.replace("，", ","), name, 1.0),)
    assert over_all.is_term(name)
    assert not over_all.is_term("由于O1群霍乱弧菌")


def test_operations_reach_the_names_that_their_own_table_renamed_them_to(data_dir, published):
    """The table's sheet of renamed terms: truth nobody here wrote. Four are too far, or nearer another."""
    book = openpyxl.load_workbook(data_dir / "upstream/term_libraries/手术操作术语.xlsx", read_only=True)
    renamed = [row[2:4] for row in book["2022修改名称"].iter_rows(min_row=3, values_only=True) if row[2]]
    found = aligner([published["手术操作术语"]])([old for old, _ in renamed])
    right = [one.word for one, (_, new) in zip(found, renamed, strict=True) if one.term == new]
    assert len(renamed) == 18
    assert len(right) == 14


def test_an_abbreviation_is_expanded_only_where_one_term_fits():
    one = aligner([of_terms("x", ["慢性阻塞性肺病", "肝功能不全"])])
    assert one(["慢阻肺"]) == (Alignment("慢阻肺", "慢性阻塞性肺病", ABBREVIATED),)
    assert one(["肝功能"])[0].term == "肝功能"  # held in one piece: another thing
    two = aligner([of_terms("x", ["左心室衰竭", "左心房衰竭"])])
    assert two(["左心衰"])[0].term == "左心衰"


def test_english_words_are_aligned_by_their_letters():
    library = of_terms("en", ["Myocardial infarction, acute", "Diabetes mellitus, type 2", "Pneumonia"])
    found = aligner([library])(
        ["acute myocardial infarctions", "PNEUMONIA", "Type 2 diabetes mellitus", "cough"]
    )
    assert terms_of(found) == [
        "Myocardial infarction, acute",
        "Pneumonia",
        "Diabetes mellitus, type 2",
        "cough",
    ]
    assert found[1].similarity == 1.0


def test_n_grams_mark_the_ends_of_a_term():
    assert grams("肺炎") == ("肺", "炎", "^肺", "肺炎", "炎$")
    assert grams("CT") == (" ct", "ct ")
    assert grams("CT检查") == (" ct", "ct ", "检", "查", "检查", "查$")


def test_the_similarity_is_the_cosine_of_weighted_n_grams():
    """Two terms that share no n-gram: every IDF is 1 + ln(3/2); squared weights are 1, and 2 at the ends."""
    index = build(of_terms("x", ["甲乙丙", "丁戊己"]))
    # 甲乙丁: 甲 乙 丁 甲乙 乙丁 ^甲 丁$; shared with 甲乙丙: 甲 乙 甲乙 ^甲. 乙丁 and 丁$ are in no term
    known, unknown = (1 + np.log(3 / 2)) ** 2, (1 + np.log(3)) ** 2
    cosine = 5 * known / np.sqrt(9 * known * (6 * known + 3 * unknown))
    assert index.nearest("甲乙丁")[0] == "甲乙丙"
    assert index.nearest("甲乙丁")[1] == pytest.approx(cosine, rel=1e-6)


def test_the_threshold_decides_and_libraries_are_asked_in_order():
    first, second = (
        of_terms("1", ["急性化脓性阑尾炎"]),
        of_terms("2", ["急性化脓性阑尾炎伴穿孔", "化脓性阑尾炎"]),
    )
    assert terms_of(aligner([first, second])(["急性化脓性阑尾炎症"])) == ["急性化脓性阑尾炎"]
    assert terms_of(aligner([first, second], threshold=0.99)(["急性化脓性阑尾炎症"])) == [
        "急性化脓性阑尾炎症"
    ]
    assert aligner([first, second])(["化脓性阑尾炎"])[0] == ("化脓性阑尾炎", "化脓性阑尾炎", 1.0)


def test_the_kept_index_gives_the_same_alignments_and_a_damaged_one_is_built_again(tmp_path):
    library = of_terms("x", ["心脏彩色多普勒超声", "Pneumonia", "急性阑尾炎伴穿孔"])
    words = ["心脏彩超", "pneumonias", "急性阑尾炎并穿孔"]
    built = aligner([library], tmp_path)(words)
    (file,) = tmp_path.iterdir()
    assert aligner([library], tmp_path)(words) == built == aligner([library])(words)
    file.write_bytes(b"PK\x03\x04 cut")
    assert aligner([library], tmp_path)(words) == built
    assert file.stat().st_size > 100
    aligner([of_terms("x", ["another"])], tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def tiny_encoder(texts):
    """Random vectors, always the same for the same text; a case apart is the same text here."""
    return np.stack([np.random.default_rng(zlib.crc32(t.lower().encode())).normal(size=16) for t in texts])


def test_an_encoder_aligns_by_cosine_and_keeps_words_below_the_threshold():
    library = of_terms("x", [f"term {n}" for n in range(600)])
    found = align(
        ["Term 7!", "term 8", "far", "Term 7!"], library, lambda t: tiny_encoder([x.strip("!") for x in t])
    )
    assert terms_of(found) == ["term 7", "term 8", "far", "term 7"]
    assert [one.similarity for one in found] == pytest.approx([1.0, 1.0, 0.0, 1.0])


def test_vectors_of_terms_are_kept_by_library_and_encoder(tmp_path):
    library, calls = of_terms("x", ["a", "b"]), []

    def embed(texts):
        calls.append(tuple(texts))
        return tiny_encoder(texts)

    first = term_vectors(library, embed, tmp_path, encoder="tiny")
    again = term_vectors(library, embed, tmp_path, encoder="tiny")
    term_vectors(library, embed, tmp_path, encoder="other")
    assert np.array_equal(first, again)
    assert np.linalg.norm(first, axis=1) == pytest.approx([1, 1])
    assert calls == [("a", "b"), ("a", "b")]


def test_an_encoder_that_gives_nothing_aligns_nothing():
    library = of_terms("x", ["a", "b"])
    none = EncoderAligner(
        library, lambda texts: np.full((len(texts), 3), np.nan), np.zeros((2, 3), np.float32)
    )
    assert none(["c"]) == (Alignment("c", "c", 0.0),)
    assert none([]) == ()
