"""The leader's brief (领导专报): two pages for one leader, or for all: counts, behind, to coordinate, due soon, 批示.

Built from the same overview that ``status`` shows, so that paper and screen agree. What does not fit
on two pages is counted and left to the ledger workbook: the longest list gives way first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from taskkit.assess import Count, Standing, Verdict, tally
from taskkit.comparing.changes import GOOD, Turn, task_changes
from taskkit.comparing.reading import Part as Compared
from taskkit.comparing.reading import Reader
from taskkit.directing import Stage
from taskkit.directing import Standing as Directed
from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import official_date
from taskkit.reports import wording
from taskkit.reports.overview import Overview, Part, TaskRow
from taskkit.reports.surveying import survey
from taskkit.settings import Office, Sentences, Settings
from taskkit.text import fold, split_keeping
from taskkit.tracking import PeriodStatus
from taskkit.word import CHARACTER_MM, Annex, ems
from taskkit.wording import did_you_mean

TEMPLATE = "reports/leader.docx"
WORDS = "leader"
PAGE_LINES, LINE = 22, 28  # characters of a line, lines of a page (GB/T 9704-2012, 5.2.3)
PAGES = 2
LINE_HEIGHT, ROW_LINE, ROW_SPACE = 28.95, 15.5, 4  # points: of the text, of a table, around a row
_AROUND = 12  # lines of mark, title, blank lines, issuer and date, and of a table that goes over to the next page
_HEAD, _IMPRINT = 10, 3  # lines of a red head, of the imprint
_LONGEST, _NAMED = 2 * LINE - 6, LINE  # characters of one entry; of a text that is part of one
_MOVED = {
    "more_done": Turn.DONE,
    "better": Turn.CAUGHT_UP,
    "started": Turn.STARTED,
    "worse": Turn.BEHIND,
    "other": Turn.OTHER,
}
COLUMNS = ("no", "title", "lead_units", "gap")
WIDTHS = (11.0, 53.0, 36.0, 56.0)  # mm
_ROOM = tuple((width - 4) / CHARACTER_MM for width in WIDTHS)  # characters of a line of each column
_ROW_LINES, _FEWEST_ROWS = 2, 3
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
    whose = say("of_leader", leader=person) if person else ""
    sections = (_behind(say, seen), _asked(say, seen), _soon(say, seen), _directives(say, seen))
    compared = {each.part: each for each in Reader(ledger, name, settings, today).parts(seen.when.text)}
    overview = _overview(say, seen, compared, "".join(each.none for each in sections if not len(each)))
    listed = (overview, *(each for each in sections if len(each)))
    room = PAGES * PAGE_LINES - _AROUND - _framed(settings.office())
    subject = f"{person}分管任务" if person else ""
    return Brief(
        title="\n".join(filter(None, (origin, tail, whose))),
        file_name=f"{wording.source(info, seen.when, quoted=False)}{subject}进展情况专报.docx",
        issuer=seen.issuer,
        date=official_date(today),
        intro=intro,
        sections=tuple(_cut(listed, room - _lines(intro), say)),
    )


def _framed(office: Office) -> int:
    """How many lines the office's head and imprint take."""
    return (_HEAD if office.head else 0) + (_IMPRINT if office.copies or office.printer else 0)


def _checked(leader: str | None, seen: Overview) -> str:
    if leader is None:
        return ""
    known = list(dict.fromkeys(group.name for part in seen.parts for group in part.leaders))
    if name := {fold(each): each for each in known}.get(fold(leader)):
        return name
    if not known:
        raise UsageError("方案里没有写明分管领导", "请去掉 --leader，或在核对稿的“分管领导”一列补上，再登记")
    raise UsageError(
        f"{seen.when.label}没有“{leader}”分管的任务", f"{did_you_mean(leader, known)}可以写的有：{'、'.join(known)}"
    )


