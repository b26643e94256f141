"""The nouns of the project, as frozen records with their keys. This room knows no files, clock or database.

A question travels as Item -> Prompt -> Response -> Answer -> Score; its truth, the Key, travels apart
from it, so that no model and no reader can see it.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any


class Kind(StrEnum):
    """What form of answer a task asks for; templates, readers and metrics are chosen by it."""

    CHOICE = "choice"  # exactly one option
    SEVERAL = "several"  # one or more options, all of them asked for
    YES_NO_MAYBE = "yes_no_maybe"  # options keyed by the words yes, no, maybe
    TEXT = "text"  # free text beside a reference answer
    LABEL = "label"  # one label of a closed list, named in words
    LABELS = "labels"  # any number of labels of a closed list, named in words
    ENTITIES = "entities"  # a list of entities or attributes, taken from a text
    STRUCTURED = "structured"  # named points with their values, such as a diagnosis and its treatment
    RUBRIC = "rubric"  # free text held against criteria with points
    DIALOGUE = "dialogue"  # a conversation with a partner model that follows a script


RANKABLE = (Kind.CHOICE, Kind.YES_NO_MAYBE)
"""Kinds whose one right option can be found by ranking."""


class Way(StrEnum):
    """How a model is asked: by the log-likelihood of the options, or by letting it write."""

    RANK = "rank"
    GENERATE = "generate"


class AnswerState(StrEnum):
    """What became of reading one reply."""

    READ = "read"
    AMBIGUOUS = "ambiguous"
    REFUSED = "refused"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"


class Finish(StrEnum):
    """Why a reply ended."""

    STOP = "stop"  # end of text, or a stop string
    LENGTH = "length"  # the token limit
    RANKED = "ranked"  # nothing was written: the options were ranked
    ERROR = "error"


class Outcome(StrEnum):
    """Where one record stands for its task's first metric; `missing` is not wrong, it is not there."""

    RIGHT = "right"
    WRONG = "wrong"
    PARTLY = "partly"  # 0 < value < 1
    UNSCORED = "unscored"  # answered, but no rule can score it (free text before a judge)
    MISSING = "missing"  # the model gave no answer: API failure, NaN, out of attempts


def content_hash(value: Any) -> str:
    """First 32 hex digits of SHA-256 over canonical JSON: the identity of everything that is stored once."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def normalised(text: str) -> str:
    """NFC, with every run of white space as one blank: what two copies of one question have in common."""
    return " ".join(unicodedata.normalize("NFC", text).split())


@dataclass(frozen=True)
class Option:
    """One offered answer: its label in the item's own letters (or the word yes, no, maybe) and its text."""

    label: str
    text: str


@dataclass(frozen=True)
class Item:
    """One question, without its answer.

    turns: (role, text) of a conversation before the question; role is user, assistant or system.
    meta: facts that are not part of the question: `subject` (a code of `evalcore.specialties`), `year`, ...
    """

    question: str
    options: tuple[Option, ...] = ()
    context: str = ""
    language: str = "en"
    media: tuple[str, ...] = ()
    turns: tuple[tuple[str, str], ...] = ()
    meta: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def sha(self) -> str:
        """Same question, same options in the same order, same context: one item, whichever task holds it."""
        turns = [[[role, normalised(text)] for role, text in self.turns]] if self.turns else []
        return content_hash(
            [
                normalised(self.question),
                [[option.label, normalised(option.text)] for option in self.options],
                normalised(self.context),
                list(self.media),
                *turns,
            ]
        )

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(option.label for option in self.options)

    def text_of(self, label: str) -> str:
        return next(option.text for option in self.options if option.label == label)


