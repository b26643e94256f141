"""Figures that need a term library: words of structured answers aligned to terms, over stored replies."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from evalcore import metrics, terms
from evalcore.errors import UsageError
from evalcore.metrics import bertscore, structured
from evalcore.runs.scoring import Bench, read
from evalcore.store import Store, Transaction, content, home, scored
from evalcore.store import runs as run_rows
from evalcore.store.scored import Stored
from evalcore.types import Entry, Kind, Score, Task

PIECE = 100
LONGEST_NAME = 60  # of the libraries, in a figure's name
Made = tuple[int, tuple[str, int], Score]


def score_with_terms(
    store: Store,
    code: str,
    libraries: Sequence[Path],
    *,
    encoder: str = "",
    tell: Callable[[int, int | None], None] = lambda done, total: None,
) -> int:
    """Adds `aligned_f1@LIBRARIES` (and, by an encoder, `aligned_bertscore@LIBRARIES,ENCODER`) to every
    structured answer of a run, its alignments in the score's reason; returns how many answers.

    libraries: asked in this order. Raises UsageError where the run has no structured task, DataError for a
    file that is no term library, ModelError for an encoder that cannot be loaded.
    """
    loaded = [terms.load(path, home() / "terms") for path in libraries]
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        tasks = _structured(transaction, run.id)
    if not tasks:
        raise UsageError(f"Run {code} has no structured answers, which alone are aligned to terms.")
    aligner = terms.aligner(loaded, home() / "terms")
    name = "+".join(library.name for library in loaded)[:LONGEST_NAME]
    total, planned = 0, sum(task.planned for task in tasks)
    with ExitStack() as opened:
        rules = {f"aligned_f1@{name}": structured.rules(aligner)["aligned_f1"]}
        if encoder:
            rules |= _by_encoder(opened, encoder, name, aligner)
        for task in tasks:
            for made in _scores(store, run.id, task, rules, aligner):
                with store.write() as transaction:
                    scored.add_scores(transaction, made)
                total += len(made) // len(rules)
                tell(total, planned)
    return total


def _structured(transaction: Transaction, run_id: int) -> list[run_rows.RunTask]:
    return [
        task
        for task in run_rows.tasks_of(transaction, run_id)
        if content.get_task(transaction, task.task_version_id).kind is Kind.STRUCTURED
    ]


def _by_encoder(
    opened: ExitStack, encoder: str, name: str, aligner: structured.Aligner
) -> dict[str, structured.Rule]:
    from evalcore.models import encoders

    loaded = opened.enter_context(closing(encoders.load(encoder)))

    def similarity(said: str, gold: str) -> float:
        first, second = loaded.tokens([said, gold])
        found = bertscore.match(first, second)
        return found.f1 if found else 0.0

    rule = structured.rules(aligner, similarity)["aligned_bertscore"]
    return {f"aligned_bertscore@{name},{loaded.label},layer={loaded.layer}": rule}


def _scores(
    store: Store,
    run_id: int,
    task: run_rows.RunTask,
    rules: dict[str, structured.Rule],
    aligner: structured.Aligner,
) -> Iterator[list[Made]]:
    after = 0
    while True:
        with store.read() as transaction:
            piece = scored.scored_after(transaction, run_id, task.task_version_id, after, PIECE)
            entries = content.get_entries(transaction, task.task_version_id, [s.position for s in piece])
            declared = content.get_task(transaction, task.task_version_id)
        if not piece:
            return
        yield [
            made
            for stored in piece
            for made in _of_one(stored, entries[stored.position], declared, rules, aligner)
        ]
        after = piece[-1].response_id


def _of_one(
    stored: Stored, entry: Entry, task: Task, rules: dict[str, structured.Rule], aligner: structured.Aligner
) -> Iterator[Made]:
    answer = read(stored, entry, Bench(task, "robust"), "robust")
    evidence = metrics.Evidence(entry.item, stored.response, answer, kind=task.kind)
    told = _alignments(evidence.said, entry, aligner)
    for name, rule in rules.items():
        value, why, parts = rule(evidence, entry.key)
        score = Score(name, value, why, parts)
        yield stored.response_id, (entry.key.name, entry.key.version), replace(score, why=f"{why}{told}")


def _alignments(said: str, entry: Entry, aligner: structured.Aligner) -> str:
    """`; aligned: WORD → TERM (0.83), ...`: what was read as another word than it stands there."""
    rows = structured.comparison(said, entry.key.acceptable[0][0], aligner)
    changed = dict.fromkeys(
        f"{term.word} → {term.term} ({term.similarity:.2f})"
        for row in rows
        for term in row.terms
        if term.similarity and term.term != term.word
    )
    return f"; aligned: {', '.join(changed)}" if changed else ""
