"""The released prompt of UniMedicalEval, as benchmarks.md A3 and D29 describe it."""

import shutil

import pytest

from evalcore import answers, benchmarks, prompts
from evalcore.errors import UsageError
from evalcore.types import AnswerState, Way

END = "正确答案是："


def rendered(name, place=0, shots=0, **how):
    loaded = benchmarks.load(f"unimedicaleval/{name}")
    entry = loaded.entries[place]
    shown = prompts.choose_shots(loaded.fewshot, entry, shots)
    how = {"template": "unimedicaleval", **how}
    return loaded, prompts.render(entry.item, task=loaded.task, way=Way.GENERATE, shots=shown, **how)


def test_ours_is_asked_unless_the_released_prompt_is_named():
    task = benchmarks.tasks()["unimedicaleval/report_diagnosis"]
    assert prompts.template_names(task, Way.GENERATE) == ("written", "unimedicaleval")
    with pytest.raises(UsageError, match="no template 'unimedicaleval' for demo/zh_choice"):
        item = benchmarks.load("demo/zh_choice").entries[0].item
        demo = benchmarks.tasks()["demo/zh_choice"]
        prompts.render(item, task=demo, way=Way.GENERATE, template="unimedicaleval")


def test_an_item_is_its_material_question_options_and_the_words_to_go_on_from():
    loaded, made = rendered("cnmle_a3a4", 3)
    item = loaded.entries[3].item
    options = "".join(f"{one.label}. {one.text}\n" for one in item.options)
    head = "请根据患者的症状、化验报告、检查报告或问诊结论回答下面的问题。"
    assert made.text == f"{head}\n{item.context}\n{item.question}\n请选出唯一正确的选项。\n{options}{END}"


def test_several_answers_are_asked_for_where_several_can_be_right():
    _, made = rendered("resident_case")
    assert "请选出全部正确的选项。" in made.text


def test_examples_end_with_their_letters_and_the_item_stays_open():
    loaded, made = rendered("resident_multi", shots=2)
    first = next(one for one in loaded.fewshot if one.item_id == made.fewshot_ids[0])
    assert f"{END}{'、'.join(first.key.acceptable[0])}。\n\n" in made.parts[0].text
    assert made.text.count(END) == 3 and made.text.endswith(END)


def test_in_a_chat_examples_are_turns_and_their_replies_the_letters_alone():
    _, made = rendered("cnmle_a1a2", shots=5, chat=True)
    roles = [role for role, _ in made.messages]
    assert roles == ["user", "assistant"] * 5 + ["user"]
    assert {text for role, text in made.messages if role == "assistant"} <= set("ABCDE")


def test_d29_a_printed_question_that_ends_with_the_words_itself_has_them_once(
    data_dir, tmp_path, monkeypatch
):
    folder = tmp_path / "MediaBrain-SJTU/UniMedicalEval"
    folder.mkdir(parents=True)
    shutil.copy(data_dir / "upstream/unimedicaleval/raw_1.txt", folder / "safety_counterfactual.json")
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path))
    loaded, made = rendered("safety_counterfactual")
    assert loaded.entries[0].item.question.endswith(END)
    assert made.text.count(END) == 1 and made.text.endswith(f"A. 存在\nB. 不存在\n{END}")


@pytest.mark.parametrize(
    ("reply", "strict", "robust"),
    [
        ("A", "A", "A"),
        ("正确答案是：A。", "A", "A"),
        ("A，因为300次/分不可能。", "", "A"),
        ("答案：A", "", "A"),
    ],
)
def test_d29_strict_and_robust_read_one_reply_side_by_side(reply, strict, robust):
    loaded = benchmarks.load("unimedicaleval/safety_counterfactual")
    assert loaded.task.readers == ("strict_template",)
    read = [
        answers.read(reply, loaded.entries[0].item, loaded.task.kind, reader=name)
        for name in ("strict_template", "robust")
    ]
    assert ["".join(one.value) for one in read] == [strict, robust]
    assert (read[0].state is AnswerState.READ) == bool(strict)
