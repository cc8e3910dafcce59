"""Checks of a plan that was read: what it says of itself against what was read, and what looks odd."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from taskkit.findings import Finding, finding
from taskkit.plan import Plan, records
from taskkit.text import depth_at_end, fold, pairs, parse_numeral, sentences, squeeze
from taskkit.unit_names import looks_like_unit
from taskkit.unit_words import spelled_out

if TYPE_CHECKING:
    from collections.abc import Callable

Record = dict[str, Any]
_STATED = re.compile(r"(?:共|合计|总计|分解为|细化为|梳理出)[^。；;\d]{0,12}?(?:\d+[\u4e00-\u9fff]{1,3}[、，,]?)+")
_COUNT = re.compile(r"(?<!\d)(\d{1,6})(大类|类|大项|小项|项|件|条)")
_HEADING_COUNT = re.compile(r"(?<!\d)(\d{1,6})(大项|小项|项|件|条)[）)]?$")
_HEADING_NUMBER = re.compile(r"[（(]?([一二三四五六七八九十]{1,3})(?:[）)]|、)")
_CUT = re.compile(r"[（(〔\[【][^）)〕\]】]*$|[、，,；;：:]$|^[）)、，]")
_VAGUE = re.compile(r"^(?:相关|有关|其他)|(?:相关|有关)(?:单位|部门|镇|乡|街道|市|县|区)")


LONGEST = 40  # a name longer than this is cut or run together, and no near one is looked for
_MAX_HEADING = 80
MANY = 10  # so many findings of one kind are better said once


@dataclass(frozen=True)
class _Facts:
    """The plan as plain rows, made once for all checks."""

    tasks: list[Record]
    assignments: list[Record]
    texts: tuple[str, ...]
    shared: frozenset[str] = frozenset()  # tasks whose printed number covers the one before too
    tables: str = ""  # how tables were read: "all", "annex" (paragraphs before them) or ""

    @property
    def by_task(self) -> dict[str, list[Record]]:
        rows: dict[str, list[Record]] = defaultdict(list)
        for row in self.assignments:
            rows[row["task_id"]].append(row)
        return rows

    @property
    def parts(self) -> dict[str, list[Record]]:
        rows: dict[str, list[Record]] = defaultdict(list)
        for task in self.tasks:
            rows[task["part"]].append(task)
        return rows


def check_plan(plan: Plan, texts: Sequence[str] = (), shared: Iterable[str] = ()) -> list[Finding]:
    """All doubts about a plan.

    ``texts`` are the paragraphs of its document, for the counts that it states; ``shared`` are the
    tasks whose number is one merged cell with the task before.
    """
    kinds = plan.info.dialect.split("+")
    tables = "" if "table" not in kinds else "all" if len(kinds) == 1 else "annex"
    tasks, assignments = records("tasks", plan.tasks), records("assignments", plan.assignments)
    facts = _Facts(tasks, assignments, tuple(texts), frozenset(shared), tables)
    return [found for check in _CHECKS for found in check(facts)]


def _units(facts: _Facts) -> Iterator[Finding]:
    by_task = facts.by_task
    for task in facts.tasks:
        rows = by_task.get(task["task_id"], [])
        place = {"source": task["source"], "task_id": task["task_id"]}
        if not rows:
            yield finding("no-units", title=short(task), **place)
        elif all(row["role"] == "support" for row in rows):
            yield finding("no-lead", title=short(task), **place)


def _titles(facts: _Facts) -> Iterator[Finding]:
    for task in facts.tasks:
        if not task["title"] and not task["measures"]:
            yield finding("no-text", source=task["source"], task_id=task["task_id"])
    missing = [task for task in facts.tasks if not task["title"] and task["measures"]]
    if len(missing) > MANY:
        yield finding("titles-missing", count=len(missing), source=missing[0]["source"])
        return
    for task in missing:
        yield finding("no-title", text=short(task), source=task["source"], task_id=task["task_id"])


def _names(facts: _Facts) -> Iterator[Finding]:
    sources = {task["task_id"]: task["source"] for task in facts.tasks}
    seen: set[str] = set()
    for row in facts.assignments:
        name = row["unit"]
        if name not in seen and not row["collective"] and (_CUT.search(name) or _odd(name)):
            yield finding("name-cut", unit=name, source=sources[row["task_id"]], task_id=row["task_id"])
        seen.add(name)


def _odd(name: str) -> bool:
    return depth_at_end(name) > 0 or len(name) > LONGEST or not (looks_like_unit(name) or name.endswith(("科", "股")))


def _near_names(facts: _Facts) -> Iterator[Finding]:
    names = Counter(row["unit"] for row in facts.assignments if not row["collective"])
    first: dict[str, Record] = {}
    for row in facts.assignments:
        first.setdefault(row["unit"], row)
    sources = {task["task_id"]: task["source"] for task in facts.tasks}
    for rarer, usual in near_names(names):
        row = first[rarer]
        yield finding("name-near", unit=rarer, other=usual, source=sources[row["task_id"]], task_id=row["task_id"])


def near_names(counted: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Names that differ by one character more or less (管委会 of 工业园, of 工业园区), by 和, or by a short form.

    Of each pair the rarer one stands first.
    """
    counts = {name: number for name, number in counted.items() if len(name) <= LONGEST}
    spelled: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        for place in range(len(name)):
            spelled[name[:place] + name[place + 1 :]].append(name)
    near = {(name, other) for name in counts for other in spelled.get(name, ()) if _same_body(name, other)}
    few = [group for group in spelled.values() if len(group) <= MANY]
    near |= {(a, b) for group in few for a in group for b in group if a < b and _swapped(a, b)}
    full: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        full[spelled_out(name)].append(name)
    near |= {(group[0], other) for group in full.values() for other in group[1:]}
    for pair in sorted({(min(pair), max(pair)) for pair in near}):
        rarer, usual = sorted(pair, key=lambda name: (counts[name], name))
        yield rarer, usual


