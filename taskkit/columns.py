"""THE columns: what a unit's workbook asks, shows and gives back.

One schema drives the layout, the drop-downs, the prompts, the locks, the checks on return, the
labels in differences and reports, and docs/columns.md. A column's ``header`` is its name
everywhere a person or the ledger sees it; its ``key`` is its name in code and in template marks
(``{{ task.progress }}``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

Kind = Literal["text", "number", "date", "choice"]
Opening = Literal["shown", "open", "open if blank"]


@dataclass(frozen=True)
class Column:
    """One column. ``synonyms`` are headers that people write instead; ``prompt`` helps to fill it in."""

    key: str
    header: str
    kind: Kind = "text"
    synonyms: tuple[str, ...] = ()
    prompt: str = ""
    choices: str | None = None  # name of a list in templates/words/states.toml


@dataclass(frozen=True)
class Field:
    """A column as it stands on one sheet: shown, open to the unit, or open where the plan says nothing."""

    column: Column
    opening: Opening = "shown"
    printed: bool = True


@dataclass(frozen=True, eq=False)  # the sheets stand below: each is itself alone
class Sheet:
    """One sheet of a workbook. ``rows`` says what a row is; ``fields`` may hold the stage goals (see ``fields_of``).

    ``optional``: an office's own template may lack it; the workbooks are then made without it.
    """

    key: str
    title: str
    id_header: str
    rows: Literal["task", "target", "relay", "directive", "request"]
    fields: tuple[Field, ...]
    optional: bool = False

    def fields_of(self, stages: Sequence[str]) -> tuple[Field, ...]:
        """The fields with one goal column for each stage in the place of GOAL."""
        return _with_stages(self, tuple(stages))


GOAL = Column(
    "goal", "{stage}目标", prompt="写明本阶段要完成的工作和可以核查的数量", synonyms=("{stage}工作目标", "{stage}")
)

_COLUMNS: tuple[Column, ...] = (
    # --- what the plan says -----------------------------------------------------------
    Column("no", "序号", synonyms=("编号", "任务序号")),
    Column("title", "工作任务", synonyms=("重点任务", "任务内容", "工作任务内容", "任务")),
    Column("measures", "工作措施", synonyms=("具体措施", "工作举措", "举措")),
    Column("annual", "年度目标", synonyms=("全年目标", "年度工作目标")),
    Column("leaders", "分管领导", synonyms=("责任领导", "牵头领导")),
    Column("lead_units", "牵头单位", synonyms=("主办单位", "牵头部门")),
    Column("support_units", "配合单位", synonyms=("协办单位", "责任单位", "参与单位")),
    Column("deadline", "完成时限", synonyms=("完成时间", "时限"), prompt="如：2026年10月底前"),
    # --- what the 落实方案 asks -------------------------------------------------------
    Column("unit_leader", "单位分管负责人", synonyms=("单位分管领导", "分管负责人"), prompt="本单位分管此项工作的领导"),
    Column("office", "责任处室", synonyms=("责任科室", "责任股室"), prompt="本单位具体承办的处（科、股）室"),
    Column("handler", "经办人", synonyms=("联络员", "联系人"), prompt="本单位具体经办的同志"),
    Column("phone", "联系电话", synonyms=("电话", "联系方式"), prompt="经办人的办公电话或手机"),
    # --- what a report asks -----------------------------------------------------------
    Column("stage_goal", "本期目标", synonyms=("当期目标",)),
    Column(
        "progress",
        "本期进展",
        synonyms=("进展情况", "工作进展", "落实情况", "本期工作进展", "推进情况"),
        prompt="写年初以来的累计进展，先写结果和数量；粘贴文字时请先双击单元格",
    ),
    Column("last_progress", "上期进展"),
    Column(
        "state",
        "完成情况",
        kind="choice",
        choices="states",
        synonyms=("完成状态", "进度", "状态"),
        prompt="请从下拉列表中选择",
    ),
    Column(
        "problem", "存在问题", synonyms=("问题", "存在的问题", "存在困难", "困难问题"), prompt="进展滞后的请写明原因"
    ),
    Column(
        "help",
        "需协调事项",
        synonyms=("需协调解决事项", "需协调解决的问题", "需协调问题"),
        prompt="需要政府或其他单位协调解决的事项",
    ),
    Column(
        "next_step",
        "下一步措施",
        synonyms=("下步措施", "下一步工作", "下一步打算", "下步工作安排"),
        prompt="写明举措和时间",
    ),
    # --- targets ----------------------------------------------------------------------
    Column("indicator", "指标", synonyms=("指标名称", "量化指标")),
    Column("requirement", "要求"),
    Column("annual_value", "年度目标值", kind="number", synonyms=("目标值", "年度目标")),
    Column("unit", "单位", synonyms=("计量单位",)),
    Column("baseline", "基数", kind="number"),
    Column("previous", "上期累计", kind="number", synonyms=("上月累计",)),
    Column(
        "achieved",
        "累计完成值",
        kind="number",
        synonyms=("累计完成", "完成值", "本期累计"),
        prompt="填1月至本期末的累计数，不带单位；百分数填0—100的数；没有数据的填“暂无数据”",
    ),
    Column("rate", "完成率", synonyms=("完成比例",)),
    # --- 民生实事, month by month --------------------------------------------------------
    Column("aim", "年度目标", kind="number", synonyms=("年度目标值", "全年目标")),
    Column("last_month", "上月累计", kind="number"),
    Column(
        "month_total",
        "本月累计",
        kind="number",
        synonyms=("累计完成值", "累计完成", "完成值", "本期累计"),
        prompt="填1月至本月末的累计数，不带单位；百分数填0—100的数；没有数据的填“暂无数据”",
    ),
    Column("month_new", "本月新增", kind="number"),
    Column("time_share", "时间进度"),
    Column(
        "brief",
        "一句话说明",
        synonyms=("说明", "情况说明", "进展说明", "一句话进展"),
        prompt="用一句话写明本月进展，50字以内；进度慢的写明原因",
    ),
    # --- 配合单位进展, 调整申请, and the table of all units -----------------------------
    Column("supporter", "单位", synonyms=("配合单位", "协办单位")),
    Column(
        "matter",
        "事项",
        synonyms=("申请事项", "调整事项"),
        prompt="写明哪一项任务（序号、名称）的什么内容，如“第12项，二季度目标”；没有需要调整的不填",
    ),
    Column("original", "原内容", synonyms=("原定内容", "调整前", "原目标"), prompt="照方案或已审定的内容写"),
    Column("proposed", "拟调整为", synonyms=("拟调整内容", "调整后", "调整为"), prompt="写明调整后的完整内容"),
    Column("reason", "理由", synonyms=("调整理由", "申请理由", "原因"), prompt="写明依据和原因"),
    Column("reporting_unit", "填报单位", synonyms=("报送单位", "填表单位")),
    # --- what the office sent back ------------------------------------------------------
    Column("opinion", "审核意见"),
    # --- 批示办理 ---------------------------------------------------------------------
    Column("directive_no", "编号", synonyms=("批示编号", "序号")),
    Column("directed_by", "批示领导"),
    Column("directed_on", "批示日期"),
    Column("directive", "批示内容", synonyms=("批示要求", "批示事项")),
    Column("directive_about", "涉及任务", synonyms=("涉及事项",)),
    Column("directive_due", "办理期限", synonyms=("办结期限", "办理时限")),
    Column(
        "followed",
        "落实情况",
        synonyms=("办理情况", "办理落实情况", "批示落实情况"),
        prompt="写已做的工作和结果，先写结果和数量；未办结的，写明存在问题和下一步打算",
    ),
    Column(
        "handled",
        "办理状态",
        kind="choice",
        choices="handled",
        synonyms=("办理进度", "是否办结"),
        prompt="请从下拉列表中选择",
    ),
    Column("expected", "预计办结时间", synonyms=("预计办结", "预计完成时间"), prompt="未办结的填写，如：7月底前"),
    Column("last_followed", "上期落实情况"),
    # --- once for a workbook ----------------------------------------------------------
    Column("reporter", "填报人", synonyms=("填表人",)),
    Column("reporter_phone", "填报人电话", synonyms=("联系电话",)),
    Column("reviewer", "审核人", synonyms=("审核领导", "负责人")),
)

COLUMNS: dict[str, Column] = {column.key: column for column in _COLUMNS}


def _fields(shown: str = "", opened: str = "", **options: bool) -> tuple[Field, ...]:
    return tuple(Field(COLUMNS[key], "open" if key in opened.split() else "shown", **options) for key in shown.split())


PLAN_SHEET = Sheet(
    "plan",
    "落实方案",
    "任务编号",
    "task",
    (
        *_fields("no title measures annual"),
        Field(GOAL, "open"),
        Field(COLUMNS["deadline"], "open if blank"),
        *_fields("unit_leader office handler phone", "unit_leader office handler phone"),
        *_fields("opinion", printed=False),
    ),
)
PROGRESS_SHEET = Sheet(
    "progress",
    "工作进展",
    "任务编号",
    "task",
    (
        *_fields("no title deadline stage_goal"),
        *_fields("progress state problem help next_step", "progress state problem help next_step"),
        *_fields("opinion measures leaders lead_units support_units", printed=False),
        Field(GOAL, "shown", printed=False),
        *_fields("last_progress", printed=False),
    ),
)
SUPPORT_SHEET = Sheet(
    "support",
    "配合任务",
    "任务编号",
    "task",
    (
        *_fields("no title lead_units progress problem", "progress problem"),
        *_fields("last_progress", printed=False),
    ),
)
TARGETS_PLAN_SHEET = Sheet(
    "targets",
    "量化指标",
    "指标编号",
    "target",
    (
        *_fields("no title indicator requirement annual_value unit baseline"),
        Field(replace(GOAL, kind="number"), "open"),
        *_fields("opinion", printed=False),
    ),
)
TARGETS_SHEET = Sheet(
    "targets",
    "量化指标",
    "指标编号",
    "target",
    (
        *_fields("no title indicator requirement annual_value unit baseline"),
        Field(replace(GOAL, kind="number"), "shown"),
        *_fields("previous achieved rate", "achieved"),
    ),
)
# The monthly form of an annex (民生实事): one row per indicator, under its 事项.
ANNEX_SHEET = Sheet(
    "annex",
    "民生实事",
    "指标编号",
    "target",
    (
        *_fields("no title indicator aim unit last_month month_total month_new rate time_share", "month_total"),
        *_fields("brief", "brief"),
        *_fields("opinion", printed=False),
    ),
)
# What the support units of a lead's tasks reported: for it to read, never to fill in.
RELAY_SHEET = Sheet(
    "relay",
    "配合单位进展",
    "任务编号",
    "relay",
    _fields("no title supporter progress problem"),
    optional=True,
)
# Leaders' written instructions that the unit has to carry out: chased like tasks, but none of theirs.
DIRECTIVE_SHEET = Sheet(
    "directive",
    "批示办理",
    "批示编号",
    "directive",
    (
        *_fields("directive_no directed_by directed_on directive directive_about directive_due"),
        *_fields("followed handled expected", "followed handled expected"),
        *_fields("last_followed", printed=False),
    ),
    optional=True,
)
# The part of a unit's form that holds nothing but 批示 (its next ones: directives2 …), beside the parts of the plan.
DIRECTIVES = "directives"
OPEN, DONE = "办理中", "已办结"
# What a 批示 may be said to be, and what else people type for it.
HANDLED: dict[str, tuple[str, ...]] = {
    OPEN: ("办理中", "正在办理", "未办结", "推进中", "正常推进", "在办"),
    DONE: ("已办结", "办结", "已完成", "完成", "已办", "已落实", "办理完毕"),
}
# Columns that go out with last period's text in them, each with the one that keeps it beside.
PREFILLED = {"progress": "last_progress", "followed": "last_followed"}
ONLY_FILLED = (*PREFILLED.values(), "opinion")  # columns that stand only where they say something
_DIRECTIVE = re.compile(r"B\d{3,6}")
# Goals that were approved change through a request alone; its rows are of no task's.
REQUEST_SHEET = Sheet(
    "request",
    "调整申请",
    "申请编号",
    "request",
    _fields("matter original proposed reason", "matter original proposed reason"),
    optional=True,
)
REQUEST_ROWS = 3
_REQUEST = re.compile(r"R\d{1,2}(-\w{1,20})?")
# The line 填报人 / 联系电话 / 审核人, once in a workbook: its row id in the file is BOOK_ROW.
BOOK_FIELDS: tuple[Field, ...] = _fields("reporter reporter_phone reviewer", "reporter reporter_phone reviewer")
BOOK_ROW = "book"

# What a proposed 举措 (a blank row under a task in the 落实方案) may hold.
ITEM_KEYS = ("measures", "goal", "deadline", "unit_leader", "office", "handler", "phone")
ITEMS_PER_TASK = 2


def sheets_for(period_kind: str) -> tuple[Sheet, ...]:
    """The sheets that a workbook of this kind of period may hold (those without rows are left out)."""
    if period_kind == "plan":
        return (PLAN_SHEET, TARGETS_PLAN_SHEET)
    return (PROGRESS_SHEET, TARGETS_SHEET, ANNEX_SHEET, SUPPORT_SHEET, RELAY_SHEET, DIRECTIVE_SHEET, REQUEST_SHEET)


@lru_cache
def together_sheets_for(period_kind: str) -> tuple[Sheet, ...]:
    """The sheets of the table of all units: those that ask for tasks, each with the unit before its rows."""
    owner = Field(COLUMNS["reporting_unit"])
    return tuple(
        replace(sheet, fields=(owner, *sheet.fields)) for sheet in sheets_for(period_kind) if not sheet.optional
    )


SHEETS: tuple[Sheet, ...] = (*sheets_for("plan"), *sheets_for("month"))
ROW_KINDS = ("item", *dict.fromkeys(sheet.rows for sheet in SHEETS))  # what the rows of forms are called in marks
# What the form's own formulas compute: never a unit's word.
COMPUTED_KEYS = ("rate", "month_new")


def goal_columns(stages: Sequence[str], kind: Kind = "text") -> tuple[Column, ...]:
    """One column for each stage: keys goal1, goal2 …, headers 一季度目标 …"""
    return tuple(
        replace(
            GOAL,
            key=f"goal{number}",
            header=GOAL.header.format(stage=stage),
            synonyms=tuple(synonym.format(stage=stage) for synonym in GOAL.synonyms),
            kind=kind,
        )
        for number, stage in enumerate(stages, 1)
    )


@lru_cache
def _with_stages(sheet: Sheet, stages: tuple[str, ...]) -> tuple[Field, ...]:
    return tuple(field for each in sheet.fields for field in _stage_fields(each, stages))


def _stage_fields(field: Field, stages: Sequence[str]) -> Iterator[Field]:
    if field.column.key != GOAL.key:
        yield field
        return
    for column in goal_columns(stages, field.column.kind):
        yield replace(field, column=column)


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """A header as it is compared: without spaces, width variants and what follows it in brackets."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"\(.*\)$", "", plain).rstrip(":*")