@dataclass(frozen=True)
class Criterion:
    """One thing an answer is judged by. points: -10 to 10; below 0, meeting it is bad. tags: its slices."""

    text: str
    points: float
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """The true answer of one item, kept apart from it.

    acceptable: alternatives, each a set of labels in option order, or a one-tuple with a reference text.
    (("B",),) one letter; (("A", "C"),) both; (("A",), ("D",)) either; (("free text",),) a reference;
    (("aspirin", "ibuprofen"),) entities; () where only a rubric says what is right.
    name: who publishes it (a benchmark's id, or "adjudicated"); version 1 is the published one.
    """

    acceptable: tuple[tuple[str, ...], ...]
    name: str
    version: int = 1
    rationale: str = ""
    source: str = ""
    rubric: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An item's place in a task.

    item_id: unique within the task. group: items sharing a stem. parallel: the same item in another language.
    """

    item_id: str
    item: Item
    key: Key
    group: str = ""
    parallel: str = ""


@dataclass(frozen=True)
class Source:
    """Where a task's rows come from: a hub dataset, or files bundled with the project (`hub_id` empty)."""

    hub_id: str = ""
    config: str = ""
    split: str = ""
    fewshot_split: str = ""


@dataclass(frozen=True)
class Task:
    """One scored set, as its benchmark file declares it; holds no items.

    metrics: names as in cli.md, the first one is the headline. size: items when complete, None if not fixed.
    readers: read every written reply beside the run's reader, each figure under its own name.
    template, written: the benchmark's own prompt for ranking and for writing; "": the built-in one.
    instruction: what the task's file says to do; part of the prompt. shots, sampler: examples that belong to
    its prompt unless a run asks otherwise.
    """

    id: str
    benchmark: str
    title: str
    kind: Kind
    language: str
    metrics: tuple[str, ...]
    source: Source
    licence: str
    size: int | None = None
    subject: str = ""
    patient_text: bool = False
    credentialed: bool = False
    template: str = ""
    written: str = ""
    instruction: str = ""
    shots: int = 0
    sampler: str = "first_n"
    readers: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadedTask:
    """A task with its items in published order and its few-shot pool (empty: there is none)."""

    task: Task
    entries: tuple[Entry, ...]
    fewshot: tuple[Entry, ...] = ()
    source: str = "local"  # bundled, local, hub
    template_version: int = 1

    @cached_property
    def version(self) -> str:
        """Changes with any item, its order, its published key, or the template; versions never mix."""
        members = [[e.item_id, e.item.sha, *_truth(e.key)] for e in self.entries]
        task = self.task
        own = [task.written, task.instruction, task.shots, task.sampler]
        more = [own] if task.written or task.instruction or task.shots else []
        return content_hash([members, task.template, self.template_version, *more])[:12]


def _truth(key: Key) -> list[Any]:
    rubric = [[[one.text, one.points, list(one.tags)] for one in key.rubric]] if key.rubric else []
    return [[list(alternative) for alternative in key.acceptable], *rubric]


@dataclass(frozen=True)
class Benchmark:
    """A named family of tasks.

    average: how its figures are averaged, in words; citation: BibTeX or a reference, ready to copy.
    """

    id: str
    title: str
    tasks: tuple[Task, ...]
    citation: str
    url: str = ""
    average: str = ""
    defects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A piece of a prompt, stored once however many prompts hold it. role: "" in plain text."""

    text: str
    role: str = ""


@dataclass(frozen=True)
class Prompt:
    """Exactly what the model reads.

    parts: plain text is their concatenation; chat is one message per run of equal roles.
    targets: for ranking, the continuation scored for each option, in option order, with its leading blank.
    """

    parts: tuple[Part, ...]
    template: str
    template_version: int = 1
    fewshot_ids: tuple[str, ...] = ()
    option_order: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        return content_hash([[[part.role, part.text] for part in self.parts], list(self.targets)])

    @property
    def is_chat(self) -> bool:
        return any(part.role for part in self.parts)

    @cached_property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @cached_property
    def messages(self) -> tuple[tuple[str, str], ...]:
        """(role, text) pairs; neighbouring parts of one role are one message."""
        merged: list[tuple[str, str]] = []
        for part in self.parts:
            if merged and merged[-1][0] == part.role:
                merged[-1] = (part.role, merged[-1][1] + part.text)
            else:
                merged.append((part.role, part.text))
        return tuple(merged)


@dataclass(frozen=True)
class Sampling:
    """How a reply is drawn; temperature 0 is greedy."""

    temperature: float = 0.0
    top_p: float = 1.0
    top_k: int = 0
    max_tokens: int = 512
    stop: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible API. `evalcore.models.endpoints.validated` says what is wrong with one.

    base_urls: interchangeable servers of the same models. key_env: name of the environment variable with the
    key, "" when none is needed. rpm, tpm: requests and tokens per minute, 0 is no limit. price_in, price_out:
    USD per million tokens, None is unknown. is_local: inside the house, patient text may go there.
    """

    name: str
    base_urls: tuple[str, ...]
    key_env: str = ""
    rpm: int = 0
    tpm: int = 0
    in_flight: int = 8
    price_in: float | None = None
    price_out: float | None = None
    is_local: bool = False


