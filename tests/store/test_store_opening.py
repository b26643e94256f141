"""Opening, refusing, and running out of disk."""

from pathlib import Path

import pytest
from filled import entry, four, plan, task
from sqlalchemy import create_engine, func, select, text

from evalcore.errors import StoreError
from evalcore.store import Store, content
from evalcore.store.engine import HEAD, file_system_of
from evalcore.store.schema import items, metadata, runs, settings, task_versions


def _marked_newer(url: str) -> None:
    opened = Store(url)
    with opened.write() as t:
        t.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()


def test_a_database_of_a_newer_schema_is_refused_with_what_to_do_and_left_as_it_is(
    database_url: str,
) -> None:
    _marked_newer(database_url)
    with pytest.raises(StoreError, match=f"newer version.*schema 9999.*{HEAD}.*Nothing was changed.*Update"):
        Store(database_url)
    engine = create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    engine.dispose()


def test_a_second_opening_finds_what_the_first_one_stored(database_url: str) -> None:
    first = Store(database_url)
    plan(first, four())
    first.close()
    second = Store(database_url)
    with second.read() as t:
        assert list(t.execute(select(runs.c.code)).scalars()) == ["run-1"]
    second.close()


def test_every_table_of_the_schema_is_there_after_opening(store: Store) -> None:
    with store.read() as t:
        for table in metadata.sorted_tables:
            assert t.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_a_failed_transaction_keeps_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as t:
        content.put_task(t, four())
        raise RuntimeError("stop")
    with store.read() as t:
        assert t.execute(select(func.count()).select_from(items)).scalar_one() == 0


def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    count = select(func.count()).select_from(settings)
    with store.read() as reader:
        before = reader.execute(count).scalar_one()
        with store.write() as t:
            t.execute(settings.insert(), {"name": "new", "value": 1})
        assert reader.execute(count).scalar_one() == before


def test_a_full_disk_is_said_in_words_and_nothing_is_half_stored(sqlite_url: str) -> None:
    store = Store(sqlite_url)
    with store.write() as t:
        content.put_task(t, four())
        pages = t.execute(text("PRAGMA page_count")).scalar_one()
    large = task([entry(f"q{n}", f"{n} " + "word " * 2000) for n in range(200)], "demo/large")
    with pytest.raises(StoreError, match="is full.*Nothing is half stored. Free space"), store.write() as t:
        t.execute(text(f"PRAGMA max_page_count = {pages + 20}"))
        content.put_task(t, large)
    with store.write() as t:
        t.execute(text("PRAGMA max_page_count = 1000000"))
        assert t.execute(select(func.count()).select_from(items)).scalar_one() == 4
        assert t.execute(select(func.count()).select_from(task_versions)).scalar_one() == 1
        content.put_task(t, large)
    store.close()


def test_a_server_that_is_not_there_is_said_in_words_without_the_password() -> None:
    with pytest.raises(StoreError, match="cannot be used") as caught:
        Store("postgresql://someone:secret@127.0.0.1:1/rounds?connect_timeout=2")
    assert "secret" not in str(caught.value)


def test_another_kind_of_database_is_refused_by_name() -> None:
    with pytest.raises(StoreError, match="'mysql', which is not supported"):
        Store("mysql://here/rounds")


MOUNTS = """/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//server/share /mnt/share cifs rw 0 0"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/rounds", "ext4"),
        ("/home/somebody/.rounds", "nfs4"),
        ("/home/local/rounds", "ext4"),
        ("/homeless", "ext4"),
        ("/mnt/share", "cifs"),
    ],
)
def test_the_file_system_of_a_path_is_that_of_its_longest_mount_point(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind
