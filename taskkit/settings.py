"""What an office can edit: the templates and the words (templates/ in the project, or a copy of it)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from taskkit.errors import InputError, UsageError

MEANINGS = ("idle", "normal", "slow", "done")


@dataclass(frozen=True)
class State:
    """A state that a unit may report: its name in this office and what it stands for.

    ``meaning`` is one of MEANINGS.
    """

    name: str
    meaning: str


@dataclass(frozen=True)
class Office:
    """How units reach the office that asks them: whom, at which number, and which way reports go in."""

    contact: str = ""
    phone: str = ""
    way: str = ""

    @property
    def text(self) -> str:
        """联系人：督查室 小云，电话：0000-8600000，报送方式：政务邮箱; empty where nothing is said."""
        said = (("联系人", self.contact), ("电话", self.phone), ("报送方式", self.way))
        return "，".join(f"{label}：{value}" for label, value in said if value)


@dataclass(frozen=True)
class Settings:
    """Where the templates and words come from; ``templates`` is an office's own folder, if any.

    A file that the office's folder does not have is taken from those shipped.
    """

    templates: Path | None = None

    def __post_init__(self) -> None:
        if self.templates is not None and not self.templates.is_dir():
            raise UsageError(f"找不到模板文件夹 {self.templates}", "请检查 --templates")

    def template(self, name: str) -> bytes:
        """The bytes of a template such as ``workbooks/progress.xlsx``. Raises InputError where it is missing."""
        own = self.templates / name if self.templates else None
        try:
            return own.read_bytes() if own and own.is_file() else _shipped(name)
        except OSError as error:
            raise InputError(f"读不了模板 {name}", "请检查模板文件夹") from error

    def words(self, name: str) -> dict[str, Any]:
        """The table in ``words/<name>.toml``. Raises InputError where it is not valid TOML."""
        try:
            return tomllib.loads(self.template(f"words/{name}.toml").decode("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"设置文件 words/{name}.toml 写法有误：{error}", "请对照自带的模板修改") from error

    def office(self) -> Office:
        """How to reach the office. Raises InputError, naming the key, for one that does not exist or is no text."""
        words = self.words("office")
        for key, value in words.items():
            if key not in Office.__dataclass_fields__ or not isinstance(value, str):
                raise InputError(
                    f"设置文件 words/office.toml 写法有误：“{key}”", "只有 contact、phone、way 三项，内容要放在引号里"
                )
        return Office(**{key: value.strip() for key, value in words.items()})

    def limits(self, name: str, keys: Sequence[str]) -> dict[str, float]:
        """Numbers from 0 to 100 in ``words/<name>.toml``. Raises InputError, naming the key, for anything else."""
        words = self.words(name)
        for key in (*words, *keys):
            value = words.get(key)
            if (
                key not in keys
                or isinstance(value, bool)
                or not isinstance(value, int | float)
                or not 0 <= value <= 100
            ):
                raise InputError(
                    f"设置文件 words/{name}.toml 写法有误：“{key}”", f"只有 {'、'.join(keys)}，各写一个0—100的数"
                )
        return {key: float(words[key]) for key in keys}

    def states(self) -> tuple[State, ...]:
        """The states in the order of the drop-down.

        Raises InputError, naming the entry, where one lacks its name or meaning, has a meaning
        that does not exist, or a name that another one has.
        """
        entries = self.words("states").get("states")
        if not isinstance(entries, list) or not entries:
            raise _bad_states("没有 [[states]]")
        states: list[State] = []
        for number, entry in enumerate(entries, 1):
            name, meaning = (str(entry.get(key, "")).strip() for key in ("name", "meaning"))
            if not name or set(entry) - {"name", "meaning"}:
                raise _bad_states(f"第{number}个状态只应有 name 和 meaning")
            if meaning not in MEANINGS:
                raise _bad_states(f"“{name}”的 meaning 是“{meaning}”，应为 {'、'.join(MEANINGS)} 之一")
            if name in {state.name for state in states}:
                raise _bad_states(f"“{name}”出现了两次")
            states.append(State(name, meaning))
        return tuple(states)


def _bad_states(what: str) -> InputError:
    return InputError(f"设置文件 words/states.toml 写法有误：{what}", "请对照自带的模板修改")


@cache
def _shipped(name: str) -> bytes:
    return files("taskkit._templates").joinpath(*name.split("/")).read_bytes()
