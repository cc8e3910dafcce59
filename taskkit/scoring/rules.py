"""The rules of the year's score, read from words/scoring.toml: an office names, weighs and switches them there.

The default is the set that domain.md calls a full set of scoring rules. A mistake is refused with its line and key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from taskkit.settings import Settings
from taskkit.settings.toml_places import TomlFile

FILE = "scoring"
ROLES = ("lead", "support", "all")
_PART = re.compile(r"main|annex[2-9]?")
_KEY = re.compile(r"[a-z][a-z0-9-]{0,19}")
_LONGEST_NAME = 16
_MOST = 10_000
_COMMON = {"key", "name", "kind", "on", "most_year"}
# Kind -> the keys that it needs and those that it may have beside the common ones.
_KINDS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "plan-missing": (frozenset({"points"}), frozenset()),
    "plan-without-goals": (frozenset({"steps"}), frozenset()),
    "report-missing": (frozenset({"points"}), frozenset()),
    "no-progress": (frozenset({"steps"}), frozenset()),
    "late": (frozenset({"points"}), frozenset({"most_each"})),
    "sent-back": (frozenset({"points"}), frozenset({"most_each"})),
    "target-missed": (frozenset({"points"}), frozenset()),
    "directive-overdue": (frozenset({"points"}), frozenset()),
    "bonus": (frozenset(), frozenset({"most_each"})),
    "deduction": (frozenset(), frozenset({"most_each"})),
}
KINDS = tuple(_KINDS)
BY_HAND = ("bonus", "deduction")  # kinds of which every line is entered by a person


@dataclass(frozen=True)
class Step:
    """From this share on (a percentage, 0 to 100) the points count."""

    share: Decimal
    points: Decimal


@dataclass(frozen=True)
class Rule:
    """One rule: ``points`` for each case, or ``steps`` by a share; ``most_each`` and ``most_year`` are positive."""

    key: str
    name: str
    kind: str
    points: Decimal = Decimal(0)
    steps: tuple[Step, ...] = ()
    most_each: Decimal | None = None
    most_year: Decimal | None = None
    on: bool = True

    @property
    def by_hand(self) -> bool:
        return self.kind in BY_HAND

    def each(self, times: int) -> Decimal:
        """The points for so many cases (days, returns, targets), at most ``most_each``."""
        return limited(self.points * times, self.most_each)

    def by_share(self, part: int, whole: int) -> Decimal:
        """The points of the highest step that ``part`` of ``whole`` reaches; 0 where it reaches none."""
        reached = [step for step in self.steps if whole and part * 100 >= step.share * whole]
        return max(reached, key=lambda step: step.share).points if reached and part else Decimal(0)


@dataclass(frozen=True)
class Rules:
    """The rules in their order. ``parts`` and ``roles`` that count are None where all do."""

    rules: tuple[Rule, ...]
    start: Decimal
    floor: Decimal | None
    ceiling: Decimal | None
    parts: tuple[str, ...] | None
    roles: tuple[str, ...] | None

    @property
    def in_use(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.on)

    def rule(self, key: str) -> Rule | None:
        """The rule of a key that is in use."""
        return next((rule for rule in self.in_use if rule.key == key), None)

    def counts(self, part: str, role: str) -> bool:
        """Whether the forms of a part and a role count; a form for both roles counts where either does."""
        wanted = ("lead", "support") if role == "all" else (role,)
        return (self.parts is None or part in self.parts) and (
            self.roles is None or any(each in self.roles for each in wanted)
        )


def limited(points: Decimal, most: Decimal | None) -> Decimal:
    """Points no larger than ``most``, whatever their sign."""
    return points if most is None else max(-most, min(most, points))


def read_rules(settings: Settings) -> Rules:
    """The rules in force. Raises InputError with line and key for a mistake in the file."""
    name = f"words/{FILE}.toml"
    return _Reader(TomlFile(name, settings.template(name))).rules()


@dataclass
class _Reader:
    """Checks the table entry by entry; the file says on which line each stands."""

    file: TomlFile

    @property
    def table(self) -> Mapping[str, Any]:
        return self.file.data

    def rules(self) -> Rules:
        known = {"start", "floor", "ceiling", "parts", "roles", "rules"}
        for key in self.table:
            if key not in known:
                self.refuse(key, f"没有“{key}”这一项，可以写：{'、'.join(sorted(known))}")
        rows = self.table.get("rules")
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            self.refuse("rules", "没有 [[rules]]")
        listed: list[Rule] = []
        for at, row in enumerate(rows, 1):
            listed.append(self.rule(at, row, listed))
        start = self.number(self.table, "start") if "start" in self.table else Decimal(100)
        floor, ceiling = (self.number(self.table, key) if key in self.table else None for key in ("floor", "ceiling"))
        if floor is not None and floor > start:
            self.refuse("floor", "floor 高于 start")
        if ceiling is not None and ceiling < start:
            self.refuse("ceiling", "ceiling 低于 start")
        return Rules(tuple(listed), start, floor, ceiling, self.words("parts"), self.words("roles"))

    def rule(self, at: int, row: Mapping[str, Any], before: list[Rule]) -> Rule:
        key, name, kind = (self.word(row, each, at) for each in ("key", "name", "kind"))
        if kind not in _KINDS:
            self.refuse("kind", f"kind 是“{kind}”，应为 {'、'.join(KINDS)} 之一", at)
        if not _KEY.fullmatch(key):
            self.refuse("key", f"key 是“{key}”，应为小写字母、数字和 -，以字母开头，不超过20个字符", at)
        if len(name) > _LONGEST_NAME or "\n" in name:
            self.refuse("name", f"name 不能超过{_LONGEST_NAME}个字", at)
        for label, value, taken in (("key", key, [r.key for r in before]), ("name", name, [r.name for r in before])):
            if value in taken:
                self.refuse(label, f"{label}“{value}”出现了两次", at)
        needed, more = _KINDS[kind]
        for each in row:
            if each not in _COMMON | needed | more:
                self.refuse(each, f"“{name}”（{kind}）不能有“{each}”", at)
        for each in sorted(needed - set(row)):
            self.refuse("kind", f"“{name}”（{kind}）缺少 {each}", at)
        on = row.get("on", True)
        if not isinstance(on, bool):
            self.refuse("on", "on 应为 true 或 false", at)
        return Rule(
            key,
            name,
            kind,
            self.loss(row, at) if "points" in row else Decimal(0),
            self.steps(row["steps"], at) if "steps" in row else (),
            self.size(row, "most_each", at),
            self.size(row, "most_year", at),
            on,
        )

    def loss(self, row: Mapping[str, Any], at: int, key: str = "points") -> Decimal:
        points = self.number(row, "points", at, key)
        if points >= 0:
            self.refuse(key, "points 是扣分，应为负数", at)
        return points

    def size(self, row: Mapping[str, Any], key: str, at: int) -> Decimal | None:
        if key not in row:
            return None
        size = self.number(row, key, at)
        if size <= 0:
            self.refuse(key, f"{key} 应为正数", at)
        return size

    def steps(self, rows: Any, at: int) -> tuple[Step, ...]:
        if not isinstance(rows, list) or not rows:
            self.refuse("steps", "steps 应写成 [{ share = 50, points = -5 }, …]", at)
        steps: list[Step] = []
        for row in rows:
            if not isinstance(row, dict) or set(row) != {"share", "points"}:
                self.refuse("steps", "steps 的每一档应有、也只应有 share 和 points", at)
            step = Step(self.number(row, "share", at, "steps"), self.loss(row, at, "steps"))
            if not 0 < step.share <= 100:
                self.refuse("steps", "share 是百分比，应大于0、不超过100", at)
            if steps and (step.share <= steps[-1].share or step.points >= steps[-1].points):
                self.refuse("steps", "steps 应从低到高，share 越高扣得越多", at)
            steps.append(step)
        return tuple(steps)

    def word(self, row: Mapping[str, Any], key: str, at: int) -> str:
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, f"第{at}条规则没有 {key}，或不是引号里的文字", at)
        return str(value).strip()

    def number(self, row: Mapping[str, Any], key: str, at: int = 0, told: str = "") -> Decimal:
        value = row.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not -_MOST <= value <= _MOST:
            self.refuse(told or key, f"{key} 应为数字，不超过{_MOST}", at)
        return Decimal(str(value))

    def words(self, key: str) -> tuple[str, ...] | None:
        if key not in self.table:
            return None
        value, choices = self.table[key], ROLES if key == "roles" else ()
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            self.refuse(key, f'{key} 应写成 ["{"lead" if choices else "main"}", …]')
        for each in value:
            if (choices and each not in choices) or (not choices and not _PART.fullmatch(each)):
                self.refuse(key, f"{key} 里的“{each}”不认识")
        return tuple(value)

    def refuse(self, key: str, what: str, at: int = 0) -> NoReturn:
        raise self.file.mistake(("rules", at - 1, key) if at else (key,), what)
