"""What the scripts that make workbook templates share: colours, fonts, cell formats, tables, instructions.

The tables of this module are those of list-like workbooks (the proofreading workbook, the unit
lists): nothing is locked, and what is read back is found by its headers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from taskkit.sheet_forms.forms import Form

FOLDER = Path(__file__).parent.parent / "templates" / "workbooks"
A3, A4 = 8, 9
CREATED = datetime(2026, 1, 1)  # every workbook says so, so that the same script gives the same bytes
# Restrained colours: one blue-grey for heads, grey for what is only there to compare with, one for doubts.
HEAD, ASIDE, DOUBT = "#DEE6EF", "#F4F4F4", "#FBE3C8"
LINE, GREY, LINK, RED = "#8C8C8C", "#595959", "#1F4E79", "#A61C1C"
SONG, HEI, KAI, TITLE = "宋体", "黑体", "楷体_GB2312", "方正小标宋简体"


class Formats:
    """The cell formats of a workbook, each made once; ``base`` holds for all of them."""

    def __init__(self, book: Workbook, **base: Any) -> None:
        self._book = book
        self._base = base
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def __call__(self, font: str = SONG, size: float = 10.5, **more: Any) -> Format:
        spec = {
            "font_name": font,
            "font_size": size,
            "font_family": 1,
            "font_scheme": "",
            "valign": "top",
            "text_wrap": True,
            **self._base,
            **more,
        }
        key = tuple(sorted(spec.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(spec)
        return self._made[key]

    def rule(self, spec: dict[str, Any]) -> Format:
        """A format of a conditional rule, which says only what differs."""
        return self._book.add_format(spec)


def new_book(path: Path) -> Workbook:
    """An empty workbook that has the same bytes whenever it is made."""
    book = Workbook(str(path), {"in_memory": True, "default_format_properties": {"font_name": SONG, "font_size": 11}})
    book.set_properties({"created": CREATED})
    return book


@dataclass(frozen=True)
class Look:
    """How one sheet is laid out: its widths in characters (two to a Chinese one), paper, height of a row.

    By the keys of columns: ``centred``, ``right``; ``asides`` are grey, for comparison only; ``as_text``
    keeps what is typed as it is; ``lists`` names the drop-downs, ``prompts`` the columns that show theirs.
    """

    form: Form
    widths: Mapping[str, float]
    title: str
    subtitle: str
    footer: str
    centred: Collection[str] = ()
    right: Collection[str] = ()
    asides: Collection[str] = ()
    as_text: Collection[str] = ()
    dates: Collection[str] = ()
    links: Collection[str] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    prompts: Collection[str] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[str, float] = field(default_factory=dict)
    attention: Mapping[str, Any] = field(default_factory=lambda: {"bg_color": DOUBT})
    paper: int = A4
    height: float = 30
    frozen: int = 1  # columns that stay in sight
    landscape: bool = True
    filtered: bool = True


class Page:
    """One sheet with a table: title, a line on how to use it, header, the model row, the look of doubts."""

    header_row, model_row = 2, 3

    def __init__(self, sheet: Worksheet, look: Look, formats: Formats) -> None:
        self.sheet, self.look, self.formats = sheet, look, formats
        self.form = look.form
        self.last_column = len(self.form.fields) - 1
        self.last_row = self.model_row + 1

    def write(self) -> None:
        self.head()
        self.model(self.model_row, self.form.key, {})
        # How a cell that needs attention looks.
        self.model(self.last_row, "marked", self.look.attention)
        self.helps()
        self.print_setup()

    def head(self) -> None:
        sheet = self.sheet
        sheet.set_row(0, 36)
        sheet.write_string(0, 0, self.look.title, self.formats(TITLE, 18, valign="vcenter", text_wrap=False))
        sheet.set_row(1, 21)
        sheet.write_string(1, 0, self.look.subtitle, self.formats(KAI, 10.5, valign="vcenter", text_wrap=False))
        sheet.set_row(self.header_row, 30)
        for at, each in enumerate(self.form.fields):
            key = each.column.key
            sheet.set_column(at, at, self.look.widths[key])
            fill = ASIDE if key in self.look.asides else HEAD
            look = {"align": "center", "valign": "vcenter", "bg_color": fill, "border": 1, "border_color": LINE}
            header = self.look.headers.get(key, each.column.header)
            sheet.write_string(self.header_row, at, header, self.formats(HEI, 10.5, **look))

    def model(self, row: int, kind: str, more: Mapping[str, Any]) -> None:
        self.sheet.set_row(row, self.look.height)
        for at, each in enumerate(self.form.fields):
            key = each.column.key
            self.sheet.write_string(row, at, f"{{{{ {kind}.{key} }}}}", self.cell(key, more))

    def cell(self, key: str, more: Mapping[str, Any]) -> Format:
        look: dict[str, Any] = {"border": 1, "border_color": LINE}
        if key in self.look.centred:
            look["align"] = "center"
        if self.look.height < 30:
            look["valign"] = "vcenter"
        if key in self.look.right:
            look["align"] = "right"
        if key in self.look.asides:
            look |= {"bg_color": ASIDE, "font_color": GREY}
        if key in self.look.dates:
            look["num_format"] = "yyyy-mm-dd"
        if key in self.look.as_text:
            look["num_format"] = "@"
        if key in self.look.links:
            look |= {"font_color": LINK, "underline": 1}
        return self.formats(SONG, self.look.sizes.get(key, 10.5), **(look | dict(more)))

    def helps(self) -> None:
        """Drop-downs (other words may be typed) and prompts, also for rows that are added below."""
        for at, each in enumerate(self.form.fields):
            column = each.column
            spec: dict[str, Any] = {}
            if column.key in self.look.lists:
                spec = {"validate": "list", "value": f"=列表_{self.look.lists[column.key]}", "error_type": "warning"}
                spec |= {"error_title": column.header, "error_message": "请从下拉列表中选择。确需另填的，请点“是”。"}
            if column.key in self.look.prompts and column.prompt:
                spec = {"validate": "any", **spec, "input_title": column.header, "input_message": column.prompt}
            if spec and self.sheet.data_validation(self.model_row, at, self.last_row, at, spec) != 0:
                raise SystemExit(f"validation of {column.header} was not written")

    def print_setup(self) -> None:
        sheet, look = self.sheet, self.look
        if look.filtered:
            sheet.autofilter(self.header_row, 0, self.last_row, self.last_column)
        sheet.freeze_panes(self.header_row + 1, look.frozen)
        sheet.set_selection(self.model_row, 0, self.model_row, 0)
        if look.landscape:
            sheet.set_landscape()
        sheet.set_paper(look.paper)
        sheet.set_margins(left=0.47, right=0.47, top=0.59, bottom=0.63)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self.header_row)
        sheet.print_area(0, 0, self.last_row, self.last_column)
        footer = f'&L&"{SONG},Regular"&9{self.form.title}&C&"{SONG},Regular"&9第 &P 页 共 &N 页'
        sheet.set_footer(footer + f'&R&"{SONG},Regular"&9{look.footer}', {"margin": 0.31})


def write_notes(
    sheet: Worksheet, formats: Formats, title: str, subtitle: str, notes: Sequence[tuple[str, str]]
) -> None:
    """A sheet of instructions: one column of short paragraphs on a portrait page."""
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 76)  # a single column that is wider than the page is cut, not scaled, by LibreOffice
    sheet.hide_gridlines(2)
    looks = {
        "h": formats(HEI, 13, valign="vcenter"),
        "p": formats(SONG, 12, valign="vcenter", indent=1),
        "!": formats(SONG, 12, valign="vcenter", indent=1, font_color=RED, bold=True),
    }
    sheet.set_row(0, 48)
    sheet.write_string(0, 1, title, formats(TITLE, 20, align="center", valign="vcenter"))
    sheet.set_row(1, 34)
    sheet.write_string(1, 1, subtitle, formats(KAI, 14, align="center", valign="vcenter"))
    for row, (kind, text) in enumerate(notes, 2):
        sheet.set_row(row, 30 if kind == "h" else 4 + 18.0 * lines(text))
        sheet.write_string(row, 1, text, looks[kind])
    sheet.set_paper(A4)
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 1, len(notes) + 1, 1)


def lines(text: str) -> int:
    """How many lines of the instructions a text takes."""
    return -(-sum(2 if ord(sign) > 0x2000 else 1 for sign in text) // 70)


def write_lists(book: Workbook, names: Sequence[str]) -> None:
    """The very hidden sheet: what the workbook is (filled in later), with the lists of the drop-downs."""
    sheet = book.add_worksheet("_taskkit")
    for column, name in enumerate(names, 3):
        letter = xl_col_to_name(column)
        sheet.write_string(0, column, name)
        book.define_name(f"列表_{name}", f"=_taskkit!${letter}$2:${letter}$2")
    sheet.very_hidden()
