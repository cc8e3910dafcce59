"""Data -> document: what a report says, put into its Word template.

Column labels come from columns.py; the bytes are made by the office layer. The widths of
a table's columns follow what stands in them, so that the table is as short as it can be.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import Field, asdict, dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, ClassVar, Protocol

from taskkit.columns import COLUMNS
from taskkit.office.docx_charts import Chart
from taskkit.office.docx_table import CHARACTER_MM, Band, Cells, Column, Table, ems
from taskkit.office.docx_writer import Properties, fill_template

__all__ = ["CHARACTER_MM", "UPRIGHT_WIDTH", "Annex", "Band", "Cells", "Content", "Frame", "ems", "fill"]

# Narrowest and widest that a column may be, in mm of the 225 mm of a turned page.
_LIMITS: dict[str, tuple[float, float]] = {
    "no": (11, 11),
    "title": (34, 60),
    "lead_units": (25, 34),
    "stage_goal": (30, 56),
    "progress": (50, 110),
    "state": (20, 25),
    "problem": (32, 56),
    "group": (18, 26),
    "measures": (50, 110),
    "leaders": (18, 20),  # the header of four characters in one line
    "support_units": (28, 56),
    "deadline": (17, 24),
    "heads": (40, 70),
    "achieved": (22, 36),
    "schedule_gap": (26, 30),
    "gap": (34, 60),
    "cause": (36, 70),
    "steps": (36, 70),
    "reporting_unit": (50, 80),
    "forms_due": (20, 30),
    "forms_on_time": (20, 30),
    "forms_late": (24, 36),
    "forms_back": (20, 30),
    "forms_missing": (24, 40),
    "event": (26, 36),
    "time_share": (18, 20),
    "brief": (36, 90),
    "promise_of": (45, 80),
    "kept": (22, 36),
    "reached": (50, 100),
    "task": (34, 120),
    "unit": (34, 48),
    "indicator": (22, 80),
    "promised": (28, 70),
    "result": (22, 90),
    "before": (15, 26),
    "now": (15, 26),
    "aim": (18, 36),
    "short": (18, 30),
    "change": (20, 28),
    **dict.fromkeys(("tasks", "on_schedule", "slow", "rank", "rank_before", "moved"), (11, 14)),
    **dict.fromkeys(("on_time", "late", "missing", "back", *(f"count{at}" for at in range(12))), (11, 14)),
    "rate": (14.5, 36),
    **dict.fromkeys(("done_rate", "done", *(f"state{at}" for at in range(12))), (14.5, 18)),
}
_DEFAULT_LIMITS = (20.0, 60.0)
_BLANK = 18.0  # mm of a column in which nothing stands: its header fits
_CENTRED = frozenset(
    {
        *("no", "lead_units", "state", "group", "leaders", "deadline", "heads"),
        *("tasks", "done", "on_schedule", "slow", "rank", "rank_before", "moved", "rate", "done_rate"),
        *("achieved", "schedule_gap", "time_share", "kept"),
        *("forms_due", "forms_on_time", "forms_late", "forms_back", "forms_missing"),
        *("on_time", "late", "missing", "back", "before", "now", "aim", "short", "change"),
        *(f"{kind}{at}" for kind in ("count", "state") for at in range(12)),
    }
)
UPRIGHT_WIDTH, TURNED_WIDTH = 156.0, 225.0  # mm of the text area (GB/T 9704-2012, 5.2.1)
_PADDING = 3.0  # mm of a cell that hold no text
_LINE_BREAK = 6  # characters that a line break costs
_SAMPLE = 200  # rows
# Between Chinese and a figure there is a quarter of a character.
_BESIDE = re.compile(r"(?<=[0-9A-Za-z%])(?=[\u2e80-\uffee])|(?<=[\u2e80-\uffee])(?=[0-9A-Za-z])")
_SPACED = 0.25
_LONGEST_NAME = 24  # characters of an issuer that stand in one line


@dataclass(frozen=True)
class Annex:
    """A table: ``columns`` are keys of columns.py (or of ``headers``), ``rows`` texts or bands.

    ``widths``: of its columns in mm; without them they follow the texts, and fill ``width`` mm (a turned page).
    ``note`` is a paragraph below the table; ``foot`` its last row, which never has a page to itself.
    """

    label: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Band | Cells, ...] = field(repr=False)
    note: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    width: float = TURNED_WIDTH
    widths: tuple[float, ...] = ()
    foot: str = ""

    def header(self, key: str) -> str:
        """What stands above a column: its usual header, unless this table has another."""
        return self.headers.get(key) or COLUMNS[key].header


@dataclass(frozen=True)
class Frame:
    """What stands around the text of a document; what is empty is not printed.

    ``mark``: on line 1 of what stays in the house; ``head`` and ``number``: the red head and the document's
    number (GB/T 9704-2012, 7.2); ``copies``, ``printer`` and ``printed_on``: the imprint (7.4).
    """

    mark: str = ""
    head: str = ""
    number: str = ""
    copies: str = ""
    printer: str = ""
    printed_on: str = ""


class Content(Protocol):
    """What every report holds beside its own texts: a frozen dataclass of plain values."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def title(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def date(self) -> str: ...
    @property
    def file_name(self) -> str: ...
    @property
    def annexes(self) -> tuple[Annex, ...]: ...


