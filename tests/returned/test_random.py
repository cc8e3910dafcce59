"""Whatever is typed into the open cells, and whatever harmless things befall the file: the ledger holds it exactly.

TASKKIT_RETURNS=1000 tries so many returns; the tests are content with a few.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taskkit.collecting import collect
from taskkit.columns import BOOK_ROW, HANDLED, is_book_row, is_request
from taskkit.marks import workbook_id
from tests.returned.county import FORMS, County
from tests.returned.hand import clear_ids, data_rows, delete_property, delete_sheet, row_of
from tests.returned.kinds import values
from tests.returned_books import edited, opened, place

Cell = tuple[str, str]  # row id, header
EXAMPLES = int(os.environ.get("TASKKIT_RETURNS", "30"))
SIGNS = "已完成建设12所，进展、３．５％（ＡＢ）“引号”;：%/\\|<>&'\"{}[]#*~😀𠮷é\t\nab=+-@. "
NUMBERS = ("累计完成值", "本月累计")
STATES = ("未启动", "正常推进", "进展滞后", "已完成")
# What a single cell may not say without meaning something else: a withdrawal, an error, a label of the form.
MEANINGS = ("无", "填报人", "联系电话", "审核人", "填表人", "审核领导", "负责人")


def _texts() -> st.SearchStrategy[str]:
    free = st.text(SIGNS, min_size=1, max_size=60)
    begun = st.builds("{}{}".format, st.sampled_from(["=", "+", "-", "@", "'", "=1+", "－", "0"]), free)
    lines = st.lists(free, min_size=2, max_size=5).map("\n".join)
    long = st.builds(lambda text, times: (text * times)[:30_000], free, st.integers(50, 500))
    typed = st.one_of(free, begun, lines, long, st.integers(0, 10**6).map(str))
    return typed.map(str.strip).filter(lambda text: text != "" and text not in MEANINGS)


def _figures() -> st.SearchStrategy[object]:
    whole, cents = st.integers(0, 10**7), st.integers(0, 10**7).map(lambda number: number / 100)
    return st.one_of(whole, cents, whole.map(str), st.sampled_from(["暂无数据", "涉密，另行报送"]))


@dataclass(frozen=True)
class Return:
    """A return: what was typed into which cells of a form, and what befell the file then."""

    form: str
    typed: Mapping[Cell, object]
    damage: tuple[tuple[str, int], ...]


@st.composite
def returns(draw: st.DrawFn, cells: Mapping[str, list[Cell]]) -> Return:
    form = draw(st.sampled_from(sorted(cells)))
    chosen = draw(st.lists(st.sampled_from(cells[form]), unique=True, max_size=8))
    typed = {cell: draw(_contents(form, cell)) for cell in chosen}
    befell = draw(st.lists(st.tuples(st.sampled_from(sorted(DAMAGE)), st.integers(0, 99)), max_size=5))
    return Return(form, typed, tuple(befell))


def _contents(form: str, cell: Cell) -> st.SearchStrategy[object]:
    row, header = cell
    if header in NUMBERS or (form == "plan" and "." in row):
        return _figures()
    known = {"完成情况": STATES, "办理状态": tuple(HANDLED)}
    return st.sampled_from(known[header]) if header in known else _texts()


# --- harmless damage --------------------------------------------------------------------


def _forms(book: Any) -> list[Any]:
    return [sheet for sheet in book.worksheets if data_rows(sheet)]


def _permute_rows(book: Any, chance: random.Random) -> None:
    sheet = chance.choice(_forms(book))
    numbers = data_rows(sheet)
    rows = [[(cell.value, cell.data_type) for cell in sheet[number]] for number in numbers]
    chance.shuffle(rows)
    for number, row in zip(numbers, rows, strict=True):
        _write(sheet, number, row)


def _move_column(book: Any, chance: random.Random) -> None:
    """Cut a column and insert it elsewhere: not the ids, not the first one with its bands, not the last line."""
    sheet = chance.choice(_forms(book))
    at, to = chance.randint(3, sheet.max_column), chance.randint(3, sheet.max_column)
    for number in [3, *data_rows(sheet)]:
        row = [(cell.value, cell.data_type) for cell in sheet[number]]
        row.insert(to - 1, row.pop(at - 1))
        _write(sheet, number, row)


def _write(sheet: Any, number: int, row: list[tuple[Any, str]]) -> None:
    for at, (value, kind) in enumerate(row, 1):
        cell = sheet.cell(number, at)
        cell.value = value
        cell.data_type = kind


def _rename_sheet(book: Any, chance: random.Random) -> None:
    chance.choice(_forms(book)).title = chance.choice(["Sheet1", "进展 (2)", "教育局", "a" * 29])


def _reorder_sheets(book: Any, chance: random.Random) -> None:
    chance.shuffle(book._sheets)
    book.active = next(at for at, sheet in enumerate(book.worksheets) if sheet.sheet_state == "visible")


def _blank_rows(book: Any, chance: random.Random) -> None:
    sheet = chance.choice(_forms(book))
    sheet.insert_rows(chance.choice(data_rows(sheet)), chance.randint(1, 3))


def _hide_rows(book: Any, chance: random.Random) -> None:
    sheet = chance.choice(_forms(book))
    for number in data_rows(sheet):
        sheet.row_dimensions[number].hidden = chance.random() < 0.5


def _filter(book: Any, chance: random.Random) -> None:
    sheet = chance.choice(_forms(book))
    sheet.auto_filter.ref = f"A3:J{row_of(sheet, 'book') if sheet.title == '工作进展' else 9}"
    sheet.auto_filter.add_filter_column(chance.randint(1, 8), ["甲"])


def _show_columns(book: Any, chance: random.Random) -> None:
    for sheet in book.worksheets:
        for dimension in sheet.column_dimensions.values():
            dimension.hidden = False


def _lose_property(book: Any, chance: random.Random) -> None:
    if "_taskkit" in book.sheetnames or _forms(book):
        delete_property(book)


def _lose_marks(book: Any, chance: random.Random) -> None:
    if "_taskkit" in book.sheetnames:
        delete_sheet("_taskkit")(book)


DAMAGE: dict[str, Callable[[Any, random.Random], None]] = {
    "blank rows": _blank_rows,
    "columns moved": _move_column,
    "columns shown": _show_columns,
    "filter": _filter,
    "marks lost": _lose_marks,
    "property lost": _lose_property,
    "rows hidden": _hide_rows,
    "rows permuted": _permute_rows,
    "sheets renamed": _rename_sheet,
    "sheets reordered": _reorder_sheets,
}


def _lose_ids(book: Any) -> None:
    """The ids may go where another mark is left, and where every row says what it is."""
    if workbook_id(next((each.value for each in book.custom_doc_props.props), None)) or "_taskkit" in book.sheetnames:
        clear_ids(book)


# --- the properties ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def cells(county: County, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Cell]]:
    """The open cells of each form, by the row ids that stand in the file."""
    with county.ledger("quarter", tmp_path_factory.mktemp("cells")) as ledger:
        books = {form: _sent(ledger, county, form) for form in ("plan", "quarter", "support", "month")}
    return {form: [_in_file(*cell.key) for cell in book.cells if cell.open] for form, book in books.items()}


def _in_file(row_id: str, header: str) -> Cell:
    return (BOOK_ROW if is_book_row(row_id) else row_id), header


def _sent(ledger: Any, county: County, form: str) -> Any:
    [mark] = [each.value for each in opened(county.sent[form]).custom_doc_props.props if workbook_id(each.value)]
    return ledger.workbook(mark)


def _file(county: County, case: Return, ids: bool = True) -> bytes:
    def edit(book: Any) -> None:
        for (row, header), content in case.typed.items():
            cell = place(book, row, header)
            cell.value = content
            if isinstance(content, str):
                cell.data_type = "s"  # typed as a text: no formula comes of =
        for name, seed in case.damage:
            DAMAGE[name](book, random.Random(seed))
        if not ids:
            _lose_ids(book)

    return edited(county.sent[case.form], edit)


def _check(county: County, case: Return, data: bytes, known: bool = True) -> None:
    """``known``: the rows of 调整申请 can be told from each other; without ids they are all alike."""
    form = FORMS[case.form]
    with tempfile.TemporaryDirectory() as folder, county.ledger(case.form, Path(folder)) as ledger:
        path = Path(folder) / "returned.xlsx"
        path.write_bytes(data)
        result = collect(ledger, path, apply=True)
        held = {(key[2], key[3]): text for key, text in values(ledger).items() if key[:2] == (form.unit, form.period)}
        typed = {cell: _plain(content) for cell, content in case.typed.items()}
        if all(row_id == BOOK_ROW for row_id, _ in typed):
            typed = {}  # who fills a form in reports nothing by that
        if "text-spilled" in set(result.findings["code"]):  # texts as odd as these may look like one that ran on
            assert held.items() < typed.items()
            return
        assert typed == held or (not known and _rows(typed) == _rows(held))
        assert ["accepted" if typed else "untouched"] == list(result.files["outcome"])
        assert "error" not in set(result.findings["severity"])
        assert "duplicate" in set(collect(ledger, path).files["outcome"]) or not typed


def _rows(held: Mapping[Cell, str]) -> list[list[tuple[str, str]]]:
    """What was typed, row by row; the rows of 调整申请 without their numbers."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for (row_id, header), text in held.items():
        rows.setdefault(row_id, [("", "R" if is_request(row_id) else row_id)]).append((header, text))
    return sorted(sorted(row) for row in rows.values())


def _plain(content: object) -> str:
    text = str(content)
    return text.removesuffix(".0") if isinstance(content, float) else text


def test_the_ledger_holds_exactly_what_was_typed(county: County, cells: dict[str, list[Cell]]) -> None:
    @given(case=returns(cells))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def holds(case: Return) -> None:
        _check(county, case, _file(county, case))

    holds()


def test_the_ledger_holds_it_without_ids_too(county: County, cells: dict[str, list[Cell]]) -> None:
    own = {form: cells[form] for form in ("quarter", "support")}

    @given(case=returns(own))
    @settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def holds(case: Return) -> None:
        _check(county, case, _file(county, case, ids=False), known=False)

    holds()
