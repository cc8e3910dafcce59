"""What other programs write: the same values in packages and XML of another make."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.returned.county import QUARTER, County
from tests.returned.hand import PROGRESS
from tests.returned.kinds import Files, Kind, but, check
from tests.returned_books import rewritten

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Text = Callable[[str], str]


def _parts(change: Text, names: str = r"xl/worksheets/sheet\d+\.xml") -> Callable[[bytes, County], bytes]:
    """A patch that passes some parts of the package through a function."""

    def patch(data: bytes, county: County) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = [name for name in archive.namelist() if re.fullmatch(names, name)]
        assert found
        return rewritten(data, dict.fromkeys(found, change))

    return patch


def _repacked(data: bytes, name_of: Text, skipped: str = "", more: Files | None = None) -> bytes:
    """The package with its parts under other names, without some, with more."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if not skipped or not re.match(skipped, name):
                new.writestr(name_of(name), old.read(name))
        for name, part in (more or {}).items():
            new.writestr(name, part)
    return target.getvalue()


def _with_macros(data: bytes, county: County) -> Files:
    made = rewritten(
        data,
        {
            "[Content_Types].xml": lambda text: text.replace(
                "spreadsheetml.sheet.main+xml", "sheet.macroEnabled.main+xml"
            ).replace("openxmlformats-officedocument.sheet.macro", "ms-excel.sheet.macro")
        },
    )
    return {"县教育局.xlsm": _repacked(made, str, more={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 64})}


def _prefixed(text: str) -> str:
    """Every element of the sheet with a prefix."""
    text = text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    return re.sub(r"<(/?)(?!\?|x:)([A-Za-z])", r"<\1x:\2", text)


def _shared(data: bytes, county: County) -> bytes:
    """Texts in one table of strings, as Excel keeps them; openpyxl writes them into the cells."""
    strings: list[str] = []

    def change(text: str) -> str:
        def cell(match: re.Match[str]) -> str:
            strings.append(match[2])
            return f'<c {match[1]}t="s"><v>{len(strings) - 1}</v></c>'

        return re.sub(r'<c ([^>]*?)t="inlineStr"><is>(.*?)</is></c>', cell, text, flags=re.S)

    made = _parts(change)(data, county)
    relation = f'<Relationship Id="rStrings" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    made = rewritten(
        made,
        {"xl/_rels/workbook.xml.rels": lambda text: text.replace("</Relationships>", f"{relation}</Relationships>")},
    )
    table = f'<sst xmlns="{MAIN}">{"".join(f"<si>{each}</si>" for each in strings)}</sst>'
    return _repacked(made, str, more={"xl/sharedStrings.xml": table.encode()})


def _phonetic(text: str) -> str:
    """Every text in two runs, with a reading above it that is not part of the text."""
    return re.sub(
        r"<is><t([^>]*)>((?:&#\d+;){2})([^<]+)</t></is>",
        r'<is><r><t\1>\2</t></r><r><rPr><b/></rPr><t\1>\3</t></r><rPh sb="0" eb="1"><t>dú</t></rPh></is>',
        text,
    )


def _stray_corner(text: str) -> str:
    return text.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576" t="str"><v> </v></c></row></sheetData>')


def _blank_formatted_rows(text: str) -> str:
    rows = "".join(f'<row r="{row}" ht="15" customHeight="1"><c r="A{row}" s="1"/></row>' for row in range(100, 20_100))
    return text.replace("</sheetData>", f"{rows}</sheetData>")


def _no_references(text: str) -> str:
    """Cells and rows that do not say where they stand: blanks between them are written out."""

    def row(match: re.Match[str]) -> str:
        cells, last = [], 0
        for cell in re.finditer(r'<c r="([A-Z]+)\d+"(.*?)(/>|</c>)', match[2], re.S):
            at = 0
            for letter in cell[1]:
                at = at * 26 + ord(letter) - 64
            cells += ["<c/>"] * (at - last - 1) + [f"<c{cell[2]}{cell[3]}"]
            last = at
        return f"<row>{''.join(cells)}</row>"

    return re.sub(r"<row [^>]*?(/>|>(.*?)</row>)", lambda m: "<row/>" if m[1] == "/>" else row(m), text, flags=re.S)


