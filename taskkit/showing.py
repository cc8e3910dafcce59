"""What the commands print: a plan that was read, workbooks issued, who reported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taskkit import console
from taskkit.wording import tasks_counted

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.issuing import Issued
    from taskkit.issuing.dispatching import Dispatch
    from taskkit.listing import InHand
    from taskkit.plan import Plan
    from taskkit.registering import RegisterRow, RegisterTaken
    from taskkit.roster import Roster
    from taskkit.template_check import Checked
    from taskkit.word_template_check import CheckedDocument

ROLES = {"lead": "牵头单位", "support": "配合单位"}


def plan_json(plan: Plan) -> str:
    """The whole plan as JSON: info and all frames."""
    import json
    from dataclasses import asdict

    from taskkit.plan import FRAMES, records

    content = {"info": asdict(plan.info), **{name: records(name, getattr(plan, name)) for name in FRAMES}}
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)


def show_plan(plan: Plan) -> None:
    """What was read: facts, sections, calendar, findings."""
    from taskkit.plan import records

    info = plan.info
    facts = {
        "标题": info.title,
        "发文单位": info.issuer,
        "文号": info.document_number,
        "印发日期": info.issued_on,
        "年度": info.year,
        "写法": info.dialect,
    }
    for label, value in facts.items():
        if value is not None:
            console.say(f"{label}：{value}")
    tasks, assignments = plan.tasks, plan.assignments
    leads = assignments[(assignments["role"] == "lead") & ~assignments["collective"]]["unit"].nunique()
    console.say(
        f"读到{tasks_counted(tasks['part'])}、{len(plan.measures)}条措施、{len(plan.targets)}个量化指标；"
        f"{assignments['unit'].nunique()}个单位，其中牵头{leads}个。"
    )
    headings = tasks[["part", "section"]].fillna("")
    console.table(
        ("部分", "大类", "任务"),
        [
            (_part(str(part)), section, len(rows))
            for (part, section), rows in headings.groupby(["part", "section"], sort=False)
        ],
    )
    if len(plan.schedule):
        console.table(
            ("报送期", "写法", "谁报", "部分", "截止", "报给"), map(_date_row, records("schedule", plan.schedule))
        )
    console.findings(plan.findings)


def show_proofreading(plan: Plan, path: Path, is_new: bool) -> None:
    """What was written for a person to correct, and what to do with it."""
    doubts = int(plan.findings["severity"].isin(["error", "doubt"]).sum())
    if not is_new:
        console.say(f"核对稿 {path} 没有变化，未作任何改动。")
        return
    console.say(
        f"已写核对稿：{path}（{tasks_counted(plan.tasks['part'])}、{len(plan.targets)}个量化指标、{doubts}处疑点）"
    )
    console.say(f"在 Excel 或 WPS 里改好保存后登记：taskkit load {path}")


def show_roster(name: str, hand: InHand, plan: Plan) -> None:
    """The unit list, the leader list, and what to do with them."""
    from taskkit.plan_index import PlanIndex

    roster, index = hand.roster, PlanIndex(plan, hand.roster)
    console.say(f"“{name}”{hand.state}")
    rows = [
        (
            at,
            "、".join((entry.name, *(f"（{alias}）" for alias in entry.aliases))),
            entry.short_name,
            entry.kind,
            entry.through,
            "、".join(entry.members),
            "是" if entry.scored else "否",
            index.task_count(entry.name, "lead"),
            index.task_count(entry.name, "support"),
        )
        for at, entry in enumerate(roster.unit_entries, 1)
    ]
    console.table(("顺序", "单位", "简称", "类别", "通过何单位报送", "成员单位", "计分", "牵头", "配合"), rows)
    if left := [unit for unit in index.order if unit not in roster.order]:
        console.say(f"方案里还有{len(left)}个单位不在名册里，排在最后：{'、'.join(left)}")
    leaders = [
        (at, entry.name, entry.office, entry.secretary, index.leader_task_count(entry.name))
        for at, entry in enumerate(roster.leader_entries, 1)
    ]
    if leaders:
        console.table(("顺序", "领导", "职务", "联系秘书", "分管"), leaders)
    console.say(f"要填写或修改：taskkit units {name} --xlsx 名册.xlsx，填好后登记：taskkit load 名册.xlsx")


def show_roster_written(hand: InHand, plan: Plan, path: Path, is_new: bool) -> None:
    """What was written for a person to fill in, and what to do with it."""
    from taskkit.listing import hints_of
    from taskkit.plan_index import PlanIndex

    if not is_new:
        console.say(f"名册 {path} 没有变化，未作任何改动。")
        return
    roster = hand.roster
    hints = len(hints_of(roster, PlanIndex(plan, roster)))
    counts = f"{len(roster.unit_entries)}个单位、{len(roster.leader_entries)}位领导"
    console.say(f"已写名册：{path}（{counts}{f'，{hints}处请先看“提示”' if hints else ''}）")
    console.say(hand.state)
    console.say(f"在 Excel 或 WPS 里填好保存后登记：taskkit load {path}")


def show_roster_loaded(name: str, roster: Roster, is_new: bool) -> None:
    """What was kept, and what follows from it."""
    if not is_new:
        console.say(f"“{name}”的名册内容相同，未作任何改动。")
        return
    joined = sum(len(entry.aliases) for entry in roster.unit_entries)
    through = sum(bool(entry.through) for entry in roster.unit_entries)
    named = sum(bool(entry.members) for entry in roster.unit_entries)
    parts = ((joined, "{}个别名"), (through, "{}个单位由别的单位一并报送"), (named, "{}个集体称谓写明了成员"))
    said = "，".join(text.format(count) for count, text in parts if count)
    counts = f"{len(roster.unit_entries)}个单位、{len(roster.leader_entries)}位领导"
    console.say(f"已登记“{name}”的名册：{counts}{f'；{said}' if said else ''}。今后发表、统计都按它来。")


def _date_row(row: dict[str, Any]) -> tuple[object, ...]:
    from taskkit.periods import parse_period

    label = parse_period(row["period"]).label
    return label, row["period"], ROLES.get(row["role"]), _part(row["part"]), row["due_on"], row["to_whom"]


def _part(part: str) -> str:
    """As people call a part of a plan."""
    return "正文" if part == "main" else f"附件{part.removeprefix('annex')}"


def show_issued(issued: Issued, name: str) -> None:
    """How many workbooks were written, and who got none, with the reason; what to do stands below, once."""
    from taskkit.issuing.asking import COLLECTIVE, NAME_MEMBERS

    books, left_out = issued.books, issued.left_out
    if issued.why:
        console.say(issued.why)
    counts = books["outcome"].value_counts()
    folder = Path(books["path"].iloc[0]).parent if len(books) else Path()
    if len(set(books["path"])) < len(books):
        console.say(f"总表一份，{len(books)}份表格的内容都在里面：{books['path'].iloc[0]}")
    else:
        console.say(
            f"共{len(books)}份表格，在 {folder} ：新写{counts.get('written', 0)}个，"
            f"没有变化{counts.get('unchanged', 0)}个，保留原文件{counts.get('kept', 0)}个。"
        )
    _show_directives(issued)
    if len(issued.supplements):
        new = int((issued.supplements["outcome"] == "written").sum())
        console.say(
            f"另有补发的配合单位进展{len(issued.supplements)}份（新写{new}个），发给已有表格的牵头单位，不用交回。"
        )
    if len(left_out):
        console.table(("没有表格的单位", "原因"), left_out[["unit", "reason"]].itertuples(index=False))
        if (left_out["reason"] == COLLECTIVE).any():
            console.say(f"集体称谓的任务要发给成员单位的：{NAME_MEMBERS.format(name=name)}。")


def _show_directives(issued: Issued) -> None:
    """Which 批示 went out with forms, and which in forms of their own, and why."""
    directed = issued.directives
    within, apart = directed[~directed["apart"]], directed[directed["apart"]]
    if len(within):
        console.say(f"其中{len(within)}份带有“批示办理”。")
    if len(apart):
        listed = apart[["unit", "directives"]].itertuples(index=False, name=None)
        told = "；".join(f"{unit}（{'、'.join(numbers)}）" for unit, numbers in listed)
        console.say(
            f"其中{len(apart)}份是单独的批示办理表，发给本期没有其他表格、或者表格发出以后才有批示的单位，"
            f"先前发出的表格不动：{told}。"
        )


def show_checked(file: Path, checked: Checked) -> None:
    """A template's sheets, marks, repeated rows and columns that come back, then what is wrong with it."""
    console.say(f"{file.name}：{checked.name}")
    for sheet in checked.sheets:
        console.say(f"\n工作表“{sheet.title}”")
        if sheet.rows:
            console.say("  按数据重复的行：" + "、".join(f"第{row}行（{name}）" for name, row in sheet.rows))
        if sheet.returning:
            console.say("  由单位填写、收回的列：" + "、".join(sheet.returning))
        if sheet.marks:
            console.say("  标记：" + "、".join(sheet.marks))
    console.say()
    for title in checked.lacking:
        console.say(f"没有工作表“{title}”，发出的表格里将没有这张表；要用的话，请从自带的模板复制过来。")
    _show_problems(checked.problems)


