"""Judges: rubrics as files, what a judge reads, what its reply says, and what many verdicts come to.

Pure: asks no model and knows no database. A verdict is a verdict or a stated failure, never a number for one.
"""

from evalcore.judge.anchors import ANCHORS, Anchor
from evalcore.judge.asking import (
    as_shown,
    batch_prompt,
    batch_schema,
    cells,
    explanation_prompt,
    language_of,
    prompt,
    schema,
    verdict_prompt,
    verdict_targets,
)
from evalcore.judge.batches import MOST, calls, cells_in, in_call
from evalcore.judge.families import families, same_family
from evalcore.judge.library import load_rubric, read_rubric, rubrics
from evalcore.judge.own import (
    add_rubric,
    example,
    keep_version,
    remove_rubric,
    restore_rubric,
    rubric_named,
)
from evalcore.judge.pairs import Comparison, Pair, compare, is_flipped, outcome
from evalcore.judge.points import (
    ADJUSTED,
    PENALTIES,
    JudgedItem,
    Marked,
    adjusted,
    by_tag,
    edition_of,
    item_score,
    overall,
)
from evalcore.judge.quotes import find_quote
from evalcore.judge.ratings import (
    Jury,
    Mark,
    by_criterion,
    jury,
    self_agreement,
)
from evalcore.judge.reading import State, Verdict, ranked, read, read_batch
from evalcore.judge.rubric import NONE, Cell, Mode, Reference, Rubric, Scale, ScaleKind
from evalcore.judge.spec import JudgeSpec, rubric_of

__all__ = [
    "ADJUSTED",
    "NONE",
    "JudgeSpec",
    "keep_version",
    "rubric_named",
    "rubric_of",
    "ANCHORS",
    "MOST",
    "PENALTIES",
    "Anchor",
    "Cell",
    "Comparison",
    "JudgedItem",
    "Jury",
    "Mark",
    "Marked",
    "Mode",
    "Pair",
    "Reference",
    "Rubric",
    "Scale",
    "ScaleKind",
    "State",
    "Verdict",
    "add_rubric",
    "as_shown",
    "adjusted",
    "batch_prompt",
    "batch_schema",
    "by_criterion",
    "by_tag",
    "calls",
    "cells",
    "cells_in",
    "compare",
    "edition_of",
    "example",
    "explanation_prompt",
    "families",
    "find_quote",
    "in_call",
    "is_flipped",
    "item_score",
    "jury",
    "language_of",
    "load_rubric",
    "outcome",
    "overall",
    "prompt",
    "ranked",
    "read",
    "read_batch",
    "read_rubric",
    "remove_rubric",
    "restore_rubric",
    "rubrics",
    "same_family",
    "schema",
    "self_agreement",
    "verdict_prompt",
    "verdict_targets",
]
