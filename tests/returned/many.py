"""Many units with a filled workbook each, and what the ledger holds of them: for killing, crowding and measuring.

The workbooks are issued from the real templates; the answers are written straight into the XML, for
hundreds of workbooks are too many for openpyxl.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

from taskkit.issuing import issue
from taskkit.ledger import Ledger, open_ledger
from taskkit.plan import Plan, PlanInfo, make_plan
from tests.returned_books import opened, place, rewritten, stamped

PLAN, PERIOD = "云溪", "2026Q1"
TASKS = 6  # of each unit
ANSWERS = {
    "本期进展": "已完成年度任务的{share}%，累计投资{number}万元，其中{unit}牵头的第{number}号项目已进场施工",
    "完成情况": "正常推进",
    "存在问题": "部分地块尚未交付",
    "下一步措施": "{unit}将于4月底前完成交地，6月底前完成主体",
}
_PARTS = {"工作进展": "xl/worksheets/sheet2.xml", "量化指标": "xl/worksheets/sheet3.xml"}


def make_many(folder: Path, units: int) -> Path:
    """A ledger (taskkit.db) that sent that many workbooks, and the workbooks filled in, in ``returned``."""
    names = [f"第{number:04d}单位" for number in range(1, units + 1)]
    with open_ledger(folder / "taskkit.db") as ledger:
        ledger.add_plan(_plan(names), PLAN)
        paths = issue(ledger, PLAN, PERIOD, folder / "sent", role="lead", today=date(2026, 3, 1))
    (folder / "returned").mkdir()
    for number, path in enumerate(paths, 1):
        data = fill(path.read_bytes(), _answers(number, f"第{number:04d}单位", addresses_of(paths[0])))
        (folder / "returned" / path.name).write_bytes(stamped(data, "2026-04-08T09:00:00Z"))
    return folder


def _plan(names: Iterable[str]) -> Plan:
    tasks, assignments, targets = [], [], []
    for at, name in enumerate(names):
        for number in range(1, TASKS + 1):
            task_id = f"T{at * TASKS + number:05d}"
            tasks.append(
                {"task_id": task_id, "part": "main", "no": at * TASKS + number, "title": f"{name}任务{number}"}
            )
            assignments.append({"task_id": task_id, "unit": name, "role": "lead", "rank": 1})
        aim = {"op": ">=", "value": 100, "unit": "个", "kind": "count"}
        first = f"T{at * TASKS + 1:05d}"
        targets.append({"task_id": first, "target_id": f"{first}.1", "indicator": "新建项目", **aim})
    return make_plan(
        PlanInfo(title="2026年重点工作任务分工方案", issuer="云溪县人民政府", year=2026, source="云溪.docx"),
        tasks=tasks,
        assignments=assignments,
        targets=targets,
    )


_KNOWN: dict[Path, dict[tuple[int, str], tuple[str, str]]] = {}


def addresses_of(path: Path) -> Mapping[tuple[int, str], tuple[str, str]]:
    """(number of the task in its workbook, header) -> part and cell; the same in every workbook."""
    if path not in _KNOWN:
        book = opened(path.read_bytes())
        found = {}
        for number in range(1, TASKS + 1):
            for header in ANSWERS:
                found[number, header] = (_PARTS["工作进展"], place(book, f"T{number:05d}", header).coordinate)
        found[1, "累计完成值"] = (_PARTS["量化指标"], place(book, "T00001.1", "累计完成值").coordinate)
        _KNOWN[path] = found
    return _KNOWN[path]


def _answers(
    number: int, unit: str, addresses: Mapping[tuple[int, str], tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """What one unit types, by part and cell."""
    return {
        address: str(number) if header == "累计完成值" else ANSWERS[header].format(share=task, number=number, unit=unit)
        for (task, header), address in addresses.items()
    }


def fill(data: bytes, answers: Mapping[tuple[str, str], str]) -> bytes:
    """A workbook as issued with texts (and numbers, where they are digits) written into its open cells."""

    def write(text: str, part: str) -> str:
        def content(match: re.Match[str]) -> str:
            typed = answers.get((part, match[2]))
            if typed is None:
                return match[0]
            if typed.isdecimal():
                return f"<c {match[1]}><v>{typed}</v></c>"
            return f'<c {match[1]} t="inlineStr"><is><t>{typed}</t></is></c>'

        return re.sub(r'<c ((?:[^>]*? )?r="([A-Z]+\d+)"[^>]*?)/>', content, text)

    return rewritten(data, {part: partial(write, part=part) for part in {part for part, _ in answers}})


# --- what the ledger holds --------------------------------------------------------------


def held(ledger: Path) -> dict[str, tuple[tuple[str, ...], ...]]:
    """By the hash of each accepted file, its values. Fails where the database is damaged or a file not whole."""
    with closing(sqlite3.connect(ledger)) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
        found = {}
        for number, digest, data in connection.execute("SELECT submission, file_sha256, file FROM submissions"):
            assert digest == hashlib.sha256(data).hexdigest()
            assert digest not in found, "nothing twice"
            rows = connection.execute(
                'SELECT row_id, "column", value FROM cell_values WHERE submission = ? ORDER BY value_id', (number,)
            )
            found[digest] = tuple(sorted(rows))
    return found


def current(ledger: Ledger) -> list[tuple[str, ...]]:
    """All values that stand, in order."""
    frame = ledger.values(PLAN)
    return sorted(map(tuple, frame[["unit", "period", "task_id", "column", "value"]].fillna("").to_numpy().tolist()))