def _of_leader(seen: Overview, leader: str, settings: Settings) -> Overview:
    """The overview of one leader's tasks, of those who report on them, and of what that leader wrote."""
    states = settings.states()
    parts = []
    for part in seen.parts:
        tasks = tuple(task for task in part.tasks if leader in task.leaders)
        if tasks:
            counts = tally((Verdict(task.standing, task.state) for task in tasks), states)
            parts.append(replace(part, tasks=tasks, counts=counts))
    own = tuple(each for each in seen.directives if each.leader == leader)
    return replace(seen, parts=tuple(parts), directives=own, returns=tuple(_returns_on(parts, seen.returns)))


def _returns_on(parts: Sequence[Part], returns: Iterable[PeriodStatus]) -> Iterator[PeriodStatus]:
    """Who reported, of the units that report on the tasks shown: for others, or a collective, where they do."""
    for status in returns:
        shown = (task for part in parts if part.when.text == status.period for task in part.tasks)
        units = {unit for task in shown for unit, _ in task.own}
        yield replace(
            status,
            on_time_units=tuple(unit for unit in status.on_time_units if unit in units),
            late_units=tuple(late for late in status.late_units if late[0] in units),
            missing_units=tuple(unit for unit in status.missing_units if unit in units),
            not_due_units=tuple(unit for unit in status.not_due_units if unit in units),
        )


# --- the sections ---------------------------------------------------------------------


def _overview(say: Sentences, seen: Overview, compared: Mapping[str, Compared], none: str) -> _Listed:
    lines = [_part_line(say, part, compared.get(part.key)) for part in seen.parts]
    return _Listed(say("overview"), tuple(filter(None, (*lines, *_returns(say, seen), none))))


def _part_line(say: Sentences, part: Part, compared: Compared | None) -> str:
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
    if 0 < good.number < good.whole:
        text += say("on_schedule", count=good.number, share=good.share_text)
    return text + (_than_before(say, part, compared) if compared and compared.before else "")


def _than_before(say: Sentences, part: Part, compared: Compared) -> str:
    """What has moved since the last period, of the tasks shown."""
    assert compared.before is not None
    own = {task.task_id for task in part.tasks}
    turns = [each.turn for each in task_changes(compared) if each.before and each.task_id in own]
    moved = Counter(turn for turn in turns if turn)
    said = "、".join(filter(None, (say(key, count=moved[turn]) for key, turn in _MOVED.items() if moved[turn])))
    if turns and not any(turns):
        said = say("no_change")
    return say("than_before", before=compared.before.period.label, changes=said) if said else ""


def _returns(say: Sentences, seen: Overview) -> Iterator[str]:
    """Who reported, period by period, for parts may stand at periods of their own."""
    asked = [status for status in seen.returns if status.asked]
    for status in asked:
        labels = "、".join(part.label for part in seen.parts if part.when.text == status.period)
        late, missing = status.late, status.missing_units
        yield say(
            "returns",
            subject=labels if len(asked) > 1 else "",
            asked=status.asked,
            returned=status.returned,
            share=Count("", Standing.DONE, status.returned, status.asked).share_text,
            late=say("returns_late", count=late) if late else "",
            missing=say("returns_missing", count=len(missing), units=_named(missing)) if missing else "",
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
        _within(text, int(_ROOM[at]) * _ROW_LINES)
        for at, text in ((1, wording.short(task.title)), (3, why or task.state))
    )
    return str(number), title, _named(task.units, 1), reason  # a unit's name is never cut


def _why(task: TaskRow) -> str:
    """Why it is behind; of one that is late with its figures reached, what its units say, else its deadline."""
    if not task.days_late or any(each.behind for each in task.targets):
        return task.why
    return "；".join(said.text for said in task.texts.get("problem", ())) or f"时限{task.deadline}"


def _asked(say: Sentences, seen: Overview) -> _Listed:
    asked = [(task, said) for task in seen.tasks for said in task.texts["help"]]
    entries = (_request(say("unit_asks", unit=said.unit), said.text) for _, said in asked)
    return _section(say, "help", entries, _by_part(seen, [task for task, _ in asked], "个"))


