"""A verdict in words: read where it stands for itself, never where the line goes on into something else."""

import pytest
from cases import ANSWER, cell

from evalcore import judge
from evalcore.judge import State

RATING, RIGHT, PAIR, OPTION = cell("mmedbench"), cell("correctness"), cell("pairwise"), cell("extraction")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (RIGHT, "Score: 1/5"),
        (RIGHT, "Score: 0.9"),
        (RIGHT, "Verdict: 0.5"),
        (RIGHT, "Verdict: 0,5"),
        (RIGHT, "Verdict: met only partially"),
        (RIGHT, "Verdict: yes and no"),
        (RIGHT, "Verdict: yes, and no"),
        (RIGHT, "Verdict: yes / no"),
        (RIGHT, "Verdict: yes?"),
        (RIGHT, "Verdict: true/false: false"),
        (RIGHT, "Verdict: right now I cannot say"),
        (RIGHT, "Verdict: notably incomplete"),
        (RIGHT, "结论：正确性存疑"),
        (RIGHT, "结论：错误较少，基本正确"),
        (RIGHT, "结论：是否满足不确定"),
        (RIGHT, "结论：是或否"),
        (RIGHT, "Verdict: yes.\nFinal verdict: yes and no"),
        (RATING, "Verdict: 4-5"),
        (RATING, "Verdict: 4–5"),
        (RATING, "Verdict: 4 - 5"),
        (RATING, "Verdict: 4 or 5"),
        (RATING, "Verdict: 4, maybe 5"),
        (RATING, "Verdict: 4 (or 5)"),
        (RATING, "Verdict: 4 of 10"),
        (RATING, "Verdict: 4+"),
        (RATING, "结论：4至5分"),
        (RATING, "Verdict: 3\nFinal verdict: 4-5"),
        (PAIR, "Verdict: A/B"),
        (PAIR, "Verdict: A = B"),
        (PAIR, "Verdict: A or B"),
        (PAIR, "Verdict: A, B"),
        (PAIR, "Verdict: A | B"),
        (OPTION, "Verdict: A and B"),
    ],
)
def test_a_line_that_goes_on_or_offers_a_second_verdict_has_none(asked, text):
    verdict = judge.read(text, asked, [ANSWER])
    assert (verdict.state, verdict.number) == (State.UNREADABLE, None)


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        (RATING, "Verdict: 4.", "4"),
        (RATING, "Verdict: 4\r\nIt is sound.", "4"),
        (RATING, "4/5", "4"),
        (RATING, "**Verdict:** 3", "3"),
        (RATING, "**Verdict: 3**", "3"),
        (RATING, "Verdict: **4**/5", "4"),
        (RATING, "Score: 4 (good)", "4"),
        (RATING, "Score: 4 (1 = worst, 5 = best)", "4"),
        (RATING, "Score: 4 (out of 5)", "4"),
        (RATING, "Score: 4 of 5", "4"),
        (RATING, "Rating: 4 points, for it is sound", "4"),
        (RATING, "Verdict: 4 because it is sound", "4"),
        (RATING, "Verdict: 4 — good", "4"),
        (RATING, "Verdict: 4, and no more", "4"),
        (RATING, "Verdict: 4, i.e. 4", "4"),
        (RATING, "评分：4分（满分5分）", "4"),
        (RATING, "Score: [4]", "4"),
        (RIGHT, "Yes.", "yes"),
        (RIGHT, "Verdict: Yes, it names the test.", "yes"),
        (RIGHT, "Verdict: Yes, no major omissions.", "yes"),
        (RIGHT, "Verdict: no (not met)", "no"),
        (RIGHT, "Verdict: not met: the dose is lacking", "no"),
        (RIGHT, "结论：满足", "yes"),
        (RIGHT, "结论：不满足。", "no"),
        (RIGHT, "结论：是的，正确", "yes"),
        (RIGHT, "结论：正确，因为有依据", "yes"),
        (PAIR, "Verdict: B - more complete", "B"),
        (PAIR, "Verdict: tie; both are right", "tie"),
        (PAIR, "Verdict: B\nThis verdict is a close call", "B"),
        (OPTION, "Verdict: (A)", "A"),
        (OPTION, "Final answer: A. Electrocardiogram", "A"),
    ],
)
def test_an_honest_terse_verdict_is_read(asked, text, expected):
    assert judge.read(text, asked, [ANSWER]).value == expected
