"""变更对照.xlsx: what an amended plan changes, the forms to send again, and the doubts that a person decides in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from taskkit.changing.amending import Amendment
from taskkit.changing.differences import Difference
from taskkit.changing.matching import Pair
from taskkit.columns import Column, Field
from taskkit.errors import InputError
from taskkit.findings import Finding
from taskkit.office.list_book import Cell, ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.office.sheets import workbook_with
from taskkit.periods import official_date, parse_period
from taskkit.plan import Plan, records
from taskkit.sheet_forms.forms import Form, Words
from taskkit.sheet_forms.grid import lines_of
from taskkit.wording import fitted, fragments

TITLE, FORMS_TITLE, DOUBTS_TITLE = "变更对照", "需重发的表", "待确认"
_SAME: Words = {"same": ("是同一项", "是", "同一项"), "other": ("不是同一项", "不是", "否")}
_FORM = Form(
    "doubt",
    DOUBTS_TITLE,
    tuple(
        Field(Column(key, header))
        for key, header in (
            ("mark", "编号"),
            ("old", "原任务"),
            ("new", "新文件中的任务"),
            ("likeness", "相同程度（%）"),
            ("choice", "决定"),
        )
    ),
    ("old", "new", "likeness"),
    "",
    "change",
)
ROLES = {"lead": "牵头", "support": "配合", "all": "牵头和配合"}


def write_contrast(amendment: Amendment, document: Plan, out: Path) -> bool:
    """Write the workbook; False where the very same file is there already.

    Raises OutputError where another file stands in its place (somebody may have filled it in),
    UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, "变更对照表")
    return put_new(out, contrast_workbook(amendment, document), "填过的变更对照表")


def contrast_workbook(amendment: Amendment, document: Plan) -> bytes:
    """The bytes of the workbook; the same amendment gives the same bytes."""
    heading = f"{amendment.plan.info.title or amendment.name}\n"
    sheets = [_differences_sheet(amendment, heading)]
    if amendment.affected:
        sheets.append(_forms_sheet(amendment, heading))
    if amendment.matching.doubts:
        sheets.append(_doubts_sheet(amendment, document, heading))
    issuer = amendment.plan.info.issuer or ""
    return write_list(ListBook(TITLE, issuer, amendment.day, tuple(sheets)))


def _differences_sheet(amendment: Amendment, heading: str) -> ListSheet:
    columns = (
        ListColumn("变化", 10, "centred"),
        ListColumn("任务编号", 10, "centred"),
        ListColumn("任务", 26),
        ListColumn("内容", 12, "centred"),
        ListColumn("原来", 46),
        ListColumn("现在（红字是不同处）", 46),
    )
    counted = "，".join(f"{kind}{count}项" for kind, count in amendment.count.items() if count and kind != "整份方案")
    line = f"自{official_date(amendment.day)}起执行。{counted or '任务没有变化'}。"
    rows = tuple(ListRow(tuple(_cells(each))) for each in amendment.differences)
    return ListSheet(TITLE, heading + TITLE, line, columns, rows, frozen=3, large=True)


def _cells(each: Difference) -> Iterator[Cell]:
    after = fitted(each.after)
    yield from (str(each.kind), each.task_id, each.name, each.column or "全部", fitted(each.before))
    yield fragments(each.before, after) if each.before and each.after else after


def _forms_sheet(amendment: Amendment, heading: str) -> ListSheet:
    columns = (
        ListColumn("单位", 24),
        ListColumn("报送期", 16, "centred"),
        ListColumn("角色", 14, "centred"),
        ListColumn("原因", 30),
        ListColumn("已报送", 10, "centred"),
    )
    rows = tuple(
        ListRow(
            (
                each.unit,
                parse_period(each.period).label,
                ROLES[each.role],
                "新增的任务，尚未发过表" if each.is_new else "表中内容有变化",
                "是" if each.returned else "",
            )
        )
        for each in amendment.affected
    )
    line = "登记修订稿后重新运行 taskkit issue，会生成新的一版；旧版填好交回的仍照收。"
    return ListSheet(FORMS_TITLE, heading + FORMS_TITLE, line, columns, rows, frozen=1)


def _doubts_sheet(amendment: Amendment, document: Plan, heading: str) -> ListSheet:
    columns = (
        ListColumn("编号", 12, hidden=True),
        ListColumn("原任务", 48),
        ListColumn("新文件中的任务", 48),
        ListColumn("相同程度（%）", 12, "number"),
        ListColumn("决定", 14, "centred", open=True, choices=tuple(words[0] for words in _SAME.values())),
    )
    old, new = ({row["task_id"]: row for row in records("tasks", plan.tasks)} for plan in (amendment.before, document))
    rows = tuple(
        ListRow(
            (
                _mark((each.kept, each.new), document),
                fitted(_whole(old[each.kept])),
                fragments(_whole(old[each.kept]), fitted(_whole(new[each.new]))),
                each.likeness,
                None,
            )
        )
        for each in amendment.matching.doubts
    )
    line = "请在“决定”一列选择：同一项任务保留原来的编号和填报内容；不是同一项的，原任务撤销、新任务另编号。"
    note = f"填好保存后：taskkit load 新文件 --amend --matches {TITLE}.xlsx"
    return ListSheet(DOUBTS_TITLE, heading + DOUBTS_TITLE, line, columns, rows, note=note, large=True)


def _whole(task: dict[str, object]) -> str:
    number = f"{task['no']}. " if task["no"] is not None else ""
    return number + "\n".join(str(task[key]) for key in ("title", "measures") if task[key])


def _mark(pair: Pair, document: Plan) -> str:
    """Both ids, and what tells the document from any other: the ids are of its reading order."""
    return f"{pair[0]}={pair[1]}={_digest(document)}"


def _digest(document: Plan) -> str:
    texts = "|".join(f"{row['task_id']}{row['title']}{row['measures']}" for row in records("tasks", document.tasks))
    return hashlib.sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def read_matches(path: Path, document: Plan) -> tuple[dict[Pair, bool], list[Finding]]:
    """What a person decided of each pair; rows left blank are still open. With findings of what cannot be read.

    Raises InputError where the file is no such workbook, or was written for another document.
    """
    book = workbook_with(path, (DOUBTS_TITLE,))
    findings: list[Finding] = []
    lines = lines_of(book, replace(_FORM, book=book.name), findings, (TITLE, FORMS_TITLE)) if book else None
    if lines is None:
        raise InputError(f"“{path.name}”里没有“{DOUBTS_TITLE}”工作表", "请用 --xlsx 写出的变更对照表")
    decided: dict[Pair, bool] = {}
    for line in lines:
        if not line.cell("mark"):
            continue
        kept, _, rest = (line.text("mark") or "").partition("=")
        new, _, digest = rest.partition("=")
        if digest != _digest(document):
            raise InputError(f"{line.place('mark')}不是为这份文件写的", "请用 --xlsx 重新写出变更对照表，再填一次")
        choice = line.word("choice", _SAME)
        if choice:
            decided[kept, new] = choice == "same"
    return decided, findings
