"""一、总体情况: the office's own words first, then where the tasks stand, what changed, and who reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taskkit import rulings
from taskkit.approving import CLOSED_NAME
from taskkit.assess import Count, Standing, share
from taskkit.comparing.changes import GOOD, StateCount, Turn, state_counts, turn
from taskkit.comparing.reading import Moment
from taskkit.judging.facts import TaskFacts
from taskkit.judging.items import item_count
from taskkit.reports import wording
from taskkit.reports.progress.matter import MOST_NAMED, Matter, joined, named

_MOVES = (("newly_done", Turn.DONE), ("caught_up", Turn.CAUGHT_UP), ("fell_behind", Turn.BEHIND))
_BETTER, _WORSE = ("newly_done", "caught_up"), ("fell_behind", "still_behind")


def overview(matter: Matter) -> Iterator[str]:
    """The paragraphs of the section. The public version says nothing of who is behind or owes a report."""
    if not matter.public:
        yield from said(matter, rulings.SUMMARY)
    yield from _highlights(matter)
    for part, tasks in matter.tasks.items():
        yield from joined(*_part(part, tasks, matter))
        own = matter.parts.get(part)
        if own and own.before:
            moved = {} if matter.public else dict(_moved(matter, tasks, own.before))
            better, worse = ([moved[key] for key in keys if key in moved] for keys in (_BETTER, _WORSE))
            yield from joined(_compared(matter, part, own.before), *better)
            yield from joined(*worse)
    if not matter.public:
        yield from joined(*_returns(matter))


def said(matter: Matter, key: str) -> Iterator[str]:
    """What the office says of the period as a whole, paragraph by paragraph, the main tasks first."""
    for part in matter.tasks:
        yield from (line for line in wording.lines(matter.facts.said.get((part, key), "")) if line)


def _highlights(matter: Matter) -> Iterator[str]:
    """亮点, of each part under its name where there are several."""
    for part in matter.tasks:
        first, *rest = wording.lines(matter.facts.said.get((part, rulings.HIGHLIGHT), ""))
        if first and part == "main":
            yield matter.say("highlights", text=first)
        elif first:
            yield matter.say("highlights_of", part=wording.part_label(part), text=first)
        yield from rest


def _part(part: str, tasks: Sequence[TaskFacts], matter: Matter) -> Iterator[str]:
    """Where the tasks of one part stand."""
    say, counts = matter.say, matter.tally(tasks)
    about = {"until": wording.until(matter.period), "count": len(tasks), "part": wording.part_label(part)}
    if len(counts) == 1:
        yield say("opening_alike", **about, state=counts[0].name)
    else:
        states = "；".join(say("state", state=e.name, number=e.number, share=e.share_text) for e in counts)
        yield say("opening", **about, states=states)
        yield _on_schedule(counts, matter)
    if any(len(task.words) > 1 for task in tasks):
        yield say("joint")
    if any(task.office or task.ruled for task in tasks) and not matter.public:
        yield say("judged")
    yield _items(tasks, about["part"], matter)
    if count := matter.facts.withdrawn.get(part, 0):
        yield say("withdrawn", count=count)


def _on_schedule(counts: Sequence[Count], matter: Matter) -> str:
    """What is done and what goes on as it should, together; at the year's end there is no schedule any more."""
    good = [each for each in counts if each.standing in GOOD]
    if matter.is_annual or {each.standing for each in good} != set(GOOD):
        return ""
    number = sum(each.number for each in good)
    if number == counts[0].whole:
        return ""
    return matter.say("on_schedule", number=number, share=f"{share(number, counts[0].whole):g}%")


def _items(tasks: Sequence[TaskFacts], label: object, matter: Matter) -> str:
    """What the tasks are broken down into: counted apart, never added to them."""
    broken = [task.items for task in tasks if task.items]
    if not broken:
        return ""
    items, pieces = item_count([task.items for task in tasks]), item_count(broken)
    return matter.say("items", count=len(tasks), part=label, items=items, broken=len(broken), pieces=pieces)


