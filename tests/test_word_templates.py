"""Word templates that an office has changed: what --check says of them, and what a report does with a bad one."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from taskkit.cli import commands, main
from taskkit.errors import InputError, TemplateError, UsageError
from taskkit.office.docx_marks import scan
from taskkit.settings import Settings
from taskkit.word import fill
from taskkit.word_template_check import CONTENTS, check_word_template, sample
from tests.filled import NAME, plan_of
from tests.odd_files import encrypted

ROOT = Path(__file__).resolve().parent.parent
NAMES = tuple(name.removeprefix("reports/") for name in CONTENTS)


def shipped(name: str = "progress.docx") -> Document:
    return docx.Document(io.BytesIO(Settings().template(f"reports/{name}")))


def saved(document: Document, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))
    return path


def problems_with(folder: Path, *texts: str) -> tuple[str, ...]:
    """The problems of the progress report's template with further paragraphs at its end."""
    document = shipped()
    for text in texts:
        document.add_paragraph(text)
    return check_word_template(saved(document, folder / "progress.docx")).problems


def runs(document: Document, *pieces: str) -> None:
    """A paragraph in pieces, as Word cuts it: a format of its own for each, marks of the spelling check between."""
    paragraph = document.add_paragraph()
    for piece in pieces:
        paragraph.add_run(piece).bold = bool(piece.strip("{}% "))
        paragraph._p.append(paragraph._p.makeelement(f"{{{paragraph._p.nsmap['w']}}}proofErr"))


# --- what --check says ------------------------------------------------------------------------


def test_every_shipped_word_template_is_known_and_without_problems():
    folder = ROOT / "templates" / "reports"
    assert set(NAMES) == {path.name for path in folder.glob("*.docx")}, "CONTENTS says what each is filled with"
    for name in NAMES:
        checked = check_word_template(folder / name)
        assert (f"reports/{name}", (), ()) == (checked.name, checked.problems, checked.lacking)


def test_the_marks_are_listed_by_the_part_in_which_they_stand(tmp_path):
    document = shipped()
    document.sections[0].header.paragraphs[0].text = "{{ issuer }}"
    parts = dict(check_word_template(saved(document, tmp_path / "progress.docx")).parts)

    assert ["正文", "第1节页眉"] == list(parts)
    assert ("title", "for domain in domains", "domain.title") == tuple(
        mark for mark in parts["正文"] if mark in ("title", "for domain in domains", "domain.title")
    )
    assert ("issuer",) == parts["第1节页眉"]


@pytest.mark.parametrize(
    ("text", "says", "advice"),
    [
        ("{{ titel }}", "没有“titel”这个标记", "是不是“title”？"),
        ("{% for d in domains %}{{ d.tite }}{% endfor %}", "没有“d.tite”这个标记", "是不是“d.title”？"),
        ("{{ domains[0].entries[0].txt }}", "没有“txt”这个标记", "是不是“text”？"),
        ("{% if advise %}{% endif %}", "没有“advise”这个标记", "是不是“advice”？"),
        ("{{ title", "“{{ title”没有写完", "补上 }}"),
        ("{{ title }", "“{{ title }”没有写完", "补上 }}"),
        ("{{ title {{ date }}", "“{{ title ”没有写完", "补上 }}"),
        ("{% if title", "“{% if title”没有写完", "补上 %}"),
        ("title }}", "多出“}}”", "补上前一半"),
        ("｛｛ title ｝｝", "花括号是全角的", "切换到英文输入法，把 {{ }} 重新输入"),
        ("{ { title } }", "被隔开了", "中间不留空格"),
        ("｛% if title %｝", "花括号是全角的", "把 {% %} 重新输入"),
        ("{title}", "“{title}”只有一层花括号", "{{ title }}"),
        ("｛title｝", "“{title}”只有一层花括号", "{{ title }}"),
        ("{{ title（） }}", "里有全角符号“（）”", "切换到英文输入法"),
        ("{{ title. }}", "写法不对", "{{ 名称 }}"),
        ("{{ title|upcase }}", "写法不对", "{{ 名称 }}"),
        ("{%p for text in overview %}", "没有结束", "请在后面补上 {%p endfor %}"),
        ("{%p if advice %}", "没有结束", "请在后面补上 {%p endif %}"),
        ("{%p endfor %}", "前面没有与它成对的 for", "删去它"),
        ("{%p for text overview %}{%p endfor %}", "要单独占一段", "单独放在一段"),
        ("{% for text overview %}{% endfor %}", "写法不对", "for 单项 in 一组内容"),
        ("{% p if title %}", "不是可以用的写法", "for、if"),
        ("{% include 'x' %}", "不是可以用的写法", "for、if"),
        ("{%p if advice %}建议：", "同在一段的其他内容会丢失", "不带 p"),
        ("{{r title }}", "不是可以用的写法", "请写成 {{ title }}"),
        ("{% for x in title %}{% endfor %}", "不能逐项列出", "去掉 for"),
        ("{{ overview }}", "是一组内容", "逐项列出"),
        ("{{ domains[0] }}", "是一组内容", "其中的一项"),
        ("{{ date.year }}", "没有“date.year”", "它是一段文字"),
        ("见表：{{ annexes[0].table }}", "同一段里的其他文字会丢失", "单独成段"),
    ],
)
def test_a_bad_mark_is_named_with_its_paragraph_and_what_to_do(text, says, advice, tmp_path):
    number = len(shipped().paragraphs) + 1
    found = problems_with(tmp_path, "　", text)

    words = text if len(text) <= 20 else f"{text[:20]}…"
    matching = [problem for problem in found if says in problem and advice in problem]
    assert matching, found
    assert matching[0].startswith(f"正文第{number + 1}段（“{words}”）：")


