"""What a workbook says of itself: its name, whom it asks, by when and to whom it goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from taskkit.book import Ask, BookSheet
from taskkit.columns import BOOK_FIELDS, COLUMNS, DIRECTIVE_SHEET, DIRECTIVES, REQUEST_SHEET, is_directives
from taskkit.office.data import Value
from taskkit.periods import Period, official_date
from taskkit.plan_index import PlanIndex

SENT_BACK = "　　退回修改，见右侧“审核意见”一列"
HOW_DIRECTIVE = "“批示办理”逐件填写落实情况并选择办理状态，未办结的写明预计办结时间。"


def part_title(part: str) -> str:
    """How an annex is called in titles and file names; nothing for the main part."""
    if part == "main":
        return ""
    if is_directives(part):
        return f"{DIRECTIVE_SHEET.title}{part.removeprefix(DIRECTIVES)}"
    number = part.removeprefix("annex")
    return f"附件{number}" if number else "民生实事"


def form_title(period: Period, year: int | None, role: str = "lead", part: str = "main") -> str:
    """What the workbook is, as titles and file names say it.

    2026年二季度工作进展, 2026年落实方案, 2026年4月民生实事进展, 2026年二季度工作进展（民生实事）.
    """
    if is_directives(part):
        return f"{period.label}{part_title(part)}"
    annex = part_title(part)
    if annex and period.kind == "month" and role != "support":
        return f"{period.label}{annex}进展"
    ending = f"（{annex}）" if annex else ""
    if period.kind == "plan":
        return f"{f'{year}年' if year else ''}落实方案{'（配合任务）' if role == 'support' else ''}{ending}"
    return f"{period.label}{'配合任务' if role == 'support' else '工作'}进展{ending}"


def book_values(index: PlanIndex, ask: Ask, tasks: int, targets: int) -> dict[str, Value]:
    """The marks that stand for one value in the whole workbook."""
    info, period = index.info, ask.period
    form = form_title(period, info.year, ask.role, ask.part)
    name = index.full_name(ask.unit)
    year = f"{info.year}年" if info.year else ""
    return {
        "unit.name": ask.unit,
        "unit.full_name": name,
        "plan.title": info.title or "",
        "plan.issuer": info.issuer or "",
        "plan.document_number": info.document_number or "",
        "plan.year": year,
        "period.label": period.label,
        "period.span": period.span,
        "book.title": f"{name}{form}",
        "book.form": form,
        "book.due": official_date(ask.due_on) if ask.due_on else "",
        "book.to_whom": ask.to_whom or "",
        "book.due_text": _due_text(ask),
        "book.contact": ask.contact,
        "book.line": line_text(ask, deadline_text(ask.due_on, ask.to_whom), year),
        "book.footer": f"{period.label}（{period.span}累计）" if period.span else year,
        "book.task_count": tasks,
        "book.target_count": targets,
        "book.id": None,
        "book.workbook": None,
        "book.edition": None,
        **{f"book.{each.column.key}": None for each in BOOK_FIELDS},
    }


def how_values(sheets: Iterable[BookSheet]) -> dict[str, Value]:
    """The instructions' word on what only some forms have: the drop-down list of states, 批示, the requests."""
    listed = tuple(sheets)
    keys = {field.column.key for sheet in listed for field in sheet.fields}
    behind = next((COLUMNS[key].header for key in ("problem", "brief") if key in keys), "")
    state = f"进展滞后的，请在“{behind}”里写明原因。" if behind else ""
    if "state" in keys:
        state = "“完成情况”从下拉列表中选择。进展滞后的，请写明“存在问题”和“下一步措施”。"
    request = "已审定的内容需要调整的，请与督查室联系。"
    if any(sheet.title == REQUEST_SHEET.title for sheet in listed):
        request = "已审定的内容需要调整的，填“调整申请”，由督查室审定后答复；没有的留空。"
    directive = HOW_DIRECTIVE if any(sheet.title == DIRECTIVE_SHEET.title for sheet in listed) else ""
    return {"book.how_state": state, "book.how_request": request, "book.how_directive": directive}


def deadline_text(due_on: date | None, to_whom: str | None) -> str:
    """By when and to whom: 请于2026年7月10日前报县政府督查室; nothing where no date is known."""
    return f"请于{official_date(due_on)}前报{to_whom or '送'}" if due_on else ""


def _due_text(ask: Ask) -> str:
    """The instructions' word on the date; a workbook for both roles may have two."""
    deadline = deadline_text(ask.due_on, ask.to_whom)
    support = deadline_text(ask.support_due_on, ask.support_to_whom)
    contact = f"{ask.contact}。" if ask.contact else ""
    if not deadline:
        return f"请按通知要求的时间和渠道报送。{contact}"
    both = ask.role == "all" and ask.period.kind != "plan" and support not in ("", deadline)
    return f"{deadline}；“配合任务”{support}。{contact}" if both else f"{deadline}。{contact}"


def line_text(ask: Ask, deadline: str, year: str = "") -> str:
    """The second line of a sheet: who reports, on what, by when and to whom."""
    span = f"{ask.period.label}（{ask.period.span}累计）" if ask.period.span else year
    said = (f"填报单位：{ask.unit}", f"报送期：{span}" if span else "", deadline, ask.contact)
    return "　　".join(filter(None, said))
