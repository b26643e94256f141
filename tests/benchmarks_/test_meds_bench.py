"""MedS-Bench from the real files, and from small written ones in every form that its folders have."""

import csv
import json
from collections import defaultdict
from math import isclose

import pytest

from evalcore import benchmarks, metrics
from evalcore.answers import read
from evalcore.benchmarks.meds_bench import table
from evalcore.benchmarks.meds_bench.reading import parted, stated
from evalcore.errors import DataError
from evalcore.prompts import choose_shots
from evalcore.prompts.medsbench import input_of
from evalcore.report.leaderboard.boards import boards
from evalcore.types import Item, Kind, Option, Response

CHOICE = "Question: Which drug?\nOptions: A: aspirin\tB: heparin\t"


@pytest.fixture
def copy(copies):
    """An empty local copy of the dataset, and no hub."""
    folder = copies / "Henrychur/MedS-Bench"
    folder.mkdir(parents=True)
    return folder


def put(folder, number, instances, *, suffix="json", indent=1, **card):
    """Writes a task file; instances as (input, output) or whole objects."""
    line = next(line for line in (*table.LINES, *table.UNSEEN) if line.number == number)
    rows = [
        one if isinstance(one, dict) else dict(zip(("input", "output"), one, strict=True))
        for one in instances
    ]
    path = folder / table.FOLDERS[line.category] / f"task{number}_some_words.{suffix}"
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {"Definition": ["Do so."], "Input_language": ["English"], **card, "Instances": rows}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=indent), "utf-8")
    return line.id


def first(folder, number, text, output):
    return benchmarks.load(put(folder, number, [(text, output)])).entries[0]


def scores(task_id, reply, *names, reader="robust"):
    loaded = benchmarks.load(task_id)
    entry, kind = loaded.entries[0], loaded.task.kind
    answer = read(reply, entry.item, kind, reader=reader)
    evidence = metrics.Evidence(entry.item, Response(reply), answer, (), kind)
    return [metrics.score(name, evidence, entry.key).value for name in names]


def test_the_real_task57_gives_200_choices_and_its_instruction(hub):
    loaded = benchmarks.load("meds_bench/task57")
    assert (len(loaded.entries), loaded.task.kind, loaded.source) == (200, Kind.CHOICE, "local")
    assert loaded.task.instruction.startswith("Given a question and a list of options")
    entry = loaded.entries[1]
    assert entry.key.acceptable == (("D",),) and entry.item.text_of("D") == "Cross-linking of DNA"
    assert entry.item.question.startswith("A 67-year-old man with transitional cell carcinoma")


def test_every_real_input_is_given_back_to_the_letter(hub):
    for number in (51, 52, 53, 54, 55, 56, 57):
        (file,) = hub.glob(f"Henrychur/MedS-Bench/*/task{number}_*")
        written = [one["input"] for one in json.loads(file.read_text("utf-8"))["Instances"]]
        entries = benchmarks.load(f"meds_bench/task{number}").entries
        assert [input_of(entry.item) for entry in entries] == written
        assert not any("input" in entry.item.meta for entry in entries)  # put together again from its parts


def test_a_question_of_medqa_is_one_item_in_both_benchmarks(hub):
    ours = {entry.item.sha for entry in benchmarks.load("meds_bench/task57").entries}
    medqa = {entry.item.sha for entry in benchmarks.load("medqa_4options").entries}
    assert len(ours & medqa) > 190


def test_the_twelve_folders_hold_the_53_published_tasks(hub):
    ids = {task.id for task in benchmarks.tasks().values() if task.benchmark == "meds_bench"}
    numbers = {int(name.removeprefix("meds_bench/task")) for name in ids}
    assert numbers == {
        *(57, 58, 59, 60, 61, 129, 122, 123, 78, *range(83, 95), 110, 112, 114, 1, 2, 3, 29, 74, 18, 46, 50),
        *(*range(51, 57), 125, 126, 127, 128, 130, 131, 117, 118, 119, 106, 12, 16, 100, 41, 42),
    }
    assert len(table.FOLDERS) == 12 and {line.category for line in table.LINES} == set(table.FOLDERS)


