"""Small workbooks by the contract of design.md, and the ledger that sent them: for the tests of taking back.

They are made by openpyxl from Markdown tables, so that what went out stands in sight in each
test and nothing of the code under test has a hand in them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
from openpyxl.packaging.custom import StringProperty

from taskkit.ledger import Ledger, SentCell, Workbook, open_ledger
from taskkit.plan import PlanInfo, make_plan

BOOK = "WAAAABBBBCCCC"
OTHER = "WZZZZYYYYXXXX"
LABELS = {"填报人": "填报人", "填报人电话": "联系电话", "审核人": "审核人"}
OPEN = {
    "工作进展": ("本期进展", "完成情况", "存在问题", "需协调事项", "下一步措施"),
    "量化指标": ("累计完成值",),
    "配合任务": ("本期进展", "存在问题"),
    "落实方案": ("一季度目标", "二季度目标", "工作措施", "完成时限", "责任处室", "经办人", "联系电话"),
}
FORM: dict[str, str] = {
    "工作进展": """
        | 任务编号 | 序号 | 工作任务     | 完成时限      | 本期进展   | 完成情况 | 存在问题 | 下一步措施 |
        | T001     | 1    | 新建学校5所  | 2026年10月底前 |            |          |          |            |
        | T002     | 2    | 修路30公里   | 年内          | 已修10公里 |          |          |            |
        | T003     | 3    | 办好文化节   |               |            |          |          |            |
    """,
    "量化指标": """
        | 指标编号 | 序号 | 工作任务    | 指标     | 年度目标值 | 上期累计 | 累计完成值 | 完成率 |
        | T001.1   | 1    | 新建学校5所 | 新建学校 | 5          | 1        |            |        |
        | T002.1   | 2    | 修路30公里  | 修路里程 | 30.0       | 10       |            |        |
    """,
}


def table(markdown: str) -> list[dict[str, str]]:
    """The rows of a Markdown table; ``\\n`` in a cell is a line break."""
    lines = [line.strip().strip("|") for line in markdown.strip().splitlines() if not set(line.strip()) <= set("|- ")]
    rows = [[cell.strip().replace("\\n", "\n") for cell in line.split("|")] for line in lines]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def sent_record(form: Mapping[str, str] = FORM, **changes: Any) -> Workbook:
    """What the ledger keeps of a workbook with these sheets."""
    cells = [
        SentCell(title, row[next(iter(row))], header, value, header in OPEN[title])
        for title, text in form.items()
        for row in table(text)
        for header, value in list(row.items())[1:]
    ]
    cells += [SentCell(next(iter(form)), "book", header, "", True) for header in LABELS]
    book = Workbook(BOOK, "云溪", "县教育局", "lead", "main", "2026Q1", 1, "c" * 64, date(2026, 4, 10), tuple(cells))
    return replace(book, **changes)


def sent_file(form: Mapping[str, str] = FORM, workbook: str = BOOK) -> bytes:
    """The workbook itself: property, hidden sheet, hidden ids, title, band rows, the line 填报人."""
    book = openpyxl.Workbook()
    book.custom_doc_props.append(StringProperty(name="taskkit-workbook", value=workbook))
    book.active.title = "填报说明"
    book.active["B2"] = "严禁填写涉密内容"
    for at, (title, text) in enumerate(form.items()):
        _write_sheet(book.create_sheet(title), table(text), workbook, with_line=at == 0)
    marks = book.create_sheet("_taskkit")
    marks.sheet_state = "veryHidden"
    for row in (("workbook", workbook), ("unit", "县教育局"), ("period", "2026Q1"), ("schema", "1")):
        marks.append(row)
    return saved(book)


def _write_sheet(sheet: Any, rows: list[dict[str, str]], workbook: str, with_line: bool) -> None:
    headers = list(rows[0])
    sheet.append([None, f"县教育局2026年一季度{sheet.title}"])
    sheet.append([None, "报送期：2026年一季度　报送时限：4月10日"])
    sheet.append([headers[0], *(f"{header}（1—3月）" if header == "本期进展" else header for header in headers[1:])])
    sheet.append([None, "一、社会事业"])
    for row in rows:
        row_id, *values = row.values()
        sheet.append([f"{workbook}.{row_id}", *(_typed(value) for value in values)])
    if with_line:
        sheet.append([f"{workbook}.book", None, "填报人：", None, "联系电话：", None, "审核人：", None])
        sheet.append([None, None, None, None, None, "单位（盖章）：　　年　月　日"])
    sheet.column_dimensions["A"].hidden = True


def _typed(value: str) -> object:
    return float(value) if value.replace(".", "", 1).isdecimal() else value or None


def saved(book: Any) -> bytes:
    """The workbook's bytes, without a word on when they were saved: tests are not to hang on the clock."""
    buffer = io.BytesIO()
    book.save(buffer)
    return stamped(buffer.getvalue(), None)


