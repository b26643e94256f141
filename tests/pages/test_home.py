"""Home: what it says on an empty store, and what it says of the runs that are there."""

from pathlib import Path

from asked import ask, entry, task, written
from streamlit.testing.v1 import AppTest

from evalcore import models, runs
from evalcore.store import Store
from evalcore.store import runs as run_rows
from evalcore.types import LoadedTask, Way

MAIN = Path(__file__).resolve().parents[2] / "pages" / "ui" / "main.py"
OPTIONS = {"A": "aspirin", "B": "heparin"}
LOADED = LoadedTask(
    task("demo/mine"), tuple(entry(str(n), f"Question {n}?", OPTIONS, "AAAB"[n]) for n in range(4))
)


def home() -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=20).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(block.value for kind in ("markdown", "caption") for block in app.get(kind))


def answered(store: Store, code: str) -> None:
    """Three of four right: 'A' is gold of the first three."""
    ask(
        store,
        [LOADED],
        lambda _: written("Answer: A"),
        code=code,
        model="demo:x",
        way=Way.GENERATE,
        chat=True,
    )


def test_an_empty_home_offers_the_demo_and_one_s_own_run(store):
    app = home()
    assert app.button(key="home_demo").label == "Start the demo"
    assert app.button(key="home_demo").disabled == (not models.demo_names())
    assert app.button(key="home_own").label == "Launch a run"
    assert not app.metric


def test_a_run_stands_with_its_headline_interval_and_n(store):
    answered(store, "abc12345")
    app = home()
    # 3 of 4: Wilson 30.1 to 95.4 % (Wilson 1927, z = 1.96, by hand)
    assert "**75.0%** (30.1–95.4%), n = 4" in words(app)
    assert "4 of 4 answered" in words(app)


def test_at_most_four_cards_count_runs_models_tasks_and_items(store):
    answered(store, "abc12345")
    answered(store, "def12345")
    cards = {card.label: card.value for card in home().metric}
    assert cards == {"Runs": "2", "Models": "1", "Tasks": "1", "Items answered": "8"}


def test_a_run_that_an_error_stopped_is_named_first_with_its_reason(store):
    answered(store, "abc12345")
    with store.write() as transaction:
        run = run_rows.get_run(transaction, "abc12345")
        run_rows.set_wanted(transaction, run.id, "pause", "The key was refused. Set another.")
    with store.write() as transaction:  # one more item keeps the run open
        place = run_rows.tasks_of(transaction, run.id)[0]
        run_rows.set_planned(transaction, run.id, place.ordinal, 5)
    app = home()
    assert any("The key was refused. Set another." in block.value for block in app.html)


def test_a_deleted_run_is_on_no_list(store):
    answered(store, "abc12345")
    runs.delete(store, "abc12345")
    assert not home().metric
