"""Ranking through an endpoint is the local engine's, on the same weights: a real server, real items."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from logprobs_server import serving
from tiny import make_folder

from evalcore import benchmarks, models, prompts
from evalcore.models import openai
from evalcore.types import Endpoint, Finish, Part, Prompt, Request, Response, Sampling, Way

TASKS = ("mmlu_anatomy", "medqa_4options", "pubmedqa", "mmedbench/zh")
EACH = 2  # items of a task
OPTIONS = (" Amoxicillin", " Amoxicillin and clavulanic acid", " Aspirin")
BY_HAND = [
    ("The first choice is", OPTIONS),
    ("The first choice is ", OPTIONS),  # the blank moves over
    ("应首选：\n\n", ("青霉素", "糖尿病")),
]
KINDS = [
    ("echo", {"has_bos": True}),
    ("echo-ids", {"has_bos": False}),
    ("prompt_logprobs", {"prefix_space": True}),
]


@pytest.fixture(scope="module")
def requests(data_dir: Path) -> list[Request]:
    """Real items by rank, and options of many tokens."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
        tasks = [benchmarks.load(name, with_examples=False) for name in TASKS]
    made = [
        prompts.render(entry.item, task=loaded.task, way=Way.RANK)
        for loaded in tasks
        for entry in loaded.entries[:EACH]
    ]
    made += [
        Prompt((Part(text),), "t", option_order=tuple("ABC"[: len(options)]), targets=options)
        for text, options in BY_HAND
    ]
    return [Request(number, prompt) for number, prompt in enumerate(made)]


def ranked(base_url: str, how: str, requests: list[Request]) -> dict[int, Response]:
    endpoint = Endpoint("house", (base_url,), in_flight=4)
    with closing(openai.load(endpoint, how)) as model:
        return {request.id: response for request, response in model.rank(requests)}


def likely(model: models.Model, first: int) -> list[Request]:
    """Questions whose first option is what the model itself would write."""
    questions = [Request(n, Prompt((Part(f"Drug {n}:"),), "t"), Sampling(max_tokens=1)) for n in range(12)]
    return [
        Request(first + one.id, replace(one.prompt, option_order=("A", "B"), targets=(said.text, " Aspirin")))
        for one, said in model.generate(questions)
        if said.text.strip()
    ]


@pytest.mark.parametrize(("how", "tokenizer"), KINDS)
def test_an_endpoints_numbers_are_those_of_the_local_engine(tmp_path, requests, how, tokenizer):
    folder = make_folder(tmp_path / "tiny", context=4096, **tokenizer)
    with closing(models.load(f"hf:{folder}", "fp32")) as model:
        requests = [*requests, *likely(model, len(requests))]
        here = {request.id: response for request, response in model.rank(requests)}
    with serving(folder) as server:
        there = ranked(server.base_url, how, requests)
    assert len(there) == len(requests) > len(TASKS) * EACH + len(BY_HAND)
    for number, local in here.items():
        served = there[number]
        assert (served.failure, served.finish) == (None, Finish.RANKED)
        assert served.option_logprobs == pytest.approx(local.option_logprobs, abs=1e-4)
        assert served.greedy == local.greedy
        picks = {max(one.option_logprobs, key=one.option_logprobs.get) for one in (local, served)}
        assert len(picks) == 1
    assert any(local.greedy for local in here.values())


def test_an_option_that_changes_the_contexts_tokens_counts_as_the_text_stands_and_is_noted(tmp_path):
    """The harness splices tokens that no text has; an endpoint reads text."""
    prompt = Prompt((Part("患者发热三天，应首选"),), "t", targets=("糖尿病", "心肌梗死"))
    folder = make_folder(tmp_path / "tiny", has_bos=False)
    with serving(folder) as server:
        (found,) = ranked(server.base_url, "echo-ids", [Request(0, prompt)]).values()
        whole = server.read(prompt.text + prompt.targets[1])
        start = len(server.tokenizer.encode(prompt.text))
    by_hand = sum(whole.place(place)[0][1] for place in range(start, len(whole.ids) - 1))
    assert found.option_logprobs["1"] == pytest.approx(by_hand)
    assert "changes the question's last tokens" in found.notes[-1]


@pytest.mark.parametrize("how", ["ignores", "written-only", "chat-only"])
def test_an_endpoint_that_tells_nothing_of_the_prompt_stops_the_run(tmp_path, requests, how):
    with serving(make_folder(tmp_path / "tiny", context=4096)) as server:
        failures = [one.failure for one in ranked(server.base_url, how, requests[-3:]).values()]
        assert openai.can_rank(Endpoint("house", (server.base_url,)), how)[0] is False
    assert {(one.kind, one.stops_run) for one in failures} == {("cannot_rank", True)}
    assert "--ask generate" in failures[0].message


def test_a_prompt_that_the_endpoint_cuts_is_noticed_and_never_scored(tmp_path, requests):
    with serving(make_folder(tmp_path / "tiny", context=4096)) as server:
        endpoint = Endpoint("house", (server.base_url,))
        assert openai.can_rank(endpoint, "truncating") == (True, "")  # the question of the check is short
        answers = ranked(server.base_url, "truncating", requests[:2])
    assert all("another prompt than was sent" in one.failure.message for one in answers.values())
