"""What a judge is to be asked, settled before anything is paid."""

from dataclasses import replace

import pytest
from filled import claim, entry, keep, plan, reading, says, task

from evalcore import runs
from evalcore.errors import UsageError
from evalcore.store import Store, scored
from evalcore.types import AnswerState


def answered(store: Store, states: list[AnswerState]) -> str:
    """A run of multiple choice whose replies were read so."""
    run = plan(store, task([entry(f"q{n}", f"Question {n}?") for n in range(len(states))]))
    for claimed in claim(store, run):
        keep(store, claimed, says("Some words."))
    with store.write() as transaction:
        made = [reading(stored, "A") for stored in scored.unscored(transaction, run.run_id)]
        pairs = zip(made, states, strict=True)
        scored.put_readings(
            transaction, [replace(one, answer=replace(one.answer, state=state)) for one, state in pairs]
        )
    return run.code


def test_only_replies_that_may_hold_an_answer_are_sent_to_a_judge_that_extracts(store: Store) -> None:
    run = answered(store, list(AnswerState))
    spec = runs.JudgeSpec("demo:weak", run, "extraction", again=0.0)
    planned = runs.plan_judging(store, spec)
    asked = [one.judged.answer_state for _, wanted in planned.tasks for one in wanted]
    assert (asked, planned.calls) == (["ambiguous", "unreadable"], 2)


def test_a_run_whose_replies_are_empty_or_refusals_has_nothing_to_extract(store: Store) -> None:
    run = answered(store, [AnswerState.EMPTY] * 5 + [AnswerState.REFUSED] * 5)
    with pytest.raises(UsageError, match="nothing to judge .*: no reply was left ambiguous or unreadable"):
        runs.plan_judging(store, runs.JudgeSpec("demo:weak", run, "extraction", again=0.0))


def twice(planned: runs.JudgePlan) -> set[tuple[int, str]]:
    """Position and criterion of the calls that are made twice."""
    found = [one for _, wanted in planned.tasks for one in wanted]
    return {(one.judged.position, name) for one in found for name, _, repeat in one.places if repeat}


def test_about_one_call_in_20_is_made_twice_and_the_same_ones_however_many_are_judged(store: Store) -> None:
    """Of 120 calls 6 are expected, with a standard deviation of 2.4."""
    spec = runs.JudgeSpec("demo:weak", answered(store, [AnswerState.READ] * 40), "mmedbench")
    everything = twice(runs.plan_judging(store, spec))
    assert 1 <= len(everything) <= 15
    assert twice(runs.plan_judging(store, spec, 20)) == {one for one in everything if one[0] < 20}
