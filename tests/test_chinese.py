"""The command line speaks Chinese, its frame words too, whatever the machine is set to."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.test_docs import ROOT, tool

# Words for programmers (our own mistakes in declaring options) and for prompts that we never show.
NOT_FOR_USERS = re.compile(r"deprecated|declarations?|Bash|colour|stream|Editing|Windows error|iterable|flag|defined")


def words_of_click() -> set[str]:
    """All texts that click puts through gettext."""
    found: set[str] = set()
    for file in Path(click.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "ngettext"):
                found |= {a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)}
    return found


def test_every_word_that_a_user_may_see_is_translated():
    catalogue = (ROOT / "taskkit/locale/zh_CN/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    known = set(map(ast.literal_eval, re.findall(r'^msgid(?:_plural)? (".+")$', catalogue, flags=re.MULTILINE)))
    assert {"Usage:", "Error: {message}"} <= known
    assert set() == {word for word in words_of_click() - known if not NOT_FOR_USERS.search(word)}


def test_the_compiled_catalogue_is_that_of_the_text():
    compiled = (ROOT / "taskkit/locale/zh_CN/LC_MESSAGES/messages.mo").read_bytes()
    assert tool("make_locale").compiled() == compiled, "run: python docs/make_locale.py"


@pytest.mark.parametrize("language", ["C", "en_US.UTF-8", "de_DE.UTF-8"])
def test_help_and_errors_are_chinese_on_a_machine_of_any_language(language):
    said = ""
    for arguments in (["--help"], ["issue", "--help"], ["isue"], ["issue"], ["issue", "x", "--workers", "many"]):
        run = subprocess.run(
            [sys.executable, "-m", "taskkit", *arguments],
            capture_output=True,
            encoding="utf-8",
            env={"LANG": language, "LC_ALL": language, "LANGUAGE": "en", "PYTHONUTF8": "1", "PATH": "/usr/bin"},
            check=False,
        )
        said += run.stdout + run.stderr
    assert "用法：" in said
    assert not re.search(r"Usage|Options|Error|Missing|Commands|No such|Did you mean|Invalid|Try ", said)
