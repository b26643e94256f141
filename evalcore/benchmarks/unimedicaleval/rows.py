"""Rows of UniMedicalEval, ours and the published form, as entries with their keys.

Ours (bundled): the demo's format (id, question, options, answer, context, group, specialty, rationale,
source) with department, purpose and, for consultations, an answer of facts, terms and diagnoses.

Published: case_type "<scenario>_<situation>", question, answer, question_type, option, consult_process; the
only form seen is that of its printed samples. May be added, because groups, explanations and departments
exist and no published field is known: id, context (shared material), group, rationale, department, purpose.
"""

import re
from collections.abc import Sequence
from typing import Any

from evalcore import data, specialties
from evalcore.benchmarks import gold
from evalcore.benchmarks.unimedicaleval.situations import DEPARTMENTS, DOCTOR_TASK, Situation
from evalcore.errors import DataError
from evalcore.types import Entry, Item, Key, Kind, Option, Task

PURPOSES = ("diagnosis", "treatment", "examination")
_SINGLE = "单项选择题"


def entry(task: Task, situation: Situation, row: data.Row) -> Entry:
    """One of our own rows; DataError names the item."""
    item_id = data.text(data.field(row, "id", f"{task.id} item"))
    place = f"{task.id} item {item_id}"
    options = _options(row.get("options"), task, place)
    key = Key(
        _listed(data.field(row, "answer", place), task, options, place),
        f"{task.benchmark}_synthetic",
        rationale=data.text(row.get("rationale")),
        source=data.text(row.get("source")),
    )
    question = data.text(row.get("question")) or DOCTOR_TASK.get(situation.code, "")
    return _entry(situation, row, (item_id, question, options, key), place)


def published(task: Task, situation: Situation, row: data.Row, number: int) -> Entry:
    """One row in the published form; DataError names it."""
    item_id = data.text(row.get("id")) or str(number)
    place = f"{task.id} item {item_id}"
    _require_situation(row, situation, place)
    options = _options(row.get("option"), task, place)
    question, answer = (data.text(data.field(row, name, place)) for name in ("question", "answer"))
    acceptable = _acceptable(answer, task, options, place)
    _require_form(row, task, acceptable, place)
    rationale = data.text(row.get("rationale")) or _explained(answer, options)
    key = Key(acceptable, task.benchmark, rationale=rationale)
    if task.kind is Kind.DIALOGUE:
        row = {**row, "context": question}
        question = DOCTOR_TASK[situation.code]
    elif row.get("consult_process") and not row.get("context"):
        row = {**row, "context": row["consult_process"]}  # a question about a recorded consultation
    return _entry(situation, row, (item_id, question, options, key), place)


def _entry(
    situation: Situation, row: data.Row, what: tuple[str, str, tuple[Option, ...], Key], place: str
) -> Entry:
    item_id, question, options, key = what
    if not question.strip():
        raise DataError(f"{place} has no question. Fill it in.")
    item = Item(question, options, data.text(row.get("context")), "zh", meta=_meta(situation, row, place))
    return Entry(item_id, item, key, group=data.text(row.get("group")))


def _meta(situation: Situation, row: data.Row, place: str) -> dict[str, Any]:
    """Only what is known of the item: subject, exam or situation, department, purpose, recorded dialogue."""
    purpose, department = data.text(row.get("purpose")), data.text(row.get("department"))
    if purpose and purpose not in PURPOSES:
        raise DataError(
            f"{place}: purpose is {purpose!r}; it can be {', '.join(PURPOSES)}. Correct the file."
        )
    facts = {
        "subject": data.text(row.get("specialty")) or specialties.from_unimedicaleval(department),
        "exam" if situation.is_exam else "scenario": situation.scenario,
        "department": department,
        "purpose": purpose,
        "consult_process": data.text(row.get("consult_process")),
        "repairs": row.get("_repairs"),
    }
    return {name: value for name, value in facts.items() if value}


def _options(written: Any, task: Task, place: str) -> tuple[Option, ...]:
    if task.kind is Kind.LABEL:
        return tuple(Option(name, name) for name in DEPARTMENTS)
    if written is not None and not isinstance(written, dict):
        raise DataError(
            f"{place}: options are {data.text(written)[:60]!r}, not an object of letters. Correct it."
        )
    options = tuple(Option(label, data.text(text)) for label, text in (written or {}).items())
    has_options = task.kind in (Kind.CHOICE, Kind.SEVERAL)
    if has_options != (len(options) > 1):
        raise DataError(
            f"{place} has {len(options)} options, but {task.id} asks for the form {task.kind.value!r}. "
            "One file holds items of one form; put these into a file of their own."
        )
    return options


def _listed(answers: Any, task: Task, options: Sequence[Option], place: str) -> gold.Acceptable:
    """Our own lists of answers, labels in option order; of consultations facts, terms and diagnoses."""
    if not answers or not all(
        isinstance(one, list) and (one or task.kind is Kind.DIALOGUE) for one in answers
    ):
        raise DataError(
            f"{place}: answer is {data.text(answers)[:80]}, not a list of lists. Correct the file."
        )
    if not options:
        return tuple(tuple(map(data.text, one)) for one in answers)
    labels = [option.label for option in options]
    unknown = [label for one in answers for label in one if label not in labels]
    if unknown:
        raise DataError(
            f"{place}: gold is {unknown[0]!r}, but the options are {', '.join(labels)}. Correct it."
        )
    return tuple(tuple(label for label in labels if label in one) for one in answers)


def _acceptable(answer: str, task: Task, options: Sequence[Option], place: str) -> gold.Acceptable:
    if task.kind is Kind.LABEL:
        names = [name for name in re.split(r"[,，、;；/]", answer) if name.strip()]
        return tuple(gold.resolve(name, options, place)[0] for name in names)
    if task.kind is Kind.DIALOGUE:
        return (tuple(fact.strip() for fact in re.split(r"[\n;；。]", answer) if fact.strip()),)
    return gold.resolve(answer, options, place) if options else ((answer,),)


def _require_situation(row: data.Row, situation: Situation, place: str) -> None:
    case_type = data.text(row.get("case_type"))
    if case_type and not situation.is_exam and not case_type.endswith(situation.chinese):
        raise DataError(
            f"{place} is of {case_type!r}, but this is the file of {situation.chinese!r}. "
            "Move it to its own file."
        )


def _require_form(row: data.Row, task: Task, acceptable: gold.Acceptable, place: str) -> None:
    """A question typed single has one letter; without a type (the safety samples) the gold decides."""
    most = max(map(len, acceptable))
    is_typed_single = data.text(row.get("question_type")) == _SINGLE
    if task.kind is Kind.CHOICE and most > 1 or is_typed_single and most > 1:
        raise DataError(
            f"{place}: gold names {most} options, but the question is of single choice. Questions with "
            "several right options go into a file of their own."
        )


def _explained(answer: str, options: Sequence[Option]) -> str:
    """The gold as written where it says more than its option: 存在，根据说明书… explains itself."""
    texts = [option.text for option in options]
    return answer if answer not in texts and any(map(answer.startswith, texts)) else ""
