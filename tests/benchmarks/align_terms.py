"""1,000 answers against the 37,000 names of diseases with the built-in aligner, then against all libraries.

By hand: ROUNDS_TEST_DATA=... python tests/benchmarks/align_terms.py [answers]
Goal: below 60 s on two cores once the index is there. Answers are made of library terms with characters lost,
swapped or added, no two words alike, so that no word is known from before and few are equal to a term.
"""

import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from evalcore import terms  # noqa: E402
from evalcore.metrics import structured  # noqa: E402

KEYS = ("疾病诊断", "诊断依据", "检查建议", "治疗建议", "注意事项")
WORDS_PER_KEY = 3


def main(count: int = 1000) -> None:
    folder = Path(os.environ["ROUNDS_TEST_DATA"]) / "upstream/term_libraries"
    start = time.perf_counter()
    libraries = [
        terms.load(folder / f"{name}.xlsx") for name in ("疾病诊断术语", "医疗操作术语", "手术操作术语")
    ]
    say(f"three workbooks read in {time.perf_counter() - start:.1f} s")
    for chosen in (libraries[:1], libraries):
        measure(chosen, made(chosen, count))


def made(libraries: Sequence[terms.Library], count: int) -> list[tuple[str, str]]:
    """(reply, gold) pairs in the printed form."""
    drawn = random.Random(0)
    names = [term for library in libraries for term in library.terms]

    def text() -> str:
        return " ".join(
            f"{key}：{'、'.join(worn(drawn, names) for _ in range(WORDS_PER_KEY))}" for key in KEYS
        )

    return [(text(), text()) for _ in range(count)]


def worn(drawn: random.Random, names: Sequence[str]) -> str:
    characters = list(drawn.choice(names).translate(dict.fromkeys(map(ord, "，,、；;。：: \n"), "")))
    for _ in range(2):
        place = drawn.randrange(len(characters) + 1)
        characters[place : place + drawn.randrange(2)] = drawn.choice(names)[0]
    return "".join(characters)


def measure(libraries: Sequence[terms.Library], pairs: Sequence[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as kept:
        start = time.perf_counter()
        terms.aligner(libraries, Path(kept))
        built = time.perf_counter() - start
        start = time.perf_counter()
        aligner = terms.aligner(libraries, Path(kept))
        opened = time.perf_counter() - start
    start = time.perf_counter()
    rows = [structured.comparison(said, gold, aligner) for said, gold in pairs]
    seconds = time.perf_counter() - start
    found = [term for row in rows for key in row for term in key.terms]
    near = sum(term.similarity > 0 for term in found)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"{sum(len(library.terms) for library in libraries):,} terms: index built in {built:.1f} s, opened "
        f"in {opened:.2f} s; {len(pairs):,} answers with their golds ({len(found):,} words, "
        f"{near / len(found):.0%} aligned) in {seconds:.1f} s, goal 60; {memory:.0f} MB"
    )


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
