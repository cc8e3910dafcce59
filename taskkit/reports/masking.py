"""What stands in texts and is not for everybody: phone numbers, and persons that the ledger knows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from taskkit.assess import says_nothing
from taskkit.columns import COLUMNS
from taskkit.ledger import Ledger
from taskkit.plan_index import PlanIndex

_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|(?:\(?0\d{2,3}\)?[-— ]?)\d{7,8})(?!\d)")
_PEOPLE = ("unit_leader", "handler", "reporter", "reviewer")
_NO_NAMES = frozenset({"待定", "未定", "空缺", "暂缺", "同上", "办公室"})  # what clerks write in the place of a name


@dataclass(frozen=True)
class Mask:
    """Takes phone numbers and the names of persons of the units out of a text; leaders of tasks stay."""

    names: re.Pattern[str] | None

    @classmethod
    def read(cls, ledger: Ledger, name: str, index: PlanIndex) -> Mask:
        """The mask of a plan: the persons whom its units named, and those of the lists."""
        headers = {COLUMNS[key].header for key in _PEOPLE}
        frame = ledger.values(name)
        said = frame[frame["column"].isin(headers)]["value"].dropna()
        named = {part for text in said for part in re.split(r"[、，,\s/]+", str(text)) if 2 <= len(part) <= 4}
        named |= {entry.contact for entry in index.roster.unit_entries if len(entry.contact) > 1}
        named |= {entry.secretary for entry in index.roster.leader_entries if len(entry.secretary) > 1}
        named = {each for each in named if not says_nothing(each)} - _NO_NAMES
        named -= {leader for task in index.tasks.values() for leader in task["leaders"]}
        found = "|".join(map(re.escape, sorted(named, key=len, reverse=True)))
        return cls(re.compile(found) if found else None)

    def __call__(self, text: str) -> str:
        text = _PHONE.sub("（电话略）", text)
        return self.names.sub("某同志", text) if self.names else text
