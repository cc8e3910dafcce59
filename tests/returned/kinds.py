"""A kind of return, and what every kind is held to. How to add one: the package's docstring."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl

from taskkit.collecting import Collected, collect
from taskkit.ledger import Ledger
from taskkit.places import Place
from tests.returned.county import FORMS, PLAN, TITLES, County
from tests.returned_books import edited, table

RECEIVED = date(2026, 4, 8)
Files = Mapping[str, bytes]  # by name
_PLACE = re.compile(r" 第\d+行([A-Z]{1,3}列)?$| [A-Z]{1,3}列$")
_OF_A_WHOLE = frozenset(
    ("period-past", "header-missing", "sheet-added", "sheets-parted", "copy-hidden")
)  # said of a file or a sheet


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
        return self.file or f"{FORMS[self.form].unit}.{self.office or 'xlsx'}"

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


def but(expected: str, *lines: str) -> str:
    """A table with some of its lines, by row and column, in other words; new ones are added."""
    head, *old = [line.strip() for line in expected.strip().splitlines()]
    new = {_place(line): line for line in lines}
    kept = [line for line in old if _place(line) not in new]
    return "\n".join([head, *kept, *lines])


def held(answers: str, *row_ids: str) -> str:
    """The expected table with all that is reported on these rows of 工作进展 held for a person."""
    lines = []
    for line in answers.strip().splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == "工作进展" and cells[1] in row_ids:
            cells[3:5] = ["held", ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def of_units(**answers: str) -> str:
    """The expected tables of several units as one."""
    tables = {unit: text.strip().splitlines() for unit, text in answers.items()}
    head = next(iter(tables.values()))[0].strip()
    lines = [f"{line.strip()} {unit} |" for unit, rows in tables.items() for line in rows[1:]]
    return "\n".join([f"{head} unit |", *lines])


def without(expected: str, *rows: str) -> str:
    """A table without the lines of some rows."""
    return "\n".join(line for line in expected.strip().splitlines() if _place(line)[0] not in rows)


def _place(line: str) -> tuple[str, str]:
    _, row, column, *_ = (cell.strip() for cell in line.strip().strip("|").split("|"))
    return row, column


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
    """The dry run told what the run did; only its words for a file taken in the same run may differ."""
    assert list(dry.files["outcome"]) == list(result.files["outcome"])
    assert dry.cells.equals(result.cells)
    assert dry.findings.drop(columns="message").equals(result.findings.drop(columns="message"))


def _expected_cells(kind: Kind) -> Counter[tuple[str, ...]]:
    """By sheet, task, column and outcome."""
    return Counter(
        (line["sheet"], _task(line["row"]), line["column"], line["outcome"])
        for line in kind.table
        if line["outcome"] != "same"
    )


def _task(row_id: str) -> str:
    """The task of a row id; none of the line 填报人 and of a 调整申请."""
    return re.split(r"[.+/]", row_id)[0] if row_id[:1] in ("T", "A") else ""


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


def _records(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame; nothing said is ""."""
    return list(frame.astype(object).where(frame.notna(), "").to_dict("records"))


def _check_findings(kind: Kind, result: Collected) -> None:
    told = _records(result.findings)
    wanted = [line.strip().partition(" ")[::2] for line in kind.findings.strip().splitlines()]
    for code, place in wanted:
        assert any(code == row["code"] and row["source"].endswith(place) for row in told), (code, place, told)
    codes = {code for code, _ in wanted}
    assert "file-failed" not in {row["code"] for row in told}
    assert [] == [row for row in told if row["severity"] == "error" and row["code"] not in codes]
    for row in told:
        name, place = Path(row["path"]).name, str(Place(row["sheet"], row["row"], row["column"]))
        assert f"{name} {place}".strip() == row["source"]
        assert row["code"] in _OF_A_WHOLE or _PLACE.search(place), row


def _check_rows(result: Collected) -> None:
    """Each cell is told in the row where a person finds its task, or what was inserted below it, for openpyxl."""
    books = {path: _opened(Path(path)) for path in result.cells["path"].unique()}
    told = result.findings[result.findings["code"] == "item-proposed"]
    inserted = {tuple(each) for each in told[["path", "sheet", "row"]].itertuples(index=False)}
    for cell in _records(result.cells):
        if (cell["path"], cell["sheet"], cell["row"]) in inserted or cell["outcome"] == "held":
            continue
        book = books[cell["path"]]
        texts = [str(each.value or "") for each in book[cell["sheet"]][cell["row"]]] if book else []
        ids = {_task(text.partition(".")[2]) for text in texts}
        if cell["task_id"] and any(texts):
            assert cell["task_id"] in ids or TITLES[cell["task_id"]] in texts, cell


def _opened(path: Path) -> Any:
    """The workbook as openpyxl opens it; None where it cannot."""
    try:
        return openpyxl.load_workbook(BytesIO(path.read_bytes()))
    except (OSError, KeyError, IndexError, ValueError, zipfile.BadZipFile):
        return None


def _check_again(ledger: Ledger, returned: Path) -> None:
    """The same files once more change nothing."""
    held, count = values(ledger), len(ledger.submissions(PLAN))
    again = collect(ledger, returned, apply=True, received=RECEIVED)
    assert "accepted" not in set(again.files["outcome"])
    assert held == values(ledger)
    assert count == len(ledger.submissions(PLAN))
