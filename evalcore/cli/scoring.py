"""`score`: from stored responses to figures again, with another reader or more metrics. Asks no model."""

from argparse import Namespace
from pathlib import Path

from evalcore import report, runs
from evalcore.cli.opening import open_store
from evalcore.cli.output import tell
from evalcore.cli.results import finish


def score(arguments: Namespace) -> int:
    """Exit codes as `run`: figures over a run that is not finished are told as such."""
    store = open_store(arguments)
    code = report.run_status(store, arguments.run).run
    if arguments.terms:
        libraries = [Path(path) for path in arguments.terms]
        made = runs.score_with_terms(store, code, libraries, encoder=arguments.encoder)
        tell(f"The words of {made} answers were aligned to terms.")
        return finish(arguments, store, code)
    if arguments.encoder:
        made = runs.score_with_encoder(
            store, code, arguments.encoder, layer=arguments.layer, idf=arguments.idf
        )
        tell(f"{made} replies were compared with their references.")
        return finish(arguments, store, code)
    again = runs.score_again(
        store, code, reader=arguments.reader, metrics=tuple(arguments.metrics), key=arguments.key
    )
    tell(f"{again} responses were read and scored again.")
    return finish(arguments, store, code)
