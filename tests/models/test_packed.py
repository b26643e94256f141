"""The fast ways give the plain ways' numbers, and give way where they would not."""

from typing import Any

import pytest
import torch
from tiny import make_folder

from evalcore import benchmarks, models
from evalcore.models.transformers import plain_scoring
from evalcore.models.transformers.batches import Budget
from evalcore.models.transformers.packed_scoring import PackedScorer
from evalcore.models.transformers.ranking import Ranked
from evalcore.prompts import render, shots_in_order
from evalcore.types import Part, Prompt, Request, Sampling, Way

SHOTS = "".join(f"Question: {n} cough?\nAnswer: A\n\n" for n in range(8))
TARGETS = (" A", " Amoxicillin", " Amoxicillin and clavulanic acid", " Aspirin")
FAST = ("llama", "mistral", "qwen2", "qwen3", "gemma")


def requests(count: int = 20, shots: str = SHOTS) -> list[Request]:
    questions = [f"Question {n}: {'fever ' * (n % 5 + 1)}?\nAnswer:" for n in range(count)]
    return [
        Request(n, Prompt((Part(shots), Part(question)), "t", 1, (), tuple("ABCD"), TARGETS))
        for n, question in enumerate(questions)
    ]


def prepared(model: Any, asked: list[Request]) -> list[Ranked]:
    return [
        Ranked(one, model._encoder.pairs(model._encoder.text(one.prompt), one.prompt.targets))
        for one in asked
    ]


def both_ways(model: Any, tokens: int, asked: list[Request]) -> tuple[list[Ranked], list[Ranked]]:
    fast, plain = prepared(model, asked), prepared(model, asked)
    for _ in PackedScorer(model._model, Budget(tokens, is_padded=False))(fast):
        pass
    for _ in plain_scoring.score(model._model, Budget(1), plain):
        pass
    return fast, plain


@pytest.mark.parametrize("tokens", [50, 400, 10_000])
@pytest.mark.parametrize("architecture", FAST)
def test_packed_numbers_are_the_plain_ones_whatever_the_budget(tmp_path, architecture, tokens):
    model = models.load(f"hf:{make_folder(tmp_path, architecture)}", "fp32")
    fast, plain = both_ways(model, tokens, requests())
    for ranked, expected in zip(fast, plain, strict=True):
        for option, (value, is_greedy) in expected.found.items():
            assert ranked.found[option][0] == pytest.approx(value, abs=1e-4)
            assert ranked.found[option][1] == is_greedy


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(
    ("precision", "near"), [("bf16", 0.02), ("fp16", 0.01), ("int8", 0.02), ("nf4", 0.02)]
)
def test_packed_numbers_are_near_the_plain_ones_in_every_precision(tiny_folder, precision, near):
    """Low precision rounds each sum, so an order of summation shows; picks that are no near-tie stay."""
    model = models.load(f"hf:{tiny_folder}", precision)
    fast, plain = both_ways(model, 400, requests(60))
    far = [
        abs(ranked.found[option][0] - value) / abs(value)
        for ranked, expected in zip(fast, plain, strict=True)
        for option, (value, _) in expected.found.items()
    ]
    assert max(far) < near
    assert all(ranked.failure is None for ranked, _ in model.rank([]))
    assert {response.failure for _, response in model.rank(requests(60))} == {None}
    assert model.is_packed


def test_the_last_layer_makes_no_more_than_is_scored(tiny_folder):
    model = models.load(f"hf:{tiny_folder}", "fp32")
    fast = prepared(model, requests())
    made: dict[str, int] = {"first": 0, "last": 0}

    def count(name: str) -> Any:
        return lambda _, args, out: made.update({name: made[name] + args[0].shape[1]})

    layers = model._model.get_decoder().layers
    layers[0].mlp.register_forward_hook(count("first"))
    layers[-1].mlp.register_forward_hook(count("last"))
    for _ in PackedScorer(model._model, Budget(400, is_padded=False))(fast):
        pass
    scored = sum(len(pair.continuation) for ranked in fast for pair in ranked.pairs)
    assert made["last"] <= scored + 1 < made["first"] / 2  # + 1: the end of the prefix


def test_a_prefix_is_read_once_for_all_windows(tiny_folder):
    model = models.load(f"hf:{tiny_folder}", "fp32")
    read: list[int] = []
    model._model.register_forward_pre_hook(
        lambda _, args, given: read.append((*args, given.get("input_ids"))[0].numel()), with_kwargs=True
    )
    first = {request.id: response.option_logprobs for request, response in model.rank(requests())}
    shared = len(model._encoder.encode([SHOTS])[SHOTS])
    before = sum(read)
    again = {request.id: response.option_logprobs for request, response in model.rank(requests())}
    assert sum(read) - before <= before - shared  # neither prefix nor self-check a second time
    assert all(again[n] == pytest.approx(first[n], abs=1e-5) for n in first)


