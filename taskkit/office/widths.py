"""Columns: how wide they are, which are in sight, and how goal columns share the room of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from lxml import etree

# Where a plan has more stages than the template has goal columns in sight, all of them share their
# room, somewhat widened; a column never gets narrower than a number needs. A4 becomes A3 then.
_MORE_ROOM, _NARROWEST = 1.6, 8.0
_A3, _A4 = "8", "9"
_DEFAULT = 8.43
_FLAGS = ("1", "true")


@dataclass(frozen=True)
class Widths:
    """The columns of a filled sheet: the element ``cols``, the columns in sight by width, the size of the paper."""

    xml: str = ""
    shown: Mapping[int, float] = field(default_factory=dict)
    paper: str = ""

    def width(self, column: int) -> float | None:
        """A column's width in characters; None where it is hidden."""
        return self.shown.get(column)


class Columns:
    """The columns of a template's sheet. ``headers`` are those whose header is a mark, ``paper`` those printed."""

    def __init__(self, root: etree._Element, space: str, headers: Mapping[int, str], last: int, paper: range) -> None:
        self.headers = headers
        self.paper = paper or range(1, last + 1)
        self._last = max([last, *headers, *self.paper[-1:]])
        self._tag = f"{root.prefix}:" if root.prefix else ""
        cols = root.find(f"{space}cols")
        self._known: dict[int, dict[str, str]] = {}
        self._beyond: list[dict[str, str]] = []
        for each in cols if cols is not None else ():
            self._read({str(key): str(value) for key, value in each.attrib.items()})
        setup = root.find(f"{space}pageSetup")
        self._paper_size = "" if setup is None else setup.get("paperSize", "")
        self._made: dict[tuple[bool, ...], Widths] = {}

    @property
    def hidden(self) -> frozenset[int]:
        """The columns that the template itself hides."""
        return frozenset(at for at, entry in self._known.items() if _hidden(entry) or not _width(entry))

    def filled(self, values: Mapping[str, object]) -> Widths:
        """The columns for these values: one whose header gives nothing is hidden, one that has a text is shown."""
        key = tuple(bool(values.get(mark)) for mark in self.headers.values())
        if key not in self._made:
            self._made[key] = self._make(dict(zip(self.headers, key, strict=True)))
        return self._made[key]

    def _read(self, attributes: dict[str, str]) -> None:
        """One entry for each column: the file keeps like neighbours as one, and hiding one would hide all."""
        first, last = int(attributes.pop("min", 1)), int(attributes.pop("max", 1))
        for at in range(first, min(last, self._last) + 1):
            self._known[at] = dict(attributes)
        if last > self._last:
            self._beyond.append({"min": str(max(first, self._last + 1)), "max": str(last), **attributes})

    def _make(self, has: Mapping[int, bool]) -> Widths:
        columns = {at: dict(attributes) for at, attributes in self._known.items()}
        goals = [at for at, mark in self.headers.items() if mark.startswith("header.goal") and at in self.paper]
        room = sum(_width(columns.get(at, {})) for at in goals if not _hidden(columns.get(at, {})))
        shown = [at for at in goals if has[at]]
        for at, is_shown in has.items():
            entry = columns.setdefault(at, {"width": str(_DEFAULT)})
            entry.pop("hidden", None)
            if not is_shown:
                entry["hidden"] = "1"
        paper = self._paper_size
        if sum(_width(columns[at]) for at in shown) > room > 0:
            for at in shown:
                width = min(_width(columns[at]), max(room * _MORE_ROOM / len(shown), _NARROWEST))
                columns[at] |= {"width": f"{width:g}", "customWidth": "1"}
            paper = _A3 if paper == _A4 else paper
        in_sight = {at: _width(columns.get(at, {})) for at in range(1, self._last + 1)}
        in_sight = {at: width for at, width in in_sight.items() if not _hidden(columns.get(at, {}))}
        return Widths(self._xml(columns), in_sight, paper)

    def _xml(self, columns: Mapping[int, Mapping[str, str]]) -> str:
        entries = [{"min": str(at), "max": str(at), **columns[at]} for at in sorted(columns)] + self._beyond
        tag = f"{self._tag}col"
        attributes = (" ".join(f"{key}={quoteattr(entry[key])}" for key in entry) for entry in entries)
        listed = "".join(f"<{tag} {each}/>" for each in attributes)
        return f"<{tag}s>{listed}</{tag}s>" if entries else ""


def _width(attributes: Mapping[str, str]) -> float:
    try:
        return float(attributes.get("width", _DEFAULT))
    except ValueError:
        return _DEFAULT


def _hidden(attributes: Mapping[str, str]) -> bool:
    return attributes.get("hidden") in _FLAGS
