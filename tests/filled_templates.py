"""Any Word template filled with texts, lists and tables of the shape that its marks ask for.

So a new template in templates/reports/ is measured without a line about it anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, nodes

from taskkit.office.docx_charts import Chart, Series
from taskkit.office.docx_table import Band, Table
from taskkit.office.docx_table import Column as TableColumn
from taskkit.office.docx_writer import Properties, fill_template

SENTENCE = "督查工作进展情况报告正文每行二十八个字每页二十二行按照国家标准排印文字不多不少正好一页"
TALL = 24  # the number of the row that is taller than a page; the one before it nearly fills one
SENTENCES = 50  # in it


def _rows() -> Iterator[Band | tuple[str, ...]]:
    """Rows of one to seven lines, each marked at its beginning and its end, under headings of both levels."""
    for no in range(1, TALL + 2):
        if no % 5 == 1:
            yield Band(f"大类第{no}类")
            yield Band(f"大项第{no}项", 2)
        text = SENTENCE * {TALL - 1: 22, TALL: SENTENCES}.get(no, no % 7)
        yield (str(no), f"任务{no}", f"始{no}号{text}终{no}号")


TABLE = Table(
    (TableColumn("序号", 11, centred=True), TableColumn("工作任务", 60), TableColumn("本期进展", 154)), tuple(_rows())
)
CHART = Chart("各领域进展", ("甲", "乙"), (Series("已完成", (1, 2), "#808080"),))
# What stands where the length of a text matters; every other mark gets a sentence.
VALUES: Mapping[str, Any] = {
    "masthead": "督查通报",
    "issue": "第3期",
    "title": "关于二〇二六年上半年重点工作进展情况的报告",
    "label": "附件1",
    "number": "一",
    "issuer": "云溪县人民政府督查室",
    "date": "2026年7月15日",
    "mark": "内部资料　注意保存",
    "head": "云溪县人民政府办公室文件",
    "copies": "县委办公室，县人大常委会办公室，县政协办公室",
    "printer": "云溪县人民政府办公室",
    "printed_on": "2026年7月15日",
    "table": TABLE,
    "chart": CHART,
}
BARE = dict.fromkeys(("mark", "head", "number", "copies", "printer", "printed_on"), "")  # a frame that is off
ON = date(2026, 7, 15)
_SHIPPED = Path(__file__).resolve().parent.parent / "templates" / "reports"
TEMPLATES = {path.stem: path for path in sorted(_SHIPPED.glob("*.docx"))}


class Shape(dict[str, "Shape"]):
    """What the marks ask of a name: its parts, or what each of its elements is."""

    each: Shape | None = None

    def part(self, name: str) -> Shape:
        return self.setdefault(name, Shape())

    def element(self) -> Shape:
        self.each = self.each if self.each is not None else Shape()
        return self.each


def documents(folder: Path) -> dict[str, Path]:
    """Every template of templates/reports/ filled, in a folder."""
    made = {name: folder / path.name for name, path in TEMPLATES.items()}
    for name, path in made.items():
        path.write_bytes(filled(TEMPLATES[name]))
    return made


def filled(path: Path, **values: Any) -> bytes:
    """A template filled: two of each list, ``values`` for names of the outermost level."""
    data = path.read_bytes()
    context = {name: _value(name, shape) for name, shape in _shapes(data).items()}
    properties = Properties("测量", "云溪县人民政府督查室", ON)
    indents = {"发文机关署名": 2.0, "成文日期": 10 - 6.5}
    return fill_template(data, path.name, context | values, properties, indents)


def _value(name: str, shape: Shape) -> Any:
    if shape.each is not None:
        return [_value(_singular(name), shape.each) for _ in range(2)]
    if name in VALUES:
        return VALUES[name]
    return {key: _value(key, each) for key, each in shape.items()} if shape else SENTENCE + "。"


def _singular(name: str) -> str:
    return "chart" if name == "charts" else name


def _shapes(template: bytes) -> Shape:
    """The names that the marks of a template use, each with its shape."""
    opened = DocxTemplate(BytesIO(template))
    opened.init_docx()
    text = opened.patch_xml(opened.get_xml())
    for uri in (opened.HEADER_URI, opened.FOOTER_URI):
        text += "".join(opened.patch_xml(opened.get_part_xml(part)) for _, part in opened.get_headers_footers(uri))
    root = Shape()
    _walk(Environment().parse(text), {}, root)
    return root


def _walk(node: nodes.Node, scope: dict[str, Shape], root: Shape) -> None:
    if isinstance(node, nodes.For):
        assert isinstance(node.target, nodes.Name)
        lists = _found(node.iter, scope, root)
        elements = [shape.element() for shape in lists]
        for each in node.body:
            _walk(each, {**scope, node.target.name: elements[0]}, root)
        return
    if isinstance(node, nodes.Expr):
        _found(node, scope, root)
        return
    for child in node.iter_child_nodes():
        _walk(child, scope, root)


def _found(node: nodes.Node, scope: dict[str, Shape], root: Shape) -> list[Shape]:
    """The shapes that an expression may stand for; those of what it looks at are noted on the way."""
    if isinstance(node, nodes.Name):
        return [] if node.name == "loop" else [scope[node.name] if node.name in scope else root.part(node.name)]
    if isinstance(node, nodes.Getattr):
        return [shape.part(node.attr) for shape in _found(node.node, scope, root)]
    if isinstance(node, nodes.Getitem):
        held = _found(node.node, scope, root)
        return held if isinstance(node.arg, nodes.Slice) else [shape.element() for shape in held]
    shapes = [shape for child in node.iter_child_nodes() for shape in _found(child, scope, root)]
    return shapes if isinstance(node, nodes.Or | nodes.And | nodes.CondExpr | nodes.Filter) else []
