"""Published figures: all of them carried, none corrected, defects noted on the very rows."""

from decimal import Decimal

import pytest

from evalcore import reference
from evalcore.reference.make import FILES, collected, make

TABLES = reference.published()


def cells(**wanted: object) -> list[reference.Published]:
    return [one for one in TABLES if all(getattr(one, name) == value for name, value in wanted.items())]


def only(**wanted: object) -> reference.Published:
    (found,) = cells(**wanted)
    return found


def test_every_published_figure_is_carried_once(data_dir):
    folder = data_dir / "reference_scores"
    assert {file.stem for file in folder.glob("*.csv")} == set(FILES)
    there = [(file, n) for file in FILES for n, _ in enumerate(collected(folder, file), 1)]
    assert [(one.file, one.row) for one in TABLES] == there
    assert len(there) == 2521


def test_no_figure_was_changed_on_the_way(data_dir):
    folder = data_dir / "reference_scores"
    rows = {(file, n): row for file in FILES for n, row in enumerate(collected(folder, file), 1)}
    for one in TABLES:
        row = rows[one.file, one.row]
        assert one.published == row["value"]
        factor = Decimal(100) if one.scale == "percent" else Decimal(1)
        assert one.value == float(Decimal(row["value"]) / factor)
        assert (one.source, one.benchmark) == (row["source"], row["benchmark"])
        assert one.model == row["model"] or f"spelt {row['model']} there" in one.notes


def test_the_file_is_what_the_script_makes_of_the_collected_tables(data_dir):
    made = make(data_dir / "reference_scores")
    assert [(row["file"], int(row["row"]), row["note"]) for row in made] == [
        (one.file, one.row, " | ".join(one.notes)) for one in TABLES
    ]


def test_scales_are_made_one():
    shares = [one.value for one in TABLES if one.scale != "number"]
    assert min(shares) >= 0 and max(shares) <= 1
    percent = only(file="mmedbench_accuracy", model="GPT-3.5", task="mmedbench/en")
    assert (percent.value, percent.published, percent.scale) == (0.5688, "56.88", "percent")
    share = only(file="unimedicaleval", model="GPT-4", column="CNMLE Total")
    assert (share.value, share.published, share.scale) == (0.64, "0.64", "share")
    turns = only(file="unimedicaleval_preconsult", model="ChatGPT", metric="turns")
    assert (turns.value, turns.scale) == (4.24, "number")


def test_headline_rows_of_the_four_systems():
    averages = {
        (one.file, one.model, one.setting): one.published
        for one in TABLES
        if one.is_average and one.metric == "acc" and one.section != "overview"
    }
    assert averages["mmedbench_accuracy", "GPT-4", "zero-shot"] == "74.27"
    assert averages["mmedbench_accuracy", "MMed-Llama 3.1-70B", "full fine-tuning"] == "80.51"
    assert averages["open_medical_llm_leaderboard", "OpenBioLLM-70B", ""] == "86.06"
    named = {"board": "meds_bench", "section": "nli", "model": "MMedIns-Llama 3"}
    assert [one.published for one in cells(**named)] == ["86.71", "23.52", "25.17"]


def test_tasks_that_we_have_carry_our_names():
    wanted = {
        "medqa_4options",
        "pubmedqa",
        "mmlu_professional_medicine",
        "mmedbench/ja",
        "mmedbench_rationale/es",
        "meds_bench/task57",
        "meds_bench/task41",
    }
    assert wanted <= {one.task for one in TABLES}
    assert cells(task="meds_bench/task130")[0].column == "DDXPlus"


@pytest.mark.parametrize(
    ("value", "n", "decimals", "verdict"),
    [
        (0.5, 2, 2, True),
        (0.93197, 100, 5, False),  # a hundredth can only be 0.93
        (0.7897, 500, 4, False),  # 394 of 500 is 0.788, 395 is 0.790
        (0.5688, 1273, 4, False),  # 724 is 56.87, 725 is 56.95
        (0.2964, 199, 4, True),  # 59 of 199 is 29.648: cut, not rounded
        (0.125, 8, 3, True),
        (0.12, 8, 2, True),  # an exact half, rounded down
        (0.13, 8, 2, True),  # and up
        (0.41712490180675, 1273, 14, True),  # 531 of 1273, digits cut
        (1.0, 7, 0, True),
    ],
)
def test_a_share_of_n_items_is_told_from_one_that_cannot_be(value, n, decimals, verdict):
    assert reference.is_possible(value, n, decimals) is verdict


