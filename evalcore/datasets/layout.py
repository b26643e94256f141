"""Which column is what: guessed from headers and first rows, then corrected by whoever knows the file."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evalcore.datasets.golds import SPELLINGS, fitting_spelling, yes_no_maybe
from evalcore.datasets.options import listed
from evalcore.errors import UsageError
from evalcore.tables import Table
from evalcore.types import Kind

ROLES = (
    "question", "options", "answer", "context", "rationale", "subject", "language", "id", "group", "rubric",
)  # fmt: skip
KINDS = tuple(kind for kind in Kind if kind is not Kind.DIALOGUE)
NEEDED = {Kind.CHOICE: ("options", "answer"), Kind.SEVERAL: ("options", "answer"), Kind.RUBRIC: ("rubric",)}
LANGUAGES = ("en", "zh", "fr", "ja", "ru", "es")
SAMPLE = 500  # rows a guess looks at

_NAMES = {
    "question": (
        "question", "questions", "stem", "query", "input", "sent1", "prompt", "questiontext", "problem",
        "q", "题目", "题干", "问题", "试题", "提问", "問題", "вопрос", "pregunta", "enonce",
    ),
    "options": (
        "options", "option", "choices", "选项", "选项列表", "答案选项", "answers", "選択肢", "варианты",
    ),
    "answer": (
        "answeridx", "answerindex", "correctanswer", "correctanswers", "correctoption", "correctchoice",
        "correct", "gold", "cop", "finaldecision", "answer", "label", "key", "target", "output", "reference",
        "referenceanswer", "idealcompletion", "gt", "正确答案", "标准答案", "参考答案", "答案", "正解",
        "ответ", "respuesta", "reponse",
    ),
    "context": (
        "context", "contexts", "passage", "abstract", "vignette", "case", "sharedstem", "材料", "背景",
        "病历", "病例", "案例", "共用题干", "题干材料",
    ),
    "rationale": (
        "rationale", "explanation", "exp", "longanswer", "analysis", "解析", "解释", "答案解析", "分析",
    ),
    "subject": (
        "subject", "subjectname", "topic", "specialty", "speciality", "department", "科目", "学科", "专业",
        "科室",
    ),
    "language": ("language", "lang", "语言"),
    "id": ("id", "qid", "questionid", "itemid", "promptid", "pubid", "编号", "题号", "序号"),
    "group": ("group", "caseid", "stemid", "groupid", "题组", "案例编号", "题干编号"),
    "rubric": ("rubric", "rubrics", "criteria", "评分标准", "评分细则"),
}  # fmt: skip
_SEVERAL = re.compile(r"[A-H]{2,8}|\W{0,3}[A-Ha-h](?:\W{1,5}[A-Ha-h])+\W{0,3}")
_LETTERED = re.compile(r"(?:option|opt|choice|answer|ans|ending|op|选项)?([a-h]|[0-9])")


@dataclass(frozen=True)
class Layout:
    """What a table is read as. columns: role -> column names; options may have several, one an option.

    answers: how gold is spelled, one of SPELLINGS. language: of items that name none.
    """

    kind: Kind
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: str = "auto"
    language: str = "en"

    def one(self, role: str) -> str:
        """The role's column, "" where it has none."""
        return next(iter(self.columns.get(role, ())), "")


def guess(table: Table, kind: Kind | None = None) -> Layout:
    """Roles by header, then kind, spelling of answers and language by the first rows."""
    by_header = {_plain(column): column for column in reversed(table.columns)}
    columns: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    several = _option_columns(table.columns)
    if several:
        columns["options"] = several
        taken |= set(several)
    for role in ROLES:
        free = {plain: column for plain, column in by_header.items() if column not in taken}
        found = next((free[name] for name in _NAMES[role] if name in free), "")
        if found and role not in columns:
            columns[role] = (found,)
            taken.add(found)
    kind = kind or _kind(table, columns)
    return Layout(kind, columns, spelling(table, columns), _language(table, columns))


def spelling(table: Table, columns: Mapping[str, Sequence[str]]) -> str:
    """How the answers of these columns are most likely spelled; "auto" where it cannot be told."""
    answers, options = _cells(table, columns.get("answer", ())), _cells(table, columns.get("options", ()))
    pairs = [(answer[0].strip(), listed(cells)) for answer, cells in zip(answers, options, strict=False)]
    return fitting_spelling([(answer, texts) for answer, texts in pairs if answer and texts])


