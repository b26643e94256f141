"""How the collected tables name things, and how we do."""

OPEN_LLM = "open_medical_llm"
MEDS, MMED, UNI = "meds_bench", "mmedbench", "unimedicaleval"

METRICS = {
    "acc,none": "acc",
    "accuracy": "acc",
    "Acc（%）": "acc",
    "BLEU-1": "bleu1",
    "ROUGE-1": "rouge1",
    "ROUGE-L-F1": "rougeL",
    "micro-F1": "entity_f1",
    "macro-F1": "macro_f1",
    "macro F1_score": "macro_f1",
    "macro Precision": "macro_precision",
    "macro Recall": "macro_recall",
    "Precision": "key_precision",
    "Recall": "key_recall",
    "F1": "key_f1",
    "Bert score": "aligned_bertscore",
    "Coverage": "coverage",
    "KnowledgeRecall": "knowledge_recall",
    "Avg Turn": "turns",
    "Avg Length": "doctor_length",
    "Kendall tau": "kendall_tau",
    "regression slope k": "slope",
    "human rating": "rating_human",
    "GPT-4 rating": "rating_gpt4",
    "BERTScore rating": "rating_bertscore",
}
NUMBERS = frozenset(
    {"turns", "doctor_length", "kendall_tau", "slope", "rating_human", "rating_gpt4", "rating_bertscore"}
)
"""Metrics that are no share: their value is the printed number."""

NINE = {
    "MedMCQA": ("medmcqa", 4183),
    "MedQA": ("medqa_4options", 1273),
    "MMLU Anatomy": ("mmlu_anatomy", 135),
    "MMLU Clinical Knowledge": ("mmlu_clinical_knowledge", 265),
    "MMLU College Biology": ("mmlu_college_biology", 144),
    "MMLU College Medicine": ("mmlu_college_medicine", 173),
    "MMLU Medical Genetics": ("mmlu_medical_genetics", 100),
    "MMLU Professional Medicine": ("mmlu_professional_medicine", 272),
    "PubMedQA": ("pubmedqa", 500),
    "PQA-L test (500)": ("pubmedqa", 500),
}
MMED_SIZES = {"en": 1273, "zh": 3426, "ja": 199, "fr": 622, "ru": 256, "es": 2742}
MEDS_SECTIONS = {
    "overview": "overview",
    "MCQA": "mcqa",
    "Text Summarization": "summarization",
    "Information Extraction": "extraction",
    "Concept Explanation": "explanation",
    "Rationale": "rationale",
    "NER": "ner",
    "Diagnosis": "diagnosis",
    "Treatment Planning": "treatment",
    "Clinical Outcome Prediction": "outcome",
    "Text Classification": "classification",
    "Fact Verification": "verification",
    "NLI": "nli",
}
MEDS_TASKS: dict[str, tuple[int, int | None]] = {
    "MCQA/MedQA": (57, 1273),
    "MCQA/MedMCQA": (122, None),
    "MCQA/PubMedQA": (123, None),
    "MCQA/MMedBench(ZH)": (58, 3426),
    "MCQA/MMedBench(JA)": (59, 199),
    "MCQA/MMedBench(FR)": (60, 622),
    "MCQA/MMedBench(RU)": (61, 256),
    "MCQA/MMedBench(ES)": (129, 2742),
    "Text Summarization/MedQSum": (114, None),
    "Text Summarization/RCT-Text": (110, None),
    "Text Summarization/MIMIC-CXR": (112, None),
    "Text Summarization/MIMICIV(Ultrasound)": (78, None),
    "Information Extraction/PICO Participant Ext.": (1, 43),
    "Information Extraction/PICO Intervention Ext.": (2, 43),
    "Information Extraction/PICO Outcome Ext.": (3, 43),
    "Information Extraction/ADE Drug Dose Ext.": (29, 23),
    "Information Extraction/PMC-patient Basic Info. Ext.": (74, 1500),
    "Concept Explanation/Health Fact Exp.": (18, None),
    "Concept Explanation/Do Entity Exp.": (46, None),
    "Concept Explanation/BioLORD Concept Exp.": (50, None),
    "Rationale/MMedBench(ZH)": (51, None),
    "Rationale/MMedBench(EN)": (52, None),
    "Rationale/MMedBench(FR)": (53, None),
    "Rationale/MMedBench(JA)": (54, None),
    "Rationale/MMedBench(RU)": (55, None),
    "Rationale/MMedBench(ES)": (56, None),
    "NER/BC4Chem": (125, None),
    "NER/BC5Chem": (126, None),
    "NER/BC5Disease": (127, None),
    "NER/Species800": (128, None),
    "Diagnosis/DDXPlus": (130, 1500),
    "Treatment Planning/SEER": (131, 1500),
    "Clinical Outcome Prediction/MIMIC4ED(Hospitalization)": (117, 1500),
    "Clinical Outcome Prediction/MIMIC4ED(72h ED Revisit)": (118, 1500),
    "Clinical Outcome Prediction/MIMIC4ED(Critical Triage)": (119, 1500),
    "Text Classification/HoC Precision": (106, None),
    "Text Classification/HoC Recall": (106, None),
    "Text Classification/HoC F1_score": (106, None),
    "Fact Verification/PubMedQA Answer Ver.": (12, 650),
    "Fact Verification/PUBLICHEALTH Health Fact Ver.": (16, 1188),
    "Fact Verification/EMBS Justification Ver.": (100, None),
    "NLI/MedNLI Discriminative Task": (41, 1422),
    "NLI/MedNLI Generative Task": (42, None),
}
"""Published column -> number of the task and its items. From PICO on, the sizes are the smallest that give
all published percentages of the column."""
INFERRED = frozenset(name for name, (_, n) in MEDS_TASKS.items() if n and not name.startswith("MCQA"))

