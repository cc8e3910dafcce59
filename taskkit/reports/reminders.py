"""Reminders (催办单): a letter to each unit that is red, and a list of all with which anything is open or near.

Which colours get a letter, within how many working days an answer is wanted and how all of it is
worded stands in words/reminders.toml.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from taskkit.assess.reasons import TargetFacts
from taskkit.calendars import work_calendar
from taskkit.errors import InputError, NothingToReportError, UsageError
from taskkit.figures import written
from taskkit.file_names import safe_name
from taskkit.ledger import Ledger
from taskkit.office.docx_table import ems
from taskkit.office.list_book import ListBook
from taskkit.periods import official_date, parse_period, short_date
from taskkit.plan import records
from taskkit.plan_index import PlanIndex
from taskkit.reports import reminder_list, wording
from taskkit.reports.open_matters import Colour, Matter, Owing, Sort, open_matters
from taskkit.reports.reminder_message import LONGEST, message
from taskkit.settings import Office, Sentences, Settings, TomlFile
from taskkit.text import compact, split_keeping
from taskkit.word import Annex

TEMPLATE = "reports/reminder.docx"
WORDS = "reminders"
FOLDER = "催办单"
COLOURS = {"逾期": Colour.LATE, "滞后": Colour.BEHIND, "临近": Colour.NEAR}
_MOST_DAYS = 60
_MOST_PARAGRAPHS = 3  # tasks and 批示; more than these stand in a table
_LONG, _SHORT = 80, 40  # characters of a unit's own words that are quoted, and where the page is full
_PER_LINE, _PAGE = 28, 22  # characters, lines (GB/T 9704-2012, 5.2.3)
_ROW, _LOW_ROW = 2, 1  # lines of a row of the table, about; of one without the unit's words
_HEAD = 8  # lines that the red head takes
_FORMS = (Sort.REPORT, Sort.MENDING)
_HEADERS = {"title": "工作", "deadline": "时限", "standing": "情况", "progress": "单位最近报告"}
_WIDTHS = (41.0, 21.0, 38.0, 56.0)  # mm of the upright page
_WIDE = (72.0, 24.0, 60.0)  # without the unit's words


@dataclass(frozen=True)
class Letter:
    """What stands in one letter. ``slip`` is its name, ``colour`` (RRGGBB) that of the bar above the title.

    ``paragraphs`` are the matters one by one, or the forms alone above a table of the others (``tables``).
    """

    title: str
    file_name: str
    unit: str
    issuer: str
    date: str
    slip: str
    colour: str
    number: str
    addressee: str
    opening: str
    paragraphs: tuple[str, ...]
    tables: tuple[Annex, ...]
    request: str
    contact: str
    receipt: str
    annex_list: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()


@dataclass(frozen=True)
class Reminders:
    """The letters in the order of the unit list, the list of all, and what there is to say of them, line by line."""

    letters: tuple[Letter, ...]
    listed: ListBook
    folder: str
    said: tuple[str, ...]


def build(
    ledger: Ledger,
    name: str,
    period: str,
    units: Sequence[str],
    number: str,
    settings: Settings,
    today: date,
) -> Reminders:
    """The reminders of a day. ``number``: of the first letter, those after it count on; none unless given.

    Raises NothingToReportError where nothing is open, UsageError for a number that is none and for a unit that does
    not exist, InputError for a mistake in words/reminders.toml.
    """
    rules = _Rules.read(settings, today)
    first = _first_number(number)
    owing = open_matters(ledger, name, parse_period(period) if period else None, settings, today, units)
    who = f"“{'、'.join(units)}”" if units else f"“{name}”"
    if not owing:
        raise NothingToReportError(
            f"截至{official_date(today)}，{who}没有逾期、滞后或临近时限的事项，不需要催办", "", "没有生成文件。"
        )
    writer = _Writer.read(ledger, name, settings, today, rules)
    red = [each for each in owing if each.colour in rules.letters and not each.collective]
    letters = tuple(writer.letters(red, first))
    rows = [writer.row(each, has_letter=each in red) for each in owing]
    book = reminder_list.build(rows, writer.index.info, writer.slips, today)
    return Reminders(letters, book, f"{FOLDER}_{today.isoformat()}", tuple(writer.said(letters, owing)))


def _first_number(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9０-９]{1,5}", text) or not int(text):
        raise UsageError(f"编号“{text}”不是数字", "请写第一份催办单的编号，如 --number 3，后面的依次编号")
    return int(text)


@dataclass(frozen=True)
class _Rules:
    """What words/reminders.toml says beside sentences: which colours get a letter, by when an answer is wanted."""

    letters: frozenset[Colour]
    by: date
    is_known: bool
    say: Sentences
    file: TomlFile

    @classmethod
    def read(cls, settings: Settings, today: date) -> _Rules:
        say = settings.sentences(WORDS)
        name = f"words/{WORDS}.toml"
        file = TomlFile(name, settings.template(name))
        chosen = [each for each in re.split(r"[、，,\s]+", say("letters")) if each]
        if unknown := [each for each in chosen if each not in COLOURS]:
            raise file.mistake(("letters",), f"没有“{unknown[0]}”这种情况", f"可以写的有：{'、'.join(COLOURS)}")
        days = say("days").strip()
        if not re.fullmatch(r"[0-9]{1,2}", days) or not 1 <= int(days) <= _MOST_DAYS:
            raise file.mistake(("days",), f"“{days}”不是1到{_MOST_DAYS}之间的数", '写成 days = "3" 这样')
        by, is_known = work_calendar(settings).after(today, int(days))
        return cls(frozenset(COLOURS[each] for each in chosen), by, is_known, say, file)


@dataclass(frozen=True)
class _Writer:
    """Matters -> letters, rows of the list, and messages, in the words of the office."""

    index: PlanIndex
    rules: _Rules
    slips: Mapping[Colour, tuple[str, str]]
    to: str
    office: Office
    today: date

    @classmethod
    def read(cls, ledger: Ledger, name: str, settings: Settings, today: date, rules: _Rules) -> _Writer:
        plan = ledger.plan(name, today)
        slips = settings.states().slips
        assert slips is not None  # the shipped file has them
        named = {each: getattr(slips, each.value) for each in Colour}
        rows = records("schedule", plan.schedule)
        asked = (row["to_whom"] for role in ("lead", None) for row in rows if role in (row["role"], None))
        to = next(filter(None, asked), None) or rules.say("to")
        return cls(
            PlanIndex(plan, ledger.roster(name, today)),
            rules,
            {each: (slip.name, slip.colour) for each, slip in named.items()},
            to,
            settings.office(),
            today,
        )

    # --- letters ----------------------------------------------------------------------------

    def letters(self, red: Sequence[Owing], first: int | None) -> Iterator[Letter]:
        place = 0
        for at, each in enumerate(red):
            place = max(self.index.rank(each.unit), place + 1)  # units that nobody knows share a rank
            yield self._letter(each, place, "" if first is None else str(first + at))

    def _letter(self, owing: Owing, place: int, number: str) -> Letter:
        """A letter on one page if it can be: with fewer of the unit's words, else in a table."""
        near_too = owing.colour is Colour.NEAR
        matters = [each for each in owing.matters if near_too or each.colour is not Colour.NEAR]
        above = [each for each in matters if each.sort in _FORMS]
        below = [each for each in matters if each not in above]
        ways: list[tuple[tuple[str, ...], tuple[Annex, ...]]] = []
        if len(below) <= _MOST_PARAGRAPHS:
            ways += [(self._texts(matters, quoted), ()) for quoted in (_LONG, _SHORT, 0)[: 3 - (len(below) > 1)]]
        if len(below) > 1:
            ways += [(self._texts(above, _SHORT), (self._table(below, said),)) for said in (True, False)]
        frame = self._framed(owing, matters, place, number)
        letters = [replace(frame, paragraphs=paragraphs, tables=tables) for paragraphs, tables in ways]
        fits = next((each for each in letters if self._lines(each) <= _PAGE), None)
        return fits or letters[-2 if len(below) > 1 else -1]

    def _framed(self, owing: Owing, matters: Sequence[Matter], place: int, number: str) -> Letter:
        """All of a letter but its matters."""
        say = self.rules.say
        slip, colour = self.slips[owing.colour]
        return Letter(
            title=say("title"),
            file_name=f"{place:03d}{safe_name(owing.unit, 36)}_{FOLDER}.docx",
            unit=owing.unit,
            issuer=say("issuer") or self.index.info.issuer or "",
            date=official_date(self.today),
            slip=slip,
            colour=colour.lstrip("#"),
            number=say("number", year=self.today.year, number=number) if number else "",
            addressee=say("addressee", unit=owing.unit),
            opening=self._opening(matters),
            paragraphs=(),
            tables=(),
            request=self._request(owing.colour, matters),
            contact=say("contact", contact=self.office.text) if self.office.text else "",
            receipt=say("receipt"),
        )

    def _lines(self, letter: Letter) -> int:
        """About how many lines of the page a letter takes."""
        running = (letter.opening, *letter.paragraphs, letter.request, letter.contact)
        text = sum(math.ceil((ems(each) + 2) / _PER_LINE) for each in running if each)
        rows = sum((_ROW if len(each.columns) > 3 else _LOW_ROW) * len(each.rows) + 1 for each in letter.tables)
        own = sum(map(bool, (self.office.mark, letter.number, letter.receipt, letter.receipt)))  # with its line
        around = 8 + own  # bar, title, addressee, issuer, date, blank lines
        return text + rows + around + (_HEAD if self.office.head else 0)

    def _texts(self, matters: Sequence[Matter], quoted: int) -> tuple[str, ...]:
        """The matters as paragraphs, numbered where there are several."""
        texts = [text for each in matters if (text := self._text(each, quoted))]
        return tuple(f"{at}.{text}" if len(texts) > 1 else text for at, text in enumerate(texts, 1))

    def _opening(self, matters: Sequence[Matter]) -> str:
        counts = Counter(each.colour for each in matters)
        said = "、".join(self.rules.say(colour.value, count=counts[colour]) for colour in Colour if counts[colour])
        return self.rules.say(
            "opening",
            plan=wording.named(self.index.info),
            date=self._day(self.today),
            counts=said,
        )

    def _text(self, each: Matter, quoted: int) -> str:
        """One matter as a paragraph, with so many characters of the unit's own words."""
        standing = self._standing(each)
        return f"{standing}{self._quoted(each, quoted)}" if quoted and each.sort not in _FORMS else standing

    def _day(self, day: date | None) -> str:
        """A date, without its year where that is the year in hand."""
        if day is None:
            return ""
        return short_date(day) if day.year == self.today.year else official_date(day)

    def _standing(self, each: Matter) -> str:
        """What is wrong with it: how late it is, how far behind, when it is due."""
        say, name, due = self.rules.say, each.name, self._day(each.due_on)
        if each.sort is Sort.MENDING:
            return say("mending", form=name, tasks="、".join(filter(None, each.tasks)) or f"{len(each.tasks)}项任务")
        if each.sort is Sort.REPORT:
            return say(f"report_{each.colour}", form=name, due=due, days=each.days, to=each.to_whom or self.to)
        if each.colour is Colour.BEHIND:
            return say("matter_behind", name=name, reason=self._reason(each))
        return say(f"matter_{each.colour}", name=name, due=due, days=each.days)

    def _reason(self, each: Matter) -> str:
        """By how much it is behind, as the figure that shows it says; else whose word that is."""
        worst = each.worst
        if worst is None:
            return self.rules.say("judged_behind" if each.judged else "reported_behind", state=each.state)
        indicator = worst.indicator or ""
        if worst.rated and worst.rate is not None and worst.gap is not None and round(worst.gap, 1) < 0:
            return self.rules.say("gap", indicator=indicator, rate=f"{worst.rate:.1f}", gap=f"{-worst.gap:.1f}")
        return self.rules.say("unmet", indicator=indicator, achieved=_achieved(worst))

    def _quoted(self, each: Matter, most: int) -> str:
        if text := clipped(each.said, most):
            period = each.said_in.removeprefix(f"{self.index.info.year}年")
            return self.rules.say("said", period=period, text=text)
        return self.rules.say("unsaid") if each.colour is not Colour.NEAR else ""

    def _table(self, matters: Sequence[Matter], said: bool) -> Annex:
        """The matters as rows, with what the unit said last where there is room for it."""
        rows = tuple(
            (each.name, self._day(each.due_on) or "—", self._brief(each), clipped(each.said, _SHORT) or "无")[
                : 3 + said
            ]
            for each in matters
        )
        return Annex("", "", tuple(_HEADERS)[: 3 + said], rows, headers=_HEADERS, widths=_WIDTHS if said else _WIDE)

    def _brief(self, each: Matter) -> str:
        if each.colour is Colour.BEHIND:
            return self._reason(each)
        return f"逾期{each.days}天" if each.colour is Colour.LATE else f"还有{each.days}天"

    def _request(self, colour: Colour, matters: Sequence[Matter]) -> str:
        sorts = {each.sort in _FORMS for each in matters}
        key = "ask_both" if len(sorts) == 2 else "ask_reports" if sorts == {True} else "ask_matters"
        key = "ask_near" if colour is Colour.NEAR else key
        return self.rules.say(key, by=self._day(self.rules.by), to=self.to)

    # --- the list -----------------------------------------------------------------------------

    def row(self, owing: Owing, *, has_letter: bool) -> reminder_list.Row:
        """A unit as the list shows it."""
        entry = self.index.roster.entry(owing.unit)
        return reminder_list.Row(
            owing,
            entry.contact if entry else "",
            entry.phone if entry else "",
            tuple(self._standing(each).rstrip("。") for each in owing.matters),
            "" if owing.collective else self._message(owing),
            has_letter,
        )

    def _message(self, owing: Owing) -> str:
        """Where all is still to come, by its own date."""
        first = owing.matters[0]
        by = first.due_on if owing.colour is Colour.NEAR and first.due_on else self.rules.by
        forms = {each.to_whom for each in owing.matters if each.sort is Sort.REPORT and each.to_whom}
        only_forms = all(each.sort is Sort.REPORT for each in owing.matters)
        to = forms.pop() if only_forms and len(forms) == 1 else self.to
        if text := message(owing, self.index.roster.short(owing.unit), by, to, self.rules.say):
            return text
        raise self._too_long()

    def _too_long(self) -> InputError:
        return self.rules.file.mistake(("message",), f"短信写不进{LONGEST}字", "请把 message 几项写短一些")

    # --- what is said of it ---------------------------------------------------------------------

    def said(self, letters: Sequence[Letter], owing: Sequence[Owing]) -> Iterator[str]:
        if letters:
            yield f"催办单{len(letters)}份：{'、'.join(each.unit for each in letters)}。"
        else:
            wanted = "、".join(word for word, colour in COLOURS.items() if colour in self.rules.letters)
            yield f"没有{wanted}的单位，不发催办单。" if wanted else "按 words/reminders.toml 的设置，不发催办单。"
        collectives = [each.unit for each in owing if each.collective]
        yield f"催报清单：{reminder_list.TITLE}.xlsx，共{len(owing)}个单位。"
        if collectives:
            yield f"{'、'.join(collectives)}是集体称谓，名册里没有写明成员，没有发催办单。"
        if not self.rules.is_known:
            yield f"{self.rules.by.year}年的放假安排尚未公布，办理期限{short_date(self.rules.by)}只按周末推算，请核对。"


def _achieved(worst: TargetFacts) -> str:
    return f"{written(worst.achieved)}{worst.measure}" if worst.achieved is not None else worst.text


def clipped(text: str, longest: int) -> str:
    """A unit's words on one line, to stand in quotation marks; longer ones end after a clause, with ……."""
    line = compact(text).replace("“", "‘").replace("”", "’")
    if len(line) <= longest:
        return line
    kept = ""
    for clause, mark in split_keeping(line, "。；，"):
        if len(kept) + len(clause) > longest:
            break
        kept += f"{clause}{mark}"
    if not kept:  # one clause of great length: not within a number or a foreign word
        kept = re.sub(r"[0-9A-Za-z.,%+-]+$", "", line[:longest]) or line[:longest]
    return f"{kept.rstrip('。；，、')}……"
