"""Which tokens share a pass, worked out by hand; letters stand for tokens."""

import pytest

from evalcore.models.transformers.batches import Budget
from evalcore.models.transformers.encoding import Pair
from evalcore.models.transformers.packing import SHORTEST, Family, common, families, lay_out, tree


def pairs(context: str, *targets: str) -> list[Pair]:
    return [Pair(tuple(map(ord, context)), tuple(map(ord, target))) for target in targets]


def letters(tokens: list[int]) -> str:
    return "".join(map(chr, tokens))


def head(text: str) -> tuple[int, ...]:
    return tuple(map(ord, text))


def test_options_of_one_token_are_read_off_the_question_itself():
    one = tree(pairs("question", "A", "B"))
    assert (letters(one.stem), one.branches, one.ends) == ("question", (), (None, None))
    assert letters(one.head) == "questio"  # the last token's logits are wanted


def test_options_go_on_from_the_last_token_they_share():
    one = tree(pairs("q", "xya", "xyb1", "z", "xya!"))
    assert letters(one.stem) == "q"
    assert [letters(branch) for branch in one.branches] == ["xy", "xyb", "xya"]
    assert one.ends == (0, 1, None, 2)


def test_what_all_options_begin_with_belongs_to_the_question():
    one = tree(pairs("q", "xya", "xyb1"))
    assert (letters(one.stem), [letters(b) for b in one.branches]) == ("qxy", ["b"])
    assert letters(one.head) == ""


def test_a_prefix_is_shared_by_those_who_have_it_and_by_no_others():
    first, second = "a" * 40, "b" * 40
    heads = [head(first + "1"), head("c"), head(second + "2"), head(first + "3"), head(second + "4")]
    assert families(heads, 30) == [Family((0, 3), 40), Family((2, 4), 40), Family((1,), 0)]


def test_a_prefix_that_saves_little_or_is_short_is_not_read_on_its_own():
    assert families([head("a" * 40)] * 2, 41) == [Family((0, 1), 0)]
    assert families([head("a" * (SHORTEST - 1))] * 99, 1) == [Family(tuple(range(99)), 0)]
    assert families([], 1) == []


def test_one_long_prefix_of_all_wins_over_longer_ones_of_a_few():
    texts = ["a" * 100 + rest for rest in ("b" * 20 + "1", "b" * 20 + "2", "c", "d", "e")]
    assert families([head(text) for text in texts], 30) == [Family((0, 1, 2, 3, 4), 100)]


def test_two_prefixes_win_over_the_little_that_they_have_in_common():
    texts = ["a" * 20 + kind * 100 + str(n) for kind in "bc" for n in range(3)]
    assert families([head(text) for text in texts], 30) == [Family((0, 1, 2), 120), Family((3, 4, 5), 120)]


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("", "a", 0), ("ab", "ab", 2), ("abcd", "abxd", 2), ("b", "a", 0)]
)
def test_common_counts_the_first_equal_tokens(one, other, expected):
    assert common(head(one), head(other)) == expected


def test_a_pass_holds_all_questions_then_all_options_and_knows_where_each_is_scored():
    asked = [pairs("..pq", "xa", "yb1"), pairs("..r", "A", "B")]
    made = lay_out([(tree(one), one) for one in asked], shared=2)
    assert letters(made.tokens) == "r" + "pq" + "x" + "yb"
    assert made.positions == [2, 2, 3, 4, 4, 5]
    assert made.own.queries == made.own.keys == ((0, 1), (1, 3), (3, 4), (4, 6))
    assert made.own.is_causal and not made.branches.is_causal
    assert (made.branches.queries, made.branches.keys) == (((3, 6),), ((1, 3),))
    assert made.scored == [[2, 3], [2, 4, 5], [0], [0]]


def test_padded_rows_count_as_long_as_their_longest():
    batches = Budget(10).batches([5, 1, 4, 2], lambda row: row)
    assert list(batches) == [[1, 2, 4][:2], [4, 5]]


def test_packed_rows_keep_their_order_in_passes_of_about_one_size():
    batches = Budget(10, is_padded=False).batches([4, 4, 1, 5, 2, 4, 1], lambda row: row)
    assert list(batches) == [[4, 4], [1, 5, 2], [4, 1]]


def test_a_row_larger_than_the_budget_goes_alone():
    assert list(Budget(3, is_padded=False).batches([9, 1], lambda row: row)) == [[9], [1]]
    assert list(Budget(3).batches([9, 1], lambda row: row)) == [[1], [9]]


def test_memory_that_runs_out_halves_the_budget_for_good_and_asks_again():
    budget, asked = Budget(100, is_padded=False), []

    def ask(batch: list[int]) -> int:
        asked.append(sum(batch))
        if sum(batch) > 20:
            raise MemoryError("DefaultCPUAllocator: can't allocate memory")
        return sum(batch)

    found = list(budget.run([10] * 8, lambda row: row, ask))
    assert [sum(batch) for batch, _ in found] == [20] * 4 and all(done for _, done in found)
    assert budget.tokens == 20 and asked == [80, 40, 20, 20, 20, 20]
    assert next(budget.run([10] * 3, lambda row: row, ask))[0] == [10, 10]


def test_full_passes_that_fit_double_the_budget_until_one_does_not_and_never_again():
    budget, sizes = Budget(10, 1000, is_padded=False), []

    def ask(batch: list[int]) -> int:
        sizes.append(sum(batch))
        if sum(batch) > 45:
            raise MemoryError("can't allocate memory")
        return sum(batch)

    found = list(budget.run([5] * 100, lambda row: row, ask))
    assert sum(len(batch) for batch, done in found if done) == 100
    assert sizes[:4] == [10, 20, 40, 75] and max(sizes[4:]) <= 40
    assert budget.tokens == budget.most < 45


def test_small_passes_do_not_raise_the_budget():
    budget = Budget(100, 1000, is_padded=False)
    list(budget.run([5, 6], lambda row: row, sum))
    assert budget.tokens == 100


def test_a_row_that_does_not_fit_alone_gives_nothing_and_the_others_go_on():
    def ask(batch: list[int]) -> int:
        if sum(batch) > 5:
            raise MemoryError("can't allocate memory")
        return sum(batch)

    found = list(Budget(100, is_padded=False).run([3, 9, 2], lambda row: row, ask))
    assert found == [([3], 3), ([9], None), ([2], 2)]


def test_an_error_that_is_not_about_memory_is_raised():
    def ask(_: list[int]) -> int:
        raise RuntimeError("shapes do not fit")

    with pytest.raises(RuntimeError, match="shapes"):
        list(Budget(10).run([1], lambda row: row, ask))
