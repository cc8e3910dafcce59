"""XML of office files: parsing without entities, network or oversized trees; texts that XML can hold."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import cast

from lxml import etree

from taskkit.errors import InputError

_BREAKS = re.compile("\r\n|[\r\v\f]")
MAX_TREE = 5 * 512 * 1024  # of XML that is held as a whole: about 120 MB at the worst
MAX_TAGS = 4_000_000
MAX_ELEMENTS = 700_000  # that a stream gives
_CHUNK = 128 * 1024
# Characters that XML 1.0 forbids; a lone surrogate cannot be written either.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without what XML cannot hold; all kinds of line breaks become one, Word's vertical tab among them."""
    return _FORBIDDEN.sub("", _BREAKS.sub("\n", text))


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root element of an XML part; ``name`` is the file's name as the user knows it.

    Raises InputError where the XML is damaged or brings a document type of its own: no office
    program writes one, and it is the way in for entity expansion and external entities.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise _damaged(name) from None
    _refuse_definitions(root, name)
    return root


def stream(data: bytes, name: str, tags: Collection[str]) -> Iterator[etree._Element]:
    """The elements with one of these local names as they end, each to be used before the next is asked for.

    Memory stays flat: what was given is dropped soon, and where `MAX_TREE` bytes go by without
    such an element the file is refused. Raises InputError as `parse_xml`.
    """
    if data.count(b"<") > MAX_TAGS:
        raise _too_large(name)
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    since = given = 0
    try:
        for at in range(0, len(data), _CHUNK):
            parser.feed(data[at : at + _CHUNK])
            events = list(cast("Iterator[tuple[str, etree._Element]]", parser.read_events()))
            given += len(events)
            since = 0 if events else since + _CHUNK
            if given > MAX_ELEMENTS or since > MAX_TREE:
                raise _too_large(name)
            if events:
                _refuse_definitions(events[0][1], name)
                yield from (element for _, element in events)
                _drop(events[-1][1])
        parser.close()
    except etree.XMLSyntaxError:
        raise _damaged(name) from None


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _drop(element: etree._Element) -> None:
    """Empty an element, and drop all that is complete before it."""
    element.clear()
    at: etree._Element | None = element
    while at is not None and (parent := at.getparent()) is not None:
        del parent[: parent.index(at)]
        at = parent


def _refuse_definitions(element: etree._Element, name: str) -> None:
    if element.getroottree().docinfo.internalDTD is not None:
        raise InputError(f"“{name}”含有不允许的外部定义，为安全起见没有打开", "请核对文件来源")


def _too_large(name: str) -> InputError:
    return InputError(f"“{name}”内容过多，没有打开", "请核对文件来源，或只保留需要的内容后再试")


def _damaged(name: str) -> InputError:
    return InputError(f"“{name}”的内容已损坏，无法读取", "请用 Office 或 WPS 打开后另存一份再试")
