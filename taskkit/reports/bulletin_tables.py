"""The tables of a bulletin: what is short stands in the text, what is long on turned pages after it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from taskkit.assess import Standing
from taskkit.comparing.portions import Portion
from taskkit.comparing.promises import Promise
from taskkit.figures import written
from taskkit.reports import wording
from taskkit.reports.bulletin_scenes import Placed, Scene
from taskkit.settings import Sentences
from taskkit.word import UPRIGHT_WIDTH, Annex, Cells

Key = tuple[str, str]  # what a table tells, and of which part of the plan
_UNIT_HEADERS = {
    "unit": "单位",
    "tasks": "牵头\n任务",
    "done": "已完成",
    "on_schedule": "达到\n序时",
    "slow": "滞后",
    "rate": "序时率",
    "rank": "排名",
}
_BEFORE_HEADERS = {"rank_before": "上期\n排名", "moved": "升降"}
_FULL_HEADERS = {"no": "序号", "unit": "单位", "tasks": "牵头\n任务"}
_SHARE_HEADERS = {"on_schedule": "达到\n序时", "rate": "序时率", "done_rate": "已完成\n占比"}
_REPORT_HEADERS = {"on_time": "按时\n报送", "late": "迟报", "missing": "未报", "back": "退回"}
_TARGET_HEADERS = {"no": "序号", "task": "事项", "indicator": "指标", "unit": "牵头单位", "aim": "年度目标"}
_RESULT_HEADERS = {"now": "本期\n累计", "rate": "完成率", "state": "完成情况"}
_MOST_ROWS = 12  # of a list that stands in the text
_LONGEST = 60  # characters of a cell in the text
_REPORTS, _LATE = "按时报送、迟报、未报、退回为全年至本期累计次数。", ("late", "missing", "sent_back")
_NO_DATA = "未报送数据"
_ORDER = ("full", "promises", "changes", "backwards", "targets")  # of the annexes


def tables(scenes: Sequence[Scene], say: Sentences, *, public: bool) -> dict[Key, Annex]:
    """Every table of a bulletin: those in the text in the order of the sections, then the annexes.

    A table in the text is as wide as an upright page; it is labelled 表1 …, an annex 附件1 ….
    """
    found: dict[Key, Annex] = {}
    for make in (_units, _promises, _backwards):
        found |= {(make.__name__.strip("_"), each.part.part): table for each in scenes for table in make(each, say)}
    found |= {("full", each.part.part): table for each in scenes[:1] for table in _full(each, say, public)}
    for make in (_changes, _targets):
        found |= {(make.__name__.strip("_"), each.part.part): table for each in scenes for table in make(each, say)}
    return _labelled(found)


def _labelled(found: dict[Key, Annex]) -> dict[Key, Annex]:
    inside = {key: each for key, each in found.items() if each.width == UPRIGHT_WIDTH}
    outside = {key: found[key] for key in sorted(found.keys() - inside.keys(), key=lambda key: _ORDER.index(key[0]))}
    numbered = {key: replace(each, label=f"表{at}") for at, (key, each) in enumerate(inside.items(), 1)}
    for at, (key, each) in enumerate(outside.items(), 1):
        numbered[key] = replace(each, label="附件" if len(outside) == 1 else f"附件{at}")
    return numbered


# --- units --------------------------------------------------------------------------------


def _units(scene: Scene, say: Sentences) -> Iterator[Annex]:
    if not scene.placed:
        return
    headers = _UNIT_HEADERS | (_BEFORE_HEADERS if scene.compared else {})
    yield Annex(
        "",
        _title(say, "table_units", scene),
        tuple(headers),
        tuple(_unit_row(each, scene) for each in scene.placed),
        note=_notes(scene, say),
        headers=headers,
        width=UPRIGHT_WIDTH,
    )


def _unit_row(each: Placed, scene: Scene) -> Cells:
    row = each.row
    cells = (
        *(row.unit, str(row.tasks), str(row.done.number), str(row.on_schedule.number), str(scene.slow(row))),
        *(rate(each), _or_dash(each.rank)),
    )
    return (*cells, _or_dash(each.before), each.moved) if scene.compared else cells


def rate(each: Placed) -> str:
    """The share of its tasks on schedule: 87.5%."""
    return f"{each.row.on_schedule.share or 0:g}%"


def _or_dash(number: int | None) -> str:
    return "—" if number is None else str(number)


def _notes(scene: Scene, say: Sentences) -> str:
    """What a reader must know of the table: the rule, what the columns leave out, what is counted twice."""
    totals = {
        name: sum(unit.row.states.get(name, 0) for unit in scene.placed)
        for name in scene.states
        if scene.standing(name) not in (Standing.DONE, Standing.NORMAL, Standing.SLOW)
    }
    rest = "、".join(f"{name}{number}项" for name, number in totals.items() if number)
    previous = scene.part.previous
    said = (
        say("rule"),
        say("rest", states=rest) if rest else "",
        scene.part.each_counted,
        say("rank_before", before=previous.label) if previous else "",
    )
    told = "".join(each for each in said if each)
    return f"注：{told}" if told else ""


def _full(scene: Scene, say: Sentences, public: bool) -> Iterator[Annex]:
    if not scene.placed:
        return
    states = [name for name in scene.states if any(unit.row.states.get(name) for unit in scene.placed)]
    names = {_state_key(at, name): name for at, name in enumerate(states)}
    headers = {
        **_FULL_HEADERS,
        **{key: _in_two(name) for key, name in names.items()},
        **_SHARE_HEADERS,
        **({} if public else _REPORT_HEADERS),
        "rank": "排名",
    }
    rows = [_full_row(at, each, states, public) for at, each in enumerate(scene.placed, 1)]
    yield Annex(
        "",
        _title(say, "table_full", scene),
        tuple(headers),
        (*rows, _full_total(scene, states, public)),
        note=f"注：{told}" if (told := scene.part.each_counted + ("" if public else _REPORTS)) else "",
        headers=headers,
    )


def _full_row(number: int, each: Placed, names: Sequence[str], public: bool) -> Cells:
    row = each.row
    reports = (row.on_time.number, row.late, row.missing, row.sent_back)
    return (
        *(str(number), row.unit, str(row.tasks)),
        *(str(row.states.get(name, 0)) for name in names),
        *(str(row.on_schedule.number), rate(each), f"{row.done.share or 0:g}%"),
        *(map(str, reports) if not public else ()),
        _or_dash(each.rank),
    )


def _full_total(scene: Scene, names: Sequence[str], public: bool) -> Cells:
    rows = [each.row for each in scene.placed]
    tasks = sum(row.tasks for row in rows)
    good, done = (sum(getattr(row, key).number for row in rows) for key in ("on_schedule", "done"))
    reports = (sum(row.on_time.number for row in rows), *(sum(getattr(row, key) for row in rows) for key in _LATE))
    return (
        *("", "合计", str(tasks)),
        *(str(sum(row.states.get(name, 0) for row in rows)) for name in names),
        *(str(good), f"{Portion(good, tasks).share or 0:g}%", f"{Portion(done, tasks).share or 0:g}%"),
        *(map(str, reports) if not public else ()),
        "—",
    )


# --- promises ------------------------------------------------------------------------------


def _promises(scene: Scene, say: Sentences) -> Iterator[Annex]:
    if not scene.broken:
        return
    headers = {"no": "序号", "task": "任务", "unit": "单位", "promised": "承诺", "result": "结果", "short": "差距"}
    yield _placed_table(_title(say, "table_promises", scene), headers, tuple(_promise_rows(scene.broken)))


def _promise_rows(broken: Sequence[Promise]) -> Iterator[Cells]:
    """One row per promise, those of a task under each other."""
    task, unit = "", ""
    for number, each in enumerate(broken, 1):
        goes_on = (each.task_id, each.unit) == (task, unit)
        task, unit = each.task_id, each.unit
        heads = (None, None) if goes_on else (wording.bare(each.title), each.unit)
        yield (str(number), *heads, _promised(each), _result(each), each.goal_gap_text or "—")


def _promised(each: Promise) -> str:
    """What was promised: 接待游客210万人次; a promise in words as it is; at the year's end the aim."""
    if each.goal is not None:
        return f"{each.indicator}{written(each.goal)}{each.measure}"
    return f"{each.indicator}{each.requirement}" if each.target_id else each.promised


