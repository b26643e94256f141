"""UniMedicalEval: our own items, and local copies in the published form, printed samples among them."""

import json
import shutil
from collections import defaultdict

import pytest

from evalcore import benchmarks, metrics, specialties
from evalcore.errors import DataError
from evalcore.metrics import points
from evalcore.types import Kind

FOLDER = "MediaBrain-SJTU/UniMedicalEval"
ALL = [task.id for task in benchmarks.select(["unimedicaleval/*"])]
EXAMS = [name for name in ALL if name.split("/")[1].startswith(("cnmle", "resident", "doctor"))]
SAFETY = ("counterfactual", "harm", "discrimination", "right_to_know")


@pytest.fixture
def copies(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path))
    (tmp_path / FOLDER).mkdir(parents=True)
    return tmp_path / FOLDER


def row(**changes):
    made = {"case_type": "报告解读_报告诊断", "question": "胸片示右下肺片状影。", "answer": "肺炎"}
    return {**made, "question_type": "单项选择题", "option": {"A": "肺结核", "B": "肺炎"}, **changes}


def write(path, *rows):
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in rows), "utf-8")


def test_three_exams_18_situations_triage_and_four_safety_kinds_are_there():
    names = [name.split("/")[1] for name in ALL]
    assert len(EXAMS) == 13
    assert [name for name in names if name.startswith("safety_")] == [f"safety_{one}" for one in SAFETY]
    clinical = [name for name in names if f"unimedicaleval/{name}" not in EXAMS and "safety" not in name]
    assert len(clinical) == 19 and "triage" in clinical


def test_the_titles_hold_the_18_situations_of_the_published_list():
    titles = " ".join(task.title for task in benchmarks.select(["unimedicaleval/*"]))
    listed = (
        "疾病诊断 诊断依据 医嘱建议 手术方案建议 风险咨询 疾病介绍 手术咨询 基础医疗问答 异常解读 "
        "化验项目选择 报告诊断 检查推荐 治疗咨询 病历概要 术前信息整理 预问诊 快速问诊 在线问诊"
    )
    assert all(title in titles for title in listed.split()) and len(listed.split()) == 18


@pytest.mark.parametrize("name", ALL)
def test_our_own_items_have_a_reason_a_source_and_a_specialty_and_are_no_patients(name):
    loaded = benchmarks.load(name)
    assert (loaded.source, loaded.task.patient_text, loaded.task.licence) == ("bundled", False, "apache-2.0")
    assert 3 <= len(loaded.entries) <= 6
    for entry in loaded.entries:
        assert entry.key.rationale and entry.key.source and entry.key.acceptable, entry.item_id
        assert entry.item.meta["subject"] in specialties.CODES, entry.item_id
        assert entry.key.name == "unimedicaleval_synthetic"


@pytest.mark.parametrize("name", EXAMS)
def test_exam_items_name_their_exam_and_all_purposes_are_known(name):
    for entry in benchmarks.load(name).entries:
        assert name.split("/")[1].startswith(entry.item.meta["exam"])
        assert entry.item.meta.get("purpose", "diagnosis") in ("diagnosis", "treatment", "examination")
        assert entry.item.meta["subject"] == (
            specialties.from_unimedicaleval(entry.item.meta.get("department", "")) or "public_health"
        )


@pytest.mark.parametrize("name", [name for name in EXAMS if name.endswith(("_a3a4", "_case"))])
def test_questions_on_one_patient_share_their_stem_and_stand_together(name):
    stems = defaultdict(set)
    entries = benchmarks.load(name).entries
    for entry in entries:
        stems[entry.group].add(entry.item.context)
    assert len(stems) > 1 and "" not in stems
    assert all(len(texts) == 1 and "" not in texts for texts in stems.values())
    order = [entry.group for entry in entries]
    assert order == sorted(order)


@pytest.mark.parametrize("name", [name for name in EXAMS if name.endswith("_b1")])
def test_b1_questions_share_their_options(name):
    offered = defaultdict(set)
    for entry in benchmarks.load(name).entries:
        offered[entry.group].add(entry.item.options)
    assert all(len(options) == 1 for options in offered.values()) and len(offered) == 2


def test_no_letter_is_the_answer_too_often():
    golds = [
        entry.key.acceptable[0][0]
        for name in ALL
        for entry in benchmarks.load(name).entries
        if len(entry.item.options) == 5 and len(entry.key.acceptable[0]) == 1
    ]
    assert len(golds) > 40
    assert max(golds.count(letter) for letter in "ABCDE") <= 0.35 * len(golds)


@pytest.mark.parametrize("name", [name for name in ALL if benchmarks.tasks()[name].kind is Kind.STRUCTURED])
def test_structured_references_hold_the_points_that_their_question_asks_for(name):
    for entry in benchmarks.load(name).entries:
        ((reference,),) = entry.key.acceptable
        found = points.points(reference)
        assert len(found) >= 3, entry.item_id
        assert all(one.text and one.printed in entry.item.question for one in found), entry.item_id


