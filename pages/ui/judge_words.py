"""How rubrics, judges and what a judge reads are told; shared by Live, Launch and the list of rubrics."""

import re
from collections.abc import Mapping, Sequence

import streamlit as st

from evalcore import judge
from evalcore.errors import RoundsError
from evalcore.judge import Rubric, ScaleKind
from evalcore.runs import Preview
from evalcore.store.judging import rubric_folder
from pages.ui import cards, links, text
from pages.ui.i18n import CATALOGUES, language, t

SHORT = 24  # characters of a heading before a colon; what is longer is a sentence
LENGTH_ADJUSTED = re.compile(r"length_adjusted_(\w+)(/unclipped)?")  # parts of the points' figures
STATES = {  # a sign, a word and a colour for what became of a call
    "ok": (":material/check:", "green"),
    "unreadable": (":material/help:", "orange"),
    "refused": (":material/block:", "orange"),
    "truncated": (":material/content_cut:", "orange"),
    "failed": (":material/error:", "red"),
}


def known() -> dict[str, Rubric]:
    """All rubrics by id; raises the error of a broken file in the folder of one's own."""
    return judge.rubrics(rubric_folder())


def in_words(texts: Mapping[str, str]) -> str:
    return texts.get(language()) or texts["en"]


def title(rubric: Rubric) -> str:
    """For lists that do not parse what they show."""
    return f"{text.cell(in_words(rubric.title), 80)} · {text.cell(rubric.name, 70)}"


def mode(rubric: Rubric) -> None:
    st.badge(t(f"judge.mode.{rubric.mode}"), icon=":material/gavel:", color="gray")


def said(found: Rubric) -> None:
    """A rubric's own words: its criteria with their scales, and where it comes from."""
    mode(found)
    st.caption(f"{t(f'judge.reference.{found.reference}')} {t('judge.language')}: {spoken(found)}")
    if not found.criteria:
        st.markdown(t("judge.items_criteria"))
    for cell in found.criteria:
        st.markdown(f"**{text.label(cell.name)}** · {allowed(cell.scale)}")
        text.plain(in_words(cell.text), key=f"criterion_{found.name}_{cell.name}", language=language())
        if cell.scale.anchors:
            lines = [f"{value}: {in_words(meaning)}" for value, meaning in cell.scale.anchors.items()]
            text.plain("\n".join(lines), key=f"anchors_{found.name}_{cell.name}", language=language())
    if found.prompt:
        st.caption(t("judge.own_prompt"))
        text.plain(in_words(found.prompt), key=f"prompt_{found.name}", mono=True)
    if found.source:
        st.caption(text.label(found.source, 500))


def spoken(found: Rubric) -> str:
    return t("judge.language.item" if found.language == "item" else "judge.language.en")


def allowed(scale: judge.Scale) -> str:
    if scale.kind is ScaleKind.OPTIONS:
        return t("judge.scale.options")
    if scale.kind is ScaleKind.NUMBERS:
        return t("judge.scale.numbers", low=scale.values[0], high=scale.values[-1])
    shown = ", ".join(scale.values[:8]) + (" …" if len(scale.values) > 8 else "")
    return text.label(shown, 160)


def preview(shown: Preview) -> None:
    """Word for word, each message under the role it has."""
    for step, prompt in enumerate(shown.prompts):
        if len(shown.prompts) > 1:
            st.caption(t(f"judge.step{step + 1}"))
        for place, (role, words) in enumerate(prompt.messages):
            if role:
                st.caption(t(f"items.role.{role}"))
            text.plain(words, key=f"judge_preview_{step}_{place}", mono=True)
        if prompt.targets:
            st.caption(t("judge.ranked", values=text.label(", ".join(prompt.option_order), 200)))


def to_run(label: str, code: str, key: str) -> None:
    """From Live to another run on Live: a link to the very page that one is on changes nothing."""
    if st.button(label, key=key, icon=":material/monitoring:", type="tertiary"):
        links.put(run=code, judge=None, rubric=None, against=None)
        st.rerun()


def states(counts: Sequence[tuple[str, int]]) -> None:
    """What became of the calls: a badge each, the readable ones first."""
    for state, n in counts:
        if n:
            icon, colour = STATES[state]
            st.badge(f"{n:,} {t(f'judge.state.{state}')}", icon=icon, color=colour)  # type: ignore[arg-type]


def part(name: str, rubric: str = "") -> str:
    """A figure of a judge in words: the whole, a criterion, a tag, a share of a comparison."""
    key = f"judge.part.{name or 'whole'}"
    if key in CATALOGUES[language()]:
        return t(key)
    if adjusted := LENGTH_ADJUSTED.fullmatch(name):
        words = t("judge.part.length_adjusted", edition=adjusted[1])
        return f"{words} · {t('judge.part.unclipped')}" if adjusted[2] else words
    return criterion(name.removeprefix("tag:"), rubric)


def criterion(name: str, rubric: str) -> str:
    """A criterion's name, which is English; else what its words begin with ("准确性：…"), or ours for it."""
    key = f"criterion.{name}"
    ours = t(key) if key in CATALOGUES[language()] else text.cell(name, 60)
    return ours if language() == "en" else _heading(name, rubric) or ours


def _heading(name: str, rubric: str) -> str:
    """Nothing where the rubric is not here, or has no colon after a few letters in the screen's language."""
    try:
        found = known().get(rubric.rpartition("-")[0])
    except RoundsError:  # a broken file in the folder of one's own
        return ""
    words = next((one.text for one in found.criteria if one.name == name), {}) if found else {}
    head, colon, _ = words.get(language(), "").replace(":", "：").partition("：")
    return text.cell(head) if colon and len(head) <= SHORT else ""


def family(model: str, judge_model: str) -> bool:
    """A badge where judge and judged model come from one maker; true when it is there."""
    is_same = judge.same_family(judge_model, model)
    if is_same:
        st.badge(t("judge.same_family"), icon=":material/family_restroom:", color="orange")
    return is_same


def coverage(value: float) -> None:
    st.badge(t("judge.coverage_low", share=cards.percent(value)), icon=":material/warning:", color="orange")


def measure(code: str) -> str:
    """Of a published figure; the code itself where it has no word."""
    key = f"agree.{code}"
    return t(key) if key in CATALOGUES[language()] else code.replace("_", " ")
