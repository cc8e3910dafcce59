"""Marks of a Word template: in which paragraph each stands, and those that were typed so that they cannot be filled."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from docx.document import Document
from docx.oxml import parse_xml as parse_word_xml
from jinja2 import StrictUndefined, TemplateRuntimeError, TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from taskkit.office.docx_table import NAMESPACE

_W = f"{{{NAMESPACE}}}"
FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# Of text boxes that a document holds twice, the newer; of tracked changes, what is not struck out.
_PARAGRAPHS: Any = etree.XPath(".//w:p[not(ancestor::*[local-name() = 'Fallback'])]", namespaces={"w": NAMESPACE})
_PIECES: Any = etree.XPath(
    ".//w:r[not(ancestor::w:del)]/*[self::w:t or self::w:tab or self::w:br]", namespaces={"w": NAMESPACE}
)
_EDGES = {
    "header": "页眉",
    "first_page_header": "首页页眉",
    "even_page_header": "双页页眉",
    "footer": "页脚",
    "first_page_footer": "首页页脚",
    "even_page_footer": "双页页脚",
}
_TEXT = "正文"
_WORDS = 20  # of a paragraph that name it

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_PREFIX = re.compile(r"(p|tr|tc|r) ")
_WIDE = re.compile(r"[｛{]\s*[｛{％%＃#].*?[｝}％%＃#]\s*[｝}]|[｛{]\s*[｛{％%]|[｝}％%]\s*[｝}]")
_SINGLE = re.compile(r"[｛{]\s*([A-Za-z_][\w.]*)\s*[｝}]")
_QUOTES = str.maketrans("“”‘’", "\"\"''")
_STRINGS = re.compile("\"[^\"]*\"|'[^']*'")
_CONTAINERS = {"p": "段", "tr": "行", "tc": "格"}
_STARTS = {"endfor": ("for",), "endif": ("if",), "else": ("for", "if"), "elif": ("if",)}
_WITHIN = frozenset({"else", "elif"})
_ADVICE = {
    "for": "请写成 {%p for 单项 in 一组内容 %}，单项、一组内容换成标记的名称",
    "if": "请写成 {%p if 名称 %}",
    "elif": "请写成 {%p elif 名称 %}",
    "set": "请写成 {% set 名称 = 内容 %}",
}
_ALONE = frozenset({"set", "vm", "hm", "cellbg", "colspan"})


@dataclass(frozen=True)
class Spot:
    """A paragraph as a person finds it: the part, where in it, its text; ``cell`` tells those of one cell or page."""

    part: str
    where: str
    text: str
    cell: Any = field(repr=False, compare=False)
    row_text: str = field(default="", repr=False)
    order: int = 0

    def __str__(self) -> str:
        words = " ".join(self.text.split())
        shown = f"{words[:_WORDS]}…" if len(words) > _WORDS else words
        place = f"{self.part}{self.where}"
        return f"{place}（“{shown}”）" if shown else place

    @property
    def is_text(self) -> bool:
        """Whether it stands in the text, not in a header, footer or footnote."""
        return self.part == _TEXT


@dataclass(frozen=True)
class Mark:
    """One mark: ``{{ code }}`` or, with a ``keyword``, ``{% code %}``; ``prefix`` is docxtpl's p, tr, tc or r."""

    spot: Spot
    code: str
    prefix: str = ""
    keyword: str = ""
    is_alone: bool = False

    def __str__(self) -> str:
        return f"{{%{self.prefix} {self.code} %}}" if self.keyword else f"{{{{{self.prefix} {self.code} }}}}"


@dataclass(frozen=True)
class Problem:
    """What is wrong at a spot, and what to do."""

    spot: Spot
    what: str
    advice: str


@dataclass(frozen=True)
class Scan:
    """What a template holds: its marks, a list for each part that is filled by itself, and what is wrong with them."""

    parts: tuple[tuple[Mark, ...], ...]
    problems: tuple[Problem, ...]

    @property
    def marks(self) -> Iterator[Mark]:
        """All marks in reading order."""
        return (mark for part in self.parts for mark in part)


def scan(document: Document) -> Scan:
    """The marks of a template with the problems that filling would not tell, or not tell the place of."""
    problems: list[Problem] = []
    parts = []
    order = itertools.count()
    for spots in _parts(document):
        marks = [mark for spot in spots for mark in _marks(replace(spot, order=next(order)), problems)]
        problems += _unpaired(marks)
        parts.append(tuple(marks))
    return Scan(tuple(parts), tuple(sorted(problems, key=lambda each: each.spot.order)))


# --- where paragraphs stand -------------------------------------------------------------------


