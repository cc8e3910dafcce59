"""Compile the Chinese words of the command line: messages.po to messages.mo, both in the package.

    python docs/make_locale.py

Run it after every change of messages.po; a test holds the two together.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parent.parent / "taskkit" / "locale" / "zh_CN" / "LC_MESSAGES"


def compiled() -> bytes:
    """What messages.mo must hold."""
    with (FOLDER / "messages.po").open("rb") as source:
        catalogue = read_po(source, locale="zh_CN")
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


if __name__ == "__main__":
    (FOLDER / "messages.mo").write_bytes(compiled())
