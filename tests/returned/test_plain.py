"""Returns to which nothing was done but filling them in, form by form."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskkit.collecting import collect
from tests.returned.county import County
from tests.returned.kinds import Kind, check

KINDS = [
    Kind("the quarterly report filled in"),
    Kind("the plan of work filled in", form="plan"),
    Kind("the monthly report filled in", form="month"),
    Kind("the report of a support unit filled in", form="support"),
    Kind("the second quarters report with only one text brought up to date", form="second"),
    Kind(
        "the quarterly report not filled in", typed="| row | column | value |", expected="| row |", outcome="untouched"
    ),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)


def test_a_months_report_of_an_annex_is_not_taken_for_an_old_one_because_the_quarters_form_is_out(
    county: County, tmp_path: Path
) -> None:
    (tmp_path / "ledger").mkdir()
    with county.ledger("month", tmp_path / "ledger") as ledger:
        (tmp_path / "民生实事.xlsx").write_bytes(county.filled("month"))
        result = collect(ledger, tmp_path / "民生实事.xlsx")
    assert [] == list(result.findings["code"])
