"""Models and endpoints: what is typed wrongly is said and stays, what may be a key does not."""

import pytest
from reference import opened, words

from evalcore import registry
from evalcore.types import Endpoint

pytestmark = pytest.mark.usefixtures("store")
PASTED = "sk-proj-0123456789abcdefghij"


def press(app, label: str):
    return next(button for button in app.button if button.label == label).click().run()


def endpoint_form(**typed):
    app = opened("models", view="endpoints")
    for name, value in {"name": "house", "urls": "http://10.0.0.7/v1", **typed}.items():
        kind = app.text_area if name == "urls" else app.text_input
        kind(key=f"endpoint_{name}").set_value(value)
    return press(app, "Save")


def test_an_endpoint_that_was_typed_is_listed_and_the_form_is_empty_again(store):
    app = endpoint_form(key_env="HOUSE_KEY")
    assert not app.exception
    assert [one.endpoint.key_env for one in registry.endpoints_listing(store)][1:] == ["HOUSE_KEY"]
    assert app.text_input(key="endpoint_name").value == ""
    assert "HOUSE&#95;KEY is set neither for a living worker nor for the app" in words(app)


def test_a_key_in_place_of_its_variables_name_is_refused_and_shown_nowhere(store):
    app = endpoint_form(key_env=PASTED)
    assert not app.exception
    assert "never the key itself" in words(app)
    assert PASTED not in words(app) and PASTED not in str([one.value for one in app.text_input])
    assert app.text_input(key="endpoint_name").value == "house"
    assert len(registry.endpoints_listing(store)) == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "My House"}, "names are 1 to 64"),
        ({"urls": "10.0.0.7:8000"}, "does not begin with http"),
        ({"urls": ""}, "has no base URL"),
        ({"urls": "https://me:secret@host/v1"}, "user name or password"),
        ({"name": "openai"}, "already an endpoint"),
    ],
)
def test_wrong_input_is_said_without_a_traceback_and_stays_in_the_form(store, typed, said):
    app = endpoint_form(**typed)
    assert not app.exception
    assert said in words(app).replace("&#x27;", "'")
    assert app.text_area(key="endpoint_urls").value == typed.get("urls", "http://10.0.0.7/v1")
    assert len(registry.endpoints_listing(store)) == 1


def test_a_removed_endpoint_can_be_brought_back(store):
    registry.add_endpoint(store, Endpoint("house", ("http://10.0.0.7/v1",), rpm=7))
    app = opened("models", view="endpoints")
    app.button(key="remove_house").click().run()
    assert len(registry.endpoints_listing(store)) == 1
    app.button(key="remove_undo").click().run()
    assert registry.endpoints_listing(store)[1].endpoint.rpm == 7


def registering(name: str):
    app = opened("models")
    app.text_input(key="register_name").set_value(name)
    return press(app, "Check")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "No model was named"),
        ("/nowhere/at/all", "no folder"),
        ("api:openai/gpt", "Only Hugging Face"),
        ("a b", "hub id"),
    ],
)
def test_a_model_that_cannot_be_is_said_and_what_was_typed_stays(store, name, said):
    app = registering(name)
    assert not app.exception
    assert said in words(app)
    assert app.text_input(key="register_name").value == name


def test_a_folder_without_weights_is_told_and_kept_only_on_request(store, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama"}')
    app = registering(str(folder))
    assert "no model.safetensors" in words(app)
    app.button(key="register_keep").click().run()
    (kept,) = [one for one in registry.models_listing(store) if one.origin == "registered"]
    assert kept.name == f"hf:{folder}" and kept.problems
    app.button(key="forget_0").click().run()
    assert all(one.origin != "registered" for one in registry.models_listing(store))


def test_a_models_page_asks_a_worker_to_load_it(store):
    bundled = [one for one in registry.models_listing(store) if one.origin == "bundled"]
    if not bundled:
        pytest.skip("no demo models in this copy")
    app = opened("models", model=bundled[0].name, precision="fp32")
    assert not app.exception and "must not be believed" in words(app)


def test_the_page_of_a_model_nobody_knows_says_so(store):
    app = opened("models", model="hf:/gone/away")
    assert not app.exception
    assert "no folder" in words(app)
