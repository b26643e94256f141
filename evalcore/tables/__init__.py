"""Tables that people bring (CSV, TSV, JSON, XLSX, Parquet), every cell as the text that stood there.

Files are read by a child process with its own limits on memory, time, rows and cells, so that a bomb ends
the child and not the app. A row that cannot be read is a Fault with its number; the others go on. This room
knows no task, no question and no gold.

Row numbers are those a person sees: of a spreadsheet or CSV with the header as row 1, of JSON lines the line,
of everything else the record from 1.
"""

from evalcore.tables.limits import MOST_BYTES, MOST_ROWS
from evalcore.tables.nouns import Fault, Note, Row, Table
from evalcore.tables.reading import read

__all__ = ["MOST_BYTES", "MOST_ROWS", "Fault", "Note", "Row", "Table", "read"]