def _result(each: Promise) -> str:
    if not each.target_id:
        return f"{each.state}：{each.achieved}" if each.achieved else each.state
    if each.figure is None:
        return each.achieved or _NO_DATA
    return f"{written(each.figure)}{each.measure}"


# --- this period and the last ----------------------------------------------------------------


def _backwards(scene: Scene, say: Sentences) -> Iterator[Annex]:
    headers = {"no": "序号", "indicator": "指标", "unit": "单位", "before": "上期", "now": "本期", "short": "增减"}
    rows = [
        (str(number), each.indicator, each.unit, each.before, each.now, _signed(each.difference or 0, each.measure))
        for number, each in enumerate((one for one in scene.part.figures if one.backwards), 1)
    ]
    if rows:
        yield _placed_table(_title(say, "table_backwards", scene), headers, rows)


def _signed(number: float, measure: str) -> str:
    unit = "个百分点" if measure in ("%", "％") else measure
    return f"{'增' if number > 0 else '减'}{written(abs(number))}{unit}"


def _changes(scene: Scene, say: Sentences) -> Iterator[Annex]:
    rows = [
        (str(number), wording.bare(each.title), each.unit, each.before, each.now, turn)
        for number, (turn, each) in enumerate(scene.part.turns, 1)
    ]
    headers = {"no": "序号", "task": "任务", "unit": "汇总单位", "before": "上期", "now": "本期", "change": "变化"}
    if rows:
        yield Annex("", _title(say, "table_changes", scene), tuple(headers), tuple(rows), headers=headers)


