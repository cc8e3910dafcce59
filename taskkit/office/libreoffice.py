"""Conversion of old Word formats (.doc, .wps, .rtf, …) by LibreOffice, where it is installed.

Each call has a profile folder of its own: two calls on one profile lose files without an error,
so what was made is counted too.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from taskkit.errors import InputError

SECONDS = 60
_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)


def find_program() -> str | None:
    """The path of LibreOffice; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice") or next(filter(os.path.exists, _PLACES), None)


def convert(data: bytes, name: str, suffix: str, target: str) -> bytes:
    """The bytes of a file converted from the format of ``suffix`` (.doc) to that of ``target`` (docx).

    Raises InputError where LibreOffice is missing, or cannot read the file in time.
    """
    program = find_program()
    if program is None:
        raise InputError(
            f"“{name}”是旧版格式（{suffix}），本机没有安装 LibreOffice，无法直接读取",
            f"请用 Word 或 WPS 打开，另存为 .{target} 后再试；或安装 LibreOffice",
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"in{suffix}"
        source.write_bytes(data)
        profile = (Path(folder) / "profile").as_uri()
        command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nolockcheck"]
        command += ["--convert-to", target, "--outdir", str(Path(folder) / "out"), str(source)]
        _run(command, name)
        made = list((Path(folder) / "out").glob(f"*.{target}"))
        if len(made) != 1:
            raise InputError(f"“{name}”已损坏，LibreOffice 无法打开", f"请用 Word 或 WPS 打开，另存为 .{target} 后再试")
        return made[0].read_bytes()


def _run(command: list[str], name: str) -> None:
    """Run LibreOffice; when its time is over, end it with all that it has started."""
    own_group = sys.platform != "win32"
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=own_group
    ) as process:
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            if own_group:
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            raise InputError(f"LibreOffice 在{SECONDS}秒内没有打开“{name}”", "请用 Word 或 WPS 另存后再试") from None
