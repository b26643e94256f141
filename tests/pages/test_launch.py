"""Launch: what the form holds, what it says before anything is asked, and what it starts."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from evalcore import benchmarks, report, runs
from evalcore import registry as registry_jobs
from evalcore.models.names import DEMO_FOLDER
from evalcore.types import Kind

pytestmark = pytest.mark.usefixtures("worker_elsewhere")
ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "pages" / "ui" / "main.py"
LAUNCH = ROOT / "pages" / "launch.py"


@pytest.fixture(autouse=True)
def no_data(tmp_path, monkeypatch):
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path / "no_data"))


@pytest.fixture
def folder(tmp_path):
    """A real model folder of one's own."""
    if not (DEMO_FOLDER / "strong").is_dir():
        pytest.skip("the demo models are not in this copy")
    return shutil.copytree(DEMO_FOLDER / "strong", tmp_path / "a model_folder")


def launch(**query: str | list[str]) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=20)
    app.run().switch_page(str(LAUNCH))
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    kinds = ("markdown", "caption", "html", "info", "code")
    return "\n".join(str(block.value) for kind in kinds for block in app.get(kind))


def start(app: AppTest):
    return next(button for button in app.button if button.label == "Start")


def test_nothing_can_be_started_before_model_and_tasks_are_chosen(store):
    app = launch()
    assert start(app).disabled


def test_a_link_fills_the_form(store, folder):
    app = launch(model=f"hf:{folder}", task=["demo/en_choice", "demo/fr"], n="5", order="file", fewshot="2")
    assert app.text_input(key="launch_hf").value == str(folder)
    assert app.session_state["launch_tasks"] == ("demo/en_choice", "demo/fr")
    assert app.number_input(key="launch_n").value == 5
    assert app.selectbox(key="launch_order").value == "file"
    assert app.number_input(key="launch_fewshot").value == 2


def test_a_link_with_impossible_values_falls_back_to_the_defaults(store):
    app = launch(model="nonsense", task="no/such", n="0", order="sideways", temperature="hot")
    assert app.number_input(key="launch_n").value == 200
    assert app.selectbox(key="launch_order").value == "random"
    assert app.session_state["launch_tasks"] == ()


def test_a_folder_is_checked_in_words_without_being_loaded(store, folder):
    app = launch(model=f"hf:{folder}")
    assert "It will load" in words(app)
    assert "LlamaForCausalLM" in words(app)


def test_a_folder_that_cannot_load_says_why_and_keeps_the_form(store, folder):
    (folder / "model.safetensors").unlink()
    app = launch(model=f"hf:{folder}", task="demo/fr", n="3")
    assert "It will not load" in words(app)
    assert "no model.safetensors" in words(app)
    assert start(app).disabled
    assert app.number_input(key="launch_n").value == 3
    assert app.session_state["launch_tasks"] == ("demo/fr",)


def test_items_tokens_and_cost_stand_before_the_start_and_time_is_unknown(store, folder):
    shown = words(launch(model=f"hf:{folder}", task="demo/fr", n="3"))
    assert "**3**" in shown
    assert "none&#58;" in shown and "it runs here" in shown
    assert "**unknown**" in shown


def test_the_subset_says_which_difference_it_can_detect(store, folder):
    """8 items: (1.96 + 0.84) * sqrt(2 * 0.7 * 0.3 * 0.5 / 8) = 0.454, by hand."""
    app = launch(model=f"hf:{folder}", task="demo/es", n="all")
    assert "8 items: tells models apart that differ by about 45 points or more." in words(app)


def test_the_preset_chooses_the_nine_of_the_leaderboard(store):
    app = launch()
    app.button(key="launch_nine").click().run()
    assert len(app.session_state["launch_tasks"]) == 9
    assert "pubmedqa" in app.session_state["launch_tasks"]
    (beside,) = [one.value for one in app.caption if "9 tasks:" in one.value]
    assert beside.count(" · ") == 5 and beside.endswith("+4")


def test_missing_data_is_one_message_with_what_to_do_and_no_traceback(store, folder):
    app = launch(model=f"hf:{folder}", task="medqa_4options")
    assert "was not found" in words(app) and "hf download" in words(app)
    assert start(app).disabled


