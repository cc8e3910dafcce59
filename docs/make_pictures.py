"""Make the pictures in docs/pictures/ from the demo: a filled workbook, a page of the report, the page of status.

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

from taskkit.demo import run_demo

sys.path.append(str(Path(__file__).resolve().parent.parent))
from tests.browser import opened_browser

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
    ("report.png", "5-*/*.docx", 1, 100, (0, 0, 827, 1169)),
    ("leader.png", "5-*/*分管任务.xlsx", 1, 150, (60, 60, 1640, 900)),
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


def picture(source: Path, page: int, dpi: int, crop: tuple[int, int, int, int], target: Path, folder: Path) -> None:
    """One page of an office file as a PNG."""
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts(folder))}
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    convert = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(convert, check=True, capture_output=True, env=environment, timeout=300)
    x, y, width, height = map(str, crop)
    command = ["pdftoppm", "-png", "-r", str(dpi), "-f", str(page), "-l", str(page), "-singlefile"]
    command += ["-x", x, "-y", y, "-W", width, "-H", height]
    pdf = folder / source.with_suffix(".pdf").name
    subprocess.run([*command, str(pdf), str(target.with_suffix(""))], check=True, timeout=60)


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
        page_pictures(folder / "demo" / "5-进展报告" / "进展一览.html", folder)


if __name__ == "__main__":
    main()