def find_column(text: str, fields: Sequence[Field]) -> Column | None:
    """The column that a header names: by its own header first, then by a synonym; None where none does."""
    wanted = header_key(text)
    if not wanted:
        return None
    for field in fields:
        if header_key(field.column.header) == wanted:
            return field.column
    for field in fields:
        if wanted in {header_key(synonym) for synonym in field.column.synonyms}:
            return field.column
    return None


def request_row(number: int, part: str) -> str:
    """The row id of a 调整申请: R1 in the main part, R1-annex in others, for a unit may hold a form of each."""
    return f"R{number}" if part == "main" else f"R{number}-{part}"


def book_row(role: str, part: str) -> str:
    """The row id by which the ledger keeps the line 填报人: a unit's forms of other roles and parts have their own.

    ``book`` is that of its main form, and of all forms that were issued when it was the only one.
    """
    kinds = ("support" if role == "support" else "", "" if part == "main" else part)
    return "-".join((BOOK_ROW, *filter(None, kinds)))


def is_book_row(row_id: str) -> bool:
    """Whether a row id is that of the line 填报人."""
    return row_id.partition("-")[0] == BOOK_ROW


def is_request(row_id: str) -> bool:
    """Whether a row id is that of a 调整申请."""
    return row_id.startswith("R") and _REQUEST.fullmatch(row_id) is not None