# --- this period and the last ---------------------------------------------------------


def _compared(matter: Matter, part: str, before: Moment) -> str:
    """How many more or fewer tasks carry each state than at the end of the period before."""
    counts = state_counts(matter.parts[part], matter.facts.states)
    last = wording.end_of(before.period)
    if before.period.year != matter.period.year:
        last = f"{before.period.year}年{last}"
    changes = "、".join(
        matter.say("more" if number > 0 else "fewer", state=name, number=abs(number))
        for name, number in _differences(counts, matter)
        if number
    )
    return matter.say("compared", last=last, changes=changes) if changes else matter.say("compared_alike", last=last)


def _differences(counts: Sequence[StateCount], matter: Matter) -> Iterator[tuple[str, int]]:
    """By how much the number of each state changed. What the office closed was done before: that is no change."""
    done = [each for each in counts if each.standing is Standing.DONE]
    of_units = [each.name for each in done if each.name != CLOSED_NAME]
    as_one = len(of_units) == 1 < len(done)
    if as_one:
        name = matter.say("with_closed", state=of_units[0], closed=CLOSED_NAME) or of_units[0]
        yield name, sum(each.difference or 0 for each in done)
    yield from ((each.name, each.difference or 0) for each in counts if not (as_one and each in done))


def _moved(matter: Matter, tasks: Sequence[TaskFacts], before: Moment) -> Iterator[tuple[str, str]]:
    """By the sentence's key: the tasks that were done, caught up, fell behind or stayed behind since."""
    pairs = [(before.by_id[task.task_id].verdict.standing, task) for task in tasks if task.task_id in before.by_id]
    moved = {key: [task for was, task in pairs if turn(was, task.verdict.standing) is each] for key, each in _MOVES}
    moved["still_behind"] = [task for was, task in pairs if was is task.verdict.standing is Standing.SLOW]
    for key, listed in moved.items():
        if listed:
            yield (
                key,
                matter.say(key, count=len(listed), tasks=f"：{named(listed)}" if len(listed) <= MOST_NAMED else ""),
            )


# --- who reported ---------------------------------------------------------------------


def _returns(matter: Matter) -> Iterator[str]:
    """报送情况: how many units were asked, reported, were late, are missing, and who."""
    say, returned = matter.say, matter.facts.returns
    late = "、".join(say("late_unit", unit=unit, days=days) for unit, days in returned.late_units)
    numbers = {"asked": returned.asked, "timely": len(returned.on_time_units), "late": returned.late}
    if not returned.asked:
        yield say("returns_nobody")
    elif returned.returned == returned.asked and late:
        yield say("returns_late_all", **numbers, units=late)
    elif returned.returned == returned.asked:
        yield say("returns_timely" if returned.due_on else "returns_all", asked=returned.asked)
    elif not returned.returned:
        yield say("returns_none", asked=returned.asked)
    else:
        yield from _some_returned(matter, numbers, late)
    waiting = "returns_not_due" if returned.due_on else "returns_waiting"
    for key, units in (("returns_missing", returned.missing_units), (waiting, returned.not_due_units)):
        if units:
            yield say(key, count=len(units), units="、".join(units))
    mending = tuple(unit for unit, _ in returned.mending_units)
    left = (("returns_unread", returned.waiting_units), ("returns_blank", returned.blank_units))
    for key, units in (*left, ("returns_mending", mending)):
        if units:
            yield say(key, count=len(units), units="、".join(units))


def _some_returned(matter: Matter, numbers: dict[str, int], late: str) -> Iterator[str]:
    say, returned = matter.say, matter.facts.returns
    part = f"{share(returned.returned, returned.asked):g}%"
    if not late:
        yield say("returns_so_far", asked=returned.asked, returned=returned.returned, share=part)
    else:
        yield say("returns", **numbers, returned=returned.returned, share=part)
        yield say("returns_late", units=late)
