"""The plan as a document, in both layouts, reads back as the same plan."""

from __future__ import annotations

import tempfile
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given

from taskkit.plan import Plan
from taskkit.reading import read_plan
from taskkit.reports.plan_document import TEMPLATES, document_of
from taskkit.samples import sample_path
from taskkit.settings import Settings
from taskkit.word import fill
from tests.forms.carriers import save
from tests.forms.writers import Row
from tests.plans import plan_file
from tests.test_forms import ALL, SETTINGS, Document, documents, read_rows

TODAY = date(2026, 3, 6)


def written_and_read(plan: Plan, layout: str, folder: Path) -> Plan:
    path = folder / f"{layout}.docx"
    path.write_bytes(fill(document_of(plan, layout, TODAY), Settings().template(TEMPLATES[layout]), layout, TODAY))
    return read_plan(path)


REAL = ("gd-2023.docx", "gd-2022-webcopy.txt", "guangfeng-2021.docx", "xinxing-2023.xlsx", "gd-2023-digest.txt")


def same(plan: Plan) -> list[Row]:
    """What has to be equal; widths of punctuation and closing marks do not count (check/README.md)."""
    plain = []
    for row in read_rows(plan):
        texts = {key: folded(row[key]) for key in ("section", "group", "title", "measures", "deadline")}
        plain.append({**row, **texts})
    return plain


def folded(text: str | None) -> str:
    return unicodedata.normalize("NFKC", text or "").rstrip("。；; ")


@pytest.mark.parametrize("layout", TEMPLATES)
@pytest.mark.parametrize("name", REAL)
def test_a_real_plan_is_the_same_plan_when_it_is_written_and_read(name, layout, tmp_path):
    plan = read_plan(plan_file(name))
    assert same(plan) == same(written_and_read(plan, layout, tmp_path))


@pytest.mark.parametrize("layout", TEMPLATES)
def test_the_sample_plan_is_the_same_plan_when_it_is_written_and_read(layout, tmp_path):
    plan = read_plan(sample_path())
    assert same(plan) == same(written_and_read(plan, layout, tmp_path))


@pytest.mark.parametrize("layout", TEMPLATES)
@pytest.mark.parametrize("form", ALL)
def test_a_plan_of_any_form_is_the_same_plan_when_it_is_written_and_read(form, layout):
    @SETTINGS
    @given(documents(form))
    def read_back(document: Document) -> None:
        carrier, lines, _, grid = document
        with tempfile.TemporaryDirectory() as folder:
            plan = read_plan(save(Path(folder), carrier, lines, grid))
            assert read_rows(plan) == read_rows(written_and_read(plan, layout, Path(folder)))

    read_back()
