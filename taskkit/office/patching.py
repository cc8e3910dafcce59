"""A package of which a few parts change: all others are copied as they stand in the zip, still deflated."""

from __future__ import annotations

import io
import posixpath

from lxml import etree

from taskkit.errors import InputError
from taskkit.office.archive import open_archive
from taskkit.office.formats import space_of
from taskkit.office.packing import Entry, Package, as_it_is, deflated, inflated
from taskkit.office.parts import CONTENT_TYPES, RELATIONS, Relation, add_relation, relations_of, relations_part
from taskkit.office.xml import parse_xml

# Small parts are stored as they are: deflating them takes longer than all the rest, and an office
# program deflates them when it saves.
_SMALL, _LEVEL = 512 * 1024, 1


class Patch:
    """A package being patched. Part names are found whatever their case or the slant of their slashes."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._archive = open_archive(data, name)
        self._real = {_plain(each): each for each in self._archive.names}
        self._changed: dict[str, bytes] = {}
        self._trees: dict[str, etree._Element] = {}
        self._parsed: dict[str, etree._Element] = {}
        self._relations: dict[str, list[Relation]] = {}

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._real

    def read(self, part: str) -> bytes:
        """The bytes of a part. Raises InputError where it is missing or damaged."""
        if part.lower() in self._changed:
            return self._changed[part.lower()]
        real = self._real.get(part.lower(), part)
        entry = self._archive.packed(real)
        return inflated(entry) or self._archive.read(real)

    def beginning(self, part: str, size: int) -> bytes:
        """The first bytes of a part."""
        if part.lower() in self._changed:
            return self._changed[part.lower()][:size]
        return inflated(self._archive.packed(self._real.get(part.lower(), part)), size)

    def tree(self, part: str) -> etree._Element:
        """A part as a tree that may be changed: it is written anew."""
        key = part.lower()
        if key not in self._trees:
            self._trees[key] = self._looked_at(part)
        return self._trees[key]

    def put(self, part: str, content: bytes) -> None:
        """Set a part, new or changed."""
        self._real.setdefault(part.lower(), part)
        self._changed[part.lower()] = content

    def plant(self, part: str, root: etree._Element) -> None:
        """Set a new part as a tree that may still be changed."""
        self._real.setdefault(part.lower(), part)
        self._trees[part.lower()] = root

    def drop(self, part: str) -> None:
        """Take a part out, with its relations and its line in the list of types."""
        for each in (part, relations_part(part)):
            self._real.pop(each.lower(), None)
            self._changed.pop(each.lower(), None)
            self._trees.pop(each.lower(), None)
        types = self.tree(CONTENT_TYPES)
        for element in list(types):
            if isinstance(element.tag, str) and _plain(element.get("PartName") or "") == part.lower():
                types.remove(element)

    def free_name(self, pattern: str) -> str:
        """A part's name that is not taken: {} stands for the number."""
        return next(name for number in range(1, 1 << 16) if (name := pattern.format(number)) not in self)

    # --- what refers to what ---------------------------------------------------------------

    def relations(self, part: str) -> list[Relation]:
        """What a part ("" for the package) refers to inside the package."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    def _read_relations(self, part: str) -> list[Relation]:
        where = relations_part(part)
        if where not in self:
            return []
        return relations_of(self._looked_at(where), part)

    def _looked_at(self, part: str) -> etree._Element:
        """A part as a tree; it is not written anew for that."""
        key = part.lower()
        if key in self._trees:
            return self._trees[key]
        if key not in self._parsed:
            self._parsed[key] = parse_xml(self.read(part), self.name)
        return self._parsed[key]

    def of_kind(self, part: str, kind: str) -> list[str]:
        """The parts of a kind that a part refers to."""
        return [each.part for each in self.relations(part) if each.kind == kind and each.part in self]

    def relate(self, part: str, kind: str, to: str) -> str:
        """Let a part refer to another one; the id of the relation comes back."""
        where = relations_part(part)
        self._relations.pop(part, None)
        if where not in self:
            self.plant(where, etree.fromstring(f'<Relationships xmlns="{RELATIONS}"/>'))
        return add_relation(self.tree(where), kind, posixpath.relpath(to, posixpath.dirname(part) or "."))

    def unrelate(self, part: str, to: str) -> None:
        """Let a part no longer refer to another one."""
        gone = {each.id for each in self.relations(part) if each.part.lower() == to.lower()}
        self._relations.pop(part, None)
        root = self.tree(relations_part(part))
        for element in list(root):
            if isinstance(element.tag, str) and element.get("Id") in gone:
                root.remove(element)
        if not len(root):
            self._real.pop(relations_part(part).lower(), None)
            self._trees.pop(relations_part(part).lower(), None)

    def set_type(self, part: str, content_type: str) -> None:
        """Say of what type a part is."""
        types = self.tree(CONTENT_TYPES)
        for element in types:
            if isinstance(element.tag, str) and _plain(element.get("PartName") or "") == part.lower():
                element.set("ContentType", content_type)
                return
        added = etree.SubElement(types, f"{space_of(types)}Override")
        added.set("PartName", f"/{part}")
        added.set("ContentType", content_type)

    def set_default(self, suffix: str, content_type: str) -> None:
        """Say of what type parts with a suffix are, where the package does not say so yet."""
        types = self.tree(CONTENT_TYPES)
        tag = f"{space_of(types)}Default"
        if any(each.get("Extension", "").lower() == suffix for each in types.iterfind(tag)):
            return
        added = etree.Element(tag)
        added.set("Extension", suffix)
        added.set("ContentType", content_type)
        types.insert(0, added)

    def drop_default(self, suffix: str, content_type: str) -> None:
        """Say no longer that parts with a suffix are of this type; those that are left have lost it."""
        types = self.tree(CONTENT_TYPES)
        for each in types.findall(f"{space_of(types)}Default"):
            if each.get("Extension", "").lower() == suffix and each.get("ContentType") == content_type:
                types.remove(each)
                for part in [real for real in self._real.values() if real.lower().endswith(f".{suffix}")]:
                    self.set_type(_plain(part), "application/octet-stream")

    def write(self) -> bytes:
        """The package: parts in their order, new ones after them."""
        if CONTENT_TYPES not in self:
            raise InputError(f"“{self.name}”不是完整的工作簿", "请用 Excel 或 WPS 打开后另存一份再试")
        out = io.BytesIO()
        package = Package(out)
        for key, real in self._real.items():
            if key in self._trees:
                content = etree.tostring(self._trees[key], encoding="UTF-8", xml_declaration=True, standalone=True)
                package.add(_entry(real, content))
            elif key in self._changed:
                package.add(_entry(real, self._changed[key]))
            else:
                package.add(self._archive.packed(real))
        package.close()
        return out.getvalue()


def _entry(name: str, content: bytes) -> Entry:
    return as_it_is(name, content) if len(content) <= _SMALL else deflated(name, content, _LEVEL)


def _plain(part: str) -> str:
    return part.replace("\\", "/").lstrip("/").lower()
