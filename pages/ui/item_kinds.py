"""What the kinds of items have of their own: conversations, references, entities, points, facts."""

from evalcore import report
from evalcore.types import Kind
from pages.ui import text
from pages.ui.i18n import t
from pages.ui.item_blocks import SORTS, Chip, Sheet
from pages.ui.item_filters import word


def turns(sheet: Sheet, record: report.Record) -> None:
    """The conversation that leads to the question."""
    if not record.turns:
        return
    sheet.title(t("items.turns"))
    sheet.opening("rd-turns rd-scroll")
    for place, (role, words) in enumerate(record.turns):
        sheet.turn(word("items.role", role), words, key=f"before{place}", language=record.language)
    sheet.closing()


def dialogue(sheet: Sheet, record: report.Record) -> None:
    """Who said what; the tested model's turns stand out by name, edge and indent."""
    if not record.dialogue:
        return
    sheet.title(t("items.dialogue", n=len(record.dialogue)))
    sheet.opening("rd-turns")
    for place, one in enumerate(record.dialogue):
        who = word("items.role", one.role)
        name = t("items.tested", who=who) if one.is_tested else who
        sheet.turn(name, one.text, key=f"turn{place}", language=record.language, is_marked=one.is_tested)
    sheet.closing()


def recorded(sheet: Sheet, record: report.Record) -> None:
    """The consultation that the dataset has of the same case, behind a click."""
    found = report.recorded(record)
    if found:
        words = "\n".join(f"{word('items.role', role)}: {said}" for role, said in found)
        sheet.fold(t("items.recorded", n=len(found)), words, key="recorded", language=record.language)


def facts(sheet: Sheet, record: report.Record) -> None:
    """The key of a dialogue, phrase by phrase: what came out and what did not."""
    found = report.told(record)
    for part in dict.fromkeys(one.part for one in found):
        mine = [one for one in found if one.part == part]
        said = sum(one.is_said for one in mine)
        sheet.title(t(f"items.told.{part}", said=said, total=len(mine)))
        sheet.chips([("matched" if one.is_said else "missed", one.phrase, "") for one in mine])
    if found:
        sheet.note(t("items.told.legend"))


def entities(sheet: Sheet, found: report.Entities, record: report.Record) -> None:
    """What both sides name, what only the key, what only the reply."""
    source = f"{record.context}\n{record.question}"
    there = {source[start:end].casefold() for start, end, _ in found.in_source(source)}
    for sort in SORTS:
        mine = [one for one in found.rows if one.sort == sort]
        if not mine:
            continue
        sheet.title(t(f"items.{sort}_n", n=len(mine)))
        absent = t("items.not_in_source") if found.is_list and sort == "extra" else ""
        sheet.chips([(sort, one.text, "" if one.text.casefold() in there else absent) for one in mine])
    if not found.rows:
        sheet.note(t("items.no_entities"))


def entity_marks(found: report.Entities, source: str) -> tuple[text.Mark, ...]:
    """Where entities stand in the source: the sign behind a mark says what became of it."""
    return tuple(_mark(*one) for one in found.in_source(source))


def reply_marks(found: report.Entities) -> tuple[text.Mark, ...]:
    return tuple(_mark(*one) for one in found.in_reply)


def _mark(start: int, end: int, sort: str) -> text.Mark:
    sign, kind = SORTS[sort]
    return text.Mark(start, end, kind, sign)


def points(sheet: Sheet, rows: tuple[report.KeyRow, ...]) -> None:
    """Keys with what both sides say under each, word by word with the term it was read as."""
    sheet.title(t("items.points"))
    if not rows:
        sheet.note(t("items.no_points"))
        return
    head = [t(f"items.points.{name}") for name in ("key", "gold", "said")]
    sheet.points(head, [(_point(row), _side(row, is_gold=True), _side(row, is_gold=False)) for row in rows])
    terms = [term for row in rows for term in row.terms]
    sheet.note(t("items.terms", matched=sum(one.matched for one in terms), total=len(terms)))


def _point(row: report.KeyRow) -> Chip:
    """Words outside any key are no point that one side could lack."""
    if not row.key:
        return "none", t("items.no_key"), ""
    return "matched" if row.matched else "missed" if row.said is None else "extra", row.key, ""


def _side(row: report.KeyRow, *, is_gold: bool) -> list[Chip]:
    """A word that is no term and near to none stays itself."""
    wrong = "missed" if is_gold else "extra"
    return [
        ("matched" if one.matched else wrong, one.word, _read_as(one))
        for one in row.terms
        if one.is_gold is is_gold
    ]


def _read_as(term: report.TermRow) -> str:
    return f"→ {term.term}  {term.similarity:.2f}" if term.similarity > 0 else ""


def cut(sheet: Sheet, record: report.Record) -> None:
    """Says so where a reply is too long to be compared whole on a page; its score is of all of it."""
    if len(report.said(record)[0]) > report.COMPARED:
        sheet.note(t("items.compared_part", n=f"{report.COMPARED:,}"))


def reference(sheet: Sheet, record: report.Record, marks: tuple[text.Mark, ...] = ()) -> None:
    """The reference answers; marks: on the first."""
    sheet.title(t("items.reference"))
    for place, alternative in enumerate(record.gold):
        words = "\n".join(alternative)
        own = marks if place == 0 else ()
        sheet.text(words, own, key=f"gold{place}", language=record.language, scrolls=True)


def differing(record: report.Record) -> tuple[tuple[text.Mark, ...], tuple[text.Mark, ...]]:
    """(marks on the reference, marks on the reply): what stands only there."""
    said, offset = report.said(record)
    if record.kind is not Kind.TEXT or not said.strip() or not record.gold:
        return (), ()
    first, second = text.differing("\n".join(record.gold[0]), said)
    return first, tuple(text.Mark(one.start + offset, one.end + offset, one.kind) for one in second)


def rubric(sheet: Sheet, record: report.Record) -> None:
    """The criteria, where no judge has looked at the reply yet."""
    if not record.rubric:
        return
    sheet.title(t("items.rubric", n=len(record.rubric)))
    sheet.note(t("items.rubric_unjudged"))
    for one in record.rubric:
        sheet.opening("rd-criterion")
        sheet.line(("rd-points", f"{one.points:+g}"), ("rd-criterion-text", one.text))
        if one.tags:
            sheet.line(*(("rd-tag-word", tag) for tag in one.tags))
        sheet.closing()
