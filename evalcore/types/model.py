"""Who is asked, and how."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from evalcore.types.content import content_hash
from evalcore.types.prompt import Prompt


class Way(StrEnum):
    """How a model is asked: by the log-likelihood of the options, or by letting it write."""

    RANK = "rank"
    GENERATE = "generate"


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


def judge_name(model: str, precision: str, batch: int = 1) -> str:
    """As a score names a judge: the precision of one on this machine, and how many criteria another one
    is asked at once, where these are several.
    """
    if not model.startswith("api:"):
        return f"{model} {precision}"
    bare = model.partition("/")[2]
    return f"{bare} batch={batch}" if batch > 1 else bare


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
