"""Same picks, log-likelihoods within 1e-4 and same greedy texts as lm-evaluation-harness 0.4.13 itself."""

import logging
from pathlib import Path
from typing import Any

import pytest
from tiny import make_folder

from evalcore import models
from evalcore.types import Part, Prompt, Request, Sampling

lm_eval = pytest.importorskip("lm_eval", reason="lm-evaluation-harness is a test requirement")

LETTERS = (" A", " B", " C", " D")
ASKED = [
    ("Question: Which vitamin prevents scurvy?\nA. A\nB. B\nC. C\nD. D\nAnswer:", LETTERS),
    ("The first choice is", (" Amoxicillin", " Amoxicillin and clavulanic acid", " Aspirin")),
    ("The first choice is ", ("Amoxicillin", "Doxycycline", "Aspirin")),  # the blank moves over
    ("患者发热三天，应首选", ("糖尿病", "高血压药物", "心肌梗死")),
    ("", ("yes", "no", "maybe it does not help at all")),
    ("Abstract: 200 patients.\n\n", ("yes", "no", "maybe")),
    ("<|begin|>Answer:", LETTERS),  # begun already: no second one
]
SHARED = "".join(f"Question: {n} coughs?\nA. fever\nB. Aspirin\nAnswer: B\n\n" for n in range(4))
ASKED += [(f"{SHARED}Question: {'fever ' * n}?\nAnswer:", LETTERS) for n in range(1, 9)]
ASKED += [
    (f"{SHARED}The first choice {n} is", (" Amoxicillin", " Amoxicillin and", " Amoxicillin and clavulanic"))
    for n in range(4)
]
FAST = ("llama", "mistral", "qwen2", "qwen3", "gemma")  # ways without padding are allowed
KINDS = [
    *((architecture, has_bos, False) for architecture in FAST for has_bos in (True, False)),
    ("llama", True, True), ("qwen3", False, True), ("gpt2", False, False), ("gemma2", True, False),
]  # fmt: skip


def harness(folder: Path) -> Any:
    return harness_in(folder, "float32")


def harness_in(folder: Path, dtype: str, **more: str) -> Any:
    from lm_eval.models.huggingface import HFLM

    logging.getLogger("lm_eval").setLevel(logging.ERROR)
    return HFLM(pretrained=str(folder), device="cpu", dtype=dtype, batch_size=1, **more)


def instances(kind: str, arguments: list[tuple[Any, ...]]) -> list[Any]:
    from lm_eval.api.instance import Instance

    return [Instance(kind, {}, pair, i) for i, pair in enumerate(arguments)]


def requests() -> list[Request]:
    return [
        Request(
            i, Prompt((Part(context),), "test", option_order=tuple("ABCD"[: len(targets)]), targets=targets)
        )
        for i, (context, targets) in enumerate(ASKED)
    ]


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(("architecture", "has_bos", "prefix_space"), KINDS)
def test_log_likelihoods_and_greedy_flags_are_the_harness_own(tmp_path, architecture, has_bos, prefix_space):
    folder = make_folder(tmp_path, architecture, has_bos=has_bos, prefix_space=prefix_space)
    pairs = [(context, target) for context, targets in ASKED for target in targets]
    expected = iter(harness(folder).loglikelihood(instances("loglikelihood", pairs), disable_tqdm=True))
    model = models.load(f"hf:{folder}", "fp32")
    found = {request.id: response for request, response in model.rank(requests())}
    assert len(found) == len(ASKED)
    assert model.is_packed == (architecture in FAST)
    for i, (_, targets) in enumerate(ASKED):
        for label in "ABCD"[: len(targets)]:
            value, is_greedy = next(expected)
            assert found[i].option_logprobs[label] == pytest.approx(value, abs=1e-4)
            assert (label in found[i].greedy) == is_greedy


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize(("architecture", "has_bos", "prefix_space"), KINDS)
def test_greedy_texts_are_the_harness_own(tmp_path, architecture, has_bos, prefix_space):
    folder = make_folder(tmp_path, architecture, has_bos=has_bos, prefix_space=prefix_space)
    contexts = [context for context, _ in ASKED if context]
    until = {"until": ["e", "。"], "max_gen_toks": 24, "do_sample": False}
    asked = instances("generate_until", [(context, dict(until)) for context in contexts])
    expected = harness(folder).generate_until(asked, disable_tqdm=True)
    model = models.load(f"hf:{folder}", "fp32")
    sampling = Sampling(max_tokens=24, stop=("e", "。"))
    asked_here = [Request(i, Prompt((Part(c),), "test"), sampling) for i, c in enumerate(contexts)]
    found = {request.id: response.text for request, response in model.generate(asked_here)}
    assert [found[i] for i in range(len(contexts))] == expected
    assert model.is_packed == (architecture in FAST)
