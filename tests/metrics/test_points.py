import json

import pytest

from evalcore.metrics.points import ALIASES, canonical, points, values


def parsed(text):
    return {point.key: values(point.text) for point in points(text)}


DIAGNOSIS, TREATMENT = "疾病诊断", "治疗建议"
APPENDICITIS = {DIAGNOSIS: ("急性阑尾炎", "腹膜炎"), TREATMENT: ("阑尾切除术", "抗感染")}


@pytest.mark.parametrize(
    "text",
    [
        "疾病诊断：急性阑尾炎，腹膜炎 治疗建议：阑尾切除术、抗感染",
        "疾病诊断:急性阑尾炎;腹膜炎\n治疗建议:\n阑尾切除术\n抗感染",
        "**疾病诊断**：急性阑尾炎、腹膜炎。\n\n**治疗建议：**\n1. 阑尾切除术\n2. 抗感染",
        "### 一、诊断\n- 急性阑尾炎\n- 腹膜炎\n### 二、治疗方案\n- 阑尾切除术\n- 抗感染",
        "一、初步诊断\n急性阑尾炎，腹膜炎\n二、治疗方案\n阑尾切除术；抗感染",
        "1. 诊断：① 急性阑尾炎 ② 腹膜炎。2. 治疗：(1) 阑尾切除术 (2) 抗感染",
        "【诊断】急性阑尾炎、腹膜炎【治疗】阑尾切除术、抗感染",
        "诊断为：急性阑尾炎、腹膜炎，治疗建议如下：阑尾切除术、抗感染",
        "疾病诊断：急性阑尾炎、腹膜炎治疗建议：阑尾切除术、抗感染",
        "诊断：急性阑尾炎\n治疗：阑尾切除术、抗感染\n诊断结果：腹膜炎",
    ],
)
def test_d19_the_printed_forms_of_one_answer_have_the_same_keys_and_values(text):
    assert parsed(text) == APPENDICITIS


@pytest.mark.parametrize(
    "text",
    [
        "Diagnosis: acute appendicitis, peritonitis Treatment: appendectomy; antibiotics",
        "1. **Diagnosis is:** acute appendicitis, peritonitis.\n2. **Treatment:** appendectomy, antibiotics",
        "## Diagnosis\n* acute appendicitis\n* peritonitis\n## Treatment\n* appendectomy\n* antibiotics",
    ],
)
def test_d19_english_answers_have_the_same_keys_as_chinese_ones(text):
    expected = {DIAGNOSIS: ("acute appendicitis", "peritonitis"), TREATMENT: ("appendectomy", "antibiotics")}
    assert parsed(text) == expected


def test_d19_a_key_that_comes_twice_counts_once_and_keeps_all_its_values():
    (only,) = points("诊断：肺炎\n疾病诊断：肺炎、胸腔积液")
    assert (only.key, only.printed, values(only.text)) == (DIAGNOSIS, "诊断", ("肺炎", "胸腔积液"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("急性阑尾炎，建议手术", {"": ("急性阑尾炎", "建议手术")}),
        ("患者发热3天。诊断：肺炎", {"": ("患者发热3天",), DIAGNOSIS: ("肺炎",)}),
        ("血压：120/80mmHg\n时间：10:30", {"血压": ("120/80mmHg",), "时间": ("10:30",)}),
        (
            "治疗建议：阿司匹林（100mg，每日1次）、氯吡格雷",
            {TREATMENT: ("阿司匹林(100mg,每日1次)", "氯吡格雷")},
        ),
        ("治疗建议：\n- 抗感染\n- 复查\n1. 治疗", {TREATMENT: ("抗感染", "复查", "治疗")}),
        ("诊断：", {DIAGNOSIS: ()}),
        ("白细胞1,000，血红蛋白1.5", {"": ("白细胞1,000", "血红蛋白1.5")}),
        ("检查建议：血常规，胸部CT检查：右肺", {"检查建议": ("血常规", "胸部CT检查:右肺")}),
    ],
)
def test_d19_what_is_no_key_is_not_taken_for_one(text, expected):
    assert parsed(text) == expected


def test_d19_synonym_keys_have_one_name_and_each_synonym_only_one():
    assert {canonical(key) for key in ("诊断", "疾病诊断", "初步诊断为", "Diagnosis", "Diagnosis is")} == {
        DIAGNOSIS
    }
    assert canonical("主要诊断") != canonical("次要诊断")
    assert canonical("Own  Key") == "own key"
    every = [alias for name, aliases in ALIASES.items() for alias in (name, *aliases)]
    assert len(every) == len(set(every))


def test_d19_commas_of_a_library_term_do_not_part_it():
    cholera = "霍乱,由于O1群霍乱弧菌,霍乱生物型所致"
    (point,) = points(f"诊断：脱水，{cholera.replace(',', '，')}、休克")
    assert values(point.text, lambda word: word == cholera) == ("脱水", cholera, "休克")
    assert len(values(point.text)) == 5


def test_a_published_case_is_read_by_its_printed_keys(data_dir):
    samples = json.loads(
        (data_dir / "upstream/unimedicaleval/safety_samples_repaired.json").read_text(encoding="utf-8")
    )
    found = parsed(samples[3]["question"])
    assert found["体格检查"] == ("体型瘦长", "气管居中", "左肺呼吸音消失", "肋间隙变宽")
    assert found["胸片提示"][:3] == ("左侧气胸", "肺脏压缩90%", "既往有气胸病史")
    assert set(found) == {"材料", "体格检查", "胸片提示"}
