"""What can be written after `python -m evalcore`. Imports nothing of the engine but the error tree."""

import argparse
import importlib
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence

from evalcore.errors import UsageError

NOT_BUILT = (
    "queue", "audit",
    "consent", "backup", "restore", "forget",
)  # fmt: skip
READERS = ("robust", "strict_template", "medsbench_compat", "mmedbench_compat")
DATASET_KINDS = (
    "choice", "several", "yes_no_maybe", "text", "label", "labels", "entities", "structured", "rubric",
)  # fmt: skip
DATASET_ROLES = (
    "question", "options", "answer", "context", "rationale", "subject", "language", "id", "group", "rubric",
)  # fmt: skip
ANSWERS = ("auto", "letters", "from0", "from1", "text")
TONGUES = ("en", "zh", "fr", "ja", "ru", "es")
PRECISIONS = ("auto", "fp32", "bf16", "fp16", "int8", "nf4")
EPILOG = f"""\
models: demo:NAME  hf:ORG/NAME[@REVISION]  hf:FOLDER  hf:ADAPTER[@REV]+BASE[@REV]  api:ENDPOINT/MODEL
exit codes: 0 done; 1 done, but some items failed; 2 a mistake in what was asked; 3 stopped, can be resumed
environment: ROUNDS_HOME, ROUNDS_DATABASE_URL, ROUNDS_DATA_DIR, HF_HUB_OFFLINE
not built yet: {" ".join(NOT_BUILT)}"""

Handler = Callable[[Namespace], int]


def parse(argv: Sequence[str]) -> Namespace:
    """The arguments; a spelling that cannot be ends the process with 2, as argparse does."""
    if argv and argv[0] in NOT_BUILT:
        return Namespace(handler="not_built:refuse", what=f"The command {argv[0]!r}", json=False)
    return _parser().parse_args(argv)


def handler_of(arguments: Namespace) -> Handler:
    """The function of the chosen command; only its module is imported."""
    module, name = arguments.handler.split(":")
    handler: Handler = getattr(importlib.import_module(f"evalcore.cli.{module}"), name)
    return handler


def comma_list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m evalcore",
        description="Evaluate medical language models. For research, not for clinical use.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    adder = _Adder(commands)
    _listings(adder)
    _running(adder)
    _endpoints(adder)
    _datasets(adder)
    _working(adder)
    return parser


class _Adder:
    """Adds commands that all know --json and take no abbreviated options."""

    def __init__(self, commands: "argparse._SubParsersAction[ArgumentParser]") -> None:
        self._commands = commands

    def __call__(self, name: str, handler: str, words: str) -> ArgumentParser:
        command = self._commands.add_parser(name, help=words, description=words, allow_abbrev=False)
        command.set_defaults(handler=handler)
        command.add_argument("--json", action="store_true", help="print one JSON document")
        return command


def _listings(add: _Adder) -> None:
    add("tasks", "known:tasks", "list tasks, with their items counted where the data are here")
    add("models", "known:models", "list demo models, registered models and endpoints' models")
    board = add("report", "reporting:tables", "the leaderboard's tables, of all runs or of those named")
    board.add_argument(
        "runs", metavar="RUN", nargs="*", help="only these; two are compared by a later version"
    )
    board.add_argument("--reference", action="store_true", help="published scores beside ours")
    check = add("check", "known:check", "would a model load, does it fit, how large is it")
    check.add_argument("model", metavar="MODEL")
    check.add_argument("--precision", choices=PRECISIONS, default="auto")
    check.add_argument("--load", action="store_true", help="try it for real")


def _running(add: _Adder) -> None:
    run = add(
        "run", "running:run", "plan, ask, score; the same question again resumes or returns what is there"
    )
    _what(run)
    _how(run)
    _sampling(run)
    _whether(run)
    status = add("status", "standing:status", "where runs stand")
    status.add_argument("run", metavar="RUN", nargs="?")
    words = {
        "pause": "finish what is in flight, ask nothing more",
        "resume": "go on with a paused or cancelled run",
        "cancel": "as pause, but for good; answers stay",
        "retry": "ask the failed items again",
        "delete": "take a run off every list; its answers are kept",
    }
    for name, meaning in words.items():
        add(name, f"standing:{name}", meaning).add_argument("run", metavar="RUN")
    _after(add)


