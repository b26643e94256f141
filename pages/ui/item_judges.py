"""What judges said, criterion by criterion: disagreements first, quotes numbered as in the reply."""

import re
from collections.abc import Iterator, Sequence

from evalcore import judge, report
from pages.ui import judge_words, text
from pages.ui.i18n import language, t
from pages.ui.item_blocks import Sheet
from pages.ui.item_filters import word
from pages.ui.item_scores import value

POINTS = re.compile(r"(\S+) of (\S+) points")
UNREAD = re.compile(r"(\d+) of (\d+) verdicts could not be read")
Numbers = dict[tuple[int, int], int]
"""Places of quotes in the reply, numbered as they stand."""


def panels(record: report.Record) -> tuple[report.Panel, ...]:
    return report.panels(record)


def numbers(found: Sequence[report.Panel]) -> Numbers:
    verdicts = (v for panel in found for one in panel.criteria for v in one.verdicts)
    places = sorted({one.place for one in verdicts if one.place is not None})
    return {place: n for n, place in enumerate(places, 1)}


def quote_marks(found: Numbers) -> tuple[text.Mark, ...]:
    return tuple(text.Mark(start, end, "read", f"[{n}]") for (start, end), n in found.items())


def show(sheet: Sheet, record: report.Record, found: Sequence[report.Panel], quoted: Numbers) -> None:
    for panel in found:
        _panel(sheet, record, panel, quoted)


def _panel(sheet: Sheet, record: report.Record, panel: report.Panel, quoted: Numbers) -> None:
    sheet.title(f"{t('items.judgements')} · {_in_words(panel.title)} ({text.cell(panel.rubric, 60)})")
    if panel.rival:
        sheet.note(t("items.rival", model=text.cell(panel.rival.model, 60), run=panel.rival.run))
    _standing(sheet, record, panel)
    if panel.disputed:
        sheet.note(t("items.disputed_n", n=panel.disputed))
    for place, one in enumerate(panel.criteria):
        _criterion(sheet, panel, one, quoted, f"{panel.rubric}_{place}")
    if panel.rival:
        sheet.fold(t("items.rival_reply"), panel.rival.text, key=f"rival_{panel.rubric}")


def _standing(sheet: Sheet, record: report.Record, panel: report.Panel) -> None:
    """Each judge with its score of the item; one of the tested model's own family is labelled."""
    names = dict.fromkeys(v.judge for one in panel.criteria for v in one.verdicts)
    rows = []
    for name in names:
        score = panel.scores.get(name)
        family = t("items.same_family") if judge.same_family(name, record.model) else ""
        figure = f"{value(score.value)}  ({_why(panel, score.why)})" if score else t("items.no_score")
        if panel.mode not in ("rating", "rubric"):
            figure = ""
        rows.append((text.cell(name, 60), " · ".join(part for part in (figure, family) if part)))
    sheet.facts([row for row in rows if row[1]])


def _why(panel: report.Panel, words: str) -> str:
    """Reasons as they are kept, "accuracy 4, correct no", in the screen's words; any other as it stands."""
    if found := POINTS.fullmatch(words):
        return t("items.points_of", points=found[1], most=found[2])
    if found := UNREAD.fullmatch(words):
        return t("items.unread_of", n=found[1], cells=found[2])
    pieces = [piece.partition(" ") for piece in words.split(", ")]
    if not {name for name, _, _ in pieces} <= {one.name for one in panel.criteria}:
        return words
    return ", ".join(
        f"{judge_words.criterion(name, panel.rubric)} {word('items.verdict', said)}"
        for name, _, said in pieces
    )