def _same_body(short_name: str, long_name: str) -> bool:
    """Whether one character more still names the same body: not a level word, a number, or a direction."""
    place = next((i for i, (a, b) in enumerate(zip(short_name, long_name, strict=False)) if a != b), len(short_name))
    extra = long_name[place]
    return len(short_name) >= 5 and place > 0 and extra not in "省市县一二三四五六七八九十东西南北中上下总副"


def _swapped(one: str, other: str) -> bool:
    """Whether two names hold the same characters in another order (县委编办, 县编委办)."""
    return len(one) == len(other) >= 4 and sorted(one) == sorted(other)


def _vague(facts: _Facts) -> Iterator[Finding]:
    sources = {task["task_id"]: task["source"] for task in facts.tasks}
    first: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for row in facts.assignments:
        if row["collective"] and _VAGUE.search(row["unit"]):
            counts[row["unit"]] += 1
            first.setdefault(row["unit"], sources[row["task_id"]])
    for name, count in counts.items():
        yield finding("vague-collective", unit=name, count=count, source=first[name])


def _numbers(facts: _Facts) -> Iterator[Finding]:
    for tasks in facts.parts.values():
        numbered = [task for task in tasks if task["no"] is not None]
        if len(numbered) < len(tasks) / 2:
            continue
        numbered = [task for task in numbered if task["task_id"] not in facts.shared]
        runs_on = not any(b["no"] < a["no"] for a, b in pairwise(numbered))
        for before, after in pairwise(numbered):
            if after["no"] > before["no"] + 1 and (runs_on or after["section"] == before["section"]):
                place = {"source": after["source"], "task_id": after["task_id"]}
                yield finding("number-jump", before=before["no"], after=after["no"], **place)
        restarts = any(after["no"] < before["no"] for before, after in pairwise(numbered))
        counts = Counter(task["no"] for task in numbered)
        for task in numbered:
            if counts[task["no"]] > 1 and not restarts:
                place = {"source": task["source"], "task_id": task["task_id"]}
                yield finding("number-repeated", number=task["no"], count=counts.pop(task["no"]), **place)
                counts[task["no"]] = 0