def _after(add: _Adder) -> None:
    score = add("score", "scoring:score", "score again from stored responses; asks no language model")
    score.add_argument("run", metavar="RUN")
    score.add_argument("--metrics", type=comma_list, default=[], metavar="M,M")
    score.add_argument("--reader", choices=READERS)
    score.add_argument("--encoder", default="", metavar="MODEL", help="BERTScore by this encoder (hf:...)")
    score.add_argument(
        "--terms", action="append", default=[], metavar="FILE", help="align structured answers to its terms"
    )
    score.add_argument("--layer", type=int, metavar="N", help="of the encoder; default: the published one")
    score.add_argument("--idf", action="store_true", help="weigh tokens by how rare they are in references")
    score.add_argument("--key", default="", metavar="KEY", help="the published key's name, or NAME/VERSION")
    bring = add("import", "importing:import_runs", "bring in a run that was made elsewhere, or ratings")
    bring.add_argument("path", metavar="PATH", help="a file, or a folder of files")
    bring.add_argument("--format", default="auto", metavar="auto|ratings|meds-bench")
    _judge(add)
    people = add("ratings", "rating:import_ratings", "people's ratings of answers: import")
    inner = _Adder(people.add_subparsers(dest="action", metavar="import", required=True))
    words = "keep a table's ratings: columns run, item, reviewer, criterion, value; task, sample, rubric"
    inner("import", "rating:import_ratings", words).add_argument("file", metavar="FILE")
    export = add("export", "exporting:export", "write a run's records to a file")
    export.add_argument("run", metavar="RUN")
    export.add_argument("--format", required=True, metavar="records|csv|ratings")
    export.add_argument("--out", required=True, metavar="PATH")


def _judge(add: _Adder) -> None:
    judge = add("judge", "judging:judge", "judge stored answers; several judges are a jury")
    judge.add_argument("run", metavar="RUN")
    judge.add_argument("--judge", action="append", required=True, metavar="MODEL", help="may be repeated")
    _by_what(judge)
    judge.add_argument("--limit", type=int, metavar="N", help="answers per task: the first N")
    judge.add_argument("--precision", choices=PRECISIONS, default="auto")
    judge.add_argument("--seed", type=int, default=0, metavar="S", help="which cells are asked twice")
    judge.add_argument("--name", default="", metavar="TEXT")
    judge.add_argument("--detach", action="store_true", help="leave it to the worker")
    judge.add_argument("--dry-run", action="store_true", help="estimate only")


def _by_what(judge: ArgumentParser) -> None:
    judge.add_argument("--against", default="", metavar="RUN", help="the other run of a comparison")
    judge.add_argument("--mode", choices=("rating", "rubric", "pairwise"), default="")
    judge.add_argument("--rubric", default="", metavar="R", help="default: mmedbench, healthbench, pairwise")
    judge.add_argument(
        "--batch", type=int, default=1, metavar="N", help="criteria of one call, for judges of an endpoint"
    )
    judge.add_argument("--budget-usd", type=float, metavar="X", help="judges pause when so much is spent")


def _what(run: ArgumentParser) -> None:
    run.add_argument("--model", metavar="M")
    run.add_argument(
        "--tasks", type=comma_list, action="extend", default=[], metavar="T,T", help="ids or globs"
    )
    run.add_argument("--limit", type=int, metavar="N", help="per task: the first N; may grow later")
    run.add_argument("--precision", choices=PRECISIONS, default="auto")
    run.add_argument("--name", default="", metavar="TEXT")


def _how(run: ArgumentParser) -> None:
    run.add_argument("--order", choices=("file", "random"), default="file")
    run.add_argument("--seed", type=int, default=0, metavar="S", help="of order and sampling")
    run.add_argument("--fewshot", type=int, metavar="K", help="default: what the task's own prompt has")
    run.add_argument("--sampler", choices=("auto", "first_n", "seeded", "harness_random"), default="auto")
    run.add_argument("--ask", choices=("auto", "rank", "generate"), default="auto")
    run.add_argument("--template", default="", metavar="NAME")
    run.add_argument("--reader", choices=READERS, default="robust")
    run.add_argument("--partner", default="", metavar="M", help="in dialogues; default: the model itself")
    run.add_argument("--role", choices=("doctor", "patient"), default="doctor", help="of the tested model")
    run.add_argument("--max-turns", type=int, default=10, metavar="N", help="of the doctor, in dialogues")
    run.add_argument("--chat", choices=("auto", "on", "off"), default="auto")


