"""An OpenAI-compatible server that plays a judge, honest or faulty to order, on bytes of its own making.

What it does is told by the model's name: `judge-honest`, `judge-fenced`, ... (BEHAVIOURS). `judge-mixed`
takes one of them by the hash of the prompt, so that the same question meets the same fault, and
`judge-honest@0.2` waits so many seconds. An honest verdict depends on how much of an answer's words the item
holds, so right answers do better than wrong ones. In a thread for tests (`judging()`), or by hand:
`python tests/judge_server.py PORT`.
"""

import asyncio
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from misbehaving_server import Reply, Server, as_json, completion, error, running, slow

_FRAME = json.loads((Path(__file__).parents[1] / "evalcore/judge/frame.json").read_bytes())
_ONE_OF = "|".join(re.escape(words["one_of"]) for words in _FRAME["texts"].values())
_BLOCK = re.compile(r"\[\[(ITEM|ANSWER(?: [AB])?) \w{12}\]\]\n(.*?)\n\[\[END \w{12}\]\]", re.DOTALL)
_INJECTED = re.compile(r"\{[^{}]*\"verdict\"[^{}]*\}")


@dataclass
class Question:
    """What the judge was asked. values: the allowed verdicts; has_schema: they came as a JSON schema.

    batch: by criterion its allowed verdicts, where several were asked at once.
    """

    text: str
    values: list[Any]
    has_schema: bool
    item: str
    answers: list[str]
    batch: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def verdict(self) -> Any:
        """By shared words; A, B or tie for two answers, the option named last for an item's options."""
        if len(self.answers) == 2:
            first, second = (_share(self.item, answer) for answer in self.answers)
            return "tie" if first == second else "A" if first > second else "B"
        if "none" in self.values:
            named = re.findall(r"\b([A-H])\b", self.answers[0])
            return named[-1] if named and named[-1] in self.values else "none"
        share = _share(self.item, self.answers[0]) if self.answers else 0.0
        return self.values[min(round(share * len(self.values)), len(self.values) - 1)]

    @property
    def quote(self) -> str:
        """Whole words of the first line."""
        return self.answers[0].split("\n")[0][:80].rsplit(" ", 1)[0] if self.answers else ""


def _share(item: str, answer: str) -> float:
    said, words = set(re.findall(r"\w+", answer.casefold())), set(re.findall(r"\w+", item.casefold()))
    return len(said & words) / max(len(said), 1)


def question(body: dict[str, Any]) -> Question:
    text = "\n".join(message["content"] for message in body["messages"])
    blocks = _BLOCK.findall(text)
    wanted = body.get("response_format")
    fields = wanted["json_schema"]["schema"]["properties"] if wanted else {}
    values = fields["verdict"]["enum"] if "verdict" in fields else _written(text)
    item = next((inside for name, inside in blocks if name == "ITEM"), "")
    answers = [inside for name, inside in blocks if name != "ITEM"]
    batch = {} if "verdict" in fields else {name: _verdicts(one) for name, one in fields.items()}
    return Question(text, values, bool(wanted), item, answers, batch)


def _verdicts(entry: dict[str, Any]) -> list[Any]:
    found: list[Any] = entry["properties"]["verdict"]["enum"]
    return found


def _written(text: str) -> list[Any]:
    """The verdicts that the prompt lists."""
    found = re.findall(rf"(?:{_ONE_OF}) ([^()\n]+)", text)
    values = [value.strip() for value in found[-1].split(",")] if found else ["no", "yes"]
    return [int(value) if value.isdigit() else value for value in values]


def _object(asked: Question, **other: Any) -> str:
    """One verdict, or with a batch one entry a criterion."""
    if asked.batch:
        entries = ((name, replace(asked, values=values, batch={})) for name, values in asked.batch.items())
        return "{" + ", ".join(f'"{name}": {_object(one, **other)}' for name, one in entries) + "}"
    fields = {
        "explanation": "It holds much of what is known.",
        "quote": asked.quote,
        "verdict": asked.verdict,
    }
    return json.dumps(fields | other, ensure_ascii=False)


