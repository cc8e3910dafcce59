"""The year 2026 of the sample plan, day by day. Every departure from the rule is named here, and only here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from taskkit import collect, open_ledger, read_plan, samples
from taskkit.arranging import open_arrangement, write_arrangement
from taskkit.changing import open_changes, write_changes
from taskkit.collecting import Collected
from taskkit.directing import open_directives, write_directives
from taskkit.duties import Duty, duties
from taskkit.extending import Wanted, extend_date
from taskkit.issuing import Issued
from taskkit.listing import open_roster, write_roster
from taskkit.plan import Plan
from taskkit.reports.progress import ProgressReport, build
from taskkit.reviewing import Reviewed
from taskkit.roster import draft_roster
from taskkit.scoring import score
from taskkit.scoring.taking import open_scores
from taskkit.scoring.writing import write_scores
from taskkit.settings import Settings
from taskkit.workdays import PUBLISHED
from tests.year.clerks import Clerks
from tests.year.office import NAME, Edits, Office, assert_fine, column, head_of, rule

TOWNS = ("青石镇政府", "白沙镇政府", "稻香镇政府", "竹溪镇政府", "枫林镇政府", "石桥镇政府", "云峰镇政府")
OLD_LEADER, NEW_LEADER = "苏明川", "江晚照"
OLD_UNIT, NEW_UNIT = "县文广旅体局", "县文旅体育局"
CALLED = {NEW_UNIT: OLD_UNIT}
# Added to the schedule that the notice prints: support units report to the lead unit first, and the months before it.
ADDED = (
    ("2026年一季度", "正文", "配合", date(2026, 4, 3)),
    ("2026年二季度", "正文", "配合", date(2026, 7, 3)),
    ("2026年三季度", "正文", "配合", date(2026, 9, 30)),
    ("2026年四季度", "正文", "配合", date(2027, 1, 4)),
    ("2026年1月", "附件", "牵头", date(2026, 3, 13)),
    ("2026年2月", "附件", "牵头", date(2026, 3, 13)),
)
FIRST_WORD = {
    "批示领导": "林知远",
    "批示日期": date(2026, 3, 20),
    "批示内容": "请县财政局会同县发展改革局抓紧争取专项债券资金。",
    "涉及任务": "T004",
    "承办单位": "县财政局、县发展改革局",
    "办理期限": date(2026, 4, 30),
}
SECOND_WORD = {
    "批示领导": "何以宁",
    "批示日期": date(2026, 5, 10),
    "批示内容": "请县公安局对返乡青年逐村开展一次反诈宣传。",
    "涉及任务": "T045",
    "承办单位": "县公安局",
    "办理期限": date(2026, 6, 30),
}
THIRD_WORD = {
    "批示领导": "云一舟",
    "批示日期": date(2026, 5, 20),
    "批示内容": "请县统计局核实规上工业增加值基数。",
    "涉及任务": "T001",
    "承办单位": "县统计局",
    "办理期限": date(2026, 9, 30),
}
DONE_WORD: dict[str, object] = {"落实情况": "已办理完毕，情况另附1份说明。", "办理状态": "已办结"}
BONUS = {
    "单位": "县政务服务数据局",
    "项目": "加分",
    "分值": 2,
    "依据": "做法在全市推广",
    "登记人": "督查室",
}
ASKED_GOAL = "累计开工12个、完工6个，更新管网15公里"
OPEN_ENDED = {"县农业农村局": "T017", "县市场监管局": "T034", "县应急管理局": "T044", "县政府办公室": "T048"}


@dataclass
class Year:
    """What became of the year: the ledger as it stands, and what was seen on the way."""

    office: Office
    plan: Plan
    issued: dict[str, Issued] = field(default_factory=dict)
    taken: dict[str, Collected] = field(default_factory=dict)
    reviewed: dict[str, Reviewed] = field(default_factory=dict)
    duties: dict[date, tuple[Duty, ...]] = field(default_factory=dict)
    reports: dict[str, ProgressReport] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def ledger(self) -> Any:
        return self.office.ledger

    def look(self, on: date) -> None:
        """See what is due on a day."""
        self.duties[on] = duties(self.ledger, NAME, on)

    def report(self, period: str, on: date) -> None:
        """Write the progress report on a day."""
        self.reports[period] = build(self.ledger, NAME, period, Settings(), on)


@cache
def year_once(base: Path) -> Year:
    """The year, run once in a run of the tests, whose folder is ``base``."""
    folder = base / "year"
    folder.mkdir()
    return whole_year(folder)


def whole_year(folder: Path) -> Year:
    """Run the year in a folder."""
    plan = read_plan(samples.sample_path("docx"))
    ledger = open_ledger(folder / "taskkit.db")
    ledger.add_plan(plan, NAME)
    year = Year(Office(ledger, folder, Clerks(plan)), plan)
    for stage in (_lists, _goals, _winter, _first, _june, _second, _third, _fourth, _bonus):
        stage(year)
    return year


# --- January to March: the lists, the calendar, the goals ------------------------------------


def _lists(year: Year) -> None:
    """6 and 7 March: the unit list and the calendar of the office."""
    ledger, folder = year.ledger, year.office.folder
    path = folder / "名册.xlsx"
    write_roster(draft_roster(year.plan), year.plan, NAME, path, "")
    book = openpyxl.load_workbook(path)
    _in_list(book["单位名册"], "各镇政府", 成员单位="、".join(TOWNS))
    _in_list(book["单位名册"], "县委组织部", 是否计分="否")
    _in_list(book["单位名册"], "县供销社", 通过何单位报送="县农业农村局")
    book.save(path)
    listed = open_roster(path)
    assert listed is not None
    ledger.add_roster(NAME, listed.roster(year.plan, None))

    path = folder / "报送安排.xlsx"
    on = date(2026, 3, 7)
    write_arrangement(ledger, NAME, duties(ledger, NAME, on), path, on, PUBLISHED)
    book = openpyxl.load_workbook(path)
    page = book["报送安排"]
    head = head_of(page, "报送期")
    last = next(at for at in range(head + 1, 99) if not page.cell(at, column(page, "报送期", head)).value)
    for at, (period, part, who, day) in enumerate(ADDED, last):
        said = {"报送期": period, "部分": part, "谁报": who, "截止日期": day}
        said["报给"] = "牵头单位" if who == "配合" else "县政府督查室"
        for header, value in said.items():
            page.cell(at, column(page, header, head)).value = value
    book.save(path)
    arranged = open_arrangement(path)
    assert arranged is not None
    done, found = arranged.load(ledger, NAME)
    assert_fine(found)
    year.kept["arranged"] = done


def _in_list(page: Any, unit: str, **cells: str) -> None:
    """Fill cells of a unit's row of 单位名册 in."""
    head = head_of(page, "单位名称")
    names = column(page, "单位名称", head)
    [row] = [at for at in range(head + 1, page.max_row + 1) if page.cell(at, names).value == unit]
    for header, value in cells.items():
        page.cell(row, column(page, header, head)).value = value


