"""An invented county: its small plan, and the workbooks that taskkit issues for it from the real templates."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from taskkit.collecting import collect
from taskkit.issuing import issue
from taskkit.ledger import Ledger, open_ledger
from taskkit.plan import Plan, PlanInfo, make_plan
from taskkit.stores.directives import Directive
from tests.returned_books import edited, stamped, table, type_in

PLAN = "云溪"
UNIT = "县教育局"
_TASKS = """
    | task_id | part  | no | section        | title                     | deadline       |
    | T001    | main  | 1  | 一、社会事业   | 新建中小学5所             | 2026年10月底前 |
    | T002    | main  | 2  | 一、社会事业   | 改造提升校园食堂12个      |                |
    | T003    | main  | 3  | 一、社会事业   | 高中阶段毛入学率达到95%   |                |
    | T004    | main  | 4  | 二、产业发展   | 建设职业技能实训基地      | 年内           |
    | T005    | main  | 5  | 二、产业发展   | 引进紧缺专业教师          |                |
    | T006    | main  | 6  | 二、产业发展   | 推进产教融合              |                |
    | A001    | annex | 1  |                | 办好学前教育              |                |
"""
TITLES = {row["task_id"]: row["title"] for row in table(_TASKS)}
_ASSIGNMENTS = """
    | task_id | unit     | role    |
    | T001    | 县教育局 | lead    |
    | T001    | 县财政局 | support |
    | T002    | 县教育局 | lead    |
    | T002    | 县财政局 | support |
    | T003    | 县教育局 | lead    |
    | T004    | 县教育局 | lead    |
    | T005    | 县教育局 | lead    |
    | T006    | 县工信局 | lead    |
    | A001    | 县教育局 | lead    |
"""
_TARGETS = """
    | target_id | indicator      | value | unit | kind   |
    | T001.1    | 新建中小学     | 5     | 所   | count  |
    | T002.1    | 改造食堂       | 12    | 个   | count  |
    | T003.1    | 毛入学率       | 95    | %    | ratio  |
    | T005.1    | 引进教师增长率 | 8     | %    | growth |
    | A001.1    | 新增公办学位   | 900   | 个   | count  |
    | A001.2    | 新建幼儿园     | 3     | 所   | count  |
"""
# The usual answers to each form, and what becomes of them: all taken.
QUARTER = """
    | sheet    | row    | column     | outcome | value                    |
    | 工作进展 | T001   | 本期进展   | changed | 已开工2所，完成投资800万元 |
    | 工作进展 | T001   | 完成情况   | changed | 正常推进                 |
    | 工作进展 | T002   | 本期进展   | changed | 已改造食堂3个            |
    | 工作进展 | T002   | 完成情况   | changed | 进展滞后                 |
    | 工作进展 | T002   | 存在问题   | changed | 部分学校场地未腾出       |
    | 工作进展 | T002   | 下一步措施 | changed | 4月底前全部腾出场地      |
    | 工作进展 | T004   | 本期进展   | changed | 完成选址和可行性研究     |
    | 工作进展 | T004   | 完成情况   | changed | 正常推进                 |
    | 量化指标 | T001.1 | 累计完成值 | changed | 2                        |
    | 量化指标 | T003.1 | 累计完成值 | changed | 93.5                     |
    | 工作进展 | book   | 填报人     | changed | 甲                       |
    | 工作进展 | book   | 填报人电话 | changed | 0000-8600001             |
"""
SUPPORT = """
    | sheet    | row  | column   | outcome | value                |
    | 配合任务 | T001 | 本期进展 | changed | 已拨付建设资金300万元 |
    | 配合任务 | T002 | 存在问题 | changed | 项目资料未报齐       |
    | 配合任务 | book | 填报人   | changed | 乙                   |
"""
MONTH = """
    | sheet    | row    | column     | outcome | value              |
    | 民生实事 | A001.1 | 本月累计   | changed | 260                |
    | 民生实事 | A001.1 | 一句话说明 | changed | 两所园已具备招生条件 |
    | 民生实事 | A001.2 | 本月累计   | changed | 1                  |
"""
PLANNED = """
    | sheet    | row    | column     | outcome | value          |
    | 落实方案 | T001   | 一季度目标 | changed | 完成选址       |
    | 落实方案 | T001   | 二季度目标 | changed | 开工2所        |
    | 落实方案 | T002   | 完成时限   | changed | 10月底前       |
    | 落实方案 | T002   | 经办人     | changed | 丙             |
    | 落实方案 | T001+1 | 工作措施   | changed | 建立旬调度机制 |
    | 落实方案 | T001+1 | 二季度目标 | changed | 每旬通报一次   |
    | 量化指标 | T001.1 | 一季度目标 | changed | 0              |
    | 量化指标 | T001.1 | 二季度目标 | changed | 2              |
