"""What is installed is what the project holds: every package, and every file that is no code."""

from __future__ import annotations

import configparser
from fnmatch import fnmatch
from pathlib import Path

from tests.test_docs import ROOT

FOLDERS = {"taskkit": ROOT / "taskkit", "taskkit._templates": ROOT / "templates"}


def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def packages() -> dict[str, Path]:
    """Every folder with an ``__init__.py``, by the name that it is imported under."""
    return {
        ".".join((name, *init.parent.relative_to(folder).parts)): init.parent
        for name, folder in FOLDERS.items()
        for init in folder.rglob("__init__.py")
    }


def test_every_package_is_listed():
    assert set(packages()) == set(setup()["options"]["packages"].split())


def test_every_file_that_is_no_code_is_shipped():
    patterns = {
        package: [pattern.strip() for pattern in value.replace("\n", ",").split(",") if pattern.strip()]
        for package, value in setup()["options.package_data"].items()
    }
    unshipped = []
    for package, folder in packages().items():
        inner = [other for other in packages().values() if other != folder and folder in other.parents]
        for file in folder.rglob("*"):
            own = file.is_file() and not any(other in file.parents for other in inner)
            if own and file.suffix not in (".py", ".pyc") and "__pycache__" not in file.parts:
                name = file.relative_to(folder).as_posix()
                if not any(fnmatch(name, pattern) for pattern in patterns.get(package, ())):
                    unshipped.append(f"{package}: {name}")
    assert [] == unshipped