def test_all_problems_are_listed_in_reading_order(tmp_path):
    found = problems_with(tmp_path, "{{ titel }}", "{{ date", "{{ perod }}")

    assert ["没有“titel”", "“{{ date”", "没有“perod”"] == [problem.split("：")[1][:9] for problem in found]


def test_a_loop_that_begins_in_one_way_and_ends_in_another_is_a_problem(tmp_path):
    [problem] = problems_with(tmp_path, "{%p for text in overview %}", "{{ text }}{% endfor %}")
    assert "不成对" in problem
    assert "都带 p 或都不带" in problem


def test_a_cell_of_a_table_and_a_header_are_named(tmp_path):
    document = shipped()
    document.add_table(2, 2).cell(1, 0).text = "{{ titel }}"
    document.sections[0].header.paragraphs[0].text = "{{ perod }}"
    document.sections[0].first_page_footer.paragraphs[0].text = "{{ annexes[0].table }}"
    number = len(document.tables)
    cell, header, footer = check_word_template(saved(document, tmp_path / "progress.docx")).problems

    assert cell.startswith(f"正文第{number}张表第2行第1格（“{{{{ titel }}}}”）：没有“titel”")
    assert header.startswith("第1节页眉第1段（“{{ perod }}”）：没有“perod”")
    assert footer.startswith("第1节首页页脚第1段")
    assert "只能放在正文里" in footer


def test_a_row_mark_beside_other_text_would_lose_that(tmp_path):
    document = shipped()
    table = document.add_table(3, 2)
    for row, text in zip(table.rows, ("{%tr for text in overview %}", "{{ text }}", "{%tr endfor %}"), strict=True):
        row.cells[0].text = text
    assert () == check_word_template(saved(document, tmp_path / "progress.docx")).problems

    table.cell(0, 1).text = "表头"
    [problem] = check_word_template(saved(document, tmp_path / "progress.docx")).problems
    assert "要单独占一行，同在一行的其他内容会丢失" in problem


def test_a_mark_that_word_has_cut_into_pieces_is_one_mark(tmp_path):
    document = shipped()
    runs(document, "期号：{", "{ per", "iod }", "}")
    runs(document, "{", "%p for ", "text in over", "view %", "}")
    runs(document, "{{ ", "text", " }}")
    runs(document, "{%p ", "endfor %}")
    path = saved(document, tmp_path / "progress.docx")

    assert () == check_word_template(path).problems
    assert ["period", "for text in overview", "text", "endfor"] == [mark.code for mark in scan(document).marks][-4:]