def _goals(year: Year) -> None:
    """9 to 27 March: goals in, two sent back, accepted."""
    office = year.office
    year.issued["plan"] = office.issue("plan", date(2026, 3, 9))
    stages = dict.fromkeys(("一季度目标", "二季度目标", "三季度目标", "四季度目标"))
    blank = {
        task: dict.fromkeys((task, *(aim["target_id"] for aim in office.clerks.aims(task))), stages)
        for task in ("T004", "T034", "T036")
    }
    edits: Edits = {"县金融服务中心": blank["T036"], "县司法局": blank["T034"], "县发展改革局": blank["T004"]}
    year.taken["plan"] = office.take("plan", date(2026, 3, 18), without=("县医保局", "县民政局"), edits=edits)
    office.take("plan", date(2026, 3, 24), units=("县民政局",))

    def first(book: Any) -> None:
        rule(book["目标审核"], "", 审核意见="审定")
        rule(book["目标审核"], "新建稻香水厂", "县水务局", 审核意见="退回", 退回理由="没有写明水厂通水的月份")
        rule(book["目标审核"], "林下经济", "县林业局", 审核意见="退回", 退回理由="油茶低改没有分镇任务")

    year.reviewed["plan"] = office.review("plan", date(2026, 3, 24), first)
    year.issued["plan again"] = office.issue("plan", date(2026, 3, 24))
    mended: Edits = {
        "县水务局": {"T026": {"四季度目标": "11月稻香水厂通水，铺设管网180公里，改造站点35处，普及率95%"}},
        "县林业局": {"T016": {"一季度目标": "发展林下经济1.8万亩，云峰、竹溪两镇油茶低改0.35万亩"}},
    }
    year.taken["mended"] = office.take("plan", date(2026, 3, 26), units=tuple(mended), edits=mended)
    office.review("plan", date(2026, 3, 27), lambda book: rule(book["目标审核"], "", 审核意见="审定"))
    otherwise: Edits = {"县教育局": {"T040": {"三季度目标": "9月底前新增学前学位500个、义务教育学位1200个"}}}
    year.taken["approved goal"] = office.take("plan", date(2026, 4, 2), units=("县教育局",), edits=otherwise)


