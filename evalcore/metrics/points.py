"""From printed clinical text to its points: "疾病诊断：x，y 治疗建议：a、b" is two keys with two values each.

Read are: one line or many, full and half width colons, numbering, bullets, Markdown bold and headings, 【】.
Keys that mean the same have one name (ALIASES); others are taken as they are printed. Rules only: prose
without a colon or a heading has no keys.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

ALIASES: dict[str, tuple[str, ...]] = {
    "疾病诊断": (
        "诊断", "初步诊断", "临床诊断", "诊断结果", "诊断结论", "诊断意见", "最终诊断", "可能诊断",
        "可能的诊断", "最可能的诊断", "考虑诊断", "疾病名称", "diagnosis",
        "final diagnosis", "most likely diagnosis",
        "preliminary diagnosis",
    ),
    "诊断依据": ("诊断理由", "诊断根据", "依据", "basis for diagnosis", "diagnostic basis", "evidence"),
    "鉴别诊断": ("differential diagnosis", "differential diagnoses", "differential"),
    "治疗建议": (
        "治疗", "治疗方案", "治疗计划", "治疗措施", "治疗意见", "处理", "处理意见", "处理建议", "处置",
        "处置建议", "treatment", "treatment plan", "treatment recommendation",
        "treatment recommendations", "management",
    ),
    "治疗原则": ("principles of treatment",),
    "用药建议": ("用药", "用药方案", "药物", "推荐药物", "药物建议", "medication", "medications", "drugs"),
    "医嘱建议": ("医嘱", "医师建议", "医生建议", "orders", "medical orders"),
    "手术方案": ("手术方案建议", "手术建议", "手术方式", "手术名称", "术式", "surgical plan", "surgery"),
    "手术风险": ("风险", "风险提示", "风险告知", "风险咨询", "并发症风险", "risk", "risks"),
    "检查建议": (
        "检查", "检查推荐", "推荐检查", "建议检查", "进一步检查", "检查项目", "辅助检查建议", "examination",
        "examinations", "recommended examinations", "investigations", "workup",
    ),
    "化验项目": ("化验", "化验项目选择", "化验建议", "实验室检查项目", "laboratory tests", "lab tests"),
    "异常解读": ("异常指标", "异常结果", "异常项目", "异常", "abnormal findings"),
    "就诊科室": ("科室", "推荐科室", "建议科室", "导诊科室", "挂号科室", "导诊", "department"),
    "注意事项": ("注意", "precautions"),
    "随访建议": ("随访", "复查", "复查建议", "随访计划", "follow-up", "follow up"),
    "主诉": ("chief complaint",),
    "现病史": ("history of present illness",),
    "既往史": ("past medical history", "past history"),
    "体格检查": ("查体", "体检", "physical examination"),
    "辅助检查": ("auxiliary examinations",),
}  # fmt: skip
"""One name for keys that mean the same. Sides of a pair that a physician keeps apart (主要诊断 and 次要诊断,
治疗原则 and 治疗建议) are not joined."""

_CANONICAL = {alias: name for name, aliases in ALIASES.items() for alias in (name, *aliases)}
_BY_LENGTH = tuple(sorted(_CANONICAL, key=len, reverse=True))
MOST_HAN, MOST_WORDS = 12, 5  # of a key that is in no list
FARTHEST = 80  # characters before a colon in which its key is looked for
LONG = 4  # characters of a known key that is not taken for a part of another word

_HAN = re.compile(r"[\u3400-\u9fff]")
_CIRCLED = re.compile("[①-⑳⑴-⒇]")
_MARKUP = re.compile(r"\*\*|__|`|(?m:^[ \t]*(?:>|#{1,6})[ \t]?)")
_HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]*(?P<hash>[^\n]{1,60}?)|\*\*(?P<bold>[^\n*]{1,60})\*\*)[ \t]*$", re.M
)
_BRACKETED = re.compile(r"【([^【】\n]{1,30})】\s*[::]?")
_ITEM = r"(?:[-•·*+][ \t]+|\(?\d{1,2}[.、)](?!\d)|\(?[一二三四五六七八九十]{1,3}[、.)])"
_NUMBER = re.compile(rf"^\s*(?:{_ITEM}\s*)+")
_NUMBER_AHEAD = re.compile(rf"(?:^|(?<=[\s;。,])){_ITEM}\s*$")  # of the next key
_INLINE_NUMBER = re.compile(r"(?:^|(?<=[\s;。,:]))\(?\d{1,2}[.、)](?!\d)\s*")
_BOUNDARY = re.compile(r"[\n;。!?]|\.\s")
_COLON = re.compile(r"(?<!\d):|:(?!\d)")
_LAST_WORDS = re.compile(r"(?:是|为|如下|包括|有|建议为|考虑为|is|are|include[s]?)$")
_STRONG = re.compile(r"[\n;。]|\.\s|\.$")
_WEAK = re.compile(r"(?<!\d),|,(?!\d)|、")
_IN_BRACKETS = re.compile(r"\([^()\n]*\)|\[[^\[\]\n]*\]")


@dataclass(frozen=True)
class Point:
    """One key with what is said under it. key: the common name; printed: as it stands; text: its values."""

    key: str
    printed: str
    text: str


def points(text: str) -> tuple[Point, ...]:
    """Points in printed order, each key once, the values of repeated ones together.

    Text before the first key has the key ""; it is left out where there is none.
    """
    flat = _flattened(text)
    keys = _keys(flat)
    starts = [0, *(end for _, _, end in keys)]
    stops = [*(start for start, _, _ in keys), len(flat)]
    joined: dict[str, Point] = {}
    for printed, start, stop in zip(["", *(name for _, name, _ in keys)], starts, stops, strict=True):
        value = _NUMBER_AHEAD.sub("", _NUMBER.sub("", flat[start:stop]))
        key, value = canonical(printed), value.strip(" \n\t,;、:")
        before = joined.get(key)
        joined[key] = (
            Point(key, before.printed, f"{before.text}\n{value}") if before else Point(key, printed, value)
        )
    if not joined[""].text:
        del joined[""]
    return tuple(joined.values())


def canonical(printed: str) -> str:
    """The common name of a key; without one the key itself, less case and closing words (诊断为)."""
    name = " ".join(printed.casefold().split())
    while name not in _CANONICAL and (shorter := _LAST_WORDS.sub("", name).strip()) not in (name, ""):
        name = shorter
    return _CANONICAL.get(name, name)


def values(text: str, is_term: Callable[[str], bool] | None = None) -> tuple[str, ...]:
    """Words under one key: split at lines, semicolons, numbers, commas and 、 outside brackets.

    is_term: keeps together what is one term of a library although it holds commas, the longest first.
    """
    found: list[str] = []
    for run in _STRONG.split(_INLINE_NUMBER.sub("\n", text)):
        pieces = _pieces(_NUMBER.sub("", run))
        found += _terms(pieces, is_term) if is_term else [piece for piece, _ in pieces]
    return tuple(dict.fromkeys(word for piece in found if (word := piece.strip(" \t.。!！\"'“”"))))


def _pieces(run: str) -> list[tuple[str, str]]:
    """(piece, the separator behind it) of one run."""
    masked = _IN_BRACKETS.sub(lambda one: "x" * len(one[0]), run)
    ends = [*((one.start(), one.end()) for one in _WEAK.finditer(masked)), (len(run), len(run))]
    starts = [0, *(end for _, end in ends)]
    return [(run[at:stop], run[stop:end]) for at, (stop, end) in zip(starts, ends, strict=False)]


def _terms(pieces: list[tuple[str, str]], is_term: Callable[[str], bool]) -> list[str]:
    """Neighbouring pieces joined as they were printed wherever that is a term; at most six."""
    found, at = [], 0
    while at < len(pieces):
        for count in range(min(6, len(pieces) - at), 0, -1):
            joined = "".join(piece + sign for piece, sign in pieces[at : at + count])
            word = joined[: len(joined) - len(pieces[at + count - 1][1])]
            if count == 1 or is_term(word):
                break
        found.append(word)
        at += count
    return found


def _flattened(text: str) -> str:
    """Even signs (NFKC), lists of circled numbers as lines, headings and 【】 as keys with a colon."""
    lined = _HEADING.sub(_as_key, _CIRCLED.sub("\n", text))
    flat = unicodedata.normalize("NFKC", _MARKUP.sub("", lined))
    flat = _BRACKETED.sub(lambda one: f"\n{one[1]}:", flat)
    return "\n".join(_completed(line) for line in flat.split("\n"))


def _as_key(heading: re.Match[str]) -> str:
    title = (heading["hash"] or heading["bold"]).strip().strip("*").strip()
    bare = _NUMBER.sub("", title)
    return title if re.search("[:：]", title) or len(bare) > MOST_HAN * 2 else f"{title}:"


def _completed(line: str) -> str:
    """A line that is nothing but a known key gets its colon; a short one in a list is rather a value."""
    name = _NUMBER.sub("", line).strip().casefold()
    is_item = re.match(r"\s*[-•·*+\d(]", line) is not None
    return f"{line}:" if name in _CANONICAL and (not is_item or len(name) >= LONG) else line


def _keys(flat: str) -> list[tuple[int, str, int]]:
    """(where the value before it ends, key as printed, where its own value begins)."""
    found: list[tuple[int, str, int]] = []
    boundaries = [0, *(one.end() for one in _BOUNDARY.finditer(flat))]
    behind = 0  # where the value before begins: a key never reaches into another
    for colon in _COLON.finditer(flat):
        sentence = boundaries[bisect_right(boundaries, colon.start()) - 1]
        begin = max(sentence, behind, colon.start() - FARTHEST)
        is_free = begin == sentence and (sentence > behind or not found)
        name = _key_at_end(flat[begin : colon.start()], is_free=is_free)
        if name:
            found.append((colon.start() - len(name), name.strip(), colon.end()))
            behind = colon.end()
    return found


def _key_at_end(segment: str, *, is_free: bool) -> str:
    """The key that a stretch before a colon ends with, "" if none. is_free: the stretch begins a sentence."""
    bare = _NUMBER.sub("", segment).rstrip()
    tail = segment[len(segment.rstrip()) :]
    if is_free and _is_key(bare.lstrip()):
        return bare.lstrip() + tail
    last = re.split(r"\s|[,、](?=[^,、]*$)", bare)[-1]
    if (
        _HAN.search(last)
        and last != bare
        and re.search(r"\s" + re.escape(last) + "$", bare)
        and _is_key(last)
    ):
        return last + tail
    core = _LAST_WORDS.sub("", bare).rstrip()
    if not core.casefold().endswith(_BY_LENGTH):
        return ""
    known = next((alias for alias in _BY_LENGTH if _ends_with(core.casefold(), alias)), "")
    return bare[len(core) - len(known) :] + tail if known else ""


def _ends_with(text: str, alias: str) -> bool:
    """A boundary stands before the key, or it is too long to be the end of another word (CT检查 is none)."""
    before = text[: len(text) - len(alias)]
    is_long = _HAN.search(alias) is not None and len(alias) >= LONG
    return text.endswith(alias) and (is_long or not before or before[-1] in " \t,、")


def _is_key(name: str) -> bool:
    """A short phrase with letters and no comma, in a list of keys or not."""
    if not name or re.search(r"[,、\[\]]|//|^\d", name) or not re.search(r"[^\W\d_]", name):
        return False
    return len(name) <= MOST_HAN if _HAN.search(name) else len(name.split()) <= MOST_WORDS and len(name) <= 60