def _escaped(text: str) -> str:
    return text.replace("&#36873;&#22336;", "_x9009__x5740_")  # 选址


def _lost_columns(text: str) -> str:
    """The hidden state of the id column lost: every column shown."""
    return text.replace('hidden="1"', "")


KINDS = [
    Kind(
        "a sheet that says it has one cell, as WPS writes it",
        patch=_parts(lambda t: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', t)),
    ),
    Kind("a sheet without a word on its size", patch=_parts(lambda t: re.sub(r"<dimension [^>]*/>", "", t))),
    Kind("every element with a prefix", patch=_parts(_prefixed)),
    Kind("texts in a table of strings", patch=_shared),
    Kind("texts in runs with a reading above them", patch=_parts(_phonetic)),
    Kind("signs written as escapes", patch=_parts(_escaped)),
    Kind("rows and cells that do not say where they stand", patch=_parts(_no_references)),
    Kind("the strict kind of workbook", patch=_parts(lambda t: t.replace(MAIN, STRICT), r"xl/.*\.xml")),
    Kind("a blank in the last corner of the sheet", patch=_parts(_stray_corner), findings=""),
    Kind("twenty thousand blank rows with a format", patch=_parts(_blank_formatted_rows)),
    Kind("hidden columns shown", patch=_parts(_lost_columns)),
    Kind(
        "names of parts in capitals",
        patch=lambda data, county: _repacked(data, lambda n: n if n.startswith("[") else n.upper()),
    ),
    Kind(
        "names of parts with slashes the wrong way",
        patch=lambda data, county: _repacked(data, lambda name: name.replace("/", "\\")),
    ),
    Kind("properties deleted by a privacy tool", patch=lambda data, county: _repacked(data, str, skipped="docProps/")),
    Kind("styles lost", patch=lambda data, county: _repacked(data, str, skipped=r"xl/styles\.xml")),
    Kind("a workbook with macros", patch=_with_macros),
    Kind(
        "parts of another program beside the sheets",
        patch=lambda data, county: _repacked(data, str, more={"customXml/item1.xml": b"<a/>", "xl/wps.bin": b"\0"}),
    ),
    Kind(
        "a later saving time than now",
        patch=_parts(
            lambda t: t.replace(
                "</cp:coreProperties>",
                '<dcterms:modified xmlns:dcterms="http://purl.org/dc/terms/">2099-01-01T00:00:00Z</dcterms:modified></cp:coreProperties>',
            ),
            r"docProps/core\.xml",
        ),
    ),
    Kind("an XML declaration with a byte order mark", patch=_parts(lambda t: "\ufeff" + t)),
    Kind(
        "an entity in a sheet",
        patch=_parts(
            lambda t: re.sub(
                r"^(<\?xml[^>]*\?>)?", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', t, count=1
            )
        ),
        outcome="refused",
        expected="| row |",
    ),
    Kind(
        "a cell of the clerks that points to nothing",
        patch=_parts(lambda t: t.replace("<v>2</v>", "<v>2</v><extLst/>")),
        expected=but(QUARTER, "| 量化指标 | T001.1 | 累计完成值 | changed | 2 |"),
    ),
]


def test_the_sheet_of_progress_is_among_those_that_are_changed(county: County) -> None:
    with zipfile.ZipFile(io.BytesIO(county.sent["quarter"])) as archive:
        assert PROGRESS in archive.read("xl/workbook.xml").decode()


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_kind(kind: Kind, county: County, tmp_path: Path) -> None:
    check(kind, county, tmp_path)
