"""The released scorers' figures, and where they part from ours. CAT and MAT as in test_text_ours.py."""

import math
import random

import pytest
from free_text import published, scored, value
from rouge import Rouge

from evalcore.metrics.evidence import Scored
from evalcore.metrics.text import METRICS, summarise
from evalcore.metrics.text.rouge import released_rouge
from evalcore.metrics.text.words import released_words

CAT, MAT = "the cat sat on the mat", "the cat is on the mat"
MEDS, MMED = "medsbench_compat", "mmedbench_compat"


@pytest.fixture(scope="module")
def outputs(data_dir):
    return published(data_dir)


def figure(metric, pairs, language):
    """Times 100, as published."""
    values = [Scored(value(metric, said, gold, language=language)) for said, gold in pairs]
    return 100 * summarise(metric, values).value


@pytest.mark.parametrize(
    ("language", "bleu1", "rouge_l"),
    [
        ("en", 46.44, 38.22),
        ("fr", 45.73, 39.24),
        ("ja", 53.31, 36.83),
        ("ru", 32.04, 23.71),
        ("es", 45.24, 36.42),
        ("zh", 51.50, 35.35),
    ],
)
def test_the_300_published_outputs_score_as_their_own_scripts_score_them(outputs, language, bleu1, rouge_l):
    assert len(outputs[language]) == 50
    assert figure(f"rougeL@{MEDS}", outputs[language], language) == pytest.approx(rouge_l, abs=0.01)
    assert figure(f"bleu1@{MEDS}", outputs[language], language) == pytest.approx(bleu1, abs=0.05)


def test_d15_the_bleu_of_mmedbenchs_script_is_13_where_its_tables_bleu_1_is_46(outputs):
    assert round(figure(f"bleu4@{MMED}", outputs["en"], "en")) == 13
    assert round(figure(f"bleu1@{MMED}", outputs["en"], "en")) == 46


def test_d14_without_segmentation_the_package_finds_almost_nothing_in_japanese_and_chinese(outputs):
    for language, expected in (("ja", 0.0), ("zh", 3.0)):
        found = [Rouge().get_scores(said, gold)[0]["rouge-l"]["f"] for said, gold in outputs[language]]
        assert 100 * sum(found) / len(found) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("language", ["en", "fr", "ja", "ru", "es", "zh"])
def test_d14_rouge_l_without_recursion_is_the_packages_own_on_published_outputs(outputs, language):
    for said, gold in outputs[language]:
        theirs = Rouge().get_scores(blanks(said, language), blanks(gold, language))[0]
        ours = released_rouge(said, gold, language)
        assert {name: one["f"] for name, one in theirs.items()} == pytest.approx(
            {"rouge-1": ours["rouge1"].f, "rouge-2": ours["rouge2"].f, "rouge-l": ours["rougeL"].f}, abs=1e-15
        )


def blanks(text, language):
    return " ".join(released_words(text, language)) if language in ("ja", "zh") else text


def test_d14_rouge_l_without_recursion_is_the_packages_own_on_ties_empty_sentences_and_repeats():
    draw = random.Random(3)
    for _ in range(300):
        said, gold = (
            " ".join(draw.choice(["a", "b", "c", "d", ".", "\n"]) for _ in range(draw.randint(1, 30))) + "a"
            for _ in range(2)
        )
        theirs = Rouge(metrics=["rouge-l"]).get_scores(said, gold)[0]["rouge-l"]
        ours = released_rouge(said, gold, "en")["rougeL"]
        assert (theirs["p"], theirs["r"], theirs["f"]) == (ours.precision, ours.recall, ours.f)


def test_d14_a_sentence_on_which_the_package_dies_of_recursion_is_scored():
    long = " ".join(f"word{place}" for place in range(3000))
    with pytest.raises(RecursionError):
        Rouge(metrics=["rouge-l"]).get_scores("x " + long[:9000], long[:9000])
    assert value(f"rougeL@{MEDS}", long, long) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("metric", "released", "ours"),
    [
        ("bleu1", 5 / 6, 5 / 6),
        (
            "bleu2",
            math.sqrt(5 / 6 * 3 / 5),
            math.sqrt(5 / 6 * 4 / 6),
        ),  # nothing is added where pairs are shared
        ("bleu3", (5 / 6 * 3 / 5 * 1 / 4) ** (1 / 3), (5 / 6 * 4 / 6 * 2 / 5) ** (1 / 3)),
        ("bleu4", (5 / 6 * 3 / 5 * 1 / 4 * 0.1 / 3) ** (1 / 4), (5 / 6 * 4 / 6 * 2 / 5 * 1 / 4) ** (1 / 4)),
        ("rouge1", 4 / 5, 5 / 6),  # "the" counts once
        ("rouge2", 3 / 5, 3 / 5),
        ("rougeL", 4 / 5, 5 / 6),
    ],
)
@pytest.mark.parametrize("variant", [MEDS, MMED])
def test_d14_d15_the_released_formula_and_ours_part_as_worked_out_by_hand(metric, released, ours, variant):
    assert value(f"{metric}@{variant}", CAT, MAT) == pytest.approx(released, abs=1e-7)
    assert value(metric, CAT, MAT) == pytest.approx(ours, abs=1e-7)