# --- months ----------------------------------------------------------------------------------


def _month(year: Year, month: int, issued: date, taken: date, without: tuple[str, ...] = ()) -> None:
    """One month of 民生实事. The lifts of A009 stand still from April on; A014 is done in November."""
    period = f"2026-{month:02d}"
    year.issued[period] = year.office.issue(period, issued)
    edits: dict[str, Any] = {}
    if 4 <= month:
        edits["县住房城乡建设局"] = {"A009.1": {"本月累计": 4}}
    if month == 11:
        edits["县政务服务数据局"] = {"A014.1": {"本月累计": 20}}
    year.taken[period] = year.office.take(period, taken, part="annex", without=without, edits=edits, called=CALLED)


def _winter(year: Year) -> None:
    """January to March of 民生实事; the first 批示."""
    _directives(year, date(2026, 3, 21), FIRST_WORD)
    for month in (1, 2):
        _month(year, month, date(2026, 3, 9), date(2026, 3, 12))
    _month(year, 3, date(2026, 3, 27), date(2026, 4, 3))


def _directives(year: Year, on: date, *rows: Mapping[str, object], closed: tuple[str, ...] = ()) -> None:
    """Write 批示登记, add rows, close some, load it."""
    path = year.office.folder / f"批示登记-{on.isoformat()}.xlsx"
    write_directives(year.ledger, NAME, path)
    book = openpyxl.load_workbook(path)
    page = book["批示登记"]
    at = 4 + len(year.ledger.directives(NAME))
    for row, said in enumerate(rows, at):
        for header, value in said.items():
            page.cell(row, column(page, header)).value = value
    for number in closed:
        rule(page, number, 状态="已办结")
    book.save(path)
    opened = open_directives(path)
    assert opened is not None
    loaded = opened.load(year.ledger, NAME, on)
    assert_fine(loaded.findings)


# --- the first quarter -------------------------------------------------------------------------


def _first(year: Year) -> None:
    """27 March to 24 April."""
    office, period = year.office, "2026Q1"
    year.issued[period] = office.issue(period, date(2026, 3, 27))
    office.take(period, date(2026, 4, 2), "support", without=("县税务局", "县残联"))
    year.look(date(2026, 4, 5))
    office.take(period, date(2026, 4, 7), "support", units=("县税务局",))
    year.issued["2026Q1 relayed"] = office.issue(period, date(2026, 4, 7))
    extend_date(
        office.ledger,
        NAME,
        Wanted("县自然资源局", period, None, date(2026, 4, 20), date(2026, 4, 8), "卫片数据未下发"),
        today=date(2026, 4, 8),
    )
    broken = office.folder / "损坏" / office.forms[period, "main", "lead", "县公安局"].name
    broken.parent.mkdir()
    broken.write_bytes(office.filled(office.forms[period, "main", "lead", "县公安局"], "县公安局", period)[:4000])
    year.taken["broken"] = collect(office.ledger, broken, apply=True, received=date(2026, 4, 9))
    edits: Edits = {
        "县住房城乡建设局": {
            "R1": {
                "事项": "第20项二季度目标",
                "原内容": "累计开工14个、完工7个，更新管网15公里",
                "拟调整为": ASKED_GOAL,
                "理由": "5个小区居民同意率未达标",
            }
        },
        "县财政局": {"B001": DONE_WORD},
        "县发展改革局": {"B001": {"落实情况": "第一批项目已上报12个。", "办理状态": "办理中"}},
        "云溪经开区管委会": {"T010.1": {"累计完成值": 2.1}},
        "市生态环境局云溪分局": {"T027.2": {"累计完成值": 33}},
    }
    late = ("县林业局", "县公安局", "县自然资源局")
    office.take(period, date(2026, 4, 9), without=late, edits=edits)
    office.take(period, date(2026, 4, 13), units=("县林业局",))
    office.take(period, date(2026, 4, 14), units=("县公安局",))
    year.look(date(2026, 4, 14))
    office.take(period, date(2026, 4, 17), units=("县自然资源局",))

    def review(book: Any) -> None:
        page = book["进展审核"]
        rule(page, "印发稳增长若干措施22条", 报告用语="一季度地区生产总值预计增长5.3%，规上工业增加值增速略低于目标。")
        rule(page, "林下经济新落实", 核定状态="进展滞后")
        rule(page, "发生生产安全事故13起", 审核意见="退回", 退回理由="没有写明4个应急救援站的进度")
        rule(page, "筹得保障性租赁住房408套", 同意销号="是")
        rule(book["调整申请"], "同意率未达标", 审批意见="同意")
        rule(book["本期综合"], "综述", 内容="一季度各项工作开局平稳。")

    year.reviewed[period] = office.review(period, date(2026, 4, 20), review)
    year.report(period, date(2026, 4, 20))
    year.issued["2026Q1 again"] = office.issue(period, date(2026, 4, 21))
    text = "发生生产安全事故13起、死亡5人，同比分别下降7.1%、16.7%；4个应急救援站完成选址，1个进场施工。"
    mended: Edits = {"县应急管理局": {"T044": {"本期进展": text}}}
    year.taken["2026Q1 mended"] = office.take(period, date(2026, 4, 23), units=("县应急管理局",), edits=mended)


