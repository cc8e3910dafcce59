"""Damaged and hostile files: each gives a plan with findings or a clear refusal, never a fault of ours.

The inputs are made here, from seeds, so that a failure can be repeated. What keeps a hostile file
from taking hours or gigabytes are the limits in the code; the last tests hold the places where a
small file once asked for very much.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator

import docx
import openpyxl
import pytest

from taskkit.dialects.headers import header_column
from taskkit.documents import Paragraph
from taskkit.documents.drawn import with_drawn_tables
from taskkit.errors import InputError
from taskkit.measures import measure
from taskkit.plan import Plan
from taskkit.reading import MAX_PARAGRAPH, read_plan
from taskkit.unit_names import parse_persons
from taskkit.unit_words import set_labels_apart
from tests.plans import codes

LINES = [
    "云溪县人民政府办公室关于印发2026年重点任务分工方案的通知",
    "各牵头单位于每季度末月25日前将进展情况报县政府督查室。",
    "2026年2月18日",
    "2026年云溪县重点任务分工方案",
    "一、壮大工业（2项）",
    "（一）培育企业",
    "1. 新增规上企业10家以上。（牵头单位：县工信局；配合单位：县财政局、科技局，各镇政府，6月底完成）",
    "2. 建成东溪园区。",
    "分管领导：张　一",
    "部门分工：县发展改革局、工信局牵头，东溪、青石镇政府配合。",
    "二、办好民生",
    "3. 新建学校2所。（县教育局〔牵头〕，县住建局）",
    "序号\t工作任务\t牵头单位\t配合单位\t完成时限",
    "1\t开展技能培训4万人次\t县人力资源 社会保障局\t县财政局\t12月底",
    "合计\t1项\t\t\t",
]
TEXT = "\n".join(LINES)
ROWS = [line.split("\t") for line in LINES if "\t" in line]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_bytes() -> bytes:
    document = docx.Document()
    for line in LINES[:12]:
        document.add_paragraph(line)
    table = document.add_table(rows=len(ROWS), cols=5)
    for place, row in enumerate(ROWS):
        for column, text in enumerate(row):
            table.cell(place, column).text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def excel_bytes() -> bytes:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word(body: str, numbering: str = "") -> bytes:
    parts: dict[str, bytes | str] = {"word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>"}
    if numbering:
        parts["word/numbering.xml"] = f"<w:numbering {W}>{numbering}</w:numbering>"
    return zipped(parts)


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def cut_short(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def shuffled(data: bytes, chance: random.Random) -> bytes:
    blocks = [data[place : place + 97] for place in range(0, len(data), 97)]
    chance.shuffle(blocks)
    return b"".join(blocks)


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(20):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def random_tail(data: bytes, chance: random.Random) -> bytes:
    return data[:8] + chance.randbytes(2_000)


DAMAGES = (cut_short, shuffled, flipped, random_tail)
ENCODINGS = ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "utf-32", "utf-7")


def shuffled_text(chance: random.Random) -> str:
    """Lines in any order, some cut, some doubled, some run together, brackets lost."""
    lines = [line[: chance.randrange(len(line) + 1)] if chance.random() < 0.2 else line for line in LINES]
    lines += chance.choices(lines, k=4)
    chance.shuffle(lines)
    text = "".join(line + chance.choice(["\n", "\n", "\n\n", "", " "]) for line in lines)
    return text.translate({ord(char): None for char in chance.choice(["", "（", "）", "：", "。、", "\t"])})


def damaged_files() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of more than two hundred damaged files."""
    sources = {"docx": word_bytes(), "xlsx": excel_bytes(), "txt": TEXT.encode(), "txt2": TEXT.encode("gb18030")}
    for kind, data in sources.items():
        for damage in DAMAGES:
            for seed in range(8):
                yield f"{damage.__name__}-{seed}.{kind[:4].rstrip('2')}", damage(data, random.Random(seed))
    for seed in range(60):
        yield f"lines-{seed}.txt", shuffled_text(random.Random(seed)).encode()
    for encoding in ENCODINGS:
        yield f"{encoding}.txt", TEXT.encode(encoding, errors="replace")
        yield f"{encoding}.docx", TEXT.encode(encoding, errors="replace")
    for kind in ("docx", "xlsx", "txt"):
        for seed in range(6):
            yield f"random-{seed}.{kind}", random.Random(seed).randbytes(3_000)
    yield from _hostile_files()


