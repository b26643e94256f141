"""What can go wrong with one item on a local model; each message says what, why, what to do."""

from evalcore.types import Failure

NAN = Failure(
    "nan",
    "the model's numbers for this item are not finite, so nothing can be read from them. "
    "The precision is too coarse for this model: choose bf16 or fp32 instead of fp16, or no quantisation.",
    is_final=True,
)

OUT_OF_MEMORY = Failure(
    "out_of_memory",
    "this item alone does not fit into memory. Choose a smaller precision, fewer few-shot examples "
    "or a larger machine.",
    is_final=True,
)


def too_long(tokens: int, max_length: int) -> Failure:
    return Failure(
        "context_length",
        f"the question has {tokens} tokens without any few-shot example and the model reads {max_length}. "
        "A question is never cut: use a model with a longer context.",
        is_final=True,
    )
