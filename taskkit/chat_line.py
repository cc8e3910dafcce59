"""Who has reported, in one line for the office's chat group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from taskkit.ledger import Ledger
from taskkit.periods import short_date
from taskkit.roster import Roster
from taskkit.tracking import PeriodStatus

_LONGEST_TITLE = 30  # characters of a plan's title in a chat line; a longer one goes by its name in the ledger


def chat_line(ledger: Ledger, name: str, status: PeriodStatus, now: datetime) -> str:
    """One line for the office's chat group: 截至7月8日17时，…二季度应报44家，已报38家（迟报2家），未报6家：….

    Units go by their short names, in the order of the unit list; of one that owes only some of its forms, those.
    """
    info, roster = ledger.plan(name, now.date()).info, ledger.roster(name, now.date()) or Roster()
    title = info.title if info.title and len(info.title) <= _LONGEST_TITLE else name
    when = status.label if str(info.year) not in title else status.label.removeprefix(f"{info.year}年")
    opening = f"截至{short_date(now)}{now.hour}时，{title}{when}"
    if not status.asked:
        return f"{opening}没有应报的单位。"
    owing = status.asked - status.returned
    named = "、".join(f"{roster.short(unit)}{count}项" for unit, count in status.mending_units)
    mend = f"已退回待修改{len(status.mending_units)}家：{named}。" if named else ""
    late = f"（迟报{status.late}家）" if status.late else ""
    if not owing:
        return f"{opening}应报{status.asked}家，已全部报送{late}。{mend}"
    due = f"（{short_date(status.due_on)}截止）" if status.not_due_units and status.due_on else ""
    missing, back = {*status.missing_units, *status.not_due_units}, set(status.sent_back_units)
    names = (
        f"{roster.short(unit)}{_of_it(status.owed_forms.get(unit, ()))}{_until(status.extended_units.get(unit))}"
        f"{'（已退回，待重报）' if unit in back else ''}"
        for unit in status.units
        if unit in missing
    )
    done = f"已报{status.returned}家{late}" if status.returned else "尚无单位报送"
    return f"{opening}应报{status.asked}家，{done}，未报{owing}家{due}：{'、'.join(names)}。{mend}"


def _until(day: date | None) -> str:
    return f"（延至{short_date(day)}）" if day else ""


def _of_it(forms: Sequence[str]) -> str:
    return f"（{'、'.join(forms)}）" if forms else ""