def _hostile_files() -> Iterator[tuple[str, bytes]]:
    """Files that ask for far more than they hold, or bring what no office program writes."""
    entity = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "' + "&x;" * 500 + '">]>'
    plain = paragraph("1.甲事。（牵头单位：县教育局）")
    nested = "<w:tbl><w:tr><w:tc>" * 60 + paragraph("甲") + "</w:tc></w:tr></w:tbl>" * 60
    spans = "<w:tc><w:tcPr><w:gridSpan w:val='1000'/></w:tcPr><w:p/></w:tc>" * 50
    yield "bomb.docx", zipped({"word/document.xml": b"<a>" + b" " * 30_000_000 + b"</a>"})
    yield "bomb.xlsx", zipped({"[Content_Types].xml": "<a/>", "xl/workbook.xml": b"<a>" + b" " * 30_000_000 + b"</a>"})
    yield "entities.docx", zipped({"word/document.xml": f"{entity}<w:document {W}><w:body>&y;</w:body></w:document>"})
    yield "nested.docx", word(nested + plain)
    yield "controls.docx", word("<w:sdt>" * 100 + plain + "</w:sdt>" * 100)
    yield "spans.docx", word(f"<w:tbl>{f'<w:tr>{spans}</w:tr>' * 200}</w:tbl>{plain}")
    yield "lzma.docx", zipped({"word/document.xml": "甲" * 200}, zipfile.ZIP_LZMA)[:120] + b"\0" * 400
    yield "empty-tables.docx", word(f"<w:tbl/><w:tbl><w:tr/></w:tbl><w:tbl><w:tr><w:tc/></w:tr></w:tbl>{plain}")
    for level in ("999999999", "x", "-1", "²"):
        number = f"<w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='1'/></w:numPr></w:pPr>"
        yield f"level-{len(level)}-{ord(level[0])}.docx", word(paragraph("甲", number) + plain, _list_of(level, "%1."))
    number = "<w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr>"
    yield "label.docx", word(paragraph("甲", number) * 500 + plain, _list_of("0", "%1" * 100_000))


def _list_of(level: str, text: str) -> str:
    lvl = f"<w:lvl w:ilvl='{level}'><w:numFmt w:val='decimal'/><w:lvlText w:val='{text}'/></w:lvl>"
    return (
        f"<w:abstractNum w:abstractNumId='0'>{lvl}</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
    )


FILES = list(damaged_files())


def test_there_are_at_least_two_hundred_of_them():
    assert len(FILES) >= 200


