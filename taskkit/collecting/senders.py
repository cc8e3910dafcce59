"""Whose a file is that carries no mark (Word, PDF, a scan): told by names of units and words for periods.

The file's name counts before the folders that it lies in, and these before its first lines. What is
told has to agree with what was sent; where several units or periods are possible nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import NoReturn

from taskkit.book_words import form_title
from taskkit.columns import is_directives
from taskkit.entries import Workbook
from taskkit.errors import InputError, UsageError
from taskkit.findings import Finding, finding
from taskkit.ledger import Ledger
from taskkit.periods import Period, parse_period, periods_named
from taskkit.plan_index import PlanIndex
from taskkit.sheet_forms.forms import word_key
from taskkit.unit_words import LEVELS
from taskkit.wording import did_you_mean

_NAME_IT = "请在文件名里写上单位名称和报送期（如“县教育局二季度.docx”），或用 --unit、--period 指明后再收"
_LEVEL = re.compile(rf"[{LEVELS}]")
_LEAST = 2  # characters of a name that is looked for
_WORD = re.compile(r"[\u4e00-\u9fff]{3,}")
_ALIKE = 0.7  # how alike a name must be to be offered (difflib)
_LONGEST_LINE = 60  # of a title or a signature


@dataclass(frozen=True)
class Sender:
    """Who handed a file in, for which period of which plan.

    ``workbooks`` are those sent to the unit for it that the file can be for, the newest edition of each
    role and part, the likeliest first. ``doubt`` says so where nothing but that order speaks for it.
    """

    plan: str
    unit: str
    period: str
    workbooks: tuple[str, ...]
    doubt: tuple[Finding, ...] = ()

    @property
    def workbook(self) -> str:
        """The workbook that it is for: never more than one."""
        return self.workbooks[0]


@dataclass
class Senders:
    """The units to which workbooks were sent, and by what they are known; read from the ledger when first needed.

    ``is_open`` tells whether nothing has come back yet for a workbook.
    """

    ledger: Ledger
    plan: str | None
    is_open: Callable[[str], bool]
    _forms: dict[str, list[Workbook]] = field(default_factory=dict)
    _names: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)

    def find(
        self,
        path: str,
        unit: str | None,
        period: str | None,
        lines: Callable[[], Sequence[str]] = tuple,
        *,
        is_scan: bool = False,
    ) -> Sender:
        """Who handed in the file at ``path``; ``unit`` and ``period`` where a person said so.

        A scan whose name does not say which form it is belongs to one that was accepted, any other to an open one.
        ``lines`` gives the first and last lines of a document, asked for where its name says too little.
        Raises InputError, which says what to do, where nobody or not just one can be told.
        """
        places = _places(path)
        found = self._told(places, places, unit, period)
        if not found and unit is None:
            said = lines()
            found = self._told(_lines_of_units(said), [*places, *said], None, period, in_lines=True)
        if not found:
            self._refuse(places, unit)
        if len(found) > 1:
            found = [each for each in found if any(map(self.is_open, each.workbooks))] or found
        if len(found) > 1:
            periods = sorted({parse_period(each.period) for each in found})
            meant = _periods_in(lines(), periods, needed=False)
            found = [each for each in found if parse_period(each.period) in meant] or found
        if len(found) > 1:
            shown = "、".join(_shown(each, len({each.plan for each in found}) > 1) for each in found[:5])
            raise InputError(f"“{places[0]}”分不清是哪一份，可能是：{shown}", _NAME_IT)
        return self._for_one_form(found[0], places, is_scan)

    def _for_one_form(self, sender: Sender, places: Sequence[str], is_scan: bool) -> Sender:
        """The same with the form first that the names say, else the likeliest: leads before supports."""
        forms = sorted(
            (each for each in self._forms_of(sender.plan) if each.workbook in sender.workbooks),
            key=lambda each: (self.is_open(each.workbook) == is_scan, each.role == "support", each.part != "main"),
        )
        said = next((told for place in places if len(told := _said_forms(forms, place)) < len(forms)), forms)
        ids = (each.workbook for each in (*said, *forms))
        whose = replace(sender, workbooks=tuple(dict.fromkeys(ids)))
        unclear = [each for each in said if self.is_open(each.workbook)]
        if len(unclear) < 2 or not self.is_open(whose.workbook):
            return whose
        shown = [form_title(parse_period(each.period), None, each.role, each.part) for each in unclear]
        words = {"form": shown[0], "others": "、".join(shown[1:])}
        return replace(whose, doubt=(finding("form-unsaid", **words),))

    def unit_of(self, plan: str, name: str) -> str | None:
        """The unit of a plan that was sent workbooks and is known by this name; None where it is none or several."""
        wanted = word_key(name)
        meant = [unit for unit, names in self._names_of(plan).items() if wanted in names]
        return meant[0] if len(meant) == 1 else None

    def check(self, unit: str) -> None:
        """Raise UsageError, with near names, where no unit that was sent workbooks goes by this name."""
        if any(self.unit_of(plan, unit) for plan in self._plans):
            return
        listed = list(dict.fromkeys(name for plan in self._plans for name in self._names_of(plan)))
        raise UsageError(f"没有向“{unit}”发出过表格", did_you_mean(unit, listed, 3) or "请核对单位名称")

    @property
    def _plans(self) -> list[str]:
        return [self.plan] if self.plan else self.ledger.plan_names()

    def _told(
        self,
        places: Sequence[str],
        texts: Sequence[str],
        unit: str | None,
        period: str | None,
        *,
        in_lines: bool = False,
    ) -> list[Sender]:
        """Every sender that the texts allow. A unit told by the file's own lines needs a word for the period too."""
        found = []
        for plan in self._plans:
            named = [self.unit_of(plan, unit)] if unit is not None else self._units_in(plan, places, together=in_lines)
            for each in named:
                found += self._senders(plan, each, texts, period, in_lines) if each else []
        return found

    def _senders(self, plan: str, unit: str, texts: Sequence[str], period: str | None, needed: bool) -> list[Sender]:
        forms = [each for each in self._forms_of(plan) if each.unit == unit]
        periods = sorted({parse_period(each.period) for each in forms})
        if period is not None:
            wanted = parse_period(period, max((each.year for each in periods), default=None))
            periods = [each for each in periods if each == wanted]
        else:
            periods = _periods_in(texts, periods, needed)
        return [
            Sender(plan, unit, each.text, tuple(form.workbook for form in forms if form.period == each.text))
            for each in periods
        ]

    def _refuse(self, places: Sequence[str], unit: str | None) -> NoReturn:
        units = [unit] if unit else [u for plan in self._plans for u in self._units_in(plan, places, together=False)]
        if not units:
            raise InputError(f"看不出“{places[0]}”是哪个单位、哪一期的{self._near(places[0])}", _NAME_IT)
        who = "、".join(dict.fromkeys(units))
        raise InputError(f"“{places[0]}”像是{who}的，但没有向它发过所说报送期的表格", _NAME_IT)

    def _near(self, place: str) -> str:
        """The question whether a unit is meant whose name is nearly written."""
        listed = [unit for plan in self._plans for unit in self._names_of(plan)]
        for word in _WORD.findall(place):
            if near := did_you_mean(word, listed, cutoff=_ALIKE):
                return f"；{near}"
        return ""

    def _units_in(self, plan: str, places: Sequence[str], together: bool) -> list[str]:
        """The units that the first place names which names any, or that all of them name ``together``."""
        names = self._names_of(plan)
        named = [units for place in places if (units := _named(place, names))]
        found = set().union(*named) if together else set().union(*named[:1])
        return [unit for unit in names if unit in found]

    def _names_of(self, plan: str) -> dict[str, frozenset[str]]:
        """Unit -> the names by which it is known, as they are compared."""
        if plan not in self._names:
            roster = self.ledger.roster(plan)
            index = PlanIndex(self.ledger.plan(plan), roster)
            names = {}
            for unit in sorted({form.unit for form in self._forms_of(plan)}, key=lambda unit: (index.rank(unit), unit)):
                entry = roster.entry(unit) if roster else None
                known = {unit, index.full_name(unit)}
                if entry:
                    known |= {entry.name, entry.full_name, entry.short_name, *entry.aliases}
                names[unit] = frozenset(word_key(name) for name in known if len(name) >= _LEAST)
            self._names[plan] = names
        return self._names[plan]

    def _forms_of(self, plan: str) -> list[Workbook]:
        if plan not in self._forms:
            self._forms[plan] = self.ledger.newest_workbooks(plan)
        return self._forms[plan]


