"""What collect found, as a workbook to read and filter: files, changes with their full texts, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskkit.collecting.batch import Collected
from taskkit.errors import OutputError
from taskkit.findings import SEVERITY_LABELS
from taskkit.merge import Outcome
from taskkit.office.list_book import (
    Cell,
    Emphasis,
    ListBook,
    ListColumn,
    ListRow,
    ListSheet,
    is_untouched_list,
    write_list,
)
from taskkit.office.placing import check_workbook_name, put_in_place, set_beside
from taskkit.periods import parse_period
from taskkit.places import column_letter
from taskkit.plan import plain_rows
from taskkit.receipts import FileOutcome
from taskkit.wording import fitted, fragments

if TYPE_CHECKING:
    import pandas as pd

TITLE = "收回核对"
_DAY = date(2000, 1, 1)  # the same content gives the same bytes
_FILE_COLUMNS = (
    *(ListColumn("文件", 40), ListColumn("单位", 18), ListColumn("报送期", 14, "centred")),
    *(ListColumn("结果", 14, "centred"), ListColumn("收下", 8, "number"), ListColumn("待决定", 8, "number")),
    *(ListColumn("其他未收", 10, "number"), ListColumn("说明", 60)),
)
_CELL_COLUMNS = (
    *(ListColumn("文件", 26), ListColumn("单位", 16), ListColumn("工作表", 12, "centred")),
    *(ListColumn("行", 6, "number"), ListColumn("任务", 8, "centred"), ListColumn("列", 12, "centred")),
    *(ListColumn("处理", 16, "centred"), ListColumn("发出时", 34), ListColumn("台账现值", 34)),
    *(ListColumn("收回值（红字是不同之处）", 44),),
)
_FINDING_COLUMNS = (
    *(ListColumn("程度", 8, "centred"), ListColumn("文件", 30), ListColumn("工作表", 12, "centred")),
    *(ListColumn("行", 6, "number"), ListColumn("列", 6, "centred"), ListColumn("任务", 8, "centred")),
    ListColumn("需要留意的事项", 80),
)
_WAITING = (Outcome.CONFLICT, Outcome.HELD)
_NOT_TAKEN = (Outcome.LOCKED, Outcome.INVALID, Outcome.KEPT)
_STANDING_OUT: tuple[tuple[str, Emphasis], ...] = (
    *((each.label, "slow") for each in (*_WAITING, Outcome.INVALID, FileOutcome.REFUSED, FileOutcome.NOT_TAKEN)),
    *((each.label, "idle") for each in (Outcome.LOCKED, Outcome.KEPT, Outcome.UNUPDATED)),
    (SEVERITY_LABELS["error"], "slow"),
)


def check_place(out: Path) -> None:
    """Raise UsageError for a name that does not end in .xlsx, OutputError where another file stands there."""
    check_workbook_name(out, "核对表")
    if out.is_file() and not is_untouched_list(out.read_bytes()):
        raise OutputError(f"{out} 已经存在，而且不是没有改动过的核对表，没有覆盖", "请换一个文件名，或先移走它")


def write_differences(result: Collected, applied: bool, out: Path) -> None:
    """Write the workbook; one of an earlier run in its place is written anew. Raises as ``check_place``."""
    check_place(out)
    put_in_place(set_beside(out, differences_workbook(result, applied)), out)


def differences_workbook(result: Collected, applied: bool) -> bytes:
    """The bytes of the workbook; the same result gives the same bytes."""
    state = "已收入台账" if applied else "预览，台账未作改动"
    counted = _counted(result.cells)
    units = dict(zip(result.files["workbook"], result.files["unit"], strict=True))
    files = tuple(ListRow(_file(row, counted)) for row in plain_rows(result.files))
    cells = tuple(ListRow(_cell(row, units)) for row in plain_rows(result.cells))
    findings = tuple(ListRow(_finding(row)) for row in _worst_first(result.findings))
    sheets = (
        _sheet("文件", f"共{len(files)}个文件（{state}）", _FILE_COLUMNS, files),
        _sheet("变动", f"共{len(cells)}处，与台账和发出时都相同的不列（{state}）", _CELL_COLUMNS, cells),
        _sheet("提示", f"共{len(findings)}条（{state}）", _FINDING_COLUMNS, findings),
    )
    return write_list(ListBook(TITLE, "", _DAY, sheets))


def _sheet(title: str, line: str, columns: tuple[ListColumn, ...], rows: tuple[ListRow, ...]) -> ListSheet:
    return ListSheet(title, f"{TITLE}：{title}", line, columns, rows, emphasis=_STANDING_OUT, frozen=1)


def _counted(cells: pd.DataFrame) -> Counter[tuple[str, str, str]]:
    return Counter(zip(cells["path"], cells["workbook"], cells["outcome"], strict=True))


def _file(row: dict[str, Any], counted: Counter[tuple[str, str, str]]) -> tuple[Cell, ...]:
    path, workbook = row["path"], row["workbook"]
    taken = counted[path, workbook, Outcome.CHANGED]
    waiting, left = (sum(counted[path, workbook, each] for each in some) for some in (_WAITING, _NOT_TAKEN))
    period = parse_period(row["period"]).label if row["period"] else None
    label = FileOutcome(row["outcome"]).label
    return (path, row["unit"], period, label, taken or None, waiting or None, left or None, row["reason"])


def _cell(row: dict[str, Any], units: dict[str, Any]) -> tuple[Cell, ...]:
    before, returned = row["current"] or row["sent"] or "", fitted(row["returned"] or "")
    marked = fragments(before, returned) if before and returned else returned
    place = Path(row["path"]).name, units.get(row["workbook"]), row["sheet"], row["row"], row["task_id"], row["column"]
    return (*place, Outcome(row["outcome"]).label, row["sent"], row["current"], marked)


def _finding(row: dict[str, Any]) -> tuple[Cell, ...]:
    where = row["sheet"], row["row"] or None, column_letter(row["column"]), row["task_id"]
    return (SEVERITY_LABELS[row["severity"]], Path(row["path"]).name, *where, row["message"])


def _worst_first(findings: pd.DataFrame) -> Iterator[dict[str, Any]]:
    order = list(SEVERITY_LABELS)
    yield from sorted(plain_rows(findings), key=lambda row: order.index(row["severity"]))
