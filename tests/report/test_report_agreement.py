"""Judges, people and metrics held against each other; every expected figure worked out by hand."""

import pytest
from filled import answer_all, entry, plan, task

from evalcore import report
from evalcore.exchange import ratings
from evalcore.store import Store, judging, reviews, scored
from evalcore.store import runs as run_rows
from evalcore.types import Score

PEOPLE = ["yes", "yes", "yes", "yes", "no", "no", "no", "no"]
JUDGE = ["yes", "yes", "yes", "no", "no", "no", "yes", "yes"]
HEAD = "run,item,reviewer,rubric,criterion,value\n"


@pytest.fixture
def answered(store: Store, tmp_path, monkeypatch) -> Store:
    """Eight answers; rule `acc` finds 1, 1, 1, 0, 0, 0, 0, 1. Four items are of neurology."""
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    subjects = ["cardiology"] * 4 + ["neurology"] * 4
    loaded = task([entry(f"q{n}", f"Question {n}?", subject=subjects[n]) for n in range(8)])
    run = plan(store, loaded, code="run-1")
    answer_all(store, run, list("AAABBBBA"))
    return store


def rate(store: Store, values, *, reviewer="ann", rubric="correctness", criterion="correct") -> None:
    rows = [f"run-1,q{n},{reviewer},{rubric},{criterion},{value}" for n, value in enumerate(values) if value]
    assert ratings.put(store, (HEAD + "\n".join(rows)).encode(), name="x.csv").skipped == ()


def rate_by_version(store: Store, version: int, values) -> None:
    """What Ann says by a version of the rubric."""
    with store.write() as transaction:
        run = run_rows.get_run(transaction, "run-1")
        (place,) = run_rows.tasks_of(transaction, run.id)
        rows = judging.judged_records(transaction, run.id, place.task_version_id)
        made = [
            reviews.Review(row.item_id, row.response_id, "ann", "correctness", version, {"correct": value})
            for row, value in zip(rows, values, strict=False)
        ]
        reviews.put_reviews(transaction, made)


def judge(store: Store, values, *, rubric="correctness", version=1, criterion="correct") -> None:
    """None: the judge's reply could not be read."""
    with store.write() as transaction:
        run = run_rows.get_run(transaction, "run-1")
        (place,) = run_rows.tasks_of(transaction, run.id)
        rows = judging.judged_records(transaction, run.id, place.task_version_id)
        ids = judging.put_subjects(transaction, [(row.item_id, (row.response_id,)) for row in rows])
        made = [
            judging.Verdict(
                *(subject, row.response_id, "gpt-x", rubric, version, criterion, 0, 0),
                *("ok" if value else "unreadable", {"value": value}),
            )
            for subject, row, value in zip(ids, rows, values, strict=True)
        ]
        judging.put_verdicts(transaction, made)


def test_a_judge_is_held_against_people_by_every_measure(answered):
    """Judge yes 5, people yes 4, both 3, neither 2: same 5/8; kappa (5/8 - 1/2) / (1/2); AC1 with chance
    2 * 9/16 * 7/16; F1 of yes 6/9, of no 4/7; bias (5 - 4) / 8.
    """
    rate(answered, PEOPLE)
    judge(answered, JUDGE)
    (found,) = report.agreement(answered).judges
    whole = found.whole
    assert (found.judge, found.rubric, whole.n, whole.labels) == ("gpt-x", "correctness-1", 8, ("no", "yes"))
    assert whole.table == ((2, 1), (2, 3))
    chance = 2 * 9 / 16 * 7 / 16
    expected = {
        "same": 5 / 8,
        "kappa": 0.25,
        "ac1": (5 / 8 - chance) / (1 - chance),
        "macro_f1": (6 / 9 + 4 / 7) / 2,
        "bias": 1 / 8,
    }
    for name, value in expected.items():
        estimate = getattr(whole, name)
        assert estimate.value == pytest.approx(value), name
        assert estimate.low <= value <= estimate.high
    assert whole.is_few, "8 pairs are under 30"


def test_specialties_are_told_apart_with_their_n(answered):
    rate(answered, PEOPLE)
    judge(answered, JUDGE)
    (found,) = report.agreement(answered).judges
    told = {one.specialty: (one.n, one.same.value) for one in found.specialties}
    assert told == {"cardiology": (4, 0.75), "neurology": (4, 0.5)}


def test_one_item_alone_has_no_interval(answered):
    rate(answered, ["yes"])
    judge(answered, JUDGE)
    (found,) = report.agreement(answered).judges
    assert (found.whole.same.value, found.whole.same.low, found.whole.same.high) == (1.0, None, None)


def test_each_pair_of_judge_and_person_counts_once(answered):
    rate(answered, PEOPLE)
    rate(answered, ["no", "no"], reviewer="bob")
    judge(answered, JUDGE)
    (found,) = report.agreement(answered).judges
    assert (found.whole.n, found.whole.answers, found.whole.same.value) == (10, 8, 0.5)


def test_a_verdict_that_could_not_be_read_is_missing_and_no_disagreement(answered):
    rate(answered, PEOPLE)
    judge(answered, ["yes", None, *JUDGE[2:]])
    (found,) = report.agreement(answered).judges
    assert (found.whole.n, found.whole.missing, found.whole.same.value) == (7, 1, 4 / 7)


