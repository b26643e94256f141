"""Where one can go: the one list of screens. A new page is one file in `pages/` and one line here."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.ui.i18n import t

FOLDER = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Place:
    """A screen: its code is file name, URL and catalogue key at once."""

    code: str
    icon: str
    section: str

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.code}.py"


PLACES = (
    Place("home", ":material/home:", "work"),
    Place("launch", ":material/play_circle:", "work"),
    Place("live", ":material/monitoring:", "work"),
    Place("items", ":material/list_alt:", "work"),
    Place("leaderboard", ":material/leaderboard:", "work"),
    Place("agreement", ":material/balance:", "work"),
    Place("benchmarks", ":material/library_books:", "reference"),
    Place("models", ":material/neurology:", "reference"),
    Place("settings", ":material/settings:", "reference"),
)


def existing() -> tuple[Place, ...]:
    return tuple(place for place in PLACES if place.file.exists())


def page(code: str) -> st.Page:
    """The page of a code, fit for `st.navigation`, `st.page_link` and `st.switch_page`."""
    place = next(place for place in PLACES if place.code == code)
    return st.Page(
        place.file,
        title=t(f"page.{code}"),
        icon=place.icon,
        url_path=code,
        default=code == "home",
        help=t(f"page.{code}.help"),
    )


def sections() -> dict[str, list[st.Page]]:
    """Pages by section title, in the order of PLACES."""
    grouped: dict[str, list[st.Page]] = {}
    for place in existing():
        grouped.setdefault(t(f"section.{place.section}"), []).append(page(place.code))
    return grouped
