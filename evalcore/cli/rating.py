"""`ratings import`: what people said of answers, from a table."""

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from evalcore.cli.opening import open_store
from evalcore.cli.output import show, tell
from evalcore.exchange import ratings


def import_ratings(arguments: Namespace) -> int:
    """Exit 1 where rows were left out; they are named."""
    found = ratings.put(open_store(arguments), Path(arguments.file))
    document = {
        "ratings": found.ratings,
        "records": found.records,
        "skipped": [asdict(one) for one in found.skipped],
    }
    show(arguments, document, lambda: [rating_line(found)])
    for one in found.skipped:
        tell(f"Left out: {one.where}: {one.why}")
    return 1 if found.skipped else 0


def rating_line(found: ratings.Imported) -> str:
    if not found.ratings:
        return "No row could be taken; nothing was changed."
    news = f"{found.revisions} reviews are new or changed" if found.revisions else "all of them known before"
    return f"{found.ratings} ratings of {found.records} answers; {news}. Page Agreement compares them."
