"""Whether a template gives forms that can be taken back: ids in the first column, open fields under their headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from taskkit.book import Book, BookSheet
from taskkit.columns import ROW_KINDS, Field, find_column, header_key
from taskkit.errors import TemplateError
from taskkit.office.filling import Filling, Layout
from taskkit.office.marks import replaced
from taskkit.places import column_letter


def uncollectable(
    found: Mapping[str, Layout], forms: Iterable[tuple[Book, Filling]], template: str
) -> Iterator[TemplateError]:
    """What keeps the forms made of a template from being taken back, each problem with sheet and column.

    ``found`` are the template's layouts (``filling.layouts``), ``forms`` what would be filled in.
    """
    checked: set[tuple[str, str, tuple[str, ...]]] = set()
    for book, filling in forms:
        for sheet in book.sheets:
            page = next((each for each in filling.sheets if each.title == sheet.title), None)
            if page is None:
                continue  # a table of all units leaves out what each fills in for itself alone
            values = {**filling.values, **page.values}
            for line in sheet.lines:
                if (sheet.title, line.kind, line.open) in checked:
                    continue
                checked.add((sheet.title, line.kind, line.open))
                layout = found.get(sheet.title)
                if layout is not None:  # filling names a sheet that is missing
                    place = f"模板 {template} 的“{sheet.title}”"
                    yield from _in_rows(layout, sheet, line.kind, line.open, values, place)


def _in_rows(
    layout: Layout, sheet: BookSheet, kind: str, opened: Sequence[str], values: Mapping[str, object], place: str
) -> Iterator[TemplateError]:
    """The model row of one kind: its id in the first column, each open field under a header that names it."""
    if kind == "item" and not any(mark.startswith("item.") for mark in layout.marks):
        return  # the rows for 举措 may be left out
    if layout.marks.get(f"{kind}.id", (0, 0))[1] != 1:
        yield TemplateError(
            f"{place}第一列没有 {{{{ {kind}.id }}}}，填好的表收不回来", "请在样板行的第一列补上这个标记"
        )
    yield from _hidden(layout, sheet, kind, opened, place)
    headers = header_columns(layout, sheet.fields, values)
    for field in sheet.fields:
        key, header = field.column.key, field.column.header
        if key not in opened:
            continue
        mark = f"{{{{ {kind}.{key} }}}}"
        if f"{kind}.{key}" not in layout.marks:
            yield TemplateError(f"{place}没有 {mark}，“{header}”没有地方填", "请在样板行里补上，标记要单独占一格")
        elif headers.get(layout.marks[f"{kind}.{key}"][1]) != key:
            yield TemplateError(
                f"{place}：{mark} 上方的表头认不出是“{header}”", f"请把这一列的表头写成“{header}”，后面可加括号说明"
            )


def _hidden(layout: Layout, sheet: BookSheet, kind: str, opened: Sequence[str], place: str) -> Iterator[TemplateError]:
    """What is to be filled in must be in sight: what nobody sees comes back empty."""
    if layout.is_hidden:
        yield TemplateError(f"{place}是隐藏的工作表，单位看不到要填的表", "请取消隐藏这张工作表")
    rows = sorted({row for mark, (row, _) in layout.marks.items() if mark.startswith(f"{kind}.")})
    for row in rows:
        if row in layout.hidden_rows:
            yield TemplateError(f"{place}第{row}行（样板行）是隐藏的，单位看不到要填的行", "请取消隐藏这一行")
    for field in sheet.fields:
        column = layout.marks.get(f"{kind}.{field.column.key}", (0, 0))[1]
        if field.column.key in opened and column in layout.hidden_columns:
            yield TemplateError(
                f"{place}{column_letter(column)}列（“{field.column.header}”）是隐藏的，单位没有地方填",
                "请取消隐藏这一列",
            )


def header_columns(layout: Layout, fields: Sequence[Field], values: Mapping[str, object]) -> dict[int, str]:
    """Column number -> key, from the row that names most fields (as collecting finds it)."""
    rows: dict[int, dict[int, tuple[str, bool]]] = {}
    models = {row for mark, (row, _) in layout.marks.items() if mark.split(".")[0] in ROW_KINDS}
    for (row, column), text in layout.texts.items():
        written = replaced(text, values)
        if row not in models and (named := find_column(written, fields)):
            exact = header_key(named.header) == header_key(written)
            rows.setdefault(row, {})[column] = (named.key, exact)
    best = max(rows.values(), key=len, default={})
    own = {key for key, exact in best.values() if exact}
    return {column: key for column, (key, exact) in best.items() if exact or key not in own}
