"""By hand: `python tests/benchmarks/engine.py`. The local engine beside lm-evaluation-harness, one table.

Same process, one thread, fp32, CPU seconds, both in turn, medians; the harness at its best batch size. Needs
ROUNDS_DATA_DIR with local copies of the datasets. Hours of CPU in full: --workload, --repeats, --items and
--seed make it short. --device cuda --size 8b measures our engine alone on a GPU (engine_gpu.py).
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ |= {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parent)]

import torch  # noqa: E402
from engine_workloads import KINDS, NAMES, NEW_TOKENS, Workload, make_folder, workload  # noqa: E402

from evalcore import models  # noqa: E402

BATCHES = (1, 2, 4, 8, 16)
TUNED_ON = 16  # requests
NEVER = "\x00never"


class Ours:
    def __init__(self, folder: Path) -> None:
        self.model: Any = models.load(f"hf:{folder}", "fp32")

    def ask(self, work: Workload) -> list[Any]:
        ask = self.model.generate if work.is_written else self.model.rank
        found = {request.id: response for request, response in ask(work.requests)}
        done = [found[request.id] for request in work.requests]
        if work.is_written:
            return [response.text for response in done]
        return [
            (
                list(response.option_logprobs.values()),
                [o in response.greedy for o in response.option_logprobs],
            )
            for response in done
        ]


class Harness:
    def __init__(self, folder: Path) -> None:
        from lm_eval.models.huggingface import HFLM

        self.model = HFLM(pretrained=str(folder), device="cpu", dtype="float32", batch_size=1)

    def ask(self, work: Workload) -> list[Any]:
        return self._write(work) if work.is_written else self._rank(work)

    def _rank(self, work: Workload) -> list[Any]:
        pairs = [(r.prompt.text, target) for r in work.requests for target in r.prompt.targets]
        found = iter(self.model.loglikelihood(_instances("loglikelihood", pairs), disable_tqdm=True))
        rows = [[next(found) for _ in request.prompt.targets] for request in work.requests]
        return [([value for value, _ in row], [is_greedy for _, is_greedy in row]) for row in rows]

    def _write(self, work: Workload) -> list[str]:
        sampling = work.requests[0].sampling
        until = {
            "until": list(sampling.stop) or [NEVER], "max_gen_toks": sampling.max_tokens, "do_sample": False,
        }  # fmt: skip
        asked = _instances("generate_until", [(r.prompt.text, dict(until)) for r in work.requests])
        return list(self.model.generate_until(asked, disable_tqdm=True))

    def tune(self, work: Workload) -> None:
        few = Workload(work.name, work.requests[:TUNED_ON], 0)
        seconds = {}
        for self.model.batch_size_per_gpu in BATCHES:
            seconds[self.model.batch_size_per_gpu] = _timed(lambda: self.ask(few))[0]
        self.model.batch_size_per_gpu = min(seconds, key=seconds.__getitem__)


def _instances(kind: str, arguments: list[tuple[Any, ...]]) -> list[Any]:
    from lm_eval.api.instance import Instance

    return [Instance(kind, {}, pair, i) for i, pair in enumerate(arguments)]


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process: with one thread those of an idle machine, whatever its neighbours do."""
    started = time.process_time()
    done = act()
    return time.process_time() - started, done


def matrix_rate(model: Any, tokens: int = 1024) -> float:
    """Floating point operations a second of the body's own matrices, one after the other as in a pass."""
    weights = [w for name, w in model.named_parameters() if w.dim() == 2 and ".layers." in name]
    inputs = {width: torch.randn(tokens, width) for width in {w.shape[1] for w in weights}}

    def multiply() -> None:
        for weight in weights:
            torch.nn.functional.linear(inputs[weight.shape[1]], weight)

    with torch.inference_mode():
        seconds = statistics.median(_timed(multiply)[0] for _ in range(3))
    return 2 * tokens * sum(weight.numel() for weight in weights) / seconds


