"""One plan in every kind of file that offices hold is read alike; what cannot be read is refused with advice."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from taskkit.documents import Paragraph, Table, read_document
from taskkit.errors import InputError
from taskkit.office import libreoffice
from taskkit.reading import read_plan
from tests.plan_files import (
    HEADER,
    TITLE,
    facts,
    items,
    ods_of,
    paragraphs_as_html,
    pdf_of,
    table_as_html,
    table_rows,
    web_page,
    word_plan,
    word_table,
    zip_of,
)
from tests.soffice import office_program, resaved


def excel_plan(path: Path, count: int = 40) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "任务"
    sheet["A2"] = TITLE
    for row in (HEADER, *table_rows(count)):
        sheet.append(row)
    book.save(path)
    return path


# PDF


def test_a_pdf_in_paragraphs_is_read_as_the_word_document_that_it_was(tmp_path):
    source = word_plan(tmp_path / "方案.docx")
    [made] = resaved([source], tmp_path / "out", "pdf")

    plan = read_plan(made)
    assert facts(read_plan(source)) == facts(plan)
    assert TITLE == plan.info.title
    texts = " ".join(paragraph.text for paragraph in read_document(made).paragraphs)
    assert "公报" not in texts
    assert "—" not in texts


@pytest.mark.parametrize("landscape", [True, False])
def test_a_table_over_several_pages_of_a_pdf_is_one_table_again(tmp_path, landscape):
    source = word_table(tmp_path / "方案.docx", landscape=landscape)
    [made] = resaved([source], tmp_path / "out", "pdf")

    assert facts(read_plan(source)) == facts(read_plan(made))
    [table] = read_document(made).tables
    assert table.rows[0].place == "第1页表格第1行"
    assert len({row.place[:3] for row in table.rows}) > 2


def test_the_merged_label_of_a_pdf_stands_in_every_row_that_it_covers(tmp_path):
    [made] = resaved([word_table(tmp_path / "方案.docx", 5)], tmp_path / "out", "pdf")

    labels = [row.cells[0] for row in read_document(made).tables[0].rows[1:]]
    assert {"（一）做好第1类重点工作"} == {label.text.replace("\n", "") for label in labels}
    assert [False, True, True, True, True] == [label.above for label in labels]


def test_the_places_of_a_pdf_are_its_pages(tmp_path):
    [made] = resaved([word_plan(tmp_path / "方案.docx")], tmp_path / "out", "pdf")

    sources = read_plan(made).tasks["source"].tolist()
    assert sources[0] == "第1页"
    assert int(sources[-1][1:-1]) > 3


def test_a_page_that_stands_sideways_is_read_upright(tmp_path):
    upright = b"BT /F1 20 Tf 100 500 Td (first line of it) Tj 0 -40 Td (second line) Tj ET"
    turned = b"0 1 -1 0 600 0 cm " + upright
    for name, content in (("a.pdf", upright), ("b.pdf", turned)):
        (tmp_path / name).write_bytes(pdf_of(content))

    a, b = (read_document(tmp_path / name).blocks for name in ("a.pdf", "b.pdf"))
    assert (Paragraph("first line of it second line", "第1页"),) == a == b


def test_what_no_line_divides_is_one_cell(tmp_path):
    lines = (
        b"100 700 m 500 700 l S 100 600 m 500 600 l S 300 650 m 500 650 l S 300 700 m 300 600 l S 100 700 m 100 600 l S"
    )
    words = b"".join(
        b"BT /F1 12 Tf %d %d Td (%s) Tj ET " % word
        for word in ((110, 670, b"label here"), (310, 670, b"upper one"), (310, 620, b"lower one"))
    )
    (tmp_path / "a.pdf").write_bytes(pdf_of(lines + b" " + words))

    [table] = read_document(tmp_path / "a.pdf").blocks
    assert isinstance(table, Table)
    assert [("label here", "upper one"), ("label here", "lower one")] == [row.texts for row in table.rows]
    assert (False, True) == tuple(row.cells[0].above for row in table.rows)


def test_a_scanned_pdf_is_refused_with_the_way_out(tmp_path):
    (tmp_path / "扫描.pdf").write_bytes(pdf_of(b"0 0 600 800 re f", pages=3))

    with pytest.raises(InputError, match=r"扫描件.*OCR"):
        read_document(tmp_path / "扫描.pdf")


def test_a_locked_pdf_is_refused_as_locked(tmp_path):
    source = word_plan(tmp_path / "方案.docx", 3)
    options = '{"EncryptFile":{"type":"boolean","value":"true"},"DocumentOpenPassword":{"type":"string","value":"1"}}'
    command = [office_program(), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", f"pdf:writer_pdf_Export:{options}", "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)

    with pytest.raises(InputError, match="打开密码"):
        read_document(tmp_path / "方案.pdf")


# Web pages


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_of_a_saved_web_page_only_the_article_is_read(tmp_path, charset):
    page = web_page(paragraphs_as_html(items(30)), charset)
    (tmp_path / "a.html").write_bytes(page.encode("gb18030" if charset == "gb2312" else charset))
    (tmp_path / "a.txt").write_text("\n".join(items(30)), encoding="utf-8")

    document = read_document(tmp_path / "a.html")
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert (TITLE, items(30)[-1]) == (texts[0], texts[-1])
    assert not any(word in text for text in texts for word in ("栏目", "打印", "分享", "版权", "发布时间", "位置"))
    assert facts(read_plan(tmp_path / "a.txt")) == facts(read_plan(tmp_path / "a.html"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_the_mark_of_its_encoding_is_believed_before_the_page(tmp_path, encoding):
    (tmp_path / "a.htm").write_bytes(web_page(paragraphs_as_html(items(12)), "gbk").encode(encoding))

    assert 12 == len(read_plan(tmp_path / "a.htm").tasks)


def test_an_article_inside_layout_tables_is_found_and_its_own_table_kept(tmp_path):
    inner = table_as_html(table_rows(20))
    around = (
        f"<table><tr><td>栏目<br>导航</td><td><table><tr><td><p>{TITLE}</p>{inner}</td></tr></table></td></tr></table>"
    )
    (tmp_path / "a.html").write_text(f"<html><body>{around}</body></html>", encoding="utf-8")

    [table] = read_document(tmp_path / "a.html").tables
    assert (21, 6) == (len(table.rows), len(table.rows[5].cells))
    assert (True, "（一）做好第1类重点工作") == (table.rows[3].cells[0].above, table.rows[3].cells[0].text)
    assert "张一\n李二丁" == table.rows[2].cells[3].text


def test_a_notice_beside_a_long_annex_is_not_taken_for_furniture(tmp_path):
    lines = items(40)
    links = "".join(f"<a href='#'>栏目{number}</a> | " for number in range(40))
    parts = "".join(f"<div class='part'>{paragraphs_as_html(part)}</div>" for part in (lines[:6], lines[6:]))
    page = f"<html><body><form id='aspnet'><div>{links}</div>{parts}<div>网站地图 | 联系我们</div></form></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")

    texts = [paragraph.text for paragraph in read_document(tmp_path / "a.html").paragraphs]
    assert lines == texts[: len(lines)]
    assert len(texts) <= len(lines) + 1


def test_lines_and_numbered_lists_of_a_page_become_paragraphs(tmp_path):
    body = "甲&nbsp;乙<br>丙<ol start=3><li>丁<li>戊</ol><p style='display: none'>己</p><pre>庚\n辛</pre>"
    (tmp_path / "a.html").write_text(f"<html><body><div>{body}</div></body></html>", encoding="utf-8")

    texts = [paragraph.text for paragraph in read_document(tmp_path / "a.html").paragraphs]
    assert ["甲\xa0乙", "丙", "3.丁", "4.戊", "庚", "辛"] == texts


def test_a_title_outside_the_article_is_not_lost(tmp_path):
    page = (
        f"<html><head><title>{TITLE}-云溪县政府网</title></head><body>{paragraphs_as_html(items(12)[2:])}</body></html>"
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")

    assert TITLE == read_plan(tmp_path / "a.html").info.title


# Tables as text, and workbooks


@pytest.mark.parametrize(("suffix", "separator"), [(".csv", ","), (".tsv", "\t"), (".csv", ";"), (".xls", "\t")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_text_with_separators_is_a_table(tmp_path, suffix, separator, encoding):
    path = tmp_path / f"方案{suffix}"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows([(TITLE, *[""] * 5), HEADER, *table_rows(30)])

    assert facts(read_plan(excel_plan(tmp_path / "a.xlsx", 30))) == facts(read_plan(path))


def test_a_quoted_field_may_hold_several_lines(tmp_path):
    (tmp_path / "a.csv").write_text('序号,任务\n1,"办厂，\n修路"\n2,种树\n', encoding="utf-8")

    [table] = read_document(tmp_path / "a.csv").tables
    assert [("第2行", ("1", "办厂，\n修路")), ("第4行", ("2", "种树"))] == [(r.place, r.texts) for r in table.rows[1:]]


@pytest.mark.parametrize("suffix", ["xls", "et", "ods"])
def test_older_and_open_workbooks_are_read_like_new_ones(tmp_path, suffix):
    source = excel_plan(tmp_path / "方案.xlsx")
    [made] = resaved([source], tmp_path / "out", "xls" if suffix == "et" else suffix)
    made = made.rename(made.with_suffix(f".{suffix}"))

    plan = read_plan(made)
    assert facts(read_plan(source)) == facts(plan)
    assert "工作表“任务”第4行" == plan.tasks["source"].iloc[0]


def test_merged_cells_dates_and_hidden_sheets_of_an_old_workbook(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C5"], sheet["D5"], sheet["D6"] = "组", 1, 2.5
    sheet.merge_cells("C5:C6")
    book.create_sheet("隐藏")["A1"] = "密"
    book["隐藏"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    [made] = resaved([tmp_path / "a.xlsx"], tmp_path / "out", "xls")

    [table, hidden] = read_document(made).tables
    assert (False, True) == (table.hidden, hidden.hidden)
    assert [("工作表“Sheet”第5行", ("", "", "组", "1")), ("工作表“Sheet”第6行", ("", "", "组", "2.5"))] == [
        (row.place, row.texts) for row in table.rows
    ]
    assert table.rows[1].cells[2].above


# Old texts


@pytest.mark.parametrize(("saved", "named"), [("doc", "doc"), ("doc", "wps"), ("rtf", "rtf"), ("odt", "odt")])
def test_old_texts_are_read_through_libreoffice(tmp_path, saved, named):
    source = word_plan(tmp_path / "方案.docx", 12)
    [made] = resaved([source], tmp_path / "out", saved)
    made = made.rename(made.with_suffix(f".{named}"))

    assert facts(read_plan(source)) == facts(read_plan(made))


def test_without_libreoffice_an_old_text_is_refused_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr(libreoffice, "find_program", lambda: None)
    (tmp_path / "方案.doc").write_bytes(b"{\\rtf1 abc}")

    with pytest.raises(InputError, match=r"没有安装 LibreOffice.*另存为 \.docx"):
        read_document(tmp_path / "方案.doc")


def test_a_libreoffice_that_makes_nothing_or_hangs_is_no_traceback(tmp_path, monkeypatch):
    (tmp_path / "方案.doc").write_bytes(b"{\\rtf1 abc}")
    monkeypatch.setattr(libreoffice, "find_program", lambda: shutil.which("true"))
    with pytest.raises(InputError, match="无法打开"):
        read_document(tmp_path / "方案.doc")

    (tmp_path / "hang").write_text("#!/bin/sh\nsleep 60\n", encoding="ascii")
    (tmp_path / "hang").chmod(0o755)
    monkeypatch.setattr(libreoffice, "find_program", lambda: str(tmp_path / "hang"))
    monkeypatch.setattr(libreoffice, "SECONDS", 1)
    with pytest.raises(InputError, match="1秒内没有打开"):
        read_document(tmp_path / "方案.doc")


def test_the_content_counts_not_the_ending(tmp_path):
    page = web_page(paragraphs_as_html(items(12)))
    (tmp_path / "网页.xls").write_text(page, encoding="utf-8")
    (tmp_path / "网页.txt").write_text(page, encoding="utf-8")
    shutil.copy(word_plan(tmp_path / "文.docx", 12), tmp_path / "文.doc")
    shutil.copy(tmp_path / "文.docx", tmp_path / "文.pdf")

    tasks = {name: len(read_plan(tmp_path / name).tasks) for name in ("网页.xls", "网页.txt", "文.doc", "文.pdf")}
    assert {"网页.xls": 12, "网页.txt": 12, "文.doc": 12, "文.pdf": 12} == tasks


def test_an_ofd_is_recognised_and_refused_with_the_way_out(tmp_path):
    (tmp_path / "方案.ofd").write_bytes(zip_of({"OFD.xml": "<ofd/>", "Doc_0/Document.xml": "<d/>"}))

    with pytest.raises(InputError, match=r"OFD.*另存为 Word"):
        read_document(tmp_path / "方案.ofd")


# Damaged and hostile files


def _damaged(whole: bytes, kind: str) -> dict[str, bytes]:
    chance = random.Random(kind)
    changed = bytearray(whole)
    for _ in range(20):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return {
        f"断.{kind}": whole[: len(whole) // 2],
        f"缺尾.{kind}": whole[:-40],
        f"改.{kind}": bytes(changed),
        f"乱.{kind}": whole[:16] + chance.randbytes(5_000),
        f"倒.{kind}": whole[::-1],
    }


def hostile_files() -> dict[str, bytes]:
    """Files that ask for far more than they hold, by name."""
    repeated = '<table:table-row table:number-rows-repeated="{0}">{1}</table:table-row>'
    cell = '<table:table-cell table:number-columns-repeated="{0}" office:value-type="string">{1}</table:table-cell>'
    say = "<text:p>x</text:p>"
    grid = b"".join(b"0 %d m 600 %d l S %d 0 m %d 800 l S\n" % (n * 8, n * 8, n * 8, n * 8) for n in range(90))
    word = b"BT /F1 9 Tf 50 50 Td (hello hello hello) Tj ET\n"
    return {
        "炸弹.pdf": pdf_of(word * 3_000_000),
        "满线.pdf": pdf_of(grid + word, pages=300),
        "多页.pdf": pdf_of(word, pages=3_000),
        "满格.ods": ods_of(repeated.format(1_048_576, cell.format(16_384, say))),
        "远格.ods": ods_of(repeated.format(1_048_575, "<table:table-cell/>") + repeated.format(1, cell.format(1, say))),
        "实体.html": b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><p>&x;\xe4\xbb\xbb</p></html>',
        "深.html": b"<div>" * 100_000 + b"x",
        "深表.html": b"<table><tr><td>" * 30_000 + b"x",
        "宽表.html": b"<table><tr>" + b"<td colspan=9999 rowspan=99999>x" * 3_000 + b"</table>",
        "注释.html": b"<html>" + b"<!--" * 100_000,
        "长行.csv": b'"' + b"a," * 2_000_000,
        "宽.csv": b"," * 1_000_000,
        "括号.rtf": b"{\\rtf1" + b"{" * 50_000,
    }


def _read_within_limits(path: Path) -> None:
    start = time.monotonic()
    try:
        read_document(path)
    except InputError as refused:
        assert str(refused).endswith("未作任何改动。")
    assert time.monotonic() - start < 10, path.name


def test_damaged_files_of_every_kind_are_read_or_refused(tmp_path):
    source = word_plan(tmp_path / "文.docx", 12)
    whole = {kind: resaved([source], tmp_path / "out", kind)[0].read_bytes() for kind in ("pdf", "doc", "rtf")}
    table = excel_plan(tmp_path / "表.xlsx")
    whole |= {kind: resaved([table], tmp_path / "out", kind)[0].read_bytes() for kind in ("xls", "ods")}
    whole["html"] = web_page(paragraphs_as_html(items(12)), "gb2312").encode("gb18030")
    whole["csv"] = (tmp_path / "表.xlsx").read_bytes()
    for kind, data in whole.items():
        for name, damaged in _damaged(data, kind).items():
            (tmp_path / name).write_bytes(damaged)
            _read_within_limits(tmp_path / name)


def test_hostile_files_are_read_or_refused_in_time_and_memory(tmp_path):
    for name, data in hostile_files().items():
        (tmp_path / name).write_bytes(data)
        if not name.endswith(".rtf"):
            continue
        office_program()
        _read_within_limits(tmp_path / name)
    script = (
        "import sys, time, resource\n"
        "from pathlib import Path\n"
        "from taskkit.documents import read_document\n"
        "from taskkit.errors import InputError\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "for path in sorted(Path(sys.argv[1]).iterdir()):\n"
        "    if path.suffix == '.rtf':\n"
        "        continue\n"
        "    start = time.monotonic()\n"
        "    try:\n"
        "        read_document(path)\n"
        "    except InputError:\n"
        "        pass\n"
        "    assert time.monotonic() - start < 10, path.name\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)
