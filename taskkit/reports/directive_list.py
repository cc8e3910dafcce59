"""The list 批示办理 of the ledger workbook: every 批示 with each of its units. For the office alone."""

from __future__ import annotations

from collections.abc import Sequence

from taskkit.directing import Stage, Standing
from taskkit.office.list_book import Cell, Emphasis, ListColumn, ListRow, ListSheet

TITLE = "批示办理"
LATE = "逾期"
_COLUMNS = (
    *(ListColumn("编号", 7, "centred"), ListColumn("批示领导", 10, "centred"), ListColumn("批示日期", 11, "date")),
    *(ListColumn("批示内容", 40), ListColumn("涉及任务", 24), ListColumn("承办单位", 20)),
    *(ListColumn("牵头", 6, "centred"), ListColumn("办理期限", 11, "date"), ListColumn("状态", 12, "centred")),
    *(ListColumn("时限", 8, "centred"), ListColumn("天数", 7, "number"), ListColumn("落实情况", 44)),
    *(ListColumn("预计办结时间", 12, "centred"), ListColumn("报送日期", 11, "date")),
)
_EMPHASIS: tuple[tuple[str, Emphasis], ...] = (
    (Stage.CLOSED.label, "done"),
    (Stage.SILENT.label, "slow"),
    (LATE, "slow"),
    (Stage.REVOKED.label, "idle"),
)


def directive_list(listed: Sequence[Standing], heading: str) -> ListSheet | None:
    """The sheet; None where there is no 批示."""
    if not listed:
        return None
    count = len({each.number for each in listed})
    late = sum(timing(each) == LATE for each in listed)
    line = f"共{count}件，按承办单位计{len(listed)}件次，逾期未办结{late}件次"
    rows = tuple(ListRow(_cells(each)) for each in listed)
    note = "注：一件批示有多家承办单位的，分别计入各单位。"
    return ListSheet(TITLE, f"{heading}\n{TITLE}", line, _COLUMNS, rows, _EMPHASIS, note=note, frozen=4, large=True)


def _cells(each: Standing) -> tuple[Cell, ...]:
    leads = "牵头" if len(each.units) > 1 and each.unit == each.units[0] else ""
    head = (each.number, each.leader, each.given_on, each.text, each.about, each.unit, leads, each.due_on)
    days = each.days_late or each.days_left
    return (*head, each.stage.label, timing(each), days, each.said, each.expected, each.reported_on)


def timing(each: Standing) -> str:
    """How the days beside it are meant."""
    if each.days_late:
        return LATE if each.is_open else "迟办结"
    if each.days_left is None:
        return ""
    return "还有" if each.days_left else "今天到期"
