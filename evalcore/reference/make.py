"""Makes scores.csv from the collected tables: python -m evalcore.reference.make FOLDER

One row for one printed figure, in the order of the tables; nothing is corrected, defects become notes.
"""

import csv
import re
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from evalcore.reference import naming
from evalcore.reference.notes import KNOWN
from evalcore.reference.scores import FILE, NOTES, Published, model_class

FILES = (
    "open_medical_llm_leaderboard",
    "english_benchmarks_mmedlm",
    "pubmedqa_baselines",
    "meds_bench",
    "mmedbench_accuracy",
    "mmedbench_rationale",
    "mmedbench_human",
    "unimedicaleval",
    "genmedicaleval",
    "unimedicaleval_preconsult",
)
COLUMNS = [name if name != "notes" else "note" for name in Published.__dataclass_fields__]
BECAME_A_FIELD = re.compile(
    r"percent|scale 0-1|Acc/Coverage/KnowledgeRecall in percent|few-shot \(3\) unless model note|"
    r"zero-shot|PEFT|full fine-tuning|5-shot CoT|"
    # said of whole rows; `KNOWN` says it of the cells that are meant
    r"published avg differs from (the )?mean of its (six )?cells .*|the two safety columns of .*|"
    r"Bert score of GPT-4, .* differ from UniMedicalEval|.*MedMCQA 72\.7 .* look swapped.*"
)
AVERAGES = ("Average", "Avg", "Avg.")
Row = dict[str, str]


def collected(folder: Path, file: str) -> Iterator[Row]:
    """Rows of one collected table; a source with an unquoted comma is put together again."""
    with (folder / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines)
        head = next(reader)
        for row in reader:
            surplus = len(row) - len(head)
            yield dict(zip(head, [",".join(row[: surplus + 1]), *row[surplus + 1 :]], strict=True))


def place(file: str, row: Row) -> Row:
    """Where a figure is shown: board, section, task, n, whether it is an average."""
    if file in ("open_medical_llm_leaderboard", "english_benchmarks_mmedlm", "pubmedqa_baselines"):
        return _of_nine(row)
    if file == "meds_bench":
        return _of_meds(row)
    if file.startswith("mmedbench"):
        return _of_mmed(file, row)
    return _of_uni(file, row)


def _of_nine(row: Row) -> Row:
    found = {"board": naming.OPEN_LLM, "section": "nine"}
    if row["task"] in AVERAGES:
        return found | {"is_average": "yes"}
    column = row["task"].replace("_", " ").title().replace("Mmlu", "MMLU")
    task, n = naming.NINE.get(row["task"]) or naming.NINE[column]
    return found | {"task": task, "n": str(n)}


def _of_meds(row: Row) -> Row:
    group, _, column = row["task"].partition("/")
    found = {"board": naming.MEDS, "section": naming.MEDS_SECTIONS[group], "column": column}
    if column in AVERAGES:
        return found | {"is_average": "yes"}
    number, n = naming.MEDS_TASKS.get(row["task"], (None, None))
    if number is None:
        return found
    is_subset = "item subset" in row["note"]
    return found | {"task": f"meds_bench/task{number}", "n": "" if is_subset or n is None else str(n)}


def _of_mmed(file: str, row: Row) -> Row:
    section = file.removeprefix("mmedbench_")
    found = {"board": naming.MMED, "section": section}
    if section == "human":
        return found
    if row["language"] == "avg":
        return found | {"is_average": "yes", "language": "multi"}
    name = "mmedbench" if section == "accuracy" else "mmedbench_rationale"
    n = str(naming.MMED_SIZES[row["language"]]) if section == "accuracy" else ""
    return found | {"task": f"{name}/{row['language']}", "n": n}


def _of_uni(file: str, row: Row) -> Row:
    group, _, column = row["task"].partition("/")
    if file == "genmedicaleval" and group == "基础知识能力":
        column = naming.GEN_EXAMS[column]
    elif file == "genmedicaleval" and column:
        section = "safety" if column in naming.SAFETY else "clinical"
        name = f"{group}/Avg" if column in AVERAGES else column
        return {"board": naming.UNI, "section": section, "column": name, "task": _uni_task(section, name)}
    section = naming.UNI_SECTIONS[group]
    found = {"board": naming.UNI, "section": section, "column": column or group}
    if column in AVERAGES:
        return found | {"is_average": "yes"}
    return found | {"task": _uni_task(section, column or group)}