def floor_operations(work: Workload, ours: Ours, done: list[Any]) -> float:
    """Unique tokens x 2 x body parameters, and one row of the output head for each item or written token."""
    tokenizer = ours.model._encoder.tokenizer
    body = sum(w.numel() for name, w in ours.model._model.named_parameters() if ".layers." in name)
    head = ours.model._model.get_output_embeddings().weight.numel()
    if work.is_written:
        written = [len(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in done]
        written = [
            min(count + 1, NEW_TOKENS) if work.requests[0].sampling.stop else NEW_TOKENS for count in written
        ]
        return 2 * ((_unique(work, tokenizer) + sum(written)) * body + sum(written) * head)
    return 2 * (_unique(work, tokenizer) * body + len(work.requests) * head)


def _unique(work: Workload, tokenizer: Any) -> int:
    texts = [r.prompt.text + target for r in work.requests for target in r.prompt.targets or ("",)]
    rows = sorted(
        ids[:-1] if work.requests[0].prompt.targets else ids for ids in tokenizer(texts)["input_ids"]
    )
    shared = (len(os.path.commonprefix([a, b])) for a, b in zip(rows, rows[1:], strict=False))
    return sum(map(len, rows)) - sum(shared)


@dataclass
class Line:
    """One workload on one model. medians: seconds of harness, us and the floor, and their three ratios."""

    kind: str
    work: Workload
    batch: int
    medians: tuple[float, ...]
    exact: str

    def text(self) -> str:
        theirs, ours, floor, ratio, their_floor, our_floor = self.medians
        limit = f"(<= {self.work.most_floor})" if self.work.most_floor else ""
        return (
            f"{self.kind:7} {self.work.name:12} {self.batch:5} {theirs:9.2f} {ours:7.2f} {ratio:6.2f} "
            f"(>= {self.work.goal:5}) {floor:7.2f} {their_floor:9.2f} {our_floor:6.2f} {limit:9} {self.exact}"
        )


HEADER = (
    f"{'model':7} {'workload':12} {'batch':5} {'harness s':>9} {'ours s':>7} {'ratio':>6} {'(goal)':10} "
    f"{'floor s':>7} {'h./floor':>9} {'ours/floor':16} exactness"
)


def measure(kind: str, name: str, pair: tuple[Ours, Harness], repeats: int, items: int | None) -> Line:
    ours, harness = pair
    work = workload(name, ours.model._encoder.tokenizer, items)
    harness.tune(work)
    ours.ask(Workload(work.name, work.requests[:8], 0))  # the start-up check is no part of the rate
    times = []
    for _ in range(repeats):
        theirs_s, theirs = _timed(lambda: harness.ask(work))
        ours_s, mine = _timed(lambda: ours.ask(work))
        floor_s = floor_operations(work, ours, mine) / matrix_rate(ours.model._model)
        times.append((theirs_s, ours_s, floor_s, theirs_s / ours_s, theirs_s / floor_s, ours_s / floor_s))
    medians = tuple(statistics.median(column) for column in zip(*times, strict=True))
    return Line(kind, work, harness.model.batch_size_per_gpu, medians, exactness(theirs, mine))


def exactness(theirs: list[Any], mine: list[Any]) -> str:
    if isinstance(mine[0], str):
        return f"{sum(a == b for a, b in zip(theirs, mine, strict=True))}/{len(mine)} texts equal"
    picks = sum(_best(a) == _best(b) for (a, _), (b, _) in zip(theirs, mine, strict=True))
    greedy = sum(list(a) == list(b) for (_, a), (_, b) in zip(theirs, mine, strict=True))
    most = max(
        abs(x - y) for (a, _), (b, _) in zip(theirs, mine, strict=True) for x, y in zip(a, b, strict=True)
    )
    return f"picks {picks}/{len(mine)}, is_greedy {greedy}/{len(mine)}, largest difference {most:.1e}"


def _best(values: list[float]) -> int:
    return max(range(len(values)), key=values.__getitem__)


def peaks(folder: Path, items: int | None) -> dict[str, float]:
    """Largest resident memory in MB of each on the five-shot workload, each in a process of its own."""
    found = {}
    for who in ("ours", "harness"):
        command = [
            sys.executable,
            __file__,
            "--peak-of",
            who,
            "--folder",
            str(folder),
            "--items",
            str(items or 60),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found[who] = json.loads(done.stdout.splitlines()[-1])
    return found


def _peak_of(who: str, folder: Path, items: int) -> None:
    asked = Ours(folder) if who == "ours" else Harness(folder)
    from transformers import AutoTokenizer

    asked.ask(workload("five_shot", AutoTokenizer.from_pretrained(folder), items))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # noqa: T201


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    if options.device == "cuda":
        from engine_gpu import measure_gpu

        measure_gpu(options.size, options.precision)
        return
    if options.peak_of:
        _peak_of(options.peak_of, options.folder, options.items)
        return
    print(HEADER, flush=True)  # noqa: T201
    for kind in options.kind:
        for seed in options.seed:
            _measure_model(kind, seed, options)


def _measure_model(kind: str, seed: int, options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or make_folder(Path(made), kind, seed)
        pair = Ours(folder), Harness(folder)
        torch.set_num_threads(1)
        for name in options.workload:
            line = measure(f"{kind} {seed}", name, pair, options.repeats, options.items)
            print(line.text(), flush=True)  # noqa: T201
        if options.memory:
            found = peaks(folder, options.items)
            print(f"peak memory, five_shot: ours {found['ours']:.0f} MB, harness {found['harness']:.0f} MB")  # noqa: T201


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workload", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--kind", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--seed", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--items", type=int)
    parser.add_argument("--memory", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--folder", type=Path, help="a model made before")
    parser.add_argument("--peak-of", choices=("ours", "harness"), help=argparse.SUPPRESS)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--size", choices=("tiny", "8b"), default="tiny")
    parser.add_argument("--precision", nargs="+", default=["bf16", "int8", "nf4"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
