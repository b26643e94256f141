import pytest

from evalcore import metrics
from evalcore.metrics.dialogue import is_said, recorded
from evalcore.types import Answer, AnswerState, Item, Key, Kind, Response

TURNS = (
    ("patient", "医生您好，我咳嗽三天了。"),
    ("doctor", "有没有发热？痰是什么颜色？"),
    ("patient", "昨天开始发热，最高三十八度五，痰是黄色的。"),
    ("doctor", "考虑急性支气管炎，建议查血常规。\n问诊结束"),
)
KEY = Key((("咳嗽三天", "发热", "青霉素过敏"), ("血常规", "胸部X线"), ("急性支气管炎", "肺炎")), "mine")


def score(metric, turns=TURNS, key=KEY):
    answer = Answer((), AnswerState.READ, "dialogue", "robust", 1)
    evidence = metrics.Evidence(Item("?"), Response(turns[-1][1]), answer, kind=Kind.DIALOGUE, turns=turns)
    return metrics.score(f"{metric}@doctor,patient=demo:weak", evidence, key)


def test_coverage_is_the_share_of_the_patients_facts_that_came_out():
    found = score("coverage")
    assert found.value == pytest.approx(2 / 3)
    assert found.why == "2 of 3 facts; not: 青霉素过敏"
    assert found.metric == "coverage@doctor,patient=demo:weak"


def test_knowledge_recall_counts_terms_that_the_doctor_named_not_the_patient():
    assert score("knowledge_recall").value == 0.5
    swapped = tuple(("doctor" if role == "patient" else "patient", text) for role, text in TURNS)
    assert score("knowledge_recall", swapped).value == 0.0


def test_the_diagnosis_has_to_stand_in_the_doctors_last_words():
    assert score("acc").value == 1.0
    assert score("acc", (*TURNS, ("patient", "谢谢"), ("doctor", "再见。"))).value == 0.0


def test_turns_and_length_describe_the_doctor():
    assert score("turns").value == 2.0
    assert score("doctor_length").value == (len(TURNS[1][1]) + len(TURNS[3][1])) / 2


def test_what_the_key_does_not_name_is_not_scored():
    assert score("knowledge_recall", key=Key((("咳嗽三天",),), "mine")).value is None


@pytest.mark.parametrize(
    ("phrase", "turn", "said"),
    [
        ("smoked for 20 years", "Well, I have smoked for about 20 years now.", True),
        ("smoked for 20 years", "I never smoked.", False),
        ("痰为黄色", "痰是黄色的", False),  # two of three pairs: 痰为 and 为黄 are not there
        ("夜间不能平卧", "我夜间总是不能平卧", True),  # four of five pairs
        ("ＣＴ", "the ct was clean", True),
    ],
)
def test_a_phrase_is_said_to_the_letter_or_by_four_fifths_of_its_pieces(phrase, turn, said):
    assert is_said(phrase, ["nothing", turn]) is said


def test_figures_of_dialogues_are_means_with_intervals_that_may_exceed_one():
    found = metrics.summarise(
        "turns", [metrics.Scored(value) for value in (2.0, 4.0, 6.0)], kind=Kind.DIALOGUE
    )
    assert (found.value, found.n) == (4.0, 3)
    assert found.low < 4.0 < found.high <= 6.0


def test_a_recorded_dialogue_is_read_turn_by_turn():
    text = "doctor: 您好，哪里不舒服？patient: 头痛两天。Doctor：有呕吐吗？\n患者：没有。"
    assert recorded(text) == (
        ("doctor", "您好，哪里不舒服？"),
        ("patient", "头痛两天。"),
        ("doctor", "有呕吐吗？"),
        ("patient", "没有。"),
    )
