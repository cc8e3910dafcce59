"""XML of office files: parsing without entities, network or oversized trees; texts that XML can hold."""

from __future__ import annotations

import re

from lxml import etree

from taskkit.errors import InputError

_BREAKS = re.compile("\r\n|[\r\v\f]")
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
        raise InputError(f"“{name}”的内容已损坏，无法读取", "请用 Office 或 WPS 打开后另存一份再试") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise InputError(f"“{name}”含有不允许的外部定义，为安全起见没有打开", "请核对文件来源")
    return root
