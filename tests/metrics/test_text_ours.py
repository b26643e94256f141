"""Our text scores.

CAT against MAT shares the, cat, on, the, mat of 6 words; the-cat, on-the, the-mat of 5 pairs; on-the-mat of 4
triples; none of 3 quadruples.
"""

import math
import subprocess
import sys

import pytest
from free_text import evidence, key, scored, value

from evalcore.metrics.evidence import Scored
from evalcore.metrics.text import METRICS, summarise
from evalcore.types import Key

CAT, MAT = "The cat sat on the mat.", "the cat is on the mat"
OURS = ("bleu1", "bleu2", "bleu3", "bleu4", "rouge1", "rouge2", "rougeL")


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("bleu1", 5 / 6),
        ("bleu2", math.sqrt(5 / 6 * 4 / 6)),  # one added above order 1: (3 + 1) / (5 + 1)
        ("bleu3", (5 / 6 * 4 / 6 * 2 / 5) ** (1 / 3)),
        ("bleu4", (5 / 6 * 4 / 6 * 2 / 5 * 1 / 4) ** (1 / 4)),
        ("rouge1", 5 / 6),
        ("rouge2", 3 / 5),
        ("rougeL", 5 / 6),  # the cat . on the mat
    ],
)
def test_six_words_of_which_five_are_shared_score_as_worked_out_by_hand(metric, expected):
    assert value(metric, CAT, MAT) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("metric", OURS)
def test_the_same_words_in_other_case_and_punctuation_are_the_same(metric):
    assert value(metric, "“Give ASPIRIN, 300 mg, now!”", "give aspirin 300 mg now") == pytest.approx(1.0)


def test_a_short_answer_that_is_exact_is_1_at_every_order_of_bleu():
    assert [value(f"bleu{order}", "Give aspirin", "give aspirin") for order in (1, 2, 3, 4)] == [1.0] * 4


def test_a_text_much_shorter_than_its_reference_pays_the_brevity_penalty():
    assert value("bleu1", "the cat", MAT) == pytest.approx(math.exp(1 - 6 / 2))


def test_rouge_l_keeps_the_order_of_words_where_rouge_1_does_not():
    assert value("rouge1", "pain without fever", "fever without pain") == 1.0
    assert value("rougeL", "pain without fever", "fever without pain") == pytest.approx(1 / 3)


def test_the_nearest_of_several_references_counts():
    assert value("rouge1", "give aspirin", "wait", "give aspirin") == 1.0


def test_rouge_comes_with_its_precision_and_recall_and_bleu_with_both_lengths():
    assert scored("rouge1", "give aspirin", "give aspirin and wait there")[2] == {
        "precision": 1.0,
        "recall": 0.4,
    }
    assert scored("bleu1", CAT, "the cat")[2] == {"words": 6, "reference_words": 2}


@pytest.mark.parametrize("metric", OURS)
@pytest.mark.parametrize("said", ["", " \n", "...", "。！？", "###", "—"])
def test_d14_an_empty_reply_or_one_of_punctuation_is_0_and_says_why(metric, said):
    assert scored(metric, said, "give aspirin ...") == (
        0.0,
        "empty: nothing but white space and punctuation was written",
        {},
    )


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_a_key_without_a_reference_text_gives_no_value_instead_of_0(metric):
    shown = METRICS[metric](evidence("give aspirin"), Key((), "test"))
    assert shown == (None, "not scored: the key holds no reference text", {})


def test_the_thinking_part_of_a_reply_is_not_scored():
    reply = "<think>wait and see</think>give aspirin"
    shown = METRICS["rouge1"](evidence(reply, span=(27, len(reply))), key("give aspirin"))
    assert shown[0] == 1.0


@pytest.mark.parametrize(
    ("language", "said", "reference"),
    [
        ("zh", "患者有糖尿病。", "患者患有糖尿病"),  # jieba: 患者 有|患有 糖尿病
        ("ja", "患者は高血圧です。", "患者は糖尿です"),  # janome: 患者 は 高血圧|糖尿 です
        ("ru", "Инфаркт миокарда исключён", "инфаркт миокарда подтверждён"),
        ("fr", "infarctus aigu écarté", "Infarctus aigu confirmé."),
    ],
)
def test_d14_words_are_found_in_languages_whose_letters_the_package_drops(language, said, reference):
    shared, words = {"ja": (3, 4)}.get(language, (2, 3))
    assert value("rouge1", said, reference, language=language) == pytest.approx(shared / words)
    assert value("bleu1", said, reference, language=language) == pytest.approx(shared / words)


def test_d14_the_reason_names_the_package_and_d15_order_smoothing_and_tokeniser():
    assert scored("rougeL", CAT, MAT)[1] == "ROUGE-L of rouge_score, Unicode words"
    assert scored("bleu2", CAT, MAT)[1] == "BLEU-2, one added (method2), Unicode words"
    assert scored("bleu2", "患者", "患者", language="zh")[1] == "BLEU-2, one added (method2), jieba words"


def test_the_figure_is_the_mean_and_counts_what_has_no_value_apart():
    shown = summarise("bleu1", [Scored(1.0), Scored(0.5), Scored(None)])
    assert (shown.value, shown.n, shown.unscored, shown.method) == (0.75, 2, 1, "bootstrap")


def test_items_of_one_stem_are_drawn_together():
    """Two stems: a quarter of all draws hold the same stem twice, so the interval reaches 0 and 1."""
    values = [1.0] * 50 + [0.0] * 50
    apart = summarise("rougeL", [Scored(value) for value in values])
    grouped = summarise("rougeL", [Scored(value, cluster="a" if value else "b") for value in values])
    assert (grouped.low, grouped.value, grouped.high) == (0.0, 0.5, 1.0)
    # by hand: 0.5 ± 1.96 * 0.05, the binomial's standard error at n = 100
    assert apart.low == pytest.approx(0.402, abs=0.015)
    assert apart.high == pytest.approx(0.598, abs=0.015)


def test_without_a_value_there_is_no_figure_and_of_one_item_no_spread():
    assert summarise("bleu1", [Scored(None)]).value is None
    shown = summarise("bleu1", [Scored(0.25)])
    assert (shown.low, shown.value, shown.high) == (0.25, 0.25, 0.25)


def test_importing_the_metrics_loads_no_language_library():
    heavy = "nltk jieba janome rouge rouge_score regex torch transformers"
    code = (
        "import sys, evalcore.metrics, evalcore.metrics.text, evalcore.metrics.bertscore;"
        f"print(sorted(set('{heavy}'.split()) & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
