"""The 分工方案 itself as a document: numbered paragraphs, or one long table; annexes as tables in both.

What it prints is what `read_plan` reads: a plan written so and read again is the same plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any

from taskkit.errors import UsageError
from taskkit.ledger import Ledger
from taskkit.periods import official_date
from taskkit.plan import Plan, records
from taskkit.reports import wording
from taskkit.unit_names import stand_alone
from taskkit.unit_words import LOST_TITLE
from taskkit.word import Annex, Band

NUMBERED, TABLE = "numbered", "table"
TEMPLATES = {NUMBERED: "reports/plan.docx", TABLE: "reports/plan_table.docx"}
LAYOUTS = {
    NUMBERED: NUMBERED,
    TABLE: TABLE,
    "分条": NUMBERED,
    "分条式": NUMBERED,
    "条文": NUMBERED,
    "表格": TABLE,
    "表格式": TABLE,
}
_TABLE_COLUMNS = ("group", "no", "title", "measures", "leaders", "lead_units", "support_units", "deadline")
_ANNEX_COLUMNS = ("group", "no", "title", "leaders", "heads", "support_units", "deadline")
_ALWAYS = frozenset({"no", "title", "lead_units", "heads"})  # columns that stand also where nothing is in them
_MAIN_HEADERS = {"group": "大项", "leaders": "责任领导"}
_ANNEX_HEADERS = {"group": "事项", "heads": "牵头部门及主要负责人、分管负责人"}
_STEP = re.compile(r"[（(]\d+[)）]|[①-⑳]|\d+[.、．]|[一二三四五六七八九十]+是")
Row = dict[str, Any]


@dataclass(frozen=True)
class PlanTask:
    """One task of the numbered layout: its number and title, and the labelled lines below it."""

    number: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PlanGroup:
    """A heading (大类 or 大项, empty where none begins) and the tasks below it."""

    section: str
    group: str
    tasks: tuple[PlanTask, ...]


@dataclass(frozen=True)
class PlanDocument:
    """What stands in the document, as plain texts in reading order: ``groups`` or ``table``, by its layout."""

    title: str
    file_name: str
    issuer: str
    date: str
    intro: str
    groups: tuple[PlanGroup, ...] = ()
    tables: tuple[Annex, ...] = field(default=(), repr=False)
    annex_list: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = field(default=(), repr=False)


def layout_of(text: str | None) -> str:
    """The layout that a word means; numbered paragraphs where none is said. Raises UsageError for another word."""
    wanted = LAYOUTS.get((text or NUMBERED).strip().lower())
    if wanted is None:
        raise UsageError(f"没有“{text}”这种版式", "可以写：numbered（分条式）、table（表格式）")
    return wanted


def build(ledger: Ledger, name: str, layout: str, today: date) -> PlanDocument:
    """The plan kept under ``name`` in one of the two layouts."""
    return document_of(ledger.plan(name, today), layout, today)


@dataclass(frozen=True)
class Step:
    """A measure with units of its own."""

    text: str
    units: Sequence[Row]
    speaks: bool = False  # what the plan says of the task's units holds for those of the measures: nothing else has any

    def of(self, task: Row) -> Row:
        """The task as far as it holds for this measure."""
        return {**task, **({} if self.speaks else {"open_ended": False, "joint": False})}


@dataclass(frozen=True)
class Duties:
    """Who does what of one task: the units of the whole task, and its measures where these have their own."""

    units: Sequence[Row] = ()
    steps: tuple[Step, ...] = ()


def _duties(plan: Plan) -> dict[str, Duties]:
    whole: dict[str, list[Row]] = {}
    single: dict[tuple[str, int], list[Row]] = {}
    for row in records("assignments", plan.assignments):
        if row["measure_no"] is None:
            whole.setdefault(row["task_id"], []).append(row)
        else:
            single.setdefault((row["task_id"], row["measure_no"]), []).append(row)
    apart = {task_id for task_id, _ in single}
    steps: dict[str, list[Step]] = {}
    for each in records("measures", plan.measures):
        if each["task_id"] in apart:
            units = single.get((each["task_id"], each["measure_no"]), ())
            speaks = bool(units) and each["task_id"] not in whole
            steps.setdefault(each["task_id"], []).append(Step(each["text"], units, speaks))
    return {key: Duties(whole.get(key, ()), tuple(steps.get(key, ()))) for key in {*whole, *steps}}


def document_of(plan: Plan, layout: str, today: date) -> PlanDocument:
    """A plan as a document."""
    duties = _duties(plan)
    parts: dict[str, list[Row]] = {}
    for task in records("tasks", plan.tasks):
        parts.setdefault(task["part"], []).append(task)
    main = parts.pop("main", [])
    annexes = tuple(
        _annex(number if len(parts) > 1 else None, plan, tasks, duties)
        for number, tasks in enumerate(parts.values(), 1)
    )
    title = plan.info.title or f"{plan.info.year or ''}年重点任务分工方案".removeprefix("年")
    document = PlanDocument(
        title=wording.in_lines(title),
        file_name=f"{wording.bare(title)}.docx",
        issuer=plan.info.issuer or "",
        date=official_date(plan.info.issued_on or today),
        intro=_intro(main, parts),
        annex_list=_annex_list(annexes),
        annexes=annexes,
    )
    if layout == TABLE:
        return replace(document, tables=(_table(main, duties),))
    return replace(document, groups=tuple(_groups(main, duties)))


def _intro(main: Sequence[Mapping[str, Any]], annexes: Mapping[str, Sequence[object]]) -> str:
    """What the document holds, counted: 本方案共8大类、20大项、48项任务，另附民生实事14项."""
    sections = {task["section"] for task in main if task["section"]}
    groups = {(task["section"], task["group"]) for task in main if task["group"]}
    counts = [f"{len(each)}{word}" for each, word in ((sections, "大类"), (groups, "大项")) if each]
    further = "".join(f"，另附{len(tasks)}项" for tasks in annexes.values())
    return f"本方案共{'、'.join([*counts, f'{len(main)}项任务'])}{further}。"


def _annex_list(annexes: Sequence[Annex]) -> tuple[str, ...]:
    if len(annexes) == 1:
        return (f"附件：{wording.bare(annexes[0].title)}",)
    return tuple(
        f"{'附件：' if number == 1 else '　　　'}{number}.{wording.bare(each.title)}"
        for number, each in enumerate(annexes, 1)
    )


# --- numbered paragraphs --------------------------------------------------------------------


def _groups(tasks: Sequence[Row], duties: Mapping[str, Duties]) -> Iterator[PlanGroup]:
    """Tasks under their headings, each named where it begins."""
    before: tuple[str | None, str | None] = (None, None)
    listed: list[PlanTask] = []
    heads = ("", "")
    for task in tasks:
        key = task["section"], task["group"]
        if key != before:
            if listed:
                yield PlanGroup(*heads, tuple(listed))
            heads, listed = (task["section"] or "" if key[0] != before[0] else "", task["group"] or ""), []
            before = key
        listed.append(_numbered(task, duties.get(task["task_id"], Duties())))
    if listed:
        yield PlanGroup(*heads, tuple(listed))


def _numbered(task: Row, duties: Duties) -> PlanTask:
    steps = list(_steps(task, duties.steps))
    is_listed = bool(_STEP.match(task["measures"] or ""))
    duty = _duty(task, duties.units)
    said = [
        f"工作措施：{task['measures']}" if task["measures"] and not steps else "",
        f"分管领导：{'、'.join(task['leaders'])}" if task["leaders"] else "",
        f"部门分工：{duty}。" if duty else "",
        f"完成时限：{task['deadline']}。" if task["deadline"] else "",
        *(["具体措施：", *steps] if is_listed and steps else []),
    ]
    lines = list(filter(None, said))
    title = task["title"] or ("" if task["measures"] else LOST_TITLE)
    inline = "" if is_listed else "".join(steps)
    title = f"{wording.bare(title)}：{inline}" if inline else title
    return PlanTask(_number(task, title), title, tuple(lines))


def _number(task: Row, title: str) -> str:
    """What stands before a title: its number, set apart from a figure (1. 5G基站); a label where it has none."""
    if task["no"] is not None:
        return f"{task['no']}.{' ' if title[:1].isdigit() else ''}"
    return "工作任务：" if title else ""


def _steps(task: Row, steps: Sequence[Step]) -> Iterator[str]:
    """Measures with units of their own: （1）…（A牵头，B配合）。"""
    for number, (piece, step) in enumerate(zip(_pieces(task, steps), steps, strict=True), 1):
        duty = f"（{said}）" if (said := _duty(step.of(task), step.units)) else ""
        yield f"{piece}{duty}" if _STEP.match(piece) else f"（{number}）{wording.bare(piece)}{duty}。"


def _pieces(task: Row, steps: Sequence[Step]) -> list[str]:
    """The text of all measures, cut where each begins, with the mark before it: （1）…。"""
    text = task["measures"] or ""
    starts: list[int] = []
    for step in steps:
        at = text.find(step.text, starts[-1] + 1 if starts else 0)
        if at < 0:
            return [wording.stop(each.text) for each in steps]
        mark = next((found for found in _STEP.finditer(text, 0, at) if found.end() == at), None)
        starts.append(mark.start() if mark else at)
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]


def _duty(task: Mapping[str, Any], rows: Sequence[Row]) -> str:
    """A、B牵头，C、D等配合 — or, where nobody is marked as leading, A、B按职责分工负责."""
    lead, support = _units(rows, "lead"), _units(rows, "support")
    more = "等" if task["open_ended"] else ""
    parts = []
    if lead:
        verb = "按职责分工负责" if task["joint"] else "牵头"
        parts.append(f"{names(lead)}{'' if support else more}{verb}")
    if support:
        parts.append(f"{names(support)}{more}{'配合' if lead else '配合落实'}")
    return "，".join(parts)


def _units(rows: Sequence[Row], role: str) -> list[str]:
    return list(dict.fromkeys(row["unit"] for row in rows if row["role"] == role))


def names(units: Sequence[str]) -> str:
    """Units in a list: 、 between them, and ， where a reader would give the next one a level word that it lacks."""
    groups: list[list[str]] = []
    for unit in units:
        longer = [*groups[-1], unit] if groups else []
        if longer and [name for name, _ in stand_alone(longer)] == longer:
            groups[-1] = longer
        else:
            groups.append([unit])
    return "，".join("、".join(group) for group in groups)


# --- tables -----------------------------------------------------------------------------------


def _table(tasks: Sequence[Row], duties: Mapping[str, Duties]) -> Annex:
    rows = [_cells(task, duties.get(task["task_id"], Duties())) for task in tasks]
    return Annex("", "", *_filled(_TABLE_COLUMNS, tasks, rows), headers=_MAIN_HEADERS)


def _annex(number: int | None, plan: Plan, tasks: Sequence[Row], duties: Mapping[str, Duties]) -> Annex:
    year = f"{plan.info.year}年" if plan.info.year else ""
    rows = [_cells(task, duties.get(task["task_id"], Duties())) for task in tasks]
    return Annex(
        f"附件{number or ''}",
        f"{year}民生实事任务分解表",
        *_filled(_ANNEX_COLUMNS, tasks, rows),
        headers=_ANNEX_HEADERS,
    )


def _cells(task: Row, duties: Duties) -> list[dict[str, str | None]]:
    """The cells of a task by column; below them, merged with them, those of measures with units of their own."""
    first = _row(task, duties.units)
    if not duties.steps:
        return [first]
    below = dict.fromkeys(first)
    own = ("lead_units", "support_units")
    further = []
    for piece, step in zip(_pieces(task, duties.steps), duties.steps, strict=True):
        row = _row(step.of(task), step.units)
        further.append({**below, "measures": piece, **{key: row[key] for key in own}})
    return [{**first, "measures": ""}, *further]


def _row(task: Row, rows: Sequence[Row]) -> dict[str, str | None]:
    lead, support = _units(rows, "lead"), _units(rows, "support")
    more = "等" if task["open_ended"] else ""
    heads = [" ".join((row["unit"], *row["heads"])) for row in rows if row["role"] == "lead"]
    return {
        "group": task["group"] or "",
        "no": "" if task["no"] is None else str(task["no"]),
        "title": task["title"] or LOST_TITLE,
        "measures": task["measures"] or "",
        "leaders": "\n".join(task["leaders"]),
        "lead_units": f"{names(lead)}{'' if support else more}{'按职责分工负责' if task['joint'] else ''}",
        "support_units": f"{names(support)}{more}" if support else "",
        "deadline": task["deadline"] or "",
        "heads": "\n".join(dict.fromkeys(heads)),
    }


def _filled(
    columns: Sequence[str], tasks: Sequence[Row], rows: Sequence[Sequence[dict[str, str | None]]]
) -> tuple[tuple[str, ...], tuple[Band | tuple[str | None, ...], ...]]:
    """The columns in which anything stands, and the rows under their 大类; a 大项 is merged downwards."""
    keys = tuple(key for key in columns if key in _ALWAYS or any(row[key] for each in rows for row in each))
    listed: list[Band | tuple[str | None, ...]] = []
    section: str | None = None
    group: str | None = None
    for task, cells in zip(tasks, rows, strict=True):
        if task["section"] and task["section"] != section:
            listed.append(Band(task["section"]))
            group = None
        goes_on = bool(task["group"]) and task["group"] == group
        section, group = task["section"], task["group"]
        first = {**cells[0], "group": None} if goes_on else cells[0]
        listed += [tuple(row[key] for key in keys) for row in (first, *cells[1:])]
    return keys, tuple(listed)
