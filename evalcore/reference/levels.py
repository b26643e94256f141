"""What guessing and a constant answer score on the nine tasks, computed from the published test files.

For columns that nothing of ours has asked yet; a task that was asked has its levels from its own items.
"""

LEVELS: dict[str, tuple[float, float]] = {
    "medmcqa": (0.25036, 1348 / 4183),  # some items accept two letters: their option texts are the same
    "medqa_4options": (0.25, 353 / 1273),
    "mmlu_anatomy": (0.25, 45 / 135),
    "mmlu_clinical_knowledge": (0.25, 79 / 265),
    "mmlu_college_biology": (0.25, 38 / 144),
    "mmlu_college_medicine": (0.25, 58 / 173),
    "mmlu_medical_genetics": (0.25, 30 / 100),
    "mmlu_professional_medicine": (0.25, 122 / 272),
    "pubmedqa": (1 / 3, 276 / 500),
}
"""Task -> chance and majority level of its accuracy."""