def test_d17_impossible_cells_named_in_the_sources_are_flagged():
    flagged = {(one.model, one.task, one.published) for one in TABLES if not one.is_possible}
    llm = "aaditya/OpenBioLLM-Llama3-70B"
    assert {(llm, "mmlu_medical_genetics", "0.93197"), (llm, "pubmedqa", "0.7897")} <= flagged
    named = {
        ("GPT-3.5", "en", "56.88"),
        ("GPT-3.5", "zh", "52.29"),
        ("GPT-3.5", "ja", "34.63"),
        ("GPT-3.5", "ru", "66.36"),
        ("GPT-3.5", "es", "66.06"),
        ("GPT-4", "ja", "72.91"),
        ("GPT-4", "ru", "83.62"),
    }
    of_mmed = {(model, task, shown) for model, task, shown in flagged if task.startswith("mmedbench/")}
    assert of_mmed == {(model, f"mmedbench/{tongue}", shown) for model, tongue, shown in named}


def test_every_fine_tuned_accuracy_of_mmedbench_can_be():
    tuned = [one for one in cells(file="mmedbench_accuracy") if one.tuning in ("peft", "full")]
    assert len(tuned) == 217 and all(one.is_possible for one in tuned)


def test_accuracies_computed_by_the_harness_can_be():
    harness = [one for one in TABLES if "harness, 0-shot" in one.notes]
    assert len(harness) == 80 and all(one.is_possible for one in harness)


def test_known_defects_stand_on_the_very_rows():
    uni, gen = "unimedicaleval", "genmedicaleval"

    def noted(words: str, **wanted: object) -> int:
        return sum(any(words in note for note in one.notes) for one in cells(**wanted))

    assert noted("does not follow", file=uni, model="通义千问", metric="key_f1") == 1
    assert noted("lost in a paste", file=gen) == 6
    assert noted("0.62 against 0.52", file=gen, model="Huatuo2-13B") == 1
    assert noted("against", file=gen, section="generative") == 4
    assert noted("not the mean of its cells (59.6)", model="Mistral", file="meds_bench") == 2
    assert noted("repeats the row of Qwen 2", model="Med42-v2") == 2
    assert noted("60.67 in the overview", model="Llama3.1-Aloe-Beta-8B") == 2
    assert noted("repeats the row of the 8B", model="Llama3.1-Aloe-Beta-70B") == 2
    assert noted("identical rows") == 8
    assert noted("not the mean of its six cells (75.31)", model="GPT-4", is_average=True) == 1
    assert noted("51.82 on the leaderboard", model="GPT-3.5", is_average=True) == 1
    assert noted("are swapped") == 4
    assert noted("mixes zero-shot cells with 5-shot cells", model="GPT-4") == 9
    assert noted("MEDITRON on MedQA is 47.9") == 3


def test_every_note_has_its_chinese():
    notes = {note for one in TABLES for note in one.notes}
    assert [note for note in notes if reference.in_chinese(note) == note] == []


def test_d26_rows_trained_on_the_benchmark_say_so():
    assert only(board="meds_bench", section="diagnosis", model="MMedIns-Llama 3").in_domain == "yes"
    assert {one.in_domain for one in cells(setting="full fine-tuning")} == {"yes"}
    assert {one.tuning for one in cells(setting="PEFT")} == {"peft"}
    assert {one.in_domain for one in cells(board="meds_bench", model="GPT-4")} == {"unknown"}


def test_figures_read_off_a_chart_and_our_own_say_so():
    assert len(cells(kind="chart")) == 16
    assert {one.file for one in cells(kind="own")} == {"pubmedqa_baselines"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("GPT-4 (Medprompt)", "closed"),
        ("通义千问", "closed"),
        ("BioMistral/BioMistral-7B", "medical"),
        ("Med-PaLM 2 (best)", "medical"),
        ("meta-llama/Llama-3.1-8B", "open"),
        ("human (reasoning-free)", "baseline"),
        ("somebody/thing", "unknown"),
    ],
)
def test_the_class_of_a_model_is_read_from_its_name(name, kind):
    assert reference.model_class(name) == kind
