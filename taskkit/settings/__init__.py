"""What an office can edit: the templates and the words (templates/ in the project, or a copy of it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from taskkit.errors import InputError, UsageError
from taskkit.settings.sentences import Sentences, read_sentences
from taskkit.settings.states import MEANINGS, State, States, read_states
from taskkit.settings.toml_places import TomlFile

__all__ = ["MEANINGS", "Office", "Sentences", "Settings", "State", "States", "TomlFile"]


@dataclass(frozen=True)
class Office:
    """How units reach the office that asks them, and what its papers carry around their text.

    ``contact``, ``phone``, ``way``: whom, at which number, which way reports go in. ``mark`` stands on the
    first line of what is not public; ``head`` (发文机关标志), ``copies`` (抄送机关) and ``printer`` (印发机关)
    are those of GB/T 9704-2012, 7.2 and 7.4, and are not printed where they are empty.
    """

    contact: str = ""
    phone: str = ""
    way: str = ""
    mark: str = ""
    head: str = ""
    copies: str = ""
    printer: str = ""

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

    def is_own(self, name: str) -> bool:
        """Whether a template is the office's own, not the shipped one."""
        return self.templates is not None and (self.templates / name).is_file()

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
        """How to reach the office. Raises InputError, with line and key, for one that does not exist or is no text."""
        name = "words/office.toml"
        own = TomlFile(name, self.template(name))
        for key, value in own.data.items():
            if key not in Office.__dataclass_fields__ or not isinstance(value, str):
                said = f"写的是“{value}”" if key in Office.__dataclass_fields__ else "没有这一项"
                raise own.mistake((key,), said, f"只有 {'、'.join(Office.__dataclass_fields__)}，内容要放在引号里")
        words = {**TomlFile(name, _shipped(name)).data, **own.data}
        return Office(**{key: value.strip() for key, value in words.items()})

    def limits(self, name: str, keys: Sequence[str]) -> dict[str, float]:
        """Numbers from 0 to 100 in ``words/<name>.toml``. Raises InputError, with line and key, for anything else."""
        file = f"words/{name}.toml"
        own = TomlFile(file, self.template(file))
        for key in (*own.data, *keys):
            value = own.data.get(key)
            is_number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 100
            if key not in keys or not is_number:
                said = "没有写" if value is None else f"写的是“{value}”"
                raise own.mistake((key,), said, f"只有 {'、'.join(keys)}，各写一个0—100的数")
        return {key: float(own.data[key]) for key in keys}

    def sentences(self, document: str) -> Sentences:
        """The fixed sentences of a report, from ``words/<document>.toml``.

        Raises InputError, with line and key, for a mistake in the office's own file.
        """
        name = f"words/{document}.toml"
        return read_sentences(TomlFile(name, self.template(name)), TomlFile(name, _shipped(name)))

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
