"""Write the bundled templates of the forms: of plans, of reports, of 批示, of the 总表, of supplements.

    python docs/make_templates.py [FOLDER]

The templates are ordinary workbooks that an office may change in Excel or WPS (docs/templates.md);
this script makes the ones that are shipped. The same script gives the same bytes. Headers, prompts
and the order of columns come from taskkit.columns; what stands here is what they look like.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from form_notes import DIRECTIVE_NOTES, PLAN_NOTES, PROGRESS_NOTES, SUPPLEMENT_NOTES, TOGETHER_NOTES, Notes
from form_widths import AS_TEXT, CENTRED, FOOT_PLACES, GOAL_WIDTHS, MINIMUM_HEIGHT, WIDTHS
from looks import A3, A4, CREATED, FOLDER, HEAD, HEI, KAI, LINE, RED, SONG, TITLE, Formats, new_book
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from taskkit.columns import (
    ANNEX_SHEET,
    BOOK_FIELDS,
    DIRECTIVE_SHEET,
    ITEM_KEYS,
    ONLY_FILLED,
    PLAN_SHEET,
    PREFILLED,
    PROGRESS_SHEET,
    RELAY_SHEET,
    REQUEST_SHEET,
    SUPPORT_SHEET,
    TARGETS_PLAN_SHEET,
    TARGETS_SHEET,
    Field,
    Sheet,
    together_sheets_for,
)
from taskkit.settings import Settings
from taskkit.workbook import drop_downs

STAGES = 4  # goal columns in sight; the others are hidden until a plan has more stages
MOST_STAGES = 12

# Greys for bands and for what is not printed, a light yellow for what is asked.
ASIDE, BAND, EMPTY, GREY = "#EFEFEF", "#F3F5F8", "#FFF8DC", "#7F7F7F"

# Widths in characters of the default font; two to a Chinese character.


@dataclass(frozen=True)
class Look:
    """How one sheet is laid out: paper, the rows of its model block, whether it ends in a signature.

    ``sealed``: it ends in the line for the seal alone; ``frozen`` are the columns that stay in sight.
    """

    sheet: Sheet
    title: str
    paper: int
    model: str  # the kind of its rows
    items: bool = False
    signed: bool = True
    sealed: bool = False
    filtered: bool = False
    frozen: int = 3
    wide: tuple[tuple[str, int], ...] = ()

    def width(self, key: str) -> int:
        if key.startswith("goal"):
            return GOAL_WIDTHS[self.sheet.key]
        return dict(self.wide).get(key, WIDTHS[key])


PLAN_LOOKS = (
    Look(PLAN_SHEET, "{{ book.title }}", A3, "task", items=True),
    Look(TARGETS_PLAN_SHEET, "{{ unit.full_name }}{{ plan.year }}量化指标目标", A4, "target", signed=False),
)
PROGRESS_LOOKS = (
    Look(PROGRESS_SHEET, "{{ book.title }}", A4, "task", filtered=True),
    Look(TARGETS_SHEET, "{{ unit.full_name }}{{ period.label }}量化指标完成情况", A4, "target", signed=False),
    Look(ANNEX_SHEET, "{{ book.title }}", A4, "target", wide=(("title", 34),)),
    Look(
        SUPPORT_SHEET,
        "{{ unit.full_name }}{{ period.label }}配合任务进展",
        A4,
        "task",
        wide=(("no", 9), ("title", 40), ("progress", 58), ("problem", 36)),
    ),
    Look(
        RELAY_SHEET,
        "{{ unit.full_name }}{{ period.label }}配合单位进展",
        A4,
        "relay",
        signed=False,
        wide=(("no", 7), ("title", 40), ("progress", 62), ("problem", 40)),
    ),
    Look(DIRECTIVE_SHEET, "{{ unit.full_name }}{{ period.label }}批示办理情况", A4, "directive", frozen=2),
    Look(
        REQUEST_SHEET,
        "{{ unit.full_name }}{{ plan.year }}重点任务调整申请",
        A4,
        "request",
        signed=False,
        sealed=True,
        frozen=0,
    ),
)


def together_looks(period_kind: str, looks: Sequence[Look]) -> tuple[Look, ...]:
    """How the 总表 is laid out: as the units' forms, on A3, with the unit before each row and nobody's signature."""
    titles = {sheet.title: sheet for sheet in together_sheets_for(period_kind)}
    return tuple(
        replace(
            look,
            sheet=titles[look.sheet.title],
            title=f"{{{{ book.title }}}}（{look.sheet.title}）",
            paper=A3,
            signed=False,
            filtered=True,
            frozen=4,
        )
        for look in looks
        if look.sheet.title in titles
    )


HEADING = ("填报说明", "{{ book.title }}")
SUPPLEMENT_HEADING = ("说　明", "{{ unit.full_name }}{{ period.label }}配合单位进展（补发）")


def main(folder: Path = FOLDER) -> None:
    """Write the templates into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    write_template(folder / "plan.xlsx", PLAN_LOOKS, PLAN_NOTES)
    write_template(folder / "progress.xlsx", PROGRESS_LOOKS, PROGRESS_NOTES)
    write_template(folder / "plan_together.xlsx", together_looks("plan", PLAN_LOOKS), TOGETHER_NOTES)
    write_template(folder / "progress_together.xlsx", together_looks("month", PROGRESS_LOOKS), TOGETHER_NOTES)
    directed = next(look for look in PROGRESS_LOOKS if look.sheet is DIRECTIVE_SHEET)
    write_template(folder / "directives.xlsx", (directed,), DIRECTIVE_NOTES)
    relayed = next(look for look in PROGRESS_LOOKS if look.sheet is RELAY_SHEET)
    write_template(folder / "supplement.xlsx", (relayed,), SUPPLEMENT_NOTES, SUPPLEMENT_HEADING)


