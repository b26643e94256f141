"""What judges said, as figures: the same in a judge's own table and in the run's; every value by hand."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from filled import Planned, claim, entry, keep, plan, says, task
from sqlalchemy import select

from evalcore import report, runs
from evalcore.judge import edition_of
from evalcore.report.leaderboard import leaderboard
from evalcore.store import Store, registry, scored, work
from evalcore.store import runs as run_rows
from evalcore.store.schema import responses
from evalcore.store.work import Claimed
from evalcore.types import Criterion, Failure, Key, Kind, LoadedTask, Response

Said = Callable[[Claimed], str | Failure | None]
LOST = Failure("bad_reply", "The endpoint sent no JSON.", is_final=True)
FILTERED = Failure("content_filter", "The content filter stopped the answer.", is_final=True)


def conversations(*points: tuple[int, ...], task_id: str = "mine/talks") -> LoadedTask:
    """An item for each tuple, with a criterion for each number of points."""
    entries = []
    for n, given in enumerate(points):
        rubric = tuple(Criterion(f"item {n} criterion {m}", one, ("axis:a",)) for m, one in enumerate(given))
        bare = entry(f"q{n}", f"What helps in case {n}?")
        entries.append(replace(bare, key=Key((), "published", 1, rubric=rubric)))
    made = task(entries, task_id)
    return replace(made, task=replace(made.task, kind=Kind.RUBRIC, metrics=()))


def answered(store: Store, loaded: LoadedTask, text: str = "Rest.", code: str = "run-1") -> Planned:
    run = plan(store, loaded, code=code)
    for one in claim(store, run):
        keep(store, one, says(text))
    runs.score_waiting(store, run.run_id)
    return run


def judged(store: Store, run: Planned, said: Said, *, judge: str = "one", **more: object) -> str:
    """A judge that says what a test says, call by call; None: the call stays open."""
    with store.write() as t:
        endpoint = {"name": "ward", "base_urls": ["http://127.0.0.1:9/v1"], "key_env": "", "rpm": 0, "tpm": 0}
        registry.put_endpoint(
            t, endpoint | {"in_flight": 1, "price_in": None, "price_out": None, "is_local": True}
        )
    wanted = {"rubric": "healthbench", "again": 0.0} | more
    code = runs.judge_run(store, runs.JudgeSpec(f"api:ward/{judge}", run.code, **wanted))  # type: ignore[arg-type]
    with store.write() as t:
        judge_id = run_rows.get_run(t, code).id
        calls = work.claim(t, judge_id, run.worker_id, 100)
        prompt = t.execute(select(responses.c.prompt_key)).scalars().first()
        for call in calls:
            what = said(call)
            if isinstance(what, str):
                work.store_answered(t, [work.Finished(call, _verdict(what), prompt, f"ask-{call.work_id}")])
            elif what is not None:
                scored.put_missing(t, work.store_failures(t, [(call, what)]))
    runs.score_waiting(store, judge_id)
    return code


def _verdict(value: str) -> Response:
    if value == "nothing":
        return says("Hm.")
    return says(json.dumps({"explanation": "It is so.", "quote": "", "verdict": value}))


def tables(store: Store, run: Planned, code: str, task_id: str = "mine/talks") -> tuple[dict, dict]:
    """The figures of the run's own table and of the judge's."""
    ours = report.run_result(store, run.code).tasks[task_id].metrics
    return dict(ours), dict(report.judge_result(store, code).tasks[task_id].metrics)


RUBRIC = "rubric/one/healthbench-1"


def test_an_item_of_which_a_call_is_open_has_no_score(store: Store) -> None:
    """+5, +5 met and the -10 not asked yet: 1.0 of what was asked, 0.0 when it is met, too."""
    run = answered(store, conversations((5, 5, -10)))
    code = judged(store, run, lambda call: None if call.criterion == "criterion-3" else "yes")
    found = report.judge_result(store, code)
    figure = found.tasks["mine/talks"].metrics[RUBRIC]
    assert (figure.value, figure.n, figure.unscored) == (None, 0, 1)
    assert (found.judgements["ok"], found.open) == (2, 1)


def test_items_whose_negative_criterion_is_unreadable_have_no_score(store: Store) -> None:
    run = answered(store, conversations((5, -10), (5, -10)))
    code = judged(store, run, lambda call: "nothing" if call.criterion == "criterion-2" else "yes")
    for table in tables(store, run, code):
        assert (table[RUBRIC].value, table[RUBRIC].n, table[RUBRIC].unscored) == (None, 0, 2)


def test_points_are_one_figure_in_both_tables_clipped_with_the_unclipped_beside_it(store: Store) -> None:
    """One item loses 15 of 5 points (-3), one has all (1): -1, clipped 0."""
    run = answered(store, conversations((5, -15), (5,)))
    code = judged(store, run, lambda call: "no" if (call.position, call.criterion[-1]) == (0, "1") else "yes")
    ours, theirs = tables(store, run, code)
    assert (ours[RUBRIC].value, ours[f"{RUBRIC}/unclipped"].value) == (0.0, -1.0)
    assert ours.items() <= theirs.items()
    assert theirs["rubric/one/healthbench-1/tag:axis:a"].value == 0.0


def test_a_failed_call_leaves_its_item_unscored_in_both_tables_and_stands_among_the_verdicts(
    store: Store,
) -> None:
    """Three criteria of three items, one of nine calls failed."""
    run = answered(store, conversations(*[(5, 3, -2)] * 3))
    code = judged(store, run, lambda c: LOST if (c.position, c.criterion) == (1, "criterion-2") else "yes")
    ours, theirs = tables(store, run, code)
    assert (ours[RUBRIC].value, ours[RUBRIC].n, ours[RUBRIC].unscored) == (0.75, 2, 1)
    assert ours.items() <= theirs.items()
    record = report.record_at(store, run.code, "mine/talks", "q1")
    (lost,) = [one for one in record.judgements if one.state != "ok"]
    assert (lost.judge, lost.rubric, lost.criterion, lost.state) == (
        "one",
        "healthbench-1",
        "criterion-2",
        "failed",
    )
    assert lost.verdict["why"] == "bad_reply: The endpoint sent no JSON."
    (panel,) = report.panels(record)
    states = {one.name: [verdict.state for verdict in one.verdicts] for one in panel.criteria}
    assert states == {"criterion-1": ["ok"], "criterion-2": ["failed"], "criterion-3": ["ok"]}


def test_a_failed_call_about_several_criteria_is_shown_for_each_of_them(store: Store) -> None:
    run = answered(store, conversations((5, 3, -2)))
    judged(store, run, lambda call: FILTERED, batch=2)
    record = report.record_at(store, run.code, "mine/talks", "q0")
    assert [one.criterion for one in record.judgements] == ["criteria 1-2", "criteria 3-3"]
    (panel,) = report.panels(record)
    assert [one.name for one in panel.criteria] == ["criterion-1", "criterion-2", "criterion-3"]
    assert {verdict.judge for one in panel.criteria for verdict in one.verdicts} == {"one batch=2"}


def test_a_call_that_a_content_filter_stopped_is_refused_and_not_failed(store: Store) -> None:
    run = answered(store, conversations((5, 3)))
    code = judged(store, run, lambda call: FILTERED if call.criterion == "criterion-1" else LOST)
    counts = report.judge_result(store, code).judgements
    assert (counts["refused"], counts["failed"]) == (1, 1)
    record = report.record_at(store, run.code, "mine/talks", "q0")
    assert {one.criterion: one.state for one in record.judgements} == {
        "criterion-1": "refused",
        "criterion-2": "failed",
    }


def test_no_overall_figure_mixes_naming_the_error_with_answering_anyway(store: Store) -> None:
    """The best reply names it (yes) and does not answer (no), the worst the other way round."""
    run = answered(store, task([entry("q0", "Which drug?")], "mine/choice"), "None fits.")
    verdicts = {"error_named": "yes", "answered_anyway": "no"}
    code = judged(store, run, lambda call: verdicts[call.criterion], rubric="counterfactual")
    metrics = report.judge_result(store, code).tasks["mine/choice"].metrics
    base = "counterfactual/one/counterfactual-1"
    assert {name: figure.value for name, figure in metrics.items()} == {
        f"{base}/error_named": 1.0,
        f"{base}/answered_anyway": 0.0,
    }


def test_what_a_judge_reads_is_one_figure_over_all_items_in_both_tables(store: Store) -> None:
    """Eight of ten replies are read and wrong, two that no rule reads are rescued: 0.2, not 1.0."""
    run = plan(store, task([entry(f"q{n}", f"Which drug in case {n}?") for n in range(10)], "mine/choice"))
    for one in claim(store, run):
        keep(store, one, says("The answer is B." if one.position < 8 else "It could be A or it could be B."))
    runs.score_waiting(store, run.run_id)
    code = judged(store, run, lambda call: "A", rubric="extraction")
    ours, theirs = tables(store, run, code, "mine/choice")
    rescued = ours["acc/one/extraction-1"]
    assert (rescued.value, rescued.n, rescued.unscored) == (0.2, 10, 0)
    base = "extraction/one/extraction-1/acc by rules"
    assert (theirs[base], theirs[f"{base}, then judge"]) == (ours["acc"], rescued)
    assert (ours["acc"].value, ours["acc"].n) == (0.0, 10)
    nothing = judged(store, run, lambda call: LOST, judge="two", rubric="extraction")
    runs.delete(store, nothing)
    metrics = report.judge_result(store, nothing).tasks["mine/choice"].metrics
    assert set(metrics) == {base.replace("one", "two")}, "a judge off the lists that read nothing"


def test_one_judge_asked_with_two_seeds_is_no_jury(store: Store) -> None:
    run = answered(store, task([entry("q0", "Which drug?")], "mine/choice"))
    first, again = (
        judged(store, run, lambda call: "yes", rubric="correctness", seed=seed) for seed in (1, 2)
    )
    assert report.jury_result(store, [first, again]).jury == {}
    third = judged(store, run, lambda call: "no", judge="two", rubric="correctness")
    found = report.jury_result(store, [first, again, third])
    assert {name: figure.value for name, figure in found.jury["mine/choice"].items()} == {
        "jury": 0.5,
        "without:one": 0.0,
        "without:two": 1.0,
    }
    assert (found.quorum, report.jury_result(store, [first, third], 1).quorum) == (2, 1)


def test_a_comparison_measures_what_was_shown_and_looks_at_the_makers_of_both_models(store: Store) -> None:
    """Both show 5 characters; the thinking before ours would make it the longer one."""
    asked = task([entry("q0", "Which drug?")], "mine/choice")
    ours = answered(store, asked, "<think>It is long, long, long.</think>Rest.")
    other = plan(
        store,
        asked,
        code="run-2",
        model="hf:meta-llama/Llama-3-8B",
        spec={"model": "hf:meta-llama/Llama-3-8B"},
    )
    for one in claim(store, other):
        keep(store, one, says("Care."))
    runs.score_waiting(store, other.run_id)
    more = {"rubric": "pairwise", "against": other.code}
    code = judged(store, ours, lambda call: "BA"[call.option_order], judge="llama-3-70b", **more)
    found = report.judge_result(store, code)
    figures = found.tasks["mine/choice"].metrics
    longer = figures["pairwise/llama-3-70b/pairwise-1/longer_rate"]
    assert (figures["win_rate/llama-3-70b/pairwise-1"].value, longer.n) == (0.0, 0)
    assert found.is_same_family


def test_points_adjusted_for_length_stand_under_the_editions_name_in_both_tables(store: Store) -> None:
    """3,000 characters after a thought that costs nothing are two times 500 too many: 1 - 2 * 0.0392."""
    loaded = conversations((5,), (5, 3), task_id="rubric/healthbench_hard")
    run = answered(store, loaded, f"<think>{'long ' * 500}</think>" + "R" * 3000)
    code = judged(store, run, lambda c: LOST if c.criterion == "criterion-2" else "yes")
    ours, theirs = tables(store, run, code, "rubric/healthbench_hard")
    adjusted = ours["rubric@length_adjusted_hard/one/healthbench-1"]
    assert (adjusted.value, adjusted.n, adjusted.unscored) == (pytest.approx(0.9216), 1, 1)
    assert ours[RUBRIC].value == 1.0 and ours.items() <= theirs.items()
    (panel,) = report.panels(report.record_at(store, run.code, "rubric/healthbench_hard", "q0"))
    assert panel.scores["one"].value == 1.0


def test_the_length_penalty_is_the_released_editions_or_the_regular_one() -> None:
    names = ("rubric/healthbench", "rubric/healthbench_consensus", "rubric/demo", "mine/so_hard")
    assert [edition_of(name) for name in names] == ["regular", "consensus", "regular", "regular"]


def test_the_leaderboard_takes_the_clipped_points_and_the_adjusted_ones_as_a_block_of_their_own(
    store: Store,
) -> None:
    run = answered(store, conversations((5, -15), task_id="rubric/demo"), "R" * 2500)
    judged(store, run, lambda call: "yes")
    table = leaderboard(store, "rubric")
    found = {block.variant: [cell.value for cell in block.rows[0].cells.values()] for block in table.blocks}
    assert found == {"one/healthbench-1": [0.0], "length_adjusted_regular/one/healthbench-1": [0.0]}


def test_before_the_first_verdict_there_is_no_coverage(store: Store) -> None:
    run = answered(store, conversations((5, 3)))
    found = report.judge_result(store, judged(store, run, lambda call: None))
    assert (found.coverage, found.open, sum(found.judgements.values())) == (None, 2, 0)
