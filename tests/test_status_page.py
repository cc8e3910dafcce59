"""The page of status as a browser shows it: alone in the world, whole on a phone and on paper, honest when filtered."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from lxml import html

from taskkit.errors import TemplateError
from taskkit.reports.status_page import css_text, is_untouched_page, write_page
from taskkit.reports.surveying import survey
from taskkit.settings import Settings
from tests.browser import Browser, opened_browser
from tests.filled import NAME
from tests.status_ledger import HOSTILE, TODAY, rows, rule, status_ledger

VISIBLE = "[...document.querySelectorAll('tbody.task')].filter(row => row.checkVisibility()).map(row => row.id)"
SET = """((key, value) => {{
  const field = document.querySelector(`[name=${{key}}]`);
  field.value = value;
  field.dispatchEvent(new Event("input", {{bubbles: true}}));
}})({!r}, {!r})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as browser:
        yield browser


def page_of(folder: Path, **more) -> Path:
    path = folder / "进展一览.html"
    path.write_bytes(write_page(survey(status_ledger(**more), NAME, today=TODAY), Settings()))
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    return page_of(tmp_path_factory.mktemp("plain"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    return page_of(tmp_path_factory.mktemp("hostile"), hostile=True)


def at_peace(browser: Browser, page: Path) -> None:
    """Nothing was asked for but the page itself, and nothing was wrong."""
    assert {page.resolve().as_uri()} == {each.split("#")[0] for each in browser.requests if each != "about:blank"}
    assert [] == browser.complaints


# --- alone in the world ----------------------------------------------------------------------


def test_the_page_asks_for_nothing_and_has_no_error(browser, plain):
    browser.open(plain)
    for key, value in (("unit", "县教育局"), ("state", "已完成"), ("q", "学位")):
        browser.run(SET.format(key, value))
    browser.run("document.querySelector('#reset').click(); document.querySelector('#expand').click()")
    at_peace(browser, plain)


def test_the_page_has_no_address_but_data_and_a_policy_that_lets_nothing_through(plain):
    root: Any = html.fromstring(plain.read_bytes())
    policy = root.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert ["data:,"] == root.xpath("//@src | //link/@href")
    assert [] == root.xpath("//@style | //@onclick | //@onload | //@onerror")
    assert "http" not in plain.read_text("utf-8").replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("attack", ["fetch('https://example.com/')", "new Image().src = 'https://example.com/a.png'"])
def test_the_policy_stops_even_a_script_that_would_ask(plain, attack):
    with opened_browser() as browser:
        browser.open(plain)
        browser.run(f"void Promise.resolve().then(() => {attack}).catch(() => 0)")
        browser.run("new Promise(done => setTimeout(done, 100))")
        assert any("Content Security Policy" in each for each in browser.complaints), "the page is watched"


def test_hostile_texts_stay_texts(browser, hostile):
    browser.open(hostile)
    at_peace(browser, hostile)
    assert 0 == browser.run("document.querySelectorAll('main img, main script, main b > script').length")
    titles = browser.run("[...document.querySelectorAll('.title')].map(title => title.textContent)")
    assert list(HOSTILE) == titles[: len(HOSTILE)]
    said = browser.run("document.querySelector('#T001 .said').textContent")
    assert HOSTILE[1] in said
    labels = browser.run("[...document.querySelectorAll('[name=section] option')].map(option => option.value)")
    assert f"{HOSTILE[1]}类" in labels


def test_a_hostile_name_can_be_filtered_by_and_comes_back_from_the_address(browser, hostile):
    browser.open(hostile)
    browser.run(SET.format("section", f"{HOSTILE[2]}类"))
    assert ["T003"] == browser.run(VISIBLE)
    browser.open(hostile, browser.run("location.hash"))
    assert ["T003"] == browser.run(VISIBLE)
    at_peace(browser, hostile)


def test_a_hostile_address_shows_everything_and_runs_nothing(browser, plain):
    browser.open(plain, "#unit=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&q=&state=__proto__")
    assert 7 == len(browser.run(VISIBLE))
    at_peace(browser, plain)


def test_a_text_in_a_style_sheet_cannot_end_its_quotes_or_its_element():
    assert "\\3c \\2f style\\3e \\22 \\7d \\a 表" == css_text('</style>"}\n表'.replace("style", "style"))


# --- filters ----------------------------------------------------------------------------------


def expected(unit: str = "", leader: str = "", state: str = "") -> list[str]:
    """The tasks that a filter leaves, by the table that the plan was made from."""
    return [
        task
        for task, units, leaders, said, *_ in rows()
        if (not unit or unit in units.split("、"))
        and (not leader or leader in leaders.split("、"))
        and (not state or (said or "未报送") == state)
    ]


@pytest.mark.parametrize(
    "wanted",
    [
        {"unit": "县水务局"},
        {"unit": "县财政局"},
        {"unit": "县民政局"},
        {"leader": "林知远"},
        {"leader": "周牧野"},
        {"state": "正常推进"},
        {"state": "进展滞后"},
        {"state": "未报送"},
        {"unit": "县教育局", "state": "进展滞后"},
        {"unit": "县财政局", "leader": "周牧野", "state": "已完成"},
        {"unit": "县水务局", "state": "已完成"},
    ],
    ids=str,
)
def test_a_filter_leaves_exactly_its_tasks_and_counts_and_charts_follow(browser, plain, wanted):
    browser.open(plain)
    browser.run(SET.format("part", "重点任务"))
    for key, value in wanted.items():
        browser.run(SET.format(key, value))
    left = expected(**wanted)
    assert left == browser.run(VISIBLE)
    assert [f"{len(left)}项"] * bool(left) == browser.run(
        "[...document.querySelectorAll('.part:not([hidden]) [data-all] b')].map(number => number.textContent)"
    )
    sums = "[...document.querySelectorAll('[data-by=section] li:not([hidden]) .sum')]"
    if left:
        assert len(left) == browser.run(
            f"{sums}.filter(sum => sum.checkVisibility()).reduce((n, sum) => n + +sum.textContent, 0)"
        )
    assert bool(left) is not browser.run("document.querySelector('#nothing').checkVisibility()")


def test_a_chart_without_a_filter_is_drawn_by_the_script_as_it_came(browser, plain):
    root: Any = html.fromstring(plain.read_bytes())
    came = {
        (figure.get("data-by"), item.get("data-name")): [
            (shape.tag, *(shape.get(key) for key in ("x", "width")), shape.text) for shape in item.xpath(".//g/*")
        ]
        for figure in root.xpath("//figure[@data-by]")
        for item in figure.xpath(".//li[@data-name]")
    }
    browser.open(plain)
    drawn = browser.run(
        "[...document.querySelectorAll('figure[data-by] li[data-name]')].map(item =>"
        " [item.closest('figure').dataset.by, item.dataset.name, [...item.querySelectorAll('g > *')].map(shape =>"
        " [shape.tagName, shape.getAttribute('x'), shape.getAttribute('width'), shape.textContent || null])])"
    )
    assert came == {(by, name): [tuple(shape) for shape in shapes] for by, name, shapes in drawn}
    assert len(came) > 6


def test_the_filter_stands_in_the_address_and_reset_takes_it_out(browser, plain):
    browser.open(plain)
    browser.run(SET.format("unit", "县教育局"))
    hash_ = browser.run("location.hash")
    browser.open(plain, hash_)
    assert (["T002", "T004"], "县教育局") == (browser.run(VISIBLE), browser.run("document.forms[0].unit.value"))
    browser.run("document.querySelector('#reset').click()")
    assert (7, "") == (len(browser.run(VISIBLE)), browser.run("location.hash"))


def test_a_tile_and_a_bar_filter_when_they_are_pressed_and_again_when_pressed_anew(browser, plain):
    browser.open(plain)
    for selector, left in (("[data-state=进展滞后]", ["T002"]), ("[data-by=unit] [data-name=县财政局] button", [])):
        browser.run(f"document.querySelector('{selector}').click()")
        assert left == browser.run(VISIBLE)
    browser.run("document.querySelector('[data-by=unit] [data-name=县财政局] button').click()")
    assert ["T002"] == browser.run(VISIBLE)


def test_search_finds_words_in_what_units_wrote_wide_or_narrow(browser, plain):
    browser.open(plain)
    browser.run(SET.format("q", "学位　４２０"))
    assert ["T004"] == browser.run(VISIBLE)


def test_the_unit_table_follows_and_says_who_has_not_reported(browser, plain):
    browser.open(plain)
    browser.run(SET.format("unit", "县民政局"))
    shown = browser.run(
        "[...document.querySelectorAll('.units tbody tr')]"
        ".filter(row => row.checkVisibility()).map(row => row.innerText)"
    )
    assert ["县民政局", "未报4天"] == shown[0].split()[1:3]
    assert 1 == len(shown)


# --- people -----------------------------------------------------------------------------------


def test_a_task_opens_by_the_keyboard_and_shows_the_three_voices(browser, tmp_path):
    ledger = status_ledger()
    rule(ledger, "T001", "state", "进展滞后")
    path = tmp_path / "页.html"
    path.write_bytes(write_page(survey(ledger, NAME, today=TODAY), Settings()))
    browser.open(path)
    browser.run("document.querySelector('#T001 button').focus()")
    assert "false" == browser.run("document.activeElement.getAttribute('aria-expanded')")
    browser.press("Enter", 13)
    assert "true" == browser.run("document.activeElement.getAttribute('aria-expanded')")
    said = browser.run("document.querySelector('#T001 .voices').innerText").split("\n")
    assert [
        *("单位自评", "正常推进 县水务局", "正常推进 县财政局"),
        *("系统研判", "正常推进", "没有量化指标，以单位自评为准", "督查核定", "进展滞后"),
    ] == [line for line in said if line]
    assert "T001缺钱" in browser.run("document.querySelector('#T001-more').innerText")


def test_what_can_be_pressed_has_a_name_and_the_table_its_roles(browser, plain):
    browser.open(plain, width=360, phone=True)
    browser.run("document.querySelector('details').open = true")
    nodes = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    assert {"table", "columnheader", "rowheader", "cell", "combobox", "searchbox", "button"} <= set(roles)
    nameless = [
        node
        for node in nodes
        if not node["ignored"]
        and node["role"]["value"] in ("button", "combobox", "searchbox", "link", "image")
        and not node.get("name", {}).get("value")
    ]
    assert [] == nameless


@pytest.mark.parametrize("width", [320, 360, 430])
def test_on_a_phone_nothing_runs_over_the_edge_and_every_text_can_be_read(browser, hostile, width):
    browser.open(hostile, width=width, height=780, phone=True)
    browser.run("document.querySelector('#expand').click(); document.querySelector('details').open = true")
    assert width == browser.run("document.documentElement.scrollWidth")
    small = browser.run(
        "[...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('.vh') &&"
        " [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) &&"
        " parseFloat(getComputedStyle(e).fontSize) < 14).map(e => e.outerHTML.slice(0, 80))"
    )
    assert [] == small
    over = browser.run(
        "[...document.querySelectorAll('main *')].filter(e => e.checkVisibility() && !e.closest('.vh, svg') &&"
        f" e.getBoundingClientRect().right > {width} + 0.5).map(e => e.outerHTML.slice(0, 80))"
    )
    assert [] == over


def test_without_javascript_the_numbers_the_table_and_all_texts_are_there(plain):
    with opened_browser(scripts=False) as browser:
        browser.open(plain)
        assert "" == browser.run("document.documentElement.className"), "no script ran"
        assert 7 == browser.run("[...document.querySelectorAll('tr.more')].filter(row => row.checkVisibility()).length")
        assert "水厂主体完工" in browser.run("document.querySelector('#T001').innerText")
        assert "6项" in browser.run("document.querySelector('.tile').innerText")
        assert 2 == browser.run("document.querySelectorAll('[data-by=section] svg').length") - 1
        assert not browser.run("document.querySelector('#filters').checkVisibility()")


# --- paper ------------------------------------------------------------------------------------


def pdf_text(path: Path) -> list[str]:
    """The text of each page of a PDF, without spaces."""
    if which("pdftotext") is None:
        pytest.skip("poppler is not installed (make render-deps installs it)")
    said = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=60)
    return ["".join(page.split()) for page in said.stdout.decode("utf-8").split("\f")[:-1]]


def test_on_paper_every_task_stands_whole_with_a_header_and_a_number_on_each_page(browser, plain, tmp_path):
    browser.open(plain)
    browser.run("document.querySelector('#expand').click()")
    browser.print_to(tmp_path / "页.pdf")
    pages = pdf_text(tmp_path / "页.pdf")
    assert 2 <= len(pages) <= 6
    for number, page in enumerate(pages, 1):
        assert f"—{number}—" in page
        assert "2026年二季度" in page
    for number in range(1, 7):
        assert 1 == sum(f"T{number:03d}缺钱" in page for page in pages[1:]) or number == 5
    for page in pages:
        if "单位自评系统研判督查核定" in page:
            assert "工作任务牵头单位分管领导完成时限完成情况" in page, "the header is repeated"
    assert "清除筛选" not in "".join(pages)
    info = subprocess.run(["pdfinfo", str(tmp_path / "页.pdf")], capture_output=True, check=True, timeout=60).stdout
    assert b"A4" in info


def test_on_paper_only_what_the_filter_leaves_is_printed(browser, plain, tmp_path):
    browser.open(plain, "#unit=县教育局")
    browser.print_to(tmp_path / "页.pdf")
    text = "".join(pdf_text(tmp_path / "页.pdf"))
    assert "办好第4件事" in text
    assert "办好第1件事" not in text


# --- an office's own --------------------------------------------------------------------------


def own(folder: Path, name: str, text: str) -> Settings:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Settings(folder)


def test_an_office_may_change_the_page_and_names_of_states_and_its_page_is_still_sealed(tmp_path):
    text = Settings().template("pages/status.html").decode()
    settings = own(tmp_path, "pages/status.html", text.replace("进展一览 ·", "督查专报 ·"))
    page = write_page(survey(status_ledger(), NAME, settings=settings, today=TODAY), settings)
    assert "督查专报 ·" in page.decode()
    assert is_untouched_page(page)
    assert not is_untouched_page(page.replace(b"T001", b"T002", 1))


@pytest.mark.parametrize(
    ("added", "said"),
    [("{% if %}", "第2行写法有误"), ("{{ nothing.there }}", "nothing"), ("{{ ''.__class__.__mro__ }}", "填不出来")],
)
def test_a_mistake_in_the_template_is_refused_with_its_line(tmp_path, added, said):
    settings = own(tmp_path, "pages/status.html", f"<!doctype html>\n{added}")
    with pytest.raises(TemplateError, match=said):
        write_page(survey(status_ledger(), NAME, today=TODAY), settings)
