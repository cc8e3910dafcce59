"""Odd and hostile files that an office may be sent, made by hand from a filled workbook, with what becomes of each.

``ODD`` maps a name to the function that makes the bytes and a word of the refusal; None where the
file is read, with exactly the answers that were typed in. Used by tests/test_odd_files.py and
benchmarks/odd.py.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache

from tests.old_books import END, as_ods, as_xls, begin, label, ole_of, record, xls
from tests.returned_books import filled, opened
from tests.test_kinds import SAMPLES

ANSWERS = """
    | row    | column     | value      |
    | T001   | 本期进展   | 已建成2所  |
    | T001   | 完成情况   | 正常推进   |
    | T001.1 | 累计完成值 | 2          |
    | book   | 填报人     | 甲         |
"""
MB = 1024 * 1024
SHEET, BOOK, STYLES = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
Make = Callable[[], bytes]
Change = Callable[[str], str]


@lru_cache(maxsize=1)
def good() -> bytes:
    return filled(ANSWERS)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: Mapping[str, bytes | str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def changed(part: str, change: Change) -> Make:
    """The filled workbook with one part changed."""

    def make() -> bytes:
        members = parts(good())
        return packed({**members, part: change(members[part].decode())})

    return make


def more_rows(rows: Callable[[], str]) -> Make:
    """Rows after the last one."""
    return changed(SHEET, lambda text: text.replace("</sheetData>", f"{rows()}</sheetData>"))


def after_rows(more: Callable[[], str]) -> Make:
    return changed(SHEET, lambda text: text.replace("</sheetData>", f"</sheetData>{more()}"))


def before_xml(start: str, part: str = SHEET) -> Make:
    """A document type before the root of a part, and a use of it in the first text."""

    def change(text: str) -> str:
        bare = re.sub(r"^<\?xml[^>]*>", "", text)
        return start + re.sub(r"<t>|<vt:lpwstr>|<dcterms:created[^>]*>", lambda found: f"{found[0]}&e;", bare, count=1)

    return changed(part, change)


def within(tag: str, inner: str, times: int = 1) -> str:
    """The same again and again in one element."""
    return f"<{tag}>{inner * times}</{tag.split()[0]}>"


# --- .xlsx ----------------------------------------------------------------------------


def stray(place: str) -> str:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{row}"><c r="{place}" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>'


def formatted_rows() -> str:
    cells = "".join(f'<c r="{each}ROW" s="1"/>' for each in "ABCDEFGHIJKLMNOPQRSTUVWX")
    return "".join(f'<row r="{row}">{cells.replace("ROW", str(row))}</row>' for row in range(20, 20_020))


def prefixed() -> bytes:
    """Every tag of the sheets with a prefix, as some programs write them."""

    def change(text: str) -> str:
        spelt = re.sub(r"<(/?)(\w)", r"<\1x:\2", text)
        return spelt.replace("xmlns=", "xmlns:x=")

    members = parts(good())
    names = [name for name in members if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    return packed({**members, **{name: change(members[name].decode()) for name in names}})


def without_places() -> bytes:
    """Cells and rows that do not say where they are: blank ones stand between them."""

    def spread(found: re.Match[str]) -> str:
        cells = re.findall(r'<c r="([A-Z]+)\d+"([^>]*?)(?:/>|>(.*?)</c>)', found[2], re.S)
        at, spelt = 0, ""
        for letters, rest, inner in cells:
            column = ord(letters) - 64
            spelt += "<c/>" * (column - at - 1) + f"<c{rest}>{inner}</c>"
            at = column
        return f"<row>{spelt}</row>"

    members = parts(good())
    names = [name for name in members if name.startswith("xl/worksheets/") and name.endswith(".xml")]
    pattern = re.compile(r'<row r="(\d+)"[^>]*>(.*?)</row>', re.S)
    return packed({**members, **{name: pattern.sub(spread, members[name].decode()) for name in names}})


def shared(strings: str, cells: str = "", target: str = "sharedStrings.xml") -> Make:
    """The filled workbook with a table of shared strings, and cells far below that use it."""

    def make() -> bytes:
        members = {name: data.decode() for name, data in parts(good()).items()}
        name = 'PartName="/xl/sharedStrings.xml"'
        types = f'<Override {name} ContentType="application/vnd.openxmlformats-officedocument.{KIND}+xml"/>'
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
        return packed(
            {
                **members,
                "[Content_Types].xml": members["[Content_Types].xml"].replace("</Types>", f"{types}</Types>"),
                RELATIONS: members[RELATIONS].replace(
                    "</Relationships>",
                    f'<Relationship Id="rIdS" Type="{kind}" Target="/xl/{target}"/></Relationships>',
                ),
                "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
                SHEET: members[SHEET].replace("</sheetData>", f"{cells}</sheetData>"),
            }
        )

    return make


KIND = "spreadsheetml.sharedStrings"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def many_sheets() -> bytes:
    """Ten thousand sheets that are all the same part."""
    listed = "".join(f'<sheet name="表{number}" sheetId="{number}" r:id="rId2"/>' for number in range(100, 10_100))
    relation = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'

    def change(text: str) -> str:
        return text.replace("</sheets>", f"{listed}</sheets>").replace("<workbook ", f"<workbook {relation} ", 1)

    return changed(BOOK, change)()


def related(kind: str, target: str) -> Make:
    """The workbook with all that it relates to of one kind led elsewhere."""

    def lead(found: re.Match[str]) -> str:
        return re.sub(r'Target="[^"]*"', f'Target="{target}"', found[0]) if f'/{kind}"' in found[0] else found[0]

    return changed(RELATIONS, lambda text: re.sub(r"<Relationship [^>]*>", lead, text))


def merged_everywhere() -> str:
    return '<mergeCells count="2"><mergeCell ref="A20:XFD1048576"/><mergeCell ref="A1:XFD1048576"/></mergeCells>'


def bloated_styles(text: str) -> str:
    formats = "".join(f'<numFmt numFmtId="{164 + each}" formatCode="{each}&quot;年&quot;"/>' for each in range(30_000))
    styles = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>' * 60_000
    text = re.sub(r"<numFmts.*?</numFmts>|<numFmts[^>]*/>", "", text)
    text = re.sub(r"(<styleSheet[^>]*>)", rf"\1<numFmts>{formats}</numFmts>", text, count=1)
    return text.replace("</cellXfs>", f"{styles}</cellXfs>")


def overlapping() -> bytes:
    """A zip whose list names one member five thousand times."""
    data = packed({"a.xlsx": b"0" * MB})
    at = data.index(b"PK\x01\x02")
    entry, end = data[at : data.index(b"PK\x05\x06")], bytearray(data[data.index(b"PK\x05\x06") :])
    listed = b"".join(entry.replace(b"a.xlsx", f"{each:06d}".encode()) for each in range(4000))
    struct.pack_into("<HHI", end, 8, 4000, 4000, len(listed))
    return data[:at] + listed + bytes(end)


def nested(depth: int) -> Make:
    def make() -> bytes:
        data = good()
        for level in range(depth):
            data = packed({f"{level}{'.xlsx' if level == 0 else '.zip'}": data})
        return data

    return make


def zips_in_zip() -> bytes:
    """Zips of large files: a gigabyte in all."""
    inner = packed({f"{each}.xlsx": b"0" * (8 * MB - 1) for each in range(12)})
    return packed({f"{each}.zip": inner for each in range(12)})


def turned_over(data: bytes, at: int, count: int) -> bytes:
    return data[:at] + bytes(byte ^ 0x55 for byte in data[at : at + count]) + data[at + count :]


def with_parts(count: int) -> bytes:
    return packed({**parts(good()), **{f"x/{each}": b"" for each in range(count)}})


def with_names(names: Callable[[], str]) -> Make:
    return changed(BOOK, lambda text: text.replace("</workbook>", f"{within('definedNames', names())}</workbook>"))


def with_columns(columns: Callable[[], str]) -> Make:
    return changed(SHEET, lambda text: text.replace("<sheetData>", f"{within('cols', columns())}<sheetData>"))


def docx_as_xlsx() -> bytes:
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})


def encrypted() -> bytes:
    return ole_of({"EncryptedPackage": b"\1" * 9000, "EncryptionInfo": b"\2" * 300})


# --- the table ------------------------------------------------------------------------

_EACH = "".join('<!ENTITY a{} "{}">'.format(each + 1, f"&a{each};" * 10) for each in range(8))
ENTITIES = f'<!DOCTYPE x [<!ENTITY a "{"a" * 100}"><!ENTITY a0 "&a;">{_EACH}<!ENTITY e "&a8;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
_NET = "http://127.0.0.1:9/x.dtd"
FROM_NET = f'<!DOCTYPE x SYSTEM "{_NET}" [<!ENTITY % p SYSTEM "{_NET}">%p;<!ENTITY e "x">]>'
LONG = "9" * 5000
NAMES = "".join(f'<definedName name="名{each}">#REF!</definedName>' for each in range(10_000))
TOO_MUCH = "过多|过大"
BROKEN = "损坏|不允许|过多|过大"
STRANGE = "标记|损坏|缺少"  # no workbook of ours is left of it

XLSX: dict[str, tuple[Make, str | None]] = {
    "as it should be": (good, None),
    "a dimension of one cell, as WPS writes it": (
        changed(SHEET, lambda text: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1"', text)),
        None,
    ),
    "a space in X1048576": (more_rows(lambda: stray("X1048576")), None),
    "a space in XFD1048576": (more_rows(lambda: stray("XFD1048576")), None),
    "20,000 formatted empty rows": (more_rows(formatted_rows), None),
    "400 MB of spaces": (more_rows(lambda: " " * (400 * MB)), TOO_MUCH),
    "60 MB of spaces": (more_rows(lambda: " " * (60 * MB)), BROKEN),
    "every tag with a prefix": (prefixed, None),
    "cells that do not say where they are": (without_places, None),
    "places that are no places": (
        more_rows(lambda: f'<row r="{LONG}"><c r="A{LONG}" s="{LONG}"><v>1e999</v></c><c r="1A"/></row>'),
        None,
    ),
    "places below zero": (more_rows(lambda: '<row r="-5"><c r="A-5"><v>--</v></c><c r="" t="s"/></row>'), None),
    "millions of empty cells in one row": (more_rows(lambda: within("row", "<c/>", 12_000_000)), TOO_MUCH),
    "millions of empty cells in many rows": (more_rows(lambda: within("row", "<c/>", 200) * 60_000), TOO_MUCH),
    "millions of empty rows": (more_rows(lambda: "<row/>" * 9_000_000), TOO_MUCH),
    "millions of tags that nobody knows": (more_rows(lambda: "<a/>" * 12_000_000), TOO_MUCH),
    "millions of tags between rows": (more_rows(lambda: ("<a/>" * 200_000 + "<row/>") * 60), TOO_MUCH),
    "a tag of a million attributes": (
        more_rows(lambda: "<row " + " ".join(f'a{each}=""' for each in range(1_000_000)) + "/>"),
        BROKEN,
    ),
    "tags a million deep": (more_rows(lambda: "<a>" * 1_000_000), BROKEN),
    "a text of 30 MB": (
        more_rows(lambda: within("row", within('c t="inlineStr"', within("is", within("t", "长", 10 * MB))))),
        BROKEN,
    ),
    "half a million filled cells": (more_rows(lambda: within("row", "<c><v>1</v></c>", 50) * 10_000), TOO_MUCH),
    "merged everywhere": (after_rows(merged_everywhere), None),
    "a million merged areas": (
        after_rows(lambda: within("mergeCells", '<mergeCell ref="A30:B31"/>', 1_000_000)),
        TOO_MUCH,
    ),
    "many merged areas of a whole sheet": (
        after_rows(lambda: within("mergeCells", '<mergeCell ref="A20:XFD1048576"/>', 50_000)),
        None,
    ),
    "ninety thousand hidden columns": (
        with_columns(lambda: '<col min="1" max="16384" hidden="1"/>' * 90_000),
        None,
    ),
    "shared strings of 30 MB in one": (shared(within("si", within("t", "长", 10 * MB))), BROKEN),
    "two million empty shared strings": (shared("<si/>" * 2_000_000), TOO_MUCH),
    "a long shared string in very many cells": (
        shared(within("si", within("t", "长", 30_000)), within("row", '<c t="s"><v>0</v></c>', 300) * 100),
        TOO_MUCH,
    ),
    "shared strings that are a sheet": (shared("<si/>", target="worksheets/sheet1.xml"), None),
    "shared strings that are no strings": (shared("<si/><x/>text", '<row><c t="s"><v>77</v></c></row>'), "损坏"),
    "huge defined names": (with_names(lambda: within('definedName name="名"', "表!$A$1,", 1000) * 2000), TOO_MUCH),
    "ten thousand defined names": (with_names(lambda: NAMES), None),
    "tens of thousands of styles": (changed(STYLES, bloated_styles), None),
    "millions of styles": (
        changed(STYLES, lambda text: text.replace("</cellXfs>", "<xf/>" * 3_000_000 + "</cellXfs>")),
        TOO_MUCH,
    ),
    "ten thousand sheets": (many_sheets, TOO_MUCH),
    "sheets that are the workbook": (related("worksheet", "workbook.xml"), STRANGE),
    "sheets that are their own list": (related("worksheet", "_rels/workbook.xml.rels"), STRANGE),
    "styles that are the workbook": (related("styles", "workbook.xml"), None),
    "a workbook that is itself": (
        changed("_rels/.rels", lambda text: re.sub(r'Target="/?xl/workbook.xml"', 'Target="_rels/.rels"', text)),
        STRANGE,
    ),
    "entities upon entities": (before_xml(ENTITIES), BROKEN),
    "entities in the properties": (before_xml(ENTITIES, "docProps/custom.xml"), BROKEN),
    "an entity from outside": (before_xml(OUTSIDE), BROKEN),
    "an entity from outside in the styles": (before_xml(OUTSIDE, STYLES), BROKEN),
    "a definition from the network": (before_xml(FROM_NET, BOOK), BROKEN),
    "a hundred thousand parts": (lambda: with_parts(100_000), BROKEN),
    "thousands of parts": (lambda: with_parts(4_000), None),
    "with macros": (lambda: packed({**parts(good()), "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 999}), None),
    "half of it": (lambda: good()[: len(good()) // 2], "损坏"),
    "its end alone": (lambda: b"PK\x03\x04" + good()[-500:], "损坏"),
    "bytes turned over": (
        lambda: turned_over(good(), good().index(SHEET.encode()) + 60, 200),
        "损坏",
    ),
}


def listed(at: int) -> bytes:
    """A sheet of an old workbook that begins at a place of the stream."""
    return record(0x0085, struct.pack("<IBBBB", at, 0, 0, 1, 0) + b"A")


def old(more: bytes = b"") -> bytes:
    return as_xls(opened(good()), more)


BLANKS = struct.pack("<24HH", *[0] * 24, 23)
XLS: dict[str, tuple[Make, str | None]] = {
    "as it should be.xls": (old, None),
    "a space in IV65536.xls": (lambda: old(label(65535, 255, " ")), None),
    "20,000 formatted empty rows.xls": (
        lambda: old(b"".join(record(0x00BE, struct.pack("<2H", row, 0) + BLANKS) for row in range(20, 20_020))),
        None,
    ),
    "merged everywhere.xls": (lambda: old(record(0x00E5, struct.pack("<5H", 1, 19, 65535, 0, 255)) * 20_000), None),
    "millions of empty records.xls": (lambda: xls({"表": record(0x0001) * 7_000_000}), TOO_MUCH),
    "half a million cells.xls": (lambda: xls({"表": b"".join(label(n, 0, "甲") for n in range(65_536)) * 7}), TOO_MUCH),
    "ten thousand sheets.xls": (lambda: xls({f"表{number}": b"" for number in range(10_000)}), TOO_MUCH),
    "strings without end.xls": (
        lambda: xls({"表": b""}, record(0x00FC, struct.pack("<II", 2**32 - 1, 2**32 - 1) + b"\0" * 6000)),
        "损坏",
    ),
    "a string longer than its record.xls": (
        lambda: xls({"表": b""}, record(0x00FC, struct.pack("<IIHB", 1, 1, 65_535, 1) + b"abc")),
        STRANGE,
    ),
    "sheets that begin nowhere.xls": (lambda: ole_of({"Workbook": begin(5) + listed(2**32 - 1) + END}), STRANGE),
    "sheets that begin at the beginning.xls": (lambda: ole_of({"Workbook": begin(5) + listed(0) * 150 + END}), STRANGE),
    "locked.xls": (lambda: xls({"表": b""}, record(0x002F, b"\1\0" + b"\0" * 50)), "密码"),
    "half of it.xls": (lambda: old()[:3000], "损坏"),
}

ROW, CELL = '<table:table-row table:number-rows-repeated="{}">{}</table:table-row>', "table:number-columns-repeated"
SAYS, SPANS = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>", "table:number-columns-spanned"


def open_(more: str = "", start: str = "") -> bytes:
    return as_ods(opened(good()), more, start)


ODS: dict[str, tuple[Make, str | None]] = {
    "as it should be.ods": (open_, None),
    "a space in XFD1048576.ods": (
        lambda: open_(
            ROW.format(1_048_566, f'<table:table-cell {CELL}="16384"/>')
            + ROW.format(1, f'<table:table-cell {CELL}="16383"/>' + SAYS.format("", '<text:s text:c="1"/>'))
        ),
        None,
    ),
    "20,000 formatted empty rows.ods": (
        lambda: open_(
            "".join(
                ROW.format(1, f'<table:table-cell table:style-name="ce{row % 997}"/>' * 24) for row in range(20_000)
            )
        ),
        None,
    ),
    "filled everywhere.ods": (
        lambda: open_(ROW.format(1_000_000, SAYS.format(f'{CELL}="16384"', "x"))),
        TOO_MUCH,
    ),
    "millions of empty cells.ods": (lambda: open_(ROW.format(1, "<table:table-cell/>" * 2_500_000)), TOO_MUCH),
    "millions of empty rows.ods": (lambda: open_("<table:table-row/>" * 3_000_000), TOO_MUCH),
    "ten thousand sheets.ods": (lambda: open_("</table:table><table:table>" * 10_000), TOO_MUCH),
    "spans of a whole sheet.ods": (
        lambda: open_(ROW.format(1, f'<table:table-cell {SPANS}="16384" table:number-rows-spanned="999999"/>') * 9_000),
        None,
    ),
    "entities upon entities.ods": (lambda: open_(SAYS.format("", "&e;"), ENTITIES), BROKEN),
    "an entity from outside.ods": (lambda: open_(SAYS.format("", "&e;"), OUTSIDE), BROKEN),
    "a text of spaces without end.ods": (
        lambda: open_(ROW.format(1, SAYS.format("", "甲" + '<text:s text:c="99999999"/>' * 100_000))),
        TOO_MUCH,
    ),
}
PARCELS: dict[str, tuple[Make, str | None]] = {
    "a zip in a zip.zip": (nested(2), None),
    "zips without end.zip": (nested(9), "请先解压"),
    "one member many times.zip": (overlapping, "损坏|太多|过大|不是"),
    "zips of large files.zip": (zips_in_zip, "太多或太大"),
    "an empty zip.zip": (lambda: packed({}), "空压缩包"),
    "a zip of 20,001 files.zip": (lambda: packed({f"{n}.txt": b"" for n in range(20_001)}), BROKEN),
}
RENAMED: dict[str, tuple[Make, str | None]] = {
    "new.xls": (good, None),
    "old.xlsx": (old, None),
    "open.xlsx": (open_, None),
    "new.et": (good, None),
    "old.et": (old, None),
    "no suffix": (good, None),
    "【县教育局】（终稿）副本(1) .XLSX": (good, None),
    "zip.xlsx": (nested(1), None),
    "page.xls": (lambda: SAMPLES["web page"][0], "网页.*另存为"),
    "csv.xls": (lambda: SAMPLES["csv"][0], "文本"),
    "xml.xls": (lambda: SAMPLES["xml table"][0], "另存为"),
    "binary.xlsx": (lambda: SAMPLES["xlsb"][0], "另存为"),
    "word.xlsx": (docx_as_xlsx, "Word"),
    "pdf.xlsx": (lambda: SAMPLES["pdf"][0], "PDF"),
    "locked.xlsx": (encrypted, "密码"),
    "rar.zip": (lambda: SAMPLES["rar"][0], "请先解压"),
    "7z.zip": (lambda: SAMPLES["7z"][0], "请先解压"),
    "empty.xlsx": (lambda: b"", "空文件"),
}
ODD: dict[str, tuple[Make, str | None]] = {
    **{f"{name}.xlsx": each for name, each in XLSX.items()},
    **XLS,
    **ODS,
    **PARCELS,
    **RENAMED,
}
