"""What units ask to have changed (the sheet 调整申请): for the office to decide; nothing is changed by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskkit.columns import REQUEST_SHEET, is_request

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.ledger import Ledger

REQUEST_COLUMNS = (
    *("period", "unit", "request"),
    *(field.column.key for field in REQUEST_SHEET.fields),
    *("submission", "accepted_at"),
)


def requests(ledger: Ledger, name: str, period: str | None = None) -> pd.DataFrame:
    """The 调整申请 of a plan that count, one row each, oldest return first.

    Columns: period, unit, request (its row: R1), matter (事项), original (原内容), proposed (拟调整为),
    reason (理由), submission (the newest return that brought any of it), accepted_at. What a unit
    withdrew by 无 is "".
    """
    import pandas as pd

    keys = {field.column.header: field.column.key for field in REQUEST_SHEET.fields}
    values = ledger.values(name, period)
    mine = values[values["task_id"].isna() & values["target_id"].notna()]
    shown = ["period", "unit", "target_id", "column", "value", "submission", "accepted_at"]
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for when, unit, row_id, column, value, submission, accepted_at in mine[shown].itertuples(index=False):
        if is_request(row_id):
            row = rows.setdefault((when, unit, row_id), {**dict.fromkeys(keys.values(), ""), "submission": 0})
            row[keys[column]] = value
            if submission >= row["submission"]:
                row |= {"submission": submission, "accepted_at": accepted_at}
    said: list[dict[str, Any]] = [
        {"period": when, "unit": unit, "request": row_id, **row}
        for (when, unit, row_id), row in rows.items()
        if any(row[key] for key in keys.values())
    ]
    said.sort(key=lambda row: int(row["submission"]))
    frame = pd.DataFrame(said, columns=list(REQUEST_COLUMNS))
    return frame.astype({key: "str" for key in REQUEST_COLUMNS if key not in ("submission", "accepted_at")})