# --- June: a leader and a name change ------------------------------------------------------------


def _june(year: Year) -> None:
    """April and May of 民生实事; the forms of the half year go out; then the changes of June."""
    office, ledger = year.office, year.ledger
    _month(year, 4, date(2026, 4, 25), date(2026, 5, 3))
    _month(year, 5, date(2026, 5, 25), date(2026, 6, 3), without=("县民政局",))
    year.look(date(2026, 6, 8))
    office.take("2026-05", date(2026, 6, 9), part="annex", units=("县民政局",))
    _directives(year, date(2026, 5, 21), SECOND_WORD, THIRD_WORD)
    year.issued["2026Q2"] = office.issue("2026Q2", date(2026, 6, 12))
    path = office.folder / "变更.xlsx"
    write_changes(ledger, NAME, path)
    book = openpyxl.load_workbook(path)
    _change(book["领导调整"], 原领导=OLD_LEADER, 新领导=NEW_LEADER, 范围="全部", 起始日期=date(2026, 6, 15))
    _change(book["单位更名合并"], 原单位=OLD_UNIT, 新单位=NEW_UNIT, 起始日期=date(2026, 6, 20))
    book.save(path)
    opened = open_changes(path)
    assert opened is not None
    taken = opened.load(ledger, NAME)
    assert_fine(taken.findings)
    year.kept["changes"] = taken
    year.issued["2026Q2 after the change"] = office.issue("2026Q2", date(2026, 6, 22))
    _month(year, 6, date(2026, 6, 25), date(2026, 7, 3))


def _change(page: Any, **cells: Any) -> None:
    for header, value in {**cells, "依据": "云府〔2026〕18号"}.items():
        page.cell(4, column(page, header)).value = value


# --- the other quarters ---------------------------------------------------------------------------


def _second(year: Year) -> None:
    """2 to 15 July."""
    office, period = year.office, "2026Q2"
    office.take(period, date(2026, 7, 2), "support", without=("县残联",))
    year.issued["2026Q2 relayed"] = office.issue(period, date(2026, 7, 4))
    unchanged = dict.fromkeys(("本期进展", "完成情况", "下一步措施", "存在问题"))
    edits: Edits = {
        "县政府办公室": {"T048": unchanged},
        "县交通运输局": {"T024.1": {"累计完成值": 6}},
        "县发展改革局": {"B001": DONE_WORD},
        "县公安局": {"B002": DONE_WORD},
    }
    year.taken[period] = office.take(period, date(2026, 7, 8), without=("县水务局",), edits=edits)

    def review(book: Any) -> None:
        page = book["进展审核"]
        rule(page, "游客中心改造只完成70%", 报告用语="接待游客218万人次，游客中心改造未按6月底节点完工。")
        rule(page, "方案起草和法人压减仍未启动", 核定状态="进展滞后")
        rule(page, "营造林4.56万亩全部完工", 同意销号="是")
        rule(page, "15项“一件事”全部上线", 同意销号="是")
        rule(page, "5个示范节点全部建成", 同意销号="否", 退回理由="县级验收意见尚未报送")
        rule(book["本期综合"], "综述", 内容="上半年时间过半，多数任务过半。")

    year.reviewed[period] = office.review(period, date(2026, 7, 15), review)
    year.report(period, date(2026, 7, 15))
    _directives(year, date(2026, 7, 20), closed=("B001", "B002"))


