"""TOML that an office edits: read with the line of each key at hand, so that a mistake is found where it stands."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from taskkit.errors import InputError

_HEADER = re.compile(r"\s*(?P<open>\[\[?)(?P<path>[^\[\]]+)\]\]?\s*(?:#.*)?$")
_ADVICE = "请对照自带的同名文件修改"
Path = tuple[str | int, ...]


class TomlFile:
    """A settings file as it was read: its name, its text and its ``data``.

    Raises InputError with the line where the text is no TOML.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        try:
            self.text = content.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise InputError(f"设置文件 {name} 不是 UTF-8 编码的文本", "请另存为 UTF-8 编码") from error
        try:
            self.data: dict[str, Any] = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise self._unreadable(error) from error

    def mistake(self, path: Path, what: str, advice: str = _ADVICE) -> InputError:
        """The error that names the line of a key and the key: …第12行“limits.slow”…"""
        key = ".".join(str(step) for step in path if isinstance(step, str))
        where = f"第{self.line(path)}行" + (f"“{key}”" if key else "")
        return InputError(f"设置文件 {self.name} {where}写法有误：{what}", advice)

    def line(self, path: Path) -> int:
        """The line, from 1, on which a key stands; that of what it stands in where it is not there itself."""
        lines = [_uncommented(line) for line in self.text.split("\n")]
        start, end = _table(lines, path)
        names = [step for step in path if isinstance(step, str)]
        table = len(_names(lines[start])) if start >= 0 else 0
        place = max(start, 0)
        for name in names[table:]:
            found = _key(lines, name, place, end)
            if found is None:
                break
            place = found
            index = _index_after(path, name)
            if index is not None:
                place = _entry(lines, place, index, end)
        return place + 1

    def _unreadable(self, error: tomllib.TOMLDecodeError) -> InputError:
        found = re.search(r"at line (\d+)", str(error))
        number = int(found[1]) if found else self.text.rstrip("\n").count("\n") + 1
        lines = self.text.split("\n")
        shown = lines[number - 1].strip()[:40] if number <= len(lines) else ""
        what = f"第{number}行写法有误" + (f"：{shown}" if shown else "")
        advice = "文字要放在半角引号里，每行写成“名称 = 内容”，同一名称不能写两次"
        return InputError(f"设置文件 {self.name} {what}", advice)


def _uncommented(line: str) -> str:
    """A line without its comment (a # inside quotes is none)."""
    return re.sub(r"""^((?:[^#"']|"(?:[^"\\]|\\.)*"|'[^']*')*)#.*$""", r"\1", line)


def _names(header: str) -> list[str]:
    found = _HEADER.match(header)
    if not found:
        return []
    return [quoted or plain for quoted, plain in re.findall(r"\"([^\"]*)\"|([^.\s\"]+)", found["path"])]


def _table(lines: list[str], path: Path) -> tuple[int, int]:
    """The header line of the table that a path leads into (-1 for the top), and the line after the table."""
    headers = [(at, _names(line)) for at, line in enumerate(lines) if _HEADER.match(line)]
    names = [step for step in path if isinstance(step, str)]
    best, seen = -1, dict[str, int]()
    for at, own in headers:
        if not own or names[: len(own)] != own:
            continue
        wanted = _index_after(path, own[-1])
        seen[own[-1]] = seen.get(own[-1], -1) + 1
        if wanted is None or wanted == seen[own[-1]]:
            best = at
    after = [at for at, _ in headers if at > best]
    return best, after[0] if after else len(lines)


def _index_after(path: Path, name: str) -> int | None:
    at = path.index(name) + 1
    step = path[at] if at < len(path) else None
    return step if isinstance(step, int) else None


def _key(lines: list[str], name: str, start: int, end: int) -> int | None:
    """The line, from ``start`` on, on which a key is set."""
    pattern = re.compile(rf"""(?:^|[{{,])\s*["']?{re.escape(name)}["']?\s*=""")
    return next((at for at in range(start, end) if pattern.search(lines[at])), None)


def _entry(lines: list[str], start: int, index: int, end: int) -> int:
    """The line on which the inline table with this number begins."""
    for at in range(start, end):
        index -= lines[at].count("{")
        if index < 0:
            return at
    return start