def test_numbers_without_a_public_file_are_tasks_where_a_file_is(copy):
    assert "meds_bench/task4" not in benchmarks.tasks()
    put(copy, 4, [(CHOICE, "The right answer is A: aspirin")])
    assert len(benchmarks.load("meds_bench/task4").entries) == 1


@pytest.mark.parametrize(
    ("gold", "labels"),
    [
        ("The right answer is B: heparin", ("B",)),
        ("The right answer is B: heparin.", ("B",)),
        ("the right answer is  b", ("B",)),
        ("B", ("B",)),
        ("heparin", ("B",)),
    ],
)
def test_d1_a_gold_is_resolved_out_of_its_phrase(copy, gold, labels):
    assert first(copy, 57, CHOICE, gold).key.acceptable == (labels,)


@pytest.mark.parametrize(
    "gold",
    ["The right answer is B: warfarin", "The right answer is C: heparin", "?", "A: aspirin, B: heparin"],
)
def test_d1_a_gold_that_does_not_fit_its_options_is_refused_by_name(copy, gold):
    put(copy, 57, [(CHOICE, "A"), {"id": "task57-7", "input": CHOICE, "output": gold}])
    with pytest.raises(DataError, match=r"meds_bench/task57 item task57-7"):
        benchmarks.load("meds_bench/task57")


@pytest.mark.parametrize(
    ("number", "text", "gold", "labels"),
    [
        (58, "问题: 哪个？\n选项: A: 存在\tB: 不存在\t", "正确答案是 B: 不存在。", ("B",)),
        (59, "質問: どれ？\nオプション: A: 一\tB: 二\tC: 三", "正しい答えは A: 一, C: 三 です", ("A", "C")),
        (
            60,
            "Question: q\nOptions: A: pH 1, B: non\tB: x\t",
            "La bonne réponse est A: pH 1, B: non, B: x",
            ("A", "B"),
        ),
        (61, "Вопрос: q?\nВарианты: A: да\tB: нет\t", "Правильный ответ: B: нет.", ("B",)),
        (129, "Pregunta: q\nOpciones: A: Uno.\tB: Dos.\t", "La respuesta correcta es B: Dos..", ("B",)),
    ],
)
def test_d1_golds_in_five_languages(copy, number, text, gold, labels):
    entry = first(copy, number, text, gold)
    assert entry.key.acceptable == (labels,)
    assert input_of(entry.item) == text  # the Japanese one, without its last tab, is kept as it was


def test_several_golds_parted_by_commas_are_told_from_commas_in_texts():
    options = (Option("A", "x, y"), Option("B", "1"), Option("C", "1.5"))
    assert stated("A: x, y, C: 1.5", options) == ("A", "C")
    assert stated("B: 1.5", options) == ()
    assert stated("C: 1.5", options) == ("C",)


def test_options_may_hold_colons_and_line_breaks_and_the_question_its_own_lines():
    question, options = parted("Question: Labs:\nNa: 140\nWhich?\nOptions: A: a: b\tB: c\nd\t", "here")
    assert question == "Labs:\nNa: 140\nWhich?"
    assert [option.text for option in options] == ["a: b", "c\nd"]
    with pytest.raises(DataError, match="here: no options A, B"):
        parted("Question: q\nOptions: A: x\tC: y\t", "here")


@pytest.mark.parametrize("gold", ["yes", "Yes.", "The right answer is yes"])
def test_pubmedqa_is_answered_by_the_word(copy, gold):
    entry = first(copy, 123, "Is it?", gold)
    assert (entry.key.acceptable, entry.item.labels) == ((("yes",),), ("yes", "no", "maybe"))