def test_but_one_that_goes_over_two_paragraphs_is_not(tmp_path):
    assert "没有写完" in problems_with(tmp_path, "{{ title", "}}")[0]


def test_quotes_that_word_has_made_round_are_understood(tmp_path):
    assert () == problems_with(tmp_path, "{% if period == “2026年二季度” %}二季度{% endif %}", "{{ title　}}")


def test_a_missing_style_is_named(tmp_path):
    document = shipped()
    document.styles["表格大类"].delete()
    [problem] = check_word_template(saved(document, tmp_path / "progress.docx")).problems
    assert "缺少样式“表格大类”" in problem


def test_what_an_older_template_lacks_is_told_and_no_problem(tmp_path):
    document = shipped()
    for paragraph in document.paragraphs:
        if paragraph.text in ("{{ delays_summary }}", "{{ requests_summary }}"):
            paragraph.text = ""
    path = saved(document, tmp_path / "progress.docx")

    assert ("delays_summary", "requests_summary") == check_word_template(path).lacking
    run = CliRunner().invoke(commands, ["templates", "--check", str(path)], standalone_mode=False)
    assert 0 == run.return_value
    assert "这个模板没有的内容（不会印出来）：delays_summary、requests_summary" in run.output


def test_a_template_under_another_name_is_known_by_its_marks(tmp_path):
    for name in NAMES:
        path = saved(shipped(name), tmp_path / f"本局的{name}")
        assert f"reports/{name}" == check_word_template(path).name


def test_the_command_prints_the_problems_and_ends_in_one(tmp_path):
    document = shipped()
    document.add_paragraph("{{ titel }}")
    path = saved(document, tmp_path / "progress.docx")
    run = CliRunner().invoke(commands, ["templates", "--check", str(path)], standalone_mode=False)

    assert 1 == run.return_value
    assert "发现1个问题，改好之前不能使用：" in run.output
    assert "是不是“title”？" in run.output


def test_what_is_no_template_of_ours_is_a_clear_error(tmp_path):
    saved(docx.Document(), tmp_path / "通知.docx")
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04")

    with pytest.raises(UsageError, match=r"没有报告模板的标记.*progress\.docx"):
        check_word_template(tmp_path / "通知.docx")
    with pytest.raises(InputError, match="读不了"):
        check_word_template(tmp_path / "没有.docx")
    with pytest.raises(TemplateError, match="坏"):
        check_word_template(tmp_path / "坏.docx")


# --- what a report does with a bad one ----------------------------------------------------------


with zipfile.ZipFile(io.BytesIO(Settings().template("reports/plan.docx"))) as _archive:
    PARTS = {name: _archive.read(name) for name in _archive.namelist()}
DAMAGE = (
    *("", "{{", "}}", "{%", "%}", "{#", "{%p ", "{{r title }}", "{{ 1/0 }}", "{{ title.foo() }}", "{{ title() }}"),
    *("{{ groups }}", "{% for i in 5 %}{% endfor %}", "{{ title[9] }}", "{{ {}['x'] }}", "{{ loop.index }}"),
    *("<w:p>", "</w:p>", "<w:tbl/>", "&", '""', "x", "中"),
)