def _missing(facts: _Facts) -> Iterator[Finding]:
    """Tasks that printed numbers say there are, but that were not read; gaps between numbers are _numbers'."""
    for tasks in facts.parts.values():
        numbered = [(place, task) for place, task in enumerate(tasks) if task["no"] is not None]
        if any(b["no"] <= a["no"] for (_, a), (_, b) in pairwise(numbered)):
            continue
        sparse = len(numbered) < len(tasks) / 2
        last_place, last_no = -1, 0
        for place, task in numbered:
            want, have = task["no"] - last_no - 1, place - last_place - 1
            if want > have and (sparse or last_place < 0):
                place_of = {"source": task["source"], "task_id": task["task_id"]}
                yield finding(
                    "tasks-missing",
                    number=task["no"],
                    want=task["no"] - 1,
                    have=task["no"] - 1 - want + have,
                    **place_of,
                )
            last_place, last_no = place, task["no"]


def _headings(facts: _Facts) -> Iterator[Finding]:
    """Numbers of headings (一、 二、; within each the （一） （二）) that are left out: a heading was lost."""
    printed = {_mark_of(text) for text in facts.texts if len(text) <= _MAX_HEADING and "。" not in text}
    for tasks in facts.parts.values():
        yield from _left_out([task for task in tasks if task["section"]], "section", printed)
        sections: dict[str | None, list[Record]] = defaultdict(list)
        for task in tasks:
            if task["group"]:
                sections[task["section"]].append(task)
        for rows in sections.values():
            yield from _left_out(rows, "group", printed)


def _mark_of(text: str) -> str:
    found = _HEADING_NUMBER.match(squeeze(text[:_MAX_HEADING]))
    return fold(found[0]) if found else ""


def _left_out(tasks: Sequence[Record], key: str, printed: Collection[str]) -> Iterator[Finding]:
    """``printed`` are the numbers of all headings of the document, for some have no tasks (一、总体要求)."""
    first = {task[key]: task for task in reversed(tasks)}
    marked = [(_HEADING_NUMBER.match(label), first[label]) for label in dict.fromkeys(task[key] for task in tasks)]
    numbers = [(parse_numeral(found[1]) or 0, found[0], task) for found, task in marked if found]
    if len(numbers) < 2 or any(b <= a for (a, *_), (b, *_) in pairwise(numbers)):
        return
    last = 0
    for number, mark, task in numbers:
        marks = [_renumbered(mark, each) for each in range(last + 1, number)]
        if missing := "”“".join(each for each in marks if fold(each) not in printed):
            place = {"source": task["source"], "task_id": task["task_id"]}
            yield finding("heading-missing", missing=missing, where=f"下一个是“{short_text(task[key])}”", **place)
        last = number


def _renumbered(mark: str, number: int) -> str:
    digits = "零一二三四五六七八九十"
    word = digits[number] if number <= 10 else f"十{digits[number - 10]}" if number < 20 else str(number)
    return re.sub("[一二三四五六七八九十]+", word, mark)


def _repeated_measures(facts: _Facts) -> Iterator[Finding]:
    for task in facts.tasks:
        counts = Counter(sentence for sentence in sentences(task["measures"] or "") if len(sentence) > 8)
        for sentence, count in counts.items():
            if count > 1:
                place = {"source": task["source"], "task_id": task["task_id"]}
                yield finding("measure-repeated", text=short_text(sentence), **place)


def _counts(facts: _Facts) -> Iterator[Finding]:
    """Counts that the notice states (8大类、28大项、127小项; 共101项) against what was read."""
    main = facts.parts.get("main", [])
    sections = {task["section"] for task in main if task["section"]}
    groups = {(task["section"], task["group"]) for task in main if task["group"]}
    read = {"大类": len(sections), "类": len(sections), "大项": len(groups)}
    headings = {squeeze(name) for name in sections | {group for _, group in groups}}  # they count their own tasks
    for text in facts.texts:
        if len(squeeze(text)) > 1000 or squeeze(text) in headings:
            continue
        for stated in _STATED.findall(squeeze(text)):
            for number, word in _COUNT.findall(stated):
                have = read.get(word, len(main))
                if have and int(number) != have:
                    yield finding("count-differs", stated=number, word=word, read=have)