@pytest.mark.parametrize(
    ("number", "gold", "labels"),
    [
        (130, "The diagnosis result is Unstable angina.", ("unstable angina",)),
        (130, "The diagnosis result is Possible NSTEMI / STEMI.", ("possible nstemi / stemi",)),
        (131, "The treatment planning is: Radiation after surgery", ("Radiation after surgery",)),
        (117, "True", ("True",)),
        (16, "2", ("2",)),
        (12, "no.", ("no",)),
        (41, "entailment", ("entailment",)),
        (106, "Resisting cell death, Cellular energetics", ("resisting cell death", "cellular energetics")),
        (106, "none", ()),
    ],
)
def test_labels_are_read_out_of_their_phrase(copy, number, gold, labels):
    assert first(copy, number, "in", gold).key.acceptable == (labels,)


def test_a_label_that_is_not_on_the_list_is_refused_by_name(copy):
    with pytest.raises(DataError, match=r"meds_bench/task130 item task130-\w+: gold is 'angina.'"):
        first(copy, 130, "in", "The diagnosis result is angina.")


def test_d8_an_item_in_another_language_is_never_right_by_the_released_rule(copy):
    """Its gold's phrase is not dropped there, so that its first letter is never a to d."""
    task_id = put(copy, 58, [("问题: 哪个？\n选项: A: 存在\tB: 不存在\t", "正确答案是 B: 不存在")])
    assert scores(task_id, "B", "acc") == [1.0]
    assert scores(task_id, "B", "acc@medsbench_compat", reader="medsbench_compat") == [0.0]
    task_id = put(copy, 57, [(CHOICE, "The right answer is B: heparin")])
    assert scores(task_id, "Because", "acc@medsbench_compat", reader="medsbench_compat") == [1.0]


def test_d10_a_reply_inside_another_label_is_right_only_by_the_released_rule(copy):
    task_id = put(copy, 130, [("in", "The diagnosis result is stable angina.")])
    assert scores(task_id, "unstable angina", "acc", "acc@medsbench_compat") == [0.0, 1.0]
    task_id = put(copy, 117, [("in", "True")])
    assert scores(task_id, "True or False", "acc", "acc@medsbench_compat") == [0.0, 0.0]
    task_id = put(copy, 16, [("in", "0")])
    assert scores(task_id, "10", "acc", "acc@medsbench_compat") == [0.0, 1.0]
    assert scores(task_id, "\n0", "acc", "acc@medsbench_compat") == [1.0, 0.0]  # its first line is empty


def test_d11_labels_are_the_published_ones_with_both_sides_of_the_missing_comma():
    assert len(table.DISEASES) == 50 and {"spontaneous rib fracture", "gerd"} <= set(table.DISEASES)
    assert {"larygospasm", "inguinal, hernia", "cannot decide"} <= set(table.DISEASES)


def test_d12_entities_in_another_order_are_right_by_ours_and_half_missed_by_the_released_rule(copy):
    task_id = put(copy, 125, [("in", "aspirin, ibuprofen.")])
    names = ("entity_f1", "entity_f1@medsbench_compat")
    # released: the gold is {aspirin, ibuprofe}, the reply {ibuprofen, aspiri}: nothing in common
    assert scores(task_id, "ibuprofen, aspirin", *names) == [1.0, 0.0]
    task_id = put(copy, 125, [("in", "There is no related enetity.")])
    assert scores(task_id, "There is no related enetity.", "entity_f1") == [1.0]
    assert benchmarks.load(task_id).entries[0].key.acceptable == ((),)


def test_age_and_gender_are_two_attributes(copy):
    task_id = put(copy, 74, [("in", "Gender: M  Age: [[1.0, 'year']]")])
    assert scores(task_id, "Gender: M\n\nAge: [[1.0, 'year']]", "entity_f1") == [1.0]
    assert scores(task_id, "Gender: F\n\nAge: [[1.0, 'year']]", "entity_f1") == [0.5]


