"""A task of numbered paragraphs while its lines come in, and the row that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from taskkit.dialects.lines import run_in
from taskkit.dialects.rows import ClauseText, Step, TaskRow
from taskkit.text import compact


@dataclass
class Draft:
    """A task while its lines come in."""

    place: str
    block: int
    no: int | None = None
    section: str | None = None
    group: str | None = None
    title: list[str] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    clauses: list[ClauseText] = field(default_factory=list)
    leaders: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    deadline: str | None = None
    goals: list[tuple[str, str]] = field(default_factory=list)
    lists: list[tuple[int, str, ClauseText]] = field(default_factory=list)  # see _restored
    labels: set[str] = field(default_factory=set)
    headed: bool = False  # its number is that of a heading, its title no sentence: what follows is its text
    above: bool = False  # its number is of a style outside that of the tasks
    own: bool = False  # names its leaders itself, on a line of their own
    step_labels: set[str] = field(default_factory=set)  # labels of units that follow its last step
    used: set[int] = field(default_factory=set)
    region: int = 0
    lead: str = ""  # the sentence in bold that it begins with
    field: str = "title"

    @property
    def bears(self) -> bool:
        return bool(self.clauses or any(step.clauses for step in self.steps))

    def row(self) -> TaskRow:
        self._restored()
        title, rest = run_in(compact("".join(self.title)) or None, self.lead)
        measures = compact("".join([rest, *self.measures])) or None
        if not self.clauses and len(self.steps) > 1 and not any(step.clauses for step in self.steps[:-1]):
            # units after the last of several steps, where no other names any, are those of the task
            self.clauses, self.steps[-1] = list(self.steps[-1].clauses), replace(self.steps[-1], clauses=())
        return TaskRow(
            place=self.place,
            block=self.block,
            title=title,
            measures=measures,
            no=self.no,
            section=self.section,
            group=self.group,
            leaders=tuple(self.leaders),
            heads=tuple(self.heads),
            clauses=tuple(self.clauses),
            steps=tuple(self.steps) if any(step.clauses for step in self.steps) else (),
            deadline=self.deadline,
            goals=tuple(self.goals),
            shares_no=self.above,
        )

    def _restored(self) -> None:
        """Put lists in brackets in the midst of the title (县一中、县二中) back where a label names who answers."""
        if self.labels & {"lead", "either"}:
            for place, text, clause in self.lists:
                self.title[place] = text
                self.clauses.remove(clause)