@pytest.mark.parametrize("name", ["unimedicaleval/pre_consultation", "unimedicaleval/online_consultation"])
def test_consultations_have_a_script_and_a_key_of_facts_terms_and_diagnoses(name):
    for entry in benchmarks.load(name).entries:
        facts, terms, diagnoses = entry.key.acceptable
        assert len(facts) >= 5 and terms and diagnoses
        assert all(fact in entry.item.context for fact in facts), entry.item_id
        assert not any(one in entry.item.context for one in diagnoses if len(one) > 3), entry.item_id
        assert "请" in entry.item.question


def test_triage_accepts_any_of_its_departments_and_offers_one_closed_list():
    entries = benchmarks.load("unimedicaleval/triage").entries
    assert len({entry.item.options for entry in entries}) == 1
    assert entries[0].key.acceptable == (("急诊科",), ("妇产科",))


@pytest.mark.parametrize("name", ALL)
def test_every_metric_of_a_task_is_one_that_its_kind_knows(name):
    task = benchmarks.tasks()[name]
    assert set(task.metrics) <= set(metrics.names(task.kind))
    assert (task.readers == ("strict_template",)) == (task.kind in (Kind.CHOICE, Kind.SEVERAL))


@pytest.mark.parametrize("name", ["unimedicaleval/cnmle_a3a4", "unimedicaleval/safety_harm"])
def test_five_examples_can_be_shown_and_none_is_the_item_or_of_its_stem(name):
    from evalcore.prompts import choose_shots

    loaded = benchmarks.load(name)
    for entry in loaded.entries:
        shown = choose_shots(loaded.fewshot, entry, 5)
        assert len({one.item_id for one in shown}) == 5
        assert entry.item_id not in [one.item_id for one in shown]
        assert not entry.group or entry.group not in [one.group for one in shown]


@pytest.mark.parametrize(
    ("sample", "kind", "gold", "slips"),
    [(1, "counterfactual", (("A",),), 2), (2, "harm", (("A",),), 3), (3, "discrimination", (("B",),), 3),
     (4, "right_to_know", (("A", "B", "D", "E"),), 2)],
)  # fmt: skip
def test_d1_d2_a_printed_sample_loads_with_its_gold_resolved_and_its_slips_on_the_item(
    sample, kind, gold, slips, data_dir, copies
):
    shutil.copy(data_dir / f"upstream/unimedicaleval/raw_{sample}.txt", copies / f"safety_{kind}.json")
    loaded = benchmarks.load(f"unimedicaleval/safety_{kind}")
    (entry,) = loaded.entries
    assert entry.key.acceptable == gold
    assert len(entry.item.meta["repairs"]) == slips and entry.item.meta["repairs"][0].startswith("line ")
    assert (loaded.source, loaded.task.patient_text, loaded.task.licence) == ("local", True, "none stated")


def test_d1_a_gold_with_an_explanation_keeps_it_as_the_rationale(data_dir, copies):
    shutil.copy(data_dir / "upstream/unimedicaleval/raw_2.txt", copies / "毒害伦理.json")
    (entry,) = benchmarks.load("unimedicaleval/safety_harm").entries
    assert entry.key.rationale.startswith("存在，根据说明书")


def test_d2_without_a_question_type_several_letters_make_a_single_choice_task_refuse_the_item(copies):
    several = row(answer="A,B")
    del several["question_type"]
    write(copies / "report_diagnosis.jsonl", row(), several)
    with pytest.raises(
        DataError, match=r"report_diagnosis item 2: gold names 2 options.*a file of their own"
    ):
        benchmarks.load("unimedicaleval/report_diagnosis")


def test_slips_stay_with_their_item_and_change_no_version(copies):
    whole = json.dumps(row(), ensure_ascii=False)
    (copies / "report_diagnosis.json").write_text(f"[{whole}, {whole[:-1]},}}]", "utf-8")
    first = benchmarks.load("unimedicaleval/report_diagnosis")
    assert ["repairs" in entry.item.meta for entry in first.entries] == [False, True]
    (copies / "report_diagnosis.json").write_text(f"[{whole}, {whole}]", "utf-8")
    assert benchmarks.load("unimedicaleval/report_diagnosis").version == first.version


def test_a_local_file_takes_the_place_of_our_items_in_its_own_task_alone(copies):
    write(copies / "报告解读_报告诊断.jsonl", row(), row(question="胸片示空洞。", answer="A"))
    local, ours = (benchmarks.load(f"unimedicaleval/{name}") for name in ("report_diagnosis", "basic_qa"))
    assert (local.source, len(local.entries), local.task.patient_text) == ("local", 2, True)
    assert (ours.source, ours.task.patient_text) == ("bundled", False)
    assert {entry.key.name for entry in local.entries} == {"unimedicaleval"}
    assert local.fewshot == ()


def test_a_pool_file_beside_it_gives_the_examples(copies):
    write(copies / "report_diagnosis.jsonl", row())
    write(copies / "report_diagnosis_fewshot.jsonl", row(question="另一题"))
    loaded = benchmarks.load("unimedicaleval/report_diagnosis")
    assert [entry.item.question for entry in loaded.fewshot] == ["另一题"]


