"""The nine tasks from small written files (what can go wrong) and from the real ones (the known traps)."""

import json

import pytest

from evalcore import benchmarks
from evalcore.errors import DataError


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")


def medqa(**changes):
    endings = {f"ending{i}": f"option {i}" for i in range(4)}
    return {"id": "test-1", "sent1": "Which?", "sent2": "", **endings, "label": 2, **changes}


def medmcqa(**changes):
    options = {"opa": "w", "opb": "x", "opc": "y", "opd": "z"}
    row = {"id": "id-1", "question": "Which?", **options, "cop": 0, "choice_type": "multi"}
    return {**row, "exp": "Because.", "subject_name": "ENT", "topic_name": None, **changes}


MEDQA = "GBaker/MedQA-USMLE-4-options-hf/test.json"
MEDMCQA = "openlifescienceai/medmcqa/data/validation.jsonl"


def test_a_medqa_row_becomes_an_item_and_a_key(copies):
    write(copies / MEDQA, [medqa()])
    (entry,) = benchmarks.load("medqa_4options").entries
    assert (entry.item_id, entry.item.question) == ("test-1", "Which?")
    assert [(o.label, o.text) for o in entry.item.options][2] == ("C", "option 2")
    assert entry.key.acceptable == (("C",),)


def test_d5_the_five_option_edition_of_medqa_is_refused(copies):
    write(copies / MEDQA, [medqa(), medqa(id="test-2", ending4="option 4")])
    with pytest.raises(DataError, match=r"medqa_4options row 2 \(id test-2\) has five options"):
        benchmarks.load("medqa_4options")


def test_a_gold_outside_the_options_is_refused_by_name(copies):
    write(copies / MEDQA, [medqa(), medqa(id="test-9", label=4)])
    with pytest.raises(DataError, match=r"medqa_4options row 2 \(id test-9\): gold is '4'"):
        benchmarks.load("medqa_4options")


def test_an_id_that_stands_twice_is_refused_by_name(copies):
    write(copies / MEDQA, [medqa(), medqa()])
    with pytest.raises(DataError, match="medqa_4options: the item id 'test-1' stands twice"):
        benchmarks.load("medqa_4options")


def test_a_file_of_another_edition_is_refused_with_the_missing_column(copies):
    write(copies / MEDQA, [{"question": "Which?", "answer_idx": "C"}])
    with pytest.raises(DataError, match="has no 'ending0'.*its columns: answer_idx, question"):
        benchmarks.load("medqa_4options")


def test_a_medmcqa_row_keeps_explanation_and_specialty_and_has_one_gold_though_typed_multi(copies):
    write(copies / MEDMCQA, [medmcqa()])
    (entry,) = benchmarks.load("medmcqa").entries
    assert entry.key.acceptable == (("A",),)
    assert (entry.key.rationale, entry.item.meta) == ("Because.", {"subject": "ent"})


@pytest.mark.parametrize(("cop", "why"), [(4, "count from 1"), (-1, "hidden")])
def test_d3_medmcqa_with_golds_from_one_or_hidden_is_refused_by_name(cop, why, copies):
    write(copies / MEDMCQA, [medmcqa(), medmcqa(id="id-7", cop=cop)])
    with pytest.raises(DataError, match=rf"medmcqa row 2 \(id id-7\): gold is '{cop}'.*{why}"):
        benchmarks.load("medmcqa")


def test_mmlu_golds_may_be_letters_as_in_the_original_files(copies):
    rows = [{"question": "Q", "choices": ["2:25", "15:02", "1:05", "30:02:00"], "answer": "D"}]
    write(copies / "cais/mmlu/anatomy/test.jsonl", rows)
    (entry,) = benchmarks.load("mmlu_anatomy").entries
    assert entry.key.acceptable == (("D",),)
    assert entry.item.text_of("D") == "30:02:00"
    assert entry.item.meta == {"subject": "anatomy"}


@pytest.mark.parametrize("answer", ["", "AB", "E", 4, None])
def test_an_mmlu_gold_that_is_no_option_is_refused_by_name(answer, copies):
    rows = [{"question": "Q", "choices": ["a", "b", "c", "d"], "answer": answer}]
    write(copies / "cais/mmlu/anatomy/test.jsonl", rows)
    with pytest.raises(DataError, match="mmlu_anatomy item 0"):
        benchmarks.load("mmlu_anatomy")


