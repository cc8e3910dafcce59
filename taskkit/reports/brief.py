"""The leader's brief (领导专报): two pages for one leader, or for all: counts, behind, to coordinate, due soon, 批示.

Built from the same overview that ``status`` shows, so that paper and screen agree. What does not fit
on two pages is counted and left to the ledger workbook: the longest list gives way first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from taskkit.assess import Count, Standing, Verdict, tally
from taskkit.comparing import Comparison, PartComparison, compare
from taskkit.comparing.changes import GOOD, Turn
from taskkit.directing import Stage
from taskkit.directing import Standing as Directed
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import official_date
from taskkit.reports import wording
from taskkit.reports.overview import Overview, Part, TaskRow
from taskkit.reports.surveying import survey
from taskkit.settings import Sentences, Settings
from taskkit.text import split_keeping
from taskkit.tracking import Outcome
from taskkit.word import CHARACTER_MM, Annex, ems
from taskkit.wording import did_you_mean

TEMPLATE = "reports/leader.docx"
WORDS = "leader"
PAGE_LINES, LINE = 22, 28  # characters of a line, lines of a page (GB/T 9704-2012, 5.2.3)
PAGES = 2
LINE_HEIGHT, ROW_LINE, ROW_SPACE = 28.95, 15.5, 4  # points: of the text, of a table, around a row
_AROUND = 10  # lines of mark, blank lines, issuer and date, and of what moves whole to the next page
_SURE = LINE - 1  # characters of a line to count on: full stops stay with their words, digits differ from font to font
_HEAD = 10  # lines of a red head
_LONGEST = 2 * LINE - 4  # characters of one entry
_MOVED = (
    *(("more_done", Turn.DONE), ("better", Turn.CAUGHT_UP), ("started", Turn.STARTED), ("worse", Turn.BEHIND)),
    *(("other", Turn.OTHER), ("speaks", Turn.SPEAKS), ("silent", Turn.SILENT)),
)
COLUMNS = ("no", "title", "lead_units", "gap")
WIDTHS = (11.0, 53.0, 36.0, 56.0)  # mm
_ROOM = tuple((width - 4) / CHARACTER_MM for width in WIDTHS)  # characters of a line of each column
_ROW_LINES = 2
_FEWEST_ROWS = 3
# What is cut first where there is no room for all: the greater, the sooner.
_GIVES_WAY = {"behind": 1.0, "help": 2.0, "directives": 2.0, "soon": 3.0}


@dataclass(frozen=True)
class Section:
    """One section: its heading with its number, a sentence of counts, numbered entries, and how many more there are.

    ``tables`` holds the entries of a section that prints them as a table.
    """

    heading: str
    opening: tuple[str, ...]
    entries: tuple[str, ...] = ()
    tables: tuple[Annex, ...] = ()
    more: str = ""


@dataclass(frozen=True)
class Brief:
    """What stands in the brief, as plain texts in reading order."""

    title: str
    file_name: str
    issuer: str
    date: str
    intro: str
    sections: tuple[Section, ...]
    annexes: tuple[Annex, ...] = ()
    annex_list: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Listed:
    """A section before it is cut to size; ``none`` is what the overview says of one without entries."""

    heading: str
    opening: tuple[str, ...]
    entries: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    none: str = ""
    weight: float = 1.0

    def __len__(self) -> int:
        return len(self.entries) + len(self.rows)

    def height(self, shown: int) -> float:
        """In lines of the text, with so many of its entries or rows."""
        texts = (*self.opening, *_numbered(self.entries[:shown]))
        rows = sum(_row_height(row) for row in self.rows[:shown]) + (_row_height(()) if self.rows else 0)
        return 1 + sum(map(_lines, texts)) + rows + (shown < len(self))


def build(ledger: Ledger, name: str, period: str, leader: str | None, settings: Settings, today: date) -> Brief:
    """The brief on one period, for one leader or (None) on all tasks.

    Raises UsageError for ``plan``, which has no progress, and with the plan's leaders for an unknown one.
    """
    say, seen = settings.sentences(WORDS), survey(ledger, name, period, settings, today)
    info = ledger.plan(name, today).info
    person = _checked(leader, seen)
    if person:
        seen = _of_leader(seen, person, settings)
    labels = "、".join(part.label for part in seen.parts)
    values = {"period": seen.when.label, "span": seen.when.span, "plan": wording.named(info), "leader": person}
    intro = say("intro_leader" if person else "intro", subject=labels, **values)
    tail = say("subtitle", subject=labels, **values)
    origin = say("title", source=wording.source(info, seen.when), **values)
    if person:
        tail += "\n" + say("of_leader", leader=person)
    sections = (_behind(say, seen), _asked(say, seen), _soon(say, seen), _directives(say, seen))
    comparison = compare(ledger, name, seen.when.text, settings, today)
    overview = _overview(say, seen, comparison, "".join(each.none for each in sections if not len(each)))
    listed = (overview, *(each for each in sections if len(each)))
    room = PAGES * PAGE_LINES - _AROUND - (_HEAD if settings.office().head else 0)
    room -= sum(map(_lines, [*f"{origin}\n{tail}".split("\n"), intro]))
    subject = f"{person}分管任务" if person else ""
    return Brief(
        title=f"{origin}\n{tail}",
        file_name=f"{wording.source(info, seen.when, quoted=False)}{subject}进展情况专报.docx",
        issuer=seen.issuer,
        date=official_date(today),
        intro=intro,
        sections=tuple(_cut(listed, room, say)),
    )


def _checked(leader: str | None, seen: Overview) -> str:
    if leader is None:
        return ""
    name = "".join(leader.split())
    known = list(dict.fromkeys(group.name for part in seen.parts for group in part.leaders))
    if name in known:
        return name
    if not known:
        raise UsageError("方案里没有写明分管领导", "请去掉 --leader，或在核对稿的“分管领导”一列补上，再登记")
    raise UsageError(
        f"{seen.when.label}没有“{leader}”分管的任务", f"{did_you_mean(name, known)}可以写的有：{'、'.join(known)}"
    )


def _of_leader(seen: Overview, leader: str, settings: Settings) -> Overview:
    """The overview of one leader's tasks, and of what that leader wrote."""
    states = settings.states()
    parts = []
    for part in seen.parts:
        tasks = tuple(task for task in part.tasks if leader in task.leaders)
        if tasks:
            counts = tally((Verdict(task.standing, task.state) for task in tasks), states)
            parts.append(replace(part, tasks=tasks, counts=counts))
    own = tuple(each for each in seen.directives if each.leader == leader)
    units = {unit for part in parts for task in part.tasks for unit in task.units}
    return replace(
        seen, parts=tuple(parts), directives=own, units=tuple(row for row in seen.units if row.unit in units)
    )


