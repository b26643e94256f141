import json
import os
import subprocess
import sys
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evalcore import data
from evalcore.errors import DataError
from evalcore.types import Source

SOURCE = Source("org/name", split="test", fewshot_split="dev")


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.delenv("HF_DATASETS_CACHE", raising=False)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """The local copy of org/name."""
    monkeypatch.setenv("ROUNDS_DATA_DIR", str(tmp_path / "copies"))
    folder = tmp_path / "copies/org/name"
    folder.mkdir(parents=True)
    return folder


def write_parquet(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("test.jsonl", '{"a": "x"}\n\n{"a": "y"}\n'),
        ("test.json", '{"a": "x"}\n{"a": "y"}'),
        ("test.json", '\ufeff[{"a": "x"},\n {"a": "y"}]'),
        ("phrases_test.jsonl", '{"a": "x"}\r\n{"a": "y"}\r\n'),
        ("data/test.jsonl", '{"a": "x"}\n{"a": "y"}\n'),
    ],
)
def test_published_text_layouts_give_the_same_rows(name, content, folder):
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content, "utf-8")
    assert data.rows(SOURCE, "test") == ([{"a": "x"}, {"a": "y"}], "local")


def test_the_parts_of_a_parquet_split_are_read_in_order(folder):
    write_parquet(folder / "data/test-00001-of-00002.parquet", [{"a": "y"}])
    write_parquet(folder / "data/test-00000-of-00002.parquet", [{"a": "x"}])
    assert data.rows(SOURCE, "test")[0] == [{"a": "x"}, {"a": "y"}]


def test_a_missing_part_of_a_split_is_an_error_and_not_a_shorter_benchmark(folder):
    write_parquet(folder / "test-00000-of-00002.parquet", [{"a": "x"}])
    with pytest.raises(DataError, match=r"1 of 2 parts of 'test'.*fetch the dataset again"):
        data.rows(SOURCE, "test")


def test_a_config_is_a_folder_and_other_configs_are_not_read(folder):
    write_parquet(folder / "anatomy/test-00000-of-00001.parquet", [{"a": "x"}])
    write_parquet(folder / "virology/test-00000-of-00001.parquet", [{"a": "y"}])
    assert data.rows(Source("org/name", config="anatomy"), "test")[0] == [{"a": "x"}]


def test_the_first_folder_that_holds_the_split_wins(monkeypatch, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "org/name").mkdir(parents=True)
        (tmp_path / name / "org/name/test.jsonl").write_text(json.dumps({"a": name}))
    (tmp_path / "empty").mkdir()
    folders = os.pathsep.join(str(tmp_path / name) for name in ("empty", "two", "one"))
    monkeypatch.setenv("ROUNDS_DATA_DIR", folders)
    assert data.rows(SOURCE, "test")[0] == [{"a": "two"}]


@pytest.mark.parametrize("option", ["2:25", "30:02:00", "None", "NA", "1.0", "007", "nan", "true"])
def test_an_option_that_looks_like_something_else_stays_the_text_it_was(option, folder):
    (folder / "test.jsonl").write_text(json.dumps({"a": option}))
    write_parquet(folder / "dev.parquet", [{"a": option}])
    assert data.rows(SOURCE, "test")[0] == data.rows(SOURCE, "dev")[0] == [{"a": option}]


@pytest.mark.parametrize("number", ["1.10", "100000000000000000000", "1e3", "-1", "NaN"])
def test_a_number_in_json_arrives_as_it_was_spelled(number, folder):
    (folder / "test.json").write_text(f'[{{"a": {number}}}]')
    assert data.text(data.rows(SOURCE, "test")[0][0]["a"]) == number


def test_cells_become_text_as_json_spells_them():
    assert [data.text(value) for value in (None, 3, True, "x ", [1])] == ["", "3", "true", "x ", "[1]"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("test.jsonl", b'{"a": 1}\n{"a": 2\n', r"test\.jsonl line 2: not JSON"),
        ("test.jsonl", b'{"a": 1}\n\n[1]\n', r"test\.jsonl row 3: \[\"1\"\] is no object"),
        ("test.json", b'[{"a": 1},\n{"a": 2}', r"test\.json line 2: not JSON"),
        ("test.json", b"[" * 100_000, r"test\.json line 1: (not JSON|JSON nested)"),
        ("test.json", b'{"a": "x"}\n{"a": "\xff"}', r"test\.json line 2: not UTF-8"),
        ("test.jsonl", b"\n <!DOCTYPE html><html>", r"test\.jsonl line 1: .*HTML"),
        ("test.parquet", b"<html>Sign in</html>", r"test\.parquet line 1: .*HTML"),
        ("test.parquet", b"version https://git-lfs.github.com/spec/v1", r"test\.parquet line 1: .*LFS"),
        ("test.jsonl", b"", r"test\.jsonl line 1: the file is empty"),
        ("test.parquet", b"PAR1 and then nothing", r"test\.parquet is no whole Parquet file"),
    ],
)
def test_what_is_no_data_is_named_with_its_file_and_place(name, content, message, folder):
    (folder / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        data.rows(SOURCE, "test")


def test_a_parquet_file_cut_off_in_the_middle_is_named(folder):
    write_parquet(folder / "test.parquet", [{"a": "x" * 100, "b": i} for i in range(1000)])
    content = (folder / "test.parquet").read_bytes()
    (folder / "test.parquet").write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match=r"test\.parquet is no whole Parquet file.*fetch it again"):
        data.rows(SOURCE, "test")


