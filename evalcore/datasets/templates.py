"""A file to begin with, one for each kind: a header that is recognised, and two rows of our own."""

import csv
import io

from evalcore.types import Kind

_CHOICE = ("id", "question", "A", "B", "C", "D", "answer", "rationale", "subject", "context")
_ROWS: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.CHOICE: (
        _CHOICE,
        ("1", "Which vitamin prevents scurvy?", "Vitamin A", "Vitamin B12", "Vitamin C", "Vitamin D", "C",
         "Scurvy is a lack of ascorbic acid.", "Biochemistry", ""),
        ("2", "Which electrolyte is most likely high?", "Sodium", "Potassium", "Calcium", "Magnesium", "B",
         "Spironolactone keeps potassium.", "Nephrology", "A man takes spironolactone; T waves are peaked."),
    ),
    Kind.SEVERAL: (
        _CHOICE,
        ("1", "Which of these are loop diuretics?", "Furosemide", "Torasemide", "Amiloride", "Thiazide",
         "A,B", "", "Pharmacology", ""),
        ("2", "Which of these raise blood sugar?", "Insulin", "Glucagon", "Cortisol", "Metformin", "B,C", "",
         "Endocrinology", ""),
    ),
    Kind.YES_NO_MAYBE: (
        ("id", "question", "answer", "context"),
        ("1", "Did the drug lower mortality?", "no", "Deaths were 12% in both groups."),
        ("2", "Is the test of use in children?", "maybe", "Only adults were enrolled."),
    ),
    Kind.TEXT: (
        ("id", "question", "reference", "subject"),
        ("1", "Why is metformin stopped before contrast?", "Contrast may harm the kidneys; metformin would "
         "build up and cause lactic acidosis.", "Radiology"),
        ("2", "How is anaphylaxis treated first?", "Adrenaline into the thigh muscle at once.", "Emergency "
         "medicine"),
    ),
    Kind.LABEL: (
        ("id", "question", "label"),
        ("1", "Crushing chest pain, ST elevation in II, III, aVF.", "myocardial infarction"),
        ("2", "Sudden breathlessness after a long flight.", "pulmonary embolism"),
    ),
    Kind.LABELS: (
        ("id", "question", "label"),
        ("1", "Fever, productive cough, ankle oedema.", "pneumonia|heart failure"),
        ("2", "Polyuria and thirst.", "diabetes mellitus"),
    ),
    Kind.ENTITIES: (
        ("id", "question", "answer"),
        ("1", "List the drugs: she takes aspirin and ramipril.", "aspirin, ramipril"),
        ("2", "List the drugs: he was given warfarin.", "warfarin"),
    ),
    Kind.STRUCTURED: (
        ("id", "question", "answer"),
        ("1", "Diagnosis and treatment: fever, cough, consolidation.", "Diagnosis: pneumonia\nTreatment: "
         "amoxicillin"),
        ("2", "Diagnosis and treatment: thirst, glucose 22 mmol/l.", "Diagnosis: diabetes mellitus\n"
         "Treatment: insulin, fluids"),
    ),
    Kind.RUBRIC: (
        ("id", "question", "rubric"),
        ("1", "My chest hurts since an hour. What should I do?", "8: tells to call an ambulance at once\n"
         "3: asks about medicines\n-6: advises to wait"),
        ("2", "Can I take ibuprofen in pregnancy?", "6: advises against it in the last third\n-4: says it is "
         "always safe"),
    ),
}  # fmt: skip


def template(kind: Kind) -> bytes:
    """CSV in UTF-8 with its mark, as Excel needs it for other letters than ASCII."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows(_ROWS[kind])
    return out.getvalue().encode("utf-8-sig")
