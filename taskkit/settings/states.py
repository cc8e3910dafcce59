"""words/states.toml: the states of an office, the limits of its judgement, and how reasons are worded.

What an office's own file does not say is as in the one that is shipped. The old form, a list
``[[states]]`` with name and meaning, is a set of the office's own.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cached_property
from string import Formatter
from typing import Any, overload

from taskkit.settings.toml_places import Path, TomlFile

MEANINGS = ("idle", "normal", "slow", "done")
WHENS = ("", "ahead", "late")
PLAIN = "#FFFFFF"
_KEYS = ("name", "meaning", "when", "colour")
# What stands in for a meaning that an office has no name for: of three lights, green is done too.
_STAND_IN = {"done": ("normal",), "idle": ("slow", "normal")}
_COLOUR = re.compile("#[0-9A-Fa-f]{6}")
_SPAN = re.compile(
    r"(?P<half>半)个?月|(?P<number>\d{1,3}|[一二两三四五六七八九十])(?P<unit>个月|月|周|个星期|星期|天|日)"
)
_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_LONGEST = 20


@dataclass(frozen=True)
class State:
    """A state that a unit may report: its name in this office and what it stands for.

    ``meaning`` is one of MEANINGS; ``when`` says that the name is for what is ``ahead`` (提前完成) or
    ``late`` (红灯). ``colour`` (#RRGGBB) fills its cells.
    """

    name: str
    meaning: str
    when: str = ""
    colour: str = PLAIN

    @property
    def ink(self) -> str:
        """Black or white, whichever is read on its colour."""
        red, green, blue = (int(self.colour[at : at + 2], 16) for at in (1, 3, 5))
        return "#000000" if 299 * red + 587 * green + 114 * blue > 128_000 else "#FFFFFF"


@dataclass(frozen=True)
class Names:
    """What is printed where a unit gave no state of its own."""

    unstated: str = "未注明"
    unchanged: str = "未更新"
    unreported: str = "未报送"
    unasked: str = "本期未布置"


@dataclass(frozen=True)
class Warning:
    """How long before a date an office warns of it: so many months and days; 半个月 is 15 days."""

    text: str
    months: int = 0
    days: int = 0

    def begins(self, due_on: date) -> date:
        """The day from which a date is warned of; the last of its month where that has no such day."""
        year, month = divmod(due_on.year * 12 + due_on.month - 1 - self.months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(due_on.day, last)) - timedelta(days=self.days)

    def is_on(self, due_on: date, today: date) -> bool:
        """Whether a date that has not passed is near by now."""
        return self.begins(due_on) <= today <= due_on


@dataclass(frozen=True)
class Limits:
    """From where on something is slow, done, near … : percentage points and per cents, 0 to 100 (see the file)."""

    slow: float = 5
    binding: float = 0
    serious: float = 20
    ahead: float = 10
    growth: float = 1
    near: float = 5
    done: float = 100
    warnings: tuple[Warning, ...] = ()
    lower: tuple[str, ...] = ()

    @property
    def soon(self) -> Warning | None:
        """Which warning says that a task's date is near: the second, a month as offices have it, or the only one."""
        return next(iter(self.warnings[1:2] or self.warnings), None)

    @property
    def last(self) -> Warning | None:
        """The last warning, a week before as offices have it: that of forms, which go out weeks before."""
        return next(reversed(self.warnings), None)


@dataclass(frozen=True)
class Slip:
    """A letter to a unit: its name and the colour of its paper."""

    name: str
    colour: str


@dataclass(frozen=True)
class Slips:
    """The letters to units: near the date, behind, late."""

    near: Slip
    behind: Slip
    late: Slip


@dataclass(frozen=True)
class Phrases:
    """The words of reasons. What stands in braces is filled in: FILLS says what each may hold."""

    on: str = ""
    behind: str = ""
    ahead: str = ""
    done: str = ""
    time: str = ""
    stage: str = ""
    met: str = ""
    unmet: str = ""
    binding: str = ""
    over: str = ""
    blank: str = ""
    no_numbers: str = ""
    no_data: str = ""
    some_missing: str = ""
    several: str = ""
    overdue: str = ""
    unreported: str = ""
    unchanged: str = ""
    unstated: str = ""
    unasked: str = ""


FILLS = {"some_missing": {"count"}, "several": {"count", "behind"}, "overdue": {"deadline", "days"}}


@dataclass(frozen=True)
class States(Sequence[State]):
    """The states of an office in the order of its drop-down, and all that goes with them.

    ``others`` are those of the sets that are not in use: what was reported under their names keeps its meaning.
    """

    listed: tuple[State, ...]
    names: Names = Names()
    limits: Limits = Limits()
    phrases: Phrases = Phrases()
    slips: Slips | None = None
    others: tuple[State, ...] = ()

    @overload
    def __getitem__(self, at: int) -> State: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[State]: ...
    def __getitem__(self, at: int | slice) -> State | Sequence[State]:
        return self.listed[at]

    def __len__(self) -> int:
        return len(self.listed)

    def named(self, name: str) -> State | None:
        """The state with a name."""
        return self._by_name.get(name)

    def now_called(self, name: str) -> tuple[str, str] | None:
        """The name and the meaning today of a state that was reported, maybe under a name that was in use before."""
        if known := self.named(name):
            return known.name, known.meaning
        before = next((state for state in self.others if state.name == name), None)
        return (self.name_of(before.meaning, before.when), before.meaning) if before else None

    def name_of(self, standing: str, when: str = "") -> str:
        """What this office calls a standing (done, slow …, unreported), in words for what is ahead or late.

        A meaning without a name has that of its neighbour (done: normal; idle: slow), else 未注明.
        """
        if own := getattr(self.names, standing, None):
            return str(own)
        for meaning in (standing, *_STAND_IN.get(standing, ())):
            wanted = [state for state in self.listed if state.meaning == meaning]
            for which in (when if meaning == standing else "", ""):
                if found := next((state for state in wanted if state.when == which), None):
                    return found.name
            if wanted:
                return wanted[0].name
        return self.names.unstated

    @cached_property
    def _by_name(self) -> Mapping[str, State]:
        return {state.name: state for state in self.listed}


def read_states(own: TomlFile, shipped: TomlFile) -> States:
    """The states as an office's file and the shipped one say. Raises InputError with line and key of a mistake."""
    for key in own.data:
        if key not in ("use", "states", *shipped.data):
            raise own.mistake((key,), f"没有“{key}”这一项", _one_of(("states", *shipped.data)))
    listed = _chosen(own, shipped)
    names = Names(**{key: _word(own, ("names", key), text) for key, text in _merged(own, shipped, "names").items()})
    _check_distinct(own, listed, names)
    return States(
        listed,
        names,
        Limits(**{key: _limit(own, key, value) for key, value in _merged(own, shipped, "limits").items()}),
        Phrases(**{key: _phrase(own, key, value) for key, value in _merged(own, shipped, "phrases").items()}),
        Slips(**{key: _slip(own, key, value) for key, value in _merged(own, shipped, "slips").items()}),
        _all_sets(own, shipped),
    )


def _merged(own: TomlFile, shipped: TomlFile, table: str) -> dict[str, Any]:
    """A table of the office's file over that of the shipped one; what that one does not know is refused."""
    said = own.data.get(table, {})
    if not isinstance(said, dict):
        raise own.mistake((table,), "应写成一节", f"请写成 [{table}]，下面一行一项")
    for key in said:
        if key not in shipped.data[table]:
            raise own.mistake((table, key), f"没有“{key}”这一项", _one_of(shipped.data[table]))
    return {**shipped.data[table], **said}


def _one_of(keys: Any) -> str:
    return f"可以写的有：{'、'.join(keys)}"


# --- the set that is in use -----------------------------------------------------------------


def _chosen(own: TomlFile, shipped: TomlFile) -> tuple[State, ...]:
    own_sets = own.data.get("sets", {})
    if not isinstance(own_sets, dict):
        raise own.mistake(("sets",), "应写成一节", "请写成 [sets]，下面每套名称一项")
    if "states" in own.data:
        if "use" in own.data:
            raise own.mistake(("use",), "use 和 [[states]] 只能写一样", "用自己的 [[states]] 就删去 use 这一行")
        return _set(own, ("states",), own.data["states"])
    for name, entries in own_sets.items():
        _set(own, ("sets", name), entries)
    sets = {**shipped.data["sets"], **own_sets}
    use = own.data.get("use", shipped.data["use"])
    if not isinstance(use, str) or use not in sets:
        raise own.mistake(("use",), f"没有名为“{use}”的一套名称", _one_of(sets))
    return _set(own if use in own_sets else shipped, ("sets", use), sets[use])


def _all_sets(own: TomlFile, shipped: TomlFile) -> tuple[State, ...]:
    """The states of all sets, the office's own before those shipped."""
    files = [(file, name, entries) for file in (own, shipped) for name, entries in file.data.get("sets", {}).items()]
    return tuple(state for file, name, entries in files for state in _set(file, ("sets", name), entries))


def _set(file: TomlFile, path: Path, entries: Any) -> tuple[State, ...]:
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        raise file.mistake(path, "一个状态也没有，或者写法不对", "至少写一个有 name 和 meaning 的状态")
    states: list[State] = []
    for number, entry in enumerate(entries):
        state = _state(file, (*path, number), entry)
        if state.name in {each.name for each in states}:
            raise file.mistake((*path, number, "name"), f"“{state.name}”出现了两次", "每个名称只写一次")
        if (state.meaning, state.when) in {(each.meaning, each.when) for each in states} and state.when:
            raise file.mistake((*path, number, "when"), f"已有一个同样用于 {state.when} 的状态", "每种只写一个")
        states.append(state)
    if all(state.when for state in states):
        raise file.mistake(path, "每个状态都写了 when", "平常用的状态不写 when")
    return tuple(states)


def _state(file: TomlFile, path: Path, entry: Mapping[str, Any]) -> State:
    for key in entry:
        if key not in _KEYS:
            raise file.mistake((*path, key), f"没有“{key}”这一项", _one_of(_KEYS))
    name, meaning, when, colour = (str(entry.get(key, "")).strip() for key in _KEYS)
    if not name or len(name) > _LONGEST:
        raise file.mistake((*path, "name"), "状态没有名称，或者名称太长", f"name 要写，在{_LONGEST}个字以内")
    if not _one_line(name) or name[0] in "=+-@":
        raise file.mistake((*path, "name"), "名称里有换行，或者以 = + - @ 开头", "名称写在一行里，以文字开头")
    if meaning not in MEANINGS:
        what = f"“{name}”的 meaning 是“{meaning}”，应为 {'、'.join(MEANINGS)} 之一"
        raise file.mistake((*path, "meaning"), what)
    if when not in WHENS or (when, meaning) in (("ahead", "slow"), ("ahead", "idle"), ("late", "done")):
        raise file.mistake((*path, "when"), f"“{name}”的 when 是“{when}”", "done 和 normal 可写 ahead，slow 可写 late")
    return State(name, meaning, when, _colour(file, (*path, "colour"), colour or PLAIN))


def _check_distinct(own: TomlFile, listed: Sequence[State], names: Names) -> None:
    """Counts go by name: no two things may share one."""
    seen = {state.name for state in listed}
    for field in fields(names):
        name = getattr(names, field.name)
        if name in seen:
            raise own.mistake(("names", field.name), f"“{name}”已是另一种情况的名称", "每种情况的名称不能相同")
        seen.add(name)


# --- single values --------------------------------------------------------------------------


def _one_line(text: str) -> bool:
    return not re.search(r"[\x00-\x1f\x7f\u2028\u2029]", text)


def _word(file: TomlFile, path: Path, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not _one_line(value):
        raise file.mistake(path, f"“{value}”不是一行文字", "内容要放在半角引号里，不能空着")
    return value.strip()


def _colour(file: TomlFile, path: Path, value: Any) -> str:
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise file.mistake(path, f"“{value}”不是颜色", "颜色写成 #RRGGBB，如 #FCE4D6")
    return value.upper()


def _limit(file: TomlFile, key: str, value: Any) -> Any:
    path = ("limits", key)
    if key == "warnings":
        return tuple(_warning(file, text) for text in _texts(file, path, value))
    if key == "lower":
        return _texts(file, path, value)
    most = 50 if key == "near" else 100
    least = 1 if key == "done" else 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise file.mistake(path, f"“{value}”不是{least}到{most}之间的数", "只写数，不带引号和 %")
    return float(value)


def _texts(file: TomlFile, path: Path, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise file.mistake(path, "应为方括号里的几段文字", '如 ["3个月", "1周"]')
    return tuple(each.strip() for each in value)


def _warning(file: TomlFile, text: str) -> Warning:
    found = _SPAN.fullmatch(text)
    if not found:
        raise file.mistake(("limits", "warnings"), f"“{text}”不是一段时间", "写成“3个月”“半个月”“1周”“10天”")
    if found["half"]:
        return Warning(text, days=15)
    number = _DIGITS.get(found["number"]) or int(found["number"])
    if "月" in found["unit"]:
        return Warning(text, months=number)
    return Warning(text, days=number * (7 if found["unit"] in ("周", "星期", "个星期") else 1))


def _phrase(file: TomlFile, key: str, value: Any) -> str:
    text = _word(file, ("phrases", key), value)
    allowed = FILLS.get(key, set())
    try:
        wanted = {(name, spec, turn) for _, name, spec, turn in Formatter().parse(text) if name is not None}
    except ValueError:
        wanted = {("{", "", None)}
    if not wanted <= {(name, "", None) for name in allowed}:
        advice = f"填空只能用 {'、'.join(f'{{{name}}}' for name in sorted(allowed))}" if allowed else "这里没有填空"
        raise file.mistake(("phrases", key), f"“{text}”里的填空不对", advice)
    return text


def _slip(file: TomlFile, key: str, value: Any) -> Slip:
    path = ("slips", key)
    if not isinstance(value, dict) or set(value) != {"name", "colour"}:
        raise file.mistake(path, "应有 name 和 colour 两项", '如 { name = "蓝色督办单", colour = "#9DC3E6" }')
    return Slip(_word(file, (*path, "name"), value["name"]), _colour(file, (*path, "colour"), value["colour"]))