def test_d14_repeating_one_right_word_is_perfect_as_released_and_not_in_ours():
    said, gold = "aspirin aspirin aspirin aspirin", "aspirin"
    assert value(f"rouge1@{MEDS}", said, gold) == pytest.approx(1.0)
    assert value("rouge1", said, gold) == pytest.approx(0.4)  # precision 1/4, recall 1


def test_d14_released_rouge_l_unites_sentences_and_ours_takes_the_text_as_one():
    """Lin's example (2004, section 3.2): w1 w2 and w1 w3 w5 unite to 4 of 5 words; 8 words are said."""
    gold, said = "w1 w2 w3 w4 w5", "w1 w2 w6 w7 w8. w1 w3 w8 w9 w5"
    assert value(f"rougeL@{MEDS}", said, gold) == pytest.approx(2 * 0.5 * 0.8 / (0.5 + 0.8))
    assert value("rougeL", said, gold) == pytest.approx(2 * 0.4 * 0.8 / (0.4 + 0.8))  # 4 of 10 said


def test_d15_case_and_a_full_stop_are_words_as_released_and_nothing_in_ours():
    assert value(f"bleu1@{MEDS}", "The cat.", "the cat") == pytest.approx(1 / 3)  # The|cat|.
    assert value("bleu1", "The cat.", "the cat") == 1.0


def test_d15_chinese_is_segmented_by_jieba_in_both():
    """患者 有 糖尿病 against 患者 患有 糖尿病 。; the full stop is a word as released."""
    said, gold = "患者有糖尿病", "患者患有糖尿病。"
    assert value(f"bleu1@{MEDS}", said, gold, language="zh") == pytest.approx(2 / 3 * math.exp(1 - 4 / 3))
    assert value("bleu1", said, gold, language="zh") == pytest.approx(2 / 3)


def test_an_empty_rationale_leaves_medsbenchs_denominator_and_counts_0_in_ours():
    values = [Scored(value(f"bleu1@{MEDS}", said, "aspirin")) for said in ("aspirin", " \n")]
    shown = summarise(f"bleu1@{MEDS}", values)
    assert (shown.value, shown.n, shown.unscored) == (1.0, 1, 1)
    assert (
        summarise("bleu1", [Scored(value("bleu1", said, "aspirin")) for said in ("aspirin", "")]).value == 0.5
    )


def test_an_empty_fact_verification_counts_0_and_case_and_golds_full_stops_do_not_matter():
    def checked(said):
        return value(f"bleu1@{MEDS}", said, "Aspirin. Helps.", category="fact_verification")

    assert checked("") == 0.0
    assert checked("ASPIRIN HELPS") == 1.0
    assert value(f"bleu1@{MEDS}", "ASPIRIN HELPS", "Aspirin. Helps.") == 0.0


def test_an_empty_reply_counts_0_in_mmedbench():
    assert value(f"bleu4@{MMED}", "", "aspirin") == value(f"rougeL@{MMED}", "", "aspirin") == 0.0


@pytest.mark.parametrize("variant", [MEDS, MMED])
def test_d14_full_stops_alone_are_0_where_the_package_raises(variant):
    with pytest.raises(ValueError, match="Hypothesis is empty"):
        Rouge().get_scores("...", "aspirin")
    shown = scored(f"rouge1@{variant}", "...", "aspirin")
    assert shown[:2] == (0.0, "empty: nothing but full stops was written; the package rouge fails on it")


def test_mmedbench_scores_what_stands_between_its_two_marks():
    said = "###Rationale: the cat sat\n###Answer: OPTION A IS CORRECT."
    assert value(f"bleu1@{MMED}", said, "the cat sat") == 1.0
    assert value(f"bleu1@{MEDS}", said, "the cat sat") < 0.5


def test_mmedbench_deletes_line_breaks_so_that_words_grow_together():
    assert value(f"rouge1@{MMED}", "the cat\nsat", "the catsat") == pytest.approx(1.0)


def test_d14_d15_the_reason_names_package_order_smoothing_and_tokeniser():
    assert scored(f"rougeL@{MEDS}", CAT, MAT)[1] == "ROUGE-L of the package rouge, split at blanks"
    assert (
        scored(f"bleu1@{MEDS}", CAT, MAT)[1]
        == "BLEU-1, counts of 0 as 0.1 (method1), NLTK words (Treebank, without Punkt)"
    )
    assert "jieba words" in scored(f"rougeL@{MEDS}", "患者", "患者", language="zh")[1]


def test_every_released_name_has_its_own_rule_so_that_none_falls_back_to_ours():
    ours = {name for name in METRICS if "@" not in name}
    assert set(METRICS) == ours | {f"{name}@{variant}" for name in ours for variant in (MEDS, MMED)}
