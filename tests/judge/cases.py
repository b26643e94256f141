"""One item, one key and what judges are asked about it."""

from evalcore.judge import cells, load_rubric
from evalcore.types import Criterion, Item, Key, Option

ITEM = Item(
    "A man of 60 has crushing chest pain for an hour. What is the first test?",
    (Option("A", "Electrocardiogram"), Option("B", "Colonoscopy")),
)
KEY = Key(
    (("A",),),
    "published",
    rationale="An infarction must be found at once.",
    rubric=(
        Criterion("Advises an electrocardiogram", 7, ("axis:accuracy",)),
        Criterion("Is overly verbose", -2, ("axis:style",)),
    ),
)
ANSWER = "An electrocardiogram, at once: it finds the infarction."


def cell(rubric_id, name=""):
    found = cells(load_rubric(rubric_id), ITEM, KEY)
    return next(one for one in found if one.name == name or not name)
