"""批示登记 that came back: each row checked, weighed against what the ledger holds, and kept together or not at all."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from taskkit.directing.columns import FORM, REPORTING, SAID, STATES, TITLE, mark_of
from taskkit.directing.following import Names
from taskkit.directing.writing import BLANK_ROWS
from taskkit.findings import Finding
from taskkit.ledger import Ledger
from taskkit.office.sheets import BookData
from taskkit.periods import official_date
from taskkit.plan_index import PlanIndex, tasks_meant
from taskkit.received_day import EARLIEST
from taskkit.sheet_forms.forms import Words, shown
from taskkit.sheet_forms.grid import Line, lines_of
from taskkit.stores.directives import EACH, ONGOING, Directive
from taskkit.text import squeeze
from taskkit.wording import did_you_mean, shortened

_NUMBER = re.compile(r"B?0*(\d{1,6})", re.I)
_TASK = re.compile(r"(?:[TA]\d{1,6}|\d{1,4})(?:[.+]\d+)?", re.I)  # what can only mean a task
_ALIKE = 0.5  # of two texts, from when on one is the other corrected
_WORDS: dict[str, tuple[Words, str]] = {"reporting": (REPORTING, EACH), "state": (STATES, ONGOING)}


@dataclass
class Taking:
    """What 批示登记 says: new ones and further versions, how many are known, what is wrong.

    ``seen``: by number, the version against which each was weighed.
    """

    directives: list[Directive] = field(default_factory=list)
    known: int = 0
    findings: list[Finding] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)


def take(book: BookData, ledger: Ledger, name: str, today: date) -> Taking:
    """Read the rows and weigh them against the ledger."""
    taking = Taking()
    taker = _Taker(ledger, name, today, taking)
    for line in lines_of(book, replace(FORM, book=book.name), taking.findings, (TITLE,)) or ():
        if line.filled(SAID):
            taker.row(line)
    return taking


class _Taker:
    """Takes one row after the other."""

    def __init__(self, ledger: Ledger, name: str, today: date, taking: Taking) -> None:
        self.today, self.taking = today, taking
        self.plan, self.names = ledger.plan(name, today), Names.read(ledger, name, today)
        self.index, self.later = self.names.index, PlanIndex(ledger.plan(name), self.names.roster)
        plans = (ledger.plan(name, each.effective_on or date.min) for each in ledger.plan_versions(name))
        named = (leader for plan in plans for listed in plan.tasks["leaders"] for leader in listed)
        listed = (entry.name for entry in self.index.roster.leader_entries)
        self.leaders = {squeeze(leader): squeeze(leader) for leader in (*listed, *named)}
        versions = [self._as_now(each) for each in ledger.directive_versions(name)]
        self.newest = {each.number: each for each in versions}
        self.by_mark = {mark_of(each): self._as_now(each) for each in ledger.directive_versions(name)}
        self.last = max(self.newest, default=0)
        self.rows: dict[int, int] = {}  # number -> the row in which it stood
        self.typed: dict[tuple[str, date, str], int] = {}  # what stood in rows without a number

    def _as_now(self, each: Directive) -> Directive:
        """A version with its units as they are called now."""
        return replace(each, units=tuple(map(self.names.on_day, each.units)))

    def row(self, line: Line) -> None:
        """Take a row, or say what is wrong with it."""
        before = len(self.taking.findings)
        number = self._number(line)
        known = self.newest.get(number or 0)
        said = self._said(line, known)
        if any(each.severity == "error" for each in self.taking.findings[before:]) or said is None:
            return
        if not number:
            known = self._typed_before(said)
            if known is None:
                self._new(line, said)
                return
        if known is None:
            self.taking.directives.append(replace(said, number=number or 0))
            return
        changed = self._weighed(line, said, known)
        self.taking.known += changed is known
        if changed is not None and changed is not known:
            self.taking.seen[known.number] = known.version
            self.taking.directives.append(changed)

    # --- which one it is --------------------------------------------------------------

    def _number(self, line: Line) -> int | None:
        """The number of a row; None where it has none, or one that is told to be wrong."""
        text = line.text("number")
        if text is None:
            return None
        found = _NUMBER.fullmatch(squeeze(unicodedata.normalize("NFKC", text)))
        number = int(found[1]) if found else 0
        if not 0 < number <= self.last + BLANK_ROWS:
            line.tell("directive-number", "number", value=text)
            return None
        if number in self.rows:
            line.tell("directive-twice", "number", value=text, row=self.rows[number])
        self.rows.setdefault(number, line.number)
        return number

    def _typed_before(self, said: Directive) -> Directive | None:
        """The known one that a row without a number says again: the file may be loaded twice."""
        same = (each for each in self.newest.values() if _key(each) == _key(said))
        return next(same, None)

    def _new(self, line: Line, said: Directive) -> None:
        if _key(said) in self.typed:
            line.tell("directive-twice", "text", value="（空）", row=self.typed[_key(said)])
            return
        self.typed[_key(said)] = line.number
        self.taking.directives.append(said)

    def _weighed(self, line: Line, said: Directive, known: Directive) -> Directive | None:
        """What a row makes of the one that is known: itself where nothing is new, None where it cannot be taken."""
        base = self.by_mark.get(line.text("mark") or "")
        if base is None or base.number != known.number:
            return self._rewritten(line, said, known)
        taken, is_fit = known, True
        for key in SAID:
            new, then, now = (_part(each, key) for each in (said, base, known))
            if new == now:
                continue
            words = {"value": known.row_id, "column": FORM.header(key), "current": self._shown(known, key)}
            if new == then:
                line.tell("directive-behind", key, **words)
            elif now != then:
                line.tell("directive-stale", key, **words)
                is_fit = False
            else:
                taken = self._changed(line, taken, said, key)
        return taken if is_fit else None

    def _rewritten(self, line: Line, said: Directive, known: Directive) -> Directive | None:
        """A row that was written blank, or by hand: it may correct one that is known, never replace it by another."""
        taken = known
        same = (said.leader, said.given_on) == (known.leader, known.given_on)
        if not same and SequenceMatcher(None, said.text, known.text, autojunk=False).ratio() < _ALIKE:
            line.tell("directive-taken", "number", value=known.row_id, text=shortened(known.text, 20))
            return None
        for key in SAID:
            if _part(said, key) != _part(known, key):
                taken = self._changed(line, taken, said, key)
        return taken

    def _changed(self, line: Line, taken: Directive, said: Directive, key: str) -> Directive:
        words = {"value": taken.row_id, "column": FORM.header(key)}
        line.tell("directive-changed", key, **words, old=self._shown(taken, key), new=self._shown(said, key))
        if key == "about":
            return replace(taken, about=said.about, task_id=said.task_id)
        value: Any = getattr(said, key)
        return replace(taken, **{key: value})

    def _shown(self, each: Directive, key: str) -> str:
        value = getattr(each, key)
        if key in _WORDS:
            return shown(_WORDS[key][0], value) or ""
        text = official_date(value) if isinstance(value, date) else "、".join(value) if key == "units" else value
        return shortened(text or "空白", 40)

    # --- what it says -----------------------------------------------------------------

    def _said(self, line: Line, known: Directive | None) -> Directive | None:
        """The row as a 批示; None where something that it needs is missing."""
        leader, text, given_on = self._leader(line, known), line.text("text"), self._given_on(line)
        units = self._units(line)
        for key, value in (("leader", leader), ("text", text), ("given_on", given_on), ("units", units)):
            if not value and line.cell(key) is None:
                line.tell("directive-blank", key, column=FORM.header(key))
        due_on = self._due_on(line, given_on, known)
        about, task_id = self._about(line, known)
        reporting, state = (self._word(line, key, known) for key in ("reporting", "state"))
        remark = (line.text("remark") or "") if "remark" in line.columns or not known else known.remark
        if not (leader and text and given_on and units):
            return None
        return Directive(leader, given_on, text, units, about, task_id, due_on, reporting, state, remark)

    def _leader(self, line: Line, known: Directive | None) -> str:
        typed = squeeze(line.text("leader") or "")
        if not typed or typed in self.leaders or not self.leaders or (known and known.leader == typed):
            return typed
        near = did_you_mean(typed, self.leaders, 3, cutoff=0.6).removeprefix("是不是").rstrip("？")
        line.tell("directive-leader-near" if near else "directive-leader", "leader", value=typed, near=near)
        return typed

    def _given_on(self, line: Line) -> date | None:
        day = line.day("given_on", self.plan.info.year)
        if day is not None and not EARLIEST <= day <= self.today:
            line.tell("directive-day-odd", "given_on", column=FORM.header("given_on"), value=official_date(day))
            return None
        return day

    def _due_on(self, line: Line, given_on: date | None, known: Directive | None) -> date | None:
        if "due_on" not in line.columns and known:
            return known.due_on
        day = line.day("due_on", given_on.year if given_on else self.plan.info.year)
        if day and given_on and day < given_on:
            words = {"value": official_date(day), "given": official_date(given_on)}
            line.tell("directive-due-early", "due_on", column=FORM.header("due_on"), **words)
        return day

    def _units(self, line: Line) -> tuple[str, ...]:
        found: list[str] = []
        for text in _names(line.text("units") or "", self.index):
            unit = self.index.find(text) or self._by_later_name(text)
            if unit is None:
                near = did_you_mean(text, self.index.spellings, 3)
                line.tell("directive-unit", "units", value=text, near=f"，{near}" if near else "")
            elif unit in self.index.collectives:
                line.tell("directive-collective", "units", value=text)
            else:
                found += self.index.roster.named(unit)
        return tuple(dict.fromkeys(found))

    def _by_later_name(self, text: str) -> str | None:
        """A unit by a name that it is to have from a later day on: by that of today."""
        found = self.later.find(text)
        return self.names.on_day(found) if found else None

    def _about(self, line: Line, known: Directive | None) -> tuple[str, str | None]:
        """The task or matter as typed, and the task that it names; a text that is known means what it meant."""
        text = line.text("about") or ""
        if known and ("about" not in line.columns or text == known.about):
            return known.about, known.task_id
        plain = unicodedata.normalize("NFKC", text).strip()
        found = tasks_meant(self.plan, text) if plain else []
        if len(found) == 1:
            return text, str(found[0]["task_id"])
        if not found and _TASK.fullmatch(plain):
            line.tell("directive-task", "about", value=text)
        elif found:
            names = "、".join(f"{row['task_id']} {shortened(row['title'] or '', 12)}" for row in found[:3])
            more = "等" if len(found) > 3 else ""
            line.tell("directive-task-several", "about", value=shortened(text), count=len(found), names=names + more)
        return text, None

    def _word(self, line: Line, key: str, known: Directive | None) -> str:
        words, default = _WORDS[key]
        if key not in line.columns and known:
            return str(getattr(known, key))
        return line.word(key, words) or default


def _key(each: Directive) -> tuple[str, date, str]:
    return each.leader, each.given_on, squeeze(each.text)


def _part(each: Directive, key: str) -> object:
    """A value as versions are compared: how a text is spaced at its ends is no change."""
    value = getattr(each, key)
    return value.strip() if isinstance(value, str) else value


def _names(text: str, index: PlanIndex) -> list[str]:
    """The units that a cell names; a space parts two only where the whole is none."""
    names: list[str] = []
    for piece in re.split(r"[、，,；;/\n]+", text):
        whole = squeeze(piece)
        parts = piece.split()
        names += [whole] if len(parts) < 2 or index.find(whole) else parts
    return [name for name in names if name]