def show_checked_document(file: Path, checked: CheckedDocument) -> None:
    """The marks of a Word template part by part, those that it does without, then what is wrong with it."""
    console.say(f"{file.name}：{checked.name}")
    for label, marks in checked.parts:
        console.say(f"\n{label}")
        console.say("  标记：" + "、".join(marks))
    if checked.lacking:
        console.say("\n自带模板有、这个模板没有的内容（不会印出来）：" + "、".join(checked.lacking))
    console.say()
    _show_problems(checked.problems)


def _show_problems(problems: Sequence[str]) -> None:
    if not problems:
        console.say("没有发现问题，可以使用。")
        return
    console.say(f"发现{len(problems)}个问题，改好之前不能使用：")
    for number, problem in enumerate(problems, 1):
        console.say(f"{number}. {problem.removesuffix('未作任何改动。')}")


def show_dispatch(sent: Dispatch) -> None:
    """The list of what was sent and the archive, beside the workbooks."""
    console.say(f"发送清单（.xlsx 和 .csv）：{sent.lists[0].name}；全部表格打包：{sent.archive.name}")
    changed = [each.path.name for each in sent.sent if not each.untouched]
    if changed:
        console.say(f"{len(changed)}个文件已有改动，没有放进压缩包：{'、'.join(changed)}")
    for path in sent.kept:
        console.say(f"{path.name} 您已改过，保留不动；要重新生成，请先移走它。")


