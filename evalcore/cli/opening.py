"""One store for a command, closed when the command ends."""

from argparse import Namespace
from contextlib import closing

from evalcore.store import Store


def open_store(arguments: Namespace) -> Store:
    """Raises StoreError where the database cannot be used."""
    store: Store = arguments.until_end.enter_context(closing(Store()))
    return store
