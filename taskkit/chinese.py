"""The frame words of the command line (Usage, Options, Error …) in Chinese.

click asks gettext for them. Our catalogue stands in taskkit/locale; whatever language the
machine is set to, the users of taskkit read Chinese.
"""

from __future__ import annotations

import gettext
import os
from pathlib import Path

DOMAIN = "messages"  # gettext's own default, the one that click uses


def speak_chinese() -> None:
    """Point gettext at the Chinese catalogue, for this process."""
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain(DOMAIN, str(Path(__file__).parent / "locale"))
    gettext.textdomain(DOMAIN)
