"""The list beside the reminders (催报清单.xlsx): whom to call, and the message to send; then matter by matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taskkit.office.list_book import Cell, ListBook, ListColumn, ListRow, ListSheet
from taskkit.periods import official_date
from taskkit.plan import PlanInfo
from taskkit.reports.open_matters import Colour, Matter, Owing

TITLE = "催报清单"
_MATTERS = "事项明细"
_UNKNOWN = "未登记"
_INK = "#000000"
_PHONE = "电话未登记，请在单位名册里补上"
_COLLECTIVE = "集体称谓，名册里没有写明成员"
_NOTE = "注：一个单位一行，颜色取最紧的一项；短信按一条70字写好，可以直接复制，发出前请核对。"


@dataclass(frozen=True)
class Row:
    """One unit: whom to call, its matters in words (in their order), the message, whether it gets a letter."""

    owing: Owing
    contact: str
    phone: str
    texts: tuple[str, ...]
    message: str
    has_letter: bool


def build(rows: Sequence[Row], info: PlanInfo, slips: Mapping[Colour, tuple[str, str]], today: date) -> ListBook:
    """催报清单: one row per unit, then 事项明细: one row per matter. ``slips``: name and colour (#RRGGBB) of each."""
    counts = Counter(row.owing.colour for row in rows)
    said = "，".join(f"{slips[colour][0]}{counts[colour]}个" for colour in Colour if counts[colour])
    line = f"截至{official_date(today)}，共{len(rows)}个单位：{said}。"

    def sheet(title: str, columns: Sequence[ListColumn], listed: Iterator[ListRow], note: str = "") -> ListSheet:
        return ListSheet(
            title,
            f"{info.title or ''}\n{title}".strip(),
            line,
            tuple(columns),
            tuple(listed),
            emphasis=tuple((name, "") for name, _ in slips.values()),
            colours={name: (colour, _ink(colour)) for name, colour in slips.values()},
            note=note,
            frozen=1,
        )

    sheets = (
        sheet(TITLE, _UNITS, (_unit(row, slips) for row in rows), _NOTE),
        sheet(_MATTERS, _EACH, (each for row in rows for each in _matters(row, slips))),
    )
    return ListBook(TITLE, info.issuer or "", today, sheets)


_UNITS = (
    *(ListColumn("单位", 16), ListColumn("联系人", 9, "centred"), ListColumn("电话", 14, "centred")),
    *(ListColumn("事项", 46), ListColumn("截止日期", 11, "date"), ListColumn("逾期天数", 6, "number")),
    *(ListColumn("颜色", 11, "centred"), ListColumn("短信", 40), ListColumn("字数", 5, "number")),
    *(ListColumn("催办单", 7, "centred"), ListColumn("说明", 16)),
)
_EACH = (
    *(ListColumn("单位", 18), ListColumn("事项", 74), ListColumn("截止日期", 12, "date")),
    *(ListColumn("逾期天数", 8, "number"), ListColumn("颜色", 12, "centred")),
)


def _unit(row: Row, slips: Mapping[Colour, tuple[str, str]]) -> ListRow:
    first, late = row.owing.matters[0], [each.days for each in row.owing.matters if each.colour is Colour.LATE]
    numbered = (f"{at}.{text}" for at, text in enumerate(row.texts, 1))
    notes = ["" if row.phone or row.owing.collective else _PHONE, _COLLECTIVE if row.owing.collective else ""]
    cells: tuple[Cell, ...] = (
        *(row.owing.unit, row.contact or _UNKNOWN, row.phone or _UNKNOWN),
        "\n".join(numbered) if len(row.texts) > 1 else row.texts[0],
        *(first.due_on, max(late, default=None), slips[row.owing.colour][0], row.message, len(row.message) or None),
        *("有" if row.has_letter else "", "".join(notes)),
    )
    return ListRow(cells)


def _matters(row: Row, slips: Mapping[Colour, tuple[str, str]]) -> Iterator[ListRow]:
    for each, text in zip(row.owing.matters, row.texts, strict=True):
        yield ListRow((row.owing.unit, text, each.due_on, _days(each), slips[each.colour][0]))


def _days(each: Matter) -> int | None:
    return each.days if each.colour is Colour.LATE else None


def _ink(colour: str) -> str:
    """Black, or white on what is dark."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return _INK if 299 * red + 587 * green + 114 * blue > 128_000 else "#FFFFFF"