def test_a_pubmedqa_file_that_lacks_official_items_is_refused(copies):
    row = {"pubid": 21645374, "question": "Do?", "context": {"contexts": ["a"]}, "final_decision": "yes"}
    write(copies / "qiaojin/PubMedQA/pqa_labeled/train.jsonl", [row])
    with pytest.raises(DataError, match="499 of 500 official test items are not in the file"):
        benchmarks.load("pubmedqa")


def test_a_pubmedqa_gold_that_is_no_verdict_is_refused_by_name(copies):
    row = {"pubid": 21645374, "question": "Do?", "context": {"contexts": ["a"]}, "final_decision": "perhaps"}
    write(copies / "qiaojin/PubMedQA/pqa_labeled/train.jsonl", [row])
    with pytest.raises(DataError, match="PMID 21645374: gold is 'perhaps', not yes, no or maybe"):
        benchmarks.load("pubmedqa")


def test_pubmedqa_has_276_yes_169_no_and_55_maybe(hub):
    golds = [entry.key.acceptable for entry in benchmarks.load("pubmedqa").entries]
    assert [golds.count(((word,),)) for word in ("yes", "no", "maybe")] == [276, 169, 55]


def test_78_questions_of_two_mmlu_tasks_are_the_same_items(hub):
    first, second = (benchmarks.load(f"mmlu_{name}") for name in ("clinical_knowledge", "college_medicine"))
    golds = {entry.item.sha: entry.key.acceptable for entry in first.entries}
    shared = [entry for entry in second.entries if entry.item.sha in golds]
    assert len(shared) == 78
    assert all(golds[entry.item.sha] == entry.key.acceptable for entry in shared)


def test_examples_are_left_unread_on_request_and_the_version_stays(hub):
    with_pool = benchmarks.load("mmlu_anatomy")
    without = benchmarks.load("mmlu_anatomy", with_examples=False)
    assert [entry.item_id for entry in with_pool.fewshot] == ["dev-0", "dev-1", "dev-2", "dev-3", "dev-4"]
    assert without.fewshot == ()
    assert without.version == with_pool.version


def test_d22_professional_medicine_is_the_published_set_of_272_with_gold_d_in_122(hub):
    golds = [entry.key.acceptable for entry in benchmarks.load("mmlu_professional_medicine").entries]
    assert (golds.count((("D",),)), len(golds)) == (122, 272)


def test_option_texts_that_look_like_times_are_text(hub):
    texts = [[o.text for o in e.item.options] for e in benchmarks.load("mmlu_clinical_knowledge").entries]
    assert ["2:25", "15:02", "1:05", "30:02:00"] in texts


def test_the_items_of_medmcqa_whose_gold_text_stands_twice_accept_both_letters(hub):
    entries = benchmarks.load("medmcqa").entries
    twice = [entry for entry in entries if len(entry.key.acceptable) > 1]
    assert 0 < len(twice) <= 21
    for entry in twice:
        texts = {
            entry.item.text_of(label).strip().casefold().rstrip(".") for (label,) in entry.key.acceptable
        }
        assert len(texts) == 1


def test_a_version_changes_with_a_key_and_not_with_the_place_it_was_read_from(copies):
    write(copies / MEDQA, [medqa()])
    before = benchmarks.load("medqa_4options").version
    write(copies / MEDQA, [medqa(label=1)])
    assert benchmarks.load("medqa_4options").version != before
    (copies / MEDQA).write_text(json.dumps([medqa()]), "utf-8")
    assert benchmarks.load("medqa_4options").version == before


def test_d21_medmcqa_golds_that_stand_twice_among_the_options_accept_each_of_their_letters(hub):
    """21 items have two equal options (benchmarks.md D21); in these four the gold is one of them."""
    entries = benchmarks.load("medmcqa", with_examples=False).entries
    equal = [one for one in entries if len({option.text for option in one.item.options}) < 4]
    assert len(equal) == 21
    assert {one.item_id[:8]: len(one.key.acceptable) for one in entries if len(one.key.acceptable) > 1} == {
        "0190dc62": 2,
        "0447b9a2": 4,
        "6946c04c": 2,
        "47e35777": 2,
    }
