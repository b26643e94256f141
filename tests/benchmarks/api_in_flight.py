"""How near the API backend comes to the ideal: 1,000 requests, 64 in flight, each answered after 0.2 s.

By hand: python tests/benchmarks/api_in_flight.py [requests] [in_flight] [latency_s] [caller_s each]
The ideal is latency * requests / in_flight. Goal: below 1.15 with a caller that takes no time.
"""

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from servers import free_port  # noqa: E402

from evalcore.models.openai import OpenAIModel  # noqa: E402
from evalcore.types import Endpoint, Part, Prompt, Request, Sampling  # noqa: E402


def main(requests: int = 1000, in_flight: int = 64, latency_s: float = 0.2, caller_s: float = 0.0) -> None:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "tests/misbehaving_server.py"), str(port), str(latency_s)]
    )
    time.sleep(1.0)
    endpoint = Endpoint("bench", (f"http://127.0.0.1:{port}/v1",), in_flight=in_flight)
    try:
        for _ in range(3):
            report(measure(endpoint, requests, caller_s), latency_s * requests / in_flight or 1.0, requests)
    finally:
        server.terminate()
        server.wait()


def measure(endpoint: Endpoint, requests: int, caller_s: float) -> tuple[float, float]:
    """(seconds, of them on this process' processor), connections not yet open."""
    prompt = Prompt((Part("A 54-year-old man has chest pain. " * 30, "user"),), template="t")
    with closing(OpenAIModel(endpoint, "m")) as model:
        start, used = time.perf_counter(), time.process_time()
        answers = model.generate(Request(n, prompt, Sampling()) for n in range(requests))
        failed = 0
        for _, response in answers:
            failed += response.failure is not None
            time.sleep(caller_s)
        taken = time.perf_counter() - start, time.process_time() - used
    if failed:
        sys.exit(f"{failed} requests failed")
    return taken


def report(taken: tuple[float, float], ideal_s: float, requests: int) -> None:
    seconds, used = taken
    sys.stdout.write(
        f"{requests} requests in {seconds:.2f} s, ideal {ideal_s:.2f} s: ratio {seconds / ideal_s:.3f}; "
        f"{requests / seconds:.0f}/s, {1000 * used / requests:.2f} ms of processor each\n"
    )


if __name__ == "__main__":
    main(*(int(it) if it.isdigit() else float(it) for it in sys.argv[1:]))
