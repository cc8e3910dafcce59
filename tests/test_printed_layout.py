"""The layout in print: places measured in the PDF that LibreOffice makes of every filled template.

Each test names the clause of GB/T 9704-2012 that it checks; docs/layout.md has the figures in one table.

The fonts of the standard are licensed and not at hand: LibreOffice sets Chinese in Noto CJK and
digits in DejaVu Sans. Chinese characters are as wide as they are tall in all of these, so all places
of Chinese text are those of the real fonts. What differs is said in the test that meets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.filled_templates import BARE, SENTENCE, SENTENCES, TABLE, TALL, TEMPLATES, documents, filled
from tests.measured_pdf import AREAS, MM, PAPER, Line, Page, measured
from tests.soffice import resaved

LINE = 28.95 * MM  # mm between the lines of the text
CHARACTER = 16 * MM  # mm of a character of 3号
NEAR = 0.5  # mm; the standard allows 1 mm

RUNNING = (SENTENCE * 45)[: 28 * 22 * 3]  # three full pages of text without a break
ENDINGS = range(1, 23)  # lines of text that move the signature down a whole page


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Page, ...]]:
    """The pages of every template filled, as LibreOffice prints them: one run for all.

    ``full`` has three pages of text; in ``end1`` … the signature comes line by line nearer to the foot of a page.
    """
    folder = tmp_path_factory.mktemp("documents")
    files = [*documents(folder).values(), *_special(folder)]
    return {path.stem: measured(path) for path in resaved(files, tmp_path_factory.mktemp("printed"), "pdf")}


def _special(folder: Path) -> Iterator[Path]:
    short: dict[str, list[str]] = {
        "overview": [],
        "charts": [],
        "domains": [],
        "delays": [],
        "requests": [],
        "annexes": [],
        "annex_list": [],
    }
    made = {
        f"end{lines}": filled(TEMPLATES["progress"], intro=RUNNING[: 28 * lines], frame=BARE, **short)
        for lines in ENDINGS
    }
    for name, data in {"full": filled(TEMPLATES["digest"], intro=RUNNING, frame=BARE), **made}.items():
        path = folder / f"{name}.docx"
        path.write_bytes(data)
        yield path


@pytest.fixture(params=TEMPLATES)
def pages(request: pytest.FixtureRequest, printed: dict[str, tuple[Page, ...]]) -> tuple[Page, ...]:
    return printed[request.param]


@dataclass(frozen=True)
class Number:
    """A page number as it is read: mm before and after it in the text area, and from that to its dashes."""

    text: str
    before: float
    after: float
    below: float


DASH = 14 * MM * 0.31  # a dash is drawn about a third of the type size above the line that digits stand on


def number_of(page: Page) -> Number:
    """The number of a page; on a turned page it is read with the page turned back."""
    left, top, right, bottom = area(page)
    if not is_turned(page):
        line = page.lines[-1]
        return Number(line.text, line.left - left, right - line.right, line.baseline - DASH - bottom)
    first, last = page.turned[0], page.turned[-1]
    text = "".join(glyph.char for glyph in page.turned)
    return Number(text, first.baseline - top, bottom - last.bottom, left - first.left - DASH)


def text_lines(page: Page) -> tuple[Line, ...]:
    """All lines but the page number."""
    return page.lines if is_turned(page) else page.lines[:-1]


def area(page: Page) -> tuple[int, int, int, int]:
    return AREAS[round(page.width)]


def is_turned(page: Page) -> bool:
    return round(page.width) == 297


# --- page and text area -------------------------------------------------------------------


def test_the_pages_are_a4_upright_or_turned(pages):
    """5.1, 8."""
    assert {(round(page.width), round(page.height)) for page in pages} <= set(PAPER.items())


def test_a_document_with_a_wide_table_has_turned_pages_for_it(printed):
    """8: a section of its own between the text and the imprint, which are upright."""
    widths = [round(page.width) for page in printed["progress"]]
    assert [210, 297, 210] == [width for width, after in pairwise([*widths, 0]) if width != after]


def test_nothing_stands_outside_the_text_area_but_the_page_number(pages):
    """5.2.1. A comma or full stop that ends a line may hang in the margin, as Word does unless told otherwise."""
    for page in pages:
        left, top, right, bottom = area(page)
        for line in text_lines(page):
            hanging = CHARACTER if line.text[-1] in "，。、；：）》”" else 0
            assert left - NEAR <= line.left, line.text
            assert line.right <= right + NEAR + hanging, line.text
            assert top <= line.baseline <= bottom, line.text
        for x0, y0, x1, y1 in page.rules:
            assert left - NEAR <= x0
            assert x1 <= right + NEAR
            assert top - NEAR <= y0
            assert y1 <= bottom + NEAR


# --- lines and characters -----------------------------------------------------------------


def running(pages: tuple[Page, ...]) -> list[Page]:
    """Pages that are full of running text; there are some."""
    full = [page for page in pages if all(line.text in SENTENCE * 3 for line in text_lines(page))]
    assert full
    return full


def test_a_full_page_holds_22_lines_of_28_characters(printed):
    """5.2.3."""
    full = running(printed["full"])
    assert {28} == {len(line.glyphs) for page in full for line in text_lines(page)}
    assert {22} == {len(text_lines(page)) for page in full}


def test_lines_are_28_95_points_apart(printed):
    """5.2.3 names no figure: 22 lines in 225 mm are at most 28.99 points apart."""
    for page in running(printed["full"]):
        steps = [below.baseline - above.baseline for above, below in pairwise(text_lines(page))]
        assert steps == pytest.approx([LINE] * 21, abs=0.05)


def test_full_lines_reach_from_edge_to_edge(printed):
    """5.2.1: 156 mm; 28 characters of 15.75 points, their last one no further than the edge."""
    for page in running(printed["full"]):
        assert {28.0} == {round(line.left, 0) for line in text_lines(page)}
        assert all(183.4 <= line.right <= 184.0 for line in text_lines(page))


def test_a_paragraph_begins_two_characters_in_and_goes_on_at_the_edge(printed):
    """7.3.3."""
    lines = text_lines(printed["full"][0])
    at = next(number for number, line in enumerate(lines) if RUNNING.startswith(line.text))
    assert lines[at].left == pytest.approx(28 + 2 * CHARACTER, abs=NEAR)
    assert lines[at + 1].left == pytest.approx(28, abs=NEAR)
    assert 26 == len(lines[at].glyphs)


# --- page numbers -------------------------------------------------------------------------


def test_each_page_has_its_number_between_dashes(pages):
    """7.5: one after the other through text and annexes; 4号."""
    numbers = [number_of(page).text.replace(" ", "") for page in pages]  # a PDF may leave blanks out
    assert [f"—{number}—" for number in range(1, len(pages) + 1)] == numbers
    assert {14.0} == {round((page.turned or page.lines[-1].glyphs)[0].size, 1) for page in pages}


def test_page_numbers_stand_outside_one_character_in(pages):
    """7.5: odd pages right, even pages left, each one character (14 points) in."""
    for number, page in enumerate(pages, 1):
        found = number_of(page)
        assert (found.after if number % 2 else found.before) == pytest.approx(14 * MM, abs=NEAR)


def test_the_dashes_of_page_numbers_are_7_mm_below_the_text_area(pages):
    """7.5; on a turned page on its left, where the foot of the page is in the bound document (8)."""
    for page in pages:
        assert number_of(page).below == pytest.approx(7, abs=NEAR)


# --- red head and imprint, where an office wants them -----------------------------------------


def head_pages(printed: dict[str, tuple[Page, ...]]) -> list[Page]:
    return [printed[name][0] for name in TEMPLATES]


def foot(line: Line) -> float:
    """The lower edge of the characters of a line: Chinese ones reach 0.12 of their size below it."""
    return line.baseline + 0.12 * line.size * MM


def test_the_mark_of_an_inner_paper_stands_on_line_1_flush_left(printed):
    """7.2.2: the place of 密级, which such a mark takes."""
    for page in head_pages(printed):
        left, top, _, _ = area(page)
        line = page.lines[0]
        assert ("内部资料　注意保存", 16) == (line.text, round(line.size))
        assert line.left == pytest.approx(left, abs=NEAR)
        assert top < line.baseline < top + LINE


def test_the_upper_edge_of_the_red_head_is_35_mm_under_that_of_the_text_area(printed):
    """7.2.4: centred."""
    for page in head_pages(printed):
        left, top, right, _ = area(page)
        line = page.line("云溪县人民政府办公室文件")
        assert foot(line) - line.size * MM - top == pytest.approx(35, abs=1)
        assert (line.left + line.right) / 2 == pytest.approx((left + right) / 2, abs=NEAR)


def test_the_red_line_is_4_mm_under_the_number_and_as_wide_as_the_text(printed):
    """7.2.5, 7.2.7."""
    for page in head_pages(printed):
        left, _, right, _ = area(page)
        head = page.line("云溪县人民政府办公室文件")
        number = next(line for line in page.lines if line.baseline > head.baseline)
        rule = min((rule for rule in page.rules if rule[1] > number.baseline), key=lambda rule: rule[1])
        assert rule[1] - foot(number) == pytest.approx(4, abs=1)
        assert (rule[0], rule[2]) == pytest.approx((left, right), abs=NEAR)


def test_the_imprint_is_at_the_foot_of_the_last_page_between_lines_as_wide_as_the_text(printed):
    """7.4.1 to 7.4.3: 4号, one character in on either side."""
    for name in TEMPLATES:
        page = printed[name][-1]
        copies, printer = page.line("抄送："), page.line("印发")
        assert {14} == {round(copies.size), round(printer.size)}
        assert copies.left == pytest.approx(28 + 14 * MM, abs=NEAR)
        assert (printer.left, printer.right) == pytest.approx((28 + 14 * MM, 184 - 14 * MM), abs=NEAR)
        rules = [rule for rule in page.rules if rule[3] > copies.baseline - LINE]
        assert 3 == len(rules)
        assert {(28, 184)} == {(round(rule[0]), round(rule[2])) for rule in rules}
        assert max(rule[3] for rule in rules) == pytest.approx(262, abs=NEAR)


# --- title, signature, annexes --------------------------------------------------------------


def test_the_title_is_22_points_and_centred(pages):
    """7.3.1: 2号, centred, in one or several lines."""
    title = [line for line in text_lines(pages[0]) if round(line.size) == 22]
    left, _, right, _ = area(pages[0])
    assert title
    for line in title:
        assert (line.left + line.right) / 2 == pytest.approx((left + right) / 2, abs=NEAR)


def test_lines_of_the_title_are_36_points_apart(printed):
    """7.3.1 names no figure; the lines of a title stand closer than two lines of text."""
    first, second, *_ = (line for line in printed["progress"][0].lines if round(line.size) == 22)
    assert second.baseline - first.baseline == pytest.approx(36 * MM, abs=0.1)


def test_the_issuer_stands_two_characters_from_the_right_and_the_date_begins_two_after_it(printed):
    """7.3.5.2 (without a seal). The date ends where it should; it begins further left than with the
    real font, for the digits at hand are 0.64 wide, not half, and LibreOffice parts them from Chinese."""
    ending = next(page for page in printed["progress"] if "2026年7月15日" in page.text)
    issuer, day = ending.line("云溪县人民政府督查室"), ending.line("2026年7月15日")
    assert issuer.right == pytest.approx(184 - 2 * CHARACTER, abs=NEAR)
    assert day.right == pytest.approx(184 - (10 - 6.5) * CHARACTER, abs=NEAR)
    assert day.baseline - issuer.baseline == pytest.approx(LINE, abs=0.1)


@pytest.mark.parametrize("lines", ENDINGS)
def test_the_signature_never_has_a_page_to_itself(printed, lines):
    """7.3.5.5: however the text ends, a line of it stands on the page of the signature."""
    ending = printed[f"end{lines}"][-1]
    assert "云溪县人民政府督查室" in ending.text
    assert any(len(line.glyphs) >= 8 and line.text in SENTENCE * 2 + "。" for line in text_lines(ending))


def test_but_what_keeps_with_it_is_the_last_paragraph_and_no_more(printed):
    """So the page before it is filled but for a few lines, in most of these to the last."""
    before = [printed[f"end{lines}"][-2] for lines in ENDINGS if len(printed[f"end{lines}"]) > 1]
    blank = [(262 - text_lines(page)[-1].baseline) / LINE for page in before]
    assert before
    assert max(blank) < 8


def test_the_label_of_an_annex_stands_on_line_1_and_its_title_on_line_3(printed):
    """7.3.7: on a new page, 附件 in 3号 flush left on the first line, the title centred on the third."""
    for name in ("progress", "plan"):
        page = next(page for page in printed[name] if is_turned(page))
        left, top, right, _ = area(page)
        label, title = page.lines[:2]
        assert ("附件1", 16, 22) == (label.text, round(label.size), round(title.size))
        assert label.left == pytest.approx(left, abs=NEAR)
        assert top < label.baseline < top + LINE
        assert top + 2 * LINE < title.baseline < top + 2 * LINE + 36 * MM
        assert (title.left + title.right) / 2 == pytest.approx((left + right) / 2, abs=NEAR)


# --- tables -------------------------------------------------------------------------------


HEADER = "".join(column.header for column in TABLE.columns)


def test_the_header_row_stands_on_each_page_of_a_table(pages):
    """8: the first row is repeated; a page without it holds no text of a table."""
    for page in pages:
        if any(line.size == 10.5 for line in page.lines):
            assert TABLE.columns[-1].header in page.text, page.text[:80]


def test_no_row_is_broken_across_pages_unless_it_is_taller_than_one(pages):
    """8: what is left of the page stays blank."""
    for page in pages:
        text = page.text.replace("\n", "")
        begun, ended = re.findall(r"始(\d+)号", text), re.findall(r"终(\d+)号", text)
        assert set(begun) ^ set(ended) <= {str(TALL)}, text[:80]


def test_but_a_row_taller_than_a_page_goes_on_over_several_and_nothing_is_lost(printed):
    text = "".join("".join(line.text for line in text_lines(page)) for page in printed["progress"] if is_turned(page))
    tall = re.search(f"始{TALL}号(.*?)终{TALL}号", text)
    assert tall is not None
    assert len(SENTENCE) * SENTENCES <= len(tall[1].replace(HEADER, "").replace(f"{TALL}任务{TALL}", ""))


def test_a_heading_in_a_table_is_never_the_last_row_of_a_page(pages):
    for page in pages:
        last = text_lines(page)[-1].text
        assert not re.match(r"大[类项]第", last), last


# --- the figures in the docs --------------------------------------------------------------


def figures(printed: dict[str, tuple[Page, ...]]) -> dict[str, float]:
    """What docs/layout.md says was measured, by the name of its row."""
    pages, full = printed["progress"], running(printed["full"])[0]
    first, odd, even = pages[0], pages[2], pages[1]
    turned = next(page for page in pages if is_turned(page))
    ending = next(page for page in pages if "2026年7月15日" in page.text)
    lines, title = text_lines(full), [line for line in first.lines if round(line.size) == 22]
    begun = next(line for line in printed["full"][0].lines if RUNNING.startswith(line.text))
    label, annex_title = turned.lines[:2]
    head, copies, printer = first.line("云溪县人民政府办公室文件"), pages[-1].line("抄送："), pages[-1].line("印发")
    number = next(line for line in first.lines if line.baseline > head.baseline)
    return {
        "纸宽": full.width,
        "纸高": full.height,
        "版心左边": lines[0].left,
        "版心右边": lines[0].right,
        "每页行数": len(lines),
        "每行字数": len(lines[0].glyphs),
        "行距": (lines[-1].baseline - lines[0].baseline) / 21 / MM,
        "段首缩进": (begun.left - lines[0].left) / CHARACTER,
        "红头上边缘到版心上边缘": foot(head) - head.size * MM - 37,
        "红线到发文字号": min(rule[1] for rule in first.rules if rule[1] > number.baseline) - foot(number),
        "标题字号": title[0].size,
        "标题行距": (title[1].baseline - title[0].baseline) / MM,
        "署名右空": (184 - ending.line("云溪县人民政府督查室").right) / CHARACTER,
        "附件标识的行次": row_of(label),
        "附件标题的行次": row_of(annex_title),
        "页码字号": first.lines[-1].size,
        "页码一字线到版心": number_of(first).below,
        "单页页码右空": number_of(odd).after / 14 / MM,
        "双页页码左空": number_of(even).before / 14 / MM,
        "版记字号": copies.size,
        "版记右空": (184 - printer.right) / 14 / MM,
        "版记末条线": max(rule[3] for rule in pages[-1].rules),
        "横排页的纸宽": turned.width,
        "横排页的纸高": turned.height,
        "横排表格左边": min(x0 for x0, _, _, _ in turned.rules),
        "横排表格右边": max(x1 for _, _, x1, _ in turned.rules),
    }


def row_of(line: Line) -> int:
    """The number of the line of text, on a turned page, in which the middle of a line's characters stands."""
    return int((line.baseline - 0.4 * line.size * MM - 28) // LINE) + 1


def test_the_docs_say_what_is_measured(printed):
    text = (Path(__file__).resolve().parent.parent / "docs" / "layout.md").read_text(encoding="utf-8")
    table = text.split("## 页面")[1].split("## ")[0]
    said = {row[0]: float(row[-1].split(" ")[0]) for row in rows_of(table)}
    assert figures(printed) == pytest.approx(said, abs=0.3)


def rows_of(table: str) -> Iterator[list[str]]:
    """The rows of a Markdown table below its heading."""
    for line in re.findall(r"^\|(.*)\|$", table, re.M)[2:]:
        yield [cell.strip() for cell in line.split("|")]