# --- the sections ---------------------------------------------------------------------


def _overview(say: Sentences, seen: Overview, comparison: Comparison, none: str) -> _Listed:
    compared = {part.part: part for part in comparison.parts}
    lines = [_part_line(say, part, compared.get(part.key)) for part in seen.parts]
    return _Listed(say("overview"), tuple(filter(None, (*lines, _returns(say, seen), none))))


def _part_line(say: Sentences, part: Part, compared: PartComparison | None) -> str:
    values = {"until": wording.until(part.when), "count": len(part.tasks), "subject": part.label}
    counts = [each for each in part.counts if each.number]
    if len(counts) == 1:
        text = say("all_same", state=counts[0].name, **values)
    else:
        states = "；".join(
            say("one_state", state=each.name, count=each.number, share=each.share_text) for each in counts
        )
        text = say("counts", states=states, **values)
    good = Count("", Standing.NORMAL, sum(each.number for each in counts if each.standing in GOOD), len(part.tasks))
    text += say("on_schedule", count=good.number, share=good.share_text)
    return text + (_than_before(say, part, compared) if compared and compared.previous else "")


def _than_before(say: Sentences, part: Part, compared: PartComparison) -> str:
    """What has moved since the last period, of the tasks shown."""
    assert compared.previous is not None
    own = {task.task_id for task in part.tasks}
    moved = Counter(turn for turn, each in compared.turns if each.task_id in own)
    said = "、".join(filter(None, (say(key, count=moved[turn]) for key, turn in _MOVED if moved[turn])))
    return say("than_before", before=compared.previous.label, changes=said or say("no_change"))


