"""PubMedQA, the 500 official test items of the expert-labelled set: yes, no or maybe from an abstract.

Source: pubmedqa/pubmedqa (MIT); hub copy qiaojin/PubMedQA (mit), config `pqa_labeled`, which has one split
of 1,000 rows: the test items are those of pubmedqa_test.tsv. A local copy of bigbio/pubmed_qa (config
pubmed_qa_labeled_fold0_source), which the reference harness reads, serves as well. Both give the same
items in the same order, that of bigbio's test split; item ids are PMIDs.

pubmedqa_test.tsv: PMID and the start of the SHA-256 of the question, because bigbio's rows carry no PMID.
Few-shot pool: the 500 labelled items outside the test set, where qiaojin/PubMedQA is what was read.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from evalcore import data
from evalcore.errors import DataError
from evalcore.types import Benchmark, Entry, Item, Key, Kind, LoadedTask, Option, Source, Task, normalised

BENCHMARK = Benchmark(
    id="pubmedqa",
    title="PubMedQA",
    tasks=(
        Task(
            id="pubmedqa",
            benchmark="pubmedqa",
            title="PubMedQA",
            kind=Kind.YES_NO_MAYBE,
            language="en",
            metrics=("acc", "macro_f1"),
            source=Source("qiaojin/PubMedQA", config="pqa_labeled", split="train", fewshot_split="train"),
            licence="mit",
            size=500,
            template="harness",
        ),
    ),
    citation="""@inproceedings{jin2019pubmedqa,
  title={PubMedQA: A Dataset for Biomedical Research Question Answering},
  author={Jin, Qiao and Dhingra, Bhuwan and Liu, Zhengping and Cohen, William and Lu, Xinghua},
  booktitle={Proceedings of the 2019 Conference on Empirical Methods in Natural Language Processing and the
      9th
    International Joint Conference on Natural Language Processing (EMNLP-IJCNLP)},
  pages={2567--2577},
  year={2019}
}""",
    url="https://pubmedqa.github.io",
    average="one task",
    defects=(
        "55.2 % of the test items are 'yes' and only 11 % 'maybe': read macro F1 beside accuracy.",
        "The question is often the title of the paper, and the abstract's conclusion was taken out by rule.",
    ),
)

_BIGBIO = Source("bigbio/pubmed_qa", config="pubmed_qa_labeled_fold0_source", split="test")
_OPTIONS = tuple(Option(word, word) for word in ("yes", "no", "maybe"))


def load(task: Task) -> LoadedTask:
    if _only_bigbio_is_local(task.source):
        rows, origin = data.rows(_BIGBIO, _BIGBIO.split)
        return LoadedTask(task, _in_order(_from_bigbio(rows)), source=origin)
    rows, origin = data.rows(task.source, task.source.split)
    entries = {entry.item_id: entry for entry in map(_from_qiaojin, rows)}
    return LoadedTask(task, _in_order(entries), source=origin)


def examples(task: Task) -> tuple[Entry, ...]:
    if _only_bigbio_is_local(task.source):
        return ()
    entries = map(_from_qiaojin, data.pool(task.source))
    return tuple(entry for entry in entries if entry.item_id not in _test_set())


def where(task: Task) -> str:
    return "local" if _only_bigbio_is_local(task.source) else data.where(task.source)


def _only_bigbio_is_local(source: Source) -> bool:
    has_local = bool(data.local_files(source, source.split))
    return not has_local and bool(data.local_files(_BIGBIO, _BIGBIO.split))


@cache
def _test_set() -> dict[str, str]:
    """PMID -> question hash of the official test items, in the order in which they are asked."""
    lines = Path(__file__).with_name("pubmedqa_test.tsv").read_text("utf-8").splitlines()
    return dict((line.split("\t")[0], line.split("\t")[1]) for line in lines if not line.startswith("#"))


def _hash(question: str) -> str:
    return hashlib.sha256(normalised(question).encode()).hexdigest()[:12]


def _in_order(entries: dict[str, Entry]) -> tuple[Entry, ...]:
    missing = [pmid for pmid in _test_set() if pmid not in entries]
    if missing:
        raise DataError(
            f"pubmedqa: {len(missing)} of {len(_test_set())} official test items are not in the file, "
            f"for example PMID {missing[0]}. The copy is cut off or another edition. Fetch the dataset again."
        )
    return tuple(entries[pmid] for pmid in _test_set())


def _from_qiaojin(row: data.Row) -> Entry:
    pmid = data.text(data.field(row, "pubid", "pubmedqa row"))
    place = f"pubmedqa PMID {pmid}"
    context = data.field(row, "context", place)
    abstract = data.field(context, "contexts", place)
    question = data.field(row, "question", place)
    return _entry(pmid, question, abstract, (row.get("final_decision"), row.get("long_answer")))


def _from_bigbio(rows: list[data.Row]) -> dict[str, Entry]:
    pmids = {digest: pmid for pmid, digest in _test_set().items()}
    entries = {}
    for number, row in enumerate(rows, 1):
        place = f"pubmedqa row {number} (bigbio)"
        question = data.text(data.field(row, "QUESTION", place))
        pmid = pmids.get(_hash(question))
        if pmid is None:
            raise DataError(
                f"{place}: {question[:60]!r} is none of the 500 official test questions. Put fold 0 there."
            )
        verdict = row.get("final_decision"), row.get("LONG_ANSWER")
        entries[pmid] = _entry(pmid, question, data.field(row, "CONTEXTS", place), verdict)
    return entries


def _entry(pmid: str, question: Any, abstract: list[Any], verdict: tuple[Any, Any]) -> Entry:
    decision, conclusion = data.text(verdict[0]), data.text(verdict[1])
    if decision not in ("yes", "no", "maybe"):
        raise DataError(
            f"pubmedqa PMID {pmid}: gold is {decision!r}, not yes, no or maybe. "
            "The file is not the expert-labelled set. Put pqa_labeled there."
        )
    context = "\n".join(data.text(paragraph) for paragraph in abstract)
    item = Item(data.text(question), _OPTIONS, context)
    return Entry(pmid, item, Key(((decision,),), "pubmedqa", rationale=conclusion, source=f"PMID {pmid}"))
