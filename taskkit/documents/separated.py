"""Tables saved as text with separators (.csv, .tsv), as Excel and databases write them."""

from __future__ import annotations

import csv
import io

from taskkit.documents.model import Block, Cell, Row, Table
from taskkit.documents.text import decode
from taskkit.errors import InputError

_SEPARATORS = "\t,;|"
MAX_ROWS = 200_000
MAX_COLUMNS = 500


def read_separated(data: bytes, name: str) -> tuple[Block, ...]:
    """The file as one table; places are line numbers, for fields in quotes may hold several lines.

    Raises InputError where it is no text or breaks a limit.
    """
    text = decode(data, name).lstrip("\ufeff")
    first, _, rest = text.partition("\n")
    if first.casefold().startswith("sep=") and len(first.strip()) == 5:  # Excel's own hint
        separator, text = first.strip()[4], rest
    else:
        separator = _separator(text)
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                rows.append(Row(tuple(Cell(field.strip()) for field in fields), f"第{start}行"))
            start = reader.line_num + 1
            if len(rows) > MAX_ROWS or len(fields) > MAX_COLUMNS:
                raise InputError(f"“{name}”的行数或列数过多，没有打开", "请只保留任务分工表，另存后再试")
    except csv.Error:
        raise InputError(f"“{name}”的引号或分隔符不完整，无法读取", "请用 Excel 打开后另存为 .xlsx 再试") from None
    return (Table(tuple(rows), "表1"),) if rows else ()


def _separator(text: str) -> str:
    """The separator that cuts the most lines into equally many fields."""
    lines = [line for line in text[:50_000].splitlines() if line.strip()][:60]

    def regular(separator: str) -> int:
        counts = [line.count(separator) for line in lines]
        most = max(set(counts) - {0}, key=lambda count: counts.count(count) * count, default=0)
        return counts.count(most) * most if most else 0

    weights = {separator: regular(separator) for separator in _SEPARATORS}
    best = max(weights, key=lambda separator: weights[separator])
    return best if weights[best] else ","
