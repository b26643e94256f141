"""Live: what it says while a run works, when it stands still, and when it is over."""

from pathlib import Path

import pytest
import streamlit as st
from asked import ask, entry, task, written
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from evalcore import report, runs
from evalcore.store import Store, registry
from evalcore.store import runs as run_rows
from evalcore.store.schema import runs as run_table
from evalcore.types import Failure, LoadedTask, Way

ROOT = Path(__file__).resolve().parents[2]
MAIN = ROOT / "pages" / "ui" / "main.py"
LIVE = ROOT / "pages" / "live.py"
OPTIONS = {"A": "aspirin", "B": "heparin"}
MINE = LoadedTask(
    task("demo/mine"), tuple(entry(str(n), f"Question {n}?", OPTIONS, "AAAB"[n]) for n in range(4))
)
ONE = "demo/fr"


def said(one):
    """Right, right, late, wrong."""
    return (
        Failure("timeout", "No answer within 60 s.", is_final=True)
        if one.item_id == "2"
        else written("Answer: A")
    )


@pytest.fixture
def waiting(store):
    """A run behind an API that no worker has taken up."""
    endpoint = {
        "name": "near",
        "base_urls": ["http://127.0.0.1:9/v1"],
        "key_env": "NEAR_KEY",
        "is_local": True,
    }
    limits = {"rpm": 0, "tpm": 0, "in_flight": 2, "price_in": None, "price_out": None}
    with store.write() as transaction:
        registry.put_endpoint(transaction, endpoint | limits)
    return runs.start(store, runs.RunSpec(model="api:near/m", tasks=(ONE,), order="random"), limit=2)


def over(store: Store) -> str:
    return ask(store, [MINE], said, code="abc12345", model="demo:x", way=Way.GENERATE, chat=True)


def sign_in(store: Store, *names: str) -> None:
    facts = {"host": "elsewhere", "pid": 1, "process_started": 0.0}
    with store.write() as transaction:
        registry.add_worker(transaction, facts | {"capabilities": {"environment": list(names)}})


def live(code: str = "") -> AppTest:
    st.cache_data.clear()  # the snapshot is shared for a second
    app = AppTest.from_file(str(MAIN), default_timeout=20)
    app.run().switch_page(str(LIVE))
    if code:
        app.query_params["run"] = code
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    kinds = ("markdown", "caption", "html", "code")
    return "\n".join(str(block.value) for kind in kinds for block in app.get(kind))


def click(app: AppTest, name: str) -> AppTest:
    st.cache_data.clear()
    app.button(key=f"live_{name}").click().run()
    assert not app.exception
    return app


def names(app: AppTest) -> set[str]:
    return {button.key for button in app.button if button.key}


def test_an_unknown_run_is_one_message_with_the_latest_codes(store):
    over(store)
    app = live("zzzzzzzz")
    assert "There is no run" in words(app) and "abc12345" in words(app)


def test_a_finished_run_shows_every_figure_with_its_interval_and_what_is_missing(store):
    app = live(over(store))
    (row,) = app.dataframe[0].value.to_dict("records")
    # two right of three answered: Wilson 20.8 to 93.9 % (z = 1.96); the late one is missing, not wrong
    assert (row["Task"], row["Metric"], row["Value"], row["n"]) == (
        "demo/mine",
        "accuracy (acc)",
        "66.7%",
        "3",
    )
    assert row["95% interval"] == "20.8–93.9%"
    assert (row["Not scored"], row["Guessing"], row["No answer read"]) == ("1", "50.0%", "0 / 3")


def test_failures_are_told_by_kind(store):
    assert ":material/error: timed out · **1**" in words(live(over(store)))


def test_at_most_four_cards_say_how_far_how_fast_and_how_dear(store):
    cards = [card.label for card in live(over(store)).metric]
    assert cards == ["Answered", "Time", "Tokens", "Cost"]


def test_failed_items_can_be_asked_again(store):
    sign_in(store)
    code = over(store)
    click(live(code), "retry")
    assert (report.run_status(store, code).failed, report.run_status(store, code).status) == (0, "running")


def test_a_run_without_a_worker_says_which_key_is_missing_and_what_to_do(store, waiting):
    sign_in(store, "OTHER_KEY")
    shown = words(live(waiting))
    assert "waiting for a worker with NEAR_KEY" in shown
    assert "NEAR_KEY=... python -m evalcore worker" in shown


def test_pause_resume_and_cancel_offer_what_fits_the_state(store, waiting):
    sign_in(store, "NEAR_KEY")
    app = live(waiting)
    assert {"live_pause", "live_cancel_really"} <= names(app) and "live_resume" not in names(app)
    click(app, "pause")
    assert {"live_resume", "live_delete"} <= names(app) and "live_pause" not in names(app)
    click(app, "resume")
    click(app, "cancel_really")
    assert report.run_status(store, waiting).status == "cancelled"
    assert "live_resume" in names(app)


def test_a_pause_that_an_error_made_shows_its_reason(store, waiting):
    reason = "Endpoint near refused the key (401). Set NEAR_KEY to a valid key."
    with store.write() as transaction:
        run_rows.set_wanted(transaction, run_rows.get_run(transaction, waiting).id, "pause", reason)
    shown = words(live(waiting))
    assert reason in shown and "Stopped by an error that every item would meet" in shown


def test_a_run_grows_without_planning_its_first_items_again(store, waiting):
    sign_in(store, "NEAR_KEY")
    app = live(waiting)
    app.number_input(key="live_limit").set_value(5).run()
    click(app, "extend_start")
    assert report.run_status(store, waiting).planned == 5
    with store.read() as transaction:
        assert len(transaction.execute(run_table.select()).all()) == 1


def test_a_run_whose_settings_no_longer_mean_the_same_is_not_extended(store, waiting):
    sign_in(store, "NEAR_KEY")
    with store.write() as transaction:
        transaction.execute(update(run_table).values(identity="another"))
    app = live(waiting)
    click(app, "extend_start")
    assert "cannot be extended" in words(app)
    assert report.run_status(store, waiting).planned == 2


def test_a_deleted_run_comes_back_by_undo(store):
    code = over(store)
    app = live(code)
    click(app, "delete")
    assert report.runs_overview(store) == ()
    click(app, "undo")
    assert [row.code for row in report.runs_overview(store)] == [code]


def test_a_published_order_is_called_only_descriptive(store, waiting):
    code = runs.start(store, runs.RunSpec(model="api:near/m", tasks=(ONE,), order="file"))
    assert "published order" in words(live(code))


def test_figures_of_a_demo_model_stand_beside_a_warning(store):
    assert "must not be believed" in words(live(over(store)))


def test_a_finished_run_is_told_in_one_sentence(store):
    """Two of the three that were answered name A rightly; the late one is missing."""
    assert "Right on **2 of 3** scored items" in words(live(over(store)))
