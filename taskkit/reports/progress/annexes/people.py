"""民生实事表: every indicator of an annex at its own latest period, beside the share of the year gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from taskkit.columns import COLUMNS
from taskkit.comparing.reading import Moment
from taskkit.judging.facts import TaskFacts
from taskkit.judging.said import said
from taskkit.reports import wording
from taskkit.reports.progress.annexes.indicators import Line, achieved, lines, marks_notes
from taskkit.reports.progress.annexes.sheet import BEHIND, BLANK, leads, sheet
from taskkit.reports.progress.annexes.tasks import state_of
from taskkit.reports.progress.matter import Matter
from taskkit.settings import Sentences
from taskkit.word import Annex, Cells

_COLUMNS = ("event", "indicator", "aim", "achieved", "rate", "time_share", "lead_units", "brief")
_HEADERS = {"event": "事项", "achieved": "累计完成"}
_BRIEF = COLUMNS["brief"].header
Briefs = Mapping[tuple[str, str], str]  # (unit, task or target id) -> 一句话说明


def tables(matter: Matter, say: Sentences) -> Iterator[Annex]:
    """One table for each part besides the main one that was asked for by the period: they are never added up."""
    for each in matter.reader.parts(matter.period.text):
        if each.part != "main":
            moment, listed = each.now, lines(matter, each.now)
            when = wording.time_of(moment.period) if moment.period == matter.period else moment.period.label
            title = say("title_annex", period=when, part=wording.part_label(each.part))
            rows = _merged(_rows(moment, listed, matter, say))
            yield sheet(title, _COLUMNS, rows, [*marks_notes(matter, say, listed), say("note_time")], _HEADERS)


def _rows(moment: Moment, listed: Sequence[Line], matter: Matter, say: Sentences) -> Iterator[Cells]:
    own: dict[str, list[Line]] = {}
    for each in listed:
        own.setdefault(each.task.task_id, []).append(each)
    briefs = _briefs(matter, moment)
    for task in moment.tasks:
        targets = own.get(task.task_id, [])
        for at, each in enumerate(targets):
            yield _row(each, _said(task, each, briefs, matter, whole=at == 0), matter, say)
        if not targets:
            state, text = state_of(task, matter, say), matter.shown(task.report_progress)
            yield (task.group or task.title, task.title, BLANK, BLANK, state, BLANK, leads(task), text)


def _row(each: Line, text: str, matter: Matter, say: Sentences) -> Cells:
    task, mark = each.task, BEHIND if each.is_behind and not matter.public else ""
    share = f"{each.figure.share:.1f}%"
    shown = achieved(each, matter, say)
    return (
        *(task.group or task.title, each.name, each.figure.aim, shown, f"{mark}{each.rate}", share, leads(task), text),
    )


def _merged(rows: Iterator[Cells]) -> Iterator[Cells]:
    """The rows of one 事项 with its name in the first of them, merged downwards."""
    before = None
    for row in rows:
        yield (None if row[0] == before else row[0], *row[1:])
        before = row[0]


def _briefs(matter: Matter, moment: Moment) -> Briefs:
    reader = matter.reader
    frame = reader.ledger.values(reader.name, moment.period.text)
    frame = frame[frame["column"] == _BRIEF]
    return {(each.unit, each.target_id or each.task_id): each.value for each in said(frame, reader.index.roster)}


def _said(task: TaskFacts, each: Line, briefs: Briefs, matter: Matter, whole: bool) -> str:
    """The office's own words, else the sentence on this target; what is said of the task stands in its first row."""
    if task.wording:
        return task.wording if whole else ""
    units = dict.fromkeys((each.figure.unit, *task.units))
    row_ids = (each.figure.target_id, *((task.task_id,) if whole else ()))
    texts = [briefs[unit, row_id] for row_id in row_ids for unit in units if (unit, row_id) in briefs]
    is_monthly = any(unit == owner for owner, _ in briefs for unit in units)
    text = "\n".join(dict.fromkeys(texts)) or ("" if is_monthly or not whole else task.report_progress)
    return matter.shown(text)