def directive_row(number: int) -> str:
    """The row id of a 批示, and what people call it: B001."""
    return f"B{number:03d}"


def directives_part(number: int) -> str:
    """The part of a unit's first, second … form in a period that holds nothing but 批示."""
    return DIRECTIVES if number == 1 else f"{DIRECTIVES}{number}"


def is_directives(part: str) -> bool:
    """Whether a form of this part holds nothing but 批示."""
    return part.startswith(DIRECTIVES)


def is_directive(row_id: str) -> bool:
    """Whether a row id is that of a 批示."""
    return row_id.startswith("B") and _DIRECTIVE.fullmatch(row_id) is not None


def row_owner(row_id: str) -> tuple[str | None, str | None]:
    """(task_id, target_id) of a row id.

    ``T001`` is a task, ``T001.1`` a target of it, ``T001+1`` a proposed 举措 under it and ``T001/1``
    what a support unit reported on it (both stand as the target_id, for they belong to the task in
    the same way), ``R1`` a 调整申请 and ``B001`` a 批示, which are no task's, ``book`` (``book-support``) neither.
    """
    if is_book_row(row_id):
        return None, None
    if is_request(row_id) or is_directive(row_id):
        return None, row_id
    task_id = re.split(r"[.+/]", row_id, maxsplit=1)[0]
    return task_id, None if task_id == row_id else row_id
