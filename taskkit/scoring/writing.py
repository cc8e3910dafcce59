"""The scores as a workbook (计分表): 得分, 明细与依据, 报送记录, and 手工调整, which `load` takes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from taskkit.ledger import Ledger
from taskkit.marks import SCORES_PROPERTY
from taskkit.office.list_book import BarChart, Cell, Emphasis, ListBook, ListColumn, ListRow, ListSheet, write_list
from taskkit.office.placing import check_workbook_name, put_new
from taskkit.periods import official_date
from taskkit.roster import Roster
from taskkit.scoring.adjustments import read_adjustments
from taskkit.scoring.columns import FORM, LINES, RECORDS, SCORES, TITLE, part_label, period_label
from taskkit.scoring.counting import LIMIT
from taskkit.scoring.records import Record
from taskkit.scoring.scores import RANKING, Scores, UnitScore
from taskkit.tracking import Outcome

_BLANK_ROWS = 20
_MOST_BARS = 60  # rows of a chart that can still be read
_LONGEST_LIST = 255  # characters of a drop-down list
_WIDTHS = {"number": 7, "unit": 22, "item": 20, "period": 16, "part": 11, "points": 9, "ground": 48, "by": 11}
_HOW = "加分、扣分或更正，一处一行，单位、项目、分值、依据、登记人都要填；填好后登记：taskkit load 本文件。"
_NOTE = (
    "注：更正的，“项目”选要更正的那一项，分值填更正后的分（不扣填0），同一项不止一行的写明报送期和部分。"
    "不再计的，分值填“撤回”。删掉的行不影响台账。"
)


def write_scores(ledger: Ledger, scores: Scores, out: Path) -> bool:
    """Write the workbook; False where the very same file is there already.

    Raises OutputError where another file stands in its place (somebody may have filled it in),
    UsageError where the name does not end in .xlsx.
    """
    check_workbook_name(out, "计分表")
    return put_new(out, write_list(scores_book(ledger, scores)), "填过的计分表")


def scores_book(ledger: Ledger, scores: Scores) -> ListBook:
    """The workbook as data; the same scores give the same bytes."""
    board = _board(scores)
    sheets = (board, _lines(scores), _records(scores), _left_out(scores), _adjustments(ledger, scores))
    charts: tuple[BarChart, ...] = ()
    if 0 < len(scores.units) <= _MOST_BARS:
        charts = (BarChart("各单位得分", SCORES, "单位", ("得分",), len(scores.units)),)
    return ListBook(
        "计分表",
        scores.issuer,
        scores.on,
        tuple(sheet for sheet in sheets if sheet),
        charts,
        notes=((SCORES_PROPERTY, scores.name),),
    )


def board_columns(scores: Scores) -> tuple[tuple[str, str], ...]:
    """(key, header) of what 得分 shows between 起评分 and 得分: the rules in use, and the limits where they bite."""
    rules = tuple((rule.key, rule.name) for rule in scores.rules.in_use)
    return (*rules, (LIMIT, "上下限")) if scores.has_limits else rules


def _line(scores: Scores) -> str:
    return f"截至{official_date(scores.on)}，只计当日以前到期的报送"


def _board(scores: Scores) -> ListSheet:
    shown = board_columns(scores)
    columns = (
        *(ListColumn("序号", 6, "centred"), ListColumn("单位", 24), ListColumn("起评分", 9, "number")),
        *(ListColumn(header, max(9, len(header) * 1.2), "number") for _, header in shown),
        *(ListColumn("得分", 9, "number"), ListColumn("名次", 7, "centred"), ListColumn("说明", 28)),
    )
    rows = tuple(
        ListRow((at, each.unit, float(each.start), *_points(each, shown), float(each.total), each.rank, _with(each)))
        for at, each in enumerate(scores.units, 1)
    )
    note = f"注：按名册次序排列。{RANKING}。各项合计加起评分即为得分，每一行的依据见“{LINES}”。"
    return ListSheet(SCORES, f"{scores.title}\n各单位得分", _line(scores), columns, rows, note=note, frozen=2)


def _points(each: UnitScore, shown: Iterable[tuple[str, str]]) -> tuple[Cell, ...]:
    return tuple(float(points) if (points := each.points(key)) else None for key, _ in shown)


def _with(each: UnitScore) -> str:
    return f"含{'、'.join(each.with_it)}（由它一并报送）" if each.with_it else ""


def _lines(scores: Scores) -> ListSheet:
    columns = (
        *(ListColumn("单位", 20), ListColumn("项目", 18), ListColumn("报送期", 15, "centred")),
        *(ListColumn("部分", 10, "centred"), ListColumn("分值", 8, "number"), ListColumn("规则分值", 9, "number")),
        *(ListColumn("依据", 90), ListColumn("登记人", 10, "centred")),
    )
    rows = tuple(
        ListRow(
            (
                *(line.unit, line.name, period_label(line.period), part_label(line.part), float(line.points)),
                None if line.computed is None else float(line.computed),
                *(line.evidence, line.by),
            )
        )
        for each in scores.units
        for line in each.lines
    )
    note = "注：没有列出的报送没有扣分，情况见“报送记录”。“规则分值”只在人工更正过的行里有。"
    return ListSheet(LINES, f"{scores.title}\n{LINES}", _line(scores), columns, rows, note=note, frozen=2)


def _records(scores: Scores) -> ListSheet:
    columns = (
        *(ListColumn("单位", 20), ListColumn("表格", 30), ListColumn("报送期", 15, "centred")),
        *(ListColumn("部分", 10, "centred"), ListColumn("截止", 12, "date"), ListColumn("收到", 12, "date")),
        *(ListColumn("情况", 10, "centred"), ListColumn("迟报或逾期天数", 10, "number"), ListColumn("收下", 24)),
        *(ListColumn("退回次数", 9, "number"), ListColumn("任务", 7, "number"), ListColumn("没有进展", 9, "number")),
        ListColumn("说明", 44),
    )
    rows = tuple(ListRow(_record(each)) for unit in scores.units for each in unit.records)
    note = "注：“任务”是该表应有新进展的任务数（落实方案：应有目标的任务数），已完成、已销号的不计；收下以后才有。"
    emphasis: tuple[tuple[str, Emphasis], ...] = ((Outcome.MISSING.label, "slow"), (Outcome.LATE.label, "slow"))
    return ListSheet(
        RECORDS, f"{scores.title}\n{RECORDS}", _line(scores), columns, rows, emphasis, note=note, frozen=1, large=True
    )


def _record(each: Record) -> tuple[Cell, ...]:
    blank = f"没有进展的：{'、'.join(each.blank)}" if each.blank else ""
    back = f"退回：{'；'.join(each.sent_back)}" if each.sent_back else ""
    return (
        *(each.unit, each.form, period_label(each.period), part_label(each.part), each.due_on, each.received),
        *(each.outcome.label, each.days_late or None, "；".join(each.returns), len(each.sent_back) or None),
        *(len(each.judged) or None, len(each.blank) or None),
        "；".join(filter(None, (each.extension, each.reason, each.alias, back, *each.ruled, blank, *each.missed))),
    )


def _left_out(scores: Scores) -> ListSheet | None:
    if not scores.left_out:
        return None
    columns = (ListColumn("序号", 6, "centred"), ListColumn("单位", 30), ListColumn("原因", 60))
    rows = tuple(ListRow((at, *each)) for at, each in enumerate(scores.left_out, 1))
    return ListSheet("不计分单位", f"{scores.title}\n不单独计分的单位", _line(scores), columns, rows, frozen=2)


def _adjustments(ledger: Ledger, scores: Scores) -> ListSheet:
    rules = scores.rules.in_use
    periods = dict.fromkeys(period_label(each.period) for unit in scores.units for each in unit.records)
    parts = dict.fromkeys(part_label(each.part) for unit in scores.units for each in unit.records)
    choices = {"item": [rule.name for rule in rules], "period": list(periods), "part": list(parts)}
    columns = tuple(
        ListColumn(
            each.column.header,
            _WIDTHS[each.column.key],
            "number" if each.column.key == "points" else "text" if each.column.key in ("unit", "ground") else "centred",
            open=each.opening == "open",
            choices=_short(choices.get(each.column.key, [])),
        )
        for each in FORM.fields
    )
    rows = (*_entered(ledger, scores), *(ListRow((None,) * len(columns)) for _ in range(_BLANK_ROWS)))
    return ListSheet(TITLE, f"{scores.title}\n{TITLE}", _HOW, columns, rows, note=_NOTE, frozen=2)


def _short(words: list[str]) -> tuple[str, ...]:
    return tuple(words) if len(",".join(words)) <= _LONGEST_LIST else ()


def _entered(ledger: Ledger, scores: Scores) -> Iterator[ListRow]:
    roster = ledger.roster(scores.name, scores.on) or Roster()
    for said in read_adjustments(ledger, scores.name, roster):
        rule = scores.rules.rule(said.rule)
        if rule:  # one that was switched off meanwhile does not count, and is not offered
            where = (period_label(said.period), part_label(said.part))
            yield ListRow((said.number or None, said.unit, rule.name, *where, float(said.points), said.ground, said.by))
