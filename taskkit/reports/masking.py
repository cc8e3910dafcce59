"""What stands in texts and is not for everybody: phone numbers, and persons that the ledger knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from taskkit.assess import says_nothing
from taskkit.columns import COLUMNS
from taskkit.ledger import Ledger
from taskkit.plan_index import PlanIndex

_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|(?:\(?0\d{2,3}\)?[-— ]?)\d{7,8})(?!\d)")
_NO_NAMES = frozenset({"待定", "未定", "空缺", "暂缺", "同上"})  # what clerks write in the place of a name
_OFFICES = tuple("室科股处局部办委")  # or the office instead of the person
_PEOPLE = ("unit_leader", "handler", "reporter", "reviewer")
_PRINTED = ("section", "group", "title", "measures")  # of a task: it was issued to everybody
T = TypeVar("T")


@dataclass(frozen=True)
class Mask:
    """Takes phone numbers and the names of persons of the units out of a text; leaders of tasks stay.

    So does whatever the plan itself prints, even where somebody bears the same name.
    """

    names: re.Pattern[str] | None

    @classmethod
    def read(cls, ledger: Ledger, name: str, index: PlanIndex, *, unit_leaders: bool = False) -> Mask:
        """The mask of a plan: the persons whom its units named, and those of the lists.

        ``unit_leaders``: whether 单位分管负责人 stay.
        """
        headers = {key: COLUMNS[key].header for key in _PEOPLE}
        frame = ledger.values(name)

        def named(*keys: str) -> set[str]:
            said = frame[frame["column"].isin([headers[key] for key in keys])]["value"].dropna()
            return {part for text in said for part in re.split(r"[、，,；;\s/]+", str(text)) if 2 <= len(part) <= 4}

        found = named(*_PEOPLE)
        found |= {entry.contact for entry in index.roster.unit_entries if len(entry.contact) > 1}
        found |= {entry.secretary for entry in index.roster.leader_entries if len(entry.secretary) > 1}
        found = {each for each in found if not (says_nothing(each) or each.endswith(_OFFICES))} - _NO_NAMES
        found -= {leader for task in index.tasks.values() for leader in task["leaders"]}
        found -= named("unit_leader") if unit_leaders else set()
        printed = _printed(index)
        pattern = "|".join(re.escape(each) for each in sorted(found, key=len, reverse=True) if each not in printed)
        return cls(re.compile(pattern) if pattern else None)

    def __call__(self, text: str) -> str:
        text = _PHONE.sub("（电话略）", text)
        return self.names.sub("某同志", text) if self.names else text

    def all(self, content: T) -> T:
        """A report in which every text is masked, whatever it stands in, so that none is forgotten."""
        masked: T = self._within(content)
        return masked

    def _within(self, value: Any) -> Any:
        if isinstance(value, str):
            return self(value)
        if isinstance(value, (tuple, list)):
            return type(value)(map(self._within, value))
        if isinstance(value, Mapping):
            return {key: self._within(each) for key, each in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{each.name: self._within(getattr(value, each.name)) for each in fields(value)})
        return value


def _printed(index: PlanIndex) -> str:
    """What the plan prints: its title, its tasks and its units."""
    texts = [index.info.title, index.info.issuer, *index.order]
    texts += [task[key] for task in index.tasks.values() for key in _PRINTED]
    return "\n".join(text for text in texts if text)