"""
# Last quarter's texts stand in the second quarter's form; here one of three is brought up to date.
SECOND = """
    | sheet    | row    | column     | outcome   | value                | period |
    | 工作进展 | T001   | 本期进展   | changed   | 已开工4所            | 2026Q2 |
    | 工作进展 | T001   | 完成情况   | changed   | 正常推进             | 2026Q2 |
    | 工作进展 | T002   | 本期进展   | unupdated |                      | 2026Q2 |
    | 工作进展 | T004   | 本期进展   | unupdated |                      | 2026Q2 |
    | 量化指标 | T001.1 | 累计完成值 | changed   | 4                    | 2026Q2 |
"""


@dataclass(frozen=True)
class Form:
    """One workbook that is issued: to whom, for what, and its usual answers (typed are those that are changed)."""

    unit: str
    period: str
    answers: str
    role: str = "lead"
    part: str = "main"

    @property
    def ledger(self) -> str:
        """Which of the two ledgers sent it: the second quarter's form goes out once the first is taken."""
        return "second" if self.period == "2026Q2" else "first"

    @property
    def name(self) -> str:
        return f"{self.unit}.xlsx"


FORMS: Mapping[str, Form] = {
    "plan": Form(UNIT, "plan", PLANNED),
    "quarter": Form(UNIT, "2026Q1", QUARTER),
    "industry": Form("县工信局", "2026Q1", "| sheet | row | column | outcome | value |"),
    "support": Form("县财政局", "2026Q1", SUPPORT, role="support"),
    "month": Form(UNIT, "2026-03", MONTH, part="annex"),
    "second": Form(UNIT, "2026Q2", SECOND),
}


@dataclass(frozen=True)
class County:
    """What was issued: the bytes by form, and where the two ledgers lie that sent them."""

    folder: Path
    sent: Mapping[str, bytes]

    def ledger(self, form: str, folder: Path) -> Ledger:
        """A ledger of one's own that sent this form, in ``folder``."""
        path = folder / "taskkit.db"
        shutil.copy(self.folder / f"{FORMS[form].ledger}.db", path)
        return open_ledger(path)

    def filled(self, form: str = "quarter", answers: str | None = None) -> bytes:
        """A form with a Markdown table typed in (its usual answers unless given), saved without a time."""
        return typed(self.sent[form], FORMS[form].answers if answers is None else answers)

    def at(self, minute: int, form: str = "quarter", answers: str | None = None) -> bytes:
        """The same, saved at a minute past nine on the eighth of April."""
        return stamped(self.filled(form, answers), f"2026-04-08T09:{minute:02d}:00Z")


@lru_cache(maxsize=64)
def typed(data: bytes, answers: str) -> bytes:
    """A workbook with what a table says typed in, cell by cell, and saved by openpyxl."""

    def fill(book: object) -> None:
        for row in table(answers):
            if row.get("outcome", "changed") == "changed":
                type_in(book, row["row"], row["column"], row["value"])

    return edited(data, fill)


def make_county(folder: Path) -> County:
    """Issue everything: the first forms into one ledger, the second quarter's into a copy that took the first's."""
    sent: dict[str, bytes] = {}
    with open_ledger(folder / "first.db") as ledger:
        ledger.add_plan(_plan(), PLAN)
        ledger.keep_directives(PLAN, _directives(), "批示登记.xlsx", b"", {})
        for form in ("plan", "quarter", "industry", "support", "month"):
            sent[form] = _issued(ledger, form, folder)
    shutil.copy(folder / "first.db", folder / "second.db")
    first = folder / FORMS["quarter"].name
    first.write_bytes(stamped(typed(sent["quarter"], QUARTER), "2026-04-08T09:00:00Z"))
    with open_ledger(folder / "second.db") as ledger:
        collect(ledger, first, apply=True, received=date(2026, 4, 8))
        sent["second"] = _issued(ledger, "second", folder)
    return County(folder, sent)


def _issued(ledger: Ledger, key: str, folder: Path) -> bytes:
    form = FORMS[key]
    out, day = folder / "sent" / key, date(2026, 3, 1)
    [path] = issue(ledger, PLAN, form.period, out, [form.unit], form.role, form.part, today=day)
    return path.read_bytes()


def _directives() -> list[Directive]:
    """Three for every unit: each form has a sheet 批示办理, but for those of the 落实方案 and of an annex alone."""
    units = tuple(dict.fromkeys(form.unit for form in FORMS.values()))
    day, due_on = date(2026, 1, 5), date(2026, 6, 30)
    texts = (f"请抓紧办好第{at}件事，并报结果。" for at in range(1, 4))
    return [Directive("王一", day, text, units, "其他事项", due_on=due_on) for text in texts]


def _plan() -> Plan:
    targets = [{"task_id": row["target_id"].partition(".")[0], "op": ">=", **row} for row in table(_TARGETS)]
    return make_plan(
        PlanInfo(title="2026年重点工作任务分工方案", issuer="云溪县人民政府", year=2026, source="云溪.docx"),
        tasks=[{**row, "no": int(row["no"])} for row in table(_TASKS)],
        assignments=[{**row, "rank": 1} for row in table(_ASSIGNMENTS)],
        targets=[{**row, "value": float(row["value"])} for row in targets],
    )
