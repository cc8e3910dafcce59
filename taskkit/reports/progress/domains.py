"""三、各领域进展: what was reported on each task, by 大类, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from taskkit.judging.facts import TaskFacts
from taskkit.reports import wording
from taskkit.reports.progress.matter import Domain, Entry, Matter, named
from taskkit.text import sentences

_LONGEST = 400  # characters that one unit has in running text; the annex holds all of it
# A clerk's own numbers and labels: the paragraphs here have their own.
_OWN_MARK = re.compile(
    r"^(?:(?:本期|工作|目前)?进展(?:情况)?[:：]\s*|[①-⑳]\s*"
    r"|(?:[(（](?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）]|(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）、．.])"
    r"(?![\d一二三四五六七八九十])[、.]?\s*)"
)


def domains(matter: Matter) -> Iterator[Domain]:
    """One for each 大类 of the main part, one for each other part."""
    listing = [(part, own) for part, tasks in matter.tasks.items() for own in _by_domain(part, tasks).items()]
    for number, (part, (heading, listed)) in enumerate(listing, 1):
        reported = [task for task in listed if task.report_texts]
        alone = len(listing) == 1 and heading == wording.part_label(part)
        yield Domain(
            number="" if alone else wording.numeral(number),
            title=wording.heading(heading),
            summary=_summary(listed, matter),
            entries=tuple(_entry(at, task, matter) for at, task in enumerate(reported, 1)),
            tail=() if matter.public else tuple(_tail(listed, matter)),
        )


def _by_domain(part: str, tasks: Sequence[TaskFacts]) -> dict[str, list[TaskFacts]]:
    found: dict[str, list[TaskFacts]] = {}
    for task in tasks:
        own = task.section or task.group if part == "main" else None
        found.setdefault(own or wording.part_label(part), []).append(task)
    return found


def _summary(tasks: Sequence[TaskFacts], matter: Matter) -> str:
    counts = matter.tally(tasks)
    if len(counts) == 1:
        key = "domain_alike" if len(tasks) > 1 else "domain_one"
        return matter.say(key, count=len(tasks), state=counts[0].name)
    states = "，".join(matter.say("domain_state", state=each.name, number=each.number) for each in counts)
    return matter.say("domain", count=len(tasks), states=states)


def _entry(number: int, task: TaskFacts, matter: Matter) -> Entry:
    paragraphs = [line for unit, text in task.report_texts for line in _signed(task, unit, text, matter)]
    return Entry(number, wording.stop(wording.short(task.title)), paragraphs[0], tuple(paragraphs[1:]))


def _signed(task: TaskFacts, unit: str, text: str, matter: Matter) -> list[str]:
    """A unit's text, trimmed to flow, with its name and where its word puts the task."""
    lines = _flowing(text, matter)
    state = _state(task, unit, matter)
    sign = matter.say("signed", unit=unit, state=state) if state else matter.say("signed_plain", unit=unit)
    return [*lines[:-1], f"{lines[-1]}{sign}"]


def _state(task: TaskFacts, unit: str, matter: Matter) -> str:
    word = next((each for each in task.words if each.unit == unit), None)
    stated = task.verdict if word is None else task.judged(word, matter.facts.states)
    return stated.name


def _flowing(text: str, matter: Matter) -> list[str]:
    """The paragraphs of a text without the clerk's own numbers, closed as sentences; of a long one its beginning."""
    lines = [wording.stop(_OWN_MARK.sub("", line) or line) for line in wording.lines(text)]
    if sum(map(len, lines)) <= _LONGEST:
        return lines
    kept: list[str] = []
    room = _LONGEST
    for line in lines:
        begun = _beginning(line, room)
        if not begun and kept:
            break
        kept.append(begun or line)
        room -= len(kept[-1])
        if kept[-1] != line:
            break
    if kept != lines:
        kept[-1] = wording.stop(kept[-1].rstrip("；;")) + matter.say("shortened")
    return kept


def _beginning(line: str, room: int) -> str:
    """The whole sentences of a line that fit; "" where the first one does not."""
    begun = ""
    for sentence in sentences(line):
        if len(begun) + len(sentence) > room:
            break
        begun += sentence
    return begun


def _tail(tasks: Sequence[TaskFacts], matter: Matter) -> Iterator[str]:
    """The tasks without a text, named shortly: those not updated, those not reported, those closed before."""
    silent = [task for task in tasks if not task.report_texts]
    asked = [task for task in silent if task.asked and not task.closed]
    waiting = matter.facts.returns.waiting_units  # who handed in a document that nobody has typed in yet
    unread = [task for task in asked if task.reported and task.own.unit in waiting]
    kinds = {
        "unread": unread,
        "unchanged": [task for task in asked if task.reported and task not in unread],
        "unreported": [task for task in asked if not task.reported],
        "closed": [task for task in silent if task.closed],
    }
    for key, listed in kinds.items():
        if listed:
            yield matter.say(key, count=len(listed), tasks=named(listed, len(listed)))
