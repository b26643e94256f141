"""How much a file may hold; what lies beyond is refused with a sentence, never cut in silence."""

from evalcore.errors import DataError

MOST_BYTES = 200_000_000  # as the upload's own limit
MOST_UNPACKED = 400_000_000  # bytes inside a workbook
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CELL = 200_000  # characters; a longer cell makes its row faulty
MOST_CHARACTERS = 200_000_000  # in all cells together
MEMORY_BYTES = 4_000_000_000  # address space of the child
CPU_S = 120


def refuse_columns(count: int) -> None:
    if count > MOST_COLUMNS:
        raise DataError(
            f"The table has {count:,} columns; at most {MOST_COLUMNS} are read. Keep those that are needed."
        )


def refuse_rows(count: int) -> None:
    if count > MOST_ROWS:
        raise DataError(
            f"The table has more than {MOST_ROWS:,} rows. Split it into several datasets of at most as many."
        )
