"""The pages of a PDF as characters and ruling lines with their places. Runs as a child process.

Points run from the upper left corner of the page as it is read: text that stands sideways, as
landscape tables do on portrait pages, is turned upright, and text at another angle (a watermark)
is left out.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from taskkit.office.child import RefusedError, answer

MAX_PAGES = 1_000
MAX_CHARACTERS = 3_000_000
MAX_LINES_A_PAGE = 20_000
_THIN = 3.0  # points; a filled shape as thin as this is a line
_QUARTER = math.pi / 2
Box = tuple[float, float, float, float]
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_pages(data: bytes) -> list[dict[str, Any]]:
    """Every page: width, height, ``text`` and ``boxes`` (four numbers a character), ``lines``, ``image``."""
    import pypdfium2  # type: ignore[import-untyped]
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or b"/Encrypt" in data
        raise RefusedError("password" if locked else "damaged") from None
    if len(document) > MAX_PAGES:
        raise RefusedError("too-large")
    pages: list[dict[str, Any]] = []
    total = 0
    for number in range(len(document)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            raise RefusedError("damaged") from None
        pages.append(_page(page))
        total += len(pages[-1]["text"])
        if total > MAX_CHARACTERS:
            raise RefusedError("too-large")
        page.close()
    return pages


def _page(page: Any) -> dict[str, Any]:
    left, bottom, right, top = page.get_bbox()
    found = list(_characters(page))
    turns = Counter(turn for _, _, turn in found).most_common(1)[0][0] if found else 0
    corner = _turned((left, bottom, right, top), turns)
    width, height = corner[2] - corner[0], corner[3] - corner[1]

    def placed(box: Box) -> Box:
        x0, y0, x1, y1 = _turned(box, turns)
        return (
            round(x0 - corner[0], 1),
            round(y0 - corner[1], 1),
            round(x1 - corner[0], 1),
            round(y1 - corner[1], 1),
        )

    text: list[str] = []
    boxes: list[float] = []
    for char, box, turn in found:
        at = placed(box)
        if turn == turns and 0 <= (at[0] + at[2]) / 2 <= width and 0 <= (at[1] + at[3]) / 2 <= height:
            text.append(char)
            boxes += at
    lines, image = [], 0.0
    for kind, box in _shapes(page.raw, _IDENTITY, 0):
        x0, y0, x1, y1 = placed(box)
        if kind == "image":
            image += (x1 - x0) * (y1 - y0) / max(width * height, 1.0)  # scans come in strips too
        if min(x1 - x0, y1 - y0) <= _THIN < max(x1 - x0, y1 - y0):
            lines.append((x0, y0, x1, y1))
            if len(lines) > MAX_LINES_A_PAGE:
                raise RefusedError("too-large")
    return {"width": width, "height": height, "text": "".join(text), "boxes": boxes, "lines": lines, "image": image}


def _turned(box: Box, turns: int) -> Box:
    """A box of PDF space (y upwards) with y downwards, turned back by as many quarters as its text is."""
    x0, y0, x1, y1 = box
    return ((x0, -y1, x1, -y0), (y0, x0, y1, x1), (-x1, y0, -x0, y1), (-y1, -x1, -y0, -x0))[turns]


def _characters(page: Any) -> Iterator[tuple[str, Box, int]]:
    """Each character as (character, box, quarter turns to the left); those at an angle are left out."""
    from pypdfium2 import raw

    text = page.get_textpage()
    count = text.count_chars()
    if count > MAX_CHARACTERS:
        raise RefusedError("too-large")
    box = raw.FS_RECTF()
    for index in range(count):
        if raw.FPDFText_IsGenerated(text, index) == 1:  # pdfium's own guesses at spaces and line ends
            continue
        code = raw.FPDFText_GetUnicode(text, index)
        quarters = raw.FPDFText_GetCharAngle(text, index) / _QUARTER
        if code in (0, 10, 13) or abs(quarters - round(quarters)) > 0.05:
            continue
        raw.FPDFText_GetLooseCharBox(text, index, box)
        yield _usual(code), (box.left, box.bottom, box.right, box.top), -round(quarters) % 4
    text.close()


def _usual(code: int) -> str:
    """A character as it is usually written: radicals and compatibility forms stand for others."""
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return "\ufffd"
    if code == 2:  # pdfium's sign for a hyphen at the end of a line
        return "-"
    char = chr(code)
    return unicodedata.normalize("NFKC", char) if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF else char


def _shapes(parent: Any, matrix: _Matrix, depth: int) -> Iterator[tuple[str, Box]]:
    """The boxes of what is drawn: ``line`` for each straight line or filled shape, ``image`` for pictures."""
    from pypdfium2 import raw

    form = depth > 0
    count = raw.FPDFFormObj_CountObjects(parent) if form else raw.FPDFPage_CountObjects(parent)
    for index in range(count):
        shape = raw.FPDFFormObj_GetObject(parent, index) if form else raw.FPDFPage_GetObject(parent, index)
        kind = raw.FPDFPageObj_GetType(shape)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            for box in _strokes(shape, _times(_matrix_of(shape), matrix)):
                yield "line", box
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            yield "image", _box_of([(0, 0), (1, 1), (0, 1), (1, 0)], _times(_matrix_of(shape), matrix))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < 6:
            yield from _shapes(shape, _times(_matrix_of(shape), matrix), depth + 1)


def _strokes(path: Any, matrix: _Matrix) -> Iterator[Box]:
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if not fill.value and not stroke.value:
        return
    for points in _outlines(path):
        if stroke.value:
            yield from (_box_of(list(pair), matrix) for pair in pairwise(points))
        else:
            yield _box_of(points, matrix)


def _outlines(path: Any) -> Iterator[list[tuple[float, float]]]:
    """The points of each part of a path, the first again at the end of a closed one."""
    from pypdfium2 import raw

    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        points.append((x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment) and len(points) > 2:
            points.append(points[0])
    if len(points) > 1:
        yield points


def _matrix_of(shape: Any) -> _Matrix:
    from pypdfium2 import raw

    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(shape, found):
        return _IDENTITY
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(one: _Matrix, two: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _box_of(points: list[tuple[float, float]], matrix: _Matrix) -> Box:
    a, b, c, d, e, f = matrix
    placed = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
    return (
        min(x for x, _ in placed),
        min(y for _, y in placed),
        max(x for x, _ in placed),
        max(y for _, y in placed),
    )


if __name__ == "__main__":
    answer(read_pages)
