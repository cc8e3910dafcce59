"""The sheet 手工调整 as a person filled it in: checked against the scores, then kept, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from taskkit.entries import Ruling
from taskkit.errors import UsageError
from taskkit.findings import Finding
from taskkit.ledger import Ledger
from taskkit.marks import SCORES_PROPERTY
from taskkit.office.sheets import BookData, workbook_with
from taskkit.periods import parse_period
from taskkit.plan_index import PlanIndex
from taskkit.rulings import SCORE
from taskkit.scoring.adjustments import next_numbers, read_adjustments, rulings_of, same
from taskkit.scoring.columns import BACK, FORM, LINES, MAIN, RECORDS, SCORES, TITLE, part_label, period_label
from taskkit.scoring.counting import Adjustment, Line
from taskkit.scoring.rules import Rule
from taskkit.scoring.scores import Scores, score
from taskkit.settings import Settings
from taskkit.sheet_forms.grid import Line as Row
from taskkit.sheet_forms.grid import heading, lines_of
from taskkit.text import narrow, squeeze
from taskkit.wording import did_you_mean

_TELLING = {"unit", "item", "points", "ground", "by"}
_MOST = 1_000


@dataclass(frozen=True)
class AdjustmentsTaken:
    """What became of the sheet: how many rows were entered, changed, taken back, and known; what is wrong."""

    new: int
    changed: int
    withdrawn: int
    known: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ScoresFile:
    """A workbook with the sheet 手工调整; ``plan_name`` is the plan that it was written for, where it says so."""

    path: Path
    book: BookData
    plan_name: str | None

    def load(
        self, ledger: Ledger, name: str, settings: Settings | None = None, today: date | None = None
    ) -> AdjustmentsTaken:
        """Keep what a person entered. Where a row has an error nothing is kept, and the findings say which.

        Loading the same again changes nothing. Raises LedgerChangedError where somebody else writes at the same time.
        """
        seen = {each.key: each.number for each in ledger.ruling_versions(name, SCORE)}
        taker = _Taker(ledger, name, settings or Settings(), today or date.today())
        taker.take(self.book)
        wrong = any(each.severity == "error" for each in taker.findings)
        if not wrong and taker.rulings:
            ledger.keep_rulings(name, taker.rulings, self.path.name, self.path.read_bytes(), seen)
        counts = (0, 0, 0, 0) if wrong else (taker.new, taker.changed, taker.withdrawn, taker.known)
        return AdjustmentsTaken(*counts, tuple(taker.findings))


def open_scores(path: Path) -> ScoresFile | None:
    """The score workbook at ``path``; None for any other file. Known by its sheet and headers, never by its name."""
    book = workbook_with(path, (TITLE,))
    if book is None or not any(set(heading(sheet, FORM)[1]) >= _TELLING for sheet in book.sheets):
        return None
    return ScoresFile(path, book, book.properties.get(SCORES_PROPERTY))


@dataclass
class _Taker:
    """Reads one row after the other; what cannot be entered is in ``findings``."""

    ledger: Ledger
    name: str
    settings: Settings
    today: date
    findings: list[Finding] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    new: int = 0
    changed: int = 0
    withdrawn: int = 0
    known: int = 0
    _rows: dict[tuple[object, ...], int] = field(default_factory=dict)

    def take(self, book: BookData) -> None:
        titles = (TITLE, SCORES, LINES, RECORDS)
        for row in lines_of(book, replace(FORM, book=book.name), self.findings, titles) or ():
            self.row(row)

    def row(self, row: Row) -> None:
        if not row.filled(("item", "points", "ground")):
            return
        before = len(self.findings)
        unit, rule = self._unit(row), self._rule(row)
        back = squeeze(row.text("points") or "") in BACK
        points = Decimal(0) if back else self._points(row, rule)
        ground, by = (row.text(key) or "" for key in ("ground", "by"))
        for key, value in (("ground", ground), ("by", by)):
            if not value:
                row.tell("score-blank", key, column=FORM.header(key))
        place = self._place(row, unit, rule)
        if unit and rule and points is not None and place and len(self.findings) == before:
            self._enter(row, Adjustment(unit, rule.key, *place, points, ground, by), back)

    # --- cells ------------------------------------------------------------------------

    def _unit(self, row: Row) -> str | None:
        text = row.text("unit") or ""
        unit = self._index.find(squeeze(text))
        reporter = self._index.roster.reporter(unit) if unit else None
        if reporter in self._lines:
            return reporter
        why = dict(self._scores.left_out).get(unit or "", "")
        near = did_you_mean(text, self._lines, cutoff=0.6) if not unit else ""
        row.tell("score-unit", "unit", value=text, why=f"（{why}）" if why else "", near=f"；{near}" if near else "")
        return None

    def _rule(self, row: Row) -> Rule | None:
        rules = self._scores.rules.in_use
        if row.cell("item") is None:
            row.tell("score-blank", "item", column=FORM.header("item"))
            return None
        key = row.word("item", {rule.key: (rule.name,) for rule in rules})
        return self._scores.rules.rule(key) if key else None

    def _points(self, row: Row, rule: Rule | None) -> Decimal | None:
        if row.cell("points") is None:
            row.tell("score-blank", "points", column=FORM.header("points"))
            return None
        value = row.number_of("points")
        if value is None or rule is None:
            return None
        points = Decimal(f"{value:.10g}")
        if rule.kind == "deduction":
            points = -abs(points)
        wrong = points <= 0 if rule.kind == "bonus" else points > 0 or (rule.by_hand and not points)
        if wrong or abs(points) > _MOST or -int(points.normalize().as_tuple().exponent) > 2:
            row.tell("score-points", "points", value=row.text("points"), item=rule.name, wanted=_wanted(rule))
            return None
        return points

    def _place(self, row: Row, unit: str | None, rule: Rule | None) -> tuple[str, str] | None:
        """Period and part: of a bonus where they are written, else of the line that is meant."""
        period, part = self._period(row), self._part(row)
        if period is None or part is None or not unit or not rule:
            return None
        if rule.by_hand:
            return period, part
        own = [each for each in self._correctable(unit) if each[0] == rule.key]
        fitting = [each for each in own if period in ("", each[1]) and part in ("", each[2])]
        if len(fitting) == 1:
            return fitting[0][1:]
        places = "、".join(f"{period_label(at)}{part_label(of)}" for _, at, of in own)
        code = "score-which" if len(fitting) > 1 else "score-no-line"
        row.tell(code, "item", unit=unit, item=rule.name, places=places or "一行也没有")
        return None

    def _period(self, row: Row) -> str | None:
        """The period that is written; "" for none, None where it cannot be understood."""
        text = row.text("period")
        if text is None:
            return ""
        try:
            return parse_period(text, self._index.info.year).text
        except UsageError:
            row.tell("score-period", "period", value=text)
            return None

    def _part(self, row: Row) -> str | None:
        text = row.text("part")
        labels = {part_label(part): part for part in dict.fromkeys(t["part"] for t in self._index.tasks.values())}
        if text is None:
            return ""
        if narrow(text) not in labels:
            row.tell("score-part", "part", value=text, words="、".join(labels) or MAIN)
        return labels.get(narrow(text))

    # --- what it comes to -------------------------------------------------------------

    def _enter(self, row: Row, said: Adjustment, back: bool) -> None:
        rule = self._scores.rules.rule(said.rule)
        known, typed = self._known_as(said, rule), row.text("number")
        if rule and rule.by_hand and typed is not None:
            known = next((each for each in self._entered if str(each.number) == typed.removesuffix(".0")), None)
            if known is None or known.key != said.key:
                row.tell("score-number-unknown", "number", value=typed)
                return
        key = (*said.key, known.number if known else said.ground)
        if key in self._rows:
            row.tell("score-twice", "item", row=self._rows[key])
            return
        self._rows[key] = row.number
        if back:
            self._take_back(row, known, said)
        elif known and same(replace(said, number=known.number), known):
            self.known += 1
        elif known:
            self.changed += 1
            self.rulings += rulings_of(replace(said, number=known.number, kept_as=known.kept_as))
        else:
            self.new += 1
            self.rulings += rulings_of(replace(said, number=next(self._numbers) if rule and rule.by_hand else 0))

    def _take_back(self, row: Row, known: Adjustment | None, said: Adjustment) -> None:
        if known is None:
            row.tell("score-nothing", "points")
            return
        self.withdrawn += 1
        self.rulings += rulings_of(replace(known, by=said.by), back=True)

    def _known_as(self, said: Adjustment, rule: Rule | None) -> Adjustment | None:
        """What is kept of the same: of a corrected line its correction, of a bonus the one with the same ground."""
        by_hand = bool(rule and rule.by_hand)
        alike = (each for each in self._entered if each.key == said.key)
        return next((each for each in alike if not by_hand or each.ground == said.ground), None)

    # --- what the ledger says, remembered ---------------------------------------------

    @cached_property
    def _index(self) -> PlanIndex:
        return PlanIndex(self.ledger.plan(self.name, self.today), self.ledger.roster(self.name, self.today))

    @cached_property
    def _scores(self) -> Scores:
        return score(self.ledger, self.name, self.today, self.settings)

    @cached_property
    def _lines(self) -> dict[str, tuple[Line, ...]]:
        return {each.unit: each.lines for each in self._scores.units}

    @cached_property
    def _entered(self) -> tuple[Adjustment, ...]:
        return read_adjustments(self.ledger, self.name, self._index.roster)

    @cached_property
    def _numbers(self) -> Iterator[int]:
        return next_numbers(self.ledger, self.name)

    def _correctable(self, unit: str) -> list[tuple[str, str, str]]:
        """(rule, period, part) of the lines of a unit that the rules gave, and of those corrected before."""
        computed = [(line.rule, line.period, line.part) for line in self._lines.get(unit, ())]
        kept = [(each.rule, each.period, each.part) for each in self._entered if each.unit == unit and not each.number]
        return list(dict.fromkeys((*computed, *kept)))


def _wanted(rule: Rule) -> str:
    if rule.kind == "bonus":
        return "大于0"
    return "小于0的数（写正数也作扣分）" if rule.kind == "deduction" else "0或负数"
