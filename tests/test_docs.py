"""The documents say what the code does: tables are made from it, commands and reports are all named."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from taskkit.cli import commands
from taskkit.reports import KINDS

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.zh-CN.md")


def tool(name: str) -> ModuleType:
    """A script of docs/, loaded from its file."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["findings.md", "columns.md", "frames.md", "dialects.md"])
def test_the_reference_tables_are_those_of_the_code(name):
    assert tool("make_reference").pages()[name] == text(f"docs/{name}"), "run: python docs/make_reference.py"


@pytest.mark.parametrize("readme", READMES)
def test_every_command_stands_in_both_readmes(readme):
    assert [] == [name for name in commands.commands if f"taskkit {name}" not in text(readme)]


def test_every_report_has_its_chapter():
    assert [] == [kind.key for kind in KINDS if f"`{kind.key}`" not in text("docs/reports.md")]


def test_every_dependency_has_its_reason():
    wanted = re.search(r"install_requires =\n((?:    .+\n)+)", text("setup.cfg"))
    assert wanted is not None
    names = re.findall(r"^    ([A-Za-z0-9-]+)", wanted[1], flags=re.MULTILINE)
    assert len(names) > 5
    assert [] == [name for name in names if f"| {name} " not in text("docs/dependencies.md")]


def test_every_link_to_a_file_leads_to_one():
    missing = []
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("output/*.md")]:
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))
        missing += [f"{page.name}: {link}" for link in links if not (page.parent / link).exists()]
    assert [] == missing


def test_the_readmes_tell_the_same_story():
    counts = [
        [len(re.findall(sign, text(name), flags=re.MULTILINE)) for sign in ("^## ", "```", r"!\[")] for name in READMES
    ]
    assert counts[0] == counts[1]


def test_the_readmes_commands_are_real_ones():
    for readme in READMES:
        for name in re.findall(r"^\$ taskkit ([a-z]+)", text(readme), flags=re.MULTILINE):
            assert name in commands.commands


def test_the_changelog_names_the_version_in_hand():
    import taskkit

    assert f"## {taskkit.__version__}" in text("CHANGELOG.md")