def write_template(path: Path, looks: Sequence[Look], notes: Notes, heading: tuple[str, str] = HEADING) -> None:
    book = new_book(path)
    book.set_properties({"created": CREATED, "title": "{{ book.title }}", "author": "{{ plan.issuer }}"})
    write_notes(book, notes, heading)
    pages = [Page(book, look) for look in looks]
    for page in pages:
        page.write()
    pages[0].sheet.activate()
    write_hidden(book, any(look.sheet is DIRECTIVE_SHEET for look in looks))
    book.close()


class Page:
    """One sheet with a table: title, line 2, header, the model block, the lines below."""

    def __init__(self, book: Workbook, look: Look) -> None:
        self.look = look
        self.sheet: Worksheet = book.add_worksheet(look.sheet.title)
        self.formats = Formats(book)
        self.fields = look.sheet.fields_of([str(number) for number in range(1, MOST_STAGES + 1)])
        self.printed = sum(field.printed for field in self.fields)
        self.header_row = 2
        self.first = 3
        self.model_row = self.first + 2
        self.last = self.model_row + (1 if look.items else 0)
        lines = 1 + max(line for line, _ in FOOT_PLACES[look.sheet.key]) if look.signed else 0
        self.signature = self.last + 1 + lines

    def write(self) -> None:
        self.columns()
        self.head()
        self.bands()
        self.model(self.model_row, self.look.model)
        if self.look.items:
            self.model(self.last, "item")
        if self.look.signed:
            self.foot()
        if self.look.signed or self.look.sealed:
            self.seal()
        self.helps()
        self.colours()
        self.protect()
        self.print_setup()

    def columns(self) -> None:
        self.sheet.set_column(0, 0, 8, None, {"hidden": True})
        for at, field in self.placed():
            key = field.column.key
            hidden = _stage(key) > STAGES or key in ONLY_FILLED
            self.sheet.set_column(at, at, self.look.width(key), None, {"hidden": True} if hidden else {})

    def placed(self) -> Iterator[tuple[int, Field]]:
        return iter(enumerate(self.fields, 1))

    def head(self) -> None:
        sheet, last = self.sheet, self.printed  # hidden columns take no room, and may come into sight
        title = self.formats(TITLE, 20, align="center", valign="vcenter", text_wrap=False)
        line = self.formats(KAI, 11, valign="vcenter", text_wrap=False)
        sheet.set_row(0, 42)
        sheet.merge_range(0, 1, 0, last, self.look.title, title)
        sheet.set_row(1, 24)
        sheet.merge_range(1, 1, 1, last, "{{ book.line }}", line)
        sheet.set_row(self.header_row, 33)
        sheet.write_string(self.header_row, 0, self.look.sheet.id_header, self.formats(HEI, 10.5))
        for at, field in self.placed():
            sheet.write_string(self.header_row, at, _header(field), self.header_format(field))
        aside = [at for at, field in self.placed() if not field.printed and field.column.key not in ONLY_FILLED]
        if aside:
            note = self.formats(SONG, 9, font_color=GREY, valign="bottom", text_wrap=False)
            sheet.write_string(1, aside[0], "以下各列供填报时参考，不打印", note)

    def visible(self) -> int:
        """The last printed column that is in sight."""
        shown = [at for at, field in self.placed() if field.printed and _stage(field.column.key) <= STAGES]
        return shown[-1]

    def header_format(self, field: Field) -> Format:
        fill = HEAD if field.printed else ASIDE
        return self.formats(HEI, 10.5, align="center", valign="vcenter", bg_color=fill, border=1, border_color=LINE)

    def bands(self) -> None:
        for row, mark, font in ((self.first, "{{ section }}", HEI), (self.first + 1, "{{ group }}", KAI)):
            fill = {"bg_color": BAND} if font == HEI else {}
            self.sheet.set_row(row, 21)
            inner = {"top": 1, "bottom": 1, "border_color": LINE, "valign": "vcenter", "text_wrap": False, **fill}
            last = self.printed
            for at in range(1, last + 1):
                sides = {"left": 1} if at == 1 else {"right": 1} if at == last else {}
                self.sheet.write_blank(row, at, None, self.formats(font, 10.5, **inner, **sides))
            self.sheet.write_string(row, 1, mark, self.formats(font, 10.5, **inner, left=1))

    def model(self, row: int, kind: str) -> None:
        self.sheet.set_row(row, MINIMUM_HEIGHT[kind])
        self.sheet.write_string(row, 0, f"{{{{ {kind}.id }}}}", self.formats(SONG, 9))
        for at, field in self.placed():
            self.sheet.write_string(row, at, f"{{{{ {kind}.{field.column.key} }}}}", self.cell_format(field, kind))

    def cell_format(self, field: Field, kind: str) -> Format:
        column, look = field.column, {"border": 1, "border_color": LINE}
        more: dict[str, Any] = {"align": "center"} if column.key in CENTRED else {}
        if column.kind == "number":
            more["align"] = "right"
        if column.key == "rate":
            more["num_format"] = '0.0"%"'
        if column.key in AS_TEXT:
            more["num_format"] = "@"
        if self.open(field, kind):
            more["locked"] = False
        if not field.printed or (kind == "item" and column.key == "title"):
            more["font_color"] = GREY if kind == "item" else "#595959"
        if column.key == "opinion":
            more["font_color"] = RED
        if kind == "item" and column.key == "title":
            more["align"] = "right"
        if kind == "target":
            more["valign"] = "vcenter"
        return self.formats(SONG, 10.5, **look, **more)

    def open(self, field: Field, kind: str) -> bool:
        if kind == "item":
            return field.column.key in ITEM_KEYS or field.column.key.startswith("goal")
        return field.opening != "shown"

    def foot(self) -> None:
        for row in range(self.last + 1, self.signature):
            self.sheet.set_row(row, 30)
            self.sheet.write_string(row, 0, "{{ book.id }}", self.formats(SONG, 9))
        label = self.formats(HEI, 10.5, align="right", valign="vcenter", text_wrap=False)
        value = self.formats(SONG, 10.5, valign="vcenter", locked=False, bottom=1, border_color=LINE, num_format="@")
        for (row, at, name), field in zip(self.foot_places(), BOOK_FIELDS, strict=True):
            self.sheet.write_string(row, at, f"{name}：", label)
            self.sheet.write_string(row, at + 1, f"{{{{ book.{field.column.key} }}}}", value)

    def seal(self) -> None:
        self.sheet.set_row(self.signature, 36)
        sign = self.formats(SONG, 10.5, align="right", valign="vcenter", text_wrap=False)
        self.sheet.write_string(
            self.signature, self.visible(), "单位（盖章）：　　　　　　　　　　　　　年　　月　　日", sign
        )

    def foot_places(self) -> list[tuple[int, int, str]]:
        """Row and column where the labels 填报人, 联系电话, 审核人 stand, each with its value to the right of it."""
        columns = {field.column.key: at for at, field in self.placed()}
        places = [(self.last + 1 + line, columns[key]) for line, key in FOOT_PLACES[self.look.sheet.key]]
        return [(*place, name) for place, name in zip(places, ("填报人", "联系电话", "审核人"), strict=True)]

    def helps(self) -> None:
        """Prompts, drop-downs and the one check there is, once for each column."""
        for at, field in self.placed():
            if field.opening == "shown" and not (self.look.items and field.column.key in ITEM_KEYS):
                continue
            spec = self.validation(at, field)
            if self.sheet.data_validation(self.first, at, self.last, at, spec) != 0:
                raise SystemExit(f"validation of {field.column.header} was not written")

    def validation(self, at: int, field: Field) -> dict[str, Any]:
        column = field.column
        cell = f"{xl_col_to_name(at)}{self.first + 1}"
        title = column.header
        spec: dict[str, Any] = {"validate": "any", "input_title": title[:32], "input_message": column.prompt[:255]}
        if column.kind == "number":
            spec |= {
                "validate": "custom",
                "value": f"=OR(ISTEXT({cell}),{cell}>=0)",
                "error_title": title[:32],
                "error_message": "这里不能是负数。没有数据的，请填“暂无数据”。",
            }
        if column.choices:
            spec |= {
                "validate": "list",
                "value": f"=列表_{column.header}",
                "error_type": "warning",
                "error_title": title[:32],
                "error_message": "请从下拉列表中选择。确需另填的，请点“是”。",
            }
        return {key: value for key, value in spec.items() if value != ""}

    def colours(self) -> None:
        """Yellow while empty (not on the optional rows for 举措 and requests), grey while as last sent."""
        empty = self.formats.rule({"bg_color": EMPTY})
        first, last = self.first + 1, self.last + 1
        wanted = f'ISERROR(FIND("+",$A{first}))'
        for at, field in self.placed():
            if field.opening == "shown" or self.look.model == "request":
                continue
            name = xl_col_to_name(at)
            rule = f'=AND($A{first}<>"",{wanted},LEN(TRIM({name}{first}))=0)'
            self.sheet.conditional_format(f"{name}{first}:{name}{last}", _rule(rule, empty))
        if self.look.signed:
            for row, at, _ in self.foot_places():
                cell = f"{xl_col_to_name(at + 1)}{row + 1}"
                self.sheet.conditional_format(cell, _rule(f"=LEN(TRIM({cell}))=0", empty))
        self.grey_while_unchanged(first, last)

    def grey_while_unchanged(self, first: int, last: int) -> None:
        at = {field.column.key: xl_col_to_name(place) for place, field in self.placed()}
        for key, kept in PREFILLED.items():
            if kept in at:
                now, then = f"{at[key]}{first}", f"${at[kept]}{first}"
                grey = self.formats.rule({"font_color": GREY})
                rule = f"=AND(LEN({now})>0,EXACT({now},{then}))"
                self.sheet.conditional_format(f"{now}:{at[key]}{last}", _rule(rule, grey))

    def protect(self) -> None:
        self.sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True, "autofilter": True})
        if self.look.filtered:
            self.sheet.autofilter(self.header_row, 1, self.last, self.printed)
        self.sheet.freeze_panes(self.header_row + 1, self.look.frozen)
        first_open = next((at for at, field in self.placed() if field.opening == "open"), 1)
        self.sheet.set_selection(self.model_row, first_open, self.model_row, first_open)

    def print_setup(self) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(self.look.paper)
        sheet.set_margins(left=0.47, right=0.47, top=0.59, bottom=0.63)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.repeat_rows(self.header_row)
        sheet.print_area(0, 1, self.signature if self.look.signed or self.look.sealed else self.last, self.printed)
        footer = f'&L&"{SONG},Regular"&9{{{{ unit.name }}}}　{self.look.sheet.title}'
        footer += f'&C&"{SONG},Regular"&9第 &P 页 共 &N 页&R&"{SONG},Regular"&9{{{{ book.footer }}}}'
        sheet.set_footer(footer, {"margin": 0.31})