def _criterion(sheet: Sheet, panel: report.Panel, one: report.Criticised, quoted: Numbers, key: str) -> None:
    sheet.opening("rd-criterion rd-disputed" if one.is_disputed else "rd-criterion")
    points = "" if one.points is None else f"{one.points:+g}"
    flags = [t("items.disputed")] * one.is_disputed
    flags += [t("items.wavering", judge=text.cell(name, 40)) for name in one.wavering]
    sheet.line(("rd-points", points), ("rd-criterion-text", _in_words(one.text)))
    if one.tags or flags:
        sheet.line(*(("rd-flag-word", flag) for flag in flags), *(("rd-tag-word", tag) for tag in one.tags))
    if one.scale and one.scale.kind == "numbers":
        sheet.line(("rd-anchors", " · ".join(_anchors(one.scale))))
    if panel.mode == "pairwise":
        _orders(sheet, one)
    sheet.opening("rd-verdicts")
    for n, verdict in enumerate(one.verdicts):
        _verdict(sheet, panel, one, verdict, quoted, f"{key}_{n}")
    sheet.closing()
    sheet.closing()


def _anchors(scale: judge.Scale) -> Iterator[str]:
    """What the ends of a scale mean."""
    for end in (scale.values[0], scale.values[-1]):
        meaning = scale.anchors.get(end)
        yield f"{end}: {_in_words(meaning)}" if meaning else end


def _orders(sheet: Sheet, one: report.Criticised) -> None:
    for name, winner in one.settled.items():
        sheet.line(("rd-verdict-judge", text.cell(name, 60)), ("rd-settled", t(f"items.settled.{winner}")))


def _verdict(
    sheet: Sheet,
    panel: report.Panel,
    one: report.Criticised,
    verdict: report.Verdict,
    quoted: Numbers,
    key: str,
) -> None:
    sheet.opening("rd-verdict")
    sign, kind, words = _said(panel, one, verdict)
    orders = t("items.reversed") if verdict.is_reversed else ""
    again = t("items.again") if verdict.is_repeat else ""
    sheet.line(
        (f"rd-sign {kind}", f"{sign} {words}"),
        ("rd-verdict-judge", text.cell(verdict.judge, 60)),
        ("rd-quiet", " · ".join(part for part in (orders, again, verdict.why) if part)),
    )
    if verdict.explanation:
        sheet.text(verdict.explanation, key=f"said_{key}")
    _quote(sheet, panel, verdict, quoted)
    if verdict.words.strip() and verdict.words.strip() != verdict.explanation.strip():
        sheet.fold(t("items.raw_words"), verdict.words, key=f"raw_{key}")
    sheet.closing()


def _said(panel: report.Panel, one: report.Criticised, verdict: report.Verdict) -> tuple[str, str, str]:
    """Sign, class and words of a verdict; of a criterion with negative points, met is bad."""
    if verdict.state != "ok":
        return "!", "rd-outcome-partly", word("judged", verdict.state)
    if panel.mode == "pairwise":
        sign, kind = {"this": ("✓", "gold"), "other": ("✗", "wrong")}.get(verdict.value, ("=", "pick"))
        return sign, f"rd-sign-{kind}", t(f"items.better.{verdict.value}")
    if one.points is not None:
        is_good = (verdict.value == "yes") == (one.points > 0)
        met = t("items.met" if verdict.value == "yes" else "items.not_met")
        earned = f" · {one.points:+g}" if verdict.value == "yes" else ""
        return ("✓", "rd-sign-gold", met + earned) if is_good else ("✗", "rd-sign-wrong", met + earned)
    if one.scale is not None and one.scale.kind == "numbers" and verdict.share is not None:
        return "●", "rd-sign-pick", t("items.of_scale", value=verdict.value, most=one.scale.values[-1])
    return "●", "rd-sign-pick", word("items.verdict", verdict.value)


def _quote(sheet: Sheet, panel: report.Panel, verdict: report.Verdict, quoted: Numbers) -> None:
    """Its number in the reply; of a comparison it may stand in the other reply."""
    if not verdict.quote:
        return
    quote = ("rd-quote", verdict.quote[:600])
    if verdict.place is not None:
        sheet.line(("rd-quiet", t("items.quote", n=f"[{quoted.get(verdict.place, 0)}]")), quote)
    elif verdict.is_quote_found:
        sheet.line(("rd-quiet", t("items.quote_other" if panel.rival else "items.quote", n="")), quote)
    else:
        sheet.line(("rd-flag-word", t("items.quote_absent")), quote)


def _in_words(texts: judge.rubric.Texts) -> str:
    return texts.get(language()) or texts["en"]
