"""Text scores as the released scripts of MedS-Bench and MMedBench compute them, warts included.

What differs from ours: words (case and punctuation count), smoothing, the package behind ROUGE, what is done
with an empty output. Names tell what is computed, which is not always what the systems' tables say:

- MedS-Bench releases BLEU-1 and, headed "ROUGE-1", ROUGE-L: `bleu1`, `rougeL` @medsbench_compat.
- MMedBench's script, as released, prints cumulative BLEU-4 and ROUGE-L: `bleu4`, `rougeL` @mmedbench_compat.
  Its tables are headed BLEU-1 and ROUGE-1: `bleu1`, `rouge1` @mmedbench_compat, which it can be set to.

Sources: MedS-Ins, Metrics/utils.py, Rationale.py, FactVerification.py; MMedLM, inference/inference.py and
metrics/rationale_similarity.py. They score the whole reply, its thinking part included, against one
reference; here it is the best of several.
"""

from collections.abc import Callable
from functools import partial
from operator import itemgetter

from evalcore.metrics.evidence import Evidence, Result
from evalcore.metrics.text.bleu import ORDERS, released_bleu
from evalcore.metrics.text.rouge import ROUGES, released_rouge
from evalcore.metrics.text.words import released_words_name
from evalcore.types import Item, Key

FACTS = "fact_verification"
"""`Item.meta["category"]` of items that MedS-Bench's script for that category scores: it alters the texts."""

Compared = tuple[float, str, dict[str, float]]
Comparison = Callable[[str, str, str], Compared]
"""(said, reference, language) -> value, how it was got, parts."""


def medsbench(compare: Comparison, evidence: Evidence, key: Key) -> Result:
    """Both texts trimmed; fact verification: in lower case, gold without full stops, an empty output is 0.

    Elsewhere an empty output leaves the denominator, as in the script for rationales; the scripts for
    summaries and explanations have no rule for it (they fail on it).
    """
    is_fact = evidence.item.meta.get("category") == FACTS
    said, references = evidence.response.text.strip(), [", ".join(one).strip() for one in key.acceptable]
    if is_fact:
        said, references = said.lower(), [text.replace(".", "").strip().lower() for text in references]
    if not said and not is_fact:
        return None, "skipped: the released script leaves empty outputs out of the denominator", {}
    return _best(compare, said, references, evidence.item)


def mmedbench(compare: Comparison, evidence: Evidence, key: Key) -> Result:
    """The reply with its line breaks deleted (words at them grow together), up to `###Answer: OPTION `."""
    said = evidence.response.text.strip().replace("\n", "")
    said = said.split("###Answer: OPTION ")[0].replace("###Rationale: ", "").strip()
    return _best(compare, said, [", ".join(one) for one in key.acceptable], evidence.item)


def _best(compare: Comparison, said: str, references: list[str], item: Item) -> Result:
    references = [text for text in references if text]
    if not references:
        return None, "not scored: the key holds no reference text", {}
    if not said:
        return 0.0, "empty: nothing was written", {}
    return max((compare(said, text, item.language) for text in references), key=itemgetter(0))


def _bleu(order: int, said: str, reference: str, language: str) -> Compared:
    how = f"BLEU-{order}, counts of 0 as 0.1 (method1), {released_words_name(language)}"
    return released_bleu(said, reference, language)[order - 1], how, {}


def _rouge(name: str, said: str, reference: str, language: str) -> Compared:
    one = released_rouge(said, reference, language).get(name)
    if one is None:
        return 0.0, "empty: nothing but full stops was written; the package rouge fails on it", {}
    cut = released_words_name(language) if language in ("zh", "ja") else "split at blanks"
    return (
        one.f,
        f"ROUGE-{name[5:]} of the package rouge, {cut}",
        {"precision": one.precision, "recall": one.recall},
    )


COMPARISONS: dict[str, Comparison] = {
    **{f"bleu{order}": partial(_bleu, order) for order in ORDERS},
    **{name: partial(_rouge, name) for name in ROUGES},
}
METRICS: dict[str, Callable[[Evidence, Key], Result]] = {
    f"{name}@{variant.__name__}_compat": partial(variant, compare)
    for variant in (medsbench, mmedbench)
    for name, compare in COMPARISONS.items()
}
