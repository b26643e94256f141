"""Commands that a later version brings."""

from argparse import Namespace

from evalcore.cli.parser import not_built


def refuse(arguments: Namespace) -> int:
    raise not_built(arguments.what)