def show_status(name: str, overview: Any, returns: Any) -> None:
    """The periods in one table, then the units of each; ``returns`` gives a period's frame."""
    console.table(
        ("报送期", "截止", "应报", "已报", "其中迟报", "未报", "未到期", "待转录", "已退回", "无需报送"),
        [
            (
                *(s.label, _day(s.due_on), s.asked, s.returned, s.late, s.missing, s.not_yet_due),
                *(len(s.waiting_units), len(s.sent_back_units), len(s.excused_units)),
            )
            for s in overview
        ],
        title=f"{name} 报送情况",
    )
    for each in overview:
        _show_units(each.label, returns(each.period))
        if each.mending_units:
            named = "、".join(f"{unit}{count}项" for unit, count in each.mending_units)
            console.say(f"已退回待修改{len(each.mending_units)}家：{named}。")
        reasons: dict[str, list[str]] = {}
        for unit, reason in each.excused_units:
            reasons.setdefault(reason, []).append(unit)
        for reason, units in reasons.items():
            console.say(f"无需报送{len(units)}家（{reason}）：{'、'.join(units)}。")


def _show_units(label: str, frame: pd.DataFrame) -> None:
    """The forms of one period; which form it is where a unit has several."""
    from taskkit.plan import plain_rows
    from taskkit.tracking import Outcome, form_name

    several = bool(frame["unit"].duplicated().any())
    rows = [
        (
            row["unit"],
            *([form_name(row["role"], row["part"])] if several else []),
            _day(row["due_on"]),
            _day(row["issued_on"]),
            _came(row),
            f"{Outcome(row['outcome']).label}{f'{days}天' if (days := row['days_late']) else ''}",
            *(row[key] or "" for key in ("accepted", "sent_back", "waiting")),
            f"{row['filled']}/{row['tasks']}",
        )
        for row in plain_rows(frame)
    ]
    headers = (
        "单位",
        *(["表格"] if several else []),
        "截止",
        "发出",
        "收到",
        "情况",
        "收下",
        "退回",
        "待转录",
        "已填/任务",
    )
    console.table(headers, rows, title=label)


def _came(row: dict[Any, Any]) -> str:
    """The day that counts; where something came before it that did not count, that day too."""
    day, first = _day(row["received"]), _day(row["first_received"])
    return day if first in ("", day) else f"{day}（{first}初交）" if day else f"（{first}交来，未收）"


def show_register(name: str, rows: Sequence[RegisterRow]) -> None:
    """The register as a table: what came in, and who has sent in nothing."""
    if not rows:
        console.say("还没有发出过表格，没有要登记的。")
        return
    columns = {
        "登记号": "number",
        "单位": "unit",
        "报送期": "period",
        "表格": "form",
        "收到日期": "received",
        "方式": "way",
        "文件": "file_name",
        "结果": "label",
        "说明": "reason",
    }
    forms = {(row.unit, row.period, row.form) for row in rows if row.form}
    if len(forms) == len({each[:2] for each in forms}):
        del columns["表格"]
    shown = [[getattr(row, key) for key in columns.values()] for row in rows]
    console.table(tuple(columns), shown, title=f"{name} 收件登记")


def show_register_written(out: Path, is_new: bool) -> None:
    """Where the register stands as a workbook, and what to do with it."""
    if not is_new:
        console.say(f"{out} 已经是最新的，未作任何改动。")
        return
    console.say(f"已写出：{out}。补登或更正后登记：taskkit load {out}")


def show_register_loaded(name: str, taken: RegisterTaken) -> None:
    """What was registered of a register that came back."""
    if taken.new or taken.corrected:
        console.say(f"已登记到“{name}”：新登记{taken.new}条，更正{taken.corrected}条。")
    else:
        console.say("没有要登记的改动，未作任何改动。")
    console.findings(taken.findings, most=50)


def _day(value: Any) -> str:
    return "" if value is None or value != value else str(value)[:10]
