"""The three-way merge of one cell, case by case and as properties."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskkit.figures import as_number
from taskkit.merge import Outcome, Versions, agreed, canonical, choose_base, merge
from taskkit.wording import excerpts, fragments
from tests.returned_books import table

# "-" is a blank; current is what the ledger holds (what was sent, where it holds nothing).
CASES = """
    | sent | base | current | returned | outcome  | why                                                     |
    | -    | -    | -       | -        | same     | nothing was filled in                                   |
    | -    | -    | -       | 甲       | changed  | the first answer                                        |
    | -    | -    | 甲      | 甲       | same     | another copy said the same before                       |
    | -    | -    | 甲      | 乙       | conflict | another copy said something else before                 |
    | -    | -    | 甲      | -        | same     | a blank against a base sent blank                       |
    | -    | 甲   | 甲      | 乙       | changed  | the clerk went on from what was accepted                |
    | -    | 甲   | 乙      | 甲       | same     | an older copy never beats a newer one                   |
    | -    | 甲   | 乙      | 丙       | conflict | both went on from the same version                      |
    | -    | 甲   | 甲      | -        | kept     | typed text is not withdrawn by a blank                  |
    | -    | 甲   | 甲      | 无       | changed  | but by the word for nothing                             |
    | 甲   | 甲   | 甲      | 甲       | same     | returned as it was sent                                 |
    | 甲   | 甲   | 甲      | -        | changed  | a text that was sent is blanked                         |
    | 甲   | 甲   | 乙      | -        | conflict | a text that was sent is blanked, but somebody changed it |
    | 甲   | 乙   | 乙      | -        | kept     | what the clerk typed over it is not                     |
    | 甲   | 乙   | 乙      | 甲       | changed  | back to what was sent, on purpose                       |
    | -    | 无   | 无      | -        | same     | a blank after the word for nothing says no more          |