def fill(content: Content, template: bytes, template_name: str, on: date, frame: Frame = Frame()) -> bytes:
    """The document: a template filled with what a report says. The same content gives the same bytes.

    Raises TemplateError where the template holds a mark that does not exist, or is damaged.
    """
    properties = Properties(title=content.title, creator=content.issuer, on=on)
    right_indents = _signature(content.issuer, content.date)
    return fill_template(template, template_name, context_of(content, frame), properties, right_indents)


def context_of(content: Content, frame: Frame) -> dict[str, Any]:
    """What the marks of a template may print, by name: texts, lists of them, tables and charts."""
    named = {each.name: _plain(getattr(content, each.name)) for each in fields(content) if each.name != "file_name"}
    return named | {"frame": asdict(frame)}


def _plain(value: Any) -> Any:
    """A value as marks reach into it; tables and charts as the office layer draws them."""
    if isinstance(value, Annex):
        return {"label": value.label, "title": value.title, "note": value.note, "table": _table(value)}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if is_dataclass(value) and not isinstance(value, Chart):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


def _signature(issuer: str, on: str) -> dict[str, float]:
    """How far from the right, in characters, issuer and date stand.

    The issuer two characters in, the date beginning two characters after the issuer does; where
    the date is the longer one it stands two characters in (GB/T 9704-2012, 7.3.5.2).
    """
    name, day = min(ems(issuer), _LONGEST_NAME), ems(on)
    if not issuer:
        return {"成文日期": 4}
    if day > name:
        return {"发文机关署名": 4 + day - name, "成文日期": 2}
    return {"发文机关署名": 2, "成文日期": name - day}


def _table(annex: Annex) -> Table:
    widths = annex.widths or _widths(annex)
    columns = tuple(
        Column(annex.header(key), width, centred=key in _CENTRED)
        for key, width in zip(annex.columns, widths, strict=True)
    )
    return Table(columns, annex.rows, annex.foot)


def _widths(annex: Annex) -> list[float]:
    """Widths in mm that add up to that of the table.

    Each spare millimetre goes where it makes the table shorter: a row is as tall as its fullest cell.
    """
    limits = [_LIMITS.get(key, _DEFAULT_LIMITS) for key in annex.columns]
    lengths = _lengths(annex)
    widths = [_start(annex, at, limits[at]) for at in range(len(limits))]
    while (room := annex.width - sum(widths)) > 0:
        step = min(1.0, room)
        open_ = [at for at, (_, high) in enumerate(limits) if widths[at] < high] or [_widest(limits)]
        best = min(open_, key=lambda at: (_tallness(lengths, widths, at, step), widths[at]))
        widths[best] += step
    return widths


def _start(annex: Annex, at: int, limits: tuple[float, float]) -> float:
    """The least width of a column: a centred one has room for its longest line or name, as far as that goes."""
    if annex.columns[at] not in _CENTRED:
        blank = not any(row[at] for row in annex.rows if not isinstance(row, Band))
        return _BLANK if blank else limits[0]
    cells = [annex.header(annex.columns[at]), *(row[at] or "" for row in annex.rows if not isinstance(row, Band))]
    lines = [line for text in cells for line in re.split("(?<=、)|\n", text)]
    longest = max(ems(line) + _SPACED * len(_BESIDE.findall(line)) for line in lines) * CHARACTER_MM + _PADDING
    return min(max(limits[0], longest), limits[1])


def _lengths(annex: Annex) -> list[list[float]]:
    """How much stands in each cell, in characters; of a long table only every n-th row is looked at."""
    rows = [row for row in annex.rows if not isinstance(row, Band)]
    sample = rows[:: len(rows) // _SAMPLE + 1]
    return [[ems(text or "") + _LINE_BREAK * (text or "").count("\n") for text in row] for row in sample]


def _tallness(lengths: list[list[float]], widths: list[float], at: int, step: float) -> float:
    """The height of the table, in no particular unit, were one column wider by a step."""
    wider = [width + step * (place == at) - _PADDING for place, width in enumerate(widths)]
    return sum((max(map(operator.truediv, row, wider)) for row in lengths), 0.0)


def _widest(limits: Sequence[tuple[float, float]]) -> int:
    return max(range(len(limits)), key=lambda at: limits[at][1])