def _uni_task(section: str, column: str) -> str:
    """Ours where the column is one of our tasks; the superseded tables stay as they are."""
    ours = naming.UNI_TASKS.get(column) if section != "earlier" else None
    return f"unimedicaleval/{ours}" if ours else column


def figure(row: Row) -> Row:
    """Metric in our spelling and the value on our scale."""
    metric = naming.METRICS[row["metric"]]
    printed = row["value"]
    if metric in naming.NUMBERS:
        return {"metric": metric, "scale": "number", "value": printed, "published": printed}
    is_percent = "percent" in row["note"]
    value = Decimal(printed).scaleb(-2) if is_percent else Decimal(printed)
    scale = "percent" if is_percent else "share"
    return {"metric": metric, "scale": scale, "value": f"{value.normalize():f}", "published": printed}


def variant(board: str, section: str, metric: str) -> str:
    """Which scorer made the figure; empty where ours gives the same."""
    if board == naming.MEDS:
        return "medsbench_compat"
    if board == naming.MMED and section != "human":
        return "mmedbench_compat"
    if board == naming.UNI and metric == "acc" and section != "consultation":
        return "strict_template"
    return ""


def training(file: str, row: Row) -> Row:
    """Setting, tuning, and whether the benchmark's own training set was used."""
    words = f"{row['note']} {row['model']}"
    setting = next((code for sign, code in naming.SETTINGS.items() if sign in words), "")
    tuned = {"PEFT": "peft", "full fine-tuning": "full"}.get(setting)
    if tuned:
        return {"setting": setting, "tuning": tuned, "in_domain": "yes"}
    if row["model"].startswith("MMedIns") and file == "meds_bench":
        return {"setting": setting, "tuning": "full", "in_domain": "yes"}
    is_plain = setting in ("zero-shot", "few-shot", "5-shot", "5-shot CoT", "0-shot CoT")
    return {"setting": setting, "tuning": "none" if is_plain else "unknown", "in_domain": "unknown"}


def notes(file: str, row: Row, found: Row) -> str:
    """What was noted on collecting, less what became a field; then what is known to be wrong."""
    said = [part.strip() for part in row["note"].split(";")]
    kept = [part for part in said if part and not BECAME_A_FIELD.fullmatch(part)]
    if found["board"] == naming.MEDS and row["task"] in naming.INFERRED and found["n"]:
        kept.append("n is the smallest that gives all percentages of this column")
    if found["model"] != row["model"]:
        kept.append(f"spelt {row['model']} there")
    kept += [known.note for known in KNOWN if known.fits(file, row)]
    return NOTES.join(dict.fromkeys(kept))


def kind(file: str, row: Row) -> str:
    if file == "pubmedqa_baselines":
        return "own"
    return "chart" if "BAR CHART" in row["note"] else "table"


def normalised(file: str, number: int, row: Row) -> Row:
    """One figure in our form."""
    model = naming.MODELS.get(row["model"], row["model"])
    found = {name: "" for name in COLUMNS} | {
        "file": file,
        "row": str(number),
        "source": row["source"],
        "benchmark": row["benchmark"],
        "task": row["task"],
        "column": row["task"],
        "language": row["language"],
        "model": model,
        "model_class": model_class(model) if row["task"] != "metric-vs-human" else "metric",
        "kind": kind(file, row),
        "is_average": "no",
    }
    found |= place(file, row) | figure(row) | training(file, row)
    found["variant"] = variant(found["board"], found["section"], found["metric"])
    found["note"] = notes(file, row, found)
    return found


def make(folder: Path) -> list[Mapping[str, str]]:
    return [
        normalised(file, number, row)
        for file in FILES
        for number, row in enumerate(collected(folder, file), 1)
    ]


def main() -> None:
    rows = make(Path(sys.argv[1]))
    with FILE.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