def checked(layout: Layout, table: Table) -> Layout:
    """The layout itself, or a UsageError that names the column or role that is missing."""
    for role, names in layout.columns.items():
        if role not in ROLES:
            raise UsageError(f"There is no role {role!r}. Roles: {', '.join(ROLES)}.")
        for name in names:
            if name not in table.columns:
                shown = ", ".join(table.columns)[:400]
                raise UsageError(f"{role}={name}: there is no such column. The file has: {shown}.")
    if layout.answers not in SPELLINGS:
        raise UsageError(f"Answers cannot be spelled {layout.answers!r}. Use {', '.join(SPELLINGS)}.")
    for role in ("question", *NEEDED.get(layout.kind, ("answer",))):
        if not layout.one(role):
            raise UsageError(
                f"No column was named for the {role}, which a dataset of the kind {layout.kind.value!r} "
                f"needs. Columns: {', '.join(table.columns)[:400]}."
            )
    return layout


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in folded if c.isalnum())


def _option_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Columns such as A B C D, option_a .. option_e, opa .. opd, ending0 .. ending3, 选项A, in order."""
    families: dict[str, dict[str, str]] = {}
    for column in columns:
        found = _LETTERED.fullmatch(_plain(column))
        if found:
            sign = found[1]
            stem = _plain(column)[: -len(sign)] + ("#" if sign.isdigit() else "@")
            families.setdefault(stem, {}).setdefault(sign, column)
    fitting = [family for family in families.values() if _is_row(sorted(family))]
    best = max(fitting, key=len, default={})
    return tuple(best[sign] for sign in sorted(best))


def _is_row(signs: list[str]) -> bool:
    """Two or more from the beginning; gaps would be another meaning."""
    first = signs[0] in ("a", "0", "1")
    return len(signs) > 1 and first and ord(signs[-1]) - ord(signs[0]) == len(signs) - 1


def _cells(table: Table, columns: Sequence[str]) -> list[list[str]]:
    places = [table.columns.index(column) for column in columns]
    return [[row.cells[place] for place in places] for row in table.rows[:SAMPLE]] if places else []


def _kind(table: Table, columns: Mapping[str, tuple[str, ...]]) -> Kind:
    if "rubric" in columns:
        return Kind.RUBRIC
    answers = [cells[0].strip() for cells in _cells(table, columns.get("answer", ())) if cells[0].strip()]
    if "options" in columns:
        many = sum(bool(_SEVERAL.fullmatch(one)) for one in answers)
        return Kind.SEVERAL if 20 * many > len(answers) else Kind.CHOICE
    words = sum(bool(yes_no_maybe(one)) for one in answers)
    return Kind.YES_NO_MAYBE if answers and 10 * words >= 8 * len(answers) else Kind.TEXT


def _language(table: Table, columns: Mapping[str, tuple[str, ...]]) -> str:
    text = "".join(cells[0] for cells in _cells(table, columns.get("question", ())))[:20_000]
    return language_of(text)


def language_of(text: str) -> str:
    """By its script (kana is Japanese, other Han Chinese, Cyrillic Russian), else by frequent words."""
    letters = [c for c in text if c.isalpha()]
    most = max(1, len(letters))
    if sum("\u3040" <= c <= "\u30ff" for c in letters) > 0.05 * most:
        return "ja"
    if sum("\u4e00" <= c <= "\u9fff" for c in letters) > 0.2 * most:
        return "zh"
    if sum("\u0400" <= c <= "\u04ff" for c in letters) > 0.3 * most:
        return "ru"
    words = re.findall(r"\w+", text.casefold())
    counts = {tongue: sum(word in _WORDS[tongue] for word in words) for tongue in _WORDS}
    best = max(counts, key=lambda tongue: counts[tongue])
    return best if counts[best] > 0.08 * len(words) else "en"


_WORDS = {
    "en": frozenset(("the", "of", "and", "is", "a", "to", "in", "which", "with", "for")),
    "fr": frozenset(("le", "la", "les", "des", "du", "est", "et", "une", "dans", "quelle", "parmi")),
    "es": frozenset(("el", "los", "las", "del", "es", "y", "una", "en", "cual", "cuál", "con", "que")),
}