def _parts(document: Document) -> Iterator[list[Spot]]:
    """The paragraphs of each part that is filled by itself: text, headers and footers, footnotes."""
    yield _spots(document.element.body, _TEXT)
    sections = list(document.sections)
    for number, section in enumerate(sections, 1):
        for key, label in _EDGES.items():
            edge = getattr(section, key)
            if not edge.is_linked_to_previous:
                yield _spots(edge.part.element, f"第{number}节{label}" if len(sections) > 1 else label)
    for part in document.part.package.iter_parts():
        if part.content_type == FOOTNOTES:
            yield _spots(parse_word_xml(part.blob), "脚注")


def _spots(root: Any, label: str) -> list[Spot]:
    found = _PARAGRAPHS(root)
    outer = {id(each): number for number, each in enumerate((e for e in found if e.getparent() is root), 1)}
    tables = root.findall(f"{_W}tbl")
    return [_spot(each, label, outer.get(id(each)), tables) for each in found]


def _spot(paragraph: Any, label: str, number: int | None, tables: Sequence[Any]) -> Spot:
    text = _text(paragraph)
    if number:
        return Spot(label, f"第{number}段", text, paragraph.getparent())
    if next(paragraph.iterancestors(f"{_W}txbxContent"), None) is not None:
        return Spot(label, "的文本框", text, paragraph.getparent())
    cells = list(paragraph.iterancestors(f"{_W}tc"))[::-1]
    if not cells:
        return Spot(label, "", text, paragraph.getparent())
    row, table = cells[0].getparent(), cells[0].getparent().getparent()
    at = f"第{tables.index(table) + 1}张表" if table in tables else "表格"
    line, place = (each.getparent().findall(each.tag).index(each) + 1 for each in (row, cells[0]))
    row_text = "".join(map(_text, row.iter(f"{_W}p")))
    return Spot(label, f"{at}第{line}行第{place}格", text, cells[-1], row_text)


def _text(paragraph: Any) -> str:
    own = (node for node in _PIECES(paragraph) if next(node.iterancestors(f"{_W}p")) is paragraph)
    return "".join((node.text or "") if node.tag == f"{_W}t" else " " for node in own)


# --- what is typed in them ----------------------------------------------------------------------


def _marks(spot: Spot, problems: list[Problem]) -> list[Mark]:
    """The marks of a paragraph; what looks like one and is none goes to ``problems``."""
    codes, rest, at = [], "", 0
    while opening := _OPENING.search(spot.text, at):
        rest += spot.text[at : opening.start()] + "\n"
        closing = _CLOSING[opening[0]]
        end, following = spot.text.find(closing, opening.end()), _OPENING.search(spot.text, opening.end())
        if end < 0 or (following and following.start() < end):
            at = following.start() if following else len(spot.text)
            shown = spot.text[opening.start() : at][:30]
            problems.append(Problem(spot, f"“{shown}”没有写完", f"请在标记后面补上 {closing}，一个标记写在一段里"))
            continue
        at = end + len(closing)
        if opening[0] != "{#":
            codes.append((opening[0] == "{%", spot.text[opening.end() : end]))
    rest += spot.text[at:]
    problems += _lookalikes(spot, rest)
    is_alone = len(codes) == 1 and not rest.strip()
    marks = [_mark(spot, is_statement, code, is_alone) for is_statement, code in codes]
    problems += (problem for mark in marks if (problem := _mistyped(mark)))
    return [mark for mark in marks if not _wide(mark)]


def _mark(spot: Spot, is_statement: bool, code: str, is_alone: bool) -> Mark:
    prefix = found[1] if (found := _PREFIX.match(code)) else ""
    code = code[len(prefix) :].strip().removeprefix("-").removesuffix("-").strip().translate(_QUOTES)
    keyword = (code.split(maxsplit=1) or ["?"])[0] if is_statement else ""
    return Mark(spot, code, prefix, keyword, is_alone)


def _lookalikes(spot: Spot, text: str) -> Iterator[Problem]:
    for found in _WIDE.findall(text):
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", found[:2] + found[-2:]))
        if found in ("}}", "%}"):
            yield Problem(spot, f"多出“{found}”，前面没有与它成对的花括号", "请补上前一半，或删去它")
        else:
            advice = f"请切换到英文输入法，把 {plain[:2]} {plain[-2:]} 重新输入，中间不留空格"
            yield Problem(spot, f"“{found[:40]}”的花括号是全角的或被隔开了，不会换成内容", advice)
    for found in _SINGLE.findall(_WIDE.sub("", text)):
        yield Problem(spot, f"“{{{found}}}”只有一层花括号，不会换成内容", f"标记要写成 {{{{ {found} }}}}")


def _wide(mark: Mark) -> str:
    """The signs of full width that stand in a mark outside of quotes; blanks do no harm."""
    signs = dict.fromkeys(_STRINGS.sub("", mark.code))
    return "".join(sign for sign in signs if unicodedata.normalize("NFKC", sign).strip() not in (sign, ""))


