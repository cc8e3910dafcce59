"""The parts of a template's package and what refers to what."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from taskkit.errors import InputError, TemplateError
from taskkit.office.archive import open_archive
from taskkit.office.formats import space_of
from taskkit.office.fragments import without_tokens
from taskkit.office.xml import parse_xml

CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Relation:
    """What a part refers to: ``kind`` is the last word of its type, ``part`` its name in the package."""

    id: str
    kind: str
    part: str


class Parts:
    """A template's parts by name. Whatever is wrong with the file is a TemplateError."""

    def __init__(self, template: bytes, name: str) -> None:
        self.name = name
        try:
            archive = open_archive(template, name)
            self.contents = {each: archive.read(each) for each in archive.names}
        except InputError as error:
            raise self.damaged() from error
        self._real = {each.replace("\\", "/").lstrip("/").lower(): each for each in self.contents}
        self._relations: dict[str, list[Relation]] = {}
        if CONTENT_TYPES.lower() not in self._real:
            raise self.damaged()

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._real

    def real(self, part: str) -> str:
        """A part's name as the file spells it."""
        return self._real.get(part.lower(), part)

    def tree(self, part: str) -> etree._Element:
        """A part as a tree, without the characters that the engine keeps for itself."""
        try:
            data = self.contents[self.real(part)]
            if b"\xef\xb7" in data:
                data = without_tokens(data.decode("utf-8")).encode()
            return parse_xml(data, self.name)
        except (KeyError, InputError, UnicodeDecodeError) as error:
            raise self.damaged() from error

    def damaged(self) -> TemplateError:
        """The error of a template that cannot be opened."""
        return TemplateError(f"打不开模板 {self.name}", "请用 Excel 或 WPS 打开核对，另存为 .xlsx 后再试")

    def relations(self, part: str) -> list[Relation]:
        """What a part ("" for the package) refers to inside the package."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> list[Relation]:
        where = relations_part(part)
        return relations_of(self.tree(where), part) if where in self else []

    def of_kind(self, part: str, kind: str) -> list[str]:
        """The parts of a kind that a part refers to."""
        return [each.part for each in self.relations(part) if each.kind == kind and each.part in self]

    @cached_property
    def book(self) -> str:
        """The workbook's part."""
        return next(iter(self.of_kind("", "officeDocument")), "xl/workbook.xml")

    def reached(self, without: Collection[str]) -> set[str]:
        """All parts that the package leads to where some are left out, in lower case."""
        seen: set[str] = set()
        waiting = [""]
        while waiting:
            part = waiting.pop()
            for relation in self.relations(part):
                found = relation.part.lower()
                if found not in seen and relation.part in self and relation.part not in without:
                    seen.add(found)
                    seen.add(relations_part(found))
                    waiting.append(relation.part)
        return seen | {relations_part(""), CONTENT_TYPES.lower()}

    def put(self, part: str, root: etree._Element) -> None:
        """Set a part, new or changed."""
        self.contents[self._real.setdefault(part.lower(), part)] = etree.tostring(
            root, encoding="UTF-8", xml_declaration=True, standalone=True
        )
        self._relations.clear()

    def add_type(self, part: str, content_type: str) -> None:
        """Say of what type a new part is."""
        root = self.tree(CONTENT_TYPES)
        space = space_of(root)
        added = etree.SubElement(root, f"{space}Override")
        added.set("PartName", f"/{part}")
        added.set("ContentType", content_type)
        self.put(CONTENT_TYPES, root)

    def drop(self, part: str) -> None:
        """Take a part out."""
        del self.contents[self._real.pop(part.lower())]
        self._relations.clear()

    def free_name(self, pattern: str) -> str:
        """A part's name that is not taken: {} stands for the number."""
        return next(name for name in _names(pattern) if name not in self)


def relations_of(root: etree._Element, part: str) -> list[Relation]:
    """What the relations of a part refer to inside the package."""
    folder = posixpath.dirname(part)
    return [
        Relation(each.get("Id") or "", (each.get("Type") or "").rpartition("/")[2], _target(folder, each))
        for each in root
        if isinstance(each.tag, str) and each.get("TargetMode") != "External"
    ]


def relations_part(part: str) -> str:
    """The part that holds what a part refers to."""
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def relation_type(root: etree._Element, kind: str) -> str:
    """The full type of a relation, in the dialect that the part uses."""
    strict = any((each.get("Type") or "").startswith(_STRICT) for each in root if isinstance(each.tag, str))
    return f"{_STRICT if strict else _OFFICE}/{kind}"


def add_relation(root: etree._Element, kind: str, target: str, kind_type: str = "") -> str:
    """Let a part refer to another one; the id of the relation comes back."""
    taken = {each.get("Id") for each in root if isinstance(each.tag, str)}
    free = next(name for name in _names("rId{}") if name not in taken)
    added = etree.SubElement(root, f"{{{RELATIONS}}}Relationship")
    added.set("Id", free)
    added.set("Type", kind_type or relation_type(root, kind))
    added.set("Target", target)
    return free


def _names(pattern: str) -> Iterator[str]:
    return (pattern.format(number) for number in range(1, 1 << 20))


def _target(folder: str, element: etree._Element) -> str:
    path = (element.get("Target") or "").replace("\\", "/")
    return path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
