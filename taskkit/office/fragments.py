"""XML with holes: what stays is kept as text, what depends on the data is asked for when a workbook is filled.

While a template is compiled its parts are trees in which changing values are replaced by tokens
(``Holes.hole``) and elements that may go are put in brackets (``Holes.optional``, ``Holes.group``).
The tree is then written once and cut at the tokens; filling is joining texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from lxml import etree

from taskkit.errors import InternalError

_F = TypeVar("_F")
# Noncharacters: XML allows them and no text holds them; a template's own are dropped when it is read.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_TOKEN = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")
_RESERVED = str.maketrans("", "", f"{_OPEN}{_CLOSE}")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACES = re.compile(r' xmlns(?::[\w.-]+)?="[^"]*"')


@dataclass(frozen=True)
class Fragment(Generic[_F]):
    """Texts and holes in order. A group vanishes with its last optional part, an optional part with its first None."""

    pieces: tuple[str | Callable[[_F], str | None] | Fragment[_F], ...]
    is_group: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether it is the same whatever the data."""
        return all(isinstance(piece, str) for piece in self.pieces)

    def whole(self, facts: _F) -> str:
        """The text of a part that is always there. Raises InternalError where it says that it is not."""
        text = self.render(facts)
        if text is None:
            raise InternalError("模板的一个部分没有内容", "请把模板交给开发者查看")
        return text

    def render(self, facts: _F) -> str | None:
        """The text for these facts; None where it is left out."""
        texts: list[str] = []
        have_parts = False
        for piece in self.pieces:
            if isinstance(piece, str):
                texts.append(piece)
            elif isinstance(piece, Fragment):
                text = piece.render(facts)
                if text is not None:
                    have_parts = True
                    texts.append(text)
            else:
                text = piece(facts)
                if text is None:
                    return None
                texts.append(text)
        return "".join(texts) if have_parts or not self.is_group else None


class Holes(Generic[_F]):
    """The holes of one part while it is compiled."""

    def __init__(self) -> None:
        self._made: list[Callable[[_F], str | None]] = []
        self._optional: set[etree._Element] = set()

    @property
    def count(self) -> int:
        """How many holes there are."""
        return len(self._made)

    def hole(self, ask: Callable[[_F], str | None]) -> str:
        """A token to put into the tree where the answer is to stand; the answer is XML, escaped as need be."""
        self._made.append(ask)
        return f"{_OPEN}{len(self._made) - 1}{_CLOSE}"

    def optional(self, element: etree._Element, condition: Callable[[_F], bool] | None = None) -> None:
        """Let an element vanish where one of its holes is None or the condition does not hold."""
        if element in self._optional:
            return
        self._optional.add(element)
        asked = self.hole(lambda facts: "" if condition(facts) else None) if condition else ""
        _before(element, f"{_OPEN}[{_CLOSE}{asked}")
        element.tail = f"{_OPEN}]{_CLOSE}{element.tail or ''}"

    def group(self, element: etree._Element) -> None:
        """Let an element vanish where all its children do; one that has children that stay, stays."""
        children = [each for each in element if isinstance(each.tag, str)]
        if any(each in self._optional for each in children):
            element.attrib.pop("count", "")
        if not all(each in self._optional for each in children if each.tag.rpartition("}")[2] != "sqref"):
            return
        _before(element, f"{_OPEN}{{{_CLOSE}")
        element.tail = f"{_OPEN}]{_CLOSE}{element.tail or ''}"

    def text(self, root: etree._Element) -> str:
        """A whole part with its tokens."""
        return _DECLARATION + etree.tostring(root, encoding="unicode", with_tail=False)

    def part(self, root: etree._Element) -> Fragment[_F]:
        """A whole part."""
        return self.cut(self.text(root))

    def cut(self, text: str) -> Fragment[_F]:
        """A text cut at its tokens."""
        stack: list[list[str | Callable[[_F], str | None] | Fragment[_F]]] = [[]]
        groups: list[bool] = []
        for at, piece in enumerate(_TOKEN.split(text)):
            if at % 2 == 0:
                if piece:
                    stack[-1].append(piece)
            elif piece in "[{":
                groups.append(piece == "{")
                stack.append([])
            elif piece == "]":
                done = Fragment(tuple(stack.pop()), groups.pop())
                stack[-1].append(done)
            else:
                stack[-1].append(self._made[int(piece)])
        return Fragment(tuple(stack[0]))


def without_tokens(text: str) -> str:
    """A template's text without what would be taken for a token."""
    return text.translate(_RESERVED)


def inner_xml(element: etree._Element, spaces: Mapping[str | None, str]) -> str:
    """An element as it stands inside a part that declares these namespaces."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    end = text.index(">")
    declared = {f' xmlns{f":{prefix}" if prefix else ""}="{space}"' for prefix, space in spaces.items()}
    return _SPACES.sub(lambda match: "" if match[0] in declared else match[0], text[:end]) + text[end:]


def _before(element: etree._Element, token: str) -> None:
    sibling, parent = element.getprevious(), element.getparent()
    if sibling is not None:
        sibling.tail = (sibling.tail or "") + token
    elif parent is not None:
        parent.text = (parent.text or "") + token
