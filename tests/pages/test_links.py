"""A view is its URL."""

from streamlit.testing.v1 import AppTest


def filters() -> None:
    import streamlit as st

    from pages.ui import links

    links.settle()  # as the frame does
    st.session_state["seen"] = {
        "outcome": links.pick("outcome", "Outcome", ["all", "right", "wrong"], show=str.upper),
        "subject": links.pick_several("subject", "Subject", ["cardiology", "neurology"], show=str.upper),
        "words": links.search("words", "Words"),
        "page": links.number("page", default=1, low=1),
        "url": links.url("items", run=3, subject=("a", "b"), outcome="", words=None),
    }


def opened(**query) -> AppTest:
    app = AppTest.from_function(filters, default_timeout=20)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def test_a_link_opens_the_view_it_was_copied_from():
    app = opened(outcome="wrong", subject=["neurology", "cardiology"], words="心肌梗死", page="4")
    seen = app.session_state["seen"]
    assert (seen["outcome"], seen["subject"]) == ("wrong", ("neurology", "cardiology"))
    assert (seen["words"], seen["page"]) == ("心肌梗死", 4)


def test_codes_that_are_not_allowed_and_numbers_out_of_range_give_the_default():
    app = opened(outcome="<script>", subject=["surgery"], page="-1")
    seen = app.session_state["seen"]
    assert (seen["outcome"], seen["subject"], seen["page"]) == ("all", (), 1)
    assert opened(page="9" * 400).session_state["seen"]["page"] == 1
    assert opened(page="²").session_state["seen"]["page"] == 1


def test_choosing_writes_codes_to_the_url_and_leaves_the_page_of_the_old_choice():
    app = opened(page="4")
    app.selectbox[0].select("wrong").run()
    assert app.query_params["outcome"] == "wrong"
    assert "page" not in app.query_params
    app.multiselect[0].select("neurology").run()
    assert app.query_params["subject"] == "neurology"
    app.text_input[0].set_value(" heparin ").run()
    assert app.query_params["words"] == "heparin"
    assert app.session_state["seen"]["outcome"] == "wrong"


def test_choosing_the_default_takes_it_out_of_the_url():
    app = opened(outcome="wrong")
    app.selectbox[0].select("all").run()
    assert "outcome" not in app.query_params


def test_a_link_that_is_followed_wins_over_what_was_chosen_before():
    app = opened(outcome="wrong")
    app.query_params["outcome"] = "right"
    app.run()
    assert app.session_state["seen"]["outcome"] == "right"


def send_before(app: AppTest) -> None:
    """The browser has not heard of the last change yet: the next message carries the URL it started from."""
    app.query_params.clear()
    app.query_params["page"] = "4"


def test_changes_that_a_quick_hand_makes_before_the_url_has_followed_are_all_kept():
    app = opened(page="4")
    app.selectbox[0].select("wrong").run()
    send_before(app)
    app.multiselect[0].select("neurology").run()
    send_before(app)
    app.text_input[0].set_value("heparin").run()
    assert app.query_params == {"outcome": "wrong", "subject": "neurology", "words": "heparin"}


def test_a_change_after_going_back_does_not_bring_the_left_view_again():
    app = opened(page="4")
    app.selectbox[0].select("wrong").run()
    send_before(app)
    app.run()
    assert app.session_state["seen"]["outcome"] == "all"
    app.text_input[0].set_value("heparin").run()
    assert app.query_params == {"words": "heparin"}


def test_a_link_holds_codes_and_leaves_out_what_is_not_set():
    assert opened().session_state["seen"]["url"] == "items?run=3&subject=a&subject=b"
