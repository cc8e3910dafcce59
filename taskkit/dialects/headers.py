"""Headers of tables: what each column holds, by its name and, where names mislead, by its content.

In tables copied as text the names stand in other columns than the data, and one name may span
several columns (县《政府工作报告》重点任务 over label, number and text).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from taskkit.text import squeeze
from taskkit.unit_names import looks_like_person, looks_like_unit, parse_persons
from taskkit.unit_words import BODY, LABELS, LEAD, SUPPORT, both_scripts

_WITH_BODY = rf".{{0,12}}{BODY}.{{0,20}}"
# Synonyms of column names, first match counts: the labels of the text, and what only tables say.
# "group" and "title" are settled by content.
_FIELDS: tuple[tuple[str, str], ...] = (
    ("no", r"序号|编号|项次|次序|№|NO\.?|No\.?"),
    ("deadline", rf"{LABELS['deadline']}|.*时限|.*(?:完成|办结|截止)(?:时间|日期)|时间节点|进度(?:安排|要求)"),
    ("stage", r"(?P<stage>第?[一二三四1-4]季度|[上下]半年|前三季度|全年|1?\d月).{0,4}(?:目标|进度|计划|任务|要求)?"),
    (
        "heads",
        rf"{LABELS['heads']}|(?:{LABELS['heads']}|责任人).{{0,3}}(?:联系)?(?:电话|方式)|[^及和与、]*{BODY}(?:主要|分管)?(?:负责人|责任人)",
    ),
    (
        "note",
        (
            r"备注|说明|.*(?:联系人|联络员|电话|联系方式).*|经办人.*|页码|资金来源"
            r"|(?:20\d\d年)?(?:总|计划|年?度|项目|完成)*投资(?:额|规模|总额|计划)?|进展.*|完成情况"
        ),
    ),
    ("leaders", rf"{LABELS['leaders']}|[^单部]*领导[^单位部门]{{0,6}}"),
    ("lead", rf"{LABELS['lead']}|.*(?:{LEAD}|主要责任|第一责任){_WITH_BODY}"),
    ("support", rf"{LABELS['support']}|.*(?:{SUPPORT}|相关责任|其[他它]责任){_WITH_BODY}"),
    ("either", rf"{LABELS['either']}|.*(?:责任|落实|实施|负责|分工).{{0,2}}{_WITH_BODY}"),
    ("counted", r"(?:指标)?计量单位|指标单位"),
    ("measures", rf"{LABELS['measures']}|.*(?:措施|举措).*"),
    ("goal", rf"{LABELS['goal']}|.*(?:目标值|量化指标|工作目标|年度目标|预期目标|目标要求)"),
    ("section", r".{0,4}(?:大类|类别|领域|板块|分类|门类|条线)"),
    ("title", rf"{LABELS['title']}|.*(?:任务|事项|内容|项目|工作|要点|大项|小[项类]|指标|名称|条目).*"),
)
_PATTERNS = tuple((name, re.compile(both_scripts(pattern))) for name, pattern in _FIELDS)
# The last ones name tasks as well: where each row has its own, what follows says how it is done.
_OFTEN_TASKS = re.compile(both_scripts(r"事项|重点工作|重点任务"))
_GROUPS = re.compile(both_scripts(r"事项|大项|小类|类[别別]|重点工作|一级.*|重点任务|任务类.*"))
_COUNTED_IN = re.compile(
    r"%|％|‰|[万亿]?[^局厅委办部院会署]|[万亿千百]?(?:美元|公里|平方.{1,3}|立方米|公顷|公斤|人次|个百分点|千瓦时?)"
)
MAX_HEADER = 30


@dataclass(frozen=True)
class Column:
    """What one column holds. ``stage`` of a goal column; ``heads``: persons stand beside the units."""

    field: str
    stage: str = ""
    heads: bool = False


@dataclass(frozen=True)
class _Name:
    """One named cell of a header at its place."""

    place: int
    column: Column
    text: str


def header_column(text: str) -> Column | None:
    """What a column of this name holds; None where the text names no column."""
    name = squeeze(text)
    if name.endswith(("）", ")")):
        name = re.split("[（(]", name, maxsplit=1)[0]
    if not name or len(name) > MAX_HEADER or name[-1] in "。；":
        return None
    for field, pattern in _PATTERNS:
        if found := pattern.fullmatch(name):
            stage = found["stage"].lstrip("第") if field == "stage" else ""
            heads = field in ("lead", "either", "support") and bool(re.search("[负負][责責]人|[责責]任人", name))
            return Column(field, re.sub(r"^([1-4])(?=季)", lambda m: "一二三四"[int(m[1]) - 1], stage), heads)
    return None


def unknown_headers(header: Sequence[str], columns: Sequence[Column | None]) -> list[str]:
    """The names of columns that hold something but that nothing here knows; those columns are not read."""
    used = [place for place, column in enumerate(columns) if column and column.field == "unknown"]
    return [squeeze(text) for text in header if used and text and not header_column(text)]


def is_header(texts: Sequence[str]) -> bool:
    """Whether a row names the columns of a plan: at least a task or a number, and a unit or a leader."""
    named = [column.field for text in texts if text and (column := header_column(text))]
    filled = [text for text in texts if text]
    has_units = any(field in ("lead", "support", "either", "leaders") for field in named)
    has_tasks = any(field in ("title", "no", "measures", "goal") for field in named)
    return has_units and has_tasks and len(named) >= 0.5 * len(filled) and max(map(len, filled)) <= MAX_HEADER + 20


def resolve_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[Column | None, ...]:
    """The columns of the data rows under a header; one whose name is unknown is a column all the same."""
    full = [row for row in rows if sum(map(bool, row)) > 1]
    named = [
        _Name(place, header_column(text) or _unnamed(text, place, full), squeeze(text))
        for place, text in enumerate(header)
        if squeeze(text)
    ]
    width = max((_used_width(row) for row in full), default=len(header))
    profiles = [[row[place] for row in full if place < len(row) and row[place]] for place in range(width)]
    best = max(_alignments(named, width), key=lambda spans: _fit(named, spans, profiles))
    return _settle(named, best, profiles)


def _unnamed(name: str, place: int, rows: Sequence[Sequence[str]]) -> Column:
    """A column whose name says little: 单位 over 亿元 and 公里 is what goals are counted in."""
    texts = [squeeze(row[place]) for row in rows if place < len(row) and row[place]]
    counted = squeeze(name) == "单位" and texts and all(_COUNTED_IN.fullmatch(text) for text in texts)
    return Column("counted" if counted else "unknown")


def _used_width(row: Sequence[str]) -> int:
    return max((place + 1 for place, text in enumerate(row) if text), default=0)


def _alignments(named: Sequence[_Name], width: int) -> Iterator[tuple[int, ...]]:
    """Where each name's columns begin: as printed, then with the spare columns under each name in turn."""
    printed = tuple(name.place for name in named)
    spare = width - len(named)
    if printed[-1] < width or spare < 0:  # fewer columns of data than names: the last ones are empty
        yield printed
    if spare >= 0:
        for wide in range(len(named)):
            yield tuple(place + (spare if place > wide else 0) for place in range(len(named)))


