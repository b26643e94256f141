"""The only door for text that models, datasets and people wrote. Shown exactly, never run, never fetched.

Markdown, HTML, scripts and images come out as the characters they are. What would be invisible or would turn
the reading order around (controls, overrides, lone surrogates) is shown as its code point.
"""

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import streamlit as st

from pages.ui.i18n import t

LIMIT = 20_000  # characters shown at first; 420,000 at once were seen to hang a browser
LIMIT_ALL = 400_000  # and the most that "show all" shows; the download has everything
LIMIT_DIFF = 3_000  # words or characters on each side; the comparison's cost grows with their product
LIMIT_EXACT = 800  # beyond which words that stand everywhere only join others: repetitions took 20 s

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]|\r(?!\n)"
)
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\U00020000-\U0003ffff"
_TOKEN = re.compile(f"[{_CJK}]|[^\\s{_CJK}]+\\s*|\\s+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_MARKDOWN = re.compile(r"[^\w\s]|_", re.ASCII)
KINDS = ("read", "gold", "wrong", "flag", "hit", "gone", "new")
_WORD = re.compile(f"(?=\\w)[{_CJK}]|[^\\W{_CJK}]+")


@dataclass(frozen=True)
class Mark:
    """Characters [start, end) of a text that mean something; each kind has its own line, not only a colour.

    kind: one or several of KINDS with blanks between. note: a word or two of ours, shown behind the marked
    characters.
    """

    start: int
    end: int
    kind: str
    note: str = ""


def visible(text: str) -> str:
    """Text with everything invisible or order-turning written as [U+202E]; for table cells and file names."""
    return _HIDDEN.sub(lambda match: f"[{_code_point(match[0])}]", text)


def cell(text: str, limit: int = 200) -> str:
    """One line for a table or a list; tables do not parse what they show."""
    line = " ".join(visible(text[: 4 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def label(text: str, limit: int = 80) -> str:
    """For places that parse Markdown (labels, captions, headings): the same characters, nothing parsed."""
    escaped = _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", cell(text, limit))
    return escaped.replace("&#58;", "&#58;\u2060").replace("www", "w\u2060ww")


def as_html(text: str, *, marks: Sequence[Mark] = (), language: str = "", mono: bool = False) -> str:
    """A block of HTML that shows the text as it is. language: for line breaking and fonts; "" is unknown."""
    pieces: list[str] = []
    position = 0
    for mark in _in_order(marks, len(text)):
        pieces += [_escaped(text[position : mark.start]), _marked(text[mark.start : mark.end], mark)]
        position = mark.end
    return _block("".join([*pieces, _escaped(text[position:])]), language, mono=mono)


def diff_as_html(first: str, second: str, *, language: str = "") -> str:
    """One text in which `del` stands only in the first and `ins` only in the second."""
    return _block("".join(_changes(_TOKEN.findall(first), _TOKEN.findall(second))), language)


def differing(first: str, second: str) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """Marks on words (characters of Chinese and Japanese) that stand only in the first; only in the second.

    Case, blanks and punctuation make no difference; a short word alone between others is no common ground.
    Without any common ground nothing is marked.
    """
    ours, theirs = (list(_WORD.finditer(one[:LIMIT]))[:LIMIT_DIFF] for one in (first, second))
    words = [[found[0].casefold() for found in side] for side in (ours, theirs)]
    is_long = max(map(len, words)) > LIMIT_EXACT
    matcher = SequenceMatcher(None, *words, autojunk=is_long)
    blocks = [b for b in matcher.get_matching_blocks() if b.size != 1 or len(words[0][b.a]) > 3]
    if not any(block.size for block in blocks):
        return (), ()
    left = _between(ours, [(block.a, block.size) for block in blocks], "gone")
    return left, _between(theirs, [(block.b, block.size) for block in blocks], "new")


def _between(found: list[re.Match[str]], common: list[tuple[int, int]], kind: str) -> tuple[Mark, ...]:
    starts = [0, *(start + size for start, size in common)]
    ends = [*(start for start, _ in common), len(found)]
    runs = [found[start:end] for start, end in zip(starts, ends, strict=True) if start < end]
    return tuple(Mark(run[0].start(), run[-1].end(), kind) for run in runs)


def plain(text: str, *, key: str = "", language: str = "", mono: bool = False) -> None:
    """Shows a text. key: tells two equal long texts on one page apart."""
    highlighted(text, (), key=key, language=language, mono=mono)


def highlighted(
    text: str, marks: Sequence[Mark], *, key: str = "", language: str = "", mono: bool = False
) -> None:
    """Shows a text with marked characters; beyond LIMIT it is cut, with "show all" and a download."""
    if not text.strip():
        st.html(f'<div class="rd-text rd-empty">{html.escape(t("text.empty"))}</div>')
        return
    name = _key(text, key)
    limit = LIMIT_ALL if st.session_state.get(name) else LIMIT
    st.html(as_html(text[:limit], marks=marks, language=language, mono=mono))
    if len(text) > LIMIT:
        _rest(text, name, limit)


def diff(first: str, second: str, *, language: str = "") -> None:
    """Shows what differs: by character where the script is Chinese or Japanese, by word otherwise."""
    st.html(diff_as_html(first[:LIMIT], second[:LIMIT], language=language))
    st.caption(t("text.diff_legend"))


def _rest(text: str, name: str, limit: int) -> None:
    shown = min(limit, len(text))
    st.caption(t("text.cut", shown=f"{shown:,}", total=f"{len(text):,}"))
    with st.container(horizontal=True):
        if limit < LIMIT_ALL:
            st.button(t("text.show_all"), key=f"{name}_all", on_click=_open, args=(name,))
        st.download_button(
            t("text.download"),
            lambda: text.encode("utf-8", "backslashreplace"),
            file_name="text.txt",
            mime="text/plain",
            key=f"{name}_file",
            on_click="ignore",
        )


def _open(name: str) -> None:
    st.session_state[name] = True


def _key(text: str, key: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"text_{key}_{digest}"


def _block(body: str, language: str, *, mono: bool = False) -> str:
    lang = f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""
    classes = "rd-text rd-mono" if mono else "rd-text"
    return f'<div class="{classes}" dir="auto"{lang}>{body}</div>'


def _in_order(marks: Sequence[Mark], length: int) -> Iterator[Mark]:
    """Marks by position, cut to the text and to what an earlier mark left of them."""
    taken = 0
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        start, end = max(mark.start, taken), min(mark.end, length)
        if start < end:
            yield Mark(start, end, mark.kind, mark.note)
            taken = end


def _marked(text: str, mark: Mark) -> str:
    kinds = [kind for kind in mark.kind.split() if kind in KINDS] or ["hit"]
    classes = " ".join(f"rd-{kind}" for kind in kinds)
    note = html.escape(mark.note)
    tag = f'<span class="rd-tag">{note}</span>' if note else ""
    return f'<mark class="rd-mark {classes}" title="{note}">{_escaped(text)}</mark>{tag}'


def _escaped(text: str) -> str:
    escaped = html.escape(text).replace("\r\n", "\n")
    return _HIDDEN.sub(lambda match: _escape_shown(match[0]), escaped)


def _escape_shown(character: str) -> str:
    name = html.escape(unicodedata.name(character, t("text.control")))
    return f'<span class="rd-escape" title="{name}">{_code_point(character)}</span>'


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


def _changes(first: list[str], second: list[str]) -> Iterator[str]:
    """Pieces of HTML; what lies beyond LIMIT_DIFF tokens is shown as one removal and one addition."""
    head_a, head_b = first[:LIMIT_DIFF], second[:LIMIT_DIFF]
    for kind, a, b, c, d in SequenceMatcher(None, head_a, head_b, autojunk=False).get_opcodes():
        if kind == "equal":
            yield _escaped("".join(head_a[a:b]))
        else:
            yield _tagged("del", head_a[a:b]) + _tagged("ins", head_b[c:d])
    yield _tagged("del", first[LIMIT_DIFF:]) + _tagged("ins", second[LIMIT_DIFF:])


def _tagged(tag: str, tokens: list[str]) -> str:
    return f"<{tag}>{_escaped(''.join(tokens))}</{tag}>" if tokens else ""