def _shown(sender: Sender, with_plan: bool) -> str:
    plan = f"“{sender.plan}”" if with_plan else ""
    return f"{plan}{sender.unit}{parse_period(sender.period).label}"


def _places(path: str) -> list[str]:
    """The names that may say whose a file is, the nearest first: its own, then those of its folders."""
    *folders, name = path.replace("\\", "/").split("/")
    return [PurePosixPath(name).stem or name, *reversed([each for each in folders if each])]


def _lines_of_units(lines: Sequence[str]) -> list[str]:
    """The lines in which a document says who wrote it: its title and its signature, never the addressee."""
    told = [line for line in lines if not line.rstrip().endswith((":", "：")) and len(line) <= _LONGEST_LINE]
    return told[:3] + told[3:][-3:]


def _named(text: str, names: Mapping[str, frozenset[str]]) -> set[str]:
    """The units that a text names; a name inside a longer name of another unit does not count."""
    plain = word_key(text)
    spans = [(start, end, unit) for unit, known in names.items() for start, end in _spans(plain, known)]
    return {
        unit
        for start, end, unit in spans
        if not any(s <= start and end <= e and e - s > end - start and other != unit for s, e, other in spans)
    }


def _spans(text: str, known: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where a text has one of a unit's names, or one without its level word where no other level stands before it."""
    for name in known:
        yield from ((match.start(), match.end()) for match in re.finditer(re.escape(name), text))
        bare = name[1:] if _LEVEL.match(name) and len(name) > _LEAST + 1 else ""
        if bare:
            found = re.finditer(rf"(?<![{LEVELS}级]){re.escape(bare)}", text)
            yield from ((match.start(), match.end()) for match in found)


def _periods_in(texts: Sequence[str], periods: list[Period], needed: bool) -> list[Period]:
    """The periods that the first text names which names any; without such a word all, or none where it is needed."""
    for text in texts:
        said, meant = periods_named(text, periods)
        if said:
            return meant
    return [] if needed else periods


def _said_forms(forms: Sequence[Workbook], text: str) -> list[Workbook]:
    """The forms that a name points to; all of them where it says nothing of the part or the role."""
    said, found = word_key(text), list(forms)
    if re.search("附件|附表|民生实事", said):
        found = [each for each in found if each.part != "main" and not is_directives(each.part)] or found
    if "批示" in said:
        found = [each for each in found if is_directives(each.part)] or found
    leads, supports = re.search("牵头|工作进展", said), "配合" in said
    if supports and "牵头" not in said:
        found = [each for each in found if each.role != "lead"] or found
    elif leads and not supports:
        found = [each for each in found if each.role != "support"] or found
    return found
