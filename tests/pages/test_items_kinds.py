"""Items shows each kind of item as a reader needs it; marks have signs and words, not only colours."""

import html
import re
import time

import kinds
import pytest
from kinds import entry, loaded, named, say, talk, verdict
from sqlalchemy import update
from test_items import home, opened, shown

from evalcore import benchmarks, report
from evalcore.exchange import ratings
from evalcore.store import Store
from evalcore.store.schema import reviews
from evalcore.types import Criterion, Item, Kind, LoadedTask, Score
from pages.ui import text

__all__ = ["home"]


@pytest.fixture
def store(home):
    one = Store()
    yield one
    one.close()


def words(page: str) -> str:
    """What a reader sees, without tags and style sheets."""
    bare = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "\u2009", bare))


def seen(work_id: int, **query: object) -> str:
    return shown(opened(item=work_id, **query))


def marks(page: str) -> list[tuple[str, str]]:
    """(kind, text) of everything that is marked, in order."""
    found = re.findall(r'<mark class="rd-mark ([^"]+)"[^>]*>([^<]*)</mark>', page)
    return [(kind.replace("rd-", ""), html.unescape(text)) for kind, text in found]


def chips(page: str) -> list[tuple[str, str]]:
    """(sign, text) of lists of entities and facts."""
    found = re.findall(r'rd-chip-sign" title="[^"]*">(.)</span><div class="rd-text" dir="auto">([^<]*)', page)
    return [(sign, html.unescape(text)) for sign, text in found]


def test_the_conversation_before_a_question_stands_as_turns(store):
    turns = (("user", "I have a rash."), ("assistant", "Since when?"))
    item = Item("Since Monday. What is it?", turns=turns)
    page = words(seen(say(store, loaded(Kind.RUBRIC, [entry("a", item)]), "A rash.")))
    assert page.index("User") < page.index("I have a rash.") < page.index("Assistant")
    assert page.index("Since when?") < page.index("Since Monday.")


def test_a_consultation_names_its_speakers_and_the_tested_one(store):
    key = (("2 days", "no fever"), ("rash",), ("urticaria",))
    one = loaded(Kind.DIALOGUE, [entry("a", Item("Ask.", context="A rash for 2 days, no fever."), *key)])
    said = ["It itches.", "Since when?", "For 2 days now.", "This is urticaria, a rash of wheals."]
    work_id = talk(store, one, said)
    record = report.record(store, work_id)
    assert [(turn.role, turn.is_tested) for turn in record.dialogue] == [
        ("patient", False),
        ("doctor", True),
        ("patient", False),
        ("doctor", True),
    ]
    page = seen(work_id)
    assert words(page).count("Doctor · tested model") == 2
    assert [words(page).index(text) for text in said] == sorted(words(page).index(text) for text in said)
    assert chips(page) == [("✓", "2 days"), ("○", "no fever"), ("✓", "rash"), ("✓", "urticaria")]
    assert "1 of 2 came out" in page and "not be read" not in page


def test_a_free_text_reply_differs_visibly_from_its_reference(store):
    item = Item("What is first in infarction?")
    one = loaded(
        Kind.TEXT,
        [entry("a", item, ("Give the patient aspirin and send for angiography.",))],
        metrics=("rougeL", "bleu1"),
    )
    page = seen(say(store, one, "Give the patient heparin and send for angiography."))
    assert marks(page) == [("new", "heparin"), ("gone", "aspirin")]
    assert "ROUGE-L (rougeL)" in page and "BLEU-1 (bleu1)" in page


def test_a_free_text_reply_in_chinese_is_compared_by_characters(store):
    one = loaded(
        Kind.TEXT, [entry("a", Item("首选什么？", language="zh"), ("首选阿司匹林治疗。",))], language="zh"
    )
    assert marks(seen(say(store, one, "首选硝酸甘油治疗。"))) == [("new", "硝酸甘油"), ("gone", "阿司匹林")]