def test_d17_the_average_of_summaries_is_over_four_tasks_and_ct_and_mri_stay_outside(data_dir):
    """For every model and metric that the page prints in full; its cells are rounded to 0.01."""
    columns = {
        "MIMICIV(Ultrasound)": 78, "RCT-Text": 110, "MIMIC-CXR": 112, "MedQSum": 114,
        "MIMICIV(CT)": 83, "MIMICIV(MRI)": 89,
    }  # fmt: skip
    found = defaultdict(dict)
    with (data_dir / "reference_scores/meds_bench.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            section, _, name = row["task"].partition("/")
            if section == "Text Summarization":
                found[row["model"], row["metric"]][name] = float(row["value"])
    whole = [cells for cells in found.values() if {*columns, "Avg."} <= set(cells)]
    (board,) = [one for one in boards(()) if one.code == "meds_bench"]
    averaged = board.section("summarization").means[0].tasks
    names = [name for name, number in columns.items() if f"meds_bench/task{number}" in averaged]
    means = [sum(cells[name] for name in names) / 4 for cells in whole]
    assert len(whole) >= 20
    assert (
        sum(isclose(mean, cells["Avg."], abs_tol=0.011) for mean, cells in zip(means, whole, strict=True))
        >= 20
    )
    assert (found["GPT-4", "BLEU-1"]["Avg."], found["GPT-4", "ROUGE-L-F1"]["Avg."]) == (24.46, 25.66)
    assert len(averaged) == len(names) == 4


def test_d23_examples_are_three_others_drawn_by_a_seed(hub):
    loaded = benchmarks.load("meds_bench/task52")
    assert (loaded.task.shots, loaded.task.sampler) == (3, "seeded")
    drawn = [
        choose_shots(loaded.fewshot, entry, 3, sampler=loaded.task.sampler, seed=0)
        for entry in loaded.entries
    ]
    for entry, shots in zip(loaded.entries, drawn, strict=True):
        assert len({shot.item_id for shot in shots}) == 3
        assert entry.item_id not in {shot.item_id for shot in shots}
        assert entry.key.acceptable[0][0] not in {shot.key.acceptable[0][0] for shot in shots}
    again = choose_shots(loaded.fewshot, loaded.entries[9], 3, sampler="seeded", seed=0)
    assert again == drawn[9]
    assert drawn[9] != choose_shots(loaded.fewshot, loaded.entries[9], 3, sampler="seeded", seed=1)


def test_d23_a_pool_beside_the_task_is_used_instead(copy):
    task_id = put(copy, 57, [(CHOICE, "A")])
    (copy / "MCQA/pool").mkdir()
    (copy / "MCQA/task57_some_words.json").rename(copy / "MCQA/pool/task57_train.json")
    put(copy, 57, [(CHOICE.replace("drug", "one"), "B")])
    loaded = benchmarks.load(task_id)
    assert [entry.item.question for entry in loaded.fewshot] == ["Which drug?"]


def test_d26_what_was_trained_on_the_same_sources_is_said_with_the_benchmark():
    (found,) = (one for one in benchmarks.benchmarks() if one.id == "meds_bench")
    assert any("MMedIns" in defect and "in-domain" in defect for defect in found.defects)


@pytest.mark.parametrize(("suffix", "indent"), [("json", 1), ("jsonl", 4), ("jsonl", None), ("json", None)])
def test_d27_one_object_is_read_whatever_the_file_is_called(copy, suffix, indent):
    task_id = put(copy, 57, [(CHOICE, "A")], suffix=suffix, indent=indent)
    assert len(benchmarks.load(task_id).entries) == 1


def test_d27_strings_stand_for_lists_and_lists_for_strings(copy):
    instances = [("a", "text"), ("b", ["first", "second"])]
    task_id = put(copy, 114, instances, Definition="Sum up.", Input_language="English", Source="MeQSum")
    loaded = benchmarks.load(task_id)
    assert loaded.task.instruction == "Sum up."
    assert [entry.key.acceptable for entry in loaded.entries] == [(("text",),), (("first",),)]


def test_d27_an_id_that_is_missing_is_made_from_the_input_and_stays_when_rows_move(copy):
    rows = [("a", "1"), {"id": "task114-9", "input": "b", "output": "2"}, ("c", "3"), ("a", "4")]
    ids = [entry.item_id for entry in benchmarks.load(put(copy, 114, rows)).entries]
    moved = [entry.item_id for entry in benchmarks.load(put(copy, 114, rows[2:])).entries]
    assert ids[1] == "task114-9" and ids[3] == f"{ids[0]}-2"
    assert moved == [ids[2], ids[0]]


def test_one_input_with_two_references_is_two_items_with_keys_apart(copy):
    task_id = put(copy, 114, [("a", "1"), ("a", "2")])
    assert [entry.key.name for entry in benchmarks.load(task_id).entries] == [task_id, f"{task_id}#2"]


@pytest.mark.parametrize("content", ["[1, 2]", '{"Instances": 3}', '{"question": "q"}\n{"question": "r"}'])
def test_a_file_that_is_no_task_file_is_refused(copy, content):
    path = copy / "MCQA/task57_x.json"
    path.parent.mkdir()
    path.write_text(content, "utf-8")
    with pytest.raises(DataError):
        benchmarks.load("meds_bench/task57")


@pytest.mark.parametrize("number", [78, 83, 94, 112, 117, 118, 119, 41, 42, 131])
def test_patients_text_is_marked_and_never_looked_for_on_the_hub(copy, monkeypatch, number):
    monkeypatch.delenv("HF_HUB_OFFLINE")
    task = benchmarks.tasks()[f"meds_bench/task{number}"]
    assert task.credentialed and task.patient_text
    assert benchmarks.where(task) == "missing"
    with pytest.raises(DataError, match="is never fetched. Whoever has the right to it"):
        benchmarks.load(task.id)


def test_credentialed_files_in_a_local_folder_are_read(copy):
    task_id = put(copy, 78, [("finding", "normal")])
    assert benchmarks.where(benchmarks.tasks()[task_id]) == "local"
    assert len(benchmarks.load(task_id).entries) == 1


def test_open_tasks_are_not_marked_as_patients_text(copy):
    marked = {
        task.id
        for task in benchmarks.tasks().values()
        if task.patient_text and task.benchmark == "meds_bench"
    }
    expected = (78, *range(83, 95), 112, 117, 118, 119, 41, 42, 131)
    assert marked == {f"meds_bench/task{number}" for number in expected}


def test_a_glob_means_the_tasks_whose_data_are_here_and_names_the_others(copy):
    put(copy, 57, [(CHOICE, "A")])
    assert [task.id for task in benchmarks.select(["meds_bench/task5?"])] == ["meds_bench/task57"]
    assert benchmarks.left_out(["meds_bench/task5?"])[0] == "meds_bench/task58"
    assert [task.id for task in benchmarks.select(["meds_bench/task58"])] == ["meds_bench/task58"]
    assert benchmarks.left_out(["meds_bench/task58"]) == ()
    assert len(benchmarks.select(["meds_bench/task8?"])) == 7  # none is here: loading says what is missing


def test_d6_french_pharmacy_examinations_are_read_as_published(data_dir, tmp_path, monkeypatch):
    """301 of 622 have several right answers."""
    (tmp_path / "qanastek").mkdir()
    (tmp_path / "qanastek/FrenchMedMCQA").symlink_to(data_dir / "upstream/frenchmedmcqa")
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path))
    loaded = benchmarks.load("frenchmedmcqa")
    sizes = [len(entry.key.acceptable[0]) for entry in loaded.entries]
    assert (len(sizes), sum(size > 1 for size in sizes), len(loaded.fewshot)) == (622, 301, 312)
    assert loaded.entries[0].key.acceptable == (("C",),)


def test_an_item_is_its_input_where_it_has_no_lettered_options():
    item = Item("True?", (Option("True", "True"), Option("False", "False")))
    assert input_of(item) == "True?"
