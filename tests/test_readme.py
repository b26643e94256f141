"""The README is true: its commands can be given, its Python runs, its files are there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from evalcore import benchmarks, judge
from evalcore.cli.parser import parse

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands() -> list[list[str]]:
    """The words after `python -m evalcore` of every line of shell."""
    lines = [shlex.split(line, comments=True) for block in blocks("bash") for line in block.splitlines()]
    return [words[words.index("evalcore") + 1 :] for words in lines if "evalcore" in words]


def test_every_command_of_the_readme_can_be_given():
    given = {parse(words).handler for words in commands()}
    assert len(commands()) >= 15 and "not_built:refuse" not in given


def test_every_task_of_the_readme_is_there():
    for words in commands():
        tasks = getattr(parse(words), "tasks", [])
        assert not tasks or benchmarks.select(tasks)
    named = re.findall(r"^\| (`.*?`) \|", README, flags=re.MULTILINE)
    assert benchmarks.select([name for cell in named for name in cell.replace("`", "").split()])


def test_the_number_of_demo_items_is_right():
    ids = [name for name in benchmarks.tasks() if name.startswith("demo/")]
    count = sum(len(benchmarks.load(name).entries) for name in ids)
    assert f"asks the two bundled models {count} questions" in README and f"| `demo/*` | {count} |" in README
    assert f"{count} medical items" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_rubrics_of_the_readme_are_kept_and_can_be_asked(tmp_path):
    written, trained = (judge.add_rubric(one.encode(), "README.md", tmp_path) for one in blocks("json"))
    assert set(judge.rubrics(tmp_path)) > {"ward-safety", "trained-scorer"}
    (entry, *_) = benchmarks.load("demo/zh_open").entries
    about = (entry.item, entry.key, ["Nothing."])
    asked = judge.prompt(written, written.criteria[0], *about, language="zh", structured=True).text
    assert "患者照做受到伤害的可能性有多大？" in asked and "5 = 无伤害" in asked
    asked = judge.prompt(trained, trained.criteria[0], *about, language="en", structured=True).text
    assert (
        asked.startswith(f"Question: {entry.item.question}\nReference: ") and "Response: Nothing.\n" in asked
    )
    assert judge.read("Score: 3, no: score: 7", trained.criteria[0]).number == 7.0
    assert [judge.read(text, trained.criteria[0], ["8 mg"]).number for text in ("8", " 8/10", "8.5")] == [
        8,
        8,
        None,
    ]


def test_the_python_example_runs_and_prints_its_figure_and_records(tmp_path):
    (example,) = blocks("python")
    known = {
        "ROUNDS_HOME": str(tmp_path),
        "HF_HUB_OFFLINE": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
    }
    environment = {"PATH": os.environ["PATH"]} | known
    done = subprocess.run(
        [sys.executable, "-c", example], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^\d\.\d\d \(\d\.\d\d to \d\.\d\d\), n = 5$", done.stdout, flags=re.MULTILINE)
    assert done.stdout.count("demo/zh_choice") == 5


def test_links_and_pictures_of_the_readme_are_there():
    shown = re.sub(r"<!--.*?-->", "", README, flags=re.DOTALL)
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", shown)
    assert [name for name in linked if not (ROOT / name).exists()] == []
