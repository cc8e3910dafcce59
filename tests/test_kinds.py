"""What a file is goes by its content, whatever it is called; each kind has a word on what to do."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskkit.office.kinds import DOCUMENTS, WORKBOOKS, Kind, kind_of, no_workbook
from tests.returned_books import sent_file
from tests.soffice import resaved


def zip_of(*names: str, said: bytes | dict[str, bytes] = b"x") -> bytes:
    """A zip of parts that all hold the same, or each its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, said[name] if isinstance(said, dict) else said)
    return buffer.getvalue()


XML = '<?xml version="1.0"?>\n'
SAMPLES = {
    "brought by openpyxl": (sent_file(), Kind.WORKBOOK),
    "xlsb": (zip_of("[Content_Types].xml", "xl/workbook.bin"), Kind.BINARY_WORKBOOK),
    "docx": (zip_of("[Content_Types].xml", "word/document.xml"), Kind.WORD),
    "docx of a web mail": (zip_of("[Content_Types].xml", "word/document2.xml"), Kind.WORD),
    "pptx": (zip_of("[Content_Types].xml", "ppt/presentation.xml"), Kind.SLIDES),
    "ofd": (zip_of("OFD.xml", "Doc_0/Document.xml"), Kind.OFD),
    "ods": (zip_of("mimetype", "content.xml", said=b"application/vnd.oasis.opendocument.spreadsheet"), Kind.ODS),
    "odt": (zip_of("mimetype", "content.xml", said=b"application/vnd.oasis.opendocument.text"), Kind.ODT),
    "locked ods": (
        zip_of("mimetype", "content.xml", "META-INF/manifest.xml", said=b"spreadsheet <encryption-data/>"),
        Kind.LOCKED,
    ),
    "zip of files": (zip_of("县教育局.xlsx", "说明.txt"), Kind.ZIP),
    "half a workbook": (sent_file()[:3000], Kind.DAMAGED),
    "half an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, Kind.DAMAGED),
    "pdf": (b"%PDF-1.7\n...", Kind.PDF),
    "pdf after a line of rubbish": (b"\r\n\r\n%PDF-1.4", Kind.PDF),
    "scan": (b"\xff\xd8\xff\xe0\0\x10JFIF", Kind.IMAGE),
    "scan of many pages": (b"II*\0....", Kind.IMAGE),
    "photo of a telephone": (b"\0\0\0\x18ftypheic\0\0\0\0", Kind.IMAGE),
    "rar": (b"Rar!\x1a\x07\x01\0rest", Kind.RAR),
    "7z": (b"7z\xbc\xaf\x27\x1c\0\4", Kind.SEVEN_ZIP),
    "gz": (b"\x1f\x8b\x08\0", Kind.PACKED),
    "tar": (b"a".ljust(257, b"\0") + b"ustar\x0000", Kind.PACKED),
    "web page": (b"<html><table><tr><td>1</td></tr></table></html>", Kind.WEB_PAGE),
    "web page with its marks": (b"\xef\xbb\xbf\r\n<!DOCTYPE html>\n<p>", Kind.WEB_PAGE),
    "table alone": ("<table border=1><tr><td>县教育局</td></tr></table>".encode("gb18030"), Kind.WEB_PAGE),
    "web page in one file": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", Kind.WEB_PAGE),
    "xml table": (
        (XML + '<?mso-application progid="Excel.Sheet"?>\n<Workbook xmlns="urn:x"/>').encode(),
        Kind.XML_WORKBOOK,
    ),
    "xml table without its program": (
        (XML + '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"/>').encode(),
        Kind.XML_WORKBOOK,
    ),
    "xml text": ((XML + '<?mso-application progid="Word.Document"?><w:wordDocument/>').encode(), Kind.OLD_WORD),
    "xml": ((XML + "<a/>").encode(), Kind.XML),
    "rtf": (b"{\\rtf1 a}", Kind.RTF),
    "csv": ("序号,任务,进展\n1,建学校,已建".encode("gb18030"), Kind.TEXT),
    "tabs of a web system": ("序号\t任务\n1\t建学校".encode("utf-16"), Kind.TEXT),
    "empty": (b"", Kind.EMPTY),
    "zeros of a broken transfer": (b"\0" * 5000, Kind.EMPTY),
    "noise": (b"\1\2\3\4noise", Kind.UNKNOWN),
}


@pytest.mark.parametrize("what", SAMPLES)
def test_a_file_is_known_by_its_content(what):
    data, kind = SAMPLES[what]
    assert kind is kind_of(data)


@pytest.mark.parametrize(("suffix", "kind"), [("xls", Kind.OLD_WORKBOOK), ("ods", Kind.ODS)])
def test_workbooks_that_an_office_program_saved_in_other_formats_are_known(suffix, kind, tmp_path):
    path = tmp_path / "县教育局.xlsx"
    path.write_bytes(sent_file())
    [made] = resaved([path], tmp_path / "out", suffix)
    assert kind is kind_of(made.read_bytes())
    assert Kind.DAMAGED is kind_of(made.read_bytes()[:1500])


def test_a_zip_with_a_password_is_known_before_it_is_opened():
    data = bytearray(zip_of("县教育局.xlsx"))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert Kind.LOCKED_ZIP is kind_of(bytes(data))


@given(st.binary(max_size=3000), st.sampled_from([b"", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml "]))
def test_random_bytes_are_some_kind_and_never_a_traceback(noise, start):
    assert kind_of(start + noise) in Kind


@pytest.mark.parametrize("kind", sorted(set(Kind) - WORKBOOKS))
def test_every_kind_that_is_no_workbook_is_refused_with_what_to_do(kind):
    refusal = no_workbook(kind, "县教育局.xls")
    assert "县教育局.xls" in refusal.what
    assert refusal.advice.startswith(("请", "文件可能"))
    assert kind not in DOCUMENTS or "下发的工作簿" in refusal.advice
