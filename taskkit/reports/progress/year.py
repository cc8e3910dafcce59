"""What the report on a whole year adds: promise against result, and what carries over into the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taskkit.assess import Standing, share
from taskkit.comparing.promises import Promise, promises
from taskkit.judging.facts import TaskFacts
from taskkit.reports import wording
from taskkit.reports.progress.matter import MOST_NAMED, Entry, Matter, joined
from taskkit.reports.progress.problems import reason_of, steps_of

# --- 承诺与结果 -----------------------------------------------------------------------


def promised(matter: Matter) -> dict[str, list[Promise]]:
    """The targets of each part that have an aim."""
    if not matter.is_annual:
        return {}
    return {
        part: [each for each in promises(own.now, matter.reader) if each.target_id]
        for part, own in matter.parts.items()
    }


def promise_lines(matter: Matter, rows: dict[str, list[Promise]]) -> Iterator[str]:
    """How many of the promised targets were met, and of which nothing is known."""
    if not any(rows.values()):
        yield from joined(matter.say("no_promises"))
    for part, listed in rows.items():
        if listed:
            yield from joined(*_kept(matter, part, listed))


def unmet(matter: Matter, rows: dict[str, list[Promise]]) -> Iterator[Entry]:
    """One entry for each target that was not met: aim, result, what lacks and why."""
    missed = [each for listed in rows.values() for each in listed if each.met is False]
    tasks = {task.task_id: task for listed in matter.tasks.values() for task in listed}
    for number, each in enumerate(missed, 1):
        cause = reason_of(tasks[each.task_id], each.unit)
        reason = matter.say("cause", text=cause) if cause else matter.say("no_reason")
        about = {"unit": each.unit, "aim": each.requirement, "result": _result(each), "gap": each.gap_text}
        first, *rest = wording.lines(matter.say("promise", **about, reason=reason))
        yield Entry(number, each.indicator, first, tuple(rest))


def _left(each: Promise, matter: Matter) -> bool:
    """Whether a target is asked for no more, for its task was closed before."""
    return each.target_id not in matter.facts.targets_asked and each.met is None


def _kept(matter: Matter, part: str, rows: Sequence[Promise]) -> Iterator[str]:
    listed = [each for each in rows if not _left(each, matter)]
    known = [each for each in listed if each.met is not None]
    met = sum(bool(each.met) for each in known)
    about = {"part": wording.part_label(part), "promised": len(listed), "known": len(known), "met": met}
    if not known:
        yield matter.say("no_results", **about)
    elif met == len(listed):
        yield matter.say("promises_met", **about)
    else:
        key = "promises" if len(known) == len(listed) else "promises_some"
        yield matter.say(key, **about, share=f"{share(met, len(known)):g}%", unmet=len(known) - met)
    if left := len(rows) - len(listed):
        yield matter.say("promises_left", count=left)
    unknown = [each for each in listed if each.met is None]
    if unknown and known and not matter.public:
        shown = "、".join(f"{each.indicator}（{each.unit}）" for each in unknown[:MOST_NAMED])
        etc = "等" if len(unknown) > MOST_NAMED else ""
        yield matter.say("promises_unknown", count=len(unknown), targets=f"{shown}{etc}")


def _result(each: Promise) -> str:
    """What was reached, with the unit of the aim where only a number was typed."""
    return each.achieved if each.achieved.endswith(each.measure) else f"{each.achieved}{each.measure}"


# --- 结转下年 --------------------------------------------------------------------------


def carried_over(matter: Matter) -> dict[str, list[TaskFacts]]:
    """The tasks of each part that the year ends without; none before it ends."""
    if not matter.is_annual:
        return {}
    return {
        part: [task for task in tasks if task.verdict.standing is not Standing.DONE]
        for part, tasks in matter.tasks.items()
    }


def carried_lines(matter: Matter, carried: dict[str, list[TaskFacts]]) -> Iterator[str]:
    """How many of each part carry over, and how many of these have no end by their nature."""
    for part, listed in carried.items():
        whole = len(matter.tasks[part])
        about = {"part": wording.part_label(part), "count": whole, "carried": len(listed)}
        open_ended = sum(bool(task.deadline) and task.due_on is None for task in listed)
        about |= {"share": f"{share(len(listed), whole):g}%", "open": open_ended}
        yield from joined(
            matter.say("carried" if open_ended else "carried_plain" if listed else "carried_none", **about)
        )


def carried_entries(matter: Matter, carried: dict[str, list[TaskFacts]]) -> Iterator[Entry]:
    """One entry for each task that carries over, with what its unit will do next."""
    tasks = [task for listed in carried.values() for task in listed]
    for number, task in enumerate(tasks, 1):
        step = steps_of(task, task.own.unit or "")
        about = {"units": "、".join(task.printed), "state": task.verdict.name}
        text = matter.say("carried_task", **about, next=matter.say("carried_next", text=step) if step else "")
        first, *rest = wording.lines(text)
        yield Entry(number, wording.bare(task.title), wording.stop(first) if not rest else first, tuple(rest))
