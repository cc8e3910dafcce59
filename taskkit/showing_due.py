"""What `due` and `extend` print: duties by their dates, schedules that were set, dates that were extended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from taskkit import console

if TYPE_CHECKING:
    from taskkit.arranging import Change, Rearranged
    from taskkit.duties import Collective, Duty
    from taskkit.extending import Extended

_WRITE = "知道了的，请写在 words/calendar.toml 里。"


def show_due(name: str, listed: Sequence[Duty], on: date, *, everything: bool, by_unit: bool) -> None:
    """What is overdue, due today, this week and on the next date, or all; then a summary (not ``by_unit``)."""
    if not listed:
        console.say("方案没有写明报送安排，也没有发出过表格。" if not by_unit else "没有要它报送的。")
        if not by_unit:
            console.say(
                f"设定报送安排：taskkit due {name} --set 每月28日；"
                f"或写成表来填：taskkit due {name} --xlsx 报送安排.xlsx"
            )
        return
    groups = (("全部", listed),) if everything or by_unit else grouped(listed, on)
    for title, duties in groups:
        if duties:
            _show_duties(title, duties, listed)
    if not by_unit:
        _show_periods(name, listed, on)
    past = [each for each in listed if not each.workbook and each.days_left is not None and each.days_left < 0]
    if past and not (everything or by_unit):
        console.say(f"日期已过、没有发过表格的{len(past)}份没有列出（加 --all 全部列出）。")


def grouped(listed: Sequence[Duty], on: date) -> tuple[tuple[str, list[Duty]], ...]:
    """What is still open, by how near it is: overdue (of forms that were sent), today, this week, the next date."""
    sunday = on + timedelta(days=6 - on.weekday())
    dated = [(each, each.due_on) for each in listed if each.is_open and each.due_on]
    later = [day for _, day in dated if day > max(sunday, on)]
    soon = min(later, default=date.max)
    return (
        ("逾期", [each for each, day in dated if day < on and each.workbook]),
        ("今天到期", [each for each, day in dated if day == on]),
        ("本周到期", [each for each, day in dated if on < day <= sunday]),
        ("接下来", [each for each, day in dated if day == soon]),
    )


def _show_periods(name: str, listed: Iterable[Duty], on: date) -> None:
    """One row for each period, part, role and date."""
    from taskkit.periods import official_date, parse_period
    from taskkit.tracking import Outcome, form_name

    together: dict[tuple[str, str, str], list[Duty]] = {}
    for each in listed:
        together.setdefault((each.period, each.part, each.role), []).append(each)
    rows = []
    for (period, part, role), duties in sorted(
        together.items(),
        key=lambda item: (min(d.original_due_on or date.max for d in item[1]), parse_period(item[0][0]), item[0][1:]),
    ):
        counts = {outcome: sum(each.outcome is outcome for each in duties) for outcome in Outcome}
        asked = len(duties) - counts[Outcome.EXCUSED]
        days = [each.original_due_on for each in duties if each.original_due_on]
        first = next((each for each in duties if not each.extension), duties[0])
        rows.append(
            (
                parse_period(period).label,
                form_name(role, part),
                f"{max(days, key=days.count)}{'（暂定）' if first.provisional else ''}" if days else "",
                asked,
                *(n or "" for n in (counts[Outcome.ON_TIME] + counts[Outcome.LATE], counts[Outcome.LATE])),
                *(counts[each] or "" for each in (Outcome.MISSING, Outcome.NOT_DUE, Outcome.NOT_SENT)),
                sum(each.extension is not None for each in duties) or "",
                first.source,
            )
        )
    headers = (
        *("报送期", "表格", "截止", "应报", "已报", "其中迟报"),
        *("未报", "未到期", "未发表格", "延期", "依据"),
    )
    console.table(headers, rows, title=f"{name} 报送安排（{official_date(on)}）")


def _show_duties(title: str, duties: Sequence[Duty], listed: Sequence[Duty]) -> None:
    from taskkit.arranging.writing import remarks
    from taskkit.periods import parse_period
    from taskkit.tracking import form_name

    rows = [
        (
            each.unit,
            parse_period(each.period).label,
            form_name(each.role, each.part),
            each.due_on or "",
            each.to_whom,
            each.outcome.label,
            days_shown(each),
            remarks(each),
        )
        for each in duties
    ]
    console.table(
        ("单位", "报送期", "表格", "截止", "报给", "情况", "天数", "说明"), rows, title=f"{title}（{len(rows)}）"
    )


def days_shown(duty: Duty) -> str:
    """还剩3天, 今天, 逾期2天; of what came late 迟2天; nothing for what came in time."""
    if duty.days_left is None:
        return f"迟{duty.days_late}天" if duty.days_late else ""
    if duty.days_left < 0:
        return f"逾期{-duty.days_left}天" if duty.workbook else f"已过{-duty.days_left}天"
    return f"还剩{duty.days_left}天" if duty.days_left else "今天"


def show_collectives(name: str, listed: Sequence[Collective]) -> None:
    """The collectives that nobody answers for yet."""
    if listed:
        units = "、".join(each.unit for each in listed)
        console.say(
            f"集体称谓没有写明成员单位，没有列入：{units}。"
            f"要它们报送的，请在名册里写明成员单位（taskkit units {name} --xlsx 名册.xlsx），再登记。"
        )


def show_provisional(listed: Iterable[Duty]) -> None:
    """Said once in a run: the years whose holidays are not published, and what that means."""
    duties = [each for each in listed if each.unknown_year and each.due_on]
    years = "、".join(f"{year}年" for year in sorted({each.due_on.year for each in duties if each.due_on}))
    if any(each.provisional for each in duties):
        console.say(f"{years}的放假安排尚未公布：按工作日算出的日期只按周末推算，为暂定；{_WRITE}")
    elif duties:
        console.say(f"{years}的放假安排尚未公布：报送日期是否遇节假日，现在只知道周末，为暂定；{_WRITE}")


def show_arrangement_written(out: Path, is_new: bool) -> None:
    if is_new:
        console.say(f"已写报送安排：{out}。改好“报送安排”一页后登记：taskkit load {out}")
    else:
        console.say(f"报送安排 {out} 没有变化，未作任何改动。")


def show_rearranged(name: str, done: Rearranged) -> None:
    """What a new schedule changes, and what is to be done now."""
    from taskkit.periods import parse_period
    from taskkit.proofreading.columns import part_shown

    if not done.changes:
        console.say("报送安排没有变化，未作任何改动。")
        return
    console.say(
        f"已设定“{name}”的报送安排：共{done.dates}个报送日期，改动{len(done.changes)}处。今后发表、统计都按它来。"
    )
    console.table(("改动", "报送期", "表格", "原来", "现在", "报给", "依据"), map(_change_row, done.changes))
    for period, part in done.backwards:
        about = f"{parse_period(period).label}（{part_shown(part)}）"
        console.say(f"请核对：{about}配合单位的日期晚于牵头单位的，牵头单位来不及汇总。")
    for part in done.mixed:
        console.say(f"请核对：{part_shown(part)}里按月、按季、按半年的报送期混用，同一内容会要求报两次。")
    if done.outdated:
        console.say(
            f"这些报送期已发出{done.outdated}份表格，上面仍印着原来的日期；"
            f"请重新生成发出（taskkit issue {name} --period 报送期），或另行告知。统计已按新日期。"
        )


def _change_row(each: Change) -> tuple[object, ...]:
    from taskkit.periods import parse_period
    from taskkit.tracking import form_name

    days = (side.due_on if side else None for side in (each.before, each.after))
    stands = each.after or each.before
    to_whom, source = (stands.to_whom, stands.source) if stands else ("", "")
    return (
        each.word,
        parse_period(each.period).label,
        form_name(each.role or "all", each.part or "main"),
        *days,
        to_whom,
        source,
    )


def show_extended(name: str, done: Extended) -> None:
    """What was granted, and what the unit still holds."""
    from taskkit.periods import official_date, parse_period
    from taskkit.tracking import form_name

    head = f"“{done.unit}”{parse_period(done.period).label}"
    if not done.is_new:
        console.say(f"{head}已登记过同样的延期，未作任何改动。")
        return
    for each in done.forms:
        if each.extension and each.due_on and each.original_due_on:
            console.say(
                f"已登记延期：{head}（{form_name(each.role, each.part)}）由{official_date(each.original_due_on)}"
                f"延至{official_date(each.due_on)}，{official_date(each.extension.asked_on)}提出，理由：{each.extension.reason}。"
            )
    if any(each.workbook for each in done.forms):
        console.say(
            "发出的表格上仍印着原来的日期，统计已按新日期；要印新日期的，请重新生成："
            f"taskkit issue {name} --period {done.period} --unit {done.unit}"
        )


def show_withdrawn(done: Extended) -> None:
    from taskkit.periods import official_date, parse_period

    days = dict.fromkeys(official_date(each.due_on) for each in done.forms if each.due_on)
    console.say(f"已取消“{done.unit}”{parse_period(done.period).label}的延期，恢复为{'、'.join(days)}。")