def test_shared_material_departments_and_explanations_of_a_local_copy_are_kept(copies):
    more = {
        "id": "x-1",
        "context": "男，60岁。",
        "group": "g",
        "department": "心血管内科",
        "purpose": "diagnosis",
    }
    write(copies / "resident_a3a4.jsonl", row(case_type="住院医师", rationale="因为……", **more))
    (entry,) = benchmarks.load("unimedicaleval/resident_a3a4").entries
    assert (entry.item_id, entry.group, entry.item.context) == ("x-1", "g", "男，60岁。")
    assert entry.key.rationale == "因为……"
    assert entry.item.meta == {
        "subject": "cardiology", "exam": "resident", "department": "心血管内科", "purpose": "diagnosis",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("question_type", "kind"), [("单项选择题", Kind.CHOICE), ("多项选择题", Kind.SEVERAL)]
)
def test_a_situation_whose_local_file_has_options_is_asked_as_choice(question_type, kind, copies):
    write(copies / "record_summary.jsonl", row(case_type="信息整合_病历概要", question_type=question_type))
    loaded = benchmarks.load("unimedicaleval/record_summary")
    assert (loaded.task.kind, loaded.entries[0].key.acceptable) == (kind, (("B",),))


def test_a_generative_row_keeps_its_answer_as_the_reference(copies):
    written = {"question_type": "生成式", "answer": "主诉：咳嗽\n疾病诊断：肺炎", "option": {}}
    write(copies / "record_summary.jsonl", row(case_type="信息整合_病历概要", **written))
    loaded = benchmarks.load("unimedicaleval/record_summary")
    assert (loaded.task.kind, loaded.entries[0].key.acceptable) == (
        Kind.STRUCTURED,
        (("主诉：咳嗽\n疾病诊断：肺炎",),),
    )


def test_a_local_pre_consultation_is_a_script_with_facts_and_keeps_its_recorded_dialogue(copies):
    said = {
        "question": "女，30岁。咳嗽三天，发热。",
        "answer": "咳嗽三天；发热。",
        "consult_process": "doctor: 您好 patient: 咳嗽",
    }
    plain = {"case_type": "便捷问诊_预问诊", "question_type": "生成式", **said}
    write(copies / "pre_consultation.jsonl", plain)
    (entry,) = benchmarks.load("unimedicaleval/pre_consultation").entries
    assert entry.item.context == "女，30岁。咳嗽三天，发热。"
    assert entry.key.acceptable == (("咳嗽三天", "发热"),)
    assert entry.item.meta["consult_process"].startswith("doctor:")


def test_a_question_with_options_on_a_recorded_consultation_shows_the_consultation(copies):
    said = {"case_type": "便捷问诊_预问诊", "consult_process": "doctor: 您好 patient: 咳嗽"}
    write(copies / "pre_consultation.jsonl", row(**said))
    loaded = benchmarks.load("unimedicaleval/pre_consultation")
    assert loaded.task.kind is Kind.CHOICE
    assert loaded.entries[0].item.context == "doctor: 您好 patient: 咳嗽"


def test_local_triage_golds_are_departments_of_the_list(copies):
    asked = {"case_type": "导诊", "question": "胸闷", "answer": "心血管内科、急诊科"}
    write(copies / "triage.jsonl", asked)
    assert benchmarks.load("unimedicaleval/triage").entries[0].key.acceptable == (
        ("心血管内科",),
        ("急诊科",),
    )
    write(copies / "triage.jsonl", {**asked, "answer": "挂号处"})
    with pytest.raises(DataError, match="triage item 1: gold is '挂号处'"):
        benchmarks.load("unimedicaleval/triage")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"case_type": "案例分析_疾病诊断"}, "is of '案例分析_疾病诊断', but this is the file of '报告诊断'"),
        ({"option": {}}, "has 0 options"),
        ({"option": ["肺炎"]}, "not an object of letters"),
        ({"answer": "肺脓肿"}, "gold is '肺脓肿'"),
        ({"answer": None}, "has no 'answer'"),
        ({"question": " "}, "has no question"),
        ({"purpose": "prognosis"}, "purpose is 'prognosis'"),
    ],
)
def test_a_local_row_that_cannot_be_right_is_refused_by_name(changes, why, copies):
    write(copies / "report_diagnosis.jsonl", row(), row(id="x-7", **changes))
    with pytest.raises(DataError) as error:
        benchmarks.load("unimedicaleval/report_diagnosis")
    assert why in str(error.value) and "unimedicaleval/report_diagnosis item x-7" in str(error.value)


def test_the_folder_of_one_task_is_not_the_file_of_another(copies):
    """No code ends like another, so that no file is taken for a task it does not belong to."""
    codes = [name.split("/")[1] for name in ALL]
    assert not [
        (one, other) for one in codes for other in codes if one != other and one.endswith(f"_{other}")
    ]
