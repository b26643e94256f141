"""The leaderboard's tables, from runs put into a store; expected values by hand."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from filled import Planned, answer_all, as_wrong, entry, plan, read_all, task
from sqlalchemy import event, update

from evalcore import benchmarks
from evalcore.report import leaderboard as lb
from evalcore.report.leaderboard.boards import Mean
from evalcore.report.leaderboard.measured import average
from evalcore.store import Store, board, scored
from evalcore.store.schema import run_tasks
from evalcore.types import LoadedTask, Score

NINE = benchmarks.LEADERBOARD
OWNER = {
    name: benchmark.id
    for benchmark in benchmarks.benchmarks()
    for name in (one.id for one in benchmark.tasks)
}


def small(task_id: str, golds: str = "AABB", *, of: str = "") -> LoadedTask:
    """A task under the id of a real one, with other questions."""
    entries = [entry(f"{n}", f"{task_id} {n}{of}?", gold) for n, gold in enumerate(golds)]
    made = task(entries, task_id)
    return replace(made, task=replace(made.task, benchmark=OWNER.get(task_id, task_id.split("/")[0])))


def ran(store: Store, code: str, answers: dict[str, str], *, model: str = "hf:org/m", **more) -> Planned:
    """A run in which each task was answered with these letters; right are A, A, B, B."""
    tasks = [small(name) for name in answers]
    run = plan(store, *tasks, code=code, model=model, **more)
    answer_all(store, run, [letter for letters in answers.values() for letter in letters])
    return run


def only_block(table: lb.Table) -> lb.Block:
    (block,) = table.blocks
    return block


def values(row: lb.Row) -> dict[str, float | None]:
    return {key: cell.value for key, cell in row.cells.items()}


def test_without_runs_the_board_shows_what_was_published(store: Store) -> None:
    table = lb.leaderboard(store)
    assert (table.board, table.section, table.blocks) == ("open_medical_llm", "nine", ())
    assert [column.task for column in table.columns if column.metric == "acc"] == list(NINE)
    assert {row.model for row in table.published} >= {"GPT-4", "majority class (yes)"}


def test_every_published_figure_stands_in_some_table(store: Store) -> None:
    shown = 0
    for system in lb.SYSTEMS:
        for section in system.sections:
            table = lb.leaderboard(store, system.code, section.code)
            keys = {column.key for column in table.columns}
            for row in table.published:
                assert set(row.cells) <= keys
                shown += len(row.cells) + len(row.averages)
    assert shown == 2521


def test_a_cell_has_value_interval_n_and_what_could_not_be_read(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AAB?"})
    cell = only_block(lb.leaderboard(store)).rows[0].cells["medqa_4options:acc"]
    assert (cell.value, cell.n, cell.unread, cell.unscored) == (0.75, 4, 1, 0)
    assert cell.unread_rate == 0.25
    # Wilson 1927 for 3 of 4: (3/4 + z^2/8 +- z sqrt(3/64 + z^2/64)) / (1 + z^2/4), z = 1.95996
    assert (round(cell.low or 0, 4), round(cell.high or 0, 4)) == (0.3006, 0.9544)
    assert (cell.metric, cell.runs, cell.is_partial) == ("acc", ("run-1",), False)


def test_a_failure_is_missing_and_not_wrong(store: Store) -> None:
    run = plan(store, small("medqa_4options"), code="run-1", model="hf:org/m")
    answer_all(store, run, ["A", "A", None, None])
    cell = only_block(lb.leaderboard(store)).rows[0].cells["medqa_4options:acc"]
    assert (cell.value, cell.n, cell.unscored) == (1.0, 2, 2)


def test_a_run_that_has_asked_a_part_says_so(store: Store) -> None:
    run = plan(store, small("medqa_4options"), code="run-1", planned=2)
    answer_all(store, run, ["A", "A"])
    cell = only_block(lb.leaderboard(store)).rows[0].cells["medqa_4options:acc"]
    assert (cell.n, cell.items, cell.is_partial) == (2, 4, True)


def test_d17_the_average_is_unweighted_over_the_nine_and_only_where_they_are_complete(store: Store) -> None:
    eight = dict.fromkeys(NINE[:-1], "AABB")
    ran(store, "run-1", {**eight, "pubmedqa": "A???"}, model="hf:org/whole")
    ran(store, "run-2", eight, model="hf:org/part")
    rows = {row.model: row.averages["acc"] for row in only_block(lb.leaderboard(store)).rows}
    assert rows["hf:org/whole"].value == pytest.approx((8 * 1.0 + 0.25) / 9)
    part = rows["hf:org/part"]
    assert (part.value, part.has, part.of) == (None, 8, 9)


def test_d17_the_average_is_not_weighted_by_items(store: Store) -> None:
    tasks = [small(name, "AABBAABB" if name == "pubmedqa" else "AABB") for name in NINE]
    run = plan(store, *tasks, code="run-1")
    answer_all(store, run, [*"AABB" * 8, *"????????"])
    cell = only_block(lb.leaderboard(store)).rows[0].averages["acc"]
    assert cell.value == pytest.approx(8 / 9)
    assert cell.n == 40


def test_the_interval_of_an_average_joins_those_of_its_tasks() -> None:
    cells = {f"{name}:acc": _cell(0.5, 0.2) for name in "abcd"}
    found = average(Mean("acc", tuple("abcd")), cells)
    # half width of each 0.2: sqrt(4 * 0.04) / 4 = 0.1
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.4, 0.6))


def _cell(value: float, half: float) -> lb.Cell:
    return lb.Cell(value, value - half, value + half, 10, 0, 0, "acc")


def test_ways_of_asking_are_never_in_one_block(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"}, model="hf:org/a")
    other = ran(store, "run-2", {"medqa_4options": "AAAA"}, model="hf:org/b")
    with store.write() as transaction:
        ranked = update(run_tasks).where(run_tasks.c.run_id == other.run_id).values(way="rank")
        transaction.execute(ranked)
    blocks = lb.leaderboard(store).blocks
    assert [(block.way, [row.model for row in block.rows]) for block in blocks] == [
        ("generate", ["hf:org/a"]),
        ("rank", ["hf:org/b"]),
    ]


def test_examples_and_templates_are_another_way_of_asking(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"}, model="hf:org/a")
    ran(store, "run-2", {"medqa_4options": "AABB"}, model="hf:org/a", spec={"fewshot": 5})
    details = [block.details for block in lb.leaderboard(store).blocks]
    assert details == [(), ("5-shot",)]


def test_d29_a_readers_figures_are_a_block_of_their_own_beside_ours(store: Store) -> None:
    run = ran(store, "run-1", {"medqa_4options": "AABB"})
    _score_as(store, run, "acc@strict_template", 0.0)
    found = {
        block.variant: block.rows[0].cells["medqa_4options:acc"] for block in lb.leaderboard(store).blocks
    }
    assert {variant: (cell.value, cell.metric) for variant, cell in found.items()} == {
        "": (1.0, "acc"),
        "strict_template": (0.0, "acc@strict_template"),
    }


def _score_as(store: Store, run: Planned, metric: str, value: float) -> None:
    """Scores a whole run again under another name."""
    with store.write() as t:
        made = [
            _again(stored, metric, value) for stored in scored.scored_after(t, run.run_id, run.version_ids[0])
        ]
        scored.put_scores(t, made)
        board.note_rescored(t, run.run_id)


def _again(stored: scored.Stored, metric: str, value: float) -> scored.Reading:
    from filled import reading

    made = reading(stored, "A")
    return replace(made, scores=(replace(made.scores[0], metric=metric, value=value),))


def test_versions_of_a_task_have_columns_of_their_own_and_only_the_newest_is_averaged(store: Store) -> None:
    old = plan(store, small("medqa_4options", of=" (old)"), code="run-1", model="hf:org/old")
    answer_all(store, old, list("AABB"))
    ran(store, "run-2", {"medqa_4options": "AA??"}, model="hf:org/new")
    table = lb.leaderboard(store)
    mine = [column for column in table.columns if column.task == "medqa_4options"]
    assert [(column.is_old, column.key.count(":")) for column in mine] == [(False, 1), (True, 2)]
    rows = {row.model: row for row in only_block(table).rows}
    assert values(rows["hf:org/new"]) == {"medqa_4options:acc": 0.5}
    assert values(rows["hf:org/old"]) == {mine[1].key: 1.0}
    assert (rows["hf:org/old"].averages["acc"].has, rows["hf:org/new"].averages["acc"].has) == (0, 1)


def test_of_two_runs_on_one_task_the_larger_is_shown_and_the_other_stays_reachable(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"})
    small_run = plan(store, small("medqa_4options"), code="run-2", model="hf:org/m", planned=1)
    answer_all(store, small_run, ["?"])
    cell = only_block(lb.leaderboard(store)).rows[0].cells["medqa_4options:acc"]
    assert (cell.value, cell.runs) == (1.0, ("run-1", "run-2"))


def test_of_two_equal_runs_the_newer_is_shown(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"})
    ran(store, "run-2", {"medqa_4options": "AAAA"})
    cell = only_block(lb.leaderboard(store)).rows[0].cells["medqa_4options:acc"]
    assert (cell.value, cell.runs) == (0.5, ("run-2", "run-1"))


def test_rows_stand_in_the_order_that_is_asked_for(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB", "medmcqa": "A???"}, model="hf:org/a")
    ran(store, "run-2", {"medqa_4options": "AA??", "medmcqa": "AABB"}, model="hf:org/b")
    ran(store, "run-3", {"medmcqa": "AAB?"}, model="hf:org/c")
    rows = only_block(lb.leaderboard(store)).rows
    assert [row.model[-1] for row in lb.ordered(rows, "medqa_4options:acc")] == ["a", "b", "c"]
    assert [row.model[-1] for row in lb.ordered(rows, "medmcqa:acc")] == ["b", "c", "a"]


def test_d18_chance_and_the_best_constant_answer_stand_beside_an_accuracy(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"})
    columns = {column.key: column for column in lb.leaderboard(store).columns}
    mine = columns["medqa_4options:acc"]  # four options; gold is A, A, B, B
    assert (mine.chance, mine.majority, mine.items) == (0.25, 0.5, 4)
    untouched = columns["pubmedqa:acc"]
    assert (untouched.chance, untouched.majority) == (pytest.approx(1 / 3), 0.552)
    assert columns["pubmedqa:macro_f1"].chance is None


def test_a_benchmark_of_ones_own_gets_a_board(store: Store) -> None:
    ran(store, "run-1", {"mine/wards": "AABB"})
    assert lb.board_codes(store)[-1] == "mine"
    table = lb.leaderboard(store, "mine")
    assert ([column.key for column in table.columns], table.published) == (["mine/wards:acc"], ())
    assert values(only_block(table).rows[0]) == {"mine/wards:acc": 1.0}


def test_the_overview_of_meds_bench_shows_the_average_of_each_category(store: Store) -> None:
    ran(store, "run-1", {"meds_bench/task130": "AA??", "meds_bench/task117": "AABB"})
    table = lb.leaderboard(store, "meds_bench")
    cells = only_block(table).rows[0].cells
    assert table.section == "overview"
    assert cells["overview/Diagnosis:acc"].value == 0.5
    outcome = cells["overview/Clinical Outcome Prediction:acc"]
    assert (outcome.value, outcome.has, outcome.of) == (None, 1, 3)


def test_a_task_that_no_section_names_is_not_lost(store: Store) -> None:
    ran(store, "run-1", {"meds_bench/task9": "AABB"})
    assert lb.leaderboard(store, "meds_bench").sections[-1] == "more"
    table = lb.leaderboard(store, "meds_bench", "more")
    assert [column.task for column in table.columns] == ["meds_bench/task9"]


def test_named_runs_alone_can_be_asked_for(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"}, model="hf:org/a")
    ran(store, "run-2", {"medqa_4options": "AABB"}, model="hf:org/b")
    table = lb.leaderboard(store, runs=["run-2"])
    assert [row.model for row in only_block(table).rows] == ["hf:org/b"]


def test_where_a_model_runs_and_what_it_is_can_be_filtered(store: Store) -> None:
    for n, model in enumerate(("hf:org/llama", "api:near/gpt-4", "demo:strong", "BioMistral-7B")):
        ran(store, f"run-{n}", {"medqa_4options": "AABB"}, model=model)
    rows = only_block(lb.leaderboard(store)).rows
    assert {(row.place, row.model_class) for row in rows} == {
        ("local", "open"),
        ("api", "closed"),
        ("demo", "demo"),
        ("imported", "medical"),
    }


def test_lines_have_every_figure_once_with_its_source(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"})
    table = lb.leaderboard(store)
    ours = lb.lines(table, with_published=False)
    assert [(line.task, line.value, line.has, line.run) for line in ours] == [
        ("average:acc", None, 1, "run-1"),
        ("medqa_4options", 1.0, 1, "run-1"),
    ]
    printed = lb.lines(table)[2:]
    assert len(printed) == 477
    human = next(line for line in printed if line.model.startswith("human"))
    assert (human.origin, human.metric, human.n, human.source[:8]) == ("published", "acc", 500, "computed")


def _statements(store: Store) -> list[str]:
    seen: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    return seen


def test_a_second_look_computes_nothing_and_a_new_answer_only_its_own_cell(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"}, model="hf:org/a")
    run = plan(store, small("medmcqa"), code="run-2", model="hf:org/b")
    answer_all(store, run, ["A"])
    lb.leaderboard(store)
    seen = _statements(store)
    lb.leaderboard(store)
    assert _score_reads(seen) == 0
    answer_all(store, run, ["?"])
    seen.clear()
    rows = {row.model: row for row in only_block(lb.leaderboard(store)).rows}
    assert _score_reads(seen) == 1
    assert values(rows["hf:org/b"]) == {"medmcqa:acc": 0.5}


def _score_reads(seen: Sequence[str]) -> int:
    return sum("FROM records JOIN scores" in statement for statement in seen)


def test_scores_made_anew_are_seen_although_no_answer_came(store: Store) -> None:
    run = ran(store, "run-1", {"medqa_4options": "AABB"})
    assert _value(store) == 1.0
    with store.write() as t:
        stored = scored.scored_after(t, run.run_id, run.version_ids[0])
        made = [as_wrong(_again(one, "acc", 0.0)) for one in stored]
        scored.put_scores(t, made)
        board.note_rescored(t, run.run_id)
    assert _value(store) == 0.0


def _value(store: Store) -> float | None:
    return only_block(lb.leaderboard(store)).rows[0].cells["medqa_4options:acc"].value


def test_a_deleted_run_is_on_no_board(store: Store) -> None:
    from evalcore.store import runs as run_rows

    run = ran(store, "run-1", {"mine/wards": "AABB"})
    with store.write() as transaction:
        run_rows.set_deleted(transaction, run.run_id, True)
    assert "mine" not in lb.board_codes(store)
    assert read_all(store, run) == []


def test_scores_that_come_beside_a_reading_are_seen(store: Store) -> None:
    run = ran(store, "run-1", {"medqa_4options": "AABB"})
    assert len(lb.leaderboard(store).blocks) == 1
    with store.write() as t:
        stored = scored.scored_after(t, run.run_id, run.version_ids[0])
        made = [(one.response_id, ("published", 1), Score("acc@later", 1.0)) for one in stored]
        scored.add_scores(t, made)
    assert [block.variant for block in lb.leaderboard(store).blocks] == ["", "later"]


def test_what_was_added_up_outlives_the_process(store: Store) -> None:
    ran(store, "run-1", {"medqa_4options": "AABB"})
    first = lb.leaderboard(store)
    again = Store(store.engine.url.render_as_string(hide_password=False))
    seen = _statements(again)
    assert only_block(lb.leaderboard(again)).rows == only_block(first).rows
    assert _score_reads(seen) == 0
    again.close()
