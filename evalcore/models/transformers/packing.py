"""Which tokens go through the model, and next to which: every distinct one once. Knows no model.

Three levels: a prefix that many requests share (few-shot examples), the question, the options after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evalcore.models.transformers.attention import Span, Stretch
from evalcore.models.transformers.encoding import Pair
from evalcore.models.transformers.heads import Tokens

SHORTEST = 16  # tokens of a prefix that is worth reading on its own


def common(first: Tokens, second: Tokens) -> int:
    """How many first tokens are the same."""
    least, most = 0, min(len(first), len(second))
    while least < most:
        middle = (least + most + 1) // 2
        if first[least:middle] == second[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


@dataclass(frozen=True)
class Tree:
    """The inputs of one request: what all of them begin with, and how each goes on.

    branches: distinct, none empty. ends: for each pair its branch, or None where it ends with the stem.
    free: how many first tokens need no logits, so that they may be read elsewhere.
    """

    stem: Tokens
    branches: tuple[Tokens, ...]
    ends: tuple[int | None, ...]
    free: int

    @property
    def size(self) -> int:
        return len(self.stem) + sum(len(branch) for branch in self.branches)

    @property
    def head(self) -> Tokens:
        return self.stem[: self.free]


def tree(pairs: Sequence[Pair]) -> Tree:
    """The last token of a pair is only read off, never fed."""
    rows = [(pair.context + pair.continuation)[:-1] for pair in pairs]
    shared = min(common(rows[0], row) for row in rows)
    branches = tuple(dict.fromkeys(row[shared:] for row in rows if len(row) > shared))
    ends = tuple(branches.index(row[shared:]) if len(row) > shared else None for row in rows)
    return Tree(rows[0][:shared], branches, ends, min(len(pair.context) for pair in pairs) - 1)


@dataclass(frozen=True)
class Family:
    """Requests, by their place, whose first `shared` tokens are the same; 0: they share nothing."""

    members: tuple[int, ...]
    shared: int


def families(heads: Sequence[Tokens], least: int) -> list[Family]:
    """Split requests where sharing saves the most tokens; a family that saves fewer than `least` is none."""
    order = sorted(range(len(heads)), key=heads.__getitem__)
    shared = [common(heads[a], heads[b]) for a, b in zip(order, order[1:], strict=False)]
    _, found = _split(shared, (0, len(order)), least)
    together = [Family(tuple(sorted(order[a:b])), length) for (a, b), length in found if length]
    alone = sorted(order[a] for (a, _), length in found if not length)
    return together + ([Family(tuple(alone), 0)] if alone else [])


def _split(shared: list[int], span: Span, least: int) -> tuple[int, list[tuple[Span, int]]]:
    """(tokens saved, [(span, tokens shared)]). shared[i]: what i and i + 1, as sorted, have in common."""
    start, stop = span
    if stop - start < 2:
        return 0, [(span, 0)] if stop > start else []
    cut = min(range(start, stop - 1), key=shared.__getitem__)
    left, right = _split(shared, (start, cut + 1), least), _split(shared, (cut + 1, stop), least)
    saved = (stop - start - 1) * shared[cut]
    if shared[cut] >= SHORTEST and saved >= least and saved >= left[0] + right[0]:
        return saved, [(span, shared[cut])]
    return left[0] + right[0], left[1] + right[1]


@dataclass
class Pass:
    """One row of tokens and what is read from it.

    scored: for each pair of each tree, in order, the places whose logits tell its continuation.
    """

    tokens: list[int]
    positions: list[int]
    scored: list[list[int]]
    own: Stretch
    branches: Stretch | None


def lay_out(trees: Sequence[tuple[Tree, Sequence[Pair]]], shared: int) -> Pass:
    """All stems, then all branches; the first `shared` tokens of each stem are read elsewhere."""
    order = sorted(range(len(trees)), key=lambda i: bool(trees[i][0].branches))  # so that theirs adjoin
    made = Pass([], [], [[] for _ in range(sum(len(pairs) for _, pairs in trees))], _NONE, None)
    stems = {i: _append(made, trees[i][0].stem[shared:], shared) for i in order}
    branched: list[tuple[Span, Span]] = []
    spans = [stems[i] for i in order]
    places: dict[int, list[Span]] = {}
    for i in order:
        one = trees[i][0]
        places[i] = [_append(made, branch, len(one.stem)) for branch in one.branches]
        if places[i]:
            spans += places[i]
            branched.append(((places[i][0][0], places[i][-1][1]), stems[i]))
    made.own = Stretch(tuple(spans), tuple(spans), is_causal=True)
    if branched:
        made.branches = Stretch(tuple(q for q, _ in branched), tuple(k for _, k in branched))
    made.scored = [
        _places(pair, one, stems[i][0] - shared, places[i][end][0] if end is not None else 0)
        for i, (one, pairs) in enumerate(trees)
        for pair, end in zip(pairs, one.ends, strict=True)
    ]
    return made


_NONE = Stretch((), ())


def _append(made: Pass, tokens: Tokens, position: int) -> Span:
    start = len(made.tokens)
    made.tokens += tokens
    made.positions += range(position, position + len(tokens))
    return start, len(made.tokens)


def _places(pair: Pair, one: Tree, stem: int, branch: int) -> list[int]:
    """Places of the continuation's predictors. stem, branch: where each begins."""
    first = len(pair.context) - 1
    return [
        stem + position if position < len(one.stem) else branch + position - len(one.stem)
        for position in range(first, first + len(pair.continuation))
    ]