def _fit(named: Sequence[_Name], starts: Sequence[int], profiles: Sequence[Sequence[str]]) -> float:
    """How well contents agree with names, column by column."""
    ends = [*starts[1:], len(profiles)]
    total = 0.0
    for name, start, end in zip(named, starts, ends, strict=True):
        scores = [_suits(name.column.field, profiles[place]) for place in range(start, min(end, len(profiles)))]
        total += max(scores, default=-1.0)
    return total


def _suits(field: str, texts: Sequence[str]) -> float:
    if not texts:
        return 0.0
    share = {
        "no": lambda text: bool(re.fullmatch(r"[★☆*]?\W?\d{1,4}\W?", text)),
        "leaders": lambda text: all(looks_like_person(person) for person in parse_persons(text)),
        "lead": _has_unit,
        "support": _has_unit,
        "either": _has_unit,
        "title": lambda text: len(squeeze(text)) > 6 and not _all_units(text),
    }.get(field)
    return sum(map(share, texts)) / len(texts) if share else 0.2


def _has_unit(text: str) -> bool:
    return any(looks_like_unit(name) for name in re.split(r"[、，,；;\s]+", text) if name)


def _all_units(text: str) -> bool:
    return all(looks_like_unit(name) for name in re.split(r"[、，,；;\s]+", text) if name)


