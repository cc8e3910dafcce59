"""The merge as a state machine: copies, edits, saves, any order of collecting, undo and decisions."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from taskkit.deciding import listed, open_decisions, write_decisions
from taskkit.undoing import undo
from tests.returned_books import filled, ledger_with, sent_file, sent_record, stamped
from tests.returned_steps import HEAD, collected, in_ledger

FORM = {
    "工作进展": """
        | 任务编号 | 序号 | 工作任务 | 本期进展 | 存在问题 |
        | T001     | 1    | 建学校   |          |          |
        | T002     | 2    | 修路     | 上期的话 |          |
    """
}
KEYS = [(row, column) for row in ("T001", "T002") for column in ("本期进展", "存在问题")]
SENT = {("T002", "本期进展"): "上期的话"}
TEXTS = st.sampled_from(["甲", "乙", "丙", "丁"])
CHOICES = ("保留台账", "采用收回", "另写")


@dataclass(frozen=True)
class Copy:
    """A copy of the unit's workbook: what stands in it, and its bytes."""

    texts: dict[tuple[str, str], str]
    data: bytes


class Merging(RuleBasedStateMachine):
    """One unit's workbook in many hands, and the office that takes the copies back."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.ledger = ledger_with(sent_record(FORM))
        self.copies = [Copy(dict(SENT), sent_file(FORM))]
        self.taken: list[Copy] = []  # copies that were collected
        self.settled: dict[tuple[str, str], tuple[str, frozenset[str]]] = {}  # cell -> what stands, what was weighed
        self.written: dict[tuple[str, str], set[str]] = {}  # by the office itself
        self.undone = False

    def teardown(self) -> None:
        for path in self.folder.iterdir():
            path.unlink()
        self.folder.rmdir()

    # --- the unit -----------------------------------------------------------------------

    @rule(
        number=st.integers(0, 9),
        changes=st.dictionaries(st.sampled_from(KEYS), TEXTS, min_size=1, max_size=3),
        minute=st.one_of(st.none(), st.integers(1, 5)),
    )
    def edit(self, number, changes, minute):
        """Somebody goes on with one of the copies; it says when it was saved, or not."""
        origin = self.copies[number % len(self.copies)]
        rows = "\n".join(f"| {row} | {column} | {text} |" for (row, column), text in changes.items())
        data = filled(f"{HEAD}{rows}", origin.data)
        saved = stamped(data, f"2026-04-08T09:{minute:02d}:00Z") if minute else data
        self.copies.append(Copy({**origin.texts, **changes}, saved))

    # --- the office ---------------------------------------------------------------------

    @rule(number=st.integers(0, 9))
    def collect(self, number):
        copy = self.copies[number % len(self.copies)]
        before = in_ledger(self.ledger)
        result = collected(self.ledger, self.folder, copy.data)
        told = {
            (task, column): outcome
            for task, column, outcome in result.cells[["task_id", "column", "outcome"]].itertuples(index=False)
        }
        after = in_ledger(self.ledger)
        for key in KEYS:
            changed = told.get(key) == "changed" and result.files["outcome"].iloc[0] == "accepted"
            assert after.get(key) == (copy.texts[key] if changed else before.get(key)), "taken exactly as it was told"
        if copy in self.taken and not self.undone:
            for key, (value, weighed) in self.settled.items():
                assert value == after.get(key, SENT.get(key, "")), "a decision sticks when old copies come again"
                assert copy.texts.get(key) not in weighed or key not in told, "what was weighed is not asked again"
        self.settled = {key: each for key, each in self.settled.items() if told.get(key) != "changed"}
        self.taken.append(copy)
        assert all(self.known(key, text) for key, text in copy.texts.items()), "nothing typed is lost"

    def known(self, key: tuple[str, str], text: str) -> bool:
        """Whether a typed text is in the ledger's history, waits for a person, was decided on, or was sent."""
        said = {each.value for each in self.ledger.past_values("云溪", key[0]) if each.column == key[1]}
        matters = {each.matter.returned for each in self.ledger.kept_matters("云溪") if each.matter.key == key}
        return text in {SENT.get(key, ""), *said, *matters}

    @precondition(lambda self: bool(listed(self.ledger, "云溪")))
    @rule(choices=st.lists(st.sampled_from((*CHOICES, "")), min_size=1, max_size=4))
    def decide(self, choices):
        matters = listed(self.ledger, "云溪")
        path = self.folder / "待决定.xlsx"
        path.unlink(missing_ok=True)
        write_decisions(self.ledger, "云溪", matters, path)
        book = openpyxl.load_workbook(path)
        moved: set[tuple[str, str]] = set()
        picked = []
        for number, (each, choice) in enumerate(zip(matters, choices, strict=False)):
            key = each.kept.matter.key
            word = "保留台账" if choice and key in moved else choice
            moved |= {key} if word in CHOICES[1:] else set()
            text = f"办公室的话{number}" if word == "另写" else None
            book["待决定"].cell(number + 4, 12).value = word or None
            book["待决定"].cell(number + 4, 13).value = text
            if word:
                picked.append((each, word, text))
        book.save(path)
        file = open_decisions(path)
        assert file is not None
        loaded = file.load(self.ledger, "云溪")
        assert len(picked) == loaded.decided
        after = in_ledger(self.ledger)
        for each, word, text in picked:
            key, returned = each.kept.matter.key, each.kept.matter.returned
            value = {"保留台账": each.current, "采用收回": returned, "另写": text}[word]
            if word != "保留台账" or key not in moved:
                assert value == after.get(key, SENT.get(key, ""))
            stands = after.get(key, SENT.get(key, ""))
            _, weighed = self.settled.get(key, ("", frozenset()))
            self.settled[key] = stands, weighed | {returned, each.current}
            if text:
                self.written.setdefault(key, set()).add(text)
        assert loaded.decided == file.load(self.ledger, "云溪").known, "the same again changes nothing"

    @precondition(lambda self: not self.ledger.submissions("云溪").empty)
    @rule(number=st.integers(0, 9))
    def withdraw(self, number):
        standing = list(self.ledger.submissions("云溪")["submission"])
        before = in_ledger(self.ledger)
        undone = undo(self.ledger, int(standing[number % len(standing)]))
        after = in_ledger(self.ledger)
        differ = {key: (before[key], after.get(key)) for key in before if before[key] != after.get(key)}
        assert differ == undone.cells, "an undo changes what it says"
        self.settled, self.undone = {}, True

    @invariant()
    def nothing_slips_in(self):
        for key, text in in_ledger(self.ledger).items():
            typed = {copy.texts.get(key) for copy in self.taken} | self.written.get(key, set())
            assert text in typed

    @invariant()
    def what_waits_is_not_what_stands(self):
        for each in listed(self.ledger, "云溪"):
            assert each.current != each.kept.matter.returned


TestMerging = Merging.TestCase
TestMerging.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
