"""Figures that need an encoder: BERTScore over stored replies. A job: loading and encoding take long."""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice

from evalcore.answers.view import outside_thinking
from evalcore.errors import UsageError
from evalcore.metrics import bertscore
from evalcore.store import Store, Transaction, content, scored
from evalcore.store import runs as run_rows
from evalcore.types import Kind, Score

ENCODED = (Kind.TEXT, Kind.STRUCTURED)
PIECE = 500

Pair = tuple[int, tuple[str, int], str, tuple[str, ...]]
"""Response id, the key's name and version, what was said, the references."""


def score_with_encoder(
    store: Store,
    code: str,
    encoder: str,
    *,
    layer: int | None = None,
    idf: bool = False,
    tell: Callable[[int, int | None], None] = lambda done, total: None,
) -> int:
    """Adds `bertscore_f1@ENCODER,layer=N` to every free-text reply of a run; returns how many.

    encoder: a hub name or a folder, as a model is named (`hf:...`). Raises UsageError where the run has no
    free-text task, ModelError where the encoder cannot be loaded.
    """
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        tasks = [_pairs(transaction, run.id, one) for one in run_rows.tasks_of(transaction, run.id)]
    total = sum(map(len, tasks))
    if not total:
        raise UsageError(f"Run {code} has no free-text replies with a reference, which BERTScore compares.")
    from evalcore.models import encoders

    done = 0
    with closing(encoders.load(encoder, layer=layer)) as loaded:
        name = bertscore.figure_name(loaded.label, loaded.layer, idf=idf)
        for pairs in filter(None, tasks):
            for made in _blocks(loaded, pairs, name, idf=idf):
                with store.write() as transaction:
                    scored.add_scores(transaction, made)
                done += len(made)
                tell(done, total)
    return total


def _blocks(
    encoder: bertscore.Encoder, pairs: list[Pair], name: str, *, idf: bool
) -> Iterator[list[tuple[int, tuple[str, int], Score]]]:
    """Scores in groups that are kept together."""
    found = bertscore.score_pairs(encoder, [p[2] for p in pairs], [p[3] for p in pairs], idf=idf)
    while block := list(islice(found, bertscore.PAIRS_AT_ONCE)):
        yield [(*pairs[place][:2], Score(name, value, why, parts)) for place, (value, why, parts) in block]


def _pairs(transaction: Transaction, run_id: int, task: run_rows.RunTask) -> list[Pair]:
    if content.get_task(transaction, task.task_version_id).kind not in ENCODED:
        return []
    entries = content.get_entries(transaction, task.task_version_id)
    found: list[Pair] = []
    after = 0
    while piece := scored.scored_after(transaction, run_id, task.task_version_id, after, PIECE):
        for stored in piece:
            entry = entries[stored.position]
            references = tuple(one[0] for one in entry.key.acceptable)
            span = outside_thinking(stored.response.text) or (0, 0)
            key = (entry.key.name, entry.key.version)
            found.append((stored.response_id, key, stored.response.text[slice(*span)], references))
        after = piece[-1].response_id
    return found
