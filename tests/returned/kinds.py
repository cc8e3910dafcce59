"""A kind of return, and what every kind is held to. How to add one: the package's docstring."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from taskkit.collecting import Collected, collect
from taskkit.ledger import Ledger
from tests.returned.county import FORMS, PLAN, County
from tests.returned_books import edited, table

RECEIVED = date(2026, 4, 8)
Files = Mapping[str, bytes]  # by name
_PLACE = re.compile(r"第\d+行([A-Z]{1,3}列)?$|[A-Z]{1,3}列$|[A-Z]+\d+:[A-Z]+\d+$")
# What is said of a file or a sheet as a whole, or of several places at once.
_OF_A_WHOLE = frozenset(("period-past", "header-missing", "sheet-added", "rows-hidden-filled"))


@dataclass(frozen=True)
class Kind:
    """One kind of return; see the package's docstring."""

    name: str
    form: str = "quarter"
    typed: str | None = None
    edit: Callable[[Any], object] | None = None
    office: str = ""
    patch: Callable[[bytes, County], bytes | Files] | None = None
    before: Callable[[County], Iterable[bytes | Files]] | None = None
    expected: str | None = None
    outcome: str = "accepted"
    findings: str = ""
    file: str = ""

    def __str__(self) -> str:
        return self.name.replace(" ", "_")

    @property
    def table(self) -> list[dict[str, str]]:
        """The expected lines, each with its unit and period."""
        form = FORMS[self.form]
        lines = table(form.answers if self.expected is None else self.expected)
        return [{"unit": form.unit, "period": form.period, **line} for line in lines]

    @property
    def file_name(self) -> str:
        return self.file or FORMS[self.form].name

    def by_hand(self, county: County) -> bytes:
        """The workbook as the clerk leaves it, before another program saves it."""
        data = county.filled(self.form, self.typed)
        return edited(data, self.edit) if self.edit else data

    def files(self, county: County, saved: bytes | None = None) -> Files:
        """What comes back; ``saved`` is the workbook as the other program saved it, where one did."""
        data = self.by_hand(county) if saved is None else saved
        made = self.patch(data, county) if self.patch else data
        return made if isinstance(made, Mapping) else {self.file_name: made}


def check(kind: Kind, county: County, folder: Path, saved: bytes | None = None) -> None:
    """Collect a kind of return dry, in earnest and once more, and hold it to what is expected."""
    (folder / "ledger").mkdir()
    with county.ledger(kind.form, folder / "ledger") as ledger:
        for at, earlier in enumerate(kind.before(county) if kind.before else ()):
            files = earlier if isinstance(earlier, Mapping) else {kind.file_name: earlier}
            collect(ledger, _laid_out(files, folder / f"before{at}"), apply=True, received=RECEIVED)
        returned = _laid_out(kind.files(county, saved), folder / "returned")
        kept = _content(folder)
        dry = collect(ledger, returned, received=RECEIVED)
        assert kept == _content(folder), "a dry run writes nothing"
        result = collect(ledger, returned, apply=True, received=RECEIVED)
        _check_same(dry, result)
        assert kind.outcome.split("/") == list(result.files["outcome"]), list(result.files["reason"])
        assert all(result.files["reason"])
        assert _expected_cells(kind) == _cells(result)
        assert _expected_values(kind) == values(ledger)
        _check_findings(kind, result)
        _check_rows(result)
        _check_again(ledger, returned)


def values(ledger: Ledger) -> dict[tuple[str, ...], str]:
    """What the ledger holds, by unit, period, row and column."""
    frame = ledger.values(PLAN)
    rows = frame["target_id"].fillna(frame["task_id"]).fillna("book")
    keys = zip(frame["unit"], frame["period"], rows, frame["column"], strict=True)
    return {key: value for key, value in zip(keys, frame["value"], strict=True) if value}


def _laid_out(files: Files, folder: Path) -> Path:
    folder.mkdir()
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def _content(folder: Path) -> bytes:
    return (folder / "ledger" / "taskkit.db").read_bytes()


def _check_same(dry: Collected, result: Collected) -> None:
    """The dry run told what the run did."""
    assert list(dry.files["outcome"]) == list(result.files["outcome"])
    assert dry.cells.equals(result.cells)
    assert dry.findings.equals(result.findings)


def _expected_cells(kind: Kind) -> Counter[tuple[str, ...]]:
    """By sheet, task, column and outcome."""
    return Counter(
        (line["sheet"], _task(line["row"]), line["column"], line["outcome"])
        for line in kind.table
        if line["outcome"] != "same"
    )


def _task(row_id: str) -> str:
    return "" if row_id == "book" else re.split(r"[.+]", row_id)[0]


def _cells(result: Collected) -> Counter[tuple[str, ...]]:
    frame = result.cells
    tasks = frame["task_id"].fillna("")
    return Counter(zip(frame["sheet"], tasks, frame["column"], frame["outcome"], strict=True))


def _expected_values(kind: Kind) -> dict[tuple[str, ...], str]:
    """What the table says, and what the second ledger took before."""
    lines = kind.table
    if FORMS[kind.form].ledger == "second":
        first = FORMS["quarter"]
        lines = [{"unit": first.unit, "period": first.period, **row} for row in table(first.answers)] + lines
    held = {(row["unit"], row["period"], row["row"], row["column"]): row["value"] for row in lines}
    return {key: value for key, value in held.items() if value}


def _check_findings(kind: Kind, result: Collected) -> None:
    told = [(row.code, row.severity, row.source) for row in result.findings.itertuples()]
    names = {Path(path).name for path in result.files["path"]}
    wanted = [line.strip().partition(" ")[::2] for line in kind.findings.strip().splitlines()]
    for code, place in wanted:
        assert any(code == each and source.endswith(place) for each, _, source in told), (code, place, told)
    codes = {code for code, _ in wanted}
    assert "file-failed" not in {code for code, _, _ in told}
    assert [] == [each for each in told if each[1] == "error" and each[0] not in codes]
    for code, _, source in told:
        assert any(source.startswith(name) for name in names), source
        assert code in _OF_A_WHOLE or _PLACE.search(source), (code, source)


def _check_rows(result: Collected) -> None:
    """Each cell is told in the row where a person finds its task: by openpyxl and the hidden ids."""
    for path, cells in result.cells.groupby("path"):
        if not path.endswith((".xlsx", ".xlsm")) or not Path(path).is_file():
            continue
        book = openpyxl.load_workbook(path)
        for cell in cells.itertuples():
            ids = [str(each.value) for each in book[cell.sheet][cell.row] if _is_id(each.value)]
            if isinstance(cell.task_id, str):
                assert not ids or any(_task(each.partition(".")[2]) == cell.task_id for each in ids), cell


def _is_id(value: object) -> bool:
    return re.fullmatch(r"W[A-Z2-7]{12}\.\S+", str(value).strip()) is not None


def _check_again(ledger: Ledger, returned: Path) -> None:
    """The same files once more change nothing."""
    held, count = values(ledger), len(ledger.submissions(PLAN))
    again = collect(ledger, returned, apply=True, received=RECEIVED)
    assert "accepted" not in set(again.files["outcome"])
    assert held == values(ledger)
    assert count == len(ledger.submissions(PLAN))