def test_versions_of_a_rubric_stand_apart_and_numbers_weigh_by_distance(answered):
    rate(answered, "12345511", rubric="mmedbench", criterion="accuracy")
    judge(answered, "12345512", rubric="mmedbench", criterion="accuracy")
    judge(answered, "12345511", rubric="mmedbench", version=2, criterion="accuracy")
    first, second = report.agreement(answered).judges
    assert (first.rubric, second.rubric) == ("mmedbench-1", "mmedbench-2")
    assert (first.whole.weights, first.whole.bias.value) == ("quadratic", pytest.approx(0.25 / 8))
    assert (second.whole.kappa.value, second.whole.macro_f1.value) == (1.0, 1.0)
    assert first.criteria[0].criterion == "accuracy"


def test_ratings_without_a_rubric_meet_a_judge_on_the_same_criterion_and_scale(answered):
    rate(answered, "542", rubric="", criterion="accuracy")
    judge(answered, "54321111", rubric="mmedbench", criterion="accuracy")
    found = report.agreement(answered)
    (against,) = found.judges
    assert (against.whole.n, against.whole.same.value, found.unfit) == (3, pytest.approx(2 / 3), ())


def test_a_criterion_that_people_rated_on_another_scale_is_held_against_no_judge_and_told(answered):
    """People 1 to 10, the judge 1 to 5: 3 and 5 stand on both, and mean something else on each."""
    rate(answered, "359", rubric="", criterion="accuracy")
    rate(answered, "542", rubric="", criterion="reasoning")
    judge(answered, "13511111", rubric="mmedbench", criterion="accuracy")
    judge(answered, "54211111", rubric="mmedbench", criterion="reasoning")
    found = report.agreement(answered)
    assert [(one.criterion, one.n) for one in found.judges[0].criteria] == [("reasoning", 3)]
    assert found.unfit == (report.Unfit("ratings", "mmedbench", "accuracy", ("9",)),)


def test_who_rates_again_after_a_rubric_was_raised_counts_once_by_the_newest_version(answered):
    rate_by_version(answered, 2, ["no", "yes", "yes"])
    rate_by_version(answered, 1, ["yes", "yes", "yes"])
    judge(answered, JUDGE)
    found = report.agreement(answered)
    (against,) = found.judges
    assert (against.whole.n, against.whole.same.value, found.ratings) == (3, pytest.approx(2 / 3), 3)
    assert found.together == (), "one person alone"


def test_reviewers_are_held_against_each_other_where_both_rated(answered):
    rate(answered, PEOPLE)
    rate(answered, ["yes", "no", "", "", "no", "no"], reviewer="bob")
    (found,) = report.agreement(answered).reviewers
    (matched,) = found.matched
    assert (found.first, found.second, found.form) == ("ann", "bob", "correctness")
    assert (matched.n, matched.same.value, matched.table) == (4, 0.75, ((2, 0), (1, 1)))


def test_all_reviewers_together_are_told_by_alpha_though_not_everybody_rated_all(answered):
    """Four answers with two or three ratings on a scale of labels. Coincidences: q0 yes yes; q1 yes no;
    q2 no no; q3 yes yes no: yes-yes 2 + 1, no-no 2, apart 1 + 1 each way, so n = 9 (5 yes, 4 no); alpha =
    1 - 8 * (2 + 2) / (2 * 5 * 4) = 0.2.
    """
    rate(answered, ["yes", "yes", "no", "yes", "yes"])
    rate(answered, ["yes", "no", "no", "yes"], reviewer="bob")
    rate(answered, ["", "", "", "no"], reviewer="eve")
    (found,) = report.agreement(answered).together
    assert (found.form, found.criterion, found.people, found.is_ordinal) == (
        "correctness",
        "correct",
        3,
        False,
    )
    assert (found.alpha.value, found.alpha.n) == (pytest.approx(0.2), 4)


def test_metrics_and_judges_are_ranked_by_their_correlation_with_people(answered):
    """Both are right or wrong, so tau-b is phi: (3 * 3 - 1 * 1) / 16 for the rule."""
    rate(answered, PEOPLE)
    with answered.write() as transaction:
        run = run_rows.get_run(transaction, "run-1")
        (place,) = run_rows.tasks_of(transaction, run.id)
        rows = judging.judged_records(transaction, run.id, place.task_version_id)
        values = [1.0 if value == "yes" else 0.0 for value in PEOPLE]
        scored.add_scores(
            transaction,
            [
                (row.response_id, ("published", 1), Score("rating/gpt-x/correctness-1", value, ""))
                for row, value in zip(rows, values, strict=True)
            ],
        )
    best, rule = report.agreement(answered).metrics
    assert (best.metric, best.is_judge, best.tau.value) == ("rating/gpt-x/correctness-1", True, 1.0)
    assert (rule.metric, rule.is_judge, rule.tau.n) == ("acc", False, 8)
    assert rule.tau.value == pytest.approx(0.5)


def test_only_the_run_or_task_that_is_asked_for_is_counted(answered):
    rate(answered, PEOPLE)
    found = report.agreement(answered, run="run-9")
    assert (found.ratings, found.runs, found.tasks) == (0, ("run-1",), ("demo/small",))
    assert report.agreement(answered, task="demo/small").ratings == 8


def test_the_state_moves_with_every_rating(answered):
    before = report.agreement_state(answered)
    rate(answered, ["yes"])
    between = report.agreement_state(answered)
    judge(answered, JUDGE)
    assert before < between < report.agreement_state(answered)
