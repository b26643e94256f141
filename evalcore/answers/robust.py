r"""The reader `robust`: explicit statements first, the last one wins, then weaker signs in a fixed order.

1 statements   "the answer is B", \boxed{B}, 故选B, "B is the correct answer", a conclusion or correction
2 lines        the reply is one letter, begins with "B.", or ends with a line that is only "B"
3 judgements   "B is correct", one only (several answers: all of them)
4 mentions     one option only is named and not rejected
5 elimination  all options but one are rejected
A cut-off reply is read by 1 and 2 only; one that refuses, by 1 to 3. Two statements that contradict each
other with nothing but a breath between are ambiguous.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from evalcore.answers import signs, words
from evalcore.answers.find import PAUSE, Named, Page
from evalcore.answers.reading import Reading, unread
from evalcore.answers.view import View, look, outside_thinking
from evalcore.types import AnswerState, Finish, Item, Kind

MOST_CUES = 300  # of a text with more cues of one sort, the last ones are looked at
BREATH = 40  # characters between two statements that leave no room for a change of mind


def _compiled(*tables: dict[str, tuple[str, ...]] | tuple[str, ...], lead: str = "") -> re.Pattern[str]:
    return re.compile(lead + "(?:" + "|".join(map(words.joined, tables)) + ")", re.IGNORECASE)


_CLOSE = r"[\s\"')\]}]{0,8}"
_CUES = _compiled(words.CUES)
_COPULAS = _compiled(words.COPULAS)
_CONCLUSIONS, _CORRECTIONS = _compiled(words.CONCLUSIONS), _compiled(words.CORRECTIONS)
_STATES, _JUDGES = _compiled(words.STATES, lead=_CLOSE), _compiled(words.JUDGES, lead=_CLOSE)
_REJECTS = _compiled(words.REJECTS, lead=_CLOSE)
_DENIED = re.compile(
    words.joined(words.DENIALS) + "(?:" + words.bounded(words.NOUN) + r")?[\s\"'(]{0,6}$", re.IGNORECASE
)
_DENIED_CLAUSE = _compiled(words.NEGATIONS, lead="")
_NOT = _compiled(words.DENIALS, lead=r"\s{0,6}")
_BUT, _WRONG_ONE = _compiled(words.BUT), _compiled(signs.WRONG_ONE)
_DOUBTED = _compiled(words.DOUBTS)
_QUESTION = re.compile(words.bounded(words.QUESTION))
_REFUSAL, _RUN_ON = _compiled(signs.REFUSALS), re.compile(signs.RUN_ON, re.IGNORECASE)
_ASKS_WRONG = re.compile(signs.ASKS_WRONG, re.IGNORECASE)
_THEREFORE = re.compile(words.THEREFORE, re.IGNORECASE)
_BOTH = re.compile(words.bounded(words.AND), re.IGNORECASE)
_TURN = re.compile(
    words.joined(words.CORRECTIONS)
    + r"|\b(?:but|however|so|therefore|thus|mais|donc|pero|но|поэтому)\b|但|因此|所以|しかし",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Said:
    """An option stated at a place; begin: where the statement's own words begin."""

    named: Named
    begin: int
    rule: str


def read(text: str, item: Item, kind: Kind, finish: Finish) -> Reading:
    view = look(text)
    is_cut = finish is Finish.LENGTH or view.is_cut
    if not view.text.strip():
        return unread(AnswerState.TRUNCATED if is_cut else AnswerState.EMPTY, "no_text")
    if kind is Kind.TEXT or not item.options:  # some files offer options and ask for an explanation
        state = AnswerState.TRUNCATED if is_cut else AnswerState.READ
        return Reading(state, "whole_text", span=outside_thinking(text))
    run_on = _RUN_ON.search(view.text)
    if run_on and view.text[: run_on.start()].strip():
        first = _read(Page(view.text[: run_on.start()], item, kind), item, is_cut=False)
        if first.state is AnswerState.READ:
            return _placed(first, view)
    return _placed(_read(Page(view.text, item, kind), item, is_cut=is_cut), view)


