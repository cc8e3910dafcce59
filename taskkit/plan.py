"""Plan: an issued 分工方案 as frozen pandas frames, checked against one schema.

FRAMES is that schema. The ledger makes its tables from it, the docs list it, and every Plan is
checked against it when it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from taskkit.errors import InternalError
from taskkit.findings import Finding

if TYPE_CHECKING:
    import pandas as pd

Dtype = Literal["text", "texts", "integer", "number", "flag", "date"]

PANDAS_DTYPES: dict[str, str] = {
    "text": "str",
    "texts": "object",
    "integer": "Int64",
    "number": "float64",
    "flag": "bool",
    "date": "datetime64[s]",
}
EMPTY: dict[str, object] = {"text": None, "integer": None, "number": None, "flag": False, "date": None}

FRAMES: dict[str, dict[str, Dtype]] = {
    "tasks": {
        "task_id": "text",
        "part": "text",
        "no": "integer",
        "section": "text",
        "group": "text",
        "title": "text",
        "measures": "text",
        "leaders": "texts",
        "joint": "flag",
        "open_ended": "flag",
        "deadline": "text",
        "due_on": "date",
        "source": "text",
    },
    "assignments": {
        "task_id": "text",
        "measure_no": "integer",
        "unit": "text",
        "role": "text",
        "rank": "integer",
        "collective": "flag",
        "heads": "texts",
        "raw": "text",
    },
    "measures": {
        "task_id": "text",
        "measure_no": "integer",
        "text": "text",
        "kind": "text",
        "documents": "texts",
    },
    "targets": {
        "task_id": "text",
        "target_id": "text",
        "text": "text",
        "indicator": "text",
        "op": "text",
        "value": "number",
        "unit": "text",
        "baseline": "number",
        "kind": "text",
        "nature": "text",
    },
    "goals": {"task_id": "text", "stage": "text", "text": "text"},
    "schedule": {
        "period": "text",
        "role": "text",
        "part": "text",
        "due_on": "date",
        "to_whom": "text",
        "source": "text",
    },
    "findings": {
        "code": "text",
        "severity": "text",
        "task_id": "text",
        "source": "text",
        "message": "text",
    },
}

QUARTERS = ("一季度", "二季度", "三季度", "四季度")


@dataclass(frozen=True)
class PlanInfo:
    """What a plan says of itself. ``source`` is the file's name, ``sha256`` that of its bytes.

    ``stages`` are the stages that quarterly (or other) goals are set for: four quarters by
    default, ("上半年", "全年") or months where the notice says so.
    """

    title: str | None = None
    issuer: str | None = None
    document_number: str | None = None
    year: int | None = None
    issued_on: date | None = None
    stages: tuple[str, ...] = QUARTERS
    source: str = ""
    sha256: str = ""
    dialect: str = ""


@dataclass(frozen=True, eq=False)
class Plan:
    """An issued plan: ``info`` and seven frames (columns and dtypes: ``FRAMES``).

    ``tasks`` is indexed by task_id; the other frames have a plain index. Frames are never
    edited in place: make a new Plan with ``make_plan``.
    """

    info: PlanInfo
    tasks: pd.DataFrame
    assignments: pd.DataFrame
    measures: pd.DataFrame
    targets: pd.DataFrame
    goals: pd.DataFrame
    schedule: pd.DataFrame
    findings: pd.DataFrame

    def __post_init__(self) -> None:
        for name, columns in FRAMES.items():
            _check_frame(name, getattr(self, name), columns)
        if not self.tasks.index.is_unique:
            raise InternalError("任务编号重复")
        known = set(self.tasks.index)
        for name in ("assignments", "measures", "targets", "goals"):
            unknown = set(getattr(self, name)["task_id"]) - known
            if unknown:
                raise InternalError(f"{name} 中有方案里没有的任务编号：{'、'.join(sorted(unknown))}")

    def __repr__(self) -> str:
        return f"<Plan {self.info.title or self.info.source}: {len(self.tasks)} tasks, {len(self.findings)} findings>"


@dataclass(frozen=True)
class Item:
    """A piece of a task that one unit is to do (事项): its own text, goals by stage, and deadline.

    ``office``: split off by the supervision office, in force at once; others were proposed by the unit
    (``submission``: in which return), and count once they are ``accepted``.
    """

    item_id: str
    task_id: str
    unit: str
    text: str
    goals: Mapping[str, str]
    deadline: str
    office: bool
    accepted: bool
    submission: int | None = None


def make_plan(
    info: PlanInfo,
    *,
    findings: Iterable[Finding | Mapping[str, Any]] = (),
    **rows: Iterable[Mapping[str, Any]],
) -> Plan:
    """Make a Plan from rows (mappings of column to value), one keyword per frame.

    Missing columns are filled with "nothing said". Raises InternalError where a row holds a
    column that the schema does not know.
    """
    found = [each if isinstance(each, Mapping) else each.row for each in findings]
    frames = {name: make_frame(name, rows.get(name, found if name == "findings" else ())) for name in FRAMES}
    return Plan(info, **frames)


def make_frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One frame of the schema from rows; ``tasks`` comes back indexed by task_id."""
    import pandas as pd

    columns = FRAMES[name]
    listed = list(rows)
    unknown = {key for row in listed for key in row} - set(columns)
    if unknown:
        raise InternalError(f"{name} 没有这些列：{'、'.join(sorted(unknown))}")
    data = {
        key: pd.Series([_cell(row.get(key), kind) for row in listed], dtype=PANDAS_DTYPES[kind])
        for key, kind in columns.items()
    }
    frame = pd.DataFrame(data, columns=list(columns))
    return frame.set_index("task_id") if name == "tasks" else frame


def records(name: str, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain Python values (None for nothing said): the inverse of make_frame."""
    whole = frame.reset_index() if name == "tasks" else frame
    columns = FRAMES[name]
    lists = [[_plain(value, kind) for value in whole[key].tolist()] for key, kind in columns.items()]
    return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]


def plain_rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of any frame, None where nothing stands."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _cell(value: Any, kind: Dtype) -> Any:
    if kind == "texts":
        return [] if value is None else list(value)
    if value is None:
        return EMPTY[kind]
    return value


def _plain(value: Any, kind: Dtype) -> Any:
    if kind == "texts":
        return list(value)
    import pandas as pd

    if pd.isna(value):
        return None
    if kind == "date":
        return value.date()
    return {"integer": int, "number": float, "flag": bool, "text": str}[kind](value)


def _check_frame(name: str, frame: pd.DataFrame, columns: Mapping[str, Dtype]) -> None:
    have = [*frame.index.names, *frame.columns] if name == "tasks" else list(frame.columns)
    if have != list(columns):
        raise InternalError(f"{name} 的列应为 {list(columns)}，实为 {have}")
    for key, kind in columns.items():
        dtype = frame.index.dtype if key == frame.index.name else frame[key].dtype
        if str(dtype) != PANDAS_DTYPES[kind]:
            raise InternalError(f"{name}.{key} 应为 {PANDAS_DTYPES[kind]}，实为 {dtype}")
