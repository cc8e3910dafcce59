"""From records and rules to lines: what each rule takes off or adds, and what proves it. No ledger here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from taskkit.periods import PLAN
from taskkit.scoring.records import Record
from taskkit.scoring.rules import Rule, Rules, limited
from taskkit.tracking import Outcome

LIMIT = "limit"  # the key of the line by which a floor or a ceiling is kept
_LIMIT_NAMES = ("最低分限制", "最高分限制")


@dataclass(frozen=True)
class Line:
    """One line of a unit's score. ``period`` and ``part`` are "" where it is on the year as a whole.

    ``evidence`` says what proves it; ``computed`` are the points that the rule gave where a person set others,
    then ``ground`` and ``by`` say why and who.
    """

    unit: str
    rule: str
    name: str
    period: str
    part: str
    points: Decimal
    evidence: str
    computed: Decimal | None = None
    ground: str = ""
    by: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.unit, self.rule, self.period, self.part


@dataclass(frozen=True)
class Adjustment:
    """What a person entered (手工调整): points of their own for a line, or a bonus or deduction.

    ``number`` tells several bonuses of one unit apart; it is 0 for a line that is corrected. ``kept_as`` is the unit
    under whose name the ledger keeps it ("": under ``unit``).
    """

    unit: str
    rule: str
    period: str
    part: str
    points: Decimal
    ground: str
    by: str
    number: int = 0
    source: str = ""
    kept_as: str = ""

    @property
    def told(self) -> str:
        """Ground, who, and in which file."""
        file = f"，“{self.source}”" if self.source else ""
        return f"{self.ground}（{self.by}登记{file}）"

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.unit, self.rule, self.period, self.part


Counted = tuple[Decimal, str]  # points and what is said of them


def _missing(rule: Rule, own: Sequence[Record]) -> Counted:
    return (rule.points, "") if any(each.outcome is Outcome.MISSING for each in own) else (Decimal(0), "")


def _blank(rule: Rule, own: Sequence[Record]) -> Counted:
    """By the share of the tasks that show nothing, of those in the forms that came back."""
    judged = [(each.role, task) for each in own for task in each.judged]
    blank = [(each.role, task) for each in own for task in each.blank]
    what = "没有目标和举措" if rule.kind == "plan-without-goals" else "没有进展"
    tasks = "、".join(dict.fromkeys(task for _, task in blank))
    said = f"{len(judged)}项任务中{len(blank)}项{what}（{tasks}）" if blank else ""
    return rule.by_share(len(blank), len(judged)), said


def _late(rule: Rule, own: Sequence[Record]) -> Counted:
    days = max((each.days_late for each in own if each.outcome is Outcome.LATE), default=0)
    return rule.each(days), f"迟报{days}天"


def _sent_back(rule: Rule, own: Sequence[Record]) -> Counted:
    times = sum(len(each.sent_back) for each in own)
    return rule.each(times), f"退回{times}次"


def _missed(rule: Rule, own: Sequence[Record]) -> Counted:
    missed = list(dict.fromkeys(text for each in own for text in each.missed))
    return rule.each(len(missed)), f"{len(missed)}个指标未达到：{'；'.join(missed)}"


_COUNT: Mapping[str, tuple[Callable[[Rule, Sequence[Record]], Counted], Callable[[str], bool]]] = {
    "plan-missing": (_missing, lambda period: period == PLAN.text),
    "plan-without-goals": (_blank, lambda period: period == PLAN.text),
    "report-missing": (_missing, lambda period: period != PLAN.text),
    "no-progress": (_blank, lambda period: period != PLAN.text),
    "late": (_late, lambda period: True),
    "sent-back": (_sent_back, lambda period: True),
    "target-missed": (_missed, lambda period: period != PLAN.text),
}


def lines_of(
    unit: str,
    records: Iterable[Record],
    adjustments: Iterable[Adjustment],
    rules: Rules,
    overdue: Sequence[str] = (),
) -> tuple[Line, ...]:
    """The lines of one unit: what the rules give, within their limits of the year, then what persons set and added.

    ``overdue``: the 批示 that it did not do in time, each in words; they are one line of the year.
    They add up to the score: where a floor or a ceiling bites, a line of its own says so.
    """
    reports: dict[tuple[str, str], list[Record]] = {}
    for each in records:
        if rules.counts(each.part, each.role):
            reports.setdefault((each.period, each.part), []).append(each)
    entered = list(adjustments)
    set_by_hand = {each.key: each for each in entered if not each.number}
    lines: list[Line] = []
    for rule in rules.in_use:
        if rule.by_hand:
            lines += _capped(rule, (_entered(rule, each) for each in entered if each.rule == rule.key))
        else:
            lines += (_as_set(each, set_by_hand) for each in _capped(rule, _computed(unit, rule, reports, overdue)))
    return (*lines, *_limits(unit, sum((each.points for each in lines), rules.start), rules))


def _computed(
    unit: str, rule: Rule, reports: Mapping[tuple[str, str], Sequence[Record]], overdue: Sequence[str]
) -> Iterator[Line]:
    if rule.kind == "directive-overdue":
        if overdue:
            yield Line(unit, rule.key, rule.name, "", "", rule.each(len(overdue)), "；".join(overdue))
        return
    count, applies = _COUNT[rule.kind]
    for (period, part), own in reports.items():
        points, said = count(rule, own) if applies(period) else (Decimal(0), "")
        if points:
            evidence = "；".join(filter(None, (said, *(each.evidence for each in own))))
            yield Line(unit, rule.key, rule.name, period, part, points, evidence)


def _capped(rule: Rule, lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with no more points than the rule gives in a year; the one that reaches the limit says so."""
    total = Decimal(0)
    for line in lines:
        points = limited(total + line.points, rule.most_year) - total
        total += points
        if points != line.points:
            told = f"应计{signed(line.points)}分，“{rule.name}”全年最多{rule.most_year}分，计{signed(points)}分"
            line = replace(line, points=points, evidence=f"{line.evidence}；{told}")
        yield line


def _as_set(line: Line, entered: Mapping[tuple[str, str, str, str], Adjustment]) -> Line:
    said = entered.get(line.key)
    if said is None:
        return line
    told = f"{line.evidence}；按规则{signed(line.points)}分，更正为{signed(said.points)}分：{said.told}"
    return replace(line, points=said.points, evidence=told, computed=line.points, ground=said.ground, by=said.by)


def _entered(rule: Rule, said: Adjustment) -> Line:
    points = limited(said.points, rule.most_each)
    return Line(said.unit, rule.key, rule.name, said.period, said.part, points, said.told, None, said.ground, said.by)


def _limits(unit: str, total: Decimal, rules: Rules) -> Iterator[Line]:
    for name, bound, over in zip(_LIMIT_NAMES, (rules.floor, rules.ceiling), (-1, 1), strict=True):
        if bound is not None and (total - bound) * over > 0:
            said = f"各项合计{number(total)}分，{'不低于' if over < 0 else '不高于'}{number(bound)}分"
            yield Line(unit, LIMIT, name, "", "", bound - total, said)


def number(points: Decimal) -> str:
    """Points as they are printed: 92.5, 100."""
    return f"{points.normalize():f}"


def signed(points: Decimal) -> str:
    """Points with their sign: −5, +2; 0 has none."""
    return f"{'−' if points < 0 else '+' if points > 0 else ''}{number(abs(points))}"
