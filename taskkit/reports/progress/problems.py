"""四、滞后事项及原因, and 五、需协调解决的问题: each as its unit reported it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from taskkit.assess import Standing, says_nothing
from taskkit.judging.facts import TaskFacts
from taskkit.reports import wording
from taskkit.reports.progress.figures import gap_of
from taskkit.reports.progress.matter import Entry, Matter, named

# Any time by which something may be promised.
_WHEN = re.compile(
    r"\d\s*[月日天周]|[一二三四五六七八九十]月|[上下中]旬|年[底末内前]|月[底末]|季度|半年|[本下]月|\d{1,2}[./-]\d{1,2}"
)


# --- 四、滞后事项及原因 -----------------------------------------------------------------


def slow_tasks(matter: Matter) -> list[TaskFacts]:
    """The tasks that any lead unit is behind with: by the office's word, else by its own."""
    return [task for tasks in matter.tasks.values() for task in tasks if task.slow_words]


def doubted(matter: Matter) -> list[TaskFacts]:
    """The tasks that nobody calls behind though figures or deadline say so; what the office judged is settled."""
    return [
        task
        for tasks in matter.tasks.values()
        for task in tasks
        if not (task.slow_words or task.closed or task.office or task.ruled)
        and task.computed is not None
        and task.computed.standing is Standing.SLOW
    ]


def delays_summary(matter: Matter) -> str:
    """How many tasks are behind, the parts apart."""
    slow = slow_tasks(matter)
    if not slow:
        return matter.say("no_delays")
    counts = "、".join(
        matter.say("delays_part", part=wording.part_label(part), count=number)
        for part, tasks in matter.tasks.items()
        if (number := sum(bool(task.slow_words) for task in tasks))
    )
    said = matter.say("delays_judged" if any(t.office or t.ruled for t in slow) else "delays", counts=counts)
    beside = sum(task.verdict.standing is not Standing.SLOW for task in slow)
    if beside:
        said += matter.say("delays_beside", count=beside)
    if any(len(task.slow_words) > 1 for task in slow):
        said += matter.say("delays_several")
    return said


def delays(matter: Matter) -> Iterator[Entry]:
    """What is behind, one entry for each unit that is: by how much, why, and what it will do by when."""
    slow = [(task, unit) for task in slow_tasks(matter) for unit in task.slow_words]
    for number, (task, unit) in enumerate(slow, 1):
        bracket = "，".join((unit, *_how_far(task, unit, matter)))
        first, *rest = wording.lines("".join((f"（{bracket}）。", *_explained(task, unit, matter))))
        yield Entry(number, wording.bare(task.title), first, tuple(rest))


def reason_of(task: TaskFacts, unit: str) -> str:
    """Why a unit is behind, as a sentence; "" where it says nothing."""
    problem = task.value(unit, "problem").strip()
    return "" if says_nothing(problem) else wording.stop(problem)


def steps_of(task: TaskFacts, unit: str) -> str:
    """What a unit will do next, as a sentence; "" where it says nothing."""
    step = task.value(unit, "next_step").strip()
    return "" if says_nothing(step) else wording.stop(step)


def _explained(task: TaskFacts, unit: str, matter: Matter) -> Iterator[str]:
    """Why a unit is behind and what it will do about it; that it does not say so, or not by when.

    The monthly form of an annex (民生实事) does not ask for either.
    """
    reason, steps = reason_of(task, unit), steps_of(task, unit)
    if task.part != "main" and not (reason or steps):
        return
    yield matter.say("reason", text=reason) if reason else matter.say("no_reason")
    untimed = "" if _WHEN.search(steps) else matter.say("no_time")
    if steps and untimed:
        steps = f"{steps.removesuffix('。')}{untimed}。"
    yield matter.say("steps", text=steps) if steps else matter.say("no_steps")


def doubts(matter: Matter) -> Iterator[str]:
    """The paragraph on tasks that are behind by figures and dates alone."""
    listed = doubted(matter)
    if listed and (text := matter.say("doubted", count=len(listed), tasks=named(listed))):
        yield text


def _how_far(task: TaskFacts, unit: str, matter: Matter) -> Iterator[str]:
    """By how many points or days, and whose judgement it is."""
    own = (each for each in matter.facts.targets if (each.task_id, each.unit) == (task.task_id, unit))
    slow = [each for each in own if each.standing is Standing.SLOW and gap_of(each)]
    if slow:
        worst = min(slow, key=lambda each: each.gap or 0.0)
        rated = "delay_year" if worst.over else "delay_goal" if worst.goal is not None else "delay_points"
        key = "delay_distance" if worst.rate is None else rated
        yield matter.say(key, name=worst.indicator, gap=gap_of(worst))
    if task.days_late and task.deadline:
        yield matter.say("delay_late", deadline=task.deadline, days=task.days_late)
    judged = task.ruled.get(unit) or (task.office if unit == task.own.unit else None)
    if judged and judged.standing is Standing.SLOW:
        word = next((each.called for each in task.words if each.unit == unit), None)
        if word != judged.name:
            key = "delay_by_office" if word else "delay_unsaid"
            yield matter.say(key, own=word, state=judged.name)


# --- 五、需协调解决的问题 ----------------------------------------------------------------

Request = tuple[str, str, tuple[TaskFacts, ...]]  # unit, what it asks for, the tasks that need it


def asked_help(matter: Matter) -> list[Request]:
    """What units ask for, units in the order of the list; what is asked for several tasks is one thing."""
    found: dict[tuple[str, str], list[TaskFacts]] = {}
    for tasks in matter.tasks.values():
        for task in tasks:
            for unit in task.values:
                text = task.value(unit, "help").strip()
                if not says_nothing(text):
                    found.setdefault((unit, text), []).append(task)
    listed = [(unit, text, tuple(tasks)) for (unit, text), tasks in found.items()]
    return sorted(listed, key=lambda each: matter.index.rank(each[0]))


def requests_summary(matter: Matter, asked: Sequence[Request]) -> str:
    """How many units ask for how much."""
    if not asked:
        return matter.say("no_requests")
    return matter.say("requests", units=len({unit for unit, _, _ in asked}), count=len(asked))


def requests(matter: Matter, asked: Sequence[Request]) -> Iterator[Entry]:
    """One entry for each unit; where it asks for several things, each in a paragraph of its own."""
    by_unit: dict[str, list[Request]] = {}
    for each in asked:
        by_unit.setdefault(each[0], []).append(each)
    for number, (unit, own) in enumerate(by_unit.items(), 1):
        if len(own) == 1:
            first, *rest = _request(matter, own[0])
            yield Entry(number, f"{unit}。", first, tuple(rest))
        else:
            more = [line for at, each in enumerate(own, 1) for line in _request(matter, each, f"（{at}）")]
            yield Entry(number, f"{unit}。", "", tuple(more))


def _request(matter: Matter, asked: Request, mark: str = "") -> list[str]:
    _, text, tasks = asked
    about = matter.say("about", tasks="；".join(wording.short(task.title) for task in tasks))
    first, *rest = wording.lines(f"{wording.stop(text)}{about}")
    return [f"{mark}{first}", *rest]
