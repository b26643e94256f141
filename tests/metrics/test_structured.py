import pytest

from evalcore.metrics.evidence import Evidence
from evalcore.metrics.structured import METRICS, comparison, rules
from evalcore.types import Answer, AnswerState, Item, Key, Kind, Response

GOLD = "疾病诊断：急性阑尾炎，腹膜炎 治疗建议：阑尾切除术、抗感染"
EXAMINATION = "心脏彩色多普勒超声"


class Table:
    """An aligner that is a table; what is not in it stays itself."""

    def __init__(self, **terms):
        self.terms = terms

    def __call__(self, words):
        return [(word, self.terms.get(word, word), 0.8 if word in self.terms else 0.0) for word in words]

    def is_term(self, text):
        return text in self.terms.values()


TABLE = Table(心脏彩超=EXAMINATION, 心脏超声=EXAMINATION, 阑尾炎="急性阑尾炎")


def result(metric, said, *golds, table=METRICS, state=AnswerState.READ):
    answer = Answer((), state, "whole_text", "robust", 1, (0, len(said)) if said else None)
    evidence = Evidence(Item("?"), Response(said), answer, kind=Kind.STRUCTURED)
    return table[metric](evidence, Key(tuple((gold,) for gold in golds), "test"))


def value(metric, said, *golds, **kwargs):
    return result(metric, said, *golds, **kwargs)[0]


def test_keys_are_compared_as_sets():
    said = "诊断：胃炎\n检查建议：胃镜\n治疗方案：抑酸\n注意事项：忌酒"
    # gold: two keys, both said; two more said
    assert value("key_precision", said, GOLD) == 0.5
    assert value("key_recall", said, GOLD) == 1.0
    assert value("key_f1", said, GOLD) == pytest.approx(2 / 3)
    assert result("key_f1", said, GOLD)[1:] == (
        "keys: 2 of 2; not in the key: 检查建议、注意事项",
        {"tp": 2, "fp": 2, "fn": 0},
    )


def test_d19_duplicates_count_once_and_synonyms_are_one_key():
    assert value("key_precision", "诊断：胃炎\n初步诊断：胃炎\n疾病诊断：胃溃疡", GOLD) == 1.0
    assert value("key_recall", "诊断：胃炎\n初步诊断：胃炎\n疾病诊断：胃溃疡", GOLD) == 0.5


@pytest.mark.parametrize("metric", ["key_precision", "key_recall", "key_f1"])
def test_d19_no_key_on_both_sides_is_1_on_one_side_0(metric):
    assert value(metric, "没有异常", "一切正常") == 1.0
    assert value(metric, "没有异常", GOLD) == 0.0
    assert value(metric, GOLD, "没有异常") == 0.0


@pytest.mark.parametrize("metric", ["key_f1", "aligned_f1"])
def test_an_empty_reply_is_wrong_and_says_so(metric):
    found, why, _ = result(metric, "", GOLD, table=rules(TABLE), state=AnswerState.EMPTY)
    assert (found, why) == (0.0, "empty: no answer could be read")


def test_d19_without_library_or_encoder_a_figure_is_not_computed_and_never_0():
    assert result("aligned_f1", GOLD, GOLD) == (None, "not computed: no term library", {})
    assert result("aligned_bertscore", GOLD, GOLD) == (None, "not computed: no encoder", {})
    assert result("aligned_bertscore", GOLD, GOLD, table=rules(TABLE))[1] == "not computed: no encoder"


def test_d19_two_names_of_one_term_are_equal_after_alignment_and_unrelated_words_are_not():
    said, gold = "检查建议：心脏彩超、血常规", "检查：心脏超声、尿常规"
    found, why, parts = result("aligned_f1", said, gold, table=rules(TABLE))
    assert found == 0.5
    assert why == "terms: 1 of 2; missing: 尿常规; not in the key: 血常规"
    assert parts == {"tp": 1, "fp": 1, "fn": 1, "precision": 0.5, "recall": 0.5}


def test_aligned_terms_count_under_whatever_key_and_without_any():
    assert (
        value("aligned_f1", "心脏彩超，阑尾炎", "诊断：急性阑尾炎 检查：心脏超声", table=rules(TABLE)) == 1.0
    )


def test_the_nearest_of_several_golds_counts():
    assert value("key_f1", "诊断：胃炎", GOLD, "疾病诊断：胃炎") == 1.0


def test_the_similarity_of_values_is_taken_after_alignment_key_by_key():
    asked = []

    def similarity(said, gold):
        asked.append((said, gold))
        return 0.5

    said = "检查建议：心脏彩超\n诊断：\n注意事项：忌酒"
    gold = "检查建议：心脏超声\n疾病诊断：胃炎\n治疗建议：抑酸"
    found = result("aligned_bertscore", said, gold, table=rules(TABLE, similarity))
    # three gold keys: one compared, one empty, one missing
    assert found == (pytest.approx(0.5 / 3), "1 of 3 keys compared", {"keys": 3})
    assert asked == [(EXAMINATION, EXAMINATION)]
    assert result("aligned_bertscore", said, gold, table=rules(None, similarity))[1] == (
        "not computed: no term library"
    )


def test_the_comparison_is_a_table_of_keys_with_their_terms():
    rows = comparison("检查建议：心脏彩超、血常规\n注意事项：忌酒", "检查：心脏超声\n诊断：胃炎", TABLE)
    assert [(row.key, row.gold, row.said, row.matched) for row in rows] == [
        ("检查建议", "心脏超声", "心脏彩超、血常规", True),
        ("疾病诊断", "胃炎", None, False),
        ("注意事项", None, "忌酒", False),
    ]
    assert [(one.word, one.term, one.similarity, one.is_gold, one.matched) for one in rows[0].terms] == [
        ("心脏超声", EXAMINATION, 0.8, True, True),
        ("心脏彩超", EXAMINATION, 0.8, False, True),
        ("血常规", "血常规", 0.0, False, False),
    ]
    assert comparison("", "") == ()


def test_the_worked_figure_holds_against_the_published_library(data_dir):
    from evalcore import terms

    library = terms.load(data_dir / "upstream/term_libraries/医疗操作术语.xlsx")
    table = rules(terms.aligner([library]))
    assert value("aligned_f1", "检查推荐：心脏彩超", "检查推荐：心脏超声", table=table) == 1.0
    assert value("aligned_f1", "检查推荐：脑电图检查", "检查推荐：心脏超声", table=table) == 0.0
