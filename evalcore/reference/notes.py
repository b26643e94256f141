"""What is known to be wrong with published figures, on the very rows; and the notes in Chinese."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """A defect: `where` names columns of the collected table and the values that a row has to have."""

    file: str
    where: Mapping[str, tuple[str, ...]]
    note: str

    def fits(self, file: str, row: Mapping[str, str]) -> bool:
        return file == self.file and all(row[name] in values for name, values in self.where.items())


_SAFETY = ("临床应用&安全规范/医疗反事实", "临床应用&安全规范/患者知情权")
_OUTCOME = (
    "overview/Clinical Outcome Prediction",
    "Clinical Outcome Prediction/MIMIC4ED(Hospitalization)",
    "Clinical Outcome Prediction/MIMIC4ED(72h ED Revisit)",
    "Clinical Outcome Prediction/MIMIC4ED(Critical Triage)",
)
_HARMONIC = "F1 0.73 does not follow from precision 0.73 and recall 0.81 (0.77 would); all other rows do"
_SWAPPED = "MedMCQA 72.7 and PubMedQA 53.8 are swapped: the OpenBioLLM card has 53.79 and 72.66"
_MEDITRON = "MEDITRON on MedQA is 47.9, 57.2 or (70B) 57.1 by source; the size is often not stated"
_LATER = "differs from the UniMedicalEval table: 0.65 against 0.55"

KNOWN = (
    Known("unimedicaleval", {"task": ("生成式评测",), "model": ("通义千问",), "metric": ("F1",)}, _HARMONIC),
    Known("genmedicaleval", {"task": ("生成式评测",), "model": ("通义千问",), "metric": ("F1",)}, _HARMONIC),
    Known(
        "genmedicaleval",
        {"task": _SAFETY, "model": ("文心一言", "星火大模型", "通义千问")},
        "the order of rows was lost in a paste: 文心一言, 星火 and 通义千问 carry the values that "
        "UniMedicalEval has for 通义千问, 文心一言 and 星火",
    ),
    Known(
        "genmedicaleval",
        {"task": ("临床应用&安全规范/患者知情权",), "model": ("Huatuo2-13B",)},
        "differs from the UniMedicalEval table: 0.62 against 0.52",
    ),
    Known(
        "genmedicaleval",
        {"task": ("生成式评测",), "model": ("GPT-4",), "metric": ("Bert score",)},
        _LATER,
    ),
    Known(
        "genmedicaleval",
        {"task": ("生成式评测",), "model": ("通义千问",), "metric": ("Bert score",)},
        "differs from the UniMedicalEval table: 0.63 against 0.53",
    ),
    Known(
        "genmedicaleval",
        {"task": ("生成式评测",), "model": ("星火大模型",), "metric": ("Bert score",)},
        "differs from the UniMedicalEval table: 0.59 against 0.50",
    ),
    Known(
        "genmedicaleval",
        {"task": ("生成式评测",), "model": ("星火大模型",), "metric": ("Recall",)},
        "differs from the UniMedicalEval table: 0.79 against 0.69",
    ),
    Known(
        "meds_bench",
        {"task": ("overview/MCQA", "MCQA/Avg."), "model": ("Mistral",)},
        "49.1 is not the mean of its cells (59.6)",
    ),
    Known(
        "meds_bench",
        {"task": ("overview/Rationale",), "model": ("Med42-v2",)},
        "repeats the row of Qwen 2 (37.89, 30.65); the detail table has 28.06 and 23.36",
    ),
    Known(
        "meds_bench",
        {"task": ("overview/Diagnosis", "Diagnosis/DDXPlus"), "model": ("Llama3.1-Aloe-Beta-8B",)},
        "60.67 in the overview, 63.67 in the detail table",
    ),
    Known(
        "meds_bench",
        {"task": ("overview/Concept Explanation",), "model": ("Llama3.1-Aloe-Beta-70B",)},
        "repeats the row of the 8B model; the detail table differs",
    ),
    Known(
        "meds_bench",
        {"task": _OUTCOME, "model": ("MEDITRON", "Mistral")},
        "MEDITRON and Mistral have identical rows: one is a copy",
    ),
    Known(
        "mmedbench_accuracy",
        {"language": ("avg",), "model": ("GPT-4",)},
        "74.27 is not the mean of its six cells (75.31)",
    ),
    Known(
        "mmedbench_accuracy",
        {"language": ("avg",), "model": ("GPT-3.5",)},
        "51.47 in the table, 51.82 on the leaderboard; the mean of its six cells is 51.45",
    ),
    Known(
        "english_benchmarks_mmedlm",
        {"task": ("Avg",), "model": ("Mistral-7B",)},
        "is not the mean of its cells (62.86)",
    ),
    Known(
        "english_benchmarks_mmedlm",
        {"task": ("MedMCQA", "PubMedQA"), "model": ("GPT-3.5",)},
        _SWAPPED,
    ),
    Known(
        "open_medical_llm_leaderboard",
        {"task": ("MedMCQA", "PubMedQA"), "model": ("GPT-3.5-Turbo",)},
        _SWAPPED,
    ),
    Known(
        "open_medical_llm_leaderboard",
        {
            "source": ("hub dataset openlifescienceai/results",),
            "model": ("GPT-4",),
        },
        "this row mixes zero-shot cells with 5-shot cells",
    ),
    Known("meds_bench", {"task": ("MCQA/MedQA",), "model": ("MEDITRON",)}, _MEDITRON),
    Known("english_benchmarks_mmedlm", {"task": ("MedQA",), "model": ("MEDITRON-7B",)}, _MEDITRON),
    Known(
        "open_medical_llm_leaderboard", {"task": ("MedQA",), "model": ("epfl-llm/meditron-70b",)}, _MEDITRON
    ),
)

DEFECTS = frozenset(known.note for known in KNOWN) | {
    "externally submitted, values look like a 150- or 300-item subset",
    "superseded earlier results",
    "hand-edited from the 5-shot row: MedMCQA/MedQA/genetics replaced, other cells left at their 5-shot "
    "values",
}
"""Notes that warn; the others say where a figure comes from."""

CHINESE: dict[str, str] = {
    "human-checked test subset only": "仅限经人工核查的测试子集",
    "column labelled ROUGE on the page": "页面上该列标为 ROUGE",
    "externally submitted, values look like a 150- or 300-item subset": (
        "外部提交，数值看起来来自 150 或 300 题的子集"
    ),
    "n is the smallest that gives all percentages of this column": "n 为能得出该列全部百分数的最小题数",
    "compiled by the MMedLM authors": "由 MMedLM 作者汇编",
    "same numbers as UniMedicalEval": "数值与 UniMedicalEval 相同",
    "superseded earlier results": "已被取代的早期结果",
    "model-card table": "模型卡中的表格",
    "harness, 0-shot": "评测框架（harness）运行，零样本",
    "MedQA digits cut": "MedQA 的小数位被截断",
    "MedQA digits cut in the excerpt": "摘录中 MedQA 的小数位被截断",
    "Precision/Recall/F1 on dictionary keys, Bert score on aligned values": (
        "精确率、召回率、F1 按字典键计算，Bert score 按对齐后的值计算"
    ),
    "multi-turn consult with GPT-4": "与 GPT-4 进行多轮问诊",
    "paper numbers, hand-entered": "论文数值，手工录入",
    "paper numbers, hand-entered (best prompting)": "论文数值，手工录入（最佳提示）",
    "paper numbers, hand-entered (ensemble refinement)": "论文数值，手工录入（集成精炼）",
    "paper numbers, hand-entered (5-shot)": "论文数值，手工录入（5 样本）",
    "file later deleted": "文件后来被删除",
    "later renamed GPT-4": "后来改名为 GPT-4",
    "READ OFF A BAR CHART, +-0.03": "从柱状图读出，误差约 ±0.03",
    "x axis manual score": "横轴为人工评分",
    "hand-entered file (3 decimals)": "手工录入的文件（3 位小数）",
    "config says dtype=float32": "配置中写明 dtype=float32",
    "MedMCQA 0.375 per UltraMedical README": "据 UltraMedical README，MedMCQA 为 0.375",
    "harness run of 2024-05-29": "2024-05-29 的评测框架运行",
    "excerpt cut": "摘录被截断",
    "excerpt cut before anatomy/MedQA/MedMCQA": "摘录在 anatomy、MedQA、MedMCQA 之前被截断",
    "hand-edited from the 5-shot row: MedMCQA/MedQA/genetics replaced, other cells left at their 5-shot "
    "values": "由 5 样本一行手工改成：替换了 MedMCQA、MedQA、genetics，其余保留 5 样本数值",
    "several cells cannot occur with these item counts (0.93197 of 100, 0.7897 of 500): hand-entered": (
        "在这些题数下有几个数值不可能出现（100 题的 0.93197、500 题的 0.7897）：手工录入"
    ),
    "differs from the hand-entered April row (76.1/86.1/69.8/78.2/84.2/68.0/59.0/74.1/56.9)": (
        "与四月手工录入的一行不同（76.1/86.1/69.8/78.2/84.2/68.0/59.0/74.1/56.9）"
    ),
    "50 test items, 5 medical graduate students, relative scale drawn 1-6": (
        "50 道测试题，5 名医学研究生，相对评分，刻度 1–6"
    ),
    _HARMONIC: "F1 0.73 与精确率 0.73、召回率 0.81 不符（应为 0.77）；其余各行均相符",
    "the order of rows was lost in a paste: 文心一言, 星火 and 通义千问 carry the values that "
    "UniMedicalEval has for 通义千问, 文心一言 and 星火": (
        "粘贴时行序错乱：文心一言、星火、通义千问的数值在 UniMedicalEval 中属于通义千问、文心一言、星火"
    ),
    "differs from the UniMedicalEval table: 0.62 against 0.52": "与 UniMedicalEval 的表不同：0.62 对 0.52",
    _LATER: "与 UniMedicalEval 的表不同：0.65 对 0.55",
    "differs from the UniMedicalEval table: 0.63 against 0.53": "与 UniMedicalEval 的表不同：0.63 对 0.53",
    "differs from the UniMedicalEval table: 0.59 against 0.50": "与 UniMedicalEval 的表不同：0.59 对 0.50",
    "differs from the UniMedicalEval table: 0.79 against 0.69": "与 UniMedicalEval 的表不同：0.79 对 0.69",
    "49.1 is not the mean of its cells (59.6)": "49.1 不是各格的平均值（59.6）",
    "is not the mean of its cells (62.86)": "不是各格的平均值（62.86）",
    "repeats the row of Qwen 2 (37.89, 30.65); the detail table has 28.06 and 23.36": (
        "重复了 Qwen 2 的一行（37.89、30.65）；明细表为 28.06 和 23.36"
    ),
    "60.67 in the overview, 63.67 in the detail table": "总表为 60.67，明细表为 63.67",
    "repeats the row of the 8B model; the detail table differs": "重复了 8B 模型的一行，与明细表不同",
    "MEDITRON and Mistral have identical rows: one is a copy": "MEDITRON 与 Mistral 两行完全相同：其一为复制",
    "74.27 is not the mean of its six cells (75.31)": "74.27 不是六格的平均值（75.31）",
    "51.47 in the table, 51.82 on the leaderboard; the mean of its six cells is 51.45": (
        "表中为 51.47，排行榜为 51.82；六格的平均值为 51.45"
    ),
    _SWAPPED: "MedMCQA 72.7 与 PubMedQA 53.8 互换了：OpenBioLLM 模型卡为 53.79 和 72.66",
    "this row mixes zero-shot cells with 5-shot cells": "该行混有零样本与 5 样本的数值",
    _MEDITRON: "MEDITRON 在 MedQA 上依来源为 47.9、57.2 或（70B）57.1；模型规模常未注明",
}
