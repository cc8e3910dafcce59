"""报送情况表: how each unit reported in the year until the period, from the records that scores rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from taskkit.periods import PLAN, official_date, parse_period
from taskkit.reports import wording
from taskkit.reports.progress.annexes.sheet import sheet
from taskkit.reports.progress.matter import Matter
from taskkit.scoring.records import Record, read_records
from taskkit.settings import Sentences
from taskkit.tracking import Outcome
from taskkit.word import Annex, Band, Cells

_COLUMNS = ("reporting_unit", "forms_due", "forms_on_time", "forms_late", "forms_back", "forms_missing")
_HEADERS = {
    "reporting_unit": "单位",
    "forms_due": "应报\n（次）",
    "forms_on_time": "按时\n（次）",
    "forms_late": "逾期天数",
    "forms_back": "退回次数",
    "forms_missing": "未报\n（次）",
}
_DUE = (Outcome.ON_TIME, Outcome.LATE, Outcome.MISSING)


@dataclass(frozen=True)
class Reported:
    """How one unit reported on one part: its forms due, on time, late, missing; days late; how often sent back."""

    unit: str
    due: int
    on_time: int
    late: int
    days_late: int
    sent_back: int
    missing: int
    days_missing: int


def table(matter: Matter, say: Sentences) -> Iterator[Annex]:
    """报送情况表, which stays in the house: a band for each part where there are several."""
    if matter.public:
        return
    parts = reported(matter)
    about = {"period": matter.period.label, "date": official_date(matter.today)}
    title = say("title_returns", year=f"{matter.period.year}年")
    yield sheet(title, _COLUMNS, _rows(parts, say), [say("note_returns", **about)], _HEADERS)


def reported(matter: Matter) -> dict[str, list[Reported]]:
    """By part, main first, the units that were asked, in the order of the list.

    What was due by the day of the report or had come by then, of the periods up to this one and the 落实方案; what
    a unit need not report is not counted.
    """
    reader = matter.reader
    end = (matter.period.year, matter.period.last_month)
    parts: dict[str, dict[str, list[Record]]] = {}
    for each in read_records(reader.ledger, reader.name, matter.today, reader.settings):
        when = parse_period(each.period)
        if each.outcome in _DUE and (when == PLAN or (when.year, when.last_month) <= end):
            parts.setdefault(each.part, {}).setdefault(each.unit, []).append(each)
    return {
        part: [_reported(unit, parts[part][unit]) for unit in matter.in_order(parts[part])]
        for part in sorted(parts, key=lambda each: (each != "main", each))
    }


def _reported(unit: str, records: Sequence[Record]) -> Reported:
    counts = Counter(each.outcome for each in records)
    days = {outcome: sum(each.days_late for each in records if each.outcome is outcome) for outcome in _DUE}
    return Reported(
        unit,
        len(records),
        counts[Outcome.ON_TIME],
        counts[Outcome.LATE],
        days[Outcome.LATE],
        sum(len(each.sent_back) for each in records),
        counts[Outcome.MISSING],
        days[Outcome.MISSING],
    )


def _rows(parts: dict[str, list[Reported]], say: Sentences) -> Iterator[Band | Cells]:
    for part, listed in parts.items():
        if len(parts) > 1:
            yield Band(wording.part_label(part))
        yield from (_row(each, say) for each in listed)


def _row(each: Reported, say: Sentences) -> Cells:
    late = say("late", days=each.days_late, count=each.late) if each.late else ""
    missing = say("missing", count=each.missing, days=each.days_missing) if each.days_missing else ""
    return (
        each.unit,
        str(each.due),
        str(each.on_time),
        late or str(each.days_late),
        str(each.sent_back),
        missing or str(each.missing),
    )
