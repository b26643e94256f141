"""Figures added to stored answers later: by a term library, by an encoder. No model is asked again."""

from pathlib import Path

import pytest
from kills import add_endpoint, plan_run
from misbehaving_server import Server, answer
from tiny_encoder import make_encoder

from evalcore import report, runs
from evalcore.errors import DataError, UsageError
from evalcore.store import Store
from evalcore.types import Entry, Item, Key, Kind, LoadedTask, Source, Task
from evalcore.worker.loop import Worker


def answered(store: Store, server: Server, kind: Kind, gold: str, said: str) -> str:
    metrics = ("key_f1",) if kind is Kind.STRUCTURED else ("rougeL",)
    task = Task("mine/t", "mine", "t", kind, "zh", metrics, Source(), "none")
    entry = Entry("1", Item("请给出检查建议。", language="zh"), Key(((gold,),), "mine"))
    add_endpoint(store, server)
    server.otherwise = answer(said)
    code = plan_run(store, LoadedTask(task, (entry,)))
    Worker(store, once=True).run()
    return code


def scores(store: Store, code: str) -> dict[str, report.ScoreRow]:
    page = report.records(store, report.record_filter(store, runs=(code,)), limit=1)
    return {one.metric: one for one in report.record(store, page.rows[0].work_id).scores}


def test_two_names_of_one_examination_are_one_term_and_the_alignment_is_told(
    store: Store, server: Server, tmp_path: Path
) -> None:
    code = answered(store, server, Kind.STRUCTURED, "检查：心脏超声", "检查：心脏彩超")
    library = tmp_path / "检查.txt"
    library.write_text("心脏彩色多普勒超声\n胸部CT\n血常规\n", encoding="utf-8")
    asked = len(server.received)
    assert runs.score_with_terms(store, code, [library]) == 1
    found = scores(store, code)
    assert found["aligned_f1@检查"].value == 1.0
    assert "心脏彩超 → 心脏彩色多普勒超声" in found["aligned_f1@检查"].why
    assert found["key_f1"].value == 1.0
    assert len(server.received) == asked


def test_without_a_structured_task_there_is_nothing_to_align(
    store: Store, server: Server, tmp_path: Path
) -> None:
    code = answered(store, server, Kind.TEXT, "多喝水。", "多喝水。")
    (tmp_path / "t.txt").write_text("水\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no structured answers"):
        runs.score_with_terms(store, code, [tmp_path / "t.txt"])
    with pytest.raises(DataError, match=r"nope\.xlsx cannot be read: No such file"):
        runs.score_with_terms(store, code, [tmp_path / "nope.xlsx"])


def test_bertscore_of_a_reply_that_is_its_reference_is_one_and_names_encoder_and_layer(
    store: Store, server: Server, tmp_path: Path
) -> None:
    code = answered(store, server, Kind.TEXT, "the patient has a cough", "the patient has a cough")
    folder = make_encoder(tmp_path)
    assert runs.score_with_encoder(store, code, f"hf:{folder}", layer=2) == 1
    (found,) = [one for name, one in scores(store, code).items() if name.startswith("bertscore_f1@")]
    assert found.value == pytest.approx(1.0, abs=1e-6)
    assert found.metric.endswith(",layer=2")
    figure = report.run_result(store, code).tasks["mine/t"].metrics[found.metric]
    assert (figure.n, figure.value) == (1, pytest.approx(1.0, abs=1e-6))