def test_a_model_that_the_fast_way_gets_wrong_is_asked_plainly_and_says_so(tiny_folder, caplog):
    model = models.load(f"hf:{tiny_folder}", "fp32")
    expected = {request.id: response.option_logprobs for request, response in model.rank(requests())}
    assert model.is_packed

    def look_at_neighbours(_: Any, args: tuple[torch.Tensor], out: torch.Tensor) -> torch.Tensor:
        """As an architecture would that mixes what stands side by side: packing then changes the result."""
        return out if args[0].shape[0] > 1 or args[0].shape[1] < 300 else out + out.mean(1, keepdim=True)

    other = models.load(f"hf:{tiny_folder}", "fp32")
    other._model.get_input_embeddings().register_forward_hook(look_at_neighbours)
    found = dict((request.id, response) for request, response in other.rank(requests()))
    assert not other.is_packed
    assert all(found[n].option_logprobs == pytest.approx(expected[n], abs=1e-4) for n in expected)
    assert all("plain, slower way" in response.notes[0] for response in found.values())
    assert "plain, slower way" in caplog.text
    again = [response for _, response in other.rank(requests())]
    assert len(again) == 20 and not any(response.notes for response in again)


def test_a_model_that_writes_wrongly_in_the_fast_way_writes_plainly_and_says_so(tiny_folder):
    asked = [Request(n, one.prompt, Sampling(max_tokens=6)) for n, one in enumerate(requests(shots=""))]
    expected = {
        request.id: response.text
        for request, response in models.load(f"hf:{tiny_folder}", "fp32").generate(asked)
    }
    model = models.load(f"hf:{tiny_folder}", "fp32")
    head = model._model.get_output_embeddings()
    head.register_forward_hook(
        lambda _, args, out: out * 2 if args[0].shape[0] == 1 and args[0].shape[1] == 20 else out
    )
    found = {request.id: response for request, response in model.generate(asked)}
    assert {n: response.text for n, response in found.items()} == expected
    assert all("plain, slower way" in response.notes[0] for response in found.values())
    assert not model.is_packed


def test_more_texts_than_slots_are_written_as_if_each_were_alone(tiny_folder):
    model = models.load(f"hf:{tiny_folder}", "fp32")
    asked = [
        Request(n, one.prompt, Sampling(max_tokens=n % 9 + 1, stop=("e",)))
        for n, one in enumerate(requests(150, shots="fever " * 20))
    ]
    found = {request.id: response for request, response in model.generate(asked)}
    assert len(found) == 150 and model.is_packed
    for request in asked[::15]:
        ((_, alone),) = model.generate([request])
        both = found[request.id], alone
        assert both[0].text == both[1].text and both[0].tokens_out == both[1].tokens_out


def test_a_window_that_slides_is_not_for_the_fast_way(tmp_path):
    folder = make_folder(tmp_path, "mistral")
    text = (folder / "config.json").read_text()
    assert '"sliding_window": null' in text
    (folder / "config.json").write_text(text.replace('"sliding_window": null', '"sliding_window": 8'))
    assert not models.load(f"hf:{folder}", "fp32").is_packed


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("chat", [False, True], ids=["plain", "chat"])
def test_real_questions_with_five_examples_get_the_numbers_of_the_harness(
    tmp_path, data_dir, monkeypatch, chat
):
    from test_equal_to_harness import harness, instances

    monkeypatch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
    loaded = benchmarks.load("mmlu_medical_genetics")
    folder = make_folder(tmp_path, context=8192, has_template=True)
    model = models.load(f"hf:{folder}", "fp32")
    shown = zip(loaded.entries[:12], shots_in_order(loaded, 5), strict=False)
    asked = [
        Request(n, render(entry.item, task=loaded.task, way=Way.RANK, shots=shots, chat=chat))
        for n, (entry, shots) in enumerate(shown)
    ]
    pairs = [(model._encoder.text(one.prompt), target) for one in asked for target in one.prompt.targets]
    peer = harness(folder)
    expected = iter(peer.loglikelihood(instances("loglikelihood", pairs), disable_tqdm=True))
    found = {request.id: response for request, response in model.rank(asked)}
    assert model.is_packed
    for one in asked:
        for label in one.prompt.option_order:
            value, is_greedy = next(expected)
            assert found[one.id].option_logprobs[label] == pytest.approx(value, abs=1e-4)
            assert (label in found[one.id].greedy) == is_greedy