@dataclass(frozen=True)
class ModelIdentity:
    """What makes two models the same model: answers are reused between runs only if all of this is equal.

    name: as in cli.md (`demo:`, `hf:`, `api:`). revision: commit, or a hash over the weight files.
    """

    name: str
    revision: str = ""
    precision: str = ""
    base: str = ""

    @cached_property
    def sha(self) -> str:
        return content_hash([self.name, self.revision, self.precision, self.base])


@dataclass(frozen=True)
class Failure:
    """Why no answer came.

    kind: a short code that is counted and shown (rate_limited, timeout, connection, server_error, auth,
    quota, not_found, context_length, content_filter, bad_reply, cut_off, nan, out_of_memory, internal).
    message: what, why, what to do; never a key, never patient text.
    is_final: the item's own result, asking again changes nothing. stops_run: no other item would fare better.
    retry_after_s: earliest moment of the next try.
    """

    kind: str
    message: str
    is_final: bool = False
    stops_run: bool = False
    retry_after_s: float = 0.0


@dataclass(frozen=True)
class Response:
    """Exactly what came back.

    option_logprobs: summed log-likelihood of each option, by its label. greedy: options that greedy decoding
    gives.
    dropped_shots: few-shot examples left out because the prompt did not fit. notes: what an endpoint
    ignored, and the like.
    """

    text: str = ""
    option_logprobs: Mapping[str, float] | None = None
    greedy: tuple[str, ...] = ()
    finish: Finish = Finish.STOP
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost_usd: float | None = None
    dropped_shots: int = 0
    notes: tuple[str, ...] = ()
    failure: Failure | None = None


@dataclass(frozen=True)
class Request:
    """One thing to ask a model; `id` is the work item's and comes back with the response.

    schema: JSON Schema that the reply is to follow, as text; "" is none. A backend that cannot hold a model
    to it asks without it and says so in the response's notes.
    """

    id: int
    prompt: Prompt
    sampling: Sampling = Sampling()
    sample: int = 0
    schema: str = ""


@dataclass(frozen=True)
class Answer:
    """What a reader read. value: labels in option order, () when nothing; span: characters of the reply."""

    value: tuple[str, ...]
    state: AnswerState
    rule: str
    reader: str
    reader_version: int
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Score:
    """A number with its reason; value None is "could not be scored", never 0.

    metric: name as in cli.md with its variant. parts: counts that a summary needs (tp, fp, fn, ...).
    """

    metric: str
    value: float | None
    why: str = ""
    parts: Mapping[str, float] = field(default_factory=dict)
    scorer_version: int = 1


@dataclass(frozen=True)
class Summary:
    """A figure on a screen. n: scored items; unscored: those no rule could score; method: the interval's."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    unscored: int = 0
    method: str = ""