def _heading_counts(facts: _Facts) -> Iterator[Finding]:
    """Counts in headings (共4大项; 13项) against what was read under them."""
    tasks: dict[str, list[Record]] = defaultdict(list)
    for task in facts.parts.get("main", []):
        if task["section"]:
            tasks[task["section"]].append(task)
    for section, rows in tasks.items():
        found = _HEADING_COUNT.search(section)
        if not found:
            continue
        have = len({row["group"] for row in rows}) if found[2] == "大项" else len(rows)
        if int(found[1]) != have:
            yield finding("count-differs", stated=found[1], word=found[2], read=have, source=rows[0]["source"])


def _low_labels(facts: _Facts) -> Iterator[Finding]:
    """A row before a new label that agrees with the row after it, in people and in words."""
    by_task = facts.by_task
    for part, tasks in facts.parts.items():
        if not (facts.tables == "all" or (facts.tables == "annex" and part != "main")):
            continue
        groups = _Groups(tasks, by_task)
        for task, after in pairwise(tasks):
            if not task["group"] or not after["group"] or task["group"] == after["group"]:
                continue
            if task["section"] == after["section"] and groups.fits_next(task, after):
                place_of = {"source": task["source"], "task_id": task["task_id"]}
                yield finding("label-low", title=short(task), group=task["group"], next=after["group"], **place_of)


class _Groups:
    """Who leads in which group of a part: persons and units by task, and the groups of each."""

    def __init__(self, tasks: Sequence[Record], by_task: dict[str, list[Record]]) -> None:
        self.leads: dict[str, set[str]] = {}
        self.size: Counter[str] = Counter(task["group"] for task in tasks)
        self.people_of: dict[str, Counter[str]] = defaultdict(Counter)  # group -> persons
        self.leads_of: dict[str, Counter[str]] = defaultdict(Counter)  # group -> leading units
        self.groups_of: dict[str, set[str]] = defaultdict(set)  # leading unit -> groups
        for task in tasks:
            group, rows = task["group"], by_task.get(task["task_id"], ())
            self.leads[task["task_id"]] = own = {row["unit"] for row in rows if row["role"] == "lead"}
            self.people_of[group].update(set(task["leaders"]))
            self.leads_of[group].update(own)
            for unit in own:
                self.groups_of[unit].add(group)

    def fits_next(self, task: Record, after: Record) -> bool:
        """Of people, leading units and words two must agree; a unit that leads in other groups too says nothing."""
        group, own = task["group"], self.leads[task["task_id"]]
        if self.size[group] < 2:
            return False
        both = {group, after["group"]}
        shared = {unit for unit in own & self.leads[after["task_id"]] if self.groups_of[unit] <= both}
        persons = set(task["leaders"])
        people = bool(persons & set(after["leaders"])) and all(self.people_of[group][name] == 1 for name in persons)
        units = bool(shared) and all(self.leads_of[group][unit] == 1 for unit in own)
        words = _shared(task["title"], after["group"]) > _shared(task["title"], group)
        return sum((people, units, words)) >= 2


def _shared(text: str | None, label: str) -> int:
    return len(set(pairs(fold(text or ""))) & set(pairs(fold(label))))


def _repeated(facts: _Facts) -> Iterator[Finding]:
    seen: dict[str, Record] = {}
    for task in facts.tasks:
        key = fold(f"{task['title'] or ''}|{task['measures'] or ''}")
        if key in seen and len(key) > 8:
            place = {"source": task["source"], "task_id": task["task_id"]}
            yield finding("text-repeated", title=short(task), other=seen[key]["source"], **place)
        seen.setdefault(key, task)


def short(task: Record) -> str:
    """The first words of a task, for a message."""
    return short_text(str(task["title"] or task["measures"] or task["source"]))


def short_text(text: str) -> str:
    """The first words of a text, for a message."""
    return text if len(text) <= 20 else f"{text[:20]}…"


_CHECKS: tuple[Callable[[_Facts], Iterator[Finding]], ...] = (
    _units,
    _titles,
    _names,
    _near_names,
    _vague,
    _numbers,
    _missing,
    _headings,
    _counts,
    _heading_counts,
    _low_labels,
    _repeated,
    _repeated_measures,
)

__all__ = ["check_plan", "near_names", "short"]