def _placed(reading: Reading, view: View) -> Reading:
    if reading.span is None:
        return reading
    return Reading(reading.state, reading.rule, reading.labels, view.span(*reading.span))


def _read(page: Page, item: Item, *, is_cut: bool) -> Reading:
    asks_wrong = _ASKS_WRONG.search(item.question[-160:]) is not None
    mentions = _judged(page)
    said = statements(page, mentions, asks_wrong=asks_wrong)
    reading = _from_statements(page, said) or _from_lines(page)
    if reading:
        return reading
    if is_cut:
        return unread(AnswerState.TRUNCATED, "cut_off")
    return _from_mentions(page, mentions, asks_wrong=asks_wrong)


def _verdict(page: Page, named: Named, rule: str) -> Reading:
    """One statement as a reading: outside the options, several for a single choice, or read."""
    if named.is_outside:
        return unread(AnswerState.UNREADABLE, "not_an_option")
    if named.is_open or (len(named.labels) > 1 and page.kind is not Kind.SEVERAL):
        return unread(AnswerState.AMBIGUOUS, rule)
    return Reading(AnswerState.READ, rule, named.labels, (named.start, named.end))


# 1 statements


def statements(page: Page, mentions: list["Mention"], *, asks_wrong: bool) -> list[Said]:
    """Every statement that stands (not doubted, denied or asked), in the order of the text."""
    found = [said for cue in _last(_CUES, page.text) if (said := _after_cue(page, cue, "statement"))]
    for pattern, rule in ((_CONCLUSIONS, "conclusion"), (_CORRECTIONS, "correction")):
        for cue in _last(pattern, page.text):
            said = _after_cue(page, cue, rule)
            if said and (PAUSE.match(page.text, said.named.stop) or _is_stated(page, said.named)):
                found.append(said)
    for cue in _last(_COPULAS, page.text):
        said = _after_cue(page, cue, "with_text")
        if said and said.named.stop > said.named.end:
            found.append(said)
    if asks_wrong:
        found += [s for cue in _last(_WRONG_ONE, page.text) if (s := _after_cue(page, cue, "wrong_one"))]
    found += _stated(page, mentions)
    return sorted(found, key=lambda said: (said.named.start, said.begin))


