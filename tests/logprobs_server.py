"""An OpenAI-compatible server with a real model that tells the log-probabilities of a prompt's own tokens.

How it tells them is told by the model's name: `echo` and `prompt_logprobs` as vLLM does, `echo-ids` with
numbers for the tokens' texts (vLLM's --return-tokens-as-token-ids), and the faulty ones in `HOW`. In a thread
for tests.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from misbehaving_server import Reply, Server, as_json, completion, error, running


@dataclass
class Read:
    """A prompt's tokens with the one written after them; rows: log-probabilities after each, by token."""

    ids: list[int]
    rows: Any
    texts: list[str]

    def place(self, place: int) -> list[tuple[int, float]]:
        """(id, log-probability) of the token itself, then of the likeliest one."""
        row, own = self.rows[place - 1], self.ids[place]
        best = int(row.argmax())
        return [(one, float(row[one])) for one in dict.fromkeys((own, best))]


class LogprobsServer(Server):
    """The model in `folder` behind /v1/completions; chat is answered with a word.

    behaves: instead of the model's name, from now on.
    """

    behaves = ""

    def load(self, folder: Path) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype="float32").eval()

    def read(self, prompt: str) -> Read:
        import torch

        ids = self.tokenizer.encode(prompt)
        with torch.inference_mode():
            rows = self.model(torch.tensor([ids])).logits[0].float().log_softmax(-1)
        ids.append(int(rows[-1].argmax()))
        return Read(ids, rows, [self.tokenizer.decode([one]) for one in ids])

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        received = self.received[-1]
        self.replies.clear()
        self.otherwise = self._reply(received.path, received.body)
        await super()._answer(writer)

    def _reply(self, path: str, body: Any) -> Reply:
        if body is None:
            return as_json({"object": "list", "data": [{"id": name} for name in HOW]})
        if path.endswith("/chat/completions"):
            return as_json(completion("hello") | {"model": body["model"]})
        how = self.behaves or body["model"]
        if how not in HOW:
            return error("404 Not Found")
        read = self.read(body["prompt"])
        if how == "truncating":  # the last 20 tokens are read, and nothing said of it
            read = self.read(self.tokenizer.decode(read.ids[-21:-1]))
        usage = {"prompt_tokens": len(read.ids) - 1, "completion_tokens": 1}
        return as_json({"model": body["model"], "choices": [HOW[how](self, read, body)], "usage": usage})


def _choice(text: str, **more: Any) -> dict[str, Any]:
    return {"index": 0, "text": text, "finish_reason": "length"} | more


def _echo(server: LogprobsServer, read: Read, body: dict[str, Any]) -> dict[str, Any]:
    if not body.get("echo"):
        return _ignores(server, read, body)
    return _choice(body["prompt"] + read.texts[-1], logprobs=_logprobs(server, read, read.texts))


def _echo_ids(server: LogprobsServer, read: Read, body: dict[str, Any]) -> dict[str, Any]:
    texts = [f"token_id:{one}" for one in read.ids]
    return _echo(server, read, body) | {"logprobs": _logprobs(server, read, texts)}


def _logprobs(server: LogprobsServer, read: Read, texts: list[str]) -> dict[str, Any]:
    places = [read.place(place) for place in range(1, len(read.ids))]
    named = [{server.tokenizer.decode([one]): value for one, value in place} for place in places]
    return {
        "tokens": texts,
        "token_logprobs": [None, *(place[0][1] for place in places)],
        "top_logprobs": [None, *named],
        "text_offset": [-1] * len(texts),
    }


def _prompt_logprobs(server: LogprobsServer, read: Read, body: dict[str, Any]) -> dict[str, Any]:
    if "prompt_logprobs" not in body:
        return _ignores(server, read, body)
    places = [
        {
            str(one): {"logprob": value, "decoded_token": server.tokenizer.decode([one])}
            for one, value in read.place(place)
        }
        for place in range(1, len(read.ids) - 1)
    ]
    return _choice(read.texts[-1], prompt_logprobs=[None, *places])


def _ignores(server: LogprobsServer, read: Read, body: dict[str, Any]) -> dict[str, Any]:
    return _choice(read.texts[-1], logprobs=None)


def _written_only(server: LogprobsServer, read: Read, body: dict[str, Any]) -> dict[str, Any]:
    """As llama.cpp: log-probabilities of what was written, none of the prompt."""
    given = _logprobs(server, read, read.texts)
    return _choice(read.texts[-1], logprobs={name: values[-1:] for name, values in given.items()})


HOW: dict[str, Callable[[LogprobsServer, Read, dict[str, Any]], dict[str, Any]]] = {
    "echo": _echo,
    "echo-ids": _echo_ids,
    "prompt_logprobs": _prompt_logprobs,
    "ignores": _ignores,
    "written-only": _written_only,
    "truncating": _echo,
}


@contextmanager
def serving(folder: Path) -> Iterator[LogprobsServer]:
    """In a thread of its own, on a free port."""
    server = LogprobsServer()
    server.load(folder)
    with running(server) as it:
        assert isinstance(it, LogprobsServer)
        yield it
