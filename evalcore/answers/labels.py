"""Labels of a closed list, read from words: a diagnosis of 49, a treatment of seven, hallmarks of cancer.

An option is named by its label or its text, whole words only ("no" is not in "not", "stable angina" not in
"unstable angina"), the longest first. Chinese and Japanese have no word boundaries: there the longest match
from the left decides (不存在 is not 存在). Labels that a reply denies ("not pneumonia") are not meant.
"""

import re
from functools import lru_cache

from evalcore.answers import signs, words
from evalcore.answers.options import parted
from evalcore.answers.reading import Reading, unread
from evalcore.answers.view import View, look, plain
from evalcore.types import AnswerState, Item

_STATED = re.compile(
    r"(?:\b(?:diagnosis|diagnosis result|treatment|treatment planning|treatment plan|answer|label|class"
    r"|classification|category|relation|relationship|verdict|prediction|outcome)\s{0,3}(?:is|would be|:|=)"
    r"|(?:诊断|诊断结果|治疗方案|答案|标签|类别|分类|关系|结论)(?:是|为|:))",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[\n。;]|[.!?](?=\s|$)")
_DENIED = re.compile(
    r"(?:\b(?:not|no|nor|neither|without|exclud(?:es?|ing)|rather than|instead of|rul(?:es?|ed|ing) out)"
    r"(?: (?:an?|the|evidence of|signs? of|likely|have|to be))?"
    r"|不是|而非|并非|排除|没有|不考虑)[\s\"'(]{0,3}$",
    re.IGNORECASE,
)
_NONE = re.compile(
    r"\s{0,9}(?:(?:the )?(?:answer|labels?|classes|class) (?:is|are) )?"
    r"(?:none(?: of (?:them|these|the above))?|not applicable|n/a"
    r"|no (?:labels?|classes|hallmarks?)(?: \w+){0,3}|无|以上都不是)[\s.。!]{0,9}",
    re.IGNORECASE,
)
_REFUSAL = re.compile(words.joined(signs.REFUSALS), re.IGNORECASE)

LONGEST = 1000  # characters of a statement

Mention = tuple[str, int, int]  # label, start, end in the view


def one_label(text: str, item: Item) -> Reading:
    """The one label the reply names: its last explicit statement, a line that is a label, or all it says.

    Several labels in that place are AMBIGUOUS: a reply that lists all of them names none.
    """
    view = look(text)
    found = mentions(view.text, item)
    for rule, named in (
        ("stated", _in_last_statement(view.text, found)),
        ("line", _alone_on_lines(view.text, found)),
        ("mentioned", found),
    ):
        labels = tuple(dict.fromkeys(label for label, _, _ in named))
        if len(labels) == 1:
            return Reading(AnswerState.READ, rule, labels, view.span(*named[-1][1:]))
        if labels:
            return unread(AnswerState.AMBIGUOUS, rule)
    return _nothing(view)


def all_labels(text: str, item: Item) -> Reading:
    """Every label the reply names; an explicit "none" is read as no label. Span: first to last mention."""
    view = look(text)
    found = mentions(view.text, item)
    if found:
        labels = tuple(dict.fromkeys(label for label, _, _ in found))
        return Reading(AnswerState.READ, "mentioned", labels, view.span(found[0][1], found[-1][2]))
    if _NONE.fullmatch(view.text):
        return Reading(AnswerState.READ, "none")
    return _nothing(view)


def mentions(text: str, item: Item) -> list[Mention]:
    """Labels in the order they stand in an evened text, denied ones left out."""
    pattern, labels = _forms(tuple((option.label, option.text) for option in item.options))
    low = text.lower() if len(text.lower()) == len(text) else text
    found = pattern.finditer(parted(low)) if pattern else ()
    return [
        (labels[" ".join(low[one.start() : one.end()].split())], one.start(), one.end())
        for one in found
        if not _DENIED.search(text, max(0, one.start() - 40), one.start())
    ]


@lru_cache(maxsize=256)
def _forms(offered: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """One pattern for every printed form, the longest first; of equal forms the first label is meant."""
    labels: dict[str, str] = {}
    for label, text in offered:
        for form in (label, text):
            evened = " ".join(plain(form).lower().split()).strip(" .。")
            if evened:
                labels.setdefault(evened, label)
    longest = sorted(labels, key=len, reverse=True)
    return (re.compile("|".join(map(_whole, longest))) if longest else None), labels


def _whole(form: str) -> str:
    form = parted(form)
    body = r"\s{1,9}".join(map(re.escape, form.split()))
    before = r"(?<!\w)(?<!\w-)(?<!\d[.,:/])" if re.match(r"\w", form[0]) else ""
    after = r"(?!\w)(?!-\w)" if re.match(r"\w", form[-1]) else ""
    return before + body + after + (r"(?![.,:/]\d)" if form[-1].isdigit() else "")


def _in_last_statement(text: str, found: list[Mention]) -> list[Mention]:
    """Labels between the last "the diagnosis is" that has any and the end of its sentence."""
    if not found:
        return []
    for cue in reversed(list(_STATED.finditer(text))):
        begin = _skipped(text, cue.end())
        end = _SENTENCE_END.search(text, begin, begin + LONGEST)
        within = [one for one in found if begin <= one[1] < (end.start() if end else begin + LONGEST)]
        if within:
            return within
    return []


def _skipped(text: str, place: int) -> int:
    """Behind the blanks that begin at a place."""
    while text[place : place + 1].isspace():
        place += 1
    return place


def _alone_on_lines(text: str, found: list[Mention]) -> list[Mention]:
    """Labels that fill a line but for bullets and punctuation."""
    kept = []
    for label, start, end in found:
        before = text.rfind("\n", 0, start) + 1
        after = text.find("\n", end)
        around = text[before:start] + text[end : after if after >= 0 else len(text)]
        if not re.search(r"\w", around):
            kept.append((label, start, end))
    return kept


def _nothing(view: View) -> Reading:
    if not view.text.strip():
        return unread(AnswerState.TRUNCATED if view.is_cut else AnswerState.EMPTY, "no_text")
    state = AnswerState.REFUSED if _REFUSAL.search(view.text) else AnswerState.UNREADABLE
    return unread(state, "no_label")
