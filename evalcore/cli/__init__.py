"""The command line: asks evalcore and prints; decides nothing. Names, exit codes and JSON are a contract.

stdout carries the result, stderr progress and messages.
Exit 0: done. 1: done, but some items failed. 2: the user's mistake. 3: stopped or paused, can be resumed.
Nothing heavy is imported before the command is known.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from evalcore.cli.parser import handler_of, parse
from evalcore.errors import Interrupted, RoundsError

DONE, SOME_FAILED, MISTAKE, STOPPED = range(4)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        with ExitStack() as arguments.until_end:
            return handler_of(arguments)(arguments)
    except Interrupted as error:
        return _told(str(error), STOPPED)
    except RoundsError as error:
        return _told(str(error), MISTAKE)
    except KeyboardInterrupt:
        return _told("Stopped.", STOPPED)
    except BrokenPipeError:  # whoever read our output has gone (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _told(message: str, code: int) -> int:
    from evalcore.cli.output import tell

    tell(message)
    return code
