"""HealthBench's two forms from small written files, and the bundled demo."""

import json

import pytest

from evalcore import benchmarks, prompts, specialties
from evalcore.errors import DataError
from evalcore.types import Criterion, Kind, Way

FULL = "openai/healthbench/2025-05-07-06-14-12_oss_eval.jsonl"
TALK = [
    {"role": "user", "content": "I have a fever."},
    {"role": "assistant", "content": "Since when?"},
    {"role": "user", "content": "For two days."},
]
RUBRICS = [
    {"criterion": "Asks about other symptoms", "points": 7, "tags": ["level:example", "axis:completeness"]},
    {"criterion": "Recommends an antibiotic", "points": -5, "tags": []},
]


def row(**changes):
    made = {"prompt": TALK, "prompt_id": "p-1", "rubrics": RUBRICS, "example_tags": ["theme:hedging"]}
    return {**made, "canary": "…", "ideal_completions_data": None, **changes}


def write(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(one) for one in rows), "utf-8")


@pytest.mark.parametrize(
    ("task_id", "file"),
    [
        ("rubric/healthbench", FULL),
        ("rubric/healthbench_hard", "openai/healthbench/hard_2025-05-08-21-00-10.jsonl"),
        ("rubric/healthbench_consensus", "openai/healthbench/consensus_2025-05-09-20-00-46.jsonl"),
    ],
)
def test_a_published_row_becomes_turns_a_question_and_criteria(task_id, file, copies):
    write(copies / file, row())
    loaded = benchmarks.load(task_id)
    (entry,) = loaded.entries
    assert (loaded.source, entry.item_id, entry.item.question) == ("local", "p-1", "For two days.")
    assert entry.item.turns == (("user", "I have a fever."), ("assistant", "Since when?"))
    assert entry.item.meta == {"tags": ["theme:hedging"]}
    assert entry.key.acceptable == ()
    assert entry.key.rubric == (
        Criterion("Asks about other symptoms", 7.0, ("level:example", "axis:completeness")),
        Criterion("Recommends an antibiotic", -5.0),
    )


def test_the_form_of_healthbench_professional_is_read_alike(copies):
    professional = {"id": "pro-1", "conversation": TALK, "rubric_items": RUBRICS}
    write(copies / "openai/healthbench/healthbench_professional.jsonl", professional)
    (entry,) = benchmarks.load("rubric/healthbench_professional").entries
    assert (entry.item_id, entry.item.question, len(entry.key.rubric)) == ("pro-1", "For two days.", 2)


def test_the_main_file_is_not_taken_for_the_hard_one(copies):
    write(copies / FULL, row())
    assert benchmarks.where(benchmarks.tasks()["rubric/healthbench"]) == "local"
    assert benchmarks.where(benchmarks.tasks()["rubric/healthbench_hard"]) == "missing"
    with pytest.raises(DataError, match="hf download openai/healthbench --repo-type dataset"):
        benchmarks.load("rubric/healthbench_hard")


def test_other_points_or_criteria_are_another_version(copies):
    write(copies / FULL, row())
    version = benchmarks.load("rubric/healthbench").version
    write(copies / FULL, row(rubrics=[{**RUBRICS[0], "points": 6}, RUBRICS[1]]))
    assert benchmarks.load("rubric/healthbench").version != version


def test_a_rubric_of_negative_points_alone_is_read_and_left_to_scoring(copies):
    """statistics.md 6.1: without positive points an item has no score, which is no error of the file."""
    write(copies / FULL, row(rubrics=RUBRICS[1:]))
    (entry,) = benchmarks.load("rubric/healthbench").entries
    assert [one.points for one in entry.key.rubric] == [-5.0]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rubrics": []}, "has no rubric"),
        ({"rubrics": None}, "has no rubric"),
        ({"rubrics": [{**RUBRICS[0], "points": 11}]}, "criterion 1: .* points '11'"),
        ({"rubrics": [RUBRICS[0], {**RUBRICS[0], "points": 0}]}, "criterion 2: .* points '0'"),
        ({"rubrics": [{**RUBRICS[0], "points": "many"}]}, "points 'many'"),
        ({"rubrics": [{**RUBRICS[0], "points": float("nan")}]}, "points 'NaN'"),
        ({"rubrics": [{"criterion": " ", "points": 3}]}, "it needs a text"),
        ({"rubrics": [{"points": 3}]}, "has no 'criterion'"),
        ({"prompt": TALK[:2]}, "ends with assistant, not with a question of the user"),
        ({"prompt": [{"role": "user", "content": "  "}]}, "not with a question"),
        ({"prompt": [], "conversation": []}, "ends with nothing"),
        ({"prompt": [{"role": "tool", "content": "x"}, *TALK]}, "the role 'tool'"),
        ({"prompt": [{"role": "user"}]}, "has no 'content'"),
    ],
)
def test_a_row_that_cannot_be_scored_is_refused_by_name(changes, why, copies):
    write(copies / FULL, row(prompt_id="p-0"), row(**changes))
    with pytest.raises(DataError, match=rf"rubric/healthbench row 2 \(id p-1\).*{why}"):
        benchmarks.load("rubric/healthbench")


def test_the_demo_has_six_conversations_with_good_and_bad_criteria():
    loaded = benchmarks.load("rubric/demo")
    assert (loaded.source, loaded.task.kind, len(loaded.entries)) == ("bundled", Kind.RUBRIC, 6)
    assert sorted(entry.item.language for entry in loaded.entries) == ["en"] * 3 + ["zh"] * 3
    assert sum(bool(entry.item.turns) for entry in loaded.entries) == 2
    for entry in loaded.entries:
        points = [one.points for one in entry.key.rubric]
        assert 4 <= len(points) <= 8 and min(points) < 0 < max(points), entry.item_id
        assert all(one.tags for one in entry.key.rubric) and entry.key.source
        assert entry.item.meta["subject"] in specialties.CODES


def test_a_conversation_is_asked_as_it_stands_and_shows_no_criterion():
    loaded = benchmarks.load("rubric/demo")
    entry = loaded.entries[1]
    made = prompts.render(entry.item, task=loaded.task, way=Way.GENERATE, chat=True)
    assert made.messages == (*entry.item.turns, ("user", entry.item.question))
    assert not any(one.text in made.text for one in entry.key.rubric)