def _honest(asked: Question) -> Reply:
    return _says(_object(asked))


def _says(text: str, finish: str = "stop", **extra: Any) -> Reply:
    reply = completion(text, finish, **extra)
    reply["usage"] = {"prompt_tokens": 400, "completion_tokens": len(text) // 4, "total_tokens": 400}
    return as_json(reply)


def _rejects(asked: Question) -> Reply:
    if asked.has_schema:
        return error("400 Bad Request", "", "This response_format type is unavailable now")
    return _honest(asked)


def _injected(asked: Question) -> Reply:
    """Repeats the verdict that an answer asks for, if one does."""
    found = [match for answer in asked.answers for match in _INJECTED.findall(answer)]
    return _says(found[0]) if found else _honest(asked)


def _contradicts(asked: Question) -> Reply:
    least, most = (_object(asked, verdict=value) for value in (asked.values[0], asked.values[-1]))
    return _says(f"{least}\nOn the other hand:\n{most}")


def _out_of_range(asked: Question) -> Reply:
    is_number = isinstance(asked.values[-1], int)
    return _says(_object(asked, verdict=asked.values[-1] + 5 if is_number else "perhaps"))


BEHAVIOURS: dict[str, Callable[[Question], Reply]] = {
    "honest": _honest,
    "ignores": lambda asked: _says(f"The answer covers much.\n\nVerdict: {asked.verdict}"),
    "rejects": _rejects,
    "fenced": lambda asked: _says(f"Here is my judgement.\n```json\n{_object(asked)}\n```\n"),
    "thinks": lambda asked: _says(
        _object(asked), reasoning_content=f"First thought: {_object(asked, verdict=asked.values[0])}"
    ),
    "misquotes": lambda asked: _says(_object(asked, quote="words that nobody wrote")),
    "first": lambda asked: _says(_object(asked, verdict=asked.values[0])),
    "broken": lambda asked: _says(_object(asked).replace('"verdict"', "verdict", 1)),
    "truncated": lambda asked: _says(_object(asked)[: -60 if asked.batch else 30], "length"),
    "refuses": lambda asked: _says("I'm sorry, but I cannot judge this answer."),
    "filtered": lambda asked: _says("", "content_filter"),
    "injected": _injected,
    "contradicts": _contradicts,
    "out_of_range": _out_of_range,
    "empty": lambda asked: _says(""),
    "fails": lambda asked: error("500 Internal Server Error"),
}


class JudgeServer(Server):
    """Answers by the model's name; `received` holds every request."""

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        received = self.received[-1]
        self.replies.clear()
        self.otherwise = _models() if received.body is None else _reply(received.body)
        await super()._answer(writer)


def _models() -> Reply:
    return as_json({"object": "list", "data": [{"id": f"judge-{name}"} for name in (*BEHAVIOURS, "mixed")]})


def _reply(body: dict[str, Any]) -> Reply:
    name, _, seconds = body["model"].removeprefix("judge-").partition("@")
    asked = question(body)
    if name == "mixed":
        name = sorted(BEHAVIOURS)[zlib.crc32(asked.text.encode()) % len(BEHAVIOURS)]
    if name not in BEHAVIOURS:
        return error("404 Not Found", "model_not_found", f"the model {name} does not exist")
    reply = BEHAVIOURS[name](asked)
    return slow(float(seconds), reply) if seconds else reply


@contextmanager
def judging() -> Iterator[JudgeServer]:
    """In a thread of its own, on a free port."""
    with running(JudgeServer()) as server:
        yield server


async def _by_hand(port: int) -> None:
    listener = await asyncio.start_server(JudgeServer().serve, "127.0.0.1", port, backlog=1024)
    async with listener:
        await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(_by_hand(int(sys.argv[1])))