def test_tasks_hidden_by_the_search_stay_chosen(store):
    app = launch(task=["demo/fr", "demo/es"])
    app.text_input(key="launch_search").set_value("spanish").run()
    assert app.session_state["launch_tasks"] == ("demo/es", "demo/fr")


def test_the_same_as_a_command_names_everything_that_is_not_a_default(store, folder):
    app = launch(model=f"hf:{folder}", task="demo/fr", n="3", ask="generate")
    command = app.code[-1].value
    assert command.startswith(f"python -m evalcore run --model 'hf:{folder}' --tasks demo/fr --limit 3")
    assert "--ask generate --order random" in command


def test_start_writes_the_run_down_and_goes_to_live(store, folder):
    app = launch(model=f"hf:{folder}", task="demo/fr", n="3")
    start(app).click().run()
    assert not app.exception
    (row,) = report.runs_overview(store)
    assert (row.planned, row.tasks) == (3, ("demo/fr",))
    assert app.title[0].value == "Live"


def test_the_same_settings_say_which_run_they_continue(store, folder):
    app = launch(model=f"hf:{folder}", task="demo/fr", n="3")
    start(app).click().run()
    (row,) = report.runs_overview(store)
    again = launch(model=f"hf:{folder}", task="demo/fr", n="all")
    assert f"Continues run {row.code}: 0 items are answered already" in words(again)


def test_an_endpoint_whose_key_is_not_set_is_told_before_the_start(store, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    app = launch(model="api:openai/some-model", task="demo/fr")
    assert any("OPENAI" in block.value and "is not set here" in block.value for block in app.markdown)
    assert "price unknown" in words(app)
    assert not start(app).disabled


def test_a_judge_is_estimated_named_in_the_command_and_noted_for_the_end(store, folder):
    app = launch(
        model=f"hf:{folder}", task="demo/en_open", n="3", judge="demo:strong", rubric="mmedbench", batch="3"
    )
    assert "9 calls" in words(app) or "10 calls" in words(app)
    assert "--judge demo:strong --rubric mmedbench --batch 3" in app.code[-1].value
    assert any("strong: one criterion per call" in one.value for one in app.caption)
    start(app).click().run()
    assert not app.exception
    (row,) = report.runs_overview(store)
    job = registry_jobs.latest_job(store, runs.JUDGE_LATER, run=row.code)
    (spec,) = runs.judges_waiting(job.arguments)
    assert (spec.model, spec.run, spec.rubric) == ("demo:strong", row.code, "mmedbench")


def test_a_rubric_that_fits_no_chosen_task_keeps_the_start_shut(store, folder):
    app = launch(model=f"hf:{folder}", task="demo/fr", n="3", judge="demo:strong", rubric="healthbench")
    assert "fits none of the chosen tasks" in words(app)
    assert start(app).disabled


def dialogue_task() -> str:
    return next(one.id for one in benchmarks.tasks().values() if one.kind is Kind.DIALOGUE)


def test_a_dialogue_asks_for_partner_role_and_turns_and_keeps_them_in_the_address(store, folder):
    assert not [
        one for one in launch(model=f"hf:{folder}", task="demo/fr").text_input if "Partner" in one.label
    ]
    more = {"partner": "demo:weak", "role": "patient", "max_turns": "4"}
    app = launch(model=f"hf:{folder}", task=dialogue_task(), **more)
    assert app.text_input(key="launch_partner").value == "demo:weak"
    assert app.selectbox(key="launch_role").value == "patient"
    assert app.number_input(key="launch_max_turns").value == 4
    command = app.code[-1].value
    assert "--partner demo:weak --role patient --max-turns 4" in command
    assert app.query_params["partner"] in ("demo:weak", ["demo:weak"])


def test_examples_may_be_left_to_the_task(store, folder):
    app = launch(model=f"hf:{folder}", task="demo/fr", n="3")
    assert app.number_input(key="launch_fewshot").value is None
    assert "--fewshot" not in app.code[-1].value