def with_part(part: str, text: bytes) -> bytes:
    """The shipped template with one part of it replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in PARTS.items():
            target.writestr(name, text if name == part else data)
    return stream.getvalue()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_template_damaged_anywhere_is_refused_or_filled_but_never_our_fault(data):
    part = data.draw(st.sampled_from(["word/document.xml", *PARTS]))
    text = bytearray(PARTS[part])
    at = data.draw(st.integers(0, len(text)))
    text[at : at + data.draw(st.integers(0, 40))] = data.draw(st.sampled_from(DAMAGE)).encode()
    content = sample(CONTENTS["reports/plan.docx"], "样例")
    with contextlib.suppress(TemplateError):
        fill(content, with_part(part, bytes(text)), "reports/plan.docx", date(2026, 7, 15))


def with_paragraph(text: str) -> bytes:
    document, stream = shipped("plan.docx"), io.BytesIO()
    document.paragraphs[0].insert_paragraph_before(text)
    document.save(stream)
    return stream.getvalue()


def in_header() -> bytes:
    document, stream = shipped("plan.docx"), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "{{ annexes[0].table }}"
    document.save(stream)
    return stream.getvalue()


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "old .doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1024), "旧版格式"),
    "empty": (lambda: b"", "空"),
    "encrypted": (encrypted, "密码|加密"),
    "text": (lambda: b"{{ title }}", "不是有效的"),
    "a workbook": (lambda: Settings().template("workbooks/plan.xlsx"), "不是完好的 Word 文件"),
    "half": (lambda: Settings().template("reports/plan.docx")[:4000], "损坏"),
    "bomb": (lambda: with_part("word/document.xml", b" " * (40 << 20)), "过大"),
    "no XML": (lambda: with_part("word/document.xml", b"<w:document"), "不是完好的 Word 文件"),
    "no body": (lambda: with_part("word/document.xml", b"<x/>"), "不是完好的 Word 文件"),
    "no types": (lambda: with_part("[Content_Types].xml", b"<x/>"), "不是完好的 Word 文件"),
    "unclosed": (lambda: with_paragraph("{{ title"), "正文第1段（“{{ title”）：“{{ title”没有写完"),
    "unknown": (lambda: with_paragraph("{{ titel }}"), "不认识的标记“titel”，在正文第1段.*是不是“title”"),
    "wide": (lambda: with_paragraph("｛｛ title ｝｝"), "花括号是全角的"),
    "misspelt": (lambda: with_paragraph("{{ title. }}"), "正文第1段.*写法不对"),
    "no end": (lambda: with_paragraph("{%p if title %}"), "没有结束.*endif"),
    "beside a table": (lambda: with_paragraph("附表{{ annexes[0].table }}"), "文字“附表”在同一段"),
    "a table in a header": (in_header, "页眉、页脚或脚注里有表格"),
    "a list": (lambda: with_paragraph("{{ groups }}"), "一组内容"),
    "no number": (lambda: with_paragraph("{{ title / 2 }}"), "有标记不能使用，在正文第1段"),
    "no text": (lambda: with_paragraph("{{ title|batch(3) }}"), "有标记不能使用，在正文第1段.*一组内容"),
    "inside the program": (lambda: with_paragraph("{{ ''.__class__.__mro__ }}"), "有标记不能使用"),
}


@pytest.fixture(scope="module")
def ledger_url(tmp_path_factory) -> str:
    from taskkit import open_ledger

    url = f"sqlite:///{tmp_path_factory.mktemp('台账') / 'taskkit.db'}"
    tasks = [{"task_id": "A001", "part": "annex", "no": 1, "title": "办好实事。"}]
    with open_ledger(url) as ledger:
        ledger.add_plan(plan_of([["县水务局"]], tasks=tasks), NAME)
    return url


def run_report(url: str, folder: Path, out: Path) -> int:
    arguments = ["report", "plan", NAME, "--ledger", url, "--templates", str(folder), "--out", str(out)]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@pytest.mark.parametrize("case", BAD)
def test_a_report_with_a_bad_template_says_what_is_wrong_and_leaves_nothing_behind(case, ledger_url, tmp_path, capsys):
    make, says = BAD[case]
    (tmp_path / "模板" / "reports").mkdir(parents=True)
    (tmp_path / "模板" / "reports" / "plan.docx").write_bytes(make())
    out = tmp_path / "报告.docx"
    out.write_bytes(b"before")

    assert 2 == run_report(ledger_url, tmp_path / "模板", out)
    said = capsys.readouterr().err
    assert re.search(says, said), said
    assert "reports/plan.docx" in said
    assert "未作任何改动" in said
    assert (b"before", {"报告.docx", "模板"}) == (out.read_bytes(), {path.name for path in tmp_path.iterdir()})


def test_a_template_that_the_offices_folder_does_not_have_is_the_shipped_one(ledger_url, tmp_path):
    (tmp_path / "模板" / "reports").mkdir(parents=True)

    assert 0 == run_report(ledger_url, tmp_path / "模板", tmp_path / "报告.docx")
    assert (tmp_path / "报告.docx").exists()