def test_published_rationales_are_shown_whole_beside_a_reply(store, data_dir, monkeypatch):
    """Text nobody here wrote, of every language: marks lose no character of it."""
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(data_dir / "hub"))
    for number in range(51, 57):
        task = benchmarks.load(f"meds_bench/task{number}")
        (first, *_) = task.entries
        (reference,) = first.key.acceptable[0]
        one = LoadedTask(task.task, (first,), source=task.source)
        reply = reference[: len(reference) // 2] + " и это конец 结束."
        page = words(seen(say(store, one, reply, code=f"rationale{number}"))).replace("\u2009", "")
        assert reference.replace("\r\n", "\n") in page and reply in page


def test_two_long_repetitive_texts_are_compared_in_time():
    """20,000 characters of one phrase against another took 20 s before words that stand everywhere were
    left out of what may anchor a match."""
    began = time.perf_counter()
    text.differing("诊断：急性阑尾炎\n" * 9000, "诊断是急性阑尾炎 aspirin " * 300)
    assert time.perf_counter() - began < 5


ENTITIES = Item("List the drugs.", context="Aspirin and warfarin were given; no Heparin. Aspirin-like.")


def test_entities_are_listed_and_marked_in_reply_and_source(store):
    one = loaded(Kind.ENTITIES, [entry("a", ENTITIES, ("aspirin", "warfarin"))])
    page = seen(say(store, one, "aspirin, heparin, insulin"))
    assert chips(page) == [("✓", "aspirin"), ("○", "warfarin"), ("✗", "heparin"), ("✗", "insulin")]
    assert words(page).count("not in the source text") == 1
    assert marks(page) == [
        *[("gold", "Aspirin"), ("flag", "warfarin"), ("wrong", "Heparin"), ("gold", "Aspirin")],
        *[("gold", "aspirin"), ("wrong", "heparin"), ("wrong", "insulin")],
    ]


def test_an_age_and_a_gender_are_compared_by_meaning(store):
    item = Item("Age and gender?", context="A 1-year-old boy.", meta={"form": "attributes"})
    one = loaded(Kind.ENTITIES, [entry("a", item, ("Gender: M", "Age: [[1.0, 'year']]"))])
    page = seen(say(store, one, "The patient is a 1 year old girl."))
    assert chips(page) == [("✓", "age: 1 year"), ("○", "gender: m"), ("✗", "gender: f")]


def test_named_points_stand_side_by_side(store):
    gold = "疾病诊断：急性阑尾炎\n体征：反跳痛"
    one = loaded(Kind.STRUCTURED, [entry("a", Item("写出诊断。", language="zh"), (gold,))], language="zh")
    page = seen(say(store, one, "诊断：急性阑尾炎\n治疗建议：手术"))
    rows = [chips(row) for row in re.findall("<tr>(.*?)</tr>", page, re.DOTALL)]
    assert [("✓", "疾病诊断"), ("✓", "急性阑尾炎"), ("✓", "急性阑尾炎")] in rows
    assert [("○", "体征"), ("○", "反跳痛")] in rows
    assert [("✗", "治疗建议"), ("✗", "手术")] in rows
    assert "2 of 4 stand on both sides" in page


def test_a_word_that_a_library_renamed_shows_its_term_and_how_near_it_is(store):
    """As `score --terms` keeps it: the reason names every word that was read as another one."""
    gold = "检查建议：心脏超声"
    one = loaded(Kind.STRUCTURED, [entry("a", Item("写出检查。", language="zh"), (gold,))], language="zh")
    work_id = say(store, one, "检查建议：心脏彩超、胸片（正、侧位）")
    why = "terms: 1 of 1; aligned: 心脏彩超 → 心脏超声 (0.83), 胸片(正、侧位) → 胸部X线(正位) (0.71)"
    kinds.score(store, work_id, Score("aligned_f1@list", 0.67, why))
    page = words(seen(work_id))
    assert "→ 心脏超声 0.83" in page and "→ 胸部X线(正位) 0.71" in page
    assert "2 of 3 stand on both sides" in page
    assert "aligned:" not in page


def test_a_long_list_of_labels_keeps_the_right_and_the_picked_one_in_sight(store):
    labels = named(*(f"department {n}" for n in range(49)))
    one = loaded(Kind.LABEL, [entry("a", Item("Where to?", labels), ("department 7",))])
    page = seen(say(store, one, "department 30"))
    folded = page[page.index('<details class="rd-fold">') : page.index("</details>")]
    assert "47 other labels" in folded and "department 12" in folded
    assert "department 7<" not in folded and "department 30" not in folded
    assert "✓ right answer" in page and "✗ picked" in page


def test_several_labels_are_marked_one_by_one(store):
    labels = named("evading growth suppressors", "inducing angiogenesis", "resisting cell death")
    gold = ("evading growth suppressors", "inducing angiogenesis")
    one = loaded(Kind.LABELS, [entry("a", Item("Which hallmarks?", labels), gold)])
    page = seen(say(store, one, "inducing angiogenesis, resisting cell death"))
    signs = re.findall(r'rd-sign rd-sign-(\w+)">', page)
    assert signs == ["gold", "gold", "pick", "wrong"]


def test_two_readers_of_one_reply_stand_side_by_side_with_what_each_is_worth(store):
    """The fixed template reads the first `答案：`; ours the last statement."""
    item = Item("首选？", tuple(map(kinds.Option, "ABC", ("静脉补液", "硝酸甘油", "吸氧"))), language="zh")
    one = loaded(Kind.CHOICE, [entry("a", item, ("B",))], language="zh", readers=("strict_template",))
    page = seen(say(store, one, "考虑后我选硝酸甘油，答案是B。"))
    text = words(page)
    assert "How each reader read the reply" in text
    assert "fixed template (strict_template)" in text and "the fixed template or nothing" in text
    assert "accuracy (acc) · read by the fixed template (strict_template)" in text
    assert "✓ 1" in text and "✗ 0" in text


def test_siblings_of_several_answers_are_a_step_away(store):
    case = "A 58-year-old patient has chest pain."
    options = tuple(map(kinds.Option, "ABC", ("aspirin", "heparin", "nothing")))
    entries = [
        entry("a", Item("Which two now?", options, case), ("A", "B"), group="case-1"),
        entry("b", Item("Which later?", options, case), ("B",), group="case-1"),
    ]
    one = loaded(Kind.SEVERAL, entries)
    app = opened(item=say(store, one, {"a": "Answer: A, C", "b": "Answer: B"}))
    page = shown(app)
    assert re.findall(r'rd-sign rd-sign-(\w+)">', page) == ["gold", "pick", "gold", "wrong"]
    app.segmented_control(key="items_sibling").set_value(str(kinds.record_of(store, "run-several") + 1)).run()
    assert "Which later?" in shown(app)


RUBRIC = (
    Criterion("Says to call for help", 7, ("axis:safety",)),
    Criterion("Names the likely disease", 5),
    Criterion("Gives a dose", -6),
)
REPLY = "Call an ambulance at once. It may be a heart attack. Take 300 mg of aspirin."


@pytest.fixture
def judged(store):
    """Two judges agree on the first criterion and differ on the third; on the second one was cut off."""
    one = loaded(Kind.RUBRIC, [entry("a", Item("Pain in my chest. What now?"), rubric=RUBRIC)])
    work_id = say(store, one, REPLY)
    first = [
        ("criterion-1", "ok", verdict("yes", "It does.", "Call  an ambulance"), '{"verdict": true}', 0, 0),
        ("criterion-2", "ok", verdict("yes", "Named.", "heart failure", is_quote_found=False), "{}", 0, 0),
        ("criterion-3", "ok", verdict("yes", "A dose.", "300 mg of aspirin"), "{}", 0, 0),
        ("criterion-3", "ok", verdict("no", "Hm."), "{}", 0, 1),
    ]
    second = [
        ("criterion-1", "ok", verdict("yes", "Yes."), "{}", 0, 0),
        ("criterion-2", "truncated", verdict(None, why="no verdict before the limit"), "It nam", 0, 0),
        ("criterion-3", "ok", verdict("no", "None."), "{}", 0, 0),
    ]
    score = Score("rubric/gpt-4.1/healthbench-1", 0.5, "6 of 12 points")
    kinds.judge(store, one, [work_id], "gpt-4.1", "healthbench-1", first, score=score)
    kinds.judge(store, one, [work_id], "qwen-max", "healthbench-1", second)
    return work_id


def test_criteria_on_which_judges_disagree_stand_first(judged):
    page = words(seen(judged))
    assert page.index("Gives a dose") < page.index("Names the likely disease") < page.index("Says to call")
    assert "Judges disagree on 1 criterion" in page
    assert "gpt-4.1 contradicts itself" in page
    assert "0.5  (6 of 12 points)" in page


def test_points_and_tags_stand_with_a_criterion_and_meeting_a_bad_one_is_bad(judged):
    page = words(seen(judged))
    assert "+7" in page and "-6" in page and "axis:safety" in page
    assert "✗ met · -6" in page and "✓ met · +7" in page


def test_a_quote_is_marked_in_the_reply_and_a_false_one_is_flagged(judged):
    page = seen(judged)
    assert marks(page) == [("read", "Call an ambulance"), ("read", "300 mg of aspirin")]
    assert "The quote is not in the reply" in page and "heart failure" in page


def test_a_verdict_that_did_not_come_is_said_in_words_and_is_no_number(judged):
    page = words(seen(judged))
    assert "! the judge was cut off" in page and "no verdict before the limit" in page
    assert "It nam" in page, "the judge's own words"
    assert "评审模型的回答被截断" in seen(judged, lang="zh")


def test_the_cells_of_judges_are_listed_only_where_their_run_is_named(judged):
    assert len(opened().dataframe[0].value) == 1
    cells = opened(run="qwen-max-healthbench-1").dataframe[0].value
    assert [line.partition(":")[0] for line in cells["question"]] == [f"criterion-{n}" for n in (1, 2, 3)]
    assert list(cells["outcome"]) == ["● Verdict", "? No verdict", "● Verdict"], "neither right nor wrong"
    assert "No other run has asked this question" in words(seen(judged, view="runs"))


def test_the_cell_of_a_judge_shows_what_it_judged_and_leads_there(store, judged):
    cell = kinds.record_of(store, "qwen-max-healthbench-1")
    app = opened(item=cell)
    page = words(shown(app))
    assert "The judged reply · demo:x, run run-rubric" in page and REPLY in page
    assert "Criterion: Says to call for help" in page
    assert "No judge has looked" not in page
    app.button(key="items_judged0").click().run()
    assert app.query_params["item"] == str(judged)


def test_a_rating_stands_on_its_scale_with_the_ends_named(store):
    one = loaded(Kind.TEXT, [entry("a", Item("Why?"), ("Because.",))])
    work_id = say(store, one, "Because it is so.")
    cells = [("accuracy", "ok", verdict("4", "Nearly."), "{}", 0, 0)]
    kinds.judge(store, one, [work_id], "demo:x", "mmedbench-1", cells)
    page = words(seen(work_id))
    assert "● 4 of 5" in page
    assert "1: wrong conclusion or dangerous errors · 5: everything correct" in page
    assert "same family as the judged model" in page


def test_a_reply_that_only_judges_scored_wears_their_mean(store):
    one = loaded(Kind.TEXT, [entry("a", Item("Why?"), ("Because.",)), entry("b", Item("How?"), ("So.",))])
    work_id = say(store, one, "Because it is so.")
    cells = [("accuracy", "ok", verdict("4", "Nearly."), "{}", 0, 0)]
    for name, value in (("demo:x", 0.75), ("demo:y", 0.25)):
        given = Score(f"rating/{name}/mmedbench-1", value)
        kinds.judge(store, one, [work_id], name, "mmedbench-1", cells, score=given)
    assert "● Judged 0.50" in words(seen(work_id))
    assert set(opened(run="run-text").dataframe[0].value["outcome"]) == {"● Judged 0.50", "? Not scored"}


def test_a_comparison_shows_both_orders_and_the_other_reply(store):
    """The judge prefers whatever is shown first: in each order another reply, so a tie."""
    one = loaded(Kind.TEXT, [entry("a", Item("Why?"), ("Because.",))])
    mine = say(store, one, "My reply.", code="mine")
    other = say(store, one, "The rival's reply.", code="other")
    cells = [("overall", "ok", verdict("A", "First."), "{}", order, 0) for order in (0, 1)]
    kinds.judge(store, one, [mine, other], "gpt-4.1", "pairwise-1", cells)
    page = words(seen(mine))
    assert "✓ this reply is better" in page and "✗ the other reply is better" in page
    assert "shown in the other order" in page and "→ tie" in page
    assert "The rival's reply." in page
    panel = report.panels(report.record(store, other))[0]
    assert [one.value for one in panel.criteria[0].verdicts] == ["other", "this"]


def test_a_verdict_by_a_rubric_that_is_gone_is_still_shown(store):
    one = loaded(Kind.TEXT, [entry("a", Item("Why?"), ("Because.",))])
    work_id = say(store, one, "So.")
    kinds.judge(store, one, [work_id], "gpt-4.1", "vanished-3", [("tone", "ok", verdict("3"), "{}", 0, 0)])
    page = words(seen(work_id))
    assert "vanished-3" in page and "tone" in page and "● 3" in page


def test_a_judges_words_are_text_and_never_markup(store):
    one = loaded(Kind.TEXT, [entry("a", Item("Why?"), ("Because.",))])
    work_id = say(store, one, "<img src=x>")
    evil = "<script>window.pwned=1</script>\u202e"
    facts = verdict("4", evil, "<img src=x>", why=evil)
    kinds.judge(store, one, [work_id], "<b>j</b>", "mmedbench-1", [("accuracy", "ok", facts, evil * 2, 0, 0)])
    page = seen(work_id)
    assert "<script>" not in page and "<img" not in page and "<b>j" not in page
    assert "\u202e" not in page


def test_a_review_shows_who_said_what_by_which_form_and_what_was_hidden(store):
    one = loaded(Kind.TEXT, [entry("a", Item("Why?"), ("Because.",))])
    work_id = say(store, one, "Because it is so.")
    table = (
        "run,item,reviewer,rubric,criterion,value\n"
        "run-text,a,R2,mmedbench,reasoning,3\nrun-text,a,R2,mmedbench,accuracy,4\n"
        "run-text,a,R1,,harm,<b>mild</b>\n"
    )
    assert ratings.put(store, table.encode(), name="ratings.csv").skipped == ()
    with store.write() as transaction:
        hidden = update(reviews).where(reviews.c.reviewer == "R2")
        transaction.execute(hidden.values(hidden=["model", "judge"], note="Dose is *missing*."))
    page = words(seen(work_id))
    assert "Clinicians' reviews · 2" in page
    assert page.index("R1") < page.index("R2"), "in the order of their names"
    assert "blinding not recorded" in page and "blinded: model, judges hidden" in page
    assert page.index("accuracy") < page.index("reasoning"), "in the rubric's order"
    assert "4 of 5" in page and "3 of 5" in page
    assert "<b>mild</b>" in page and "Dose is *missing*." in page, "text and never markup"
    page = words(seen(work_id, lang="zh"))
    assert "盲评：隐藏了模型, 评审结论" in page and "准确性" in page and "推理能力" in page
