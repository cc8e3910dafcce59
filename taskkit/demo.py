"""The whole loop on the bundled sample plan: read, issue, fill in as clerks do, collect, report.

Everything happens in one folder of its own. The clerks' answers are made up beforehand
(taskkit/samples), a few of them with the mistakes that real returns have.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskkit import samples
from taskkit.collecting import Collected, FileOutcome, collect
from taskkit.errors import UsageError
from taskkit.issuing import Issued, issue
from taskkit.issuing.dispatching import write_dispatch
from taskkit.ledger import Ledger, open_ledger
from taskkit.office.typing_in import type_in
from taskkit.periods import parse_period
from taskkit.reading import read_plan
from taskkit.reports import report
from taskkit.reports.status_files import write_html
from taskkit.reports.surveying import survey
from taskkit.settings import Settings
from taskkit.wording import tasks_counted

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.plan import Plan

Say = Callable[[str], None]

MARK = "taskkit-演示文件夹，可以整个删除.txt"
NAME = "云溪县2026"
RECEIVED = {
    "plan": date(2026, 3, 18),
    "2026Q1": date(2026, 4, 8),
    "2026-06": date(2026, 7, 3),
    "2026Q2": date(2026, 7, 8),
}
LATE = date(2026, 7, 13)
REPORTED = date(2026, 7, 14)
LEADER = "林知远"
# (title in the guide, kind, file or folder, what else is asked for)
REPORTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("进展报告", "progress", "进展报告.docx", {"period": "2026Q2"}),
    ("对比式通报", "bulletin", "对比式通报.docx", {"period": "2026Q2", "number": "2"}),
    ("领导专报", "leader", "领导专报.docx", {"period": "2026Q2"}),
    ("催办单", "reminders", "催办单", {"period": "2026Q2"}),
    ("领导分管任务表", "tasks", f"{LEADER}分管任务.xlsx", {"period": "2026Q2", "leader": LEADER}),
    ("民生实事总表", "annex", "民生实事总表.xlsx", {"period": "2026-06"}),
    ("任务台账", "ledger", "任务台账.xlsx", {"period": "2026Q2"}),
)
PAGE = "进展一览.html"
# The part of a yearly figure that is reached by the end of a quarter.
SHARES = {"2026Q1": 0.24, "2026Q2": 0.53}
PLANNED = (0.25, 0.5, 0.75, 1.0)

NEVER_RETURNED = "县医保局"
RETURNED_EMPTY = "县司法局"
RETURNED_LATE = "县林业局"
TYPED_IN_A_LOCKED_CELL = "县教育局"
LEFT_AN_EXCEL_ERROR = "县水务局"
SENT_LAST_QUARTERS_FILE = "县民政局"
SENT_A_WORD_FILE = "县公安局"
PASTED_PARAGRAPHS = "县农业农村局"
PARAGRAPHS = (
    "一是抓好粮食生产，春播面积全部落实。",
    "二是加强田间管理，派出农技人员48人次。",
    "三是做好农资供应，检查门店36家。",
)


@dataclass(frozen=True)
class Folders:
    """Where the demo puts things, in the order of the work."""

    root: Path

    @property
    def plan(self) -> Path:
        return self.root / "1-分工方案"

    @property
    def sent(self) -> Path:
        return self.root / "2-发出的表格"

    @property
    def returned(self) -> Path:
        return self.root / "3-收回的表格"

    @property
    def sent_back(self) -> Path:
        return self.root / "4-退回修改的表格"

    @property
    def reports(self) -> Path:
        return self.root / "5-进展报告"


def run_demo(out: Path, say: Say, settings: Settings | None = None) -> None:
    """Run the loop in ``out``, telling with ``say`` what happens and what to open.

    Raises UsageError where ``out`` holds something that an earlier demo did not put there.
    """
    folders = _prepare(out)
    source = samples.sample_path("docx")
    shutil.copy(source, folders.plan / source.name)
    with open_ledger(folders.root / "taskkit.db") as ledger:
        plan = read_plan(source)
        ledger.add_plan(plan, NAME)
        say(f"一、读方案：{tasks_counted(plan.tasks['part'])}、{len(plan.targets)}个量化指标，已登记到台账。")
        for period in RECEIVED:
            _round(ledger, folders, period, say, settings)
        for _, kind, file, wish in REPORTS:
            report(ledger, NAME, kind, out=folders.reports / file, settings=settings, today=REPORTED, **wish)
        over = survey(ledger, NAME, "2026Q2", settings, REPORTED)
        write_html(over, folders.reports / PAGE, settings or Settings())
    _guide(folders, say)


def _prepare(out: Path) -> Folders:
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).exists())):
        raise UsageError(f"{out} 里已有别的内容", "请用 --out 换一个空文件夹")
    folders = Folders(out)
    for folder in (folders.plan, folders.sent, folders.returned, folders.sent_back, folders.reports):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    (out / "taskkit.db").unlink(missing_ok=True)
    (out / MARK).write_text("这里的内容由 taskkit demo 生成，再次运行会重新生成。\n", encoding="utf-8")
    return folders


def _round(ledger: Ledger, folders: Folders, period: str, say: Say, settings: Settings | None) -> None:
    """One period: issue, let the clerks fill in, collect."""
    label = parse_period(period).label
    books = issue(ledger, NAME, period, folders.sent / label, settings=settings, today=RECEIVED[period])
    write_dispatch(ledger, NAME, period, folders.sent / label)
    say(f"二、发表格（{label}）：给{len(books)}个牵头单位各生成一个 Excel 文件，另有发送清单和打包文件。")
    returned = folders.returned / label
    returned.mkdir()
    late = returned.with_name(f"{label}（迟到的）")
    _fill(ledger, books, period, returned, late)
    back = folders.sent_back / label
    first = collect(ledger, [returned], apply=True, received=RECEIVED[period], settings=settings, returned=back)
    _tell(first, label, say)
    if late.exists():
        _tell(collect(ledger, [late], apply=True, received=LATE, settings=settings), f"{label}，迟报", say)


def _fill(ledger: Ledger, books: Issued, period: str, returned: Path, late: Path) -> None:
    """Fill each workbook as its clerk would; in 2026Q2 some clerks make mistakes."""
    plan = ledger.plan(NAME)
    answers = samples.answers()
    for book in _rows(books.books):
        unit, name = book["unit"], Path(book["path"]).name
        typed = answers_of(plan, answers, unit, period)
        content = Path(book["path"]).read_bytes()
        if period != "2026Q2":
            (returned / name).write_bytes(type_in(content, typed))
        elif unit == RETURNED_LATE:
            late.mkdir()
            (late / name).write_bytes(type_in(content, typed))
        elif unit == RETURNED_EMPTY:
            (returned / name).write_bytes(content)
        elif unit == SENT_A_WORD_FILE:
            (returned / name).with_suffix(".docx").write_bytes(samples.sample_path("docx").read_bytes())
        elif unit == SENT_LAST_QUARTERS_FILE:
            [previous] = (returned.parent / parse_period("2026Q1").label).glob(f"{name[:3]}*")
            (returned / previous.name).write_bytes(previous.read_bytes())
        elif unit != NEVER_RETURNED:
            (returned / name).write_bytes(type_in(content, _with_mistakes(unit, typed)))


Typed = dict[str, dict[str, object]]


def _with_mistakes(unit: str, typed: Typed) -> Typed:
    first = next(iter(typed))
    if unit == TYPED_IN_A_LOCKED_CELL:
        typed[first]["工作任务"] = "（表述已与分管领导商定修改）"
    if unit == LEFT_AN_EXCEL_ERROR:
        target = next(row_id for row_id, cells in typed.items() if "累计完成值" in cells)
        typed[target]["累计完成值"] = "=#REF!"
    if unit == PASTED_PARAGRAPHS:  # into one cell, from where they ran on into those below
        tasks = [row_id for row_id, cells in typed.items() if "本期进展" in cells]
        for task, paragraph in zip(tasks, PARAGRAPHS, strict=False):
            typed[task]["本期进展"] = paragraph
            if task != tasks[0]:
                typed[task].pop("完成情况", None)
    return typed


def answers_of(plan: Plan, answers: Mapping[str, Any], unit: str, period: str) -> Typed:
    """What a unit types in: by row id and header."""
    typed: Typed = {}
    people = answers["unit"][unit]
    for row in _rows(plan.assignments):
        is_annex, monthly = row["task_id"].startswith("A"), parse_period(period).kind == "month"
        if (row["unit"], row["role"]) == (unit, "lead") and is_annex == monthly:
            rows = _annex_rows if is_annex else _task_rows
            typed |= rows(plan, answers, row, period)
    typed["book"] = {"填报人": people["handler"], "联系电话": people["phone"], "审核人": people["unit_leader"]}
    return typed


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    return frame.to_dict("records")


def _task_rows(plan: Plan, answers: Mapping[str, Any], row: Mapping[str, Any], period: str) -> Typed:
    """The rows of a task of the main part: goals, or progress, and its targets."""
    task_id = row["task_id"]
    answer = answers["task"][str(int(task_id[1:]))]
    own = answer["second"] if row["rank"] > 1 and "second" in answer else answer
    if period == "plan":
        rows: Typed = {task_id: _plan_row(own.get("goals", answer["goals"]), answers["unit"][row["unit"]])}
    else:
        rows = {task_id: _progress_row(own[period[-2:].lower()])}
    for target in _rows(plan.targets[plan.targets["task_id"] == task_id]):
        rows[target["target_id"]] = _target_row(target, period, rows[task_id].get("完成情况") == "已完成")
    return rows


def _annex_rows(plan: Plan, answers: Mapping[str, Any], row: Mapping[str, Any], _: str) -> Typed:
    """The rows of the monthly form: a figure for each indicator, a sentence for the first."""
    answer = answers["annex"][str(int(row["task_id"][1:]))]
    targets = plan.targets.loc[plan.targets["task_id"] == row["task_id"], "target_id"]
    rows: Typed = {row: {"本月累计": value} for row, value in zip(targets, answer["values"], strict=True)}
    rows[targets.iloc[0]]["一句话说明"] = answer["brief"]
    return rows


def _plan_row(goals: list[str], people: Mapping[str, str]) -> dict[str, object]:
    return {
        **{f"{stage}目标": goal for stage, goal in zip(("一季度", "二季度", "三季度", "四季度"), goals, strict=True)},
        "单位分管负责人": people["unit_leader"],
        "责任处室": people["office"],
        "经办人": people["handler"],
        "联系电话": people["phone"],
    }


def _progress_row(answer: Mapping[str, str]) -> dict[str, object]:
    headers = {
        "progress": "本期进展",
        "state": "完成情况",
        "problem": "存在问题",
        "help": "需协调事项",
        "next_step": "下一步措施",
    }
    return {header: answer[key] for key, header in headers.items() if key in answer}


def _target_row(target: Mapping[str, Any], period: str, is_done: bool) -> dict[str, object]:
    grows = target["kind"] in ("count", "level") and target["op"] in (">=", "=", "~")
    if period == "plan":
        parts = PLANNED if grows else (1.0,) * len(PLANNED)
        stages = ("一季度", "二季度", "三季度", "四季度")
        return {f"{stage}目标": _part(target["value"], part) for stage, part in zip(stages, parts, strict=True)}
    return {"累计完成值": _part(target["value"], SHARES[period] if grows and not is_done else 1.0)}


def _part(value: float, part: float) -> float | int:
    whole = value * part
    return round(whole) if float(value).is_integer() else round(whole, 2)


def _tell(result: Collected, label: str, say: Say) -> None:
    counts = result.files["outcome"].value_counts()
    parts = [f"{outcome.label}{counts[outcome]}个" for outcome in FileOutcome if counts.get(outcome)]
    say(f"三、收表格（{label}）：{'，'.join(parts)}。")
    for file in _rows(result.files[result.files["outcome"] != FileOutcome.ACCEPTED]):
        say(f"    · {Path(file['path']).name}：{file['reason']}")
    for found in _rows(result.findings):
        say(f"    · {found['source']}：{found['message']}")


def _guide(folders: Folders, say: Say) -> None:
    label = parse_period("2026Q2").label
    books = sorted((folders.sent / label).glob("0*.xlsx"))
    filled = sorted((folders.returned / label).glob("*.xlsx"))
    say("")
    say("演示完成。建议依次打开：")
    say(f"  1. 分工方案        {folders.plan / samples.sample_path('docx').name}")
    say(f"  2. 发给单位的表格  {books[0]}")
    say(f"  3. 单位填好的表格  {filled[0]}")
    [spilled] = (path for path in (folders.sent_back / label).glob("*.xlsx") if PASTED_PARAGRAPHS in path.name)
    say(f"  4. 退回修改的表格  {spilled}")
    listed = (*((title, file) for title, _, file, _ in REPORTS), ("进展一览网页", PAGE))
    for number, (title, file) in enumerate(listed, 5):
        say(f" {number:>2}. {title}{'　' * (7 - len(title))}  {folders.reports / file}")
    say("还可以试试（在同一文件夹里运行）：")
    say(f"  taskkit status {NAME} --period 2026Q2 --ledger {folders.root / 'taskkit.db'}")
    say(f"  taskkit collect {folders.returned / label} --ledger {folders.root / 'taskkit.db'}")
    say(f"  taskkit conflicts {NAME} --ledger {folders.root / 'taskkit.db'}")
