"""Running a reader in a process of its own, with limits on time and memory.

Libraries in C and Rust are fast, but a hostile file can make one abort the whole process, eat all
memory or never come back. In a child process the worst that happens is a refusal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from taskkit.errors import InputError

SECONDS = 9
MEMORY = 768 * 1024 * 1024
# What a child may say instead of an answer, with the words for it.
_REFUSALS = {
    "password": ("“{name}”设置了打开密码", "请取消打开密码后再试"),
    "too-large": ("“{name}”内容过多，没有打开", "请拆成几个文件，或删去无关内容后再试"),
    "damaged": ("“{name}”已损坏，无法作为{kind}读取", "请重新获取，或打开后另存一份再试"),
}


class RefusedError(Exception):
    """Raised inside a child: its text is one of the reasons of ``_REFUSALS``."""


def ask_child(module: str, data: bytes, name: str, kind: str) -> Any:
    """The answer of ``module`` (run with -m, see ``answer``) on the bytes of a file.

    ``name`` and ``kind`` (工作簿) say to the user what could not be read.
    Raises InputError where it refuses the file, dies on it, or takes too long.
    """
    paths = [str(Path(__file__).resolve().parents[2]), *filter(None, sys.path)]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", module], input=data, capture_output=True, timeout=SECONDS, env=env, check=False
        )
    except subprocess.TimeoutExpired:
        raise InputError(f"“{name}”过于复杂，{SECONDS}秒内没有读完", "请拆成几个文件，或另存为 .docx 后再试") from None
    try:
        result = json.loads(done.stdout)
    except ValueError:
        result = {"refused": "damaged"}
    if "refused" in result:
        what, advice = _REFUSALS[result["refused"]]
        raise InputError(what.format(name=name, kind=kind), advice)
    return result["answer"]


def answer(read: Callable[[bytes], Any]) -> None:
    """The child's side: read the file from standard input, write the answer to standard output."""
    _limit_memory()
    try:
        result = {"answer": read(sys.stdin.buffer.read())}
    except RefusedError as refused:
        result = {"refused": str(refused)}
    except MemoryError:
        result = {"refused": "too-large"}
    sys.stdout.write(json.dumps(result, ensure_ascii=False))


def _limit_memory() -> None:
    """Cap the address space where the system can; elsewhere the limit on time must do."""
    if sys.platform == "win32":
        return
    import resource

    for kind, limit in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        _, hard = resource.getrlimit(kind)
        within = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (within, hard))