"""


def versions(row: dict[str, str]) -> Versions:
    sent, base, current, back = (row[key].replace("-", "") for key in ("sent", "base", "current", "returned"))
    return Versions(sent, base, current, back)


@pytest.mark.parametrize("row", table(CASES), ids=lambda row: row["why"])
def test_an_open_cell_is_merged_three_ways(row):
    assert row["outcome"] == merge(versions(row))


@pytest.mark.parametrize("row", table(CASES), ids=lambda row: row["why"])
def test_in_a_locked_cell_only_what_was_sent_is_the_same(row):
    locked = replace(versions(row), open=False)
    assert merge(locked) is (Outcome.SAME if locked.returned == locked.sent else Outcome.LOCKED)


def test_what_was_saved_before_the_ledgers_value_never_replaces_it():
    assert merge(Versions("", "甲", "甲", "乙", older=True)) is Outcome.CONFLICT
    assert merge(Versions("", "甲", "甲", "甲", older=True)) is Outcome.SAME


def test_an_invalid_value_is_never_taken_but_a_known_one_is_no_news():
    assert merge(Versions("", "", "", "#REF!", valid=False)) is Outcome.INVALID
    assert merge(Versions("", "-5", "-5", "-5", valid=False)) is Outcome.SAME


def test_only_a_prefilled_text_that_nobody_changed_counts_as_not_updated():
    assert merge(Versions("甲", "甲", "甲", "甲", prefilled=True)) is Outcome.UNUPDATED
    assert merge(Versions("甲", "甲", "乙", "甲", prefilled=True)) is Outcome.SAME
    assert merge(Versions("", "", "", "", prefilled=True)) is Outcome.SAME


def test_every_outcome_has_a_label_of_its_own():
    assert len(Outcome) == len({outcome.label for outcome in Outcome})


texts = st.sampled_from(["", "甲", "乙", "丙", "无"])
cells = st.builds(
    Versions,
    texts,
    texts,
    texts,
    texts,
    open=st.booleans(),
    valid=st.booleans(),
    prefilled=st.booleans(),
    older=st.booleans(),
    tied=st.booleans(),
)


@given(cells)
def test_a_returned_text_is_never_lost_without_a_word(cell):
    outcome = merge(cell)
    if cell.returned:
        assert outcome is not Outcome.KEPT
    if outcome in (Outcome.SAME, Outcome.UNUPDATED) and (cell.returned or cell.current != "无"):
        assert cell.returned in (cell.sent, cell.base, cell.current)


@given(cells)
def test_only_a_change_against_an_unmoved_ledger_is_taken(cell):
    if merge(cell) is Outcome.CHANGED:
        assert cell.open and cell.valid and not cell.older and cell.current == cell.base != cell.returned


@given(cells.filter(lambda cell: cell.open))
def test_a_cell_that_comes_again_is_the_same_or_reported_again(cell):
    first = merge(cell)
    ledger = cell.returned if first is Outcome.CHANGED else cell.current
    again = merge(replace(cell, base=agreed(first, cell), current=ledger))
    quiet = (Outcome.SAME, Outcome.UNUPDATED)
    assert again in quiet if first in (*quiet, Outcome.CHANGED) else again is first


# --- which version a file descends from -----------------------------------------------


@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), texts), min_size=1), st.dictionaries(st.sampled_from("abc"), texts)
)
def test_the_base_is_the_nearest_version_and_the_oldest_of_equals(candidates, returned):
    def distance(held: dict[str, str]) -> int:
        return sum(held.get(key, "") != value for key, value in returned.items())

    at = choose_base(candidates, returned)
    assert all(distance(candidates[at]) < distance(held) for held in candidates[:at])
    assert all(distance(candidates[at]) <= distance(held) for held in candidates[at:])


def test_of_equals_the_newest_that_the_file_is_newer_than_is_the_base():
    candidates = [{"a": ""}, {"a": "甲"}, {"a": "乙"}]
    assert 0 == choose_base(candidates, {"a": "丙"})
    assert 2 == choose_base(candidates, {"a": "丙"}, [False, True, True])
    assert 1 == choose_base(candidates, {"a": "丙"}, [False, True, False])
    assert 1 == choose_base(candidates, {"a": "甲"}, [False, True, True])


def test_what_is_not_in_the_file_does_not_count_against_a_version():
    assert 1 == choose_base([{"a": "", "b": ""}, {"a": "甲", "b": "乙"}], {"a": "甲"})


# --- one spelling for one meaning -----------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (110.0, "110"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1e20, "100000000000000000000"),
        (1e-7, "0.0000001"),
        (13800138000.0, "13800138000"),
        (True, "TRUE"),
        (dt.datetime(2026, 10, 31), "2026-10-31"),
        (dt.datetime(2026, 10, 31, 9, 30), "2026-10-31 09:30"),
        (dt.date(2026, 10, 31), "2026-10-31"),
        (dt.time(9, 30), "09:30"),
        (dt.timedelta(hours=30), "30:00"),
        ("\u3000 已办结\xa0\r\n", "已办结"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("2.0", "2.0"),
    ],
)
def test_values_have_one_spelling(value, expected):
    assert expected == canonical(value)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("１２３．５０", "123.5"),
        ("1,234,567", "1234567"),
        ("1，234", "1234"),
        ("007", "7"),
        (".5", "0.5"),
        ("-5", "-5"),
        ("1,23", "1,23"),
        ("110万人", "110万人"),
        ("约300", "约300"),
        ("暂无数据", "暂无数据"),
        ("12 34", "12 34"),
        ("1e5", "100000"),
        ("1e3", "1000"),
        ("2.5E-2", "0.025"),
        ("1e99", "1e99"),
    ],
)
def test_in_a_number_column_a_text_that_plainly_is_a_number_becomes_one(typed, expected):
    assert expected == canonical(typed, "number")


@given(
    st.one_of(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)),
    st.sampled_from(["text", "number"]),
)
def test_a_canonical_value_is_its_own_canonical_value(value, kind):
    once = canonical(value, kind)
    assert once == canonical(once, kind)


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_keeps_all_its_digits(number):
    assert str(number) == canonical(number) == canonical(float(number)) == canonical(f"{number:,}", "number")
    assert as_number(canonical(number)) == number


def test_of_two_texts_saved_in_the_same_second_neither_replaces_the_other():
    assert merge(Versions("", "甲", "甲", "乙", tied=True)) is Outcome.CONFLICT
    assert merge(Versions("", "", "", "乙", tied=True)) is Outcome.CHANGED
    assert merge(Versions("甲", "甲", "甲", "", tied=True)) is Outcome.CHANGED
    assert merge(Versions("", "甲", "甲", "甲", tied=True)) is Outcome.SAME


# --- which words differ -----------------------------------------------------------------


@given(st.text(), st.text())
def test_the_pieces_of_a_text_make_up_the_text(before, after):
    pieces = fragments(before, after)
    assert after == "".join(piece.text for piece in pieces)
    assert all(piece.text for piece in pieces)
    assert [] == [one for one, other in pairwise(pieces) if one.changed == other.changed]
    if before == after:
        assert not any(piece.changed for piece in pieces)


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("已建成2所", "已建成4所", ["4"]),
        ("", "已建成4所", ["已建成4所"]),
        ("已建成2所", "已建成2所，其中城区1所", ["，其中城区1所"]),
        ("已建成2所。", "已建成。", []),
        ("正常推进", "进展滞后", ["进展滞后"]),
    ],
)
def test_only_what_is_new_is_marked(before, after, marked):
    assert marked == [piece.text for piece in fragments(before, after) if piece.changed]


def test_long_texts_are_cut_to_where_they_begin_to_differ():
    start = "年初以来的工作情况是这样的" * 5
    before, after = excerpts(f"{start}已建成2所，" + "后面还有" * 10, f"{start}已建成4所，" + "后面还有" * 10, 20)
    assert ("2所" in before, "4所" in after) == (True, True)
    assert before.startswith("……") and before.endswith("……")
    assert ("甲 乙", "甲 丙") == excerpts("甲\n乙", "甲\n丙", 20)