def _third(year: Year) -> None:
    """July to September of 民生实事, and the third quarter."""
    office, period = year.office, "2026Q3"
    _month(year, 7, date(2026, 7, 25), date(2026, 8, 3))
    _month(year, 8, date(2026, 8, 25), date(2026, 9, 3), without=("县交通运输局",))
    year.issued[period] = office.issue(period, date(2026, 9, 18))
    nothing: Edits = {"云溪供电公司": {"T010": {"本期进展": "无"}, "T030": {"本期进展": "无"}}}
    office.take(period, date(2026, 9, 29), "support", edits=nothing, called=CALLED)
    _month(year, 9, date(2026, 9, 25), date(2026, 10, 3))
    edits: Edits = {
        "县交通运输局": {"T024.1": {"累计完成值": 20}},
        "青石镇政府": _done(year, "T019"),
    }
    year.taken[period] = office.take(period, date(2026, 10, 9), edits=edits, called=CALLED)
    year.reviewed[period] = office.review(
        period, date(2026, 10, 15), lambda book: rule(book["进展审核"], "第19项", "青石镇政府", 同意销号="是")
    )
    year.report(period, date(2026, 10, 15))


def _done(year: Year, task: str) -> dict[str, dict[str, object]]:
    """What a clerk types who has reached the aims of a task before the year is over."""
    aims = year.office.clerks.aims(task)
    return {task: {"完成情况": "已完成"}, **{row["target_id"]: {"累计完成值": row["value"]} for row in aims}}


def _fourth(year: Year) -> None:
    """October to December of 民生实事, the year's last report, closing."""
    office, period = year.office, "2026Q4"
    _month(year, 10, date(2026, 10, 25), date(2026, 11, 3))
    _month(year, 11, date(2026, 11, 25), date(2026, 12, 3))
    year.issued[period] = office.issue(period, date(2026, 12, 21))
    office.take(period, date(2026, 12, 31), "support", called=CALLED)
    _month(year, 12, date(2026, 12, 25), date(2027, 1, 4))
    goes_on = {"完成情况": "正常推进"}
    behind = {"完成情况": "进展滞后", "存在问题": "招标流标两次。"}
    edits: Mapping[str, Any] = {
        "县农业农村局": {"T017": goes_on},
        "县市场监管局": {"T034": goes_on, "T043": goes_on},
        "县应急管理局": {"T044": goes_on},
        "县政府办公室": {"T048": goes_on},
        "县财政局": {"T031": goes_on, "T031.1": {"累计完成值": 60.5}},
        "县交通运输局": {"T024": behind, "T024.1": {"累计完成值": 24}},
        "云溪经开区管委会": {"T010": behind, "T010.1": {"累计完成值": 12}},
    }
    year.taken[period] = office.take(period, date(2027, 1, 8), edits=edits, called=CALLED)

    def review(book: Any) -> None:
        page = book["进展审核"]
        for find in ("第3项", "第20项", "第40项", "第47项"):
            rule(page, find, 同意销号="是")
        rule(page, "第18项", 核定状态="正常推进", 同意销号="否", 退回理由="户厕改造尚待抽查")

    year.reviewed[period] = office.review(period, date(2027, 1, 12), review)
    year.report(period, date(2027, 1, 12))


def _bonus(year: Year) -> None:
    """14 January: the office enters a bonus in 计分表."""
    on = date(2027, 1, 14)
    path = year.office.folder / "计分表.xlsx"
    write_scores(year.ledger, score(year.ledger, NAME, on), path)
    book = openpyxl.load_workbook(path)
    page = book["手工调整"]
    head = head_of(page, "分值")
    for header, value in BONUS.items():
        page.cell(head + 1, column(page, header, head)).value = value
    book.save(path)
    opened = open_scores(path)
    assert opened is not None
    taken = opened.load(year.ledger, NAME, today=on)
    assert_fine(taken.findings)
    year.look(date(2027, 1, 15))
