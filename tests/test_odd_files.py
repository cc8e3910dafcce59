"""Odd and hostile files are read or refused with a word on why; the other files of the batch are taken unharmed."""

from __future__ import annotations

import re
import zipfile

import pytest

from taskkit.collecting import collect
from tests.odd_files import ANSWERS, ODD, good
from tests.returned_books import OTHER, filled, ledger_with, sent_file, sent_record, table
from tests.test_collecting import zipped_by_windows

EXPECTED = {(row["row"], row["column"]): row["value"] for row in table(ANSWERS)}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read_or_refused_and_the_rest_of_the_batch_is_taken(name, tmp_path):
    make, word = ODD[name]
    ledger = ledger_with(sent_record(), sent_record(workbook=OTHER, unit="县财政局"))
    (tmp_path / name).write_bytes(make())
    (tmp_path / "龘.xlsx").write_bytes(filled(ANSWERS, sent_file(workbook=OTHER)))

    result = collect(ledger, tmp_path, apply=True)

    *odd, other = zip(result.files["outcome"], result.files["reason"], strict=True)
    assert "accepted" == other[0]
    assert EXPECTED == ledger.current("云溪", "2026Q1", "县财政局")
    if word is None:
        assert ["accepted"] == [outcome for outcome, _ in odd]
        assert EXPECTED == ledger.current("云溪", "2026Q1", "县教育局")
    else:
        assert all(outcome in ("refused", "untouched") for outcome, _ in odd)
        assert any(re.search(word, reason) for _, reason in odd), odd
        assert {} == ledger.current("云溪", "2026Q1", "县教育局")
    assert "file-failed" not in set(result.findings["code"])


def test_two_names_in_a_zip_that_read_alike_are_two_files(tmp_path):
    ledger = ledger_with(sent_record(), sent_record(workbook=OTHER, unit="县财政局"))
    path = zipped_by_windows(tmp_path / "包.zip", "表.xlsx", good())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("表.xlsx", filled(ANSWERS, sent_file(workbook=OTHER)))

    assert ["accepted", "accepted"] == list(collect(ledger, path).files["outcome"])
