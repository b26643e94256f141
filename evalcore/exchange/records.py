"""Records as JSON lines and CSV, streamed: a run of any size passes through piece by piece.

The shape of a line is a contract, written in the command line's documentation.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from evalcore.prompts.dialogue import speaker
from evalcore.store import Store, Transaction, detail, dialogues
from evalcore.store import runs as run_rows
from evalcore.store.record import Record, Spoken
from evalcore.types import Answer, Kind, Prompt, Response

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MORE = ("criterion", "judgements", "turns", "criteria", "dialogue")  # only where there are some
_CELL = ("order", "repeat", "judged")  # only of a judge's run
_COLUMNS = (
    *("run", "task", "task_version", "item", "item_sha", "language", "group", "question", "context"),
    *("options", "gold", "key", "prompt", "fewshot", "sample", "text", "option_logprobs", "finish"),
    *("tokens_in", "tokens_out", "seconds", "error", "answer", "state", "rule", "span", "reader"),
    *("answers", "scores", "reviews", *_MORE, *_CELL),
)
Writer = Callable[[TextIO, Iterator[Record]], int]


def iterate(store: Store, code: str) -> Iterator[Record]:
    """All records of a run in its order, as they were when the first was read."""
    with store.read() as transaction:
        run = run_rows.get_run(transaction, code)
        for record in detail.run_records(transaction, run.id):
            yield _with_dialogue(transaction, record) if record.kind is Kind.DIALOGUE else record


def _with_dialogue(transaction: Transaction, record: Record) -> Record:
    said = dialogues.transcript(transaction, record.work_id)
    turns = (Spoken(str(speaker(one.turn)), one.text, not one.is_partner) for one in said)
    return replace(record, dialogue=tuple(turns))


def as_json(record: Record) -> dict[str, Any]:
    """One record as `export --format records` writes it."""
    return {
        "run": record.run,
        "task": record.task,
        "task_version": record.task_version,
        "item": record.item,
        "item_sha": record.item_sha,
        "language": record.language,
        "group": record.group or None,
        "question": record.question,
        "context": record.context,
        "options": {option.label: option.text for option in record.options},
        "gold": [list(alternative) for alternative in record.gold],
        "key": f"{record.key[0]}/{record.key[1]}",
        "prompt": _prompt(record.prompt),
        "fewshot": list(record.fewshot),
        "sample": record.sample,
        "response": _response(record),
        "answer": _answer(record.answer) if record.answer else None,
        "answers": [_answer(answer) for answer in record.answers],
        "scores": [_fields(row, "metric value state why scorer key") for row in record.scores],
        "reviews": [
            _fields(row, "reviewer form revision verdict note hidden created_at") for row in record.reviews
        ],
    } | _more(record)


def _more(record: Record) -> dict[str, Any]:
    """What only some records have: what a judge was asked, verdicts, a conversation, a rubric, a dialogue."""
    verdict = "judge rubric criterion order repeat state verdict text"
    found = {
        "criterion": record.criterion,
        "judgements": [_fields(row, verdict) for row in record.judgements],
        "turns": [{"role": role, "text": text} for role, text in record.turns],
        "criteria": [
            {"text": one.text, "points": one.points, "tags": list(one.tags)} for one in record.rubric
        ],
        "dialogue": [_fields(turn, "role is_tested text") for turn in record.dialogue],
    }
    return {name: value for name, value in found.items() if value} | _cell(record)


def _cell(record: Record) -> dict[str, Any]:
    """Of a judge's run what its reply is about: no record, one, or two in the stored order."""
    if record.run_kind != "judge":
        return {}
    judged = [
        {"run": one.run, "item": record.item, "sample": record.sample, "model": one.model}
        for one in record.rivals
    ]
    return {"order": record.order, "repeat": record.repeat, "judged": judged}


def _fields(row: Any, names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names.split()}


def _prompt(prompt: Prompt | None) -> str | list[dict[str, str]] | None:
    """Plain text, or a chat's messages; None where it was not recorded."""
    if prompt is None:
        return None
    if not prompt.is_chat:
        return prompt.text
    return [{"role": role, "content": text} for role, text in prompt.messages]


def _response(record: Record) -> dict[str, Any]:
    """Of an item that got no answer only the error is known."""
    response = record.response or Response()
    error = record.error
    return {
        "text": response.text,
        "option_logprobs": dict(response.option_logprobs) if response.option_logprobs is not None else None,
        "finish": str(response.finish) if record.response else "error",
        "tokens_in": response.tokens_in,
        "tokens_out": response.tokens_out,
        "seconds": response.seconds,
        "error": {"kind": error.kind, "message": error.message} if error else None,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "value": list(answer.value),
        "state": str(answer.state),
        "rule": answer.rule,
        "span": list(answer.span) if answer.span else None,
        "reader": answer.reader,
    }


def write_jsonl(store: Store, codes: Sequence[str], path: Path) -> int:
    """Writes the records of these runs; returns how many. An interrupted export leaves no file behind."""
    return _write(store, codes, path, _write_lines)


def write_csv(store: Store, codes: Sequence[str], path: Path) -> int:
    """The same as a table; lists and mappings are JSON in their cells, formulas are disarmed by a quote."""
    return _write(store, codes, path, _write_table)


def _write(store: Store, codes: Sequence[str], path: Path, write: Writer) -> int:
    with whole_file(path) as file:
        return write(file, (record for code in codes for record in iterate(store, code)))


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A text file that is there whole or not at all."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_lines(file: TextIO, found: Iterator[Record]) -> int:
    written = 0
    for record in found:
        file.write(json.dumps(as_json(record), ensure_ascii=False, allow_nan=False) + "\n")
        written += 1
    return written


def _write_table(file: TextIO, found: Iterator[Record]) -> int:
    writer = csv.DictWriter(file, _COLUMNS)
    writer.writeheader()
    written = 0
    for record in found:
        writer.writerow(cells(record))
        written += 1
    return written


def cells(record: Record) -> dict[str, str]:
    """One line of the table, by column."""
    whole = as_json(record)
    answer = whole.pop("answer") or dict.fromkeys(("value", "state", "rule", "span", "reader"))
    flat = whole | whole.pop("response") | answer | {"answer": answer["value"]}
    return {name: cell(flat.get(name)) for name in _COLUMNS}


def cell(value: Any) -> str:
    """Text that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    is_number = isinstance(value, int | float)
    return f"'{text}" if text.startswith(_FORMULA) and not is_number else text
