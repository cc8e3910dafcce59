"""What an office can edit: the templates and the words (templates/ in the project, or a copy of it)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from taskkit.errors import InputError, UsageError
from taskkit.settings.states import MEANINGS, State, States, read_states
from taskkit.settings.toml_places import TomlFile

__all__ = ["MEANINGS", "Office", "Settings", "State", "States", "TomlFile"]


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
        """The table in ``words/<name>.toml``. Raises InputError, with the line, where it is not valid TOML."""
        file = f"words/{name}.toml"
        return TomlFile(file, self.template(file)).data

    def office(self) -> Office:
        """How to reach the office. Raises InputError, naming the key, for one that does not exist or is no text."""
        words = self.words("office")
        for key, value in words.items():
            if key not in Office.__dataclass_fields__ or not isinstance(value, str):
                raise InputError(
                    f"设置文件 words/office.toml 写法有误：“{key}”", "只有 contact、phone、way 三项，内容要放在引号里"
                )
        return Office(**{key: value.strip() for key, value in words.items()})

    def states(self) -> States:
        """The states in the order of the drop-down, with the limits of judging and the words of reasons.

        Raises InputError, with line and key, for a mistake in words/states.toml.
        """
        name = "words/states.toml"
        shipped = TomlFile(name, _shipped(name))
        return read_states(TomlFile(name, self.template(name)), shipped)


@cache
def _shipped(name: str) -> bytes:
    return files("taskkit._templates").joinpath(*name.split("/")).read_bytes()
