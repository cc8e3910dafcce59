"""A conflicts workbook that came back: each row checked against the ledger, then all decisions kept at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from taskkit.columns import Column
from taskkit.deciding.columns import FORM, OTHER, TAKE, TITLE, WORDS, mark_of
from taskkit.entries import CellKey, Holdings, Seen
from taskkit.findings import Finding
from taskkit.ledger import Ledger
from taskkit.merge import canonical
from taskkit.office.sheets import BookData
from taskkit.returned import column_of
from taskkit.rules.filled import known_of
from taskkit.rules.values import judge
from taskkit.settings import State
from taskkit.sheet_forms.grid import Line, lines_of
from taskkit.stores.matters import KEEP, Decision, KeptMatter, OpenMatter, Owner, weighed

_MARK = re.compile(r"(\d{1,9})-[0-9a-f]{8}-[0-9a-f]{8}")
_LABELS = {key: words[0] for key, words in WORDS.items()}


@dataclass
class Taking:
    """What a conflicts workbook says: new decisions, how many are known, how many rows stay open, what is wrong.

    ``seen`` is what the rows were checked against.
    """

    decisions: list[Decision] = field(default_factory=list)
    known: int = 0
    undecided: int = 0
    findings: list[Finding] = field(default_factory=list)
    seen: dict[Owner, Seen] = field(default_factory=dict)


def take(book: BookData, ledger: Ledger, name: str, states: Sequence[State]) -> Taking:
    """Read the rows of a conflicts workbook and check them against the ledger."""
    taking = Taking()
    taker = _Taker(ledger, name, states, taking)
    form = replace(FORM, book=book.name)
    for line in lines_of(book, form, taking.findings, (TITLE,)) or ():
        taker.row(line)
    return taking


@dataclass
class _Taker:
    """Checks one row after the other against what the ledger holds."""

    ledger: Ledger
    name: str
    states: Sequence[State]
    taking: Taking
    _moved: dict[tuple[Owner, CellKey], tuple[str, int]] = field(default_factory=dict)
    _held: dict[Owner, Holdings] = field(default_factory=dict)
    _sheets: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.matters = {each.number: each for each in self.ledger.kept_matters(self.name)}
        self.known = known_of(self.ledger.plan(self.name), self.states)

    def row(self, line: Line) -> None:
        """Add what a row decides, or say what is wrong with it."""
        choice, typed, mark = line.word("choice", WORDS), line.text("text"), line.text("mark") or ""
        matter = self._matter(mark)
        if choice is None:
            if typed and line.text("choice") is None:
                line.tell("decision-missing", "choice")
            self.taking.undecided += matter is not None and matter.waits
        elif matter is None:
            line.tell("matter-unknown", "mark")
        elif choice == OTHER and not typed:
            line.tell("decision-blank", "text")
        elif matter.kept.decision is not None:
            self._decided(line, matter.kept, choice, typed)
        elif choice == TAKE and matter.current == matter.kept.matter.returned:
            self.taking.known += 1  # a later return brought it meanwhile
        elif mark != mark_of(matter):
            line.tell("matter-moved", "current", value=matter.current or "空白")
        else:
            self._decide(line, matter, choice, typed)

    def _matter(self, mark: str) -> OpenMatter | None:
        """The matter that a row is marked with, and what the ledger holds now; None for one that is not ours."""
        found = _MARK.fullmatch(mark)
        kept = self.matters.get(int(found[1])) if found else None
        if kept is None:
            return None
        if kept.owner not in self._held:
            self._held[kept.owner] = self.ledger.holdings(self.name, *kept.owner)
            self.taking.seen[kept.owner] = self._held[kept.owner].seen
        matter = weighed(kept, self._held[kept.owner])
        return matter if mark_of(matter).split("-")[1] == mark.split("-")[1] else None

    def _decided(self, line: Line, kept: KeptMatter, choice: str, typed: str | None) -> None:
        """A row that was decided before: no news, or something else."""
        same = choice == kept.choice and (choice != OTHER or self._canonical(kept, typed or "") == kept.value)
        if same:
            self.taking.known += 1
        else:
            line.tell("matter-decided", "choice", number=kept.decision, choice=_LABELS.get(kept.choice, kept.choice))

    def _decide(self, line: Line, matter: OpenMatter, choice: str, typed: str | None) -> None:
        kept, current = matter.kept, matter.current
        value = {KEEP: current, TAKE: kept.matter.returned}.get(choice, typed or "")
        if choice != KEEP and value:
            judged = judge(
                self._column(kept), self._canonical(kept, value), self.known, self.known.aim(kept.matter.row_id)
            )
            if judged.code:
                line.tell(judged.code, "text" if choice == OTHER else "returned", **judged.words)
            if not judged.valid:
                return
            value = judged.value
        cell = (kept.owner, kept.matter.key)
        before, number = self._moved.get(cell, (value, line.number))
        if value != current and before != value:
            line.tell("decision-twice", "choice", row=number)
            return
        if value != current:
            self._moved[cell] = (value, line.number)
        decided_by = line.text("decided_by") or ""
        self.taking.decisions.append(Decision(kept, choice, current, value, decided_by, matter.held is not None))

    def _canonical(self, kept: KeptMatter, text: str) -> str:
        return canonical(text, self._column(kept).kind)

    def _column(self, kept: KeptMatter) -> Column:
        if kept.workbook not in self._sheets:
            sent = self.ledger.workbook(kept.workbook)
            self._sheets[kept.workbook] = {cell.row_id: cell.sheet for cell in sent.cells} if sent else {}
        return column_of(self._sheets[kept.workbook].get(kept.matter.row_id, ""), kept.matter.column)
