"""What holds of the assessment whatever the figures: tried on random ones, and against the rules in plain Python."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Any

import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st

from taskkit.assess.aims import COLUMNS, DONE, IDLE, NORMAL, SLOW, STANDINGS, judge_aims
from taskkit.assess.standing import Standing
from taskkit.assess.tasks import end_of, judge_tasks, last_word_on
from taskkit.figures import falls, meets
from taskkit.periods import Period
from taskkit.settings import Settings
from tests.plain_assessing import Aim, Task, judge_aim, judge_task

LIMITS = Settings().states().limits
ORDER = {SLOW: 0, IDLE: 1, NORMAL: 2, DONE: 3}
numbers = st.integers(-400, 4000).map(lambda each: each / 10)
maybe = st.one_of(st.just(math.nan), numbers)
shares = st.integers(1, 12)
OPS = st.sampled_from([">=", "<=", "=", "~", None])
KINDS = st.sampled_from(["count", "level", "ratio", "growth", "range_change"])
OWN = st.lists(st.sampled_from(Standing), min_size=4, max_size=4)


@st.composite
def aims(draw: Any, op: Any = OPS, kind: Any = KINDS, achieved: Any = maybe, value: Any = maybe) -> Aim:
    month = draw(shares)
    return Aim(
        op=draw(op),
        kind=draw(kind),
        nature=draw(st.sampled_from(["约束性", "预期性", None])),
        value=draw(value),
        baseline=draw(maybe),
        lower=draw(st.booleans()),
        achieved=draw(achieved),
        goal=draw(maybe),
        goal_before=draw(maybe),
        stage_part=draw(st.sampled_from([1 / 3, 2 / 3, 1.0])),
        begun=(month - 1) // 3 * 25.0,
        share=month / 12 * 100,
        over=month == 12,
    )


def frame(*listed: Aim) -> pd.DataFrame:
    return pd.DataFrame(listed, columns=list(COLUMNS)).astype(
        dict.fromkeys(("value", "baseline", "achieved", "goal", "goal_before"), "float64")
    )


def judged(*listed: Aim) -> list[dict[Any, Any]]:
    return judge_aims(frame(*listed), LIMITS).to_dict("records")


@given(st.lists(aims(), min_size=1, max_size=8))
def test_the_columns_say_what_the_rules_say_one_by_one(listed):
    for aim, row in zip(listed, judged(*listed), strict=True):
        plain = judge_aim(aim, LIMITS)
        assert (plain.standing, plain.met, plain.known) == (STANDINGS[row["standing"]].value, row["met"], row["known"])
        assert plain.rated == row["rated"] or not plain.known


@given(aims(op=st.just(">="), achieved=numbers, value=numbers), st.integers(0, 1000))
def test_more_is_never_worse_where_at_least_so_much_is_wanted(aim, more):
    less, greater = judged(aim, aim._replace(achieved=aim.achieved + more))

    assert ORDER[less["standing"]] <= ORDER[greater["standing"]]


@given(aims(op=st.just("<="), achieved=numbers, value=numbers), st.integers(0, 1000))
def test_less_is_never_worse_where_at_most_so_much_is_wanted(aim, less):
    now, lower = judged(aim, aim._replace(achieved=aim.achieved - less))

    assert ORDER[now["standing"]] <= ORDER[lower["standing"]]


@given(aims(kind=st.sampled_from(["count", "level", "range_change"])), st.sampled_from([0.25, 4.0, 1024.0]))
def test_another_unit_changes_nothing(aim, size):
    scaled = aim._replace(
        **{key: getattr(aim, key) * size for key in ("value", "baseline", "achieved", "goal", "goal_before")}
    )
    one, other = judged(aim, scaled)

    assert (one["standing"], one["met"], one["rated"]) == (other["standing"], other["met"], other["rated"])


@given(aims(kind=st.just("growth")))
def test_a_growth_rate_never_has_a_share_done(aim):
    assert math.isnan(judged(aim)[0]["rate"])


@given(aims(op=st.just("<="), achieved=numbers, value=numbers))
def test_a_ceiling_never_has_a_share_done_and_is_met_exactly_while_not_exceeded(aim):
    assume(not aim.baseline > aim.value)
    row = judged(aim)[0]

    assert math.isnan(row["rate"])
    assert row["met"] == (aim.achieved <= aim.value)


@given(aims(op=st.sampled_from([">=", "<=", "=", None]), achieved=numbers, value=numbers))
def test_what_the_form_calls_met_the_assessment_calls_met(aim):
    """The form knows neither 左右 nor names that say that less is better."""
    baseline = None if math.isnan(aim.baseline) else aim.baseline
    row = judged(aim._replace(lower=False))[0]

    assert row["falling"] == falls(aim.op, aim.value, baseline)
    assert row["met"] == meets(aim.op, aim.value, baseline, aim.achieved)


@given(aims(achieved=numbers, value=numbers))
def test_after_the_year_a_target_is_done_or_it_is_not(aim):
    row = judged(aim._replace(over=True, share=100.0))[0]

    assert row["standing"] == (DONE if row["met"] else SLOW)


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@given(st.lists(st.tuples(aims(), st.integers(0, 3))), OWN, days, st.one_of(st.none(), days), st.booleans())
def test_tasks_are_what_their_targets_words_and_deadlines_make_them(listed, own, on, deadline, over):
    listed = [(aim._replace(over=over), task) for aim, task in listed]
    rows = judge_aims(frame(*(aim for aim, _ in listed)), LIMITS)
    rows["task"] = pd.Series([task for _, task in listed], dtype="int64")
    tasks = pd.DataFrame(
        {
            "own": pd.Series([STANDINGS.index(each) for each in own], dtype="int8"),
            "deadline": pd.Series([deadline] * 4, dtype="datetime64[s]"),
            "on": pd.Series([on] * 4, dtype="datetime64[s]"),
            "over": over,
        }
    )
    found = judge_tasks(tasks, rows, LIMITS)

    for number, standing in enumerate(own):
        said = [judge_aim(aim, LIMITS) for aim, task in listed if task == number]
        expected = judge_task(Task(standing.value, deadline, on, over), said)
        assert expected == (STANDINGS[found["standing"][number]].value, found["days_late"][number])


@given(shares, st.integers(2024, 2028), st.integers(0, 800))
def test_days_late_are_counted_to_today_but_not_beyond_what_the_next_period_may_say(month, year, after):
    period = Period("month", year, month)
    following = Period("month", year + month // 12, month % 12 + 1)
    today = end_of(period) + timedelta(days=after)

    assert min(today, end_of(following)) == last_word_on(period, today)
