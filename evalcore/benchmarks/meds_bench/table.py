"""MedS-Bench's tasks: numbers, datasets, folders and forms of answers, as published.

Labels stand here as the published instructions list them, with their spelling ("larygospasm", "inguinal,
hernia") and without their missing comma between 'spontaneous rib fracture' and 'gerd' (D11).
"""

from dataclasses import dataclass

from evalcore.metrics.text.released import FACTS
from evalcore.types import Kind, Source, Task

HUB = "Henrychur/MedS-Bench"
PHYSIONET = "PhysioNet Credentialed Health Data License"
RESEARCH = "not stated; research use"

DISEASES = tuple(
    """spontaneous pneumothorax|cluster headache|boerhaave|spontaneous rib fracture|gerd
    |hiv (initial infection)|anemia|viral pharyngitis|inguinal, hernia|myasthenia gravis|whooping cough
    |anaphylaxis|epiglottitis
    |guillain-barré syndrome|acute laryngitis|croup|psvt|atrial fibrillation|bronchiectasis|allergic sinusitis
    |chagas|scombroid food poisoning|myocarditis|larygospasm|acute dystonic reactions|localized edema|sle
    |tuberculosis|unstable angina|stable angina|ebola|acute otitis media|panic attack
    |bronchospasm / acute asthma exacerbation|bronchitis|acute copd exacerbation / infection
    |pulmonary embolism|urti|influenza|pneumonia|acute rhinosinusitis|chronic rhinosinusitis|bronchiolitis
    |pulmonary neoplasm|possible nstemi / stemi|sarcoidosis|pancreatic neoplasm|acute pulmonary edema
    |pericarditis|cannot decide""".replace("\n    ", "").split("|")
)
TREATMENTS = (
    "Intraoperative rad with other rad before/after surgery",
    "Intraoperative radiation",
    "No radiation and/or cancer-directed surgery",
    "Radiation after surgery",
    "Radiation before and after surgery",
    "Radiation prior to surgery",
    "Surgery both before and after radiation",
)
HALLMARKS = (
    "sustaining proliferative signaling",
    "evading growth suppressors",
    "resisting cell death",
    "enabling replicative immortality",
    "inducing angiogenesis",
    "activating invasion and metastasis",
    "genomic instability and mutation",
    "tumor promoting inflammation",
    "cellular energetics",
    "avoiding immune destruction",
)
LABELS: dict[int, tuple[str, ...]] = {
    12: ("yes", "no"),
    16: ("0", "1", "2"),
    41: ("entailment", "contradiction", "neutral"),
    106: HALLMARKS,
    **dict.fromkeys((117, 118, 119), ("True", "False")),
    130: DISEASES,
    131: TREATMENTS,
}
"""The closed list of a task whose answer is a label, or labels."""

_READER = "medsbench_compat"
_CHOICE = ("acc",)
_TEXT = ("rougeL", "bleu1", "rougeL@medsbench_compat", "bleu1@medsbench_compat")
_ENTITIES = ("entity_f1", "entity_precision", "entity_recall")
_MACRO = ("macro_f1", "macro_precision", "macro_recall")
METRICS: dict[str, tuple[Kind, tuple[str, ...]]] = {
    "choice": (Kind.CHOICE, _CHOICE),
    "several": (Kind.SEVERAL, ("acc", "option_f1")),
    "maybe": (Kind.YES_NO_MAYBE, ("acc", "macro_f1")),
    "text": (Kind.TEXT, _TEXT),
    "extraction": (Kind.ENTITIES, (*_ENTITIES, "acc@medsbench_compat")),
    "entities": (Kind.ENTITIES, (*_ENTITIES, *(f"{name}@medsbench_compat" for name in _ENTITIES))),
    "label": (Kind.LABEL, ("acc", "macro_f1", "acc@medsbench_compat")),
    "labels": (Kind.LABELS, (*_MACRO, "exact_set", *(f"{name}@medsbench_compat" for name in _MACRO))),
}
"""Form of an answer -> kind, and metrics: ours first, then as the released scorers compute them."""


@dataclass(frozen=True)
class Line:
    """One task. folder: as spelled on the hub. size: None where nobody says it for certain.

    form: of METRICS. has_patients: real patients' text, under a credential or an agreement.
    """

    number: int
    category: str
    name: str
    form: str
    language: str = "en"
    licence: str = RESEARCH
    size: int | None = None
    has_patients: bool = False

    @property
    def id(self) -> str:
        return f"meds_bench/task{self.number}"

    def task(self) -> Task:
        kind, metrics = METRICS[self.form]
        return Task(
            id=self.id,
            benchmark="meds_bench",
            title=f"MedS-Bench {self.number}: {self.name}",
            kind=kind,
            language=self.language,
            metrics=metrics,
            source=Source(HUB, split=f"{FOLDERS[self.category]}/task{self.number}"),
            licence=self.licence,
            size=self.size,
            patient_text=self.has_patients,
            credentialed=self.has_patients,
            shots=3,
            sampler="seeded",
            readers=(_READER,) if self.category == "mcqa" else (),
        )


