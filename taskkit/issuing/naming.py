"""The names of the files that are issued."""

from __future__ import annotations

from taskkit.book import Ask
from taskkit.book_words import form_title
from taskkit.file_names import LONGEST_NAME, safe_name
from taskkit.issuing.asking import ROLE_WORDS

MOST_BYTES = 200  # of a file's name in UTF-8: file systems take 255


def file_name(number: int, ask: Ask, year: int | None, taken: set[str], unit: str = "") -> str:
    """012县教育局_2023年二季度工作进展.xlsx: a name that every system takes, whatever the unit is called.

    ``unit`` is the short name, where there is one. Different asks of one plan never have the same
    name. ``taken`` holds the names given so far, folded; the new one is added.
    """
    roles = f"（{ROLE_WORDS['all']}）" if ask.role == "all" else ""
    tail = f"_{form_title(ask.period, year, ask.role, ask.part)}{roles}"
    for again in range(1, 1000):
        end = f"{tail}{f'_{again}' if again > 1 else ''}.xlsx"
        head = f"{number:03d}"
        room = LONGEST_NAME - len(head) - len(end)
        name = head + safe_name(unit or ask.unit, room) + end
        while len(name.encode("utf-8", "surrogatepass")) > MOST_BYTES and room > 1:
            room -= 1
            name = head + safe_name(unit or ask.unit, room) + end
        if name.casefold() not in taken:
            break
    taken.add(name.casefold())
    return name
