"""Saved web pages: the article alone, without navigation, footers, scripts and buttons.

Where the article stands is found by its text: from the whole page down, always into the one part
that holds most of the text outside links. Nothing is fetched and no entity of the page's own is
resolved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree, html

from taskkit.documents.html_tables import grid_of, is_layout, text_of
from taskkit.documents.model import Block, Paragraph, Row, Table
from taskkit.documents.text import decode
from taskkit.errors import InputError

MAX_SIZE = 20 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 200
_MOST = 0.8  # share of the text that one part must hold to be the article
_DROPPED = frozenset(
    ("script style noscript template head iframe object embed svg canvas audio video nav footer aside select").split()
) | {"button", "input", "textarea", "map", "dialog"}
_BLOCKS = frozenset(
    (
        "p div section article main h1 h2 h3 h4 h5 h6 li ul ol dl dt dd blockquote pre center table tbody thead tfoot"
    ).split()
) | {"tr", "td", "th", "caption", "body", "html", "header", "hr", "fieldset", "figure", "address", "details", "summary"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.I)
_AROUND = re.compile(
    r"(?:^|[-_\s])(?:nav|menu|foot(?:er)?|copyright|breadcrumbs?|crumbs?|share|sharebox|bdshare\w*|social|sidebar|related"
    r"|recommend|comments?|toolbar|pagination|print|qrcode|ewm|search|login|banner|dqwz|position)(?:$|[-_\s\d])",
    re.I,
)
_SMALL = 0.15  # share of the page's text above which a part is kept whatever it is called
# Lines that pages print around an article, whole lines only.
_FURNITURE = re.compile(
    r"[\s【\[〖(（]*(?:打\s*印(?:本页|此页)?|关\s*闭(?:窗口|本页|页面)?|返回(?:顶部|首页|列表)?|收\s*藏|字\s*[体号]\s*[:：].*"
    r"|分享(?:到|至)?\s*[:：]?.{0,40}|扫一扫.{0,30}|扫码.{0,30}|.{0,6}手机(?:打开|阅读|浏览|查看).{0,20}"
    r"|浏览(?:次数|量)\s*[:：].*|阅读(?:次数|量)\s*[:：].*|点击(?:数|率|次数)?\s*[:：].*|(?:您)?(?:当前|现在|所在)的?位置\s*[:：].*"
    r"|(?:上|下)一[篇条页]\s*[:：]?.*|(?:文章|信息|稿件)?来源\s*[:：].{0,40}|(?:发布|更新|发文|发稿)(?:时间|日期)\s*[:：].{0,60}"
    r"|责任编辑\s*[:：].{0,20}|编辑\s*[:：].{0,20}|无障碍(?:浏览|阅读)|繁體?|简体|长者(?:模式|助手)|语音播报|适老化"
    r"|大|中|小|首页|网站(?:首页|地图|导航|声明)|联系我们|关于我们|版权所有.{0,60}|.{0,4}ICP备.{0,40}|.{0,4}公网安备.{0,30}"
    r"|主办(?:单位)?\s*[:：].{0,30}(?:版权|ICP|备案).{0,60}|网站标识码.{0,30}|技术支持\s*[:：].{0,40})"
    r"(?:[】\]〗)）|｜\s]+|$)(?:[\s【\[|｜]*(?:打印|关闭|关闭窗口|关闭本页|返回|收藏|大|中|小|分享.{0,20})[】\]\s|｜]*)*"
)
_AFTERWARDS = re.compile(
    r"[\s【\[]*(?:相关(?:阅读|链接|文[章件]|新闻|稿件|信息|解读)|相关(?:政策)?解读|推荐阅读|热点推荐)[】\]：:\s]*"
)
_SENTENCE = re.compile(r"[。；;：:，,、]")
_MARKS = re.compile(r"[。；;]|单位\s*[:：]|[一二三四五六七八九十]、|\d[.、．](?!\d)")
_FEW_MARKS = 4  # what a footer or a row of buttons may have


def read_html(data: bytes, name: str) -> tuple[Block, ...]:
    """The article of a saved web page as paragraphs and tables.

    Raises InputError where it is no text or breaks a limit.
    """
    if len(data) > MAX_SIZE or data.count(b"<") > MAX_ELEMENTS:
        raise InputError(f"“{name}”内容过多，没有打开", "请只保存正文所在的网页")
    root = _parse(_decoded(data, name), name)
    title = _title(root)
    _clean(root)
    walk = _Walk()
    walk.block(_article(root), 0)
    blocks = _without_furniture(walk.finish())
    return tuple([Paragraph(title, "网页标题"), *blocks] if _title_is_missing(title, blocks) else blocks)


def _decoded(data: bytes, name: str) -> str:
    """The page as text. What a page declares is often wrong and rarely needed: only Big5 cannot be told otherwise."""
    declared = _CHARSET.search(data[:4096])
    if declared and declared[1].lower().startswith(b"big5"):
        return data.decode("big5hkscs", errors="replace")
    return decode(data, name)


def _parse(text: str, name: str) -> html.HtmlElement:
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff")).replace("\0", "")
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise InputError(f"“{name}”里没有网页内容", "请在浏览器中重新保存网页后再试") from None
    return root


def _tag(node: etree._Element) -> str:
    return node.tag.lower() if isinstance(node.tag, str) else ""


def _title(root: etree._Element) -> str:
    """The title of the article by its own mark, else by the page's title without the site's name."""
    for mark in ("ArticleTitle", "og:title"):
        for meta in root.iter("meta"):
            if mark in (meta.get("name"), meta.get("property")) and (content := (meta.get("content") or "").strip()):
                return content
    heads = [text_of(head).strip() for head in root.iter("h1")]
    pages = [re.split(r"\s*[_|｜\-—]+\s*", text_of(page).strip())[0] for page in root.iter("title")]
    return next((re.sub(r"\s+", " ", text) for text in [*heads, *pages] if len(text) > 4), "")


def _clean(root: etree._Element) -> None:
    """Drop what is never part of an article, and small parts that are hidden or called navigation or the like."""
    for node in list(root.iter()):
        if _tag(node) in _DROPPED:
            _drop(node)
    total = len(text_of(root))
    for node in list(root.iter()):
        called = f"{node.get('class') or ''} {node.get('id') or ''}"
        hidden = _HIDDEN.search(node.get("style") or "")
        around = hidden or (called.strip() and _AROUND.search(called))
        if around and _tag(node) not in ("html", "body") and len(text_of(node)) < (0.5 if hidden else _SMALL) * total:
            _drop(node)


def _drop(node: etree._Element) -> None:
    """Take a node out; the text after it stays."""
    parent = node.getparent()
    if parent is None:
        return
    before = node.getprevious()
    if node.tail:
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def _article(root: etree._Element) -> etree._Element:
    """The innermost part with nearly all the text outside links, and with nothing beside it that reads like a plan."""
    weights = _weights(root)
    node = root
    while True:
        inner = max((child for child in node if _tag(child) != "a"), key=lambda c: weights[c][0], default=None)
        if inner is not None and _tag(inner) == "table" and not is_layout(inner):
            return _with_words(node, weights, weights[inner][0])
        if inner is None:
            return node
        (size, marks), (inner_size, inner_marks) = weights[node], weights[inner]
        if inner_size < _MOST * size or marks - inner_marks > _FEW_MARKS:
            return node
        node = inner


def _with_words(node: etree._Element, weights: dict[etree._Element, tuple[int, int]], alone: int) -> etree._Element:
    """The nearest part around a table that says more than the table ``alone``: its title may stand a cell above."""
    while weights[node][0] <= alone and (parent := node.getparent()) is not None and _tag(parent) != "html":
        node = parent
    return node


def _weights(root: etree._Element) -> dict[etree._Element, tuple[int, int]]:
    """For each element the length of its text, links aside, and the marks of sentences and items in it."""
    weights: dict[etree._Element, tuple[int, int]] = {}
    for _, node in etree.iterwalk(root, events=("end",)):
        if _tag(node) == "a":
            weights[node] = (0, 0)
            continue
        texts = [node.text or "", *(child.tail or "" for child in node)]
        inner = [weights[child] for child in node]
        size = sum(len(text.strip()) for text in texts) + sum(each[0] for each in inner)
        weights[node] = (size, sum(len(_MARKS.findall(text)) for text in texts) + sum(each[1] for each in inner))
    return weights


@dataclass
class _Walk:
    """Walks the article and collects its blocks."""

    blocks: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    paragraphs: int = 0
    tables: int = 0

    def finish(self) -> list[Block]:
        """All blocks."""
        self._close()
        return self.blocks

    def block(self, node: etree._Element, depth: int) -> None:
        """Take one element with all that it holds."""
        tag = _tag(node)
        if tag == "table" and not is_layout(node):
            self._close()
            self._table(node)
            return
        edge = tag in _BLOCKS or tag == "br"
        if edge:
            self._close()
        if tag == "a":
            self.links.append(text_of(node).strip())
        elif tag == "li":
            self.text.append(_list_number(node))
        self._say(node.text, tag)
        if depth < MAX_DEPTH:
            for child in node:
                self.block(child, depth + 1)
                self._say(child.tail, tag)
        if edge:
            self._close()

    def _say(self, text: str | None, tag: str) -> None:
        for number, line in enumerate((text or "").split("\n") if tag == "pre" else [text or ""]):
            if number:
                self._close()
            if line:
                self.text.append(line)

    def _close(self) -> None:
        line = re.sub(r"[ \t\r\n\f]+", " ", "".join(self.text)).strip(" \u00a0\u3000")
        navigation = len(self.links) > 2 and len("".join(self.links)) > 0.4 * len(line)
        self.text.clear()
        self.links.clear()
        if line and not navigation:
            self.paragraphs += 1
            self.blocks.append(Paragraph(line, f"第{self.paragraphs}段"))

    def _table(self, node: etree._Element) -> None:
        self.tables += 1
        rows = [
            Row(cells, f"表{self.tables}第{number}行")
            for number, cells in enumerate(grid_of(node), start=1)
            if any(cell.text for cell in cells)
        ]
        if rows:
            self.blocks.append(Table(tuple(rows), f"表{self.tables}"))


def _list_number(node: etree._Element) -> str:
    """The number that a browser prints before an item of a numbered list."""
    parent = node.getparent()
    if parent is None or _tag(parent) != "ol":
        return ""
    start = parent.get("start") or "1"
    before = sum(1 for each in node.itersiblings(preceding=True) if _tag(each) == "li")
    return f"{(int(start) if start.isdecimal() else 1) + before}."


def _without_furniture(blocks: list[Block]) -> list[Block]:
    """The blocks without buttons and notes of the page; a list of further articles ends the article."""
    kept: list[Block] = []
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            if _AFTERWARDS.fullmatch(block.text) and _is_tail(blocks[number + 1 :]):
                break
            if _FURNITURE.fullmatch(block.text):
                continue
        kept.append(block)
    return kept


def _is_tail(blocks: list[Block]) -> bool:
    """Whether only a few lines that are no sentences follow."""
    return len(blocks) < 30 and not any(
        isinstance(block, Table) or len(_SENTENCE.findall(block.text)) > 2 for block in blocks
    )


def _title_is_missing(title: str, blocks: list[Block]) -> bool:
    if len(title) < 8 or not blocks:
        return False
    opening = "".join(block.text for block in blocks[:12] if isinstance(block, Paragraph))
    return _bare(title)[:20] not in _bare(opening)


def _bare(text: str) -> str:
    return re.sub(r"\W", "", text)
