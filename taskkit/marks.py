"""Which workbook a returned file is: the marks that it carries (decision 4), and the hidden ids before its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from taskkit.columns import RELAY_SHEET
from taskkit.entries import Workbook
from taskkit.errors import InputError
from taskkit.merge import canonical
from taskkit.office.sheets import BookData, Cell, SheetData
from taskkit.sheet_forms.marks import MARK_SHEET

PROPERTY = "taskkit-workbook"
DECISIONS_PROPERTY = "taskkit-decisions"  # of a conflicts workbook: the name of the plan
LIST_PROPERTY, TABLE = "taskkit-list", "taskkit-table"  # of lists and tables that are only read
SUPPLEMENT = RELAY_SHEET.title
REGISTER_PROPERTY = "taskkit-register"  # of the register as a workbook: the plan whose it is
_READ_BACK = {DECISIONS_PROPERTY: "待决定表", REGISTER_PROPERTY: "收件登记"}  # lists that load takes
_OURS = {"proofreading": "核对稿", "roster": "名册", "supplement": SUPPLEMENT}  # by what their hidden sheets say
ID = re.compile(r"(W[A-Z2-7]{12})\.(\S{1,40})")
_WORKBOOK = re.compile(r"W[A-Z2-7]{12}")


class NoReturnError(InputError):
    """A workbook of ours that no unit returns: a list, a report, or one that another ledger sent."""


@dataclass(frozen=True)
class Marks:
    """The workbook ids that a file carries: in its property, on its hidden sheet, and before its rows."""

    property: str | None
    sheet: str | None
    rows: Mapping[str, int]
    other: str = ""  # what else of ours the file is, that nobody fills in for a report


def marks_of(book: BookData) -> Marks:
    """Read the three marks of a workbook; any of them may be missing."""
    said = next((_key_values(sheet) for sheet in book.sheets if sheet.title.strip().lower() == MARK_SHEET), {})
    counted = Counter(owner for sheet in book.sheets for owner, _ in ids_of(sheet).values())
    named = book.properties.get(PROPERTY)
    is_list = LIST_PROPERTY in book.properties or named == TABLE
    read_back = (word for name, word in _READ_BACK.items() if name in book.properties)
    other = _OURS.get(said.get("kind", ""), next(read_back, "报表" if is_list else ""))
    return Marks(workbook_id(named), workbook_id(said.get("workbook")), counted, other)


def recognise(marks: Marks, known: Callable[[str], Workbook | None]) -> Workbook:
    """The workbook that was sent. Raises InputError where the marks are missing, disagree or are unknown here."""
    stated = {mark for mark in (marks.property, marks.sheet) if mark}
    candidates = stated or set(marks.rows)
    if not candidates and marks.other == SUPPLEMENT:
        raise NoReturnError(f"这是补发的{SUPPLEMENT}，不用交回", "可以移走；填写请用原来下发的表格")
    if not candidates and marks.other:
        advice = "不用收，可以移走" if marks.other == "报表" else "请用 taskkit load 登记"
        raise NoReturnError(f"这是 taskkit 生成的{marks.other}，不是填报的表格", advice)
    if not candidates:
        raise InputError(
            "文件里没有 taskkit 的标记，认不出是哪个单位、哪一期的工作簿", "请在下发的工作簿上填写，不要另建新表"
        )
    if len(candidates) > 1 or (marks.rows and not candidates & set(marks.rows)):
        raise InputError(
            "文件里的几处标记互相矛盾，可能把另一份工作簿的内容整表贴了进来", "请在本期下发的工作簿上重新填写"
        )
    sent = known(candidates.pop())
    if sent is None:
        raise NoReturnError("台账里没有发出过这份工作簿", "请核对台账（--ledger）对不对，或是否从别处发出")
    return sent


def workbook_id(text: str | None) -> str | None:
    """The workbook id that a text is, else None."""
    return text.strip() if text and _WORKBOOK.fullmatch(text.strip()) else None


def _key_values(sheet: SheetData) -> dict[str, str]:
    pairs = ((row.get(1), row.get(2)) for row in sheet.rows.values())
    return {canonical(key.value).lower(): canonical(value.value) for key, value in pairs if key and value}


def is_id(cell: Cell) -> bool:
    """Whether a cell holds the hidden id of a row."""
    return cell.kind == "text" and ID.fullmatch(str(cell.value).strip()) is not None


def ids_of(sheet: SheetData) -> dict[int, tuple[str, str]]:
    """Row number -> (workbook id, row id), from the column that holds the most of them."""
    found: dict[int, dict[int, tuple[str, str]]] = {}
    for number, row in sheet.rows.items():
        for column, cell in row.items():
            # nearly all texts are no ids, and their first signs say so
            if cell.kind == "text" and "W" in str(cell.value)[:4] and (match := ID.fullmatch(str(cell.value).strip())):
                found.setdefault(column, {})[number] = (match[1], match[2])
    return max(found.values(), key=len, default={})