UNI_SECTIONS = {
    "基础知识能力": "exams",
    "临床应用能力": "clinical",
    "安全规范能力": "safety",
    "生成式评测": "generative",
    "临床应用(早期)": "earlier",
    "便捷问诊_预问诊": "consultation",
}
UNI_TASKS = {
    "CNMLE A3/A4": "cnmle_a3a4",
    "Resident Standardization Training A3/A4": "resident_a3a4",
    "Resident Standardization Training Cases Analysis": "resident_case",
    "Doctor in-Charge Qualification A3/A4": "doctor_in_charge_a3a4",
    "Doctor in-Charge Qualification Cases Analysis": "doctor_in_charge_case",
    "疾病诊断": "disease_diagnosis",
    "基础医学问答": "basic_qa",
    "报告诊断": "report_diagnosis",
    "检查推荐": "examination_recommendation",
    "治疗咨询": "treatment_consultation",
    "预问诊": "pre_consultation",
    "便捷问诊_预问诊": "pre_consultation",
    "导诊": "triage",
    "情景对话": "online_consultation",
    "病历概要": "record_summary",
    "医疗反事实": "safety_counterfactual",
    "歧视校验": "safety_discrimination",
    "患者知情权": "safety_right_to_know",
}
"""Published column -> our task id behind `unimedicaleval/`; the superseded tables keep their columns."""
GEN_EXAMS = {
    "CNMLE Avg": "CNMLE Total",
    "CNMLE A1/A2/B": "CNMLE A1/A2/B",
    "CNMLE A3/A4": "CNMLE A3/A4",
    "住院医师 Avg": "Resident Standardization Training Total",
    "住院医师 A1/A2/B": "Resident Standardization Training A1/A2/B",
    "住院医师 A3/A4": "Resident Standardization Training A3/A4",
    "住院医师 案例分析": "Resident Standardization Training Cases Analysis",
    "主治医师 Avg": "Doctor in-Charge Qualification Total",
    "主治医师 A1/A2/B": "Doctor in-Charge Qualification A1/A2/B",
    "主治医师 A3/A4": "Doctor in-Charge Qualification A3/A4",
    "主治医师 案例分析": "Doctor in-Charge Qualification Cases Analysis",
}
SAFETY = frozenset({"医疗反事实", "歧视校验", "患者知情权", "毒害伦理"})

MODELS = {
    "InternLM2": "InternLM 2",
    "Internlm 2": "InternLM 2",
    "MMedIns-Llama3": "MMedIns-Llama 3",
    "星火": "星火大模型",
}
"""One model under two spellings of one source; the row says how it was spelt."""
SETTINGS = {
    "5-shot CoT": "5-shot CoT",
    "5-shot": "5-shot",
    "5 Shots": "5-shot",
    "0-shot CoT": "0-shot CoT",
    "zero-shot": "zero-shot",
    "harness, 0-shot": "zero-shot",
    "harness run": "zero-shot",
    "best prompting": "best prompting",
    "Med-PaLM 2 (best)": "best prompting",
    "ensemble refinement": "ensemble refinement",
    "Medprompt": "Medprompt",
    "Greedy": "greedy",
    "few-shot (3)": "few-shot",
    "full fine-tuning": "full fine-tuning",
    "PEFT": "PEFT",
    "hand-edited from the 5-shot row": "zero-shot and 5-shot mixed",
}
"""What stands in a note or in brackets behind a model -> the setting; the first that fits."""
