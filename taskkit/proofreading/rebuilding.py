"""What the texts of cells mean as rows of a plan: units, measures, leaders.

Used when the workbook is read back, and when it is written: what these functions would not make
again is what has to be kept beside (see kept.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from taskkit.measures import measure, split_measures
from taskkit.text import depth_at_end, split_top, squeeze
from taskkit.units import Role, Unit, is_collective, parse_persons, ranked

Record = dict[str, Any]
_SEPARATORS = "、，,；;\n\t \u3000\xa0"
_NUMBER = re.compile(r"^(?:[（(]\d{1,2}[)）]|[①-⑳]|\d{1,2}[.．、](?!\d))\s*")
_ENDED = re.compile(r"等(?:单位|部门)?$")


@dataclass(frozen=True)
class UnitCells:
    """The unit cells of one task, or of one of its measures."""

    lead: str | None
    support: str | None
    measure_no: int | None = None


def split_units(text: str | None) -> tuple[list[str], bool]:
    """The units in a cell, in order, and whether the list ends in 等.

    People set them apart by 、 ， ; by spaces or line breaks; what stands in brackets stays together.
    """
    whole = (text or "").strip()
    ended = bool(_ENDED.search(whole)) and len(whole) > 1
    whole = _ENDED.sub("", whole) if ended else whole
    parts = re.split(f"[{_SEPARATORS}]", whole) if depth_at_end(whole) else split_top(whole, _SEPARATORS)
    return [name for part in parts if (name := squeeze(part).strip("。.:："))], ended


def units_of(cells: Iterable[UnitCells]) -> list[Record]:
    """The assignments that the unit cells of one task say, each unit printed as it stands there."""
    rows: list[Record] = []
    for each in cells:
        named: list[Unit] = []
        pairs: tuple[tuple[Role, str | None], ...] = (("lead", each.lead), ("support", each.support))
        for role, text in pairs:
            named += [Unit(name, role, collective=is_collective(name), raw=name) for name in split_units(text)[0]]
        rows += [
            {
                "measure_no": each.measure_no,
                "unit": unit.name,
                "role": unit.role,
                "rank": unit.rank,
                "collective": unit.collective,
                "heads": [],
                "raw": unit.raw,
            }
            for unit in ranked(named)
        ]
    return rows


def unit_texts(cells: Iterable[UnitCells]) -> list[str | None]:
    """The texts that the fingerprint of a task's units is made of."""
    return [text for each in cells for text in (str(each.measure_no or ""), each.lead, each.support)]


def both_roles(cells: UnitCells) -> list[str]:
    """The units that stand in both cells; they lead."""
    leads = split_units(cells.lead)[0]
    return [name for name in dict.fromkeys(split_units(cells.support)[0]) if name in leads]


def with_old(rows: Iterable[Record], old: Sequence[Record]) -> list[Record]:
    """Rows of units with the persons and the print of those that were there before, whatever their role was."""
    known = {row["unit"]: row for row in old}
    return [
        {**row, **{key: known[row["unit"]][key] for key in ("heads", "raw")}} if row["unit"] in known else row
        for row in rows
    ]


def measures_of(text: str | None) -> list[Record]:
    """The measures of one task out of its text."""
    return [
        {"measure_no": number, "text": each.text, "kind": each.kind, "documents": list(each.documents)}
        for number, each in enumerate(split_measures(text or ""), 1)
    ]


def measures_like(text: str | None, old: Sequence[Record]) -> list[Record]:
    """The measures of an edited text: those that read as before keep their kind and documents.

    Where the text is as many lines or numbered items as there were measures, each is one, so that
    the units of the measures stay with theirs.
    """
    found = split_measures(text or "")
    for pattern in (r"\n", r"(?=[（(]\d{1,2}[)）]|[①-⑳])"):
        items = [_NUMBER.sub("", part.strip()) for part in re.split(pattern, text or "") if part.strip()]
        if len(items) == len(old) > 1:
            found = [measure(item) for item in items]
    known = {row["text"]: row for row in old}
    return [
        {
            "measure_no": number,
            "text": each.text,
            "kind": known.get(each.text, {"kind": each.kind})["kind"],
            "documents": known.get(each.text, {"documents": list(each.documents)})["documents"],
        }
        for number, each in enumerate(found, 1)
    ]


def leaders_of(text: str | None) -> list[str]:
    """The leaders named in a cell."""
    return parse_persons(text or "")
