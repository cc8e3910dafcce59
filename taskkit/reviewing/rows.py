"""What there is to rule on in a period: ledger -> rows of the review workbook, in the order of the plan."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from taskkit import approving, rulings
from taskkit.adjusting import requests
from taskkit.approving import DEADLINE, RowKey
from taskkit.assess import Standing, Word, own_verdict
from taskkit.book_words import part_title
from taskkit.columns import COLUMNS, goal_columns, row_owner
from taskkit.entries import RulingKey
from taskkit.judging.facts import Facts, TaskFacts, gather
from taskkit.ledger import Ledger
from taskkit.periods import PLAN, Period, parse_period
from taskkit.plan_index import PlanIndex
from taskkit.reviewing.columns import (
    GOALS_SHEET,
    PERIOD_SHEET,
    PROGRESS_SHEET,
    REQUEST_SHEET,
    ReviewRow,
    ReviewSheet,
)
from taskkit.settings import Settings
from taskkit.sheet_forms.grid import as_number
from taskkit.tracking import read_returns

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE = ("unit_leader", "office", "handler", "phone")
_MEASURES = COLUMNS["measures"].header
_PERIOD_KEYS = (rulings.SUMMARY, rulings.HIGHLIGHT, rulings.ADVICE)
_NUMBERED = re.compile(r"第?(\d{1,4})项|序号(\d{1,4})")


@dataclass(frozen=True)
class Review:
    """A plan in a period, as the office reviews it. ``rows`` by sheet; sheets without rows are left out."""

    ledger: Ledger
    name: str
    period: Period
    settings: Settings
    today: date

    @cached_property
    def index(self) -> PlanIndex:
        return PlanIndex(self.ledger.plan(self.name, self.today), self.ledger.roster(self.name, self.today))

    @cached_property
    def rows(self) -> dict[ReviewSheet, tuple[ReviewRow, ...]]:
        """All rows, by sheet."""
        if self.period.kind == "plan":
            listed = {GOALS_SHEET: tuple(self._goal_rows())}
        else:
            facts = gather(self.ledger, self.name, self.period, self.settings, self.today)
            listed = {PROGRESS_SHEET: tuple(self._progress_rows(facts)), PERIOD_SHEET: tuple(self._period_rows(facts))}
        listed[REQUEST_SHEET] = tuple(self._request_rows())
        return {sheet: rows for sheet, rows in listed.items() if rows}

    @cached_property
    def _texts(self) -> dict[RowKey, str]:
        return approving.texts(self.ledger, self.name, self.period.text, self.index.roster)

    @cached_property
    def _said(self) -> Collection[RulingKey]:
        """All that the office says of tasks in the period."""
        return approving.standing(self.ledger, self.name, rulings.TASK, self.period.text, self.index.roster)

    @cached_property
    def goal_headers(self) -> tuple[str, ...]:
        """The headers of the stage goals."""
        return tuple(column.header for column in goal_columns(self.index.info.stages))

    # --- 目标审核 -----------------------------------------------------------------------

    @cached_property
    def _promised(self) -> dict[RowKey, dict[str, str]]:
        """What units wrote in their 落实方案, by unit and row."""
        return self._by_row(self.ledger.values(self.name, PLAN.text))

    @cached_property
    def _in_force(self) -> dict[RowKey, dict[str, str]]:
        """The same with what was changed by requests."""
        return self._by_row(approving.promised(self.ledger, self.name, self.index.roster))

    @cached_property
    def _stage_header(self) -> str:
        """The header of the goals of the stage in which the period ends ("" for none)."""
        stage = self.period.stage(self.index.info.stages)
        return goal_columns((stage,))[0].header if stage else ""

    def _by_row(self, frame: pd.DataFrame) -> dict[RowKey, dict[str, str]]:
        said: dict[RowKey, dict[str, str]] = {}
        ids = frame["target_id"].fillna(frame["task_id"]).fillna("")
        cells = zip(frame["unit"], ids, frame["column"], frame["value"], strict=True)
        for unit, row_id, column, value in cells:
            said.setdefault((self.index.roster.canonical(unit), row_id), {})[column] = value
        return said

    def _goal_rows(self) -> Iterator[ReviewRow]:
        for each in read_returns(self.ledger, self.name, PLAN.text, self.today):
            book = self.ledger.workbook(each.workbook)
            if each.received is None or book is None:
                continue
            asked = dict.fromkeys(
                cell.row_id for cell in book.cells if cell.row_id.isascii() and "/" not in cell.row_id
            )
            mine = [row_id for unit, row_id in self._promised if unit == each.unit]
            for row_id in self._in_order([*asked, *(row for row in mine if "+" in row)]):
                cells = self._promised.get((each.unit, row_id), {})
                if "+" not in row_id or any(cells.values()):
                    yield self._goal_row(each.unit, row_id, cells)

    def _in_order(self, row_ids: Sequence[str]) -> list[str]:
        """Rows in the order of the plan: a task, its targets, what was proposed under it."""
        place = self.index.place
        known = [row_id for row_id in dict.fromkeys(row_ids) if row_owner(row_id)[0] in place]
        return sorted(known, key=lambda row_id: (place[row_owner(row_id)[0] or ""], *_kind_order(row_id)))

    def _goal_row(self, unit: str, row_id: str, cells: Mapping[str, str]) -> ReviewRow:
        task_id, target_id = row_owner(row_id)
        task = self.index.tasks[task_id or ""]
        target = self._target(row_id)
        promised = {header: cells.get(header) or self._printed(row_id, header) for header in self.goal_headers}
        kind = "任务目标" if target_id is None else "量化指标" if target else "补充举措"
        shown: dict[str, str | int | None] = {
            "unit": unit,
            "no": task["no"],
            "task": task["title"] or task_id,
            "kind": kind,
            "content": _target_text(target) if target else cells.get(_MEASURES) or task["measures"],
            "goals": "\n".join(f"{header.removesuffix('目标')}：{text}" for header, text in promised.items() if text),
            "deadline": cells.get(DEADLINE) or (None if target_id else task["deadline"]),
            "people": "\n".join(text for key in _PEOPLE if (text := cells.get(COLUMNS[key].header))),
        }
        key = (rulings.GOALS, PLAN.text, unit, row_id)
        keys: dict[str, RulingKey] = {column: (*key, column) for column in GOALS_SHEET.ruled}
        return ReviewRow(GOALS_SHEET, key[1:], shown, keys, self._texts.get((unit, row_id), ""))

    def _target(self, row_id: str) -> dict[str, Any] | None:
        task_id, _ = row_owner(row_id)
        listed = self.index.targets.get(task_id or "", ())
        return next((each for each in listed if each["target_id"] == row_id), None)

    def _printed(self, row_id: str, header: str) -> str:
        """A stage goal that the plan itself prints."""
        return self.index.goals.get((row_id, header.removesuffix("目标")), "")

    # --- 进展审核 -----------------------------------------------------------------------

    def _progress_rows(self, facts: Facts) -> Iterator[ReviewRow]:
        closed = approving.closed_tasks(self.ledger, self.name)
        for task in facts.tasks:
            before = closed.get(task.task_id)
            first = next((w for w in task.words if w.asked or w.state or w.progress), None)
            if before and before < self.period:
                yield self._progress_row(facts, task, first or _any_word(task), True, before)
            elif first:
                for word in task.words:
                    if word.asked or word.state or word.progress:
                        yield self._progress_row(facts, task, word, word is first, None)

    def _progress_row(
        self, facts: Facts, task: TaskFacts, word: Word, sums_up: bool, closed: Period | None
    ) -> ReviewRow:
        own, period = own_verdict(word, facts.states), self.period.text
        alone = task.computed if sums_up else None
        name = f"已于{closed.label}销号" if closed else own.name
        shown: dict[str, str | int | None] = {
            "no": task.no,
            "task": task.title,
            "unit": f"{word.unit}（汇总单位）" if sums_up and len(task.words) > 1 else word.unit,
            "goal": self._in_force.get((word.unit, task.task_id), {}).get(self._stage_header)
            or task.goal
            or "；".join(each["text"] for each in self.index.targets.get(task.task_id, ()) if each["text"]),
            "text": task.value(word.unit, "progress"),
            "own": name,
            "computed": f"{alone.name}：{task.reason}" if alone and task.reason else alone.name if alone else None,
            "problem": _labelled(task, word.unit, ("problem", "help")),
        }
        keys: dict[str, RulingKey] = {
            column: (rulings.TASK, period, word.unit, task.task_id, column) for column in PROGRESS_SHEET.ruled
        }
        if sums_up:
            whole = {column: (rulings.TASK, period, "", task.task_id, column) for column in keys}
            keys |= {column: key for column, key in whole.items() if column == rulings.CLOSED or key in self._said}
        if closed:
            keys[rulings.CLOSED] = (rulings.TASK, closed.text, "", task.task_id, rulings.CLOSED)
        says_done = own.standing is Standing.DONE or own.name == facts.states.name_of(Standing.DONE)  # 绿灯 of three
        done = says_done or closed is not None
        shut = frozenset([] if sums_up and (done or task.closed) else [rulings.CLOSED])
        if not sums_up:
            del keys[rulings.CLOSED]
        about = self._texts.get((word.unit, task.task_id), "")
        return ReviewRow(PROGRESS_SHEET, (period, word.unit, task.task_id), shown, keys, about, shut=shut, done=done)

    # --- 本期综合 -----------------------------------------------------------------------

    def _period_rows(self, facts: Facts) -> Iterator[ReviewRow]:
        """综述, 亮点, 建议 of each part that the period asks for: 民生实事 apart from the main tasks."""
        for part in facts.parts():
            row_id = "" if part == "main" else part
            for key in _PERIOD_KEYS:
                shown: dict[str, str | int | None] = {
                    "part": part_title(part) or "重点任务",
                    "what": rulings.LABELS[rulings.PERIOD][key],
                }
                where: RulingKey = (rulings.PERIOD, self.period.text, "", row_id, key)
                yield ReviewRow(PERIOD_SHEET, (self.period.text, row_id, key), shown, {"text": where})

    # --- 调整申请 -----------------------------------------------------------------------

    def _request_rows(self) -> Iterator[ReviewRow]:
        """The requests of this period and all before it; none is forgotten when its period is over."""
        roster = self.index.roster
        for each in records_of(requests(self.ledger, self.name)):
            period, unit, row_id = each["period"], roster.canonical(each["unit"]), each["request"]
            if self.period.kind != "plan" and self.period < parse_period(period):
                continue
            texts = {"matter": each["matter"], "original": each["original"], "proposed": each["proposed"]}
            shown: dict[str, str | int | None] = {
                "unit": unit,
                "period": parse_period(period).label,
                **texts,
                "grounds": each["reason"],
            }
            keys: dict[str, RulingKey] = {
                column: (rulings.REQUEST, period, unit, row_id, column) for column in REQUEST_SHEET.ruled
            }
            about = "\n".join((*texts.values(), each["reason"]))
            mine = self._changeable(unit)
            yield ReviewRow(
                REQUEST_SHEET,
                (period, unit, row_id),
                shown,
                keys,
                about,
                suggested=self._named(each["matter"], each["proposed"], mine),
                row_ids=mine,
            )

    def _changeable(self, unit: str) -> dict[str, tuple[str, ...]]:
        """The rows of a unit's 落实方案 that a request may change, each with its columns: those that it leads."""
        found: dict[str, tuple[str, ...]] = {}
        for part in dict.fromkeys(task["part"] for task in self.index.tasks.values()):
            for task_id, _ in self.index.tasks_of(unit, "lead", part):
                found[task_id] = (*self.goal_headers, DEADLINE)
                found |= {each["target_id"]: self.goal_headers for each in self.index.targets.get(task_id, ())}
        items = (row_id for owner, row_id in self._promised if owner == unit and "+" in row_id)
        return {**found, **dict.fromkeys(items, (*self.goal_headers, DEADLINE))}

    def _named(self, matter: str, proposed: str, mine: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
        """The task, column and value that a request plainly names; nothing of what is not plain."""
        tasks = [row_id for row_id in mine if row_owner(row_id)[1] is None]
        numbers = {int(text) for pair in _NUMBERED.findall(matter) for text in pair if text}
        named = [each for each in tasks if self.index.tasks[each]["no"] in numbers or each in matter.upper()]
        titles = {each: (self.index.tasks[each]["title"] or "").rstrip("。") for each in tasks}
        named = named or [each for each in tasks if len(titles[each]) >= 4 and titles[each] in matter]
        columns = [header for header in (*self.goal_headers, DEADLINE) if header in matter]
        if len(named) != 1:
            return {}
        [row_id] = named
        targets = [each for each in self.index.targets.get(row_id, ()) if (each["indicator"] or "\0") in matter]
        if len(targets) == 1 and as_number(proposed) is not None:
            row_id = targets[0]["target_id"]
        found = {rulings.GOAL_ROW: row_id}
        if len(columns) == 1 and columns[0] in mine[row_id]:
            found |= {rulings.GOAL_COLUMN: columns[0], rulings.GOAL_VALUE: proposed}
        return found


def records_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame of texts."""
    listed: list[dict[str, Any]] = frame.to_dict("records")
    return listed


def _labelled(task: TaskFacts, unit: str, keys: Sequence[str]) -> str:
    """What a unit wrote in several columns, each under its header."""
    texts = ((COLUMNS[key].header, task.value(unit, key)) for key in keys)
    return "\n".join(f"{header}：{text}" for header, text in texts if text)


def _any_word(task: TaskFacts) -> Word:
    unit = task.units[0] if task.units else "、".join(task.printed)
    return Word(unit, asked=False, reported=False)


def _kind_order(row_id: str) -> tuple[int, int]:
    """A task's own row first, then its targets, then what was proposed."""
    _, _, number = row_id.replace("+", ".").partition(".")
    return (("." in row_id) + 2 * ("+" in row_id), int(number) if number.isdecimal() else 0)


def _target_text(target: Mapping[str, Any]) -> str:
    unit = f"（{target['unit']}）" if target["unit"] else ""
    return f"{target['indicator'] or target['text']}{unit}"