def _settle(
    named: Sequence[_Name], starts: Sequence[int], profiles: Sequence[Sequence[str]]
) -> tuple[Column | None, ...]:
    columns: list[Column | None] = [None] * len(profiles)
    ends = [*starts[1:], len(profiles)]
    for name, start, end in zip(named, starts, ends, strict=True):
        places = range(start, min(end, len(profiles)))
        if name.column.field == "title" and len(places) > 1:
            for place, column in zip(places, _under_title([profiles[p] for p in places]), strict=True):
                columns[place] = column
        else:
            for place in places:
                columns[place] = name.column
    _persons_of_units(columns, [name.text for name in named], starts)
    return _one_title(columns, {name.place: name.text for name in named}, profiles)


def _persons_of_units(columns: list[Column | None], names: Sequence[str], starts: Sequence[int]) -> None:
    """A 责任人 beside a column of leaders, or right after one of units, answers for the unit."""
    fields = [column.field if column else "" for column in columns]
    for name, start in zip(names, starts, strict=True):
        persons = start < len(columns) and fields[start] == "leaders" and re.search("[责責]任人$", name)
        if persons and (fields.count("leaders") > 1 or (start and fields[start - 1] in ("lead", "either"))):
            columns[start] = Column("heads")


def _under_title(profiles: Sequence[Sequence[str]]) -> list[Column]:
    """The columns under one name: the number, the longest text as the task, labels before it."""
    numeric = [_suits("no", texts) > 0.5 for texts in profiles]
    lengths = [0 if numeric[i] else _length(texts) for i, texts in enumerate(profiles)]
    longest = lengths.index(max(lengths))
    return [
        Column("no" if numeric[place] else "title" if place == longest else "group" if place < longest else "measures")
        for place in range(len(profiles))
    ]


def _one_title(
    columns: list[Column | None], names: dict[int, str], profiles: Sequence[Sequence[str]]
) -> tuple[Column | None, ...]:
    """Of several columns of tasks one is the task: those before it that repeat are groups, those after measures."""
    titles = [place for place, column in enumerate(columns) if column and column.field == "title"]
    if len(titles) < 2:
        if not titles:  # a plan of measures or goals alone
            spare = [p for p, column in enumerate(columns) if column and column.field in ("measures", "goal")]
            columns = [Column("title") if p in spare[:1] else column for p, column in enumerate(columns)]
        return tuple(columns)
    numbers = [profiles[p] for p, column in enumerate(columns) if column and column.field == "no"]
    each = bool(numbers) and len(set(numbers[0])) == len(numbers[0])  # every row has a number of its own
    rows = len(numbers[0]) if each else 0
    last = profiles[titles[-1]]
    main = next((p for p in titles if not _is_label(profiles[p], names.get(p, ""), last, rows)), titles[-1])
    for place in titles:
        if place != main:
            columns[place] = Column("group" if place < main else "measures")
    return tuple(columns)


def _is_label(texts: Sequence[str], name: str, last: Sequence[str], numbered: int) -> bool:
    """Whether a column holds labels of groups: named so, or far fewer different texts than the last one.

    Where all rows are ``numbered`` on their own, a column that repeats beside one that does not is enough,
    and one that says something else in each row is none, if its name is also one for tasks.
    """
    different = len(set(texts)) == len(texts)
    if 1 < numbered == len(texts) and different and _OFTEN_TASKS.fullmatch(name):
        return False
    repeats = bool(numbered) and not different and len(set(last)) == len(last)
    return bool(_GROUPS.fullmatch(name)) or repeats or len(set(texts)) < 0.6 * len(set(last))


def _length(texts: Sequence[str]) -> int:
    """How much a column says: each text once, for labels repeat."""
    return sum(len(squeeze(text)) for text in set(texts))