FOLDERS = {
    "mcqa": "MCQA",
    "summarization": "Text_summarization",
    "extraction": "Information_extraction",
    "explanation": "Explanation",
    "rationale": "Rationale",
    "ner": "NER",
    "diagnosis": "Diagnosis",
    "treatment": "Treatment_planning",
    "outcome": "Clinical_outcome_prediction",
    "classification": "Text_classification",
    FACTS: "Fact_verication",
    "nli": "NLI",
}
"""Category -> folder, as misspelled on the hub. They are twelve; the paper counts eleven."""


def _mimic(number: int, name: str) -> Line:
    return Line(number, "summarization", f"MIMIC-IV {name}", "text", licence=PHYSIONET, has_patients=True)


_ANATOMY = ("chest", "head and neck", "brain", "abdomen", "pelvis", "spine")
_RATIONALES = {51: "zh", 52: "en", 53: "fr", 54: "ja", 55: "ru", 56: "es"}
_MMED = "cc-by-nc-4.0"
_DUA = "SEER data-use agreement"

LINES: tuple[Line, ...] = (
    Line(57, "mcqa", "MedQA", "choice", licence="mit", size=1273),
    Line(58, "mcqa", "MedQA (Chinese)", "choice", "zh", "mit", 3426),
    Line(59, "mcqa", "IgakuQA", "several", "ja", RESEARCH, 199),
    Line(60, "mcqa", "FrenchMedMCQA", "several", "fr", "apache-2.0", 622),
    Line(61, "mcqa", "RuMedDaNet", "choice", "ru", RESEARCH, 256),
    Line(129, "mcqa", "HEAD-QA", "choice", "es", "mit", 2742),
    Line(122, "mcqa", "MedMCQA", "choice", licence="mit"),
    Line(123, "mcqa", "PubMedQA", "maybe", licence="mit"),
    _mimic(78, "ultrasound"),
    *(_mimic(83 + place, f"CT, {part}") for place, part in enumerate(_ANATOMY)),
    *(_mimic(89 + place, f"MRI, {part}") for place, part in enumerate(_ANATOMY)),
    Line(110, "summarization", "RCT-Text", "text"),
    Line(112, "summarization", "MIMIC-CXR", "text", licence=PHYSIONET, has_patients=True),
    Line(114, "summarization", "MeQSum", "text"),
    Line(1, "extraction", "PICO, participants", "extraction"),
    Line(2, "extraction", "PICO, interventions", "extraction"),
    Line(3, "extraction", "PICO, outcomes", "extraction"),
    Line(29, "extraction", "ADE, drug dose", "extraction"),
    Line(74, "extraction", "PMC-Patients, age and gender", "extraction", licence="cc-by-nc-sa-4.0"),
    Line(18, "explanation", "HealthFact, explanation", "text", licence="mit"),
    Line(46, "explanation", "Disease Ontology, entity", "text", licence="cc0-1.0"),
    Line(50, "explanation", "BioLORD, concept", "text"),
    *(Line(n, "rationale", "MMedBench rationale", "text", code, _MMED) for n, code in _RATIONALES.items()),
    Line(125, "ner", "BC4Chem", "entities"),
    Line(126, "ner", "BC5Chem", "entities"),
    Line(127, "ner", "BC5Disease", "entities"),
    Line(128, "ner", "Species800", "entities"),
    Line(130, "diagnosis", "DDXPlus", "label", licence="cc-by-4.0"),
    Line(131, "treatment", "SEER", "label", licence=_DUA, has_patients=True),
    Line(117, "outcome", "MIMIC4ED, hospitalization", "label", licence=PHYSIONET, has_patients=True),
    Line(118, "outcome", "MIMIC4ED, 72 h revisit", "label", licence=PHYSIONET, has_patients=True),
    Line(119, "outcome", "MIMIC4ED, critical triage", "label", licence=PHYSIONET, has_patients=True),
    Line(106, "classification", "Hallmarks of Cancer", "labels"),
    Line(12, FACTS, "PubMedQA, does the answer answer", "label", licence="mit"),
    Line(16, FACTS, "PUBHEALTH, claims", "label", licence="mit"),
    Line(100, FACTS, "EBMS, justification", "text"),
    Line(41, "nli", "MedNLI", "label", licence=PHYSIONET, has_patients=True),
    Line(42, "nli", "MedNLI, entailed sentence", "text", licence=PHYSIONET, has_patients=True),
)
UNSEEN: tuple[Line, ...] = tuple(
    Line(number, "mcqa", "unnamed multiple choice", "choice") for number in (4, 5, 6, 8, 9)
)
"""Numbers that the released scorer knows and no public file has: tasks only where a file is at hand."""