def _returns(say: Sentences, seen: Overview) -> str:
    """Who reported, a unit with several forms by the worst of them."""
    asked = [row for row in seen.units if row.books]
    if not asked:
        return ""
    missing = [row for row in asked if row.outcome is Outcome.MISSING]
    waiting = sum(row.outcome is Outcome.NOT_DUE for row in asked)
    returned = Count("", Standing.DONE, len(asked) - len(missing) - waiting, len(asked))
    late = sum(row.outcome is Outcome.LATE for row in asked)
    return say(
        "returns",
        asked=len(asked),
        returned=returned.number,
        share=returned.share_text,
        late=say("returns_late", count=late) if late else "",
        missing=say("returns_missing", count=len(missing), units=_named([row.unit for row in missing]))
        if missing
        else "",
    )


def _behind(say: Sentences, seen: Overview) -> _Listed:
    """Late and behind, part by part, for parts are never added up; the longest late first."""
    pressing = [task for part in seen.parts for task in part.pressing]
    rows = [_row(number, task, say) for number, task in enumerate(pressing, 1)]
    return _section(say, "behind", (), _by_part(seen, pressing), rows)


def _row(number: int, task: TaskRow, say: Sentences) -> tuple[str, ...]:
    late = say("days_late", days=task.days_late) if task.days_late else ""
    why = "；".join(filter(None, (late, wording.bare(_in_one(_why(task))))))
    title, reason = (
        _within(text, _room_of(at)) for at, text in ((1, wording.short(task.title)), (3, why or task.state))
    )
    return str(number), title, _named(task.units, 1), reason  # a unit's name is never cut


def _why(task: TaskRow) -> str:
    """Why it is behind; of one that is late with its figures reached, what its units say, else its deadline."""
    if not task.days_late or any(each.behind for each in task.targets):
        return task.why
    return "；".join(said.text for said in task.texts.get("problem", ())) or f"时限{task.deadline}"


def _asked(say: Sentences, seen: Overview) -> _Listed:
    asked = [(task, said) for task in seen.tasks for said in task.texts["help"]]
    entries = (f"{say('unit_asks', unit=said.unit)}{_within(_in_one(said.text), _LONGEST)}" for _, said in asked)
    return _section(say, "help", entries, str(len(asked)))


def _soon(say: Sentences, seen: Overview) -> _Listed:
    near = [task for part in seen.parts for task in part.soon]
    entries = (
        _filled(f"{_due(say, task)}：", wording.short(task.title), f"（{_named(task.units, 1)}）。") for task in near
    )
    return _section(say, "soon", entries, _by_part(seen, near), within=seen.soon)


def _directives(say: Sentences, seen: Overview) -> _Listed:
    """批示, those not done before the others, the longest late first."""
    lasting = [each for each in seen.directives if each.stage is not Stage.REVOKED]
    by_number: dict[str, list[Directed]] = {}
    for each in lasting:
        by_number.setdefault(each.number, []).append(each)
    stages = Counter(_stage(own) for own in by_number.values())
    late = sum(any(each.is_open and each.days_late for each in own) for own in by_number.values())
    open_ = {number: kept for number, own in by_number.items() if (kept := [each for each in own if each.is_open])}
    return _section(
        say,
        "directives",
        (_directive(say, own) for own in sorted(open_.values(), key=lambda own: -max(each.days_late for each in own))),
        str(len(by_number)),
        stages="、".join(f"{stage.label}{stages[stage]}件" for stage in Stage if stages[stage]),
        late=say("directives_late", count=late) if late else "",
    )


def _stage(own: Sequence[Directed]) -> Stage:
    """Where a 批示 stands as a whole: with the unit that is least far."""
    order = list(Stage)
    return min((each.stage for each in own), key=order.index)


def _directive(say: Sentences, own: Sequence[Directed]) -> str:
    """One 批示 with all of its units that are not done: who wrote what, how far they are, how late."""
    first = own[0]
    about = f"（{wording.short(first.about)}）" if first.about else ""
    stages = {stage: [each.unit for each in own if each.stage is stage] for stage in Stage}
    done = "，".join(f"{_named(units, 2)}{stage.label}" for stage, units in stages.items() if units)
    when = _days(say, first.due_on, first.days_left, first.days_late)
    tail = f"（{'，'.join(filter(None, (done, when)))}）。"
    return _filled(f"{first.leader}批示{about}：", _in_one(first.text), tail, _LONGEST + LINE)