def _mistyped(mark: Mark) -> Problem | None:
    """A mark that would take other text with it, or that cannot be read as it was typed."""
    if wide := _wide(mark):
        return Problem(mark.spot, f"{mark}里有全角符号“{wide}”", "请切换到英文输入法重新输入这个标记")
    if not mark.prefix:
        return None
    if not mark.keyword:
        return Problem(mark.spot, f"{mark}不是可以用的写法", f"请写成 {{{{ {mark.code} }}}}")
    whole = mark.spot.row_text if mark.prefix == "tr" else mark.spot.text
    if mark.prefix == "r" or (mark.is_alone and whole.strip() == mark.spot.text.strip()):
        return None
    what = _CONTAINERS[mark.prefix]
    advice = f"请把它单独放在一{what}；在文字中间的，开始和结束都改用不带 {mark.prefix} 的写法"
    return Problem(mark.spot, f"{mark}要单独占一{what}，同在一{what}的其他内容会丢失", advice)


def _unpaired(marks: list[Mark]) -> Iterator[Problem]:
    """Loops and conditions that do not begin, do not end, or end in another way than they began."""
    open_: list[Mark] = []
    for mark in filter(lambda each: each.keyword, marks):
        if mark.keyword in ("for", "if"):
            open_.append(mark)
        elif mark.keyword in _STARTS:
            starts = _STARTS[mark.keyword]
            if not open_ or open_[-1].keyword not in starts:
                yield Problem(mark.spot, f"{mark}前面没有与它成对的 {starts[-1]}", f"请补上 {starts[-1]}，或删去它")
                continue
            opening = open_[-1] if mark.keyword in _WITHIN else open_.pop()
            if _differ(opening, mark):
                advice = "开始和结束的写法要一样（都带 p 或都不带），并且放在同一个单元格里，或者都在表格外"
                yield Problem(mark.spot, f"{mark}与{opening.spot}的{opening}不成对", advice)
        elif mark.keyword not in _ALONE:
            yield Problem(mark.spot, f"{mark}不是可以用的写法", "可以用的有：for、if、elif、else、set、endfor、endif")
    for mark in open_:
        end = f"{{%{mark.prefix} end{mark.keyword} %}}"
        yield Problem(mark.spot, f"{mark}没有结束", f"请在后面补上 {end}")


def _differ(opening: Mark, ending: Mark) -> bool:
    apart = opening.prefix in ("", "r", "p") and opening.spot.cell is not ending.spot.cell
    return opening.prefix != ending.prefix or apart


# --- what they say ------------------------------------------------------------------------------


class NotPrintableError(TemplateRuntimeError):
    """A mark that prints a list, or one of its entries as a whole."""


def environment() -> SandboxedEnvironment:
    """Where templates are filled: nothing of the program is within reach, and nothing that is missing is overlooked."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True, finalize=_printable)


def _printable(value: object) -> object:
    """What a mark prints; what a filter (safe, urlize) takes for markup is text like any other."""
    if isinstance(value, Markup):
        return value.unescape()
    if value is None or isinstance(value, str | int | float | Undefined):
        return "" if value is None else value
    raise NotPrintableError("标记是一组内容，不是一段文字，要用 for 逐项列出")


def fails(mark: Mark, context: Mapping[str, Any]) -> bool:
    """Whether what a mark prints cannot be filled in; False where a loop or condition decides it."""
    if mark.keyword or not {each.name for each in tree(mark).find_all(nodes.Name)} <= context.keys():
        return False
    try:
        environment().from_string(f"{{{{ {mark.code} }}}}").render(context)
    except Exception:  # whatever an expression may come to
        return True
    return False


def tree(mark: Mark) -> nodes.Template:
    """What a mark says, as jinja reads it. Raises jinja2.TemplateSyntaxError where it cannot be read."""
    code = mark.code
    if not mark.keyword:
        source = f"{{{{ {code} }}}}"
    elif mark.keyword == "elif":
        source = f"{{% {code.removeprefix('el')} %}}{{% endif %}}"
    elif mark.keyword in ("for", "if"):
        source = f"{{% {code} %}}{{% end{mark.keyword} %}}"
    else:
        source = f"{{% {code} %}}" if mark.keyword == "set" else ""
    reader = environment()
    reader.compile(source)
    return reader.parse(source)


def misspelt(marks: Iterable[Mark]) -> Iterator[Problem]:
    """The marks that cannot be read."""
    for mark in marks:
        try:
            tree(mark)
        except TemplateSyntaxError:
            yield Problem(mark.spot, f"{mark}写法不对", _ADVICE.get(mark.keyword, "标记要写成 {{ 名称 }}"))
