"""States and shares: the first lead unit's word is the task's figure, and a printed share is honest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskkit.assess import Standing, Word, own_verdict, says_nothing, share, tally, verdict
from taskkit.settings import Settings, State, States

STATES = Settings().states()


@pytest.mark.parametrize(
    ("expected", "word"),
    [
        (Standing.DONE, Word("县教育局", "已完成")),
        (Standing.SLOW, Word("县教育局", "进展滞后", "进展缓慢")),
        (Standing.UNSTATED, Word("县教育局", None, "已开工")),
        (Standing.UNSTATED, Word("县教育局", "快了", "已开工")),
        (Standing.UNCHANGED, Word("县教育局")),
        (Standing.UNREPORTED, Word("县教育局", reported=False)),
        (Standing.UNASKED, Word("县教育局", asked=False, reported=False)),
    ],
)
def test_a_units_own_word_says_where_a_task_stands(expected, word):
    assert expected is own_verdict(word, STATES).standing


def test_a_state_that_this_office_does_not_know_is_printed_as_written():
    assert "快了" == own_verdict(Word("县教育局", "快了"), STATES).name


def test_an_office_may_call_its_states_otherwise():
    own = States((State("绿灯", "normal"), State("红灯", "slow")))
    assert Standing.SLOW is own_verdict(Word("县教育局", "红灯"), own).standing
    assert ["绿灯", "红灯"] == [count.name for count in tally([], own)]


def test_of_several_lead_units_the_first_one_speaks_for_the_task():
    first, second = Word("县教育局", "正常推进"), Word("县财政局", "进展滞后")
    assert ("正常推进", "县教育局") == (verdict([first, second], STATES).name, verdict([first, second], STATES).unit)


def test_but_a_first_lead_unit_that_was_never_asked_does_not_silence_the_second():
    nobody, second = Word("各镇政府", asked=False, reported=False), Word("县财政局", "已完成")
    assert Standing.DONE is verdict([nobody, second], STATES).standing


def test_a_first_lead_unit_that_was_asked_and_is_silent_makes_the_task_unreported():
    silent, second = Word("县教育局", reported=False), Word("县财政局", "已完成")
    assert Standing.UNREPORTED is verdict([silent, second], STATES).standing


def test_a_task_without_lead_units_was_not_asked_for():
    assert Standing.UNASKED is verdict([], STATES).standing


def test_counts_name_every_state_done_first_and_add_up_to_the_tasks():
    verdicts = [own_verdict(Word("甲", state), STATES) for state in ("正常推进", "已完成", "正常推进", None)]
    counts = tally(verdicts, STATES)
    assert [("已完成", 1), ("正常推进", 2), ("进展滞后", 0), ("未启动", 0), ("未更新", 1)] == [
        (count.name, count.number) for count in counts
    ]
    assert "25%" == counts[0].share_text


@pytest.mark.parametrize(
    ("expected", "part", "whole"),
    [
        (4.7, 6, 127),
        (87.2, 157, 180),
        (25.0, 1, 4),
        (12.5, 1, 8),
        (6.3, 1, 16),  # 6.25 rounds up
        (99.9, 2999, 3000),
        (0.1, 1, 3000),
        (100.0, 7, 7),
        (0.0, 0, 7),
        (0.0, 0, 0),
    ],
)
def test_a_share_is_a_percentage_with_one_decimal(expected, part, whole):
    assert expected == share(part, whole)


@given(st.integers(1, 5000), st.data())
def test_a_share_never_says_all_or_nothing_where_that_is_not_so(whole, data):
    part = data.draw(st.integers(0, whole))
    assert (part == whole) == (share(part, whole) == 100)
    assert (part == 0) == (share(part, whole) == 0)


@pytest.mark.parametrize("text", [None, "", " ", "无", "无。", "暂无", "/", "——"])
def test_the_ways_of_writing_nothing_are_known(text):
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["无法按期交地", "资金缺口"])
def test_but_a_problem_that_begins_like_nothing_is_one(text):
    assert not says_nothing(text)
