"""What people said of a reply: each reviewer with form, ratings, note, and what was hidden from them."""

from datetime import UTC, datetime

from evalcore import report
from evalcore.judge import ScaleKind
from pages.ui import judge_words, text
from pages.ui.i18n import t
from pages.ui.item_blocks import Sheet
from pages.ui.item_filters import word


def show(sheet: Sheet, record: report.Record) -> None:
    found = report.opinions(record)
    if not found:
        return
    sheet.title(f"{t('items.reviews')} · {len({one.review.reviewer for one in found})}")
    for place, one in enumerate(found):
        _opinion(sheet, one, place)


def _opinion(sheet: Sheet, one: report.Opinion, place: int) -> None:
    review = one.review
    day = datetime.fromtimestamp(review.created_at, UTC).date().isoformat()
    form = f"{judge_words.in_words(one.title)} ({text.cell(review.form, 60)})"
    revision = t("items.review_revision", n=review.revision) if review.revision > 1 else ""
    sheet.opening("rd-criterion")
    sheet.line(
        ("rd-verdict-judge", text.cell(review.reviewer, 60)),
        ("rd-quiet", " · ".join(part for part in (form, day, revision, _blinding(review.hidden)) if part)),
    )
    sheet.facts([(_name(rating, review.form), _value(rating)) for rating in one.ratings])
    if review.note:
        sheet.text(review.note, key=f"review_{place}")
    sheet.closing()


def _blinding(hidden: tuple[str, ...] | None) -> str:
    if hidden is None:
        return t("items.blinding_unknown")
    names = ", ".join(word("items.hidden", name) for name in hidden)
    return t("items.blinded", what=names) if hidden else t("items.not_blinded")


def _name(rating: report.Rating, form: str) -> str:
    if rating.text:
        return text.cell(judge_words.in_words(rating.text), 160)
    return judge_words.criterion(rating.criterion, form)


def _value(rating: report.Rating) -> str:
    if rating.scale is not None and rating.scale.kind is ScaleKind.NUMBERS:
        return t("items.of_scale", value=rating.value, most=rating.scale.values[-1])
    if rating.text and rating.value in ("yes", "no"):
        return t("items.met" if rating.value == "yes" else "items.not_met")
    return word("items.verdict", rating.value)
