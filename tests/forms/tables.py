"""The form that is a table (D3): labels merged or continued, headers repeated, several names in one cell."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.forms.bodies import Listing
from tests.forms.plans import Habits, Stretch, Task
from tests.forms.words import dues
from tests.forms.writers import Pen, chinese, measures_of, notice

# Carriers that keep no empty cell and no label over several rows: a clerk could not tell what is missing either.
LOOSE = ("spaces", "stacked")
HEADERS = {
    "no": ("序号", "编号", "序号", "序号"),
    "label": ("类别", "重点工作", "大项", "事项"),
    "title": ("工作任务", "重点任务", "主要任务", "任务内容"),
    "measures": ("工作措施", "具体措施", "推进措施", "主要举措"),
    "leaders": ("责任领导", "分管领导", "牵头领导", "分管副县长"),
    "lead": ("牵头单位", "主办单位", "牵头部门", "牵头单位"),
    "support": ("相关责任单位", "协办单位", "配合部门", "配合单位"),
    "do": ("责任单位", "责任部门", "落实单位", "责任单位"),
    "deadline": ("完成时限", "完成时间", "时限", "时间节点"),
}


@dataclass
class Grid:
    """Rows of a table. ``merges`` are (column, first row, last row); ``bands`` are rows that are one heading."""

    rows: list[list[str]] = field(default_factory=list)
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    bands: set[int] = field(default_factory=set)


def write_table(level: str, plan: tuple[Stretch, ...], habits: Habits, columns: tuple[str, ...]) -> tuple[Pen, Grid]:
    """A whole document: what stands above the table, and the table."""
    pen, grid = Pen(level, habits), Grid()
    pen.lines += notice(pen, "")
    header = [pen.role(*HEADERS[column]) for column in columns]
    grid.rows.append(header)
    number, sections, groups = 0, 0, 0
    for place, stretch in enumerate(plan):
        if stretch.section and (not place or plan[place - 1].section != stretch.section):
            sections, groups = sections + 1, 0
            pen.section = f"{chinese(sections)}、{stretch.section}"
            grid.bands.add(len(grid.rows))
            grid.rows.append([pen.say(pen.section), *[""] * (len(columns) - 1)])
        if stretch.group:
            groups += 1
            pen.group = f"（{chinese(groups)}）{stretch.group}"
            if "label" not in columns:
                grid.bands.add(len(grid.rows))
                grid.rows.append([pen.say(pen.group), *[""] * (len(columns) - 1)])
        first = len(grid.rows)
        for task in stretch.tasks:
            number += 1
            grid.rows.append([cell(pen, column, number, task, len(grid.rows) == first) for column in columns])
            note(pen, number, task, columns)
        if "label" in columns and len(grid.rows) - first > 1:
            grid.merges.append((columns.index("label"), first, len(grid.rows) - 1))
        if habits.words == 5 and place < len(plan) - 1:  # the next page begins with the header again
            grid.rows.append(header)
    return pen, grid


def cell(pen: Pen, column: str, number: int, task: Task, first: bool) -> str:
    """What stands in one cell."""
    duty = task.duty
    texts = {
        "no": str(number),
        "label": label(pen) if first else "",
        "title": pen.say(pen.title(task) + pen.habits.stop),
        "measures": measures_of(pen, task) or "",
        "leaders": between(pen).join(map(padded, task.leaders)),
        "lead": names(pen, duty.lead, duty.open_ended and duty.sort == "do"),
        "do": names(pen, duty.lead, duty.open_ended and duty.sort == "do"),
        "support": names(pen, duty.support, duty.open_ended),
        "deadline": pen.say(task.deadline),
    }
    return texts[column]


def label(pen: Pen) -> str:
    """A label, its words set apart by the width of its column."""
    text = pen.say(pen.group or "")
    cut = text.find("）" if "）" in text else ")") + 1
    return f"{text[:cut]} {text[cut : cut + 2]} {text[cut + 2 :]}" if pen.habits.words % 2 and cut else text


def between(pen: Pen) -> str:
    """What sets names apart: 、, a line break, or (in text) a space."""
    marks = ("、", "\n" if pen.habits.carrier in ("docx", "xlsx") else " ", "、")
    return marks[pen.habits.words % 3]


def padded(person: str) -> str:
    return f"{person[0]}　{person[1]}" if len(person) == 2 else person


def names(pen: Pen, listing: Listing, opens: bool) -> str:
    """Units of one cell; where spaces or line breaks set them apart, each is named in full."""
    mark, end = between(pen), "等" if opens else ""
    if mark == "、":
        return pen.say(pen.names(listing, end))
    return pen.say(mark.join(body.name for group in listing for body in group) + end)


def note(pen: Pen, number: int, task: Task, columns: tuple[str, ...]) -> None:
    row = pen.note(number if "no" in columns else None, task)
    row["title"] = pen.say(pen.title(task))
    row["measures"] = measures_of(pen, task) if "measures" in columns else None
    row["leaders"] = [*task.leaders] if "leaders" in columns else []
    row["deadline"] = pen.say(task.deadline) if "deadline" in columns and task.deadline else dues(task.title)
