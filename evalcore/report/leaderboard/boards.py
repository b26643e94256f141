"""Which tasks stand on which board, and which average is a benchmark's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from evalcore import benchmarks

OVERVIEW = "overview"
MORE = "more"  # tasks of a benchmark that no section names


@dataclass(frozen=True)
class Mean:
    """A benchmark's own average: unweighted over `tasks`, of one metric (without its variant)."""

    metric: str
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One table of a board. tasks: in published order; published figures may add columns."""

    code: str
    tasks: tuple[str, ...] = ()
    means: tuple[Mean, ...] = ()


@dataclass(frozen=True)
class Board:
    """A family of tables. benchmarks: ids in our registry whose tasks stand here."""

    code: str
    benchmarks: tuple[str, ...]
    sections: tuple[Section, ...]

    def section(self, code: str) -> Section:
        """The first one for a code that it does not have."""
        first = self.sections[0] if self.sections else Section(MORE)
        return next((one for one in self.sections if one.code == code), first)

    def with_more(self, asked: Iterable[str]) -> "Board":
        """With a last section for asked tasks that no section names."""
        named = {task for section in self.sections for task in section.tasks}
        rest = tuple(dict.fromkeys(task for task in asked if task not in named))
        return replace(self, sections=(*self.sections, Section(MORE, rest))) if rest else self


def _meds(code: str, numbers: tuple[int, ...], means: Mapping[str, tuple[int, ...]]) -> Section:
    return Section(
        code, _meds_tasks(numbers), tuple(Mean(metric, _meds_tasks(of)) for metric, of in means.items())
    )


def _meds_tasks(numbers: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(f"meds_bench/task{number}" for number in numbers)


def _text_means(numbers: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    return {"bleu1": numbers, "rougeL": numbers}


_REPORTS = (114, 110, 112, 78)  # CT (83-88) and MRI (89-94) are shown, but not averaged, as on the page
_MEDS = (
    _meds("mcqa", (57, 122, 123, 58, 59, 60, 61, 129), {"acc": (57, 122, 123, 58, 59, 60, 61, 129)}),
    _meds("summarization", (*_REPORTS, *range(83, 95)), _text_means(_REPORTS)),
    _meds("extraction", (1, 2, 3, 29, 74), {"acc": (1, 2, 3, 29, 74)}),
    _meds("explanation", (18, 46, 50), _text_means((18, 46, 50))),
    _meds("rationale", (51, 52, 53, 54, 55, 56), _text_means((51, 52, 53, 54, 55, 56))),
    _meds("ner", (125, 126, 127, 128), {"entity_f1": (125, 126, 127, 128)}),
    _meds("diagnosis", (130,), {"acc": (130,)}),
    _meds("treatment", (131,), {"acc": (131,)}),
    _meds("outcome", (117, 118, 119), {"acc": (117, 118, 119)}),
    _meds("classification", (106,), {"macro_f1": (106,)}),
    _meds("verification", (12, 16, 100), {}),
    _meds("nli", (41, 42), {}),
)
SUMMED_UP = {
    "overview/MCQA": "mcqa",
    "overview/Text Summarization": "summarization",
    "overview/Information Extraction": "extraction",
    "overview/Concept Explanation": "explanation",
    "overview/Rationale": "rationale",
    "overview/NER": "ner",
    "overview/Diagnosis": "diagnosis",
    "overview/Treatment planning": "treatment",
    "overview/Clinical Outcome Prediction": "outcome",
    "overview/Text classification(F1)": "classification",
}
"""Column of MedS-Bench's overview -> the section whose average it shows."""

_TONGUES = ("en", "zh", "ja", "fr", "ru", "es")
_MMED = tuple(f"mmedbench/{tongue}" for tongue in _TONGUES)
_REASONS = tuple(f"mmedbench_rationale/{tongue}" for tongue in _TONGUES)


def _uni(*names: str) -> tuple[str, ...]:
    return tuple(f"unimedicaleval/{name}" for name in names)


_NINE_SITUATIONS = _uni(
    *("disease_diagnosis", "basic_qa", "report_diagnosis", "examination_recommendation"),
    *("treatment_consultation", "pre_consultation", "triage", "online_consultation", "record_summary"),
)
_THREE_NORMS = _uni("safety_counterfactual", "safety_discrimination", "safety_right_to_know")
_UNI = (
    Section(
        "exams",
        _uni(
            *("cnmle_a1a2", "cnmle_b1", "cnmle_a3a4"),
            *("resident_a1a2", "resident_b1", "resident_a3a4", "resident_multi", "resident_case"),
            *("doctor_in_charge_a1a2", "doctor_in_charge_b1", "doctor_in_charge_a3a4"),
            *("doctor_in_charge_multi", "doctor_in_charge_case"),
        ),
    ),
    Section("clinical", _NINE_SITUATIONS, (Mean("acc", _NINE_SITUATIONS),)),
    Section("safety", (*_THREE_NORMS, *_uni("safety_harm")), (Mean("acc", _THREE_NORMS),)),
    Section(
        "generative",
        _uni(
            *("diagnostic_basis", "medical_orders", "surgical_plan", "abnormal_findings"),
            *("record_summary", "preoperative_summary", "quick_consultation"),
        ),
    ),
    Section("consultation", _uni("pre_consultation", "online_consultation")),
    Section("earlier"),
)

SYSTEMS = (
    Board(
        "open_medical_llm",
        ("medmcqa", "medqa", "mmlu", "pubmedqa"),
        (Section("nine", benchmarks.LEADERBOARD, (Mean("acc", benchmarks.LEADERBOARD),)),),
    ),
    Board("meds_bench", ("meds_bench",), (Section(OVERVIEW), *_MEDS)),
    Board(
        "mmedbench",
        ("mmedbench", "mmedbench_rationale"),
        (
            Section("accuracy", _MMED, (Mean("acc", _MMED),)),
            Section("rationale", _REASONS, (Mean("bleu1", _REASONS), Mean("rouge1", _REASONS))),
            Section("human"),
        ),
    ),
    Board("unimedicaleval", ("unimedicaleval",), _UNI),
)


def boards(asked: tuple[str, ...]) -> tuple[Board, ...]:
    """The four systems, then one board for every other benchmark of which something was asked."""
    known = {name for board in SYSTEMS for name in board.benchmarks}
    return (*SYSTEMS, *(Board(name, (name,), ()) for name in asked if name not in known))
