"""People's ratings from a table: good rows kept once, each bad one named, nothing of the items needed."""

import pytest
from filled import answer_all, four, plan
from sqlalchemy import select

from evalcore import report
from evalcore.errors import DataError, UsageError
from evalcore.exchange import ratings
from evalcore.store import Store
from evalcore.store.reviews import Review, places, put_reviews
from evalcore.store.schema import reviews

HEAD = "run,item,reviewer,criterion,value\n"


@pytest.fixture
def answered(store: Store, tmp_path, monkeypatch) -> Store:
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    run = plan(store, four(), code="abc-1")
    answer_all(store, run, ["It is A", "It is C", None, "It is D"])
    return store


def put(store: Store, text: str) -> ratings.Imported:
    return ratings.put(store, text.encode(), name="ratings.csv")


def kept(store: Store) -> list[tuple[str, str, int, dict]]:
    with store.read() as transaction:
        rows = transaction.execute(select(reviews).order_by(reviews.c.id))
        return [(row.reviewer, f"{row.form}-{row.form_version}", row.revision, row.verdict) for row in rows]


def test_the_ratings_of_one_person_on_one_answer_are_one_review(answered):
    found = put(answered, HEAD + "abc-1,q1,ann,accuracy,4\nabc-1,q1,ann,reasoning,5\nabc,q2,bob,accuracy,1\n")
    assert (found.ratings, found.records, found.revisions, found.skipped) == (3, 2, 2, ())
    assert kept(answered) == [
        ("ann", "ratings-1", 1, {"accuracy": "4", "reasoning": "5"}),
        ("bob", "ratings-1", 1, {"accuracy": "1"}),
    ]


def test_the_same_file_twice_changes_nothing_and_another_value_is_a_revision(answered):
    text = HEAD + "abc-1,q1,ann,accuracy,4\nabc-1,q1,ann,reasoning,5\n"
    put(answered, text)
    again = put(answered, text)
    assert (again.ratings, again.records, again.revisions) == (2, 1, 0)
    assert put(answered, HEAD + "abc-1,q1,ann,accuracy,2\n").revisions == 1
    assert [row[2:] for row in kept(answered)] == [
        (1, {"accuracy": "4", "reasoning": "5"}),
        (2, {"accuracy": "2", "reasoning": "5"}),
    ]


def test_rated_records_are_found_by_the_filter_reviewed(answered):
    put(answered, HEAD + "abc-1,q2,ann,accuracy,4\n")
    found = report.records(answered, report.record_filter(answered, reviewed=True))
    assert [row.item for row in found.rows] == ["q2"]
    (review,) = report.record(answered, found.rows[0].work_id).reviews
    assert (review.reviewer, review.verdict) == ("ann", {"accuracy": "4"})


def test_every_bad_row_is_named_with_its_reason_and_the_good_ones_stay(answered):
    rows = [
        "abc-1,q1,ann,accuracy,4",
        "nowhere,q1,ann,accuracy,4",
        "abc-1,q9,ann,accuracy,4",
        "abc-1,q3,ann,accuracy,4",
        "abc-1,q1,,accuracy,4",
        "abc-1,q1,ann,accuracy,3",
        "abc-1,q1,ann",
    ]
    found = put(answered, HEAD + "\n".join(rows) + "\n")
    assert found.ratings == 1
    assert [one.where for one in found.skipped] == [f"row {n}" for n in (8, 3, 4, 5, 6, 7)]
    reasons = " | ".join(one.why for one in found.skipped)
    for words in (
        "there is no run 'nowhere'",
        "has no item 'q9'",
        "no answer to this item",
        "reviewer is empty",
        "the same rating stands in row 2 with '4'",
        "columns (n: 3, wanted: 5)",
    ):
        assert words in reasons