@pytest.mark.parametrize(("name", "data"), FILES, ids=[name for name, _ in FILES])
def test_a_damaged_file_gives_a_plan_or_a_clear_refusal(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    try:
        plan = read_plan(tmp_path / name)
    except InputError as refused:
        assert name in str(refused)
        assert str(refused).endswith("未作任何改动。")
    else:
        assert isinstance(plan, Plan)
        assert len(plan.tasks)


def test_the_undamaged_text_is_a_plan_of_four_tasks(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")

    assert ["T001", "T002", "T003", "A001"] == read_plan(tmp_path / "a.txt").tasks.index.tolist()


TITLE = "2026年云溪县重点任务分工方案\n"
GREEDY = {
    "a bracket never closed": "1. 甲事" + "（" * 30_000 + "牵头单位：县教育局",
    "many brackets": "1. 甲事" + "（甲）" * 15_000 + "（牵头单位：县教育局）",
    "many labels": "1. 甲事。（" + "相关责任单位：" * 6_000 + "县教育局）",
    "many verbs": "1. 甲事。（县教育局" + "牵头负责配合落实" * 6_000 + "）\n2. 乙事。（县民政局牵头）",
    "many ands": "1. 甲事。（牵头单位：" + "县教育局和" * 8_000 + "县财政局）",
    "one long name": "1. 甲事。（牵头单位：" + "县" * 40_000 + "局）",
    "long names alike": "".join(f"{n}. 甲事。（牵头单位：{'县' * 3_000}{n}局）\n" for n in range(1, 12)),
    "pieces of a cell": "序号\t工作任务\t牵头单位\n1\t做好甲方面的事\t" + "县 教 " * 10_000,
    "one sign per line": "1. 甲事\n" + "甲\n" * 15_000 + "。（牵头单位：县教育局）\n2. 乙事。（县民政局牵头）",
    "collectives": "1. 甲事。（牵头单位：" + "各有关相关责任" * 6_000 + "单位）",
    "a digit forever": "1. 甲事" + "1" * 50_000 + "个。（牵头单位：县教育局）",
    "comparing words": "1. 指标" + "达到" * 24 + "了5个。率超过" + "当地的" * 32 + "了5个。（牵头单位：县教育局）",
    "many comparing words": "1. 指标" + "达到提高到均" * 5_000 + "了5个。（牵头单位：县教育局）",
    "many numbers": "1. 甲事" + "新建学校5个" * 3_000 + "。（牵头单位：县教育局）",
    "many numerals": "1. 甲事" + "建成两条路、" * 5_000 + "。（牵头单位：县教育局）",
    "thousands forever": "1. 甲事" + "200，" * 7_500 + "。（牵头单位：县教育局）",
    "many changes": "1. 甲事" + "从1元提高到2元、" * 3_000 + "。（牵头单位：县教育局）",
    "many totals": "1. 甲事" + "总额5元、" * 3_000 + "。（牵头单位：县教育局）",
    "papers never drawn up": "1. 甲事" + "完善" * 15_000 + "。（牵头单位：县教育局）",
    "many lists in brackets": "1. 甲事" + "（县教育局、县财政局）乙事" * 4_000 + "。（县民政局牵头）",
    "many verbs in brackets": "1. 甲事" + "（县教育局牵头）" * 6_000,
    "blanks before a number": "1. 甲事。（县民政局牵头）\n" + " " * 50_000 + "2" + " " * 50_000,
    "a list of blanks": "1. 甲事。\n牵头领导：王二"
    + "\u3000" * 50_000
    + "李三\n牵头单位：县教育局"
    + " " * 50_000
    + "县财政局",
    "counts of tasks": "一、工业（" + "1" * 5_000 + "项）\n1. 甲事。（县民政局牵头）\n2. 乙事。（县民政局牵头）",
    "remarks": "一、" + "贯彻工作有关" * 5_000 + "\n1. 甲事。（县民政局牵头）",
    "orders": "各单位于每月" * 8_000 + "5日前报送进展情况\n1. 甲事。（牵头单位：县教育局）",
}


@pytest.mark.parametrize("text", GREEDY.values(), ids=GREEDY.keys())
def test_a_text_that_repeats_one_thing_without_end_is_read_within_its_limits(tmp_path, text):
    (tmp_path / "a.txt").write_text(TITLE + text, encoding="utf-8")

    start = time.process_time()
    assert len(read_plan(tmp_path / "a.txt").tasks) >= 1
    assert time.process_time() - start < 10


def test_a_cell_longer_than_any_in_a_plan_is_cut_and_reported(tmp_path):
    document = docx.Document()
    document.add_paragraph(TITLE.strip())
    table = document.add_table(rows=2, cols=3)
    for row, texts in zip(
        table.rows, [("序号", "工作任务", "牵头单位"), ("1", "完善" * 100_000, "县教育局")], strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(tmp_path / "a.docx")
    plan = read_plan(tmp_path / "a.docx")

    assert "text-cut" in codes(plan)
    assert MAX_PARAGRAPH == len(str(plan.tasks.loc["T001", "title"]))


def test_a_sentence_that_repeats_a_verb_without_end_is_soon_told_from_a_paper():
    assert measure("完善" * 30_000).kind == "other"


def test_a_cell_of_brackets_alone_is_soon_told_from_the_name_of_a_column():
    assert header_column("（" * 100_000) is None


@pytest.mark.parametrize("read", [parse_persons, set_labels_apart], ids=["persons", "labels"])
def test_a_long_run_of_blanks_is_read_at_once(read):
    assert read("王二" + " " * 200_000 + "李三：")


def test_a_drawing_far_larger_than_a_plan_is_not_taken_for_a_table(tmp_path):
    rule, line = f"+{'-' * 480}+{'-' * 480}+\n", f"|{'甲' * 240}|{'乙' * 240}|\n"
    blocks = tuple(Paragraph(text.strip(), "第1行") for text in [rule, line] * 1_000)

    assert blocks == with_drawn_tables(blocks)


def test_a_document_of_more_lines_than_any_plan_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text(TITLE + "1. 甲事。（县教育局牵头）\n" * 20_001, encoding="utf-8")

    with pytest.raises(InputError, match="内容过多"):
        read_plan(tmp_path / "a.txt")


def test_a_document_of_more_text_than_any_plan_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text(TITLE + f"1. {'甲' * 20_000}。（县教育局牵头）\n" * 60, encoding="utf-8")

    with pytest.raises(InputError, match="内容过多"):
        read_plan(tmp_path / "a.txt")


def test_merged_areas_that_cover_far_more_than_the_sheet_are_not_followed(tmp_path):
    areas = "".join(f'<mergeCell ref="A{n}:GR{n + 900_000}"/>' for n in range(3, 2_000))
    areas = f'</sheetData><mergeCells><mergeCell ref="F1:F1048576"/>{areas}</mergeCells>'
    with zipfile.ZipFile(io.BytesIO(excel_bytes())) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", areas.encode())
    (tmp_path / "a.xlsx").write_bytes(zipped(dict(parts)))

    assert ["T001"] == read_plan(tmp_path / "a.xlsx").tasks.index.tolist()


def test_a_sheet_that_is_far_too_wide_and_long_is_refused(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for number in range(2_500):
        sheet.append([number, *[None] * 198, "县教育局"])
    book.save(tmp_path / "a.xlsx")

    with pytest.raises(InputError, match="表格过大"):
        read_plan(tmp_path / "a.xlsx")


def test_names_that_differ_in_one_place_each_are_reported_without_comparing_all_pairs(tmp_path):
    text = "".join(f"{n}. 甲事{n}。（牵头单位：云溪{chr(0x4E00 + n)}局）\n" for n in range(1, 400))
    (tmp_path / "a.txt").write_text(TITLE + text, encoding="utf-8")

    assert "name-near" not in codes(read_plan(tmp_path / "a.txt"))
