"""What the machine offers a model."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import resource
from evalcore.models.machine import keep_freed_memory
{call}
for n in range(12):
    if n == 2:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    several = [b"x" * (24 << 20) for _ in range(3)]
    del several
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages_taken(call: str) -> int:
    """By ten times 72 MB, which are 18,432 pages each time."""
    run = [sys.executable, "-c", PROGRAM.format(call=call)]
    done = subprocess.run(run, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    return int(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the C library of Linux is told")
def test_freed_memory_is_kept_for_the_next_pass():
    assert pages_taken("keep_freed_memory()") < 1000
    assert pages_taken("") > 10_000  # as it is without
