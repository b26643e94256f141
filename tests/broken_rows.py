"""A table of 1,000 rows as people bring them: 976 are good, the others broken in 23 known ways.

Row numbers are a spreadsheet's: the header is row 1. Questions are made up; nothing in them is a person's.
"""

import csv
import io

HEADER = ("id", "question", "A", "B", "C", "D", "answer", "rationale", "specialty", "language")
ROWS = 1_000
DRUGS = ("aspirin", "heparin", "warfarin", "metformin", "insulin", "digoxin", "furosemide", "ramipril")
_TEXTS: dict[int, tuple[str, dict[str, str]]] = {
    # row: (reason, cells that differ from a good row's)
    110: ("control", {"question": "Which drug\x07 rings?"}),
    120: ("lost", {"question": "M\ufffdni\ufffdre's disease is treated with?"}),
    130: ("no_question", {"question": "   "}),
    140: ("too_long", {"question": "long " * 10_001}),
    150: ("cell_too_long", {"rationale": "x" * 200_001}),
    160: ("unknown_language", {"language": "Klingon"}),
    170: ("no_options", {"A": "", "B": "", "C": "", "D": ""}),
    180: ("one_option", {"B": "", "C": "", "D": ""}),
    190: ("same_options", {"C": "aspirin", "A": "aspirin"}),
    200: ("option_gap", {"B": ""}),
    210: ("no_answer", {"answer": ""}),
    220: ("not_an_option", {"answer": "F"}),
    230: ("index_unclear", {"answer": "2"}),
    240: ("letter_and_text", {"answer": "B. penicillin"}),
    250: ("letter_or_text", {"A": "type B", "B": "A", "answer": "A"}),
    260: ("several", {"answer": "A, C"}),
    290: ("same_id", {"id": "q5"}),
}  # fmt: skip


def cells(row: int) -> dict[str, str]:
    """A good row; long, quoted and Chinese texts are among them."""
    drugs = [DRUGS[(row + place) % len(DRUGS)] for place in range(4)]
    question = f"Case {row}: which drug, given at dose {row}.0, is it?"
    if row % 10 == 3:
        question = f"病例 {row}：应首选哪种药物？"
    if row % 10 == 4:
        question = f'Case {row}: "chest pain",\nsince two hours. Which drug?'
    first = {"id": f"q{row}", "question": question, "answer": "ABCD"[row % 4], "rationale": "007"}
    language = "zh" if row % 10 == 3 else "en"
    return first | dict(zip("ABCD", drugs, strict=True)) | {"specialty": "Cardiology", "language": language}


def broken_table() -> tuple[bytes, dict[int, str]]:
    """The file, and the reason of every broken row."""
    lines = [_line(HEADER)]
    reasons = {row: reason for row, (reason, _) in _TEXTS.items()}
    for row in range(2, ROWS + 2):
        differing = _TEXTS.get(row, ("", {}))[1]
        lines.append(_line(tuple((cells(row) | differing)[name] for name in HEADER)))
    special: dict[int, tuple[str, bytes]] = {
        300: ("empty_row", b",,,,,,,,,\r\n"),
        310: ("quotes", b'q310,"Which drug "opens here,a,b,c,d,A,,Cardiology,en\r\n'),
        320: ("columns", b"q320,too short,a,b\r\n"),
        330: ("columns", b"q330,too long,a,b,c,d,A,,Cardiology,en,more\r\n"),
        340: ("unreadable", "q340,Maladie de Ménière ?,a,b,c,d,A,,Cardiology,en\r\n".encode("cp1252")),
        350: ("same_item", _line(tuple((cells(8) | {"id": "q350"})[name] for name in HEADER))),
        360: ("contradiction", _line(tuple((cells(9) | {"id": "q360", "answer": "A"})[n] for n in HEADER))),
    }
    for row, (reason, line) in special.items():
        lines[row - 1], reasons[row] = line, reason
    return b"".join(lines), dict(sorted(reasons.items()))


def _line(values: tuple[str, ...]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(values)
    return out.getvalue().encode()
