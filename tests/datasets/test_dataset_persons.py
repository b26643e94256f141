"""Words that look like a person's. All numbers and names here are made up."""

import pytest

from evalcore import datasets, tables
from evalcore.types import Entry, Item, Key


def found(text: str) -> set[str]:
    entry = Entry("1", Item(text), Key((("x",),), "mine"))
    return {finding.kind for finding in datasets.scan([entry], [7]).findings}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("身份证号 11010519491231002X，已登记", "id_number"),  # the example of GB 11643
        ("SSN 078-05-1120", "id_number"),  # the number on a sample card of 1938
        ("电话13800138000。", "phone"),
        ("call 555-013-4477 today", "phone"),
        ("write to j.doe@example.org", "email"),
        ("住院号：A10023", "record_number"),
        ("MRN: 4455667", "record_number"),
        ("姓名：王小明，男", "name"),
        ("患者李某，女，45岁", "name"),
        ("张医生建议复查", "name"),
        ("Mrs. Miller was seen", "name"),
        ("Patient name: John Doe", "name"),
        ("于2023年5月6日入院", "date"),
        ("admitted on 2023-05-06", "date"),
        ("on May 6, 2023 she", "date"),
        ("家住浙江省杭州市文三路12号", "address"),
        ("lives at 12 Baker Street", "address"),
        ("转至上海市第一人民医院", "hospital"),
        ("seen at Mount Example Hospital", "hospital"),
        ("a 92-year-old man", "great_age"),
        ("患者93岁", "great_age"),
    ],
)
def test_what_looks_like_a_person_is_found(text, kind):
    assert kind in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "女性，32岁，活动后心悸气短3年余，呼吸300次/min",
        "A 45-year-old man with a blood pressure of 140/90 mmHg",
        "110105194912310021",  # 18 digits, wrong check digit
        "pH 7.35-7.45, PaCO2 35 mmHg, 1.5 x 10^9/L, 2:25",
        "The dose is 500 mg twice a day for 14 days",
        "Staphylococcus aureus; Hodgkin lymphoma; vitamin B12",
    ],
)
def test_ordinary_clinical_text_is_left_alone(text):
    assert found(text) == set()


def test_rows_are_counted_once_and_named():
    entries = [
        Entry(str(n), Item(text), Key((("x",),), "mine"))
        for n, text in enumerate(("Mrs. Miller, Mrs. Miller", "none"))
    ]
    scan = datasets.scan(entries, [12, 13])
    assert (scan.rows, scan.counts) == (1, {"name": 1})
    assert [(one.row, one.words) for one in scan.findings] == [(12, "Mrs. Miller")]


def test_in_published_abstracts_hospitals_and_dates_are_found_but_few(data_dir):
    table = tables.read(data_dir / "upstream" / "pubmedqa" / "ori_pqal.json")
    made = datasets.check(table, datasets.guess(table))
    scan = datasets.scan(made.entries, made.rows)
    assert "Westmead Hospital" in {finding.words for finding in scan.findings}
    assert 20 < scan.rows < 150