def write_notes(book: Workbook, notes: Notes, titles: tuple[str, str]) -> None:
    """The sheet 填报说明: one column of short paragraphs on a portrait page."""
    sheet, formats = book.add_worksheet("填报说明"), Formats(book)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 74)  # a single column that is wider than the page is cut, not scaled, by LibreOffice
    sheet.hide_gridlines(2)
    lines = [(titles[0], formats(TITLE, 20, align="center", valign="vcenter"), 48.0)]
    lines.append((titles[1], formats(KAI, 14, align="center", valign="vcenter"), 30.0))
    for heading, paragraphs in notes:
        if len(heading) > 1:
            lines.append((heading, formats(HEI, 13, valign="vcenter"), 30.0))
        colour = {"font_color": RED, "bold": True} if heading == "!" else {}
        lines.extend(
            (text, formats(SONG, 12, valign="vcenter", indent=1, **colour), _height(text)) for text in paragraphs
        )
    for row, (text, look, height) in enumerate(lines):
        sheet.set_row(row, height)
        sheet.write_string(row, 1, text, look)
    sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
    sheet.set_paper(A4)
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 1, len(lines) - 1, 1)


def write_hidden(book: Workbook, has_directives: bool) -> None:
    """The very hidden sheet: the workbook's marks (filled in later) and the lists of the drop-downs."""
    sheet = book.add_worksheet("_taskkit")
    lists = drop_downs([state.name for state in Settings().states()])
    for at, (title, entries) in enumerate(list(lists.items())[: 1 + has_directives], 3):
        for row, text in enumerate((title, *entries)):
            sheet.write_string(row, at, text)
        column = xl_col_to_name(at)
        book.define_name(f"列表_{title}", f"=_taskkit!${column}$2:${column}${len(entries) + 1}")
    sheet.very_hidden()


def _stage(key: str) -> int:
    return int(key[4:]) if key.startswith("goal") else 0


def _header(field: Field) -> str:
    key, header = field.column.key, field.column.header
    if _stage(key) or key in ONLY_FILLED:
        return f"{{{{ header.{key} }}}}"
    return f"{header}（{{{{ period.span }}}}）" if key in ("progress", "achieved", "month_total") else header


def _rule(formula: str, look: Format) -> dict[str, Any]:
    return {"type": "formula", "criteria": formula, "format": look}


def _height(text: str) -> float:
    """The height of a paragraph of the instructions; a mark gives some six characters, a sentence some forty."""
    text = re.sub(r"{{ book\.how_\w+ }}", "一" * 40, text)
    return 24.0 * max(1, -(-len(re.sub(r"{{.*?}}", "六个字左右的", text)) // 34))


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
