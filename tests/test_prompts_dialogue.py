from evalcore.prompts.dialogue import Role, is_ended, render, speaker
from evalcore.types import Item

ITEM = Item("请完成预问诊。", context="女，30岁，咳嗽三天，青霉素过敏。", language="zh")


def test_the_patient_opens_and_alone_sees_the_script():
    first = render(ITEM, [], chat=True)
    assert [role for role, _ in first.messages] == ["system", "user"]
    assert "青霉素过敏" in first.text
    second = render(ITEM, ["我咳嗽。"], chat=True)
    assert "青霉素" not in second.text
    assert "请完成预问诊。" in second.messages[0][1]
    assert "请完成预问诊。" not in first.text


def test_ones_own_turns_are_the_assistants():
    said = ["我咳嗽。", "几天了？", "三天。"]
    assert render(ITEM, said, chat=True).messages[1:] == (
        ("user", "我咳嗽。"),
        ("assistant", "几天了？"),
        ("user", "三天。"),
    )
    assert [role for role, _ in render(ITEM, said[:2], chat=True).messages[1:]] == [
        "user",
        "assistant",
        "user",
    ]


def test_a_model_without_chat_reads_a_transcript_that_ends_with_its_name():
    text = render(ITEM, ["我咳嗽。"], chat=False).text
    assert text.endswith("patient: 我咳嗽。\ndoctor:")


def test_doctor_and_patient_take_turns_and_the_doctor_ends():
    assert [speaker(turn) for turn in range(3)] == [Role.PATIENT, Role.DOCTOR, Role.PATIENT]
    assert is_ended("多喝水。\n问诊结束", "zh")
    assert not is_ended("问诊还没有结束", "zh")
    assert is_ended("Rest.\nEnd of consultation", "fr")