def _last(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    return deque(pattern.finditer(text), maxlen=MOST_CUES)


def _is_stated(page: Page, named: Named) -> bool:
    return named.stop > named.end or _STATES.match(page.text, named.stop) is not None


def _after_cue(page: Page, cue: re.Match[str], rule: str) -> Said | None:
    named = page.named_at(cue.end())
    if named is None and page.options.is_words:
        named = page.named_at(cue.end() - 1)  # 答案：是 ends with the answer, not with a copula
    if named is None:
        denied = _NOT.match(page.text, cue.end())
        named = page.named_at(denied.end()) if denied else None
        return _instead(page, cue, named) if named else None
    if _DOUBTED.search(page.text[max(0, cue.start() - 60) : cue.start()]):
        return None
    if _QUESTION.match(page.text, named.stop):
        return None
    if page.text[named.stop : named.stop + 1] not in set(",.;。\n") and _REJECTS.match(page.text, named.stop):
        return _instead(page, cue, named)
    return Said(named, cue.start(), rule)


def _instead(page: Page, cue: re.Match[str], denied: Named) -> Said | None:
    """Not B but C: the C."""
    but = _BUT.match(page.text, denied.stop)
    named = page.named_at(but.end()) if but else None
    return Said(named, cue.start(), "contrast") if named else None


def _stated(page: Page, mentions: list["Mention"]) -> Iterator[Said]:
    for group in _groups(page, mentions):
        if group[-1].is_stated and not group[0].is_denied:
            labels = tuple(dict.fromkeys(label for one in group for label in one.named.labels))
            first, last = group[0].named, group[-1].named
            is_open = any(one.named.is_open for one in group)
            yield Said(
                replace(last, labels=labels, start=first.start, is_open=is_open), first.start, "stated"
            )


def _from_statements(page: Page, said: list[Said]) -> Reading | None:
    if not said:
        return None
    last = said[-1]
    if page.kind is Kind.SEVERAL and all(one.rule == "stated" for one in said):
        return None  # each option judged for itself: the judgements are counted together
    before = next((one for one in reversed(said) if one.named.start < last.begin), None)
    are_plain = before and {before.rule, last.rule} <= {"statement", "stated", "with_text"}
    if before and are_plain and set(before.named.labels) != set(last.named.labels):
        gap = page.text[before.named.stop : last.begin]
        if len(gap.strip()) <= BREATH and not _TURN.search(page.text, before.named.stop, last.named.start):
            return unread(AnswerState.AMBIGUOUS, "contradiction")
    return _verdict(page, last.named, last.rule)


# 2 lines

_LINE_LETTERS = re.compile(r"^[ \t]{0,8}(?:[-•] ?)?(?:[^\W\d_]{3,12} )?[\"(]?([A-Z])\"?[.):]", re.MULTILINE)
_AFTER_LEAD = re.compile(
    r"[\"')\]]{0,4}(?:\s?[.。、):,;—\-]|\s{0,9}$|[ \t]{0,9}\n|\s{1,6}" + signs.BECAUSE + ")", re.IGNORECASE
)
_DELIMITED = re.compile(r"[\"']?\s?[.):]")
_LINE_END = re.compile(r"[ \t\"')\]}.。!]{0,16}(?:\s{0,16}$|\n)")


def _from_lines(page: Page) -> Reading | None:
    listed = {letter for letter in _LINE_LETTERS.findall(page.text) if letter in page.options.by_letter}
    is_list = len(listed) > 1
    lead, last = _lead(page, is_list=is_list), _last_line(page, is_list=is_list)
    if lead and last and set(lead.labels) != set(last.labels) and last.start - lead.stop <= BREATH:
        return unread(AnswerState.AMBIGUOUS, "contradiction")
    named, rule = (last, "last_line") if last else (lead, "lead")
    if named is None:
        return None
    if lead and named.start <= lead.start and _LINE_END.match(page.text, named.stop):
        rule = "whole" if not page.text[named.stop :].strip(" \n\t\"')]}.。!") else rule
    return _verdict(page, named, rule)


def _lead(page: Page, *, is_list: bool) -> Named | None:
    named = page.named_at(0, is_cue=False)
    if named is None or _QUESTION.match(page.text, named.stop) or _REJECTS.match(page.text, named.stop):
        return None
    if is_list and not (page.kind is Kind.SEVERAL and len(named.labels) > 1):
        return None
    if len(named.labels) == page.options.count and page.options.count > 2:
        return None
    after = _LINE_END if named.is_text and named.stop - named.start > 4 else _AFTER_LEAD
    is_delimited = not named.is_text and _DELIMITED.match(page.text, named.end)
    return named if is_delimited or after.match(page.text, named.stop) else None


def _last_line(page: Page, *, is_list: bool) -> Named | None:
    body = page.text.rstrip()
    start = body.rfind("\n") + 1
    if start == 0 or is_list:
        return None
    named = page.named_at(start, is_cue=False)
    ends = named and not _QUESTION.match(page.text, named.stop) and _LINE_END.match(page.text, named.stop)
    return named if ends else None


# 3 to 5 judgements, mentions, elimination


@dataclass(frozen=True)
class Mention:
    named: Named
    is_stated: bool
    is_right: bool
    is_wrong: bool
    is_denied: bool


def _judged(page: Page) -> list[Mention]:
    if page.options.is_words:
        return []
    return [_judge(page, named) for named in page.mentions()]


def _judge(page: Page, named: Named) -> Mention:
    text, stop = page.text, named.stop
    before = text[max(0, named.start - 40) : named.start]
    is_wrong = _REJECTS.match(text, stop) is not None
    return Mention(
        named,
        is_stated=not is_wrong and _STATES.match(text, stop) is not None,
        is_right=not is_wrong and (_JUDGES.match(text, stop) or _STATES.match(text, stop)) is not None,
        is_wrong=is_wrong,
        is_denied=_DENIED.search(before) is not None
        or (named.is_text and not named.is_marked and _DENIED_CLAUSE.search(before) is not None),
    )


def _groups(page: Page, mentions: list[Mention]) -> Iterator[list[Mention]]:
    """Neighbours joined by commas and "and" share what is said of them."""
    group: list[Mention] = []
    for mention in mentions:
        between = page.text[group[-1].named.stop : mention.named.start] if group else ""
        if group and not _BOTH.fullmatch(between):
            yield group
            group = []
        group.append(mention)
    if group:
        yield group


def _from_mentions(page: Page, mentions: list[Mention], *, asks_wrong: bool) -> Reading:
    right: dict[str, Named] = {}
    wrong: dict[str, Named] = {}
    open_: dict[str, Named] = {}
    for group in _groups(page, mentions):
        for one in group:
            is_wrong, is_right = group[-1].is_wrong or group[0].is_denied, group[-1].is_right
            weighed = wrong if is_wrong else right if is_right else open_
            if weighed is not open_ or one.named.is_marked or one.named.is_text:
                weighed.update(dict.fromkeys(one.named.labels, one.named))
    reading = _weighed(page, right, wrong, open_, asks_wrong=asks_wrong)
    if reading.state is AnswerState.AMBIGUOUS:
        return _concluded(page, mentions) or reading
    return reading


def _concluded(page: Page, mentions: list[Mention]) -> Reading | None:
    """The one option that is named behind the last "therefore"."""
    cues = _last(_THEREFORE, page.text)
    start = max((cue.end() for cue in cues), default=len(page.text))
    after = [m for m in mentions if m.named.start >= start and not m.is_wrong and not m.is_denied]
    named = {m.named.labels: m.named for m in after if m.named.is_marked or m.named.is_text}
    only = next(iter(named.values())) if len(named) == 1 else None
    return _verdict(page, only, "concluded") if only else None


def _weighed(
    page: Page, right: dict[str, Named], wrong: dict[str, Named], open_: dict[str, Named], *, asks_wrong: bool
) -> Reading:
    called_wrong = {label: named for label, named in wrong.items() if not named.is_text}
    if asks_wrong and len(called_wrong) == 1 and page.kind is Kind.CHOICE:
        return _of("wrong_one", called_wrong)
    if right and (len(right) == 1 or page.kind is Kind.SEVERAL):
        return _of("judgement", right)
    if _REFUSAL.search(page.text):
        return unread(AnswerState.REFUSED, "refusal")
    if right:
        return unread(AnswerState.AMBIGUOUS, "judgement")
    left = {label: named for label, named in open_.items() if label not in wrong}
    if len(left) == 1:
        return _of("option_text" if next(iter(left.values())).is_text else "mention", left)
    if not asks_wrong and len(wrong) == page.options.count - 1:
        rest = set(page.options.by_letter.values()) - set(wrong)
        if len(rest) == 1:
            return Reading(AnswerState.READ, "elimination", tuple(rest))
    if left:
        return unread(AnswerState.AMBIGUOUS, "several_mentioned")
    return unread(AnswerState.UNREADABLE, "only_rejected" if wrong else "nothing_found")


def _of(rule: str, named: dict[str, Named]) -> Reading:
    start = min(one.start for one in named.values())
    end = max(one.end for one in named.values())
    return Reading(AnswerState.READ, rule, tuple(named), (start, end))
