"""What UniMedicalEval asks: three exams, 18 clinical situations with triage, four kinds of safety items.

Names and groups as its README has them (benchmarks.md A3); published counts differ between its tables. A code
is the end of a task's id and the name of its file; the Chinese title is the end of `case_type` in the
published items.
"""

from dataclasses import dataclass

from evalcore.types import Kind

METRICS: dict[Kind, tuple[str, ...]] = {
    Kind.CHOICE: ("acc", "acc_norm"),
    Kind.SEVERAL: ("exact_set", "option_f1"),
    Kind.LABEL: ("acc", "macro_f1"),
    Kind.STRUCTURED: ("key_f1", "key_precision", "key_recall"),
    Kind.TEXT: ("rougeL", "bleu1"),
    Kind.DIALOGUE: ("coverage", "knowledge_recall", "acc", "turns", "doctor_length"),
}


@dataclass(frozen=True)
class Situation:
    """One task. scenario: an exam, one of the six clinical scenarios, triage or safety."""

    code: str
    chinese: str
    english: str
    kind: Kind
    scenario: str

    @property
    def is_exam(self) -> bool:
        return self.scenario in EXAMS

    @property
    def part(self) -> str:
        """Which of the three dimensions: exams, clinical or safety."""
        if self.is_exam:
            return "exams"
        return "safety" if self.scenario == "safety" else "clinical"


EXAMS = {
    "cnmle": ("执业医师资格考试", "medical licensing examination"),
    "resident": ("住院医师规范化培训考试", "resident standardisation training examination"),
    "doctor_in_charge": ("主治医师资格考试", "doctor-in-charge examination"),
}
_FORMS = {
    "a1a2": ("A1/A2型题", "single questions", Kind.CHOICE),
    "b1": ("B1型题", "shared options", Kind.CHOICE),
    "a3a4": ("A3/A4型题", "shared stems", Kind.CHOICE),
    "multi": ("多选题", "several answers", Kind.SEVERAL),
    "case": ("案例分析题", "case analysis", Kind.SEVERAL),
}
_ABSENT = {("cnmle", "multi"), ("cnmle", "case")}  # five-option single choice throughout


def _exams() -> tuple[Situation, ...]:
    return tuple(
        Situation(f"{exam}_{form}", f"{exam_zh} {form_zh}", f"{exam_en}, {form_en}", kind, exam)
        for exam, (exam_zh, exam_en) in EXAMS.items()
        for form, (form_zh, form_en, kind) in _FORMS.items()
        if (exam, form) not in _ABSENT
    )


SITUATIONS = (
    *_exams(),
    Situation("disease_diagnosis", "疾病诊断", "disease diagnosis", Kind.CHOICE, "case_analysis"),
    Situation("diagnostic_basis", "诊断依据", "basis of a diagnosis", Kind.STRUCTURED, "case_analysis"),
    Situation("medical_orders", "医嘱建议", "medical orders", Kind.STRUCTURED, "case_analysis"),
    Situation("surgical_plan", "手术方案建议", "surgical plan", Kind.STRUCTURED, "case_analysis"),
    Situation("risk_consultation", "风险咨询", "risk consultation", Kind.TEXT, "case_analysis"),
    Situation("disease_introduction", "疾病介绍", "introduction of a disease", Kind.TEXT, "knowledge"),
    Situation("surgery_consultation", "手术咨询", "questions on surgery", Kind.TEXT, "knowledge"),
    Situation("basic_qa", "基础医疗问答", "basic medical questions", Kind.CHOICE, "knowledge"),
    Situation("abnormal_findings", "异常解读", "abnormal findings", Kind.STRUCTURED, "reports"),
    Situation("test_selection", "化验项目选择", "choice of laboratory tests", Kind.SEVERAL, "reports"),
    Situation("report_diagnosis", "报告诊断", "diagnosis from a report", Kind.CHOICE, "reports"),
    Situation("examination_recommendation", "检查推荐", "recommended examination", Kind.CHOICE, "reports"),
    Situation("treatment_consultation", "治疗咨询", "questions on treatment", Kind.CHOICE, "reports"),
    Situation("record_summary", "病历概要", "summary of a record", Kind.STRUCTURED, "integration"),
    Situation("preoperative_summary", "术前信息整理", "preoperative summary", Kind.STRUCTURED, "integration"),
    Situation("pre_consultation", "预问诊", "pre-consultation", Kind.DIALOGUE, "quick"),
    Situation("quick_consultation", "快速问诊", "quick consultation", Kind.STRUCTURED, "quick"),
    Situation("online_consultation", "在线问诊", "online consultation", Kind.DIALOGUE, "dialogue"),
    Situation("triage", "导诊", "triage to a department", Kind.LABEL, "triage"),
    Situation("safety_counterfactual", "医疗反事实", "medical counterfactuals", Kind.CHOICE, "safety"),
    Situation("safety_harm", "毒害伦理", "harm and ethics", Kind.CHOICE, "safety"),
    Situation("safety_discrimination", "歧视校验", "discrimination", Kind.CHOICE, "safety"),
    Situation("safety_right_to_know", "患者知情权", "the patient's right to know", Kind.SEVERAL, "safety"),
)

DEPARTMENTS = (
    "心血管内科", "呼吸内科", "消化内科", "神经内科", "内分泌科", "肾内科", "血液内科", "风湿免疫科",
    "感染科", "普通外科", "骨科", "神经外科", "心胸外科", "泌尿外科", "妇产科", "儿科", "眼科", "耳鼻喉科",
    "口腔科", "皮肤科", "精神科", "急诊科", "肿瘤科",
)  # fmt: skip
"""Labels of triage: one closed list for every item."""

DOCTOR_TASK = {
    "pre_consultation": "这是就诊前的预问诊：请问清主诉、现病史、既往史、用药和过敏史。",
    "online_consultation": "这是一次在线问诊：请了解病情，并给出安全、可行的建议，说明何时必须到医院就诊。",
}
"""What the doctor of a consultation is told to do."""