def test_a_missing_dataset_is_told_with_its_id_the_places_and_the_way_to_fetch_it(folder):
    with pytest.raises(DataError) as error:
        data.rows(Source("other/set", config="c"), "test")
    said = str(error.value)
    place = folder.parents[1] / "other/set"
    assert "other/set (c), split 'test'" in said
    assert f"Local copies: {place};" in said
    assert "HF_HUB_OFFLINE is set" in said
    assert f"hf download other/set --repo-type dataset --local-dir {place}" in said


def test_a_hub_out_of_reach_is_told_at_once(folder, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setenv("HF_ENDPOINT", "https://hub.invalid")  # no such name can exist (RFC 6761)
    monkeypatch.setattr("evalcore.data.getproxies", dict)
    with pytest.raises(DataError, match=r"hub\.invalid cannot be reached from here"):
        data.rows(Source("other/set"), "test")


def test_a_null_in_a_column_that_has_to_be_filled_is_an_error_that_names_the_row():
    with pytest.raises(DataError, match="set row 7 has no 'b', or it is null; its columns: a, b"):
        data.field({"a": "x", "b": None}, "b", "set row 7")


def test_availability_is_told_without_reading_a_file(folder, monkeypatch, tmp_path):
    assert data.where(Source()) == "bundled"
    assert data.where(SOURCE) == "missing"
    assert not data.is_available(SOURCE)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    assert data.where(SOURCE) == "hub"
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "hf/hub/datasets--org--name").mkdir(parents=True)
    assert data.where(SOURCE) == "hub"
    (folder / "test.parquet").write_text("never read")
    assert data.where(SOURCE) == "local"


def test_a_local_copy_without_the_split_of_examples_has_an_empty_pool(folder):
    (folder / "test.jsonl").write_text('{"a": "x"}')
    assert data.pool(SOURCE) == []
    (folder / "dev.jsonl").write_text('{"a": "y"}')
    assert data.pool(SOURCE) == [{"a": "y"}]


def test_without_a_local_copy_rows_come_through_datasets(tmp_path):
    """A folder stands for a hub id, which `datasets` allows: the whole way but for the download."""
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "test.jsonl").write_text('{"a": "2:25", "n": 1}\n{"a": "x", "n": 2}\n')
    code = (
        "from evalcore import data; from evalcore.types import Source; "
        f"print(data._from_hub(Source({str(folder)!r}), 'test'))"
    )
    hub = {"HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path / "hf"), "HF_ENDPOINT": "http://localhost"}
    environment = {**os.environ, **hub}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "[{'a': '2:25', 'n': 1}, {'a': 'x', 'n': 2}]", done.stderr


def test_reading_local_rows_imports_no_datasets_library(folder):
    (folder / "test.jsonl").write_text('{"a": "x"}')
    code = (
        "import sys; from evalcore import data, benchmarks, prompts; from evalcore.types import Source; "
        "data.rows(Source('org/name'), 'test'); benchmarks.tasks(); "
        "print({'datasets', 'torch', 'transformers', 'openai'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stderr


PATHED = Source("org/name", split="Test/English")


@pytest.mark.parametrize("place", ["Test/English.jsonl", "name/Test/English.jsonl", "Test/English_v2.json"])
def test_a_split_with_a_slash_is_a_path_in_the_dataset(folder, place):
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_text('{"a": 1}\n{"a": 2}', "utf-8")
    assert data.rows(PATHED, PATHED.split) == ([{"a": "1"}, {"a": "2"}], "local")
    assert data.where(PATHED) == "local"


def test_task5_is_not_task57(folder):
    (folder / "MCQA").mkdir()
    (folder / "MCQA/task57_x.json").write_text('{"a": 1}', "utf-8")
    assert data.local_files(SOURCE, "MCQA/task5") == ()
    assert data.local_files(SOURCE, "MCQA/task57") == (folder / "MCQA/task57_x.json",)


def test_a_file_in_a_zip_is_read_where_it_lies(folder):
    with zipfile.ZipFile(folder / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("deep/Test/English.jsonl", '{"a": "ü"}\n')
        archive.writestr("deep/OtherTest/English.jsonl", '{"a": "no"}\n')
    assert data.local_files(PATHED, PATHED.split) == (folder / "all.zip/deep/Test/English.jsonl",)
    assert data.rows(PATHED, PATHED.split)[0] == [{"a": "ü"}]


def test_a_broken_line_in_a_zip_is_named_with_its_file(folder):
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("Test/English.jsonl", '{"a": 1}\n{"a": \n')
    with pytest.raises(DataError, match=r"all.zip/Test/English.jsonl line 2: not JSON"):
        data.rows(PATHED, PATHED.split)


def test_a_zip_whose_content_is_damaged_is_named(folder):
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.writestr("Test/English.jsonl", '{"a": 1}')
    content = bytearray((folder / "all.zip").read_bytes())
    content[content.index(b'{"a"') + 2] ^= 1
    (folder / "all.zip").write_bytes(content)
    with pytest.raises(DataError, match=r"English.jsonl cannot be unpacked .*Fetch all.zip again"):
        data.rows(PATHED, PATHED.split)


def test_d27_one_indented_object_is_one_row_and_a_break_in_it_is_named_by_its_line(folder):
    (folder / "test.jsonl").write_text('{\n "Instances": [\n  {"input": "x"}\n ]\n}\n', "utf-8")
    assert data.rows(SOURCE, "test")[0] == [{"Instances": [{"input": "x"}]}]
    (folder / "test.jsonl").write_text('{\n "Instances": [\n  {"input": \n ]\n}\n', "utf-8")
    with pytest.raises(DataError, match=r"test.jsonl line 4: not JSON"):
        data.rows(SOURCE, "test")