def _section(
    say: Sentences,
    key: str,
    entries: Iterable[str],
    count: str,
    rows: Iterable[tuple[str, ...]] = (),
    **values: object,
) -> _Listed:
    if count in ("", "0"):
        return _Listed(say(key), (), none=say(f"{key}_none"))
    opening = tuple(filter(None, [say(f"{key}_count", count=count, **values)]))
    return _Listed(say(key), opening, tuple(entries), tuple(rows), weight=_GIVES_WAY[key])


def _by_part(seen: Overview, tasks: Sequence[TaskRow]) -> str:
    """7项, or where there are several parts 重点任务7项、民生实事4项."""
    counts = [(part.label, sum(task.part == part.key for task in tasks)) for part in seen.parts]
    named = [f"{label if len(counts) > 1 else ''}{count}项" for label, count in counts if count]
    return "、".join(named)


# --- one entry ------------------------------------------------------------------------


def _due(say: Sentences, task: TaskRow) -> str:
    return _days(say, task.due_on, task.days_left, 0)


def _days(say: Sentences, due_on: date | None, left: int | None, late: int) -> str:
    if late:
        return say("days_late", days=late)
    if due_on is None or left is None:
        return ""
    return say("due", date=f"{due_on.month}月{due_on.day}日", days=left) if left else say("due_today")


def _named(units: Sequence[str], most: int = 3) -> str:
    return "、".join(units) if len(units) <= most else f"{'、'.join(units[:most])}等{len(units)}个单位"


def _within(text: str, most: int) -> str:
    """A text of at most so many characters of full width: as many whole clauses as there is room for."""
    if ems(text) <= most:
        return text
    kept = ""
    for clause, mark in split_keeping(text, "。；，"):
        if ems(f"{kept}{clause}") > most - 2:
            break
        kept += f"{clause}{mark}"
    return f"{kept.rstrip('。；，') or text[: most // 2]}……"


def _filled(head: str, text: str, tail: str, most: int = _LONGEST) -> str:
    """A text between what is never cut."""
    return f"{head}{wording.bare(_within(text, max(int(most - ems(head + tail)), LINE // 2)))}{tail}"


def _in_one(text: str) -> str:
    """The paragraphs of a clerk's text as one."""
    return "".join(wording.stop(line) for line in wording.lines(text))


# --- two pages ------------------------------------------------------------------------


def _lines(text: str) -> int:
    """How many lines a paragraph takes; the first is indented by two characters."""
    return max(1, math.ceil((ems(text) + 2) / _SURE))


def _numbered(entries: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{at}.{text}" for at, text in enumerate(entries, 1))


def _room_of(column: int) -> int:
    """How many characters go into a cell."""
    return int(_ROOM[column]) * _ROW_LINES - 1


def _row_height(row: tuple[str, ...]) -> float:
    """Of a row of the table; of its header for ()."""
    lines = max((math.ceil(ems(text) / int(room)) for text, room in zip(row, _ROOM, strict=False)), default=1)
    return (max(lines, 1) * ROW_LINE + ROW_SPACE) / LINE_HEIGHT


def _cut(listed: Sequence[_Listed], room: float, say: Sentences) -> Iterator[Section]:
    """The sections with as many entries as there is room for; the one that shows most gives way first."""
    shown = [len(each) for each in listed]
    while sum(map(_Listed.height, listed, shown)) > room and (at := _gives_way(listed, shown)) is not None:
        shown[at] -= 1
    for number, (each, own) in enumerate(zip(listed, shown, strict=True), 1):
        rest = len(each) - own
        table = Annex("", "", COLUMNS, each.rows[:own], headers={"gap": say("gap")}, widths=WIDTHS)
        yield Section(
            heading=f"{wording.numeral(number)}、{each.heading}",
            opening=(*each.opening, *([say("all")] if rest and not own and say("all") else ())),
            entries=_numbered(each.entries[:own]),
            tables=(table,) if each.rows else (),
            more=say("more", count=rest) if rest and own else "",
        )


def _gives_way(listed: Sequence[_Listed], shown: Sequence[int]) -> int | None:
    """Which section shows one less: down to the fewest that tell something, then none but of the table, then that."""
    for least_rows, least in ((_FEWEST_ROWS, 1), (_FEWEST_ROWS, 0), (1, 0)):
        more = [at for at, each in enumerate(listed) if shown[at] > (least_rows if each.rows else least)]
        if more:
            return max(more, key=lambda at: shown[at] * listed[at].weight)
    return None