def stamped(data: bytes, moment: str | None) -> bytes:
    """The workbook as if saved at a moment (2026-04-08T09:30:00Z); None: it does not say when."""

    def stamp(text: str) -> str:
        text = re.sub(r"<dcterms:modified.*?</dcterms:modified>", "", text)
        xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:dcterms="http://purl.org/dc/terms/"'
        element = f'<dcterms:modified {xsi} xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>' if moment else ""
        return text.replace("</cp:coreProperties>", f"{element}</cp:coreProperties>")

    return rewritten(data, {"docProps/core.xml": stamp})


def rewritten(data: bytes, changes: Mapping[str, Callable[[str], str]]) -> bytes:
    """The package with some of its parts passed through a function."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, changes[name](part.decode()) if name in changes else part)
    return target.getvalue()


def opened(data: bytes) -> Any:
    """The workbook as openpyxl opens it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def edited(data: bytes, edit: Callable[[Any], object]) -> bytes:
    """The workbook after a clerk's hand: ``edit`` gets it as openpyxl opens it."""
    book = opened(data)
    edit(book)
    return saved(book)


def filled(answers: str, data: bytes | None = None) -> bytes:
    """The workbook with a Markdown table typed in: | row | column | value |; ``=`` starts a formula."""

    def edit(book: Any) -> None:
        for answer in table(answers):
            type_in(book, answer["row"], answer["column"], answer["value"])

    return edited(sent_file() if data is None else data, edit)


def type_in(book: Any, row_id: str, header: str, value: object) -> None:
    """Type one value into the first cell that has this row id and header (or label, for ``book``)."""
    cell = place(book, row_id, header)
    cell.value = _typed(value) if isinstance(value, str) else value
    if value in ("#REF!", "#NAME?"):
        cell.data_type = "e"


def place(book: Any, row_id: str, header: str) -> Any:
    """The openpyxl cell at a row id and header."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            if str(row[0].value or "").partition(".")[2] != row_id:
                continue
            texts = row if row_id == "book" else sheet[3]
            wanted = f"{LABELS[header]}：" if row_id == "book" else header
            for at, cell in enumerate(texts):
                if str(cell.value or "").partition("（")[0] == wanted:
                    return row[at + 1] if row_id == "book" else row[at]
    raise LookupError(f"{row_id} {header}")


def ledger_with(*books: Workbook) -> Ledger:
    """A ledger in memory that sent these workbooks (the usual one by default)."""
    ledger = open_ledger("sqlite://")
    tasks = [{"task_id": f"T00{number}", "part": "main", "title": f"任务{number}"} for number in (1, 2, 3)]
    sent = books or (sent_record(),)
    for name in dict.fromkeys(book.plan for book in sent):
        ledger.add_plan(make_plan(PlanInfo(title=name, year=2026), tasks=tasks), name)
    ledger.record_workbooks(sent, {})
    return ledger
