"""The last touch on a written workbook: the same content gives the same bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

_THE_DATE = (1980, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_ROW = re.compile(rb'<row r="(\d+)"[^>]*>')
_FORMULA = re.compile(rb'(<c r="[A-Z]+\d+"(?: s="\d+")?)(?: t="\w+")?>(<f>[^<]*</f>)(?:<v\s*/>|<v></v>)')


def packed(data: bytes, free_rows: Mapping[str, tuple[int, int]]) -> bytes:
    """The workbook zipped anew with fixed times, without the clock in its properties.

    ``free_rows`` names, for each sheet's part, the rows whose heights are estimates: they lose
    ``customHeight``, so that every program may fit them to the text. Formulas without a computed
    value get the empty text as theirs, so that a preview does not show 0.
    """
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMPS.sub(b"", content)
            elif name in free_rows:
                content = _FORMULA.sub(rb'\1 t="str">\2<v></v>', _freed(content, *free_rows[name]))
            info = zipfile.ZipInfo(name, _THE_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            target.writestr(info, content, compresslevel=6)
    return result.getvalue()


def _freed(content: bytes, first: int, last: int) -> bytes:
    def free(match: re.Match[bytes]) -> bytes:
        ours = first <= int(match[1]) <= last
        return match[0].replace(b' customHeight="1"', b"") if ours else match[0]

    return _ROW.sub(free, content)
