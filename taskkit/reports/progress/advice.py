"""六、下一步建议: what the office wrote; where it wrote nothing, drafted from what is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from taskkit.assess import Standing
from taskkit.assess.tasks import end_of
from taskkit.periods import official_date
from taskkit.reports import wording
from taskkit.reports.progress.figures import behind
from taskkit.reports.progress.matter import Entry, Matter, named
from taskkit.reports.progress.problems import Request, doubted, slow_tasks

_MONTHS = {"month": 1, "quarter": 3, "half": 6}


def drafted(matter: Matter, asked: Sequence[Request], carried: int) -> Iterator[Entry]:
    """What follows from the numbers, as numbered paragraphs: whom to urge, whom to ask, what is due next."""
    pieces = (
        _on_delays(matter),
        _on_figures(matter),
        _on_requests(matter, asked),
        _on_doubts(matter),
        _on_returns(matter),
        _on_deadlines(matter),
        _on_next(matter),
        ("advise_carried", matter.say("advise_carried_text", count=carried) if carried else ""),
    )
    said = [(matter.say(key), text) for key, text in pieces if text]
    if not said:
        said = [("", text)] if (text := matter.say("advise_nothing")) else []
    for number, (title, text) in enumerate(said, 1):
        yield Entry(number, title, text)


def _on_delays(matter: Matter) -> tuple[str, str]:
    slow = slow_tasks(matter)
    units = "、".join(matter.in_order(unit for task in slow for unit in task.slow_words))
    key = "advise_delays_year" if matter.is_annual else "advise_delays_text"
    return "advise_delays", matter.say(key, count=len(slow), units=units) if slow else ""


def _on_figures(matter: Matter) -> tuple[str, str]:
    slow = behind(matter)
    units = "、".join(matter.in_order(each.unit for each in slow))
    key = "advise_targets_year" if matter.is_annual else "advise_targets_text"
    return "advise_targets", matter.say(key, count=len(slow), units=units) if slow else ""


def _on_requests(matter: Matter, asked: Sequence[Request]) -> tuple[str, str]:
    """The leaders in whose charge the tasks are that need help, in their order."""
    counts = Counter(leader for _, _, tasks in asked for leader in _leaders(tasks))
    order = matter.index.roster.leader_order
    listed = sorted(counts, key=lambda leader: order.get(leader, len(order)))
    leaders = "、".join(matter.say("advise_leader", leader=each, count=counts[each]) for each in listed)
    about = {"count": len(asked), "leaders": leaders or matter.say("advise_no_leader")}
    return "advise_requests", matter.say("advise_requests_text", **about) if asked else ""


def _leaders(tasks: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(leader for task in tasks for leader in getattr(task, "leaders", ())))


def _on_doubts(matter: Matter) -> tuple[str, str]:
    listed = doubted(matter)
    units = matter.units(listed)
    return "advise_doubts", matter.say("advise_doubts_text", count=len(listed), units=units) if listed else ""


def _on_returns(matter: Matter) -> tuple[str, str]:
    """Who is to report still, and who left tasks out."""
    returned = matter.facts.returns
    silent = [
        task.own.unit
        for tasks in matter.tasks.values()
        for task in tasks
        if task.own.standing is Standing.UNCHANGED
        and task.own.unit
        and not task.closed
        and task.own.unit not in returned.waiting_units
    ]
    text = ""
    for key, units in (("advise_missing", returned.missing_units), ("advise_waiting", returned.not_due_units)):
        if units:
            text += matter.say(key, units="、".join(units), period=matter.period.label)
    if silent:
        text += matter.say("advise_blank", units="、".join(matter.in_order(silent)))
    return "advise_returns", text


def _on_deadlines(matter: Matter) -> tuple[str, str]:
    """The tasks that are due before the next period ends."""
    last = _end_of_next(matter)
    soon = [
        task
        for tasks in matter.tasks.values()
        for task in tasks
        if task.due_on and matter.today <= task.due_on <= last and task.verdict.standing is not Standing.DONE
    ]
    about = {"until": f"{last.month}月底", "count": len(soon), "tasks": named(soon)}
    return "advise_soon", matter.say("advise_soon_text", **about) if soon and not matter.is_annual else ""


def _end_of_next(matter: Matter) -> date:
    period = matter.period
    month = min(period.last_month + _MONTHS[period.kind], 12)
    return end_of(type(period)("month", period.year, month))


def _on_next(matter: Matter) -> tuple[str, str]:
    """When the next reports of the parts at hand are due, by the plan's calendar."""
    said = []
    for part in matter.tasks:
        later = [each for each in matter.orders.periods() if matter.period < each and part in matter.orders.parts(each)]
        if not later:
            continue
        due_on = matter.orders.date_of("lead", part, later[0]).due_on
        if due_on and due_on >= matter.today:
            about = {"period": later[0].label, "part": wording.part_label(part)}
            said.append(matter.say("advise_next_text", **about, due=official_date(due_on)))
    return "advise_next", "".join(said)
