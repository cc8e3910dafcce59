"""Make the pictures in docs/pictures/ from the demo: a filled workbook, a page of each report, the page of status.

    python docs/make_pictures.py

It needs LibreOffice, poppler, Chromium and the Noto CJK fonts (make render-deps). The official fonts are
licensed and not at hand here: fontconfig stands the nearest Noto face in for each of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pypdfium2

from taskkit import collect, issue, open_ledger, report
from taskkit.demo import NAME, REPORTED, run_demo
from taskkit.ledger import Ledger
from taskkit.office.typing_in import type_in

sys.path.append(str(Path(__file__).resolve().parent.parent))
from tests.browser import opened_browser

PERIOD = "2026Q2"
FOLDER = Path(__file__).resolve().parent / "pictures"
STAND_INS = {
    "方正小标宋简体": ("Noto Serif CJK SC", "bold"),
    "仿宋_GB2312": ("Noto Serif CJK SC", "regular"),
    "楷体_GB2312": ("Noto Serif CJK SC", "medium"),
    "宋体": ("Noto Serif CJK SC", "regular"),
    "黑体": ("Noto Sans CJK SC", "medium"),
}
# (picture, glob in the demo's folder, page, dots per inch, crop: x, y, width, height in dots)
PICTURES = (
    ("workbook.png", "3-*/2026年二季度/001*.xlsx", 2, 150, (60, 60, 1640, 740)),
    ("plan.png", "3-*/落实方案/022*.xlsx", 2, 110, (40, 40, 1740, 460)),
    ("report.png", "5-*/进展报告.docx", 1, 100, (0, 0, 827, 1169)),
    ("leader.png", "5-*/*分管任务.xlsx", 1, 150, (60, 60, 1640, 900)),
)
# One page of each Word report: (picture, kind, what is asked for, page or the words that stand on it)
DOCUMENTS: tuple[tuple[str, str, dict[str, Any], int | str], ...] = (
    ("document_plan.png", "plan", {}, 1),
    ("document_plan_table.png", "plan", {"layout": "table"}, 2),
    ("document_digest.png", "digest", {"units": ["县教育局"]}, 1),
    ("document_progress.png", "progress", {"period": PERIOD, "charts": True}, 1),
    ("document_progress_annex.png", "progress", {"period": PERIOD}, "附件2"),
    ("document_bulletin.png", "bulletin", {"period": PERIOD, "number": "3"}, 1),
    ("document_reminder.png", "reminders", {"period": PERIOD}, 1),
    ("document_leader.png", "leader", {"period": PERIOD}, 1),
    ("document_goals.png", "goals", {"units": ["县水务局"]}, 1),
    ("document_compendium.png", "compendium", {"period": PERIOD}, 1),
)
DOCUMENT_DPI = 80
SUPPORTED = (
    "完成联合执法4次，发现的问题均已移交整改。",
    "落实配套资金，6月底前全部拨付到位。",
    "派员参加专班，协调解决问题3个。",
)
OPEN = """document.querySelector('tbody.task:not([hidden]) button').click();
document.querySelector('#tasks').scrollIntoView()"""
# The page: (picture, width, height, on a phone, filter, what is done before)
PAGES = (
    ("page.png", 1280, 1420, False, "", ""),
    ("page_phone.png", 390, 844, True, "", ""),
    ("page_task.png", 1280, 760, False, "#leader=苏明川&state=进展滞后", OPEN),
)


def fonts(folder: Path) -> Path:
    """A fontconfig file that stands Noto faces in for the official fonts."""
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{face}</string></edit>'
        f'<edit name="weight" mode="assign" binding="strong"><const>{weight}</const></edit></match>'
        for name, (face, weight) in STAND_INS.items()
    )
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<include>/etc/fonts/fonts.conf</include>{rules}</fontconfig>",
        encoding="utf-8",
    )
    return path


def picture(
    source: Path, page: int | str, dpi: int, crop: tuple[int, int, int, int] | None, target: Path, folder: Path
) -> None:
    """One page of an office file as a PNG: by its number, or the last on which a line stands."""
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts(folder))}
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(convert, check=True, capture_output=True, env=environment, timeout=300)
    pdf = folder / source.with_suffix(".pdf").name
    number = str(page if isinstance(page, int) else page_with(page, pdf))
    command = ["pdftoppm", "-png", "-r", str(dpi), "-f", number, "-l", number, "-singlefile"]
    if crop:
        command += [each for pair in zip(("-x", "-y", "-W", "-H"), map(str, crop), strict=True) for each in pair]
    subprocess.run([*command, str(pdf), str(target.with_suffix(""))], check=True, timeout=60)


def page_with(line: str, pdf: Path) -> int:
    """The number of the last page on which a line stands by itself."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    return max(at for at, text in enumerate(pages, 1) if line in text.replace(" ", "").split())


def document_pictures(demo: Path, folder: Path) -> None:
    """A page of each Word report."""
    with open_ledger(demo / "taskkit.db") as ledger:
        for name, kind, wish, page in DOCUMENTS:
            if kind == "compendium":
                support(ledger, folder / "配合")
            path = report(ledger, NAME, kind, out=folder / name.partition(".")[0], today=REPORTED, **wish)
            file = min(path.glob("*.docx")) if path.is_dir() else path
            picture(file, page, DOCUMENT_DPI, None, FOLDER / name, folder)


def support(ledger: Ledger, folder: Path) -> None:
    """Ask the support units, too, and let some of them answer: what the compendium holds."""
    books = issue(ledger, NAME, PERIOD, folder / "发出", role="support", anyway=True, today=REPORTED)
    (folder / "收回").mkdir()
    tasks = list(ledger.plan(NAME).tasks.index)
    for number, book in enumerate(books):
        if number % 3:
            said = {"本期进展": SUPPORTED[number % len(SUPPORTED)]}
            typed = dict.fromkeys(tasks, said) | {"book": {"填报人": "云中鹤", "审核人": "溪有声"}}
            (folder / "收回" / book.name).write_bytes(type_in(book.read_bytes(), typed))
    collect(ledger, [folder / "收回"], apply=True, received=REPORTED)


def page_pictures(page: Path, folder: Path) -> None:
    """The page of status in a window of each size."""
    os.environ["FONTCONFIG_FILE"] = str(fonts(folder))
    with opened_browser() as browser:
        for name, width, height, phone, hash_, act in PAGES:
            browser.open(page, hash_, width, height, phone)
            browser.run(act)
            browser.picture(FOLDER / name)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        run_demo(folder / "demo", lambda _: None)
        for name, pattern, page, dpi, crop in PICTURES:
            [source] = sorted((folder / "demo").glob(pattern))[:1]
            picture(source, page, dpi, crop, FOLDER / name, folder)
        document_pictures(folder / "demo", folder)
        page_pictures(folder / "demo" / "5-进展报告" / "进展一览.html", folder)


if __name__ == "__main__":
    main()
