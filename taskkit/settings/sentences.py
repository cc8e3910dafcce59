"""words/<document>.toml: the fixed sentences of a report, which an office words as it likes.

What stands in braces is filled in. Which names a sentence may hold is what the shipped one holds;
a sentence may leave some out, and one that is empty is not printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from taskkit.settings.toml_places import TomlFile
from taskkit.wording import did_you_mean


class Sentences:
    """The sentences of one report by key, the office's own before those shipped."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """A sentence with its values filled in; "" for one that the office does not print."""
        return self._texts[key].format_map(values)


def read_sentences(own: TomlFile, shipped: TomlFile) -> Sentences:
    """The sentences as an office's file and the shipped one say.

    Raises InputError, with line and key, for a key that does not exist, what is no text in one line, or a name
    in braces that the sentence cannot be filled with.
    """
    for key, text in own.data.items():
        if key not in shipped.data:
            meant = did_you_mean(key, shipped.data)
            raise own.mistake((key,), f"没有“{key}”这一项", meant or f"可以写的有：{'、'.join(shipped.data)}")
        if not isinstance(text, str) or not text.replace("\u3000", "").isprintable():
            raise own.mistake((key,), "不是一行文字", "内容写在一行里，放在半角引号里；不印的写成空的引号")
        if wrong := _wrong_fill(text, shipped.data[key]):
            raise own.mistake((key,), *wrong)
    return Sentences({**shipped.data, **own.data})


def _wrong_fill(text: str, shipped: str) -> tuple[str, str] | None:
    known = _names(shipped)
    advice = f"可以写的有：{'、'.join(f'{{{name}}}' for name in known)}" if known else "这一句里没有可以填入的内容"
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return "花括号没有成对", f"{advice}；要印花括号本身，请连写两个"
    for _, name, format_, conversion in parts:
        if name is not None and (name not in known or format_ or conversion):
            return f"不能填入“{{{name}}}”", advice
    return None


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name for _, name, _, _ in Formatter().parse(text) if name))
