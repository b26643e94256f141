"""Greedy matching on vectors of two numbers, worked out by hand: (1, 0) and (0.6, 0.8) have cosine 0.6."""

import math

import numpy as np
import pytest
from free_text import evidence, key

from evalcore.metrics.bertscore import (
    METRICS,
    Matched,
    Tokens,
    figure_name,
    inverse_frequencies,
    match,
    score_pairs,
)

EAST, NORTH, BETWEEN = (1.0, 0.0), (0.0, 1.0), (0.6, 0.8)
VECTORS = {"[": (-1.0, 0.0), "e": EAST, "n": NORTH, "b": BETWEEN, "E": (5.0, 0.0)}


class Letters:
    """An encoder whose tokens are the letters of VECTORS, with one added token, "[", before them."""

    label, layer = "letters", 2

    def token_ids(self, texts):
        return [tuple(map(ord, "[" + text.strip())) for text in texts]

    def tokens(self, texts):
        for text in texts:
            letters = "[" + text.strip()
            is_added = np.array([letter == "[" for letter in letters])
            vectors = np.array([VECTORS[letter] for letter in letters], dtype=np.float32)
            yield Tokens(tuple(map(ord, letters)), vectors, is_added, is_cut=len(text) > 100)


def seen(text):
    return next(Letters().tokens([text]))


def results(said, references, **settings):
    found = dict(score_pairs(Letters(), said, references, **settings))
    return [found[place] for place in range(len(said))]


def test_each_token_is_held_against_its_most_similar_one():
    """One token said, found whole: precision 1. Of the reference e is found whole, b by 0.6: recall 0.8."""
    found = match(seen("e"), seen("eb"))
    assert (found.precision, found.recall) == pytest.approx((1.0, 0.8))
    assert found.f1 == pytest.approx(2 * 0.8 / 1.8)


def test_the_length_of_a_vector_does_not_matter_and_the_order_of_tokens_neither():
    assert match(seen("Eb"), seen("be")).f1 == pytest.approx(1.0)


def test_an_added_token_may_be_matched_but_weighs_nothing():
    away = Tokens((1,), np.array([[-1.0, 0.0]], np.float32), np.array([False]))
    found = match(away, seen("n"))
    assert found.precision == pytest.approx(1.0)  # by the added token of the reference, which lies at (-1, 0)
    assert found.recall == pytest.approx(0.0)


def test_idf_weighs_tokens_by_how_few_references_have_them():
    frequencies = inverse_frequencies([(1, 2), (1,), (1, 1)])
    assert frequencies[1] == 0.0
    assert frequencies[2] == pytest.approx(math.log(4 / 2))
    assert frequencies[-1] == pytest.approx(math.log(4))
    # e weighs 0 and b all: recall is b's 0.6 alone
    found = match(seen("e"), seen("eb"), {ord("["): 0.0, ord("e"): 1e-9, ord("b"): 2.0})
    assert found.recall == pytest.approx(0.6)


def test_a_token_that_no_reference_has_weighs_most():
    """Two references, both with e: e weighs log(3/3) = 0, b log(3/2), unseen n log(3); n finds b by 0.8."""
    ((value, why, parts),) = [
        result
        for place, result in score_pairs(Letters(), ["bn", "e"], [["be"], ["e"]], idf=True)
        if place == 0
    ]
    unseen, rare = math.log(3), math.log(3 / 2)
    assert parts["precision"] == pytest.approx((rare * 1.0 + unseen * 0.8) / (rare + unseen))
    assert why == "letters, layer 2, idf"
    assert value == pytest.approx(2 * parts["precision"] / (1 + parts["precision"]))  # recall: b alone, whole


def test_where_idf_leaves_no_weight_there_is_no_value():
    assert results(["e"], [["e"]], idf=True) == [(None, "not scored: idf leaves no token any weight", {})]


def test_rescaling_stretches_from_the_baseline_to_1():
    ((value, why, parts),) = results(["e"], [["eb"]], baseline=Matched(0.5, 0.6, 0.7))
    assert parts == pytest.approx({"precision": 1.0, "recall": (0.8 - 0.6) / 0.4})
    assert value == pytest.approx((2 * 0.8 / 1.8 - 0.7) / 0.3)
    assert why == "letters, layer 2, rescaled"


def test_the_best_of_several_references_counts():
    assert results(["n"], [["e", "b", "n"]])[0][0] == pytest.approx(1.0)


def test_every_pair_is_scored_once_whatever_the_blocks():
    said = ["e" * (1 + place % 7) + "n" * (place % 3) for place in range(150)]
    found = list(score_pairs(Letters(), said, [["b"]] * 150))
    assert sorted(place for place, _ in found) == list(range(150))
    for place, (value, _, _) in found:
        assert value == pytest.approx(match(seen(said[place]), seen("b")).f1)


def test_an_empty_reply_is_0_and_a_missing_reference_is_no_value():
    assert results(["", "e", "e"], [["e"], [" "], []]) == [
        (0.0, "empty: nothing was written", {"precision": 0.0, "recall": 0.0}),
        (None, "not scored: the key holds no reference text", {}),
        (None, "not scored: the key holds no reference text", {}),
    ]


def test_a_text_beyond_the_encoders_length_is_said_to_be_cut():
    assert results(["e" * 101], [["e"]])[0][1] == "letters, layer 2, cut to its greatest length"


def test_d16_without_an_encoder_nothing_is_computed_and_it_is_no_0():
    assert METRICS["bertscore_f1"](evidence("fever"), key("fever")) == (None, "not computed: no encoder", {})


def test_d16_the_figure_names_encoder_layer_idf_and_rescaling():
    assert figure_name("bert-base-chinese", 8) == "bertscore_f1@bert-base-chinese,layer=8"
    assert (
        figure_name("bert-base-chinese", 8, idf=True, rescaled=True)
        == "bertscore_f1@bert-base-chinese,layer=8,idf,rescaled"
    )
