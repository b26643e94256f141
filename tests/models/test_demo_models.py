"""The bundled models say what they were taught, and are right as often as their names promise."""

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from evalcore import benchmarks, models, prompts
from evalcore.types import Entry, Kind, Request, Sampling, Task, Way

ITEMS = Path(models.__file__).parent.parent / "demo" / "items"
RIGHT = {"demo:strong": (0.72, 0.88), "demo:weak": (0.33, 0.50)}


def rows() -> dict[str, dict[str, Any]]:
    lines = [line for file in ITEMS.glob("*.jsonl") for line in file.read_text("utf-8").splitlines() if line]
    return {row["id"]: row for row in map(json.loads, lines)}


def asked() -> Iterator[tuple[Task, Entry]]:
    for task in benchmarks.select(["demo/*"]):
        yield from ((task, entry) for entry in benchmarks.load(task.id).entries)


@pytest.fixture(scope="module", params=["demo:strong", "demo:weak"])
def model(request: pytest.FixtureRequest) -> Any:
    return models.load(request.param)


def test_taught_replies_come_back_word_for_word_or_nearly(model):
    taught, name, places = rows(), model.identity.name, list(asked())[::3]
    requests = [
        Request(
            n, prompts.render(entry.item, task=task, way=Way.GENERATE, chat=True), Sampling(max_tokens=160)
        )
        for n, (task, entry) in enumerate(places)
    ]
    said = {request.id: response.text for request, response in model.generate(requests)}
    expected = [taught[entry.item_id]["replies"][name.removeprefix("demo:")] for _, entry in places]
    near = [SequenceMatcher(None, said[n], expected[n]).ratio() > 0.95 for n in range(len(places))]
    assert sum(near) / len(near) >= 0.95
    right = [row[f"{name.removeprefix('demo:')}_right"] for row in taught.values()]
    low, high = RIGHT[name]
    assert low < sum(right) / len(right) < high


def test_ranking_is_above_chance_where_it_should_be(model):
    places = [(task, entry) for task, entry in asked() if task.kind in (Kind.CHOICE, Kind.YES_NO_MAYBE)]
    requests = [
        Request(n, prompts.render(entry.item, task=task, way=Way.RANK))
        for n, (task, entry) in enumerate(places)
    ]
    right = 0
    for request, response in model.rank(requests):
        pick = max(response.option_logprobs, key=response.option_logprobs.get)
        right += (pick,) in places[request.id][1].key.acceptable
    assert right / len(places) > {"demo:strong": 0.6, "demo:weak": 0.28}[model.identity.name]


def test_a_demo_model_is_small_honest_and_safe(model):
    folder = models.parse(model.identity.name).weights.place
    assert sum(path.stat().st_size for path in Path(folder).glob("*.safetensors")) <= 8_000_000
    assert "must not be believed" in (Path(folder) / "README.md").read_text("utf-8")
    found = models.check(model.identity.name)
    assert found.ok and found.chat_template and found.safetensors


def test_a_demo_model_reads_any_language_and_4096_tokens(model):
    from evalcore.types import Part, Prompt

    strange = Prompt((Part("Ελληνικά العربية 한국어 🙂 " * 60),), "t", 1, (), ("A", "B"), (" A", " B"))
    ((_, response),) = model.rank([Request(0, strange)])
    assert response.failure is None and 1000 < response.tokens_in < 4096
