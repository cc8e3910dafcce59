"""The fixed turns of phrase of reports, and the small repairs that running text needs."""

from __future__ import annotations

import re

from taskkit.book_words import part_title
from taskkit.periods import Period
from taskkit.plan import PlanInfo
from taskkit.text import compact, ends_sentence, split_keeping

CONTRADICTED = "※"  # marks a computed state that is worse than the unit's own word
CONTRADICTED_NOTE = f"注：带{CONTRADICTED}的，系统按量化指标和完成时限研判的结果与单位自评不一致，请核实。"
_NUMERALS = "〇一二三四五六七八九"
_LONG = 32  # characters: longer task titles are named by their first clause
_SHORTEST = 6
_TITLE_LINE = 20  # characters of a title that stand in one line
_HALF_WIDTH = re.compile(r"(?<!\d),|,(?!\d)")  # between clauses, not within a number
_ITEM_NUMBER = re.compile(r"^\s*(?:[（(][一二三四五六七八九十]+[)）]|[一二三四五六七八九十]+\s*、)\s*")
_ITEM_COUNT = re.compile(r"\s*[（(]?共?\s*\d+\s*[大小]?项\s*[)）]\s*$")


def part_label(part: str) -> str:
    """How a part of the plan is called in running text: 重点任务, 民生实事, 附件2."""
    return part_title(part) or "重点任务"


def time_of(period: Period) -> str:
    """What a report is on: 2023年二季度, 2023年5月; the period that ends the year is 2023年度."""
    return f"{period.year}年度" if period.last_month == 12 else period.label


def end_of(period: Period) -> str:
    """The end of a period, as another of its year compares with it: 一季度末, 5月底, 上半年末."""
    name = period.label.removeprefix(f"{period.year}年")
    return f"{name}底" if period.kind == "month" else f"{name}末"


def source(info: PlanInfo, period: Period, *, quoted: bool = True, when: str = "") -> str:
    """Period and origin of what is reported: 2023年二季度《政府工作报告》; only the period for other plans.

    ``when`` names the period in another way.
    """
    when = when or period.label
    if "政府工作报告" not in (info.title or "政府工作报告"):
        return when
    return f"{when}《政府工作报告》" if quoted else f"{when}政府工作报告"


def of_year(info: PlanInfo) -> str:
    """Year and origin of a plan: 2026年《政府工作报告》; only the year for other plans, nothing where none is known."""
    origin = "《政府工作报告》" if "政府工作报告" in (info.title or "政府工作报告") else ""
    return (f"{info.year}年" if info.year else "") + origin


def title(info: PlanInfo, period: Period, subject: str) -> str:
    """The title, in two lines that break where the sense does (GB/T 9704-2012, 7.3.1) unless it fits in one."""
    origin = source(info, period, when=time_of(period))
    line_break = "" if origin == time_of(period) else "\n"
    return f"{origin}{line_break}{subject}进展情况的报告"


def in_lines(text: str) -> str:
    """A plan's title in lines that break by sense (GB/T 9704-2012, 7.3.1): after the report that it names."""
    head, mark, tail = bare(text).partition("》")
    return f"{head}{mark}\n{tail}" if mark and tail and len(text) > _TITLE_LINE else bare(text)


def intro(info: PlanInfo, period: Period, subject: str) -> str:
    """What is reported, on which ground."""
    ground = ""
    if info.title:
        ground = f"根据{named(info)}要求，"
    return f"{ground}现将{time_of(period)}（{period.span}）{subject}进展情况报告如下。"


def named(info: PlanInfo) -> str:
    """The plan as it is named in running text: 《2026年县〈政府工作报告〉重点任务分工方案》（云府〔2026〕6号）."""
    inner = compact(info.title or "重点任务分工方案").replace("《", "〈").replace("》", "〉")
    return f"《{inner}》" + (f"（{info.document_number}）" if info.document_number else "")


def until(period: Period) -> str:
    """The last month of a period: 2023年6月底."""
    return f"{period.year}年{period.last_month}月底"


def numeral(number: int) -> str:
    """1 to 99 as 一 … 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return head + (_NUMERALS[ones] if ones else "")


def heading(text: str) -> str:
    """A heading of the plan without its number and its count, for it is numbered anew."""
    return _ITEM_COUNT.sub("", _ITEM_NUMBER.sub("", compact(text))) or text


def counted_off(text: str) -> str:
    """A heading of the plan with its number but without its count: 一、聚力稳增长."""
    return _ITEM_COUNT.sub("", compact(text)) or text


def bare(text: str) -> str:
    """A title without the mark that closes it."""
    return compact(text).rstrip("。；;，,")


def short(text: str) -> str:
    """A title short enough to be named in passing: a long one by its first clause, never cut inside brackets."""
    whole = _HALF_WIDTH.sub("，", bare(text))
    if len(whole) <= _LONG:
        return whole
    clauses = split_keeping(whole, "。；，")
    named = ""
    for clause, mark in clauses:
        named += clause
        if len(named) >= _SHORTEST:
            break
        named += mark
    return named if named == whole or named.endswith("等") else f"{named}等"


def stop(text: str) -> str:
    """A text that ends as a sentence does."""
    return text if ends_sentence(text) else f"{text.rstrip('，,、')}。"


def lines(text: str) -> list[str]:
    """The paragraphs of a clerk's text, blank ones dropped; at least one."""
    return [line.strip() for line in text.splitlines() if line.strip()] or [""]
