"""A plan as plain data, and the habits of the office that writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from tests.forms.bodies import Listing, listings
from tests.forms.words import DEADLINES, GROUPS, MEASURES, PERSONS, SECTIONS, Phrase, titles


@dataclass(frozen=True)
class Duty:
    """Who does something.

    ``sort``: both (lead and support), lead, each (several lead, each its part), do (responsible, no lead),
    support, none.
    """

    sort: str = "none"
    lead: Listing = ()
    support: Listing = ()
    open_ended: bool = False


@dataclass(frozen=True)
class Step:
    """One measure with a duty of its own."""

    text: str
    duty: Duty


@dataclass(frozen=True)
class Task:
    """One task as the office thinks of it."""

    title: tuple[Phrase, ...]
    duty: Duty
    measures: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    leaders: tuple[str, ...] = ()
    deadline: str = ""
    nature: str = ""


@dataclass(frozen=True)
class Stretch:
    """Tasks under one heading (``section``) and one below it (``group``); both may be missing."""

    section: str | None
    group: str | None
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Habits:
    """How one office writes, the same all through a document."""

    half: bool = False  # half-width punctuation
    traditional: bool = False  # labels and role verbs in traditional script
    number: str = "{}."  # of a task
    restarts: bool = False  # numbers begin again under each section
    brackets: str = "（）"
    own_line: bool = False  # the clause of units stands on a line of its own
    stop: str = "。"  # closes a title
    drop: bool = True  # level words are left out
    share: bool = True  # places share their ending
    notice: int = 0
    words: int = 0  # which of the synonyms of a label or verb
    shape: int = 0  # which of the layouts that a form allows
    sentences: bool = False  # titles of several sentences
    counted: bool = False  # headings say how many items they hold
    carrier: str = "text"


@dataclass(frozen=True)
class Recipe:
    """What the plans of one form may hold."""

    sorts: str = "both both both lead"
    levels: str = "省市县区"
    kinds: str = "dddddpoag"
    collective: bool = True
    leaders: bool = False
    measures: bool = False
    deadlines: bool = False
    natures: bool = False
    steps: str = ""  # sorts of duties that single measures have
    numbers: tuple[str, ...] = ("{}.", "{}．", "{}、", "（{}）", "({})", "①", "★{}.", "一、", "（一）", "(一)")
    brackets: tuple[str, ...] = ("（）", "()", "〔〕", "[]", "【】")
    carriers: tuple[str, ...] = ("text", "gb18030", "crlf", "airy", "docx", "wrapped", "paged")
    habits: dict[str, st.SearchStrategy[Any]] = field(default_factory=dict)


@st.composite
def duties(draw: st.DrawFn, recipe: Recipe, level: str, sorts: str, leads: int = 1) -> Duty:
    """Who does a task."""
    sort = draw(st.sampled_from(sorts.split()))
    if sort == "none":
        return Duty()
    lead: Listing = ()
    if sort != "support":
        many, closed = (2, recipe.collective) if sort == "do" else (leads, False)
        lead = draw(listings(level, most=many, kinds=recipe.kinds, collective=closed))
    support: Listing = ()
    if sort in ("both", "support"):
        support = draw(listings(level, kinds=recipe.kinds, collective=recipe.collective, taken=lead))
        if draw(st.integers(0, 9)) == 0 and lead and lead[0][0].kind == "department":
            support = (*support, lead[0][:1])  # named in both roles: it leads
        sort = sort if support else "lead"
    if sort == "each" and sum(map(len, lead)) < 2:
        sort = "lead"
    last = (support or lead)[-1][-1]
    opens = last.kind in ("department", "party") and sort not in ("lead", "each") and draw(st.integers(0, 4)) == 0
    return Duty(sort, lead, support, opens)


@st.composite
def tasks(draw: st.DrawFn, recipe: Recipe, level: str) -> Task:
    """One task."""

    def maybe(allowed: bool, values: st.SearchStrategy[Any], nothing: Any) -> Any:
        return draw(values) if allowed and draw(st.booleans()) else nothing

    steps: tuple[Step, ...] = ()
    if recipe.steps:
        texts = draw(st.lists(st.sampled_from(MEASURES), min_size=2, max_size=3, unique=True))
        steps = tuple(Step(text, draw(duties(recipe, level, recipe.steps))) for text in texts)
    return Task(
        draw(titles()),
        draw(duties(recipe, level, recipe.sorts)),
        maybe(recipe.measures, st.lists(st.sampled_from(MEASURES), min_size=1, max_size=3, unique=True).map(tuple), ()),
        steps,
        maybe(recipe.leaders, st.lists(st.sampled_from(PERSONS), min_size=1, max_size=2, unique=True).map(tuple), ()),
        maybe(recipe.deadlines, st.sampled_from(DEADLINES), ""),
        maybe(recipe.natures, st.sampled_from(("预期性", "约束性")), ""),
    )


HEADED = {"一、": (), "（一）": ("section",), "(一)": ("section",)}  # headings that leave room for the task's number


def _idle(listed: list[Task]) -> bool:
    """Whether most tasks of a stretch name no unit (remarks?), or the first does not (does the last speak for all?)."""
    idle = [task.duty.sort == "none" and not task.steps for task in listed]
    return idle[0] or 3 * sum(idle) > len(listed) + 1


@st.composite
def outlines(draw: st.DrawFn, recipe: Recipe, level: str, number: str) -> tuple[Stretch, ...]:
    """Two to six tasks under headings that their numbers leave room for."""
    kinds = HEADED.get(number, ("section", "group"))
    depth = draw(st.integers(0, len(kinds)))
    stretches = []
    sections = draw(st.permutations(SECTIONS))[: draw(st.integers(1, 2))] if depth else [None]
    for section in sections:
        groups = draw(st.permutations(GROUPS))[: draw(st.integers(1, 2))] if depth > 1 else [None]
        for group in groups:
            listed = draw(
                st.lists(
                    tasks(recipe, level),
                    min_size=2 if depth else 4,
                    max_size=4 if depth else 6,
                    unique_by=lambda task: task.title,
                )
            )
            assume(not _idle(listed))
            stretches.append(Stretch(section, group, tuple(listed)))
    return tuple(stretches)


@st.composite
def plans(draw: st.DrawFn, recipe: Recipe) -> tuple[str, tuple[Stretch, ...], Habits]:
    """A level of government, its plan, and the habits of the office."""
    level = draw(st.sampled_from([*recipe.levels])) if recipe.levels else ""
    number = draw(st.sampled_from(recipe.numbers))
    choices: dict[str, st.SearchStrategy[Any]] = {
        "half": st.booleans(),
        "traditional": st.integers(0, 3).map(lambda n: n == 3),
        "restarts": st.booleans(),
        "brackets": st.sampled_from(recipe.brackets),
        "own_line": st.booleans(),
        "stop": st.sampled_from(("。", "")),
        "drop": st.booleans(),
        "share": st.booleans(),
        "notice": st.integers(0, 2),
        "words": st.integers(0, 5),
        "shape": st.integers(0, 3),
        "sentences": st.integers(0, 3).map(lambda n: n == 3),
        "counted": st.booleans(),
        "carrier": st.sampled_from(recipe.carriers),
    } | recipe.habits
    habits = Habits(number=number, **{name: draw(choice) for name, choice in choices.items()})
    return level, draw(outlines(recipe, level, number)), habits
