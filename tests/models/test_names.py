import pytest

from evalcore.errors import UsageError
from evalcore.models import demo_names, parse
from evalcore.models.names import Place


def test_a_hub_id_keeps_its_revision_apart():
    name = parse("hf:org/name@refs/pr/1")
    assert (name.kind, name.weights, name.base) == ("hf", Place("org/name", "refs/pr/1"), None)


def test_an_adapter_sits_on_its_base_and_each_has_a_revision():
    name = parse("hf:org/lora@v2+org/base@abc")
    assert name.weights == Place("org/lora", "v2")
    assert name.base == Place("org/base", "abc")


def test_a_folder_is_named_by_its_absolute_path(tmp_path, monkeypatch):
    (tmp_path / "a+b@c").mkdir()
    monkeypatch.chdir(tmp_path)
    name = parse("hf:./a+b@c")
    assert name.text == f"hf:{tmp_path / 'a+b@c'}"
    assert name.weights.is_folder and name.base is None


def test_an_api_model_may_have_slashes_in_its_name():
    name = parse("api:local/org/model:8b")
    assert (name.endpoint, name.model) == ("local", "org/model:8b")


@pytest.mark.parametrize("name", ["gpt-4", "hf:", "x:y", "api:openai", "api:/m", "hf:a b", "hf:org/name@"])
def test_a_name_in_no_known_form_is_refused_with_the_forms_that_are(name):
    with pytest.raises(UsageError, match="hf:|api:|ORG/NAME"):
        parse(name)


def test_a_missing_folder_is_not_taken_for_a_hub_id(tmp_path):
    with pytest.raises(UsageError, match="no folder"):
        parse(f"hf:{tmp_path}/none")


def test_a_misspelt_demo_model_is_answered_with_the_nearest_name():
    assert demo_names() == ("demo:strong", "demo:weak")
    with pytest.raises(UsageError, match="demo:strong"):
        parse("demo:stron")