def _targets(scene: Scene, say: Sentences) -> Iterator[Annex]:
    """民生实事 by their indicators, where any has a figure."""
    if scene.part.part == "main" or not any(each.figure is not None for each in scene.part.promises):
        return
    before = {each.target_id: each.before for each in scene.part.figures}
    headers = _TARGET_HEADERS | ({"before": "上期\n累计"} if scene.compared else {}) | _RESULT_HEADERS
    yield Annex(
        "",
        say("table_targets", subject=scene.subject, period=wording.until(scene.part.period)),
        tuple(headers),
        tuple(_target_rows(scene, before)),
        headers=headers,
    )


def _target_rows(scene: Scene, before: dict[str, str]) -> Iterator[Cells]:
    last = ""
    for number, each in enumerate(scene.part.promises, 1):
        goes_on = each.task_id == last
        last = each.task_id
        heads = (None, None) if goes_on else (str(each.no or number), wording.bare(each.title))
        aim = f"{written(each.aim)}{each.measure}" if each.aim is not None else ""
        earlier = (before.get(each.target_id or "", ""),) if scene.compared else ()
        yield (*heads, each.indicator, each.unit, aim, *earlier, each.achieved, _done(each), each.state)


def _done(each: Promise) -> str:
    """完成率; 达标 or 未达标 of what has no share."""
    if each.rate is not None:
        return f"{each.rate:g}%"
    return "" if each.met is None else "达标" if each.met else "未达标"


# --- where a table stands ---------------------------------------------------------------------


def _state_key(number: int, name: str) -> str:
    """The column of a state, by how wide its name is: two characters in a line, or three."""
    return f"{'count' if len(name) in (1, 2, 4) else 'state'}{number}"


def _in_two(header: str) -> str:
    """A header of four characters in two lines of equal length."""
    half = len(header) // 2
    return f"{header[:half]}\n{header[half:]}" if len(header) == 4 else header


def _title(say: Sentences, key: str, scene: Scene) -> str:
    return say(key, period=scene.part.period.label, subject=scene.subject)


def _placed_table(title: str, headers: dict[str, str], rows: Sequence[Cells]) -> Annex:
    """A list in the text where it is short, else on turned pages."""
    short = len(rows) <= _MOST_ROWS and all(len(cell or "") <= _LONGEST for row in rows for cell in row)
    table = Annex("", title, tuple(headers), tuple(rows), headers=headers)
    return replace(table, width=UPRIGHT_WIDTH) if short else table