def _sampling(run: ArgumentParser) -> None:
    run.add_argument("--samples", type=int, default=1, metavar="K")
    run.add_argument("--temperature", type=float, default=0.0)
    run.add_argument("--top-p", type=float, default=1.0)
    run.add_argument("--top-k", type=int, default=0)
    run.add_argument("--max-tokens", type=int, default=512, metavar="N")
    run.add_argument("--stop", action="append", default=[], metavar="S")


def _whether(run: ArgumentParser) -> None:
    run.add_argument("--fresh", action="store_true", help="a numbered repeat that asks everything again")
    run.add_argument("--detach", action="store_true", help="leave it to the worker")
    run.add_argument("--dry-run", action="store_true", help="estimate only")
    run.add_argument("--judge", action="append", default=[], metavar="MODEL", help="judges what was answered")
    _by_what(run)
    run.add_argument("--from", dest="not_built", action=_NotBuilt, help=argparse.SUPPRESS)


class _NotBuilt(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        parser.exit(2, f"{option_string} is not built yet.\n")


def _endpoints(add: _Adder) -> None:
    endpoints = add("endpoints", "endpoints:list_all", "OpenAI-compatible APIs: add, list, remove")
    actions = endpoints.add_subparsers(dest="action", metavar="add|list|remove", required=True)
    inner = _Adder(actions)
    inner("list", "endpoints:list_all", "list endpoints, and whether their keys are set here")
    remove = inner("remove", "endpoints:remove", "forget an endpoint")
    remove.add_argument("name", metavar="NAME")
    new = inner("add", "endpoints:add", "register an endpoint; sends nothing")
    new.add_argument("name", metavar="NAME")
    new.add_argument("--base-url", action="append", required=True, metavar="URL")
    new.add_argument("--key-env", default="", metavar="VAR", help="name of the variable that holds the key")
    new.add_argument("--rpm", type=int, default=0, metavar="N", help="requests per minute")
    new.add_argument("--tpm", type=int, default=0, metavar="N", help="tokens per minute")
    new.add_argument("--in-flight", type=int, default=8, metavar="N")
    new.add_argument("--price-in", type=float, metavar="USD", help="per million tokens")
    new.add_argument("--price-out", type=float, metavar="USD", help="per million tokens")
    new.add_argument("--local", action="store_true", help="inside the house: patient text may go there")


def _datasets(add: _Adder) -> None:
    dataset = add("dataset", "datasets:add", "own datasets: add, remove, restore")
    inner = _Adder(dataset.add_subparsers(dest="action", metavar="add|remove|restore", required=True))
    new = inner("add", "datasets:add", "check a table row by row and keep its good rows as task mine/NAME")
    new.add_argument("name", metavar="NAME")
    new.add_argument("file", metavar="FILE", help="CSV, TSV, JSON, JSON lines, XLSX or Parquet")
    new.add_argument("--kind", required=True, choices=DATASET_KINDS)
    new.add_argument(
        "--map",
        nargs="+",
        action="extend",
        default=[],
        metavar="ROLE=COL",
        help=f"ROLE is {', '.join(DATASET_ROLES)}; options=A,B,C; what is not named is guessed, ROLE= leaves "
        "it out",
    )
    new.add_argument(
        "--answers", choices=ANSWERS, help="how answers are spelled; default: told from the rows"
    )
    new.add_argument("--language", choices=TONGUES, help="of items that name none; default: told from them")
    new.add_argument("--licence", default="not stated", metavar="L")
    new.add_argument("--patient-text", choices=("yes", "no"), help="default: yes, the safe side")
    new.add_argument("--title", default="", metavar="TEXT")
    new.add_argument("--sheet", default="", metavar="NAME", help="of a workbook")
    for name, meaning in {"remove": "can be undone by restore", "restore": "undoes the last removal"}.items():
        inner(name, f"datasets:{name}", meaning).add_argument("name", metavar="NAME")


def _working(add: _Adder) -> None:
    worker = add("worker", "working:worker", "the work loop, for a service manager or another machine")
    worker.add_argument("--once", action="store_true", help="end when nothing is left")
    worker.add_argument("--gpus", metavar="all|0,1", help="one process for each of these GPUs")
    worker.add_argument("--ray", action=_NotBuilt, help=argparse.SUPPRESS)
    doctor = add(
        "doctor", "doctor:doctor", "versions, database, worker, GPU, models, endpoints, what is missing"
    )
    doctor.add_argument(
        "--repair", action="store_true", help="take back dead leases, score what was left unread, count anew"
    )


def not_built(what: str) -> UsageError:
    return UsageError(f"{what} is not built yet in this version of Rounds.")