def _request(opening: str, text: str) -> str:
    """In two lines."""
    return f"{opening}{_within(_in_one(text), max(int(_LONGEST - ems(opening)), LINE))}"


def _soon(say: Sentences, seen: Overview) -> _Listed:
    near = [task for part in seen.parts for task in part.soon]
    entries = (
        f"{_due(say, task)}：{_within(wording.short(task.title), _NAMED)}（{_named(task.units)}）。" for task in near
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
    open_ = sorted((each for each in lasting if each.is_open), key=lambda each: -each.days_late)
    return _section(
        say,
        "directives",
        (_directive(say, each) for each in open_),
        str(len(by_number)),
        stages="、".join(f"{stage.label}{stages[stage]}件" for stage in Stage if stages[stage]),
        late=say("directives_late", count=late) if late else "",
    )


def _stage(own: Sequence[Directed]) -> Stage:
    """Where a 批示 stands as a whole: with the unit that is least far."""
    order = list(Stage)
    return min((each.stage for each in own), key=order.index)


def _directive(say: Sentences, each: Directed) -> str:
    """What was written on what, who is to do it and how far that is; texts are cut, unit and date never."""
    about = f"（{_within(wording.short(each.about), _NAMED)}）" if each.about else ""
    said = _within(wording.bare(_in_one(each.said)), _NAMED) if each.said else each.stage.label
    how_far = "，".join(filter(None, (f"{each.unit}：{said}", _days(say, each.due_on, each.days_left, each.days_late))))
    return f"{each.leader}批示{about}：{_within(wording.bare(each.text), _NAMED)}（{how_far}）。"


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


def _by_part(seen: Overview, tasks: Sequence[TaskRow], measure: str = "项") -> str:
    """7项, or where there are several parts 重点任务7项、民生实事4项: parts are never added up."""
    counts = [(part.label, sum(task.part == part.key for task in tasks)) for part in seen.parts]
    named = [f"{label if len(counts) > 1 else ''}{count}{measure}" for label, count in counts if count]
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
    """A text of at most so many characters of full width: as many whole clauses as there is room for.

    Where these would fill less than half of it, it is cut within a clause.
    """
    if ems(text) <= most:
        return text
    kept = ""
    for clause, mark in split_keeping(text, "。；，"):
        if ems(f"{kept}{clause}") > most - 2:
            break
        kept += f"{clause}{mark}"
    kept = kept.rstrip("。；，")
    return f"{kept if ems(kept) >= most / 2 else text[: most - 2]}……"


def _in_one(text: str) -> str:
    """The paragraphs of a clerk's text as one."""
    return "".join(wording.stop(line) for line in wording.lines(text))


# --- two pages ------------------------------------------------------------------------


def _lines(text: str) -> int:
    """How many lines a paragraph takes; the first is indented by two characters."""
    return max(1, math.ceil((ems(text) + 2) / LINE))


def _numbered(entries: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{at}.{text}" for at, text in enumerate(entries, 1))


def _row_height(row: tuple[str, ...]) -> float:
    """Of a row of the table; of its header for ()."""
    lines = max((math.ceil(ems(text) / int(room)) for text, room in zip(row, _ROOM, strict=False)), default=1)
    return (max(lines, 1) * ROW_LINE + ROW_SPACE) / LINE_HEIGHT


def _cut(listed: Sequence[_Listed], room: float, say: Sentences) -> Iterator[Section]:
    """The sections with as many entries as there is room for; the one that shows most gives way first."""
    shown = [len(each) for each in listed]
    while sum(map(_Listed.height, listed, shown)) > room and (at := _gives_way(listed, shown)) is not None:
        shown[at] -= 1
    number = 0
    for each, own in zip(listed, shown, strict=True):
        number += bool(each.heading)
        rest = len(each) - own
        table = Annex("", "", COLUMNS, each.rows[:own], headers={"gap": say("gap")}, widths=WIDTHS)
        yield Section(
            heading=f"{wording.numeral(number)}、{each.heading}" if each.heading else "",
            opening=("".join((*each.opening, say("all"))),) if rest and not own else each.opening,
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
