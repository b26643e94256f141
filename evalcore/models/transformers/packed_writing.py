"""The fast way to write: prompts read packed, then one token for every live text; what ends is replaced."""

import time
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import torch

from evalcore.models.transformers.attention import Packed, Stretch, packed
from evalcore.models.transformers.batches import Budget, attempt
from evalcore.models.transformers.failures import NAN, OUT_OF_MEMORY
from evalcore.models.transformers.packed_scoring import WORTH
from evalcore.models.transformers.packing import families
from evalcore.models.transformers.passes import forward
from evalcore.models.transformers.prefixes import Prefixes
from evalcore.models.transformers.slots import Filling, NextToken, Slots
from evalcore.models.transformers.writing import Draft, are_bad, drawn, end_ids, end_of

STEP = 64  # slots are as long as a multiple of this
REFILLED = 8  # new texts are read once an eighth of the slots is free


class PackedWriter:
    """A writer for allowed architectures.

    passes: tokens of a pass over prompts. kept: tokens of all texts that are written at once, at most `most`
    texts.
    """

    def __init__(self, model: Any, tokenizer: Any, *, passes: Budget, kept: Budget, most: int) -> None:
        self._model, self._tokenizer, self._most = model, tokenizer, most
        self._passes, self._kept = passes, kept
        self._prefixes = Prefixes(model, passes)
        self._ends = end_ids(model)
        self._slots = Slots(0, 0)
        self._live: list[Draft] = []  # by slot
        self._waiting: deque[Draft] = deque()
        self._done: deque[Draft] = deque()
        self.is_watched = True

    def __call__(self, drafts: Iterator[Draft]) -> Iterator[Draft]:
        """While `is_watched`, drafts tell the log-likelihoods of their tokens."""
        while True:
            yield from self._take(drafts)
            if not self._live and not self._waiting:
                return
            done = attempt(self._step)
            self._done.extend(self._shrink() if done is None else done)
            while self._done:
                yield self._done.popleft()

    def surrender(self) -> list[Draft]:
        """All that was not given out, as if it had never been begun."""
        left = [*self._done, *self._live, *self._waiting]
        for draft in left:
            draft.restart()
        self._live, self._slots = [], Slots(0, 0)
        self._waiting.clear()
        self._done.clear()
        return left

    def keep(self, draft: Draft) -> None:
        """Takes a draft back that was given out."""
        self._waiting.appendleft(draft)

    def _take(self, drafts: Iterator[Draft]) -> Iterator[Draft]:
        """Pulls as many as may be live once fewer than half of them wait; the long ones first."""
        if len(self._waiting) >= self._most // 2:
            return
        taken = list(islice(drafts, self._most))
        yield from (draft for draft in taken if draft.failure)
        able = [draft for draft in taken if not draft.failure]
        self._waiting.extend(sorted(able, key=lambda draft: -draft.length))

    def _shrink(self) -> list[Draft]:
        """Memory ran out: fewer texts at once from now on, all begun again; one alone is given up."""
        given_up = self._live if len(self._live) == 1 else []
        if given_up:
            given_up[0].failure, self._live = OUT_OF_MEMORY, []
        else:
            self._kept.tokens = max(len(self._live) * self._slots.length // 2, 1)
            self._passes.halve(self._passes.tokens)
        self._waiting.extend(self.surrender())
        return given_up

    def _step(self) -> list[Draft]:
        """Reads new prompts where there is room, then writes one token of every text; gives the finished."""
        started = time.perf_counter()
        with torch.inference_mode(), packed(self._model):
            while batch := self._admitted():
                self._read(batch)
            texts = list(self._live)
            done = self._retired()
            if self._live:
                self._write()
                done += self._retired()
        for draft in texts:
            draft.seconds += (time.perf_counter() - started) / len(texts)
        return done

    def _admitted(self) -> list[Draft]:
        """Waiting drafts for one pass, given their slots: as many as are free, once it is worth a pass."""
        if not self._waiting:
            return []
        length = max(self._slots.length if self._live else 0, _rounded(self._waiting[0].length))
        count = max(1, min(self._most, self._kept.tokens // length))
        free = count - len(self._live)
        if free < 1 or (self._live and free < min(count // REFILLED, len(self._waiting))):
            return []
        batch = [self._waiting.popleft()]
        tokens = len(batch[0].prompt)
        while self._waiting and len(batch) < free and self._waiting[0].length <= length:
            tokens += len(self._waiting[0].prompt)
            if tokens > self._passes.tokens:
                break
            batch.append(self._waiting.popleft())
        self._make_room(count, length)
        self._live += batch
        return batch

    def _make_room(self, count: int, length: int) -> None:
        if count > self._slots.count or length > self._slots.length:
            self._slots = self._slots.grown(count, length, [_used(draft) for draft in self._live])

    def _read(self, batch: list[Draft]) -> None:
        slots = range(len(self._live) - len(batch), len(self._live))
        heads = [draft.prompt[:-1] for draft in batch]
        for family in families(heads, self._passes.tokens // WORTH):
            prefix = self._prefixes.of([heads[i] for i in family.members], family.shared)
            shared = len(prefix.tokens)
            tokens: list[int] = []
            positions: list[int] = []
            texts = []
            for i in family.members:
                start = len(tokens)
                tokens += batch[i].prompt[shared:]
                positions += range(shared, len(batch[i].prompt))
                texts.append((slots[i], shared, (start, len(tokens))))
            spans = tuple(span for _, _, span in texts)
            reading = Packed(
                Stretch(spans, spans, is_causal=True),
                prefix=prefix.layers or None,
                keep=Filling(self._slots, texts, prefix.layers),
            )
            logits = forward(self._model, (tokens, positions), [stop - 1 for _, stop in spans], reading)
            self._choose([batch[i] for i in family.members], logits)

    def _write(self) -> None:
        device = self._model.device
        places = [_used(draft) for draft in self._live]
        out = self._model(
            input_ids=torch.tensor([[draft.tokens[-1]] for draft in self._live], device=device),
            position_ids=torch.tensor(places, device=device)[:, None],
            use_cache=False,
            reading=NextToken(self._slots, places),
        )
        self._choose(self._live, out.logits[:, -1])

    def _choose(self, drafts: Sequence[Draft], logits: torch.Tensor) -> None:
        """The next token of each draft, from [drafts, vocabulary]."""
        logits = logits.float()
        weights = logits.logsumexp(-1) if self.is_watched else None
        best = logits.argmax(-1).tolist()
        for row, (draft, is_bad) in enumerate(zip(drafts, are_bad(logits), strict=True)):
            if is_bad:
                draft.failure = NAN
            else:
                sampled = draft.sampling.temperature > 0
                token = drawn(logits[row].cpu(), draft.sampling, draft.generator) if sampled else best[row]
                draft.tokens.append(token)
                if weights is not None:
                    draft.logprobs.append(float(logits[row, token] - weights[row]))
            draft.ended = end_of(draft, self._tokenizer, self._ends)

    def _retired(self) -> list[Draft]:
        """Takes finished drafts out; the last slot moves into each gap."""
        done = []
        for slot in reversed(range(len(self._live))):
            if self._live[slot].ended is None:
                continue
            done.append(self._live[slot])
            if done[-1].failure:
                self._slots.clear(slot)  # its NaN would come through the mask of the next text here
            last = self._live.pop()
            if slot < len(self._live):
                self._slots.move(len(self._live), slot, _used(last))
                self._live[slot] = last
        return done


def _used(draft: Draft) -> int:
    """Tokens whose keys and values are there: all but the last one."""
    return len(draft.prompt) + len(draft.tokens) - 1


def _rounded(length: int) -> int:
    return -(-length // STEP) * STEP
