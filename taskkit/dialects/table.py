"""Tables: one task per row, labels merged or filled down, headers repeated on each page (D3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from typing import TypeVar

from taskkit.dialects.front import is_plan_title, same_plan
from taskkit.dialects.headers import Column, header_column, is_header, resolve_columns, unknown_headers
from taskkit.dialects.lines import number_of
from taskkit.dialects.rows import ClauseText, Reading, Step, TaskRow
from taskkit.dialects.stages import stage_goals
from taskkit.documents import Block, Cell, Row, Table
from taskkit.findings import Finding, finding
from taskkit.text import DOT, compact, ends_sentence, fold, similar, squeeze
from taskkit.unit_names import is_collective, looks_like_unit, parse_persons
from taskkit.unit_words import NOBODY
from taskkit.units import Role

NAME = "table"
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十]{1,3}")
_NUMBERED = re.compile(
    r"(?P<outer>[一二三四五六七八九十]{1,4}[、．.])|[（(](?P<inner>[一二三四五六七八九十]{1,4})[）)]|(?P<digit>\d{1,3})[、．.](?!\d)"
)
_ASIDE = re.compile(r"^(?:注|备注|说明|填表|合计|总计|小计|填报|附件|联系人|单位[：:])")
_TOTAL = re.compile(
    r"(?:合计|总计|小计|共计|总数|合計|總計|小計)(?:[（(]?共?\d+[项个件条][）)]?)?[：:]?|(?:注|备注|说明|填表说明|附注)[：:].*"
    r"|(?:联系人|联系电话|电话|传真|抄送|抄报|填表人|填报人|制表人?|审核人?|填报单位|报送单位|打印)[：:].*"
)
_NEW_STRETCH = re.compile(r"^附\s*[件表录]")
_ITEM = re.compile(r"(?:^|\n)\s*(\d{1,2})[.．、](?!\d)\s*")
_Item = TypeVar("_Item")
_SAME_LABEL = 0.5
_SHEET_NAME = re.compile(r"[\u4e00-\u9fff]{2}")
_MAX_HEADING = 60
_MAY_BE_NONE = frozenset(("lead", "support", "either", "leaders", "heads", "deadline", "stage", "goal", "measures"))


def fits(blocks: Sequence[tuple[int, Block]]) -> int:
    """How many tables have a header that names tasks and units."""
    tables = [block for _, block in blocks if isinstance(block, Table)]
    return sum(any(is_header(row.texts) for row in table.rows[:8]) for table in tables)


def read(blocks: Sequence[tuple[int, Block]]) -> Reading:
    """The rows of all tables; headings that stand directly above a table count for it."""
    walk = _Walk()
    above: list[str] = []
    sheets = sections_of([block for _, block in blocks if isinstance(block, Table)])
    for index, block in blocks:
        if isinstance(block, Table):
            walk.table(index, block, [block.title] if block.title in sheets else above)
            above = []
        elif _NUMBERED.match(block.text) and len(block.text) <= _MAX_HEADING and "。" not in block.text:
            above.append(block.text)
        else:
            above = []
            if _NEW_STRETCH.match(block.text) or is_plan_title(block.text):
                walk.forget()
                walk.titles += [block.text] if is_plan_title(block.text) else []
    if walk.several:
        walk.findings.append(finding("tasks-in-cell", source=walk.several[0], count=len(walk.several)))
    return Reading(tuple(draft.row() for draft in walk.drafts), frozenset(walk.used), tuple(walk.findings))


def sections_of(tables: Iterable[Table]) -> frozenset[str]:
    """The names of sheets that are sections of one plan: numbered ones, or at least three with the same columns."""
    sheets = [(table, header) for table in tables if table.sheet and (header := _header_of(table))]
    numbered = [table.title for table, _ in sheets if _NUMBERED.match(table.title)]
    if len(numbered) > 1:
        return frozenset(numbered)
    alike = {tuple(_fields(header)) for _, header in sheets}
    names = [table.title for table, _ in sheets]
    named = all(_SHEET_NAME.search(name) and not _NEW_STRETCH.match(name) for name in names)
    return frozenset(names) if len(names) > 2 and len(alike) == 1 and named else frozenset()


def _header_of(table: Table) -> tuple[str, ...]:
    return next((row.texts for row in table.rows[:8] if is_header(row.texts)), ())


@dataclass
class _Draft:
    """A task while its rows come in."""

    place: str
    block: int
    section: str | None
    group: str | None
    no: int | None = None
    title: str = ""
    measures: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    clauses: list[ClauseText] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    deadlines: list[str] = field(default_factory=list)
    goals: list[tuple[str, str]] = field(default_factory=list)
    shares_no: bool = False
    label_as: str | None = None
    begins_with_measure: bool = False  # so that its units are those of the measure, once others have their own

    @property
    def whole(self) -> bool:
        """Whether each of its lists of units ends with a whole name."""
        return bool(self.clauses) and all(_ends_whole(clause.text) for clause in self.clauses)

    def row(self) -> TaskRow:
        own = any(step.clauses for step in self.steps)
        return TaskRow(
            place=self.place,
            block=self.block,
            title=compact(self.title) or None,
            measures=_run_on(self.measures) or None,
            no=self.no,
            section=self.section,
            group=self.group,
            leaders=tuple(self.leaders),
            heads=tuple(self.heads),
            clauses=() if own and self.begins_with_measure else tuple(self.clauses),
            steps=tuple(self.steps) if own else (),
            deadline="；".join(self.deadlines) or None,
            goals=tuple(self.goals),
            shares_no=self.shares_no,
            label_as=self.label_as,
        )


class _Walk:
    """Walks the rows of tables and collects drafts."""

    def __init__(self) -> None:
        self.columns: tuple[Column | None, ...] = ()
        self.header: tuple[str, ...] = ()
        self.section: str | None = None
        self.group: str | None = None
        self.drafts: list[_Draft] = []
        self.findings: list[Finding] = []
        self.used: set[int] = set()
        self.block = 0
        self.spellings: set[str] = set()
        self.label_as: str | None = None
        self.titles: list[str] = []  # of plans, seen so far
        self.several: list[str] = []  # rows that held several tasks in one cell
        self.banded = False  # the section is a heading across the table: labels in a column are its groups

    def table(self, index: int, table: Table, above: Sequence[str] = ()) -> None:
        """Read one table; one without a header goes on with the columns of the table before."""
        self.block = index
        headers = [place for place, row in enumerate(table.rows) if is_header(row.texts)]
        if not headers and not self._goes_on(table):
            return
        if headers and self._begins_anew(table, headers[0]):
            self.forget()
        for heading in above:
            self._heading(heading)
        self.titles += [band for row in table.rows[: (headers or [0])[0]] if is_plan_title(band := compact(_band(row)))]
        before = len(self.drafts)
        bounds = [*headers, len(table.rows)]
        if not headers:
            self._rows(table.rows)
        for start, end in pairwise(bounds):
            data = table.rows[start + 1 : end]
            header = list(table.rows[start].texts)
            if data and _is_second_header(header, data[0].texts):
                header = [lower or upper for upper, lower in zip_longest(header, data[0].texts, fillvalue="")]
                data = data[1:]
            if data and _numbers_columns(data[0]):
                data = data[1:]
            rows = [row.texts for row in data if not _band(row) and not _is_total(row)]
            self.header = tuple(header)
            if rows:
                self._resolve(header, rows, table.rows[start])
            if self.columns:
                self._rows(data)
        if len(self.drafts) > before:
            self.used.add(index)

    def forget(self) -> None:
        """Forget the headings, for another stretch begins."""
        self.section = self.group = None
        self.banded = False

    def _begins_anew(self, table: Table, header: int) -> bool:
        """Whether a table is another one rather than the next page of the one before: its labels are its own."""
        data = table.rows[header + 1 : header + 2]
        number = number_of(squeeze(data[0].texts[0]) if data and data[0].texts else "")
        last = self.drafts[-1].no if self.drafts else None
        restarts = number is not None and last is not None and number <= 1 < last
        same = _fields(table.rows[header].texts) == _fields(self.header)
        return restarts or not same or table.sheet

    def _resolve(self, header: Sequence[str], rows: Sequence[Sequence[str]], row: Row) -> None:
        """Settle the columns under a header; each column that stays unknown is reported once."""
        self.columns = resolve_columns(header, rows)
        for name in unknown_headers(header, self.columns):
            found = finding("column-skipped", source=row.place, header=name[:30])
            if all(found.message != other.message for other in self.findings):
                self.findings.append(found)

    def _goes_on(self, table: Table) -> bool:
        """Whether a table without a header goes on with the one before, or with a header that stood alone."""
        rows = [row.texts for row in table.rows if not _band(row)]
        if not self.columns and self.header and rows and _width(table) >= len(self.header) - 1:
            self._resolve(self.header, rows, table.rows[0])
        return bool(self.columns) and _width(table) == len(self.columns)

    def _rows(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if (band := _band(row)) and is_plan_title(compact(band)):
                self._title(compact(band), row.place)
            elif band:
                self._heading(band)
            elif any(row.texts):
                tasks = _several(row, self.columns)
                self.several += [row.place] if len(tasks) > 1 else []
                for task in tasks:
                    self._row(task)

    def _title(self, title: str, place: str) -> None:
        """Take the title of a plan in the midst of a table: mostly that of the page before once more."""
        if self.titles and not any(same_plan(title, each) for each in self.titles):
            self.findings.append(finding("second-plan", source=place, title=title))
        self.titles.append(title)
        self.forget()

    def _heading(self, text: str) -> None:
        label = compact(text)
        if _ASIDE.match(label):
            return
        number = _NUMBERED.match(label)
        beside = _NUMBERED.match(self.section or "")
        if number and number["inner"] and self.section and not (beside and beside["inner"]):
            self.group = label
        else:
            self.section, self.group = label, None
            self.banded = number is not None

    def _row(self, row: Row) -> None:
        if _is_total(row):
            return
        cells = self._cells(row)
        self._labels(cells)
        title, no = _without_number(" ".join(cells.get("title", ())))
        if "no" in cells:
            no = number_of(re.sub(r"[^\d一二三四五六七八九十①-⑳]", "", cells["no"][0])) or no
        last = self.drafts[-1] if self.drafts else None
        measures = compact(" ".join(cells.get("measures", ())))
        if last and self._continues(last, row, title, no, cells):
            self._more(last, cells, title, measures)
            return
        if not title and not measures and (no is None or not self._clauses(cells)):
            return
        draft = _Draft(row.place, self.block, self.section, self.group, no, title)
        draft.shares_no = "no" in cells.get("above", ())
        draft.measures += [measures] if measures else []
        draft.label_as, self.label_as = self.label_as, None
        self.drafts.append(draft)
        self._details(draft, cells)
        if measures:
            draft.begins_with_measure = True
            draft.steps.append(Step(measures))

    def _cells(self, row: Row) -> dict[str, list[str]]:
        cells: dict[str, list[str]] = {}
        for place, (column, text) in enumerate(zip(self.columns, row.texts, strict=False)):
            if column and text and not (column.field in _MAY_BE_NONE and NOBODY.fullmatch(squeeze(text))):
                key = f"stage:{column.stage}" if column.field == "stage" else column.field
                cells.setdefault(key, []).append(text)
                if row.cells[place].above:
                    cells.setdefault("above", []).append(key)
        return cells

    def _labels(self, cells: dict[str, list[str]]) -> None:
        within = self.section and (self.banded or ("section" in cells and self._below_band(cells["section"][0])))
        if "section" in cells and not within:
            label = squeeze("".join(cells["section"]))
            if not self.section or not same_label(self.section, label):
                self.section, self.group = label, None
        own = "group" if "group" in cells else "section" if within else ""
        if own in cells:
            label = squeeze("".join(cells[own]))
            if not self.group or not same_label(self.group, label):
                self.group = label
            elif fold(self.group) != fold(label) and label not in self.spellings:
                self.spellings.add(label)
                self.label_as = label

    def _below_band(self, label: str) -> bool:
        """Whether a label （一） stands under a heading 一、 across the table, whatever its column is called."""
        number, above = _NUMBERED.match(compact(label)), _NUMBERED.match(self.section or "")
        return bool(number and number["inner"] and above and above["outer"])

    def _continues(self, last: _Draft, row: Row, title: str, no: int | None, cells: dict[str, list[str]]) -> bool:
        """Whether a row goes on with the task of the row before: merged with it, or torn by a page."""
        places = [place for place, column in enumerate(self.columns) if column and column.field == "title"]
        merged = any(place < len(row.cells) and row.cells[place].above for place in places)
        if merged and fold(title) == fold(_without_number(last.title)[0]):
            return True
        numbered = any(column and column.field == "no" for column in self.columns)
        if not title:
            return no is None
        if not numbered or no is not None or last.no is None or ends_sentence(last.title):
            return False
        return self._closes_titles() or not (last.whole and self._names_units(cells))

    def _closes_titles(self) -> bool:
        """Whether tasks of this table end with a full stop, so that one without it is torn."""
        closed = [ends_sentence(draft.title) for draft in self.drafts[-20:-1]]
        return bool(closed) and sum(closed) > len(closed) / 2

    @staticmethod
    def _names_units(cells: dict[str, list[str]]) -> bool:
        above = cells.get("above", ())
        return any(role in cells and role not in above for role in ("lead", "either", "support"))

    def _more(self, last: _Draft, cells: dict[str, list[str]], title: str, measures: str) -> None:
        above = cells.get("above", [])
        if title and "title" not in above:
            last.title = f"{last.title} {title}"
        if not measures or "measures" in above:
            self._details(last, cells)
            return
        self._details(last, cells, clauses=False)
        last.measures.append(measures)
        if self._names_units(cells):
            if not last.steps[-1:] or not last.steps[-1].clauses:
                last.steps = [Step(step.text, tuple(last.clauses)) for step in last.steps]
            last.steps.append(Step(measures, self._clauses(cells)))
        else:
            last.steps.append(Step(measures, last.steps[-1].clauses if last.steps else ()))

    def _details(self, draft: _Draft, cells: dict[str, list[str]], clauses: bool = True) -> None:
        for clause in self._clauses(cells) if clauses else ():
            if clause not in draft.clauses:
                draft.clauses = _with_clause(draft.clauses, clause)
        _add(draft.leaders, parse_persons("\n".join(cells.get("leaders", ()))))
        _add(draft.heads, parse_persons("\n".join(cells.get("heads", ()))))
        _add(draft.deadlines, map(compact, cells.get("deadline", ())[:1]))
        _add(
            draft.goals,
            [
                (key[6:], _with_unit(compact(texts[0]), cells))
                for key, texts in cells.items()
                if key.startswith("stage:")
            ],
        )
        for text in (_with_unit(text, cells) for text in cells.get("goal", ())[:1]):
            _add(draft.goals, stage_goals(text) or [("全年", compact(text))])
        for text in cells.get("deadline", ())[:1]:
            _add(draft.goals, stage_goals(text))

    def _clauses(self, cells: dict[str, list[str]]) -> tuple[ClauseText, ...]:
        heads = {column.field for column in self.columns if column and column.heads}
        roles: tuple[Role, ...] = ("lead", "either", "support")
        found = [(role, " ".join(cells[role])) for role in roles if role in cells]
        return tuple(ClauseText(text, role, cell=True, heads=role in heads) for role, text in found)


def _ends_whole(text: str) -> bool:
    """Whether a list of units ends with a whole name."""
    name = re.split(r"[、，,；;\s]+", text.strip())[-1]
    return looks_like_unit(name) or is_collective(name)


def _with_clause(clauses: Sequence[ClauseText], more: ClauseText) -> list[ClauseText]:
    """Clauses with one more; where the last of its role ends in mid-name or mid-list, it is the rest of that."""
    place = max((i for i, clause in enumerate(clauses) if clause.role == more.role), default=-1)
    if place < 0 or _ends_whole(clauses[place].text):
        return [*clauses, more]
    torn = clauses[place]
    return [*clauses[:place], replace(torn, text=f"{torn.text} {more.text}"), *clauses[place + 1 :]]


def _fields(header: Sequence[str]) -> list[str]:
    """What the columns of a header hold, for headers of the next page are wrapped otherwise."""
    return [column.field for text in header if (column := header_column(text))]


def _add(listed: list[_Item], more: Iterable[_Item]) -> None:
    """Add what is not there yet: a merged cell says the same in every row that it covers."""
    listed += [item for item in dict.fromkeys(more) if item not in listed]


def _run_on(measures: Sequence[str]) -> str:
    """Measures of several rows as one text, each closed by a full stop."""
    closed = [text if text.endswith(("。", "；", ";", "！")) else f"{text}。" for text in measures[:-1]]
    return compact("".join([*closed, *measures[-1:]]))


def same_label(one: str, other: str) -> bool:
    """Whether two labels are one, printed differently on a continued page (稳定就业形势, 稳就业形势)."""
    if fold(one) == fold(other):
        return True
    left, right = _NUMBERED.match(one), _NUMBERED.match(other)
    if not left or not right or fold(left[0]) != fold(right[0]):
        return False
    return similar(one[left.end() :], other[right.end() :]) >= _SAME_LABEL


def _without_number(text: str) -> tuple[str, int | None]:
    title = compact(text)
    found = re.match(rf"[★☆*]?\s*(\d{{1,4}})\s*(?:[、．]|{DOT})\s*", title)
    return (title[found.end() :], int(found[1])) if found and found.end() < len(title) else (title, None)


def _several(row: Row, columns: Sequence[Column | None]) -> list[Row]:
    """A row whose cell of tasks holds several numbered lines (1. … 2. …) as one row each; else the row itself.

    Other cells with the same numbers go line by line with the tasks; what they share is merged over them.
    """
    fields = [column.field if column else "" for column, _ in zip_longest(columns, row.cells)][: len(row.cells)]
    lines = [{} if cell.above or cell.left else _numbered_lines(cell.text) for cell in row.cells]
    tasks = next((lines[place] for place, field in enumerate(fields) if field == "title"), {})
    if fields.count("title") != 1 or not tasks:
        return [row]
    first = next(iter(tasks))

    def cell_of(number: int, cell: Cell, field: str, own: dict[int, str]) -> Cell:
        if own.keys() != tasks.keys():
            return replace(cell, above=cell.above or number > first)
        said = field == "title" and "no" not in fields  # the number is the task's own
        return replace(cell, text=f"{number}.{own[number]}" if said else own[number])

    cells = list(zip(row.cells, fields, lines, strict=True))
    return [replace(row, cells=tuple(cell_of(number, *each) for each in cells)) for number in tasks]


def _numbered_lines(text: str) -> dict[int, str]:
    """The lines of a cell that are numbered one after the other, by their numbers; none for any other text."""
    whole = text.strip()
    marks = list(_ITEM.finditer(whole))
    numbers = [int(mark[1]) for mark in marks]
    if len(marks) < 2 or marks[0].start() or any(after != before + 1 for before, after in pairwise(numbers)):
        return {}
    ends = [mark.start() for mark in marks[1:]] + [len(whole)]
    return {number: whole[mark.end() : end].strip() for number, mark, end in zip(numbers, marks, ends, strict=True)}


def _with_unit(goal: str, cells: dict[str, list[str]]) -> str:
    """A goal that is a bare number with the unit that stands in a column of its own: 18.6 | 亿元."""
    bare = re.fullmatch(r"[≥≤]?\d[\d,]*(?:\.\d+)?", goal.strip())
    return f"{goal.strip()}{squeeze(cells['counted'][0])}" if bare and "counted" in cells else goal


def _is_total(row: Row) -> bool:
    """Whether a row adds up others, or says who filled in the table."""
    return bool(_TOTAL.fullmatch(squeeze(next((text for text in row.texts if text), ""))))


def _numbers_columns(row: Row) -> bool:
    """Whether a row under the header numbers the columns: 甲 | 1 | 2 | 3, or （1） | （2） | （3）."""
    names = [re.sub(r"[（()）]", "", squeeze(text)) for text in row.texts if text]
    numbers = [int(name) for name in names if name.isdecimal()]
    letters = [name for name in names if not name.isdecimal()]
    runs = len(numbers) > 2 and all(after == before + 1 for before, after in pairwise(numbers))
    return runs and all(re.fullmatch(r"[甲乙丙丁A-Z]|栏次", name) for name in letters)


def _without_sums(texts: Sequence[str]) -> list[str]:
    """The texts of a row; of one that begins like a heading, without the sums beside it: 一、基础设施类 | 12000."""
    first = squeeze(next((text for text in texts if text), ""))
    number = _NUMBERED.match(first)
    if not _CHINESE_NUMBER.fullmatch(first) and not (number and not number["digit"]):
        return list(texts)
    return ["" if re.fullmatch(r"[\d,]+(?:\.\d+)?", text.strip()) else text for text in texts]


def _band(row: Row) -> str:
    """The text of a row that is one heading across the table; "" for any other row."""
    said = _without_sums(row.texts)
    texts = [text for text, cell in zip(said, row.cells, strict=True) if text and not cell.above]
    filled = [text for text in said if text]
    if filled == said[:2] and len(filled) == 2 and re.fullmatch(r"[一二三四五六七八九十]{1,3}", squeeze(filled[0])):
        return f"{squeeze(filled[0])}、{filled[1]}"  # 一 | 教育惠民: number and name of a section in two cells
    if len(texts) != 1 or (len(filled) > 1 and not _NUMBERED.match(texts[0])):
        return ""
    first = row.texts[0] == texts[0] or len(row.cells) == 1
    if len(filled) > 1 and not first:
        return ""
    return texts[0] if first and not re.fullmatch(r"\W?\d+\W?", texts[0]) else ""


def _is_second_header(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether the row under a header splits its names further (责任单位 over 牵头单位 and 配合单位)."""
    names = [text for text in lower if text]
    if not names or any(len(squeeze(text)) > 12 or re.search(r"\d", text) for text in names):
        return False
    splits = any(re.search(r"单位|部门|季度|领导|^(?:牵头|主办|配合|协办|责任|参与)$", squeeze(text)) for text in names)
    return splits and is_header([below or above for above, below in zip_longest(upper, lower, fillvalue="")])


def _width(table: Table) -> int:
    return max(len(row.cells) for row in table.rows)
