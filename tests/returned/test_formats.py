"""Returns that an office program saved in another format: every form, cell by cell, whatever the file is called."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.returned.county import FORMS, County
from tests.returned.kinds import Kind, check
from tests.soffice import resaved

FILLED = [form for form in FORMS if form != "industry"]  # which has no answers of its own
# The name that the file comes back under -> the format that it really has.
NAMES = {
    "表.xlsx": "xlsx",
    "表.xls": "xls",
    "表.et": "xls",
    "表.ods": "ods",
    "改了扩展名.xls": "ods",
    "【县教育局】副本(1)": "xls",
}


@pytest.fixture(scope="module")
def saved(county: County, tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], bytes]:
    """Every form filled in, as LibreOffice saves it in each format; one call for each format."""
    folder = tmp_path_factory.mktemp("formats")
    paths = {form: folder / f"{form}.xlsx" for form in FILLED}
    for form, path in paths.items():
        path.write_bytes(county.filled(form))
    return {
        (form, suffix): made.read_bytes()
        for suffix in ("xlsx", "xls", "ods")
        for form, made in zip(FILLED, resaved(list(paths.values()), folder / suffix, suffix), strict=True)
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", FILLED)
def test_the_edits_come_through_whatever_the_format(
    form: str, name: str, saved: Mapping[tuple[str, str], bytes], county: County, tmp_path: Path
) -> None:
    kind = Kind(f"{form} saved as {NAMES[name]}", form=form, file=name)
    check(kind, county, tmp_path, saved[form, NAMES[name]])
