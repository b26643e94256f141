"""What the tests of this folder ask with."""

from collections.abc import Iterable
from contextlib import closing

from evalcore.models.openai import OpenAIModel
from evalcore.types import Endpoint, Part, Prompt, Request, Response, Sampling

SECRET = "sk-very-secret-0123456789"


def endpoint_at(*base_urls: str, **fields) -> Endpoint:
    return Endpoint("house", base_urls, **fields)


def chat(number: int = 0, text: str = "A patient asks.", **sampling) -> Request:
    prompt = Prompt((Part("You are a physician.", "system"), Part(text, "user")), template="t")
    return Request(number, prompt, Sampling(**sampling))


def plain(number: int = 0, text: str = "The heart is", **sampling) -> Request:
    return Request(number, Prompt((Part(text),), template="t"), Sampling(**sampling))


def ask(
    endpoint: Endpoint, *requests: Request, timeout_s: float = 10.0, model: str = "m"
) -> dict[int, Response]:
    return ask_all(endpoint, requests or (chat(),), timeout_s=timeout_s, model=model)


def ask_all(
    endpoint: Endpoint, requests: Iterable[Request], timeout_s: float = 10.0, model: str = "m"
) -> dict[int, Response]:
    with closing(OpenAIModel(endpoint, model, timeout_s=timeout_s)) as it:
        pairs = [(request.id, response) for request, response in it.generate(requests)]
    assert len(pairs) == len(dict(pairs)), "a request came back twice"
    return dict(pairs)
