"""Parsing of XML from office files: no entities, no network, no oversized trees."""

from __future__ import annotations

from lxml import etree

from taskkit.errors import InputError


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
