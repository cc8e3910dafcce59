"""Write the reference tables from the code: docs/findings.md, columns.md, frames.md, dialects.md.

    python docs/make_reference.py

Each list has one home in the code; a test fails while a file here differs from it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from taskkit.columns import BOOK_FIELDS, COLUMNS, Field, sheets_for, together_sheets_for
from taskkit.dialects import DIALECTS
from taskkit.findings import CATALOGUE, SEVERITY_LABELS
from taskkit.plan import FRAMES, PANDAS_DTYPES, QUARTERS
from taskkit.roster import ROSTER_FRAMES

FOLDER = Path(__file__).resolve().parent
NOTE = "<!-- 由 docs/make_reference.py 从代码生成，请勿手改 -->"
OPENINGS = {"shown": "只读", "open": "填写", "open if blank": "方案未写明时填写"}


def pages() -> dict[str, str]:
    """The files by name, as they must be."""
    return {
        "findings.md": _findings(),
        "columns.md": _columns(),
        "frames.md": _frames(),
        "dialects.md": _dialects(),
    }


def _findings() -> str:
    rows = ((f"`{kind.code}`", SEVERITY_LABELS[kind.severity], kind.text, kind.advice) for kind in CATALOGUE.values())
    return _page(
        "提示目录",
        "读方案、登记名册、收表格时发现的问题都列成表，不会中断工作。错误：不能照用，须有人处理；"
        "存疑：已照用，请人看一眼；提示：供参考。",
        _table(("代码", "程度", "说什么", "怎么办"), rows),
    )


def _columns() -> str:
    parts = []
    for kind, label in (("plan", "落实方案（报送期 plan）"), ("quarter", "进展报送（月、季、半年）")):
        for sheet in sheets_for(kind):
            parts += [f"## {label}：{sheet.title}\n", _fields(sheet.fields_of(QUARTERS)), ""]
    parts += ["## 每份表格填一次\n", _fields(BOOK_FIELDS), ""]
    owners = {sheet.fields[0].column.key: sheet.fields[0] for sheet in together_sheets_for("quarter")}
    parts += ["## 总表里每行前面多一列\n", _fields(tuple(owners.values())), ""]
    sheets = (*sheets_for("plan"), *sheets_for("quarter"), *together_sheets_for("quarter"))
    used = {field.column.key for sheet in sheets for field in sheet.fields}
    missing = set(COLUMNS) - used - {field.column.key for field in BOOK_FIELDS}
    if missing:
        sys.exit(f"columns on no sheet: {missing}")
    return _page(
        "列",
        "表格里的列只在 taskkit/columns.py 定义一处：版式、下拉、锁定、收回时的核对都由它来。"
        "表头可以改写成“也认作”里的写法，后面可以加括号说明。",
        "\n".join(parts),
    )


def _fields(fields: Sequence[Field]) -> str:
    kinds = {"text": "文字", "number": "数字", "date": "日期", "choice": "下拉选择"}
    rows = (
        (
            field.column.header,
            f"`{field.column.key}`",
            kinds[field.column.kind],
            OPENINGS[field.opening],
            "、".join(field.column.synonyms),
        )
        for field in fields
    )
    return _table(("表头", "模板里的名字", "内容", "单位", "也认作"), rows)


def _frames() -> str:
    parts = []
    for name, columns in FRAMES.items():
        rows = ((f"`{key}`", f"`{PANDAS_DTYPES[kind]}`", kind) for key, kind in columns.items())
        parts += [f"## plan.{name}\n", _table(("column", "dtype", "kind"), rows), ""]
    for name, columns in ROSTER_FRAMES.items():
        rows = ((f"`{key}`", f"`{PANDAS_DTYPES[kind]}`", kind) for key, kind in columns.items())
        parts += [f"## roster.{name}\n", _table(("column", "dtype", "kind"), rows), ""]
    return _page(
        "Frames",
        "The pandas frames of a Plan. `tasks` is indexed by `task_id`. Missing means that the document says nothing. "
        "`texts` are lists; percentages are 0–100. Those of a Roster (`ledger.roster`) stand at the end, "
        "their rows in the order of the list.",
        "\n".join(parts),
    )


def _dialects() -> str:
    rows = (
        (f"`{dialect.name}`", (sys.modules[dialect.read.__module__].__doc__ or "").partition("\n")[0])
        for dialect in DIALECTS
    )
    return _page(
        "Dialects",
        "Ways of writing a plan. taskkit finds out by itself which one a document uses (one document may mix them); "
        "`read_plan(path, dialect=…)` forces one.",
        _table(("dialect", "what it looks like"), rows),
    )


def _page(title: str, intro: str, body: str) -> str:
    return f"# {title}\n\n{NOTE}\n\n{intro}\n\n{body.rstrip()}\n"


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headers, ["---"] * len(headers), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '｜') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    for file_name, content in pages().items():
        (FOLDER / file_name).write_text(content, encoding="utf-8")
