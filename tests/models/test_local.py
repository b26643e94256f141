"""A local model's manners: what it leaves out, survives and repeats."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny import make_folder

from evalcore import models
from evalcore.errors import ModelError
from evalcore.models.transformers.encoding import without_shots
from evalcore.types import Finish, Part, Prompt, Request, Sampling

LETTERS = (" A", " B", " C", " D")


@pytest.fixture(scope="module")
def model(tiny_folder: Path) -> Any:
    return models.load(f"hf:{tiny_folder}", "fp32")


def ask(text: str, *, targets: tuple[str, ...] = (), id: int = 0, **sampling: Any) -> Request:
    return Request(
        id,
        Prompt((Part(text),), "t", option_order=tuple("ABCD"[: len(targets)]), targets=targets),
        Sampling(**sampling),
    )


def written(model: Any, requests: list[Request]) -> dict[int, str]:
    return {request.id: response.text for request, response in model.generate(requests)}


def few_shot(shots: int, question: str = "Question: fever?\nAnswer:") -> Prompt:
    shown = (Part(f"Question: {n} cough?\nAnswer: A\n\n") for n in range(shots))
    ids = tuple(f"s{n}" for n in range(shots))
    return Prompt((Part("About drugs.\n\n"), *shown, Part(question)), "t", 1, ids, ("A", "B"), (" A", " B"))


def test_requests_are_pulled_as_they_are_needed(model):
    pulled = []

    def endless() -> Iterator[Request]:
        n = 0
        while True:
            pulled.append(n)
            yield ask(f"Question {n}", targets=LETTERS, id=n)
            n += 1

    first = next(iter(model.rank(endless())))
    assert first[1].finish is Finish.RANKED
    assert len(pulled) <= 64


def test_every_request_comes_back_once(model):
    requests = [ask("fever " * (n % 7 + 1), targets=LETTERS, id=n) for n in range(150)]
    assert sorted(request.id for request, _ in model.rank(requests)) == list(range(150))
    assert sorted(written(model, [ask("cough", id=n, max_tokens=2) for n in range(70)])) == list(range(70))


def test_a_ranking_does_not_depend_on_its_company(model):
    requests = [ask("fever and cough " * (n + 1), targets=LETTERS, id=n) for n in range(12)]
    together = {request.id: response.option_logprobs for request, response in model.rank(requests)}
    for request in requests:
        ((_, alone),) = model.rank([request])
        assert together[request.id] == pytest.approx(alone.option_logprobs, abs=1e-4)


@pytest.mark.parametrize("sampling", [{}, {"temperature": 1.0, "top_p": 0.9, "top_k": 50, "seed": 3}])
def test_a_written_reply_does_not_depend_on_its_company(model, sampling):
    requests = [ask("fever and cough " * (n + 1), id=n, max_tokens=12, **sampling) for n in range(6)]
    alone = {request.id: written(model, [request])[request.id] for request in requests}
    assert written(model, requests) == alone
    assert written(model, requests[::-1]) == alone


def test_sampling_follows_its_seed_and_its_sample(model):
    def draw(seed: int, sample: int) -> str:
        prompt = Prompt((Part("The best drug is"),), "t")
        request = Request(0, prompt, Sampling(temperature=1.5, max_tokens=20, seed=seed), sample)
        return written(model, [request])[0]

    assert draw(1, 0) == draw(1, 0)
    assert len({draw(1, 0), draw(2, 0), draw(1, 1)}) == 3


def test_a_single_likeliest_token_makes_sampling_greedy(model):
    greedy = written(model, [ask("The best drug is", max_tokens=10)])
    assert written(model, [ask("The best drug is", max_tokens=10, temperature=2.0, top_k=1)]) == greedy
    assert written(model, [ask("The best drug is", max_tokens=10, temperature=2.0, top_p=1e-9)]) == greedy


def test_the_token_limit_is_told_from_the_end_of_text(model):
    ((_, response),) = model.generate([ask("The best drug is", max_tokens=5)])
    assert (response.finish, response.tokens_out) == (Finish.LENGTH, 5)
    whole = response.text
    ((_, response),) = model.generate([ask("The best drug is", max_tokens=5, stop=(whole[2],))])
    assert (response.finish, response.text) == (Finish.STOP, whole[: whole.index(whole[2])])


def test_each_row_of_a_batch_ends_at_its_own_limit(model):
    requests = [ask("fever", id=n, max_tokens=n + 1) for n in range(5)]
    found = {request.id: response.tokens_out for request, response in model.generate(requests)}
    assert found == {n: n + 1 for n in range(5)}


def test_whole_examples_are_dropped_and_the_question_never(model):
    ((_, kept),) = model.rank([Request(0, few_shot(2))])
    ((_, short),) = model.rank([Request(0, few_shot(40))])
    assert kept.dropped_shots == 0 and kept.failure is None
    assert 0 < short.dropped_shots < 40 and short.failure is None
    shorter = dict((n, prompt) for prompt, n in without_shots(few_shot(40)))[short.dropped_shots]
    ((_, same),) = model.rank([Request(0, Prompt(shorter.parts, "t", 1, (), ("A", "B"), (" A", " B")))])
    assert same.option_logprobs == pytest.approx(short.option_logprobs)


def test_what_is_left_of_the_examples_is_description_later_examples_and_question():
    texts = [prompt.text for prompt, _ in without_shots(few_shot(2))]
    last = "Question: 1 cough?\nAnswer: A\n\n"
    assert texts[1:] == [
        f"About drugs.\n\n{last}Question: fever?\nAnswer:",
        "About drugs.\n\nQuestion: fever?\nAnswer:",
    ]


def test_a_chat_loses_its_first_turns_and_keeps_instruction_and_question():
    roles = [
        ("system", "s"),
        ("user", "q1"),
        ("assistant", "a1"),
        ("user", "q2"),
        ("assistant", "a2"),
        ("user", "q"),
    ]
    prompt = Prompt(tuple(Part(text, role) for role, text in roles), "t", fewshot_ids=("1", "2"))
    assert [p.text for p, _ in without_shots(prompt)] == ["sq1a1q2a2q", "sq2a2q", "sq"]


def test_d24_examples_in_a_system_message_go_before_its_instruction_and_the_question():
    parts = [
        Part("e1\n\n", "system"),
        Part("e2\n\n", "system"),
        Part("Do so.", "system"),
        Part("a\n\nb", "user"),
    ]
    prompt = Prompt(tuple(parts), "t", fewshot_ids=("1", "2"))
    assert [p.text for p, _ in without_shots(prompt)][1:] == ["e2\n\nDo so.a\n\nb", "Do so.a\n\nb"]


def test_a_question_longer_than_the_context_is_a_final_failure(model):
    requests = [ask("fever and cough " * 300, targets=LETTERS, id=1), ask("fever", targets=LETTERS, id=2)]
    found = {request.id: response.failure for request, response in model.rank(requests)}
    assert found[1].kind == "context_length" and found[1].is_final and found[2] is None
    ((_, response),) = model.generate([ask("fever and cough " * 300)])
    assert response.failure.kind == "context_length"


def test_a_reply_with_less_room_than_asked_says_so(model):
    ((_, response),) = model.generate([ask("fever " * 60, max_tokens=4000)])
    assert response.failure is None and "room for" in response.notes[0]
    assert response.tokens_in + response.tokens_out <= 256


def test_memory_that_runs_out_halves_the_budget_and_loses_no_item(tiny_folder):
    model = models.load(f"hf:{tiny_folder}", "fp32")
    requests = [ask(f"fever and cough {n}", targets=LETTERS, id=n) for n in range(20)]
    expected = {request.id: response.option_logprobs for request, response in model.rank(requests)}
    written_before = written(model, [ask(f"fever {n}", id=n, max_tokens=4) for n in range(20)])

    def small_memory(_: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        ids = args[0] if args else kwargs["input_ids"]
        if ids.numel() > 60:
            raise torch.OutOfMemoryError("CUDA out of memory")

    model._model.register_forward_pre_hook(small_memory, with_kwargs=True)
    found = {request.id: response.option_logprobs for request, response in model.rank(requests)}
    assert all(found[n] == pytest.approx(expected[n], abs=1e-4) for n in range(20)) and len(found) == 20
    assert written(model, [ask(f"fever {n}", id=n, max_tokens=4) for n in range(20)]) == written_before
    ((_, response),) = model.rank([ask("fever and cough " * 30, targets=LETTERS)])
    assert response.failure.kind == "out_of_memory" and response.failure.is_final


def test_numbers_that_are_not_finite_are_a_failure_with_advice(tiny_folder):
    model = models.load(f"hf:{tiny_folder}", "fp32")
    with torch.no_grad():
        model._model.get_output_embeddings().weight[5] = float("nan")
    ((_, ranked),) = model.rank([ask("fever", targets=LETTERS)])
    ((_, reply),) = model.generate([ask("fever", max_tokens=5)])
    for response in (ranked, reply):
        assert response.failure.kind == "nan" and response.failure.is_final
        assert "bf16 or fp32" in response.failure.message
        assert response.option_logprobs is None and response.text == ""


def test_chat_goes_through_the_models_own_template(model):
    chat = Prompt((Part("Which drug?", "user"),), "t")
    plain = Prompt((Part("<|begin|><|user|>Which drug?<|end|><|assistant|>"),), "t")
    requests = [Request(0, chat, Sampling(max_tokens=8)), Request(1, plain, Sampling(max_tokens=8))]
    found = written(model, requests)
    assert model.has_chat_template and found[0] == found[1]


def test_a_model_without_chat_template_refuses_chat(tmp_path):
    model = models.load(f"hf:{make_folder(tmp_path)}", "fp32")
    assert not model.has_chat_template
    with pytest.raises(ModelError, match="no chat template"):
        list(model.generate([Request(0, Prompt((Part("hello", "user"),), "t"))]))


def test_a_template_that_knows_no_system_role_reads_its_text_before_the_question(tmp_path):
    folder = make_folder(tmp_path, has_template=True)
    template = (folder / "chat_template.jinja").read_text()
    guard = "{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    (folder / "chat_template.jinja").write_text(guard + template)
    model = models.load(f"hf:{folder}", "fp32")
    two = Prompt((Part("Be brief.", "system"), Part("Which drug?", "user")), "t")
    one = Prompt((Part("Be brief.\n\nWhich drug?", "user"),), "t")
    requests = [Request(0, two, Sampling(max_tokens=8)), Request(1, one, Sampling(max_tokens=8))]
    found = written(model, requests)
    assert found[0] == found[1]
