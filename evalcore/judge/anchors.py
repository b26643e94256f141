"""Published figures to stand beside one's own calibration of a judge, with their sources."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Anchor:
    """One published figure.

    measure: a code (macro_f1, icc, tau_b, flip_rate, ...). between: who is compared with whom. value: None
    where only a range is published. is_secondary: not seen in the paper itself; read that before quoting.
    """

    measure: str
    between: str
    value: float | None
    source: str
    low: float | None = None
    high: float | None = None
    n: int | None = None
    is_secondary: bool = False
    note: str = ""


_HEALTHBENCH = "HealthBench, arXiv 2505.08775"
_AUDIT = "cimolabs.com/research/healthbench-judge-audit (a vendor's blog)"
_MEDHELM = "MedHELM, arXiv 2505.23802, abstract"
_MTBENCH = "lm-sys/FastChat issue 3911: the shipped MT-bench pairs judged by GPT-4"
_MMEDBENCH = "MMedBench (Nature Communications 15:8384), figure HumanCorrelation of its project page"


def _mmedbench(metric: str, tau: float, slope: float) -> Anchor:
    note = f"slope of the regression on the people's relative rating {slope:.2f}; 50 items, 6 models"
    return Anchor("tau_b", f"{metric} and five medical postgraduates", tau, _MMEDBENCH, note=note)


ANCHORS: tuple[Anchor, ...] = (
    Anchor(
        "macro_f1",
        "GPT-4.1 as judge and physicians",
        0.709,
        _HEALTHBENCH,
        n=60_896,
        is_secondary=True,
        note="four summaries agree on it; they disagree on the physicians' mean (0.64 or 0.726) and on "
        "whether it lies above the average physician in 5 or in 6 of 7 themes",
    ),
    Anchor(
        "macro_f1",
        "physicians among each other, by theme",
        None,
        _HEALTHBENCH,
        low=0.55,
        high=0.75,
        is_secondary=True,
    ),
    Anchor(
        "run_to_run_sd",
        "HealthBench's score with itself",
        0.002,
        _HEALTHBENCH,
        is_secondary=True,
    ),
    Anchor(
        "difference",
        "gpt-4o-mini and Haiku 4.5 as judges, on one category",
        0.73,
        _AUDIT,
        n=29_511,
        note="the largest difference of a category; of the met criteria, as a share",
    ),
    Anchor("signed_bias", "gpt-4o-mini as judge and physicians", 0.245, _AUDIT, n=29_511),
    Anchor("signed_bias", "Haiku 4.5 as judge and physicians", 0.130, _AUDIT, n=29_511),
    Anchor(
        "labels_needed",
        "physicians' labels that recover the aggregate",
        0.05,
        _AUDIT,
        n=1_400,
        note="the aggregate only; figures of categories stay wrong",
    ),
    Anchor(
        "icc",
        "MedHELM's jury and clinicians",
        0.47,
        _MEDHELM,
        n=56,
        note="31 ACI-Bench and 25 MEDIQA items (stanford-crfm/helm issue 3863): small",
    ),
    Anchor("icc", "clinicians among each other", 0.43, _MEDHELM, n=56),
    Anchor("icc", "ROUGE-L and clinicians", 0.36, _MEDHELM, n=56),
    Anchor("icc", "BERTScore-F1 and clinicians", 0.44, _MEDHELM, n=56),
    Anchor(
        "variance_share",
        "the physician's part in HealthBench's labels",
        0.024,
        "arXiv 2602.22758, abstract",
        is_secondary=True,
    ),
    Anchor(
        "variance_share",
        "the criterion's part in HealthBench's labels",
        0.158,
        "arXiv 2602.22758, abstract",
        is_secondary=True,
    ),
    Anchor(
        "difference",
        "one system's score under two judges, HealthBench Professional",
        0.032,
        "arXiv 2605.24699",
        is_secondary=True,
        note="0.627 and 0.659",
    ),
    Anchor("longer_rate", "GPT-4 as judge of pairs", 0.68, _MTBENCH, note="the longer answer wins"),
    Anchor("self_preference", "GPT-4 as judge of its own answers", 0.87, _MTBENCH),
    Anchor("flip_rate", "GPT-4 as judge of pairs in both orders", 0.129, _MTBENCH),
    _mmedbench("GPT-4's rating", 0.660, 1.01),
    _mmedbench("BERTScore", 0.538, 0.82),
    _mmedbench("BLEU-2", 0.516, 1.27),
    _mmedbench("BLEU", 0.478, 1.12),
    _mmedbench("BLEU-3", 0.466, 1.02),
    _mmedbench("BLEU-1", 0.464, 1.33),
    _mmedbench("ROUGE-2", 0.456, 0.65),
    _mmedbench("BLEU-4", 0.436, 0.83),
    _mmedbench("ROUGE-1", 0.423, 0.81),
    _mmedbench("ROUGE-L", 0.372, 0.67),
)
