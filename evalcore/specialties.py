"""One controlled list of medical specialties, and the maps from what datasets call them.

Topics that a dataset does not name are never guessed here: an unknown name maps to "".
Sources of the foreign lists: the `subject_name` values of MedMCQA (Pal et al. 2022), MMLU's subject names,
the 16 departments of UniMedicalEval's exam for doctors in charge, MMedBench's 21 topics (Qiu et al. 2024).
"""

CODES: dict[str, tuple[str, str]] = {
    "anatomy": ("Anatomy", "解剖学"),
    "physiology": ("Physiology", "生理学"),
    "biochemistry": ("Biochemistry", "生物化学"),
    "pathology": ("Pathology", "病理学"),
    "pharmacology": ("Pharmacology", "药理学"),
    "microbiology": ("Microbiology", "微生物学"),
    "immunology": ("Immunology", "免疫学"),
    "genetics": ("Medical genetics", "医学遗传学"),
    "biology": ("Biology", "生物学"),
    "public_health": ("Public health", "公共卫生"),
    "ethics": ("Ethics and law", "医学伦理与法规"),
    "cardiology": ("Cardiology", "心血管内科"),
    "respiratory": ("Respiratory medicine", "呼吸内科"),
    "gastroenterology": ("Gastroenterology", "消化内科"),
    "nephrology": ("Nephrology", "肾内科"),
    "endocrinology": ("Endocrinology", "内分泌科"),
    "haematology": ("Haematology", "血液内科"),
    "oncology": ("Oncology", "肿瘤科"),
    "infectious_disease": ("Infectious diseases", "感染科"),
    "rheumatology": ("Rheumatology", "风湿免疫科"),
    "neurology": ("Neurology", "神经内科"),
    "psychiatry": ("Psychiatry", "精神科"),
    "dermatology": ("Dermatology", "皮肤科"),
    "ophthalmology": ("Ophthalmology", "眼科"),
    "ent": ("Ear, nose and throat", "耳鼻喉科"),
    "dentistry": ("Dentistry", "口腔科"),
    "surgery": ("Surgery", "外科"),
    "orthopaedics": ("Orthopaedics", "骨科"),
    "urology": ("Urology", "泌尿外科"),
    "anaesthesia": ("Anaesthesia", "麻醉科"),
    "emergency": ("Emergency medicine", "急诊科"),
    "paediatrics": ("Paediatrics", "儿科"),
    "obstetrics_gynaecology": ("Obstetrics and gynaecology", "妇产科"),
    "radiology": ("Radiology", "放射科"),
    "geriatrics": ("Geriatrics", "老年科"),
    "laboratory_medicine": ("Laboratory medicine", "检验科"),
    "general_medicine": ("General medicine", "全科与内科"),
    "traditional_chinese_medicine": ("Traditional Chinese medicine", "中医科"),
    "nursing": ("Nursing", "护理"),
    "rehabilitation": ("Rehabilitation", "康复科"),
}

MEDMCQA = {
    "Anaesthesia": "anaesthesia",
    "Anatomy": "anatomy",
    "Biochemistry": "biochemistry",
    "Dental": "dentistry",
    "ENT": "ent",
    "Forensic Medicine": "ethics",  # medical law is its greater part; the list has no forensic code
    "Gynaecology & Obstetrics": "obstetrics_gynaecology",
    "Medicine": "general_medicine",
    "Microbiology": "microbiology",
    "Ophthalmology": "ophthalmology",
    "Orthopaedics": "orthopaedics",
    "Pathology": "pathology",
    "Pediatrics": "paediatrics",
    "Pharmacology": "pharmacology",
    "Physiology": "physiology",
    "Psychiatry": "psychiatry",
    "Radiology": "radiology",
    "Skin": "dermatology",
    "Social & Preventive Medicine": "public_health",
    "Surgery": "surgery",
    "Unknown": "",
}

MMLU = {
    "anatomy": "anatomy",
    "clinical_knowledge": "general_medicine",
    "college_biology": "biology",
    "college_medicine": "general_medicine",
    "medical_genetics": "genetics",
    "professional_medicine": "general_medicine",
}

UNIMEDICALEVAL = {
    "心血管内科": "cardiology",
    "内分泌科": "endocrinology",
    "感染科": "infectious_disease",
    "消化内科": "gastroenterology",
    "血液内科": "haematology",
    "肾内科": "nephrology",
    "呼吸内科": "respiratory",
    "风湿免疫科": "rheumatology",
    "神经内科": "neurology",
    "烧伤科": "surgery",
    "神经外科": "surgery",
    "骨科": "orthopaedics",
    "小儿外科": "paediatrics",
    "整形外科": "surgery",
    "心胸外科": "surgery",
    "泌尿外科": "urology",
}

MMEDBENCH = {
    "Internal Medicine": "general_medicine",
    "Biochemistry": "biochemistry",
    "Pharmacology": "pharmacology",
    "Psychiatry": "psychiatry",
    "Pediatrics": "paediatrics",
    "Microbiology": "microbiology",
    "Physiology": "physiology",
    "Pathology": "pathology",
    "Immunology": "immunology",
    "Obstetrics and Gynecology": "obstetrics_gynaecology",
    "Public Health": "public_health",
    "Hematology": "haematology",
    "Surgery": "surgery",
    "Emergency Medicine": "emergency",
    "Orthopedics": "orthopaedics",
    "Neurology": "neurology",
    "Anatomy": "anatomy",
    "Medical Genetics": "genetics",
    "Radiology": "radiology",
    "Dermatology": "dermatology",
    "Endocrinology": "endocrinology",
}


def name(code: str, language: str = "en") -> str:
    """What a person reads for a code; a code that is not on the list is shown as it is."""
    english, chinese = CODES.get(code, (code, code))
    return chinese if language == "zh" else english


def from_medmcqa(subject: str | None) -> str:
    """Empty where MedMCQA names none: the published local copy has no subject at all."""
    return _lookup(MEDMCQA, subject)


def from_mmlu(subject: str) -> str:
    """Takes the subject with or without its task prefix `mmlu_`."""
    return _lookup(MMLU, subject.removeprefix("mmlu_"))


def from_unimedicaleval(department: str) -> str:
    """Takes the department with or without its last 科 (心血管, 骨科, 神经外)."""
    stem = department.strip().removesuffix("科")
    stems = {known.removesuffix("科"): code for known, code in UNIMEDICALEVAL.items()}
    return stems.get(stem, "") or next((code for known, code in stems.items() if known == stem + "内"), "")


def from_mmedbench(topic: str) -> str:
    return _lookup(MMEDBENCH, topic)


def _lookup(table: dict[str, str], given: str | None) -> str:
    wanted = (given or "").strip().casefold()
    return next((code for known, code in table.items() if known.casefold() == wanted), "")