def test_with_a_rubric_values_are_held_to_its_scale_and_spelled_as_it_does(answered):
    head = "Run,Task,Item,Rater,Rubric,Criterion,Value\n"
    rows = [
        "abc-1,demo/small,q1,ann,mmedbench,accuracy,4.0",
        "abc-1,demo/small,q2,ann,mmedbench-1,accuracy,6",
        "abc-1,demo/small,q2,ann,mmedbench,kindness,3",
        "abc-1,demo/other,q2,ann,mmedbench,accuracy,3",
        "abc-1,demo/small,q2,ann,correctness,correct,TRUE",
    ]
    found = put(answered, head + "\n".join(rows) + "\n")
    assert [row[1:] for row in kept(answered)] == [
        ("mmedbench-1", 1, {"accuracy": "4"}),
        ("correctness-1", 1, {"correct": "yes"}),
    ]
    reasons = [one.why for one in found.skipped]
    assert reasons[0] == "'6' is not on the scale: 1, 2, 3, 4, 5"
    assert reasons[1] == "mmedbench-1 has no criterion 'kindness'; it has accuracy, reasoning, knowledge"
    assert reasons[2] == "run abc-1 has no item 'q2' of task 'demo/other'"


def test_an_item_of_two_tasks_needs_the_column_task(store, tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    run = plan(store, four("demo/one"), four("demo/two"), code="two-1")
    answer_all(store, run, ["A"] * 8)
    found = put(store, HEAD + "two-1,q1,ann,accuracy,4\n")
    assert found.skipped[0].why == (
        "item 'q1' stands in several tasks (demo/one, demo/two): add the column task"
    )
    head = HEAD.replace("run,", "run,task,")
    assert put(store, head + "two-1,demo/two,q1,ann,accuracy,4\n").ratings == 1


def test_a_file_without_the_columns_says_which_one_is_missing(answered):
    with pytest.raises(DataError, match="no column 'reviewer'; it has run, item, score"):
        put(answered, "run,item,score\nabc-1,q1,4\n")


def test_a_template_names_every_answer_and_criterion_and_reads_back_when_filled(answered):
    text = ratings.template(answered, "abc-1", "mmedbench", reviewer="ann")
    lines = text.splitlines()
    assert lines[0] == "run,task,item,reviewer,rubric,criterion,value"
    assert len(lines) == 1 + 3 * 3, "three of four items were answered, each has three criteria"
    assert put(answered, text).ratings == 0, "an empty value is no rating"
    filled = "\n".join([lines[0], *(f"{line}5" for line in lines[1:])])
    found = put(answered, filled)
    assert (found.ratings, found.records, found.skipped) == (9, 3, ())


def test_a_template_by_a_rubric_that_fits_nothing_says_so(answered):
    with pytest.raises(UsageError, match="no answer that healthbench-1 can be applied to"):
        ratings.template(answered, "abc-1", "healthbench")


def test_ratings_are_written_as_they_can_be_read_again(answered, tmp_path):
    head = "run,item,reviewer,rubric,criterion,value\n"
    rows = "abc-1,q1,ann,mmedbench,accuracy,4\nabc-1,q1,ann,,tone,=good\nabc-1,q2,bob,ward form,harm,none\n"
    put(answered, head + rows)
    put(answered, head + "abc-1,q1,ann,mmedbench,accuracy,5\n")
    path = tmp_path / "out.csv"
    assert ratings.write(answered, ["abc-1"], path) == 3
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "run,task,item,sample,reviewer,rubric,criterion,value"
    assert sorted(lines[1:]) == [
        "abc-1,demo/small,q1,0,ann,,tone,'=good",
        "abc-1,demo/small,q1,0,ann,mmedbench-1,accuracy,5",
        "abc-1,demo/small,q2,0,bob,ward form,harm,none",
    ]
    again = ratings.put(answered, path)
    assert (again.ratings, again.revisions, again.skipped) == (3, 0, ())
    assert ratings.is_ratings(path) and not ratings.is_ratings(tmp_path / "other.json")


def test_ratings_by_two_versions_of_a_rubric_are_written_once_as_the_newest_says(answered, tmp_path):
    put(answered, "run,item,reviewer,rubric,criterion,value\nabc-1,q1,ann,mmedbench,accuracy,4\n")
    with answered.write() as transaction:
        (place,) = places(transaction, 1, "q1")
        later = Review(place.item_id, place.response_id, "ann", "mmedbench", 2, {"accuracy": "2"})
        put_reviews(transaction, [later])
    path = tmp_path / "out.csv"
    assert ratings.write(answered, ["abc-1"], path) == 1
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        "abc-1,demo/small,q1,0,ann,mmedbench,accuracy,2"
    ]
