"""Own datasets: `dataset add`, `remove`, `restore`. Every row that stays out is named."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evalcore import benchmarks, datasets, report, tables
from evalcore.cli.opening import open_store
from evalcore.cli.output import show, tell
from evalcore.errors import UsageError
from evalcore.types import Kind

DONE, SOME_BAD, NOTHING = 0, 1, 2
MOST_SHOWN = 50  # problems in words; --json has all


def add(arguments: Namespace) -> int:
    """Exit 1 where rows stayed out, 2 where nothing could be stored."""
    datasets.validated_name(arguments.name)
    table = tables.read(Path(arguments.file), sheet=arguments.sheet)
    layout = _layout(arguments, table)
    checked = datasets.check(table, layout, name=f"mine/{arguments.name}")
    problems = [{"row": fault.row, "why": datasets.why(fault)} for fault in checked.faults]
    if not checked.entries:
        show(arguments, {"task": None, "items": 0, "problems": problems}, lambda: _problem_lines(problems))
        tell("Nothing was stored: no row can be used. Look at --map, --kind and --answers first.")
        return NOTHING
    _warn(arguments, checked)
    kept = datasets.add(_about(arguments, table), layout, checked)
    document = {"task": kept.task, "items": kept.items, "problems": problems}
    show(arguments, document, lambda: [*_problem_lines(problems), *_kept_lines(kept, problems)])
    return SOME_BAD if problems else DONE


def _layout(arguments: Namespace, table: tables.Table) -> datasets.Layout:
    """The guess, with what was said put over it; read as one whole, so that a wrong name stops all."""
    guessed = datasets.guess(table, Kind(arguments.kind))
    named = dict(_named(word, table) for word in arguments.map)
    columns = {role: names for role, names in {**guessed.columns, **named}.items() if names}
    taken = {name for names in named.values() for name in names}
    kept = {
        role: names if role in named else tuple(name for name in names if name not in taken)
        for role, names in columns.items()
    }
    columns = {role: names for role, names in kept.items() if names}
    layout = replace(
        guessed,
        columns=columns,
        answers=arguments.answers or "auto",
        language=arguments.language or guessed.language,
    )
    layout = datasets.checked(layout, table)
    return layout if arguments.answers else replace(layout, answers=datasets.spelling(table, columns))


def _named(word: str, table: tables.Table) -> tuple[str, tuple[str, ...]]:
    """`options=A,B,C`; a column whose own name holds a comma is taken whole."""
    role, sign, names = word.partition("=")
    if not sign:
        raise UsageError(f"--map {word!r} names no column. Write ROLE=COLUMN, for example question=stem.")
    whole = (names,) if names in table.columns else tuple(part.strip() for part in names.split(","))
    return role.strip(), tuple(name for name in whole if name)


def _about(arguments: Namespace, table: tables.Table) -> datasets.About:
    card = table.head.card
    return datasets.About(
        name=arguments.name,
        title=arguments.title,
        licence=arguments.licence,
        patient_text=arguments.patient_text != "no",
        instruction=card.get("Definition", ""),
        file=Path(arguments.file).name,
    )


def _warn(arguments: Namespace, checked: datasets.Checked) -> None:
    if arguments.patient_text is None:
        tell("--patient-text was not given: the dataset is kept as holding patients' text.")
    found = datasets.scan(checked.entries, checked.rows)
    if found.rows:
        kinds = ", ".join(f"{kind} {n}" for kind, n in sorted(found.counts.items()))
        first = sorted({finding.row for finding in found.findings})[:20]
        tell(
            f"{found.rows} rows hold words that look like a person's ({kinds}), for example in rows "
            f"{', '.join(map(str, first))}. Look at them; this scan is never complete."
        )


def _problem_lines(problems: Sequence[dict[str, Any]]) -> Iterable[str]:
    for problem in problems[:MOST_SHOWN]:
        yield f"row {problem['row']}: {problem['why']}"
    if len(problems) > MOST_SHOWN:
        yield f"... and {len(problems) - MOST_SHOWN} more; --json names all."


def _kept_lines(kept: datasets.Kept, problems: Sequence[dict[str, Any]]) -> list[str]:
    out = f"; {len(problems)} rows stay out" if problems else ""
    before = f" It replaces version {kept.replaced}." if kept.replaced not in ("", kept.version) else ""
    return [f"{kept.task}: {kept.items} items, version {kept.version}{out}.{before}"]


def remove(arguments: Namespace) -> int:
    task = benchmarks.tasks().get(f"mine/{arguments.name}")
    datasets.remove(arguments.name)
    used = [
        row.code
        for row in report.runs_overview(open_store(arguments))
        if f"mine/{arguments.name}" in row.tasks
    ]
    if used:
        tell(f"Runs that asked it keep their items and answers: {', '.join(used[:20])}.")
    items = task.size if task else 0
    show(
        arguments,
        {"task": f"mine/{arguments.name}", "items": items, "problems": []},
        lambda: [f"mine/{arguments.name} is removed. `dataset restore {arguments.name}` brings it back."],
    )
    return DONE


def restore(arguments: Namespace) -> int:
    name = datasets.restore(datasets.removed(arguments.name))
    items = benchmarks.tasks()[f"mine/{name}"].size
    show(
        arguments,
        {"task": f"mine/{name}", "items": items, "problems": []},
        lambda: [f"mine/{name} is back with {items} items."],
    )
    return DONE
