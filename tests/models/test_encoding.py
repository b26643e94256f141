"""Pairs of context and continuation where tokens cross the border, worked out by hand."""

import pytest
from tokenizers import Tokenizer
from tokenizers.models import BPE
from transformers import PreTrainedTokenizerFast

from evalcore.models.transformers.encoding import Encoder, Pair

X, MARK, A, B, MARK_A, END = 0, 1, 2, 3, 4, 5


@pytest.fixture
def encoder() -> Encoder:
    """Knows the letters x : A B and one pair, ":A"."""
    model = BPE({"x": X, ":": MARK, "A": A, "B": B, ":A": MARK_A, "<end>": END}, [(":", "A")])
    return Encoder(PreTrainedTokenizerFast(tokenizer_object=Tokenizer(model), eos_token="<end>"), 100)


def test_a_target_that_melts_into_the_context_is_scored_from_where_all_targets_part(encoder):
    assert encoder.pairs("x:", ["A", "B"]) == (Pair((X,), (MARK_A,)), Pair((X,), (MARK, B)))


def test_targets_that_melt_nowhere_are_split_at_the_context(encoder):
    assert encoder.pairs("x:", ["B", "BA"]) == (Pair((X, MARK), (B,)), Pair((X, MARK), (B, A)))


def test_a_context_of_one_melted_token_keeps_one_token(encoder):
    pairs = encoder.pairs("xx:", ["A"])
    assert pairs == (Pair((X, X), (MARK_A,)),)
    assert all(pair.context and pair.continuation for pair in pairs)
