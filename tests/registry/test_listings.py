"""Models and endpoints on their lists, jobs that wait for a key, what stands ready."""

from dataclasses import asdict

import pytest

from evalcore import models, registry
from evalcore.errors import UsageError
from evalcore.models.endpoints import OPENAI
from evalcore.store import jobs
from evalcore.store import registry as rows
from evalcore.store.schema import WorkState
from evalcore.types import Endpoint, ModelIdentity

HOUSE = Endpoint("house", ("http://10.0.0.7:8000/v1",), key_env="HOUSE_KEY", is_local=True)
FOUND = models.Check(True, "hf:org/name@abc", "abc", "LlamaForCausalLM", 1_000, "bf16", 0.002, True, False)


def worker_with(store, *keys: str) -> int:
    row = {"host": "far", "pid": 1, "process_started": 1.0, "capabilities": {"environment": list(keys)}}
    with store.write() as transaction:
        return rows.add_worker(transaction, row)


def test_the_built_in_endpoint_is_listed_and_cannot_be_removed(store):
    (only,) = registry.endpoints_listing(store)
    assert (only.endpoint, only.is_stored) == (OPENAI, False)
    with pytest.raises(UsageError, match="built in"):
        registry.remove_endpoint(store, "openai")


def test_an_endpoint_that_was_removed_can_be_put_back_as_it_was(store):
    registry.add_endpoint(store, HOUSE)
    removed = registry.remove_endpoint(store, "house")
    assert removed == HOUSE
    assert [one.endpoint.name for one in registry.endpoints_listing(store)] == ["openai"]
    registry.add_endpoint(store, removed, replace=False)
    assert registry.endpoints_listing(store)[1].endpoint == HOUSE


def test_a_taken_name_is_refused_unless_it_is_to_be_replaced(store):
    registry.add_endpoint(store, HOUSE)
    with pytest.raises(UsageError, match="already"):
        registry.add_endpoint(store, HOUSE, replace=False)
    registry.add_endpoint(store, Endpoint("house", ("http://10.0.0.8/v1",)))
    assert registry.endpoints_listing(store)[1].endpoint.base_urls == ("http://10.0.0.8/v1",)


def test_one_price_alone_is_refused(store):
    with pytest.raises(UsageError, match="one price alone"):
        registry.add_endpoint(store, Endpoint("house", ("http://h/v1",), price_in=1.0))


def test_where_a_key_is_set_is_told_by_name(store, monkeypatch):
    monkeypatch.delenv("HOUSE_KEY", raising=False)
    registry.add_endpoint(store, HOUSE)

    def key() -> registry.KeyPlace:
        return registry.endpoints_listing(store)[1].key

    assert key().state == "nowhere"
    monkeypatch.setenv("HOUSE_KEY", "secret")
    assert key().state == "here"
    holder = worker_with(store, "HOUSE_KEY", "PATH")
    assert (key().state, key().workers) == ("worker", (holder,))
    assert "secret" not in repr(registry.endpoints_listing(store))


def test_a_registered_model_keeps_what_the_check_found_until_it_is_forgotten(store):
    registry.register(store, FOUND)
    registry.register(store, FOUND)
    (kept,) = [one for one in registry.models_listing(store) if one.origin == "registered"]
    assert (kept.name, kept.precision, kept.parameters) == ("hf:org/name@abc", "bf16", 1_000)
    assert registry.forget(store, kept.name, kept.precision)
    assert not registry.forget(store, kept.name, kept.precision)
    assert all(one.origin == "bundled" for one in registry.models_listing(store))


def test_models_that_need_no_registering_are_refused(store):
    with pytest.raises(UsageError, match="needs no registering"):
        registry.register(store, models.Check(True, "api:house/m"))


def test_a_run_of_a_registered_model_is_counted_there_and_not_listed_twice(store):
    registry.register(store, FOUND)
    with store.write() as transaction:
        model_id = rows.put_model(transaction, ModelIdentity("hf:org/name", "abc", "bf16"), {})
        add_run(transaction, model_id)
    (kept,) = [one for one in registry.models_listing(store) if one.kind == "hf"]
    assert (kept.origin, kept.runs) == ("registered", 1)


def add_run(transaction, model_id: int) -> None:
    from evalcore.store import runs as run_rows

    row = {"code": "r", "identity": "r", "repeat": 1, "kind": "ask", "name": "r", "spec": {}, "origin": {}}
    rest = {"model_id": model_id, "lane": "local", "key_env": "", "wanted": "run"}
    run_rows.add_run(transaction, row | rest)


def test_a_job_waits_for_a_worker_that_holds_its_key(store):
    job_id = registry.check_endpoint(store, HOUSE)
    with store.write() as transaction:
        assert not jobs.is_any_due(transaction, ["PATH"])
        assert jobs.claim(transaction, 1, ["PATH"]) is None
    view = registry.job(store, job_id)
    assert view and (view.state, view.key_env, view.is_over) == ("waiting", "HOUSE_KEY", False)
    with store.write() as transaction:
        claimed = jobs.claim(transaction, 1, ["HOUSE_KEY"])
        assert claimed and claimed.id == job_id
        assert jobs.claim(transaction, 2, ["HOUSE_KEY"]) is None


def test_a_job_without_a_key_passes_one_that_waits_for_a_key(store):
    registry.check_endpoint(store, HOUSE)
    model_job = registry.check_model(store, "demo:strong", "fp32")
    with store.write() as transaction:
        claimed = jobs.claim(transaction, 1, [])
    assert claimed and claimed.id == model_job


def test_the_newest_check_of_a_model_is_found_with_its_result(store):
    registry.check_model(store, "hf:org/name", "fp32")
    newest = registry.check_model(store, "hf:org/name", "fp32")
    registry.check_model(store, "hf:org/other", "fp32")
    with store.write() as transaction:
        jobs.finish(transaction, newest, WorkState.DONE, result=asdict(FOUND))
    found = registry.latest_job(store, "check_model", model="hf:org/name", precision="fp32")
    assert found and (found.id, found.state, found.result["parameters"]) == (newest, "done", 1_000)
    assert registry.latest_job(store, "check_model", model="hf:org/nothing") is None


def test_storage_is_told_without_a_password(store, monkeypatch, tmp_path):
    monkeypatch.setenv("ROUNDS_HOME", str(tmp_path))
    found = registry.storage(store)
    assert found.kind == store.engine.dialect.name
    assert found.size_bytes > 0 and found.free_bytes > 0 and found.server[0].isdigit()
    assert ":" not in found.place.split("@")[0].partition("//")[2] or "***" in found.place


def test_data_folders_are_told_with_the_datasets_in_them(monkeypatch, tmp_path):
    (tmp_path / "cais" / "mmlu").mkdir(parents=True)
    monkeypatch.setenv("ROUNDS_DATA_DIR", f"{tmp_path}:/nowhere/at/all")
    found = registry.data_folders()
    assert [(one.is_there, one.datasets) for one in found] == [(True, ("cais/mmlu",)), (False, ())]
