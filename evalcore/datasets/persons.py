"""Words that look like a real person's: names, numbers, dates, addresses, in Chinese and English.

A warning for whoever answers for the data, by patterns alone. It finds some and misses others; that it finds
nothing proves nothing.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evalcore.types import Entry

MOST = 2_000  # findings kept; the counts go on

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁"
    "沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦"
)
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    "|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_PATTERNS: dict[str, tuple[str, ...]] = {
    "id_number": (r"(?<!\d)\d{17}[\dXx](?!\d)", r"(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)"),
    "phone": (
        r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)",
        r"(?<![\d-])0\d{2,3}-\d{7,8}(?!\d)",
        r"(?<!\d)(?:\+?\d{1,3}[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)",
    ),
    "email": (r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63})+",),
    "record_number": (
        r"(?:病历号|病案号|住院号|门诊号|就诊号|登记号|床号|医保号)[:：\s]*[A-Za-z0-9-]{2,20}",
        r"\b(?:MRN|[Mm]edical record (?:number|no\.?)|[Pp]atient ID|[Aa]dmission (?:number|no\.?))"
        r"[:#\s]*\d[\w-]{3,20}",
    ),
    "name": (
        r"(?:姓名|患者姓名|联系人|家属)[:：]\s*[\u4e00-\u9fff·]{2,4}",
        rf"(?:患者|病人)[:：]?\s*[{_SURNAMES}](?:某{{1,2}}|[\u4e00-\u9fff]{{1,2}})(?=[,，、。;；\s(（])",
        rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?:先生|女士|医生|大夫|主任)",
        r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+[A-Z][a-z]{1,20}(?:\s[A-Z][a-z]{1,20})?",
        r"\b(?:[Pp]atient(?:'s)? [Nn]ame|Name)\s*:\s*[A-Z][a-z]+(?:\s[A-Z][a-z.]*){0,3}",
    ),
    "date": (
        r"(?<!\d)(?:19|20)\d{2}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?(?!\d)",
        r"(?<!\d)\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d{2}(?!\d)",
        rf"\b(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d{{2}}\b",
        rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTHS})\.?,? (?:19|20)\d{{2}}\b",
    ),
    "address": (
        r"[\u4e00-\u9fff]{2,8}(?:省|市|区|县|镇|乡|村)[\u4e00-\u9fff\d]{1,20}(?:路|街|巷|弄|村|小区|大道)"
        r"[\u4e00-\u9fff\d]{0,8}\d+(?:号|室|栋|幢)",
        r"\b\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Boulevard|Blvd)\b",
    ),
    "hospital": (
        r"[\u4e00-\u9fff]{2,12}(?:大学|省|市|县|区|人民|中心|附属|医学院)[\u4e00-\u9fff]{0,12}医院",
        r"\b(?:[A-Z][a-z']+ ){1,4}(?:Hospital|Medical Center|Clinic)\b",
    ),
    "great_age": (r"(?<!\d)(?:9\d|1[01]\d)\s*(?:岁|周岁)", r"\b(?:9\d|1[01]\d)[- ]years?[- ]old\b"),
}
KINDS = tuple(_PATTERNS)
_COMPILED = tuple((kind, re.compile(one)) for kind, patterns in _PATTERNS.items() for one in patterns)
_SIGNS = {  # without any of these a text cannot hold the kind: looking for a word is far cheaper
    "email": ("@",),
    "record_number": ("号", "MRN", "ecord", "ID", "dmission"),
    "hospital": ("医院", "Hospital", "Medical Center", "Clinic"),
    "great_age": ("岁", "old"),
}


@dataclass(frozen=True)
class Finding:
    """Some words of one row. kind: one of KINDS."""

    row: int
    kind: str
    words: str


@dataclass(frozen=True)
class Scan:
    """findings: the first MOST; counts: rows by kind; rows: how many rows hold any."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]
    rows: int


def scan(entries: Sequence[Entry], rows: Sequence[int]) -> Scan:
    """Questions, contexts, options, references and rationales of these entries; rows: their numbers."""
    kept: list[Finding] = []
    counts: Counter[str] = Counter()
    touched: set[int] = set()
    for entry, row in zip(entries, rows, strict=True):
        found = list(dict.fromkeys(_found(_text(entry))))
        counts.update({kind for kind, _ in found})
        touched.update([row] if found else [])
        kept.extend(Finding(row, kind, words) for kind, words in found[: max(0, MOST - len(kept))])
    return Scan(tuple(kept), dict(counts), len(touched))


def _text(entry: Entry) -> str:
    item, key = entry.item, entry.key
    golds = [text for one in key.acceptable for text in one] if not item.options else []
    parts = [item.question, item.context, key.rationale, *(option.text for option in item.options), *golds]
    return "\n".join([*parts, *(text for _, text in item.turns)])


def _found(text: str) -> Iterator[tuple[str, str]]:
    fitting = {kind for kind in KINDS if any(sign in text for sign in _SIGNS.get(kind, ("",)))}
    for kind, pattern in _COMPILED:
        if kind not in fitting:
            continue
        for match in pattern.finditer(text):
            words = " ".join(match[0].split())
            if kind != "id_number" or _may_be_id(words):
                yield kind, words[:80]


def _may_be_id(words: str) -> bool:
    """The check digit of a Chinese identity number (GB 11643-1999: weights 2^(17-i) mod 11)."""
    if "-" in words:
        return True
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(words[:17]))
    return "10X98765432"[total % 11] == words[17].upper()
