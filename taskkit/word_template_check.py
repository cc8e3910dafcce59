"""A Word template looked at before it is used: its marks, and the paragraph of each that is wrong.

Marks are followed through loops on a document in which everything there can be is filled in, so
that a mark is checked also where the next report would leave it out.
"""

from __future__ import annotations

import contextlib
import enum
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from jinja2 import TemplateSyntaxError, nodes
from jinja2.defaults import DEFAULT_NAMESPACE

from taskkit.errors import InputError, TemplateError, UsageError
from taskkit.office.docx_charts import Chart, Series
from taskkit.office.docx_marks import Mark, Problem, Scan, misspelt, tree
from taskkit.office.docx_table import Table
from taskkit.office.docx_writer import scan_template
from taskkit.reports import brief, bulletin, compendium, digest, own_plan, plan_document, progress, reminders
from taskkit.settings import Settings
from taskkit.word import Annex, Content, Frame, context_of, fill
from taskkit.wording import did_you_mean

# What each template is filled with.
CONTENTS: dict[str, type[Any]] = {
    progress.TEMPLATE: progress.ProgressReport,
    digest.TEMPLATE: digest.Digest,
    compendium.TEMPLATE: compendium.Compendium,
    brief.TEMPLATE: brief.Brief,
    bulletin.TEMPLATE: bulletin.Bulletin,
    own_plan.TEMPLATE: own_plan.OwnPlan,
    reminders.TEMPLATE: reminders.Letter,
    **dict.fromkeys(plan_document.TEMPLATES.values(), plan_document.PlanDocument),
}
SAMPLE = "样例"
_TODAY = date(2026, 1, 1)
_SHOWN = 40  # names in an advice


@dataclass(frozen=True)
class CheckedDocument:
    """A Word template looked at: which one it is (reports/progress.docx), its marks by part, what is wrong.

    ``lacking`` are contents that the shipped template prints and this one does without, as it may.
    """

    name: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    lacking: tuple[str, ...]
    problems: tuple[str, ...]


def check_word_template(path: Path) -> CheckedDocument:
    """Look at a Word template and fill it once with sample texts.

    Raises InputError where the file cannot be read, TemplateError where it is no document,
    UsageError where it holds no mark of ours.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"读不了“{path}”", "请检查文件名和路径") from error
    scan = scan_template(data, path.name)
    name = _which(path.name, scan)
    content = sample(CONTENTS[name], SAMPLE)
    context = context_of(content, sample(Frame, SAMPLE))
    found = [*scan.problems, *(problem for part in scan.parts for problem in _wrong(part, context))]
    found.sort(key=lambda each: each.spot.order)
    problems = [f"{each.spot}：{each.what}。{each.advice}" for each in found] or _trial(data, path.name, content)
    lacking = _used(_shipped(name)) - _used(scan)
    return CheckedDocument(
        name, tuple(_listed(scan)), tuple(key for key in context if key in lacking), tuple(dict.fromkeys(problems))
    )


def _which(file_name: str, scan: Scan) -> str:
    """The shipped template that a file is one of: by its name, else by the marks that they share."""
    if (name := f"reports/{file_name}") in CONTENTS:
        return name
    codes = {mark.code for mark in scan.marks}
    shared = {name: len(codes & {mark.code for mark in _shipped(name).marks}) for name in CONTENTS}
    best = max(shared, key=lambda name: shared[name])
    if shared[best]:
        return best
    known = "、".join(name.removeprefix("reports/") for name in CONTENTS)
    raise UsageError(
        f"“{file_name}”里没有报告模板的标记", f"模板有：{known}；请由“taskkit templates 文件夹”复制出来再改"
    )


def _shipped(name: str) -> Scan:
    return scan_template(Settings().template(name), name)


def _trial(data: bytes, name: str, content: Content) -> list[str]:
    try:
        fill(content, data, name, _TODAY, sample(Frame, SAMPLE))
    except TemplateError as error:
        return [str(error).removesuffix(error.state)]
    return []


def _listed(scan: Scan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The marks that are printed or repeated, each once, under the part in which they stand."""
    for part in scan.parts:
        if part:
            label = part[0].spot.part
            yield label, tuple(dict.fromkeys(mark.code for mark in part if mark.keyword in ("", "for", "if")))


# --- marks followed through loops -----------------------------------------------------------


class _UnknownError(Exception):
    """A name that there is not, and those that there are in its place."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(name)
        self.name = name
        self.known = list(known)


_ANYTHING = object()  # what is not followed further


def _wrong(marks: Sequence[Mark], context: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with the marks of one part."""
    scopes: list[dict[str, Any]] = [dict(context)]
    for mark in marks:
        if mark.keyword == "endfor" and scopes[1:]:
            scopes.pop()
        if mark.keyword == "for":
            scopes.append(dict(scopes[-1]))
        try:
            yield from _followed(mark, scopes[-1])
        except TemplateSyntaxError:
            yield from misspelt([mark])
        except _UnknownError as error:
            known = "、".join(each for each in error.known[:_SHOWN] if each != "loop")
            here = f"这里可用的有：{known}" if known else "它是一段文字，后面不能再写名称"
            advice = f"{did_you_mean(error.name, error.known)}{here}"
            yield Problem(mark.spot, f"没有“{error.name}”这个标记", advice)


def _followed(mark: Mark, scope: dict[str, Any]) -> Iterator[Problem]:
    """What is wrong with one mark; the names that it makes go into its scope."""
    for node in tree(mark).body:
        if isinstance(node, nodes.For):
            listed = _value(node.iter, scope)
            _bind(node.target, listed[0] if isinstance(listed, list | tuple) else _ANYTHING, scope)
            scope["loop"] = _ANYTHING
            if not isinstance(listed, list | tuple) and listed is not _ANYTHING:
                yield Problem(mark.spot, f"{mark}里的不是一组内容，不能逐项列出", "请去掉 for，直接写 {{ 名称 }}")
        elif isinstance(node, nodes.Assign):
            _bind(node.target, _value(node.node, scope), scope)
        elif isinstance(node, nodes.If):
            _value(node.test, scope)
        elif isinstance(node, nodes.Output):
            for each in node.nodes:
                yield from _unprintable(mark, _value(each, scope))


def _unprintable(mark: Mark, value: Any) -> Iterator[Problem]:
    if isinstance(value, list | tuple | Mapping):
        advice = "请用 {%p for 单项 in 一组内容 %} 逐项列出，或写明其中的一项"
        yield Problem(mark.spot, f"{mark}是一组内容，不是一段文字", advice)
    elif isinstance(value, Table | Chart) and not mark.spot.is_text:
        yield Problem(mark.spot, f"{mark}是表格或图，只能放在正文里", "请移到正文里，单独成段")
    elif isinstance(value, Table | Chart) and not mark.is_alone:
        yield Problem(mark.spot, f"{mark}是表格或图，同一段里的其他文字会丢失", "请让它单独成段")


def _bind(target: nodes.Node, value: Any, scope: dict[str, Any]) -> None:
    for name in target.find_all(nodes.Name) if not isinstance(target, nodes.Name) else (target,):
        scope[name.name] = value if name is target else _ANYTHING


def _value(node: nodes.Node, scope: Mapping[str, Any]) -> Any:
    """What an expression gives, as far as it can be followed. Raises _UnknownError."""
    if isinstance(node, nodes.Name):
        if node.name in scope or node.name in DEFAULT_NAMESPACE:
            return scope.get(node.name, _ANYTHING)
        raise _UnknownError(node.name, scope)
    if isinstance(node, nodes.Getattr):
        return _part(node, node.attr, scope)
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
        return _part(node, node.arg.value, scope)
    values = [_value(each, scope) for each in node.iter_child_nodes()]
    if isinstance(node, nodes.Getitem) and isinstance(values[0], list | tuple):
        return values[0] if isinstance(node.arg, nodes.Slice) else values[0][0]
    if isinstance(node, nodes.Or | nodes.And):
        return values[0]
    return _ANYTHING


def _part(node: nodes.Getattr | nodes.Getitem, name: str, scope: Mapping[str, Any]) -> Any:
    """A value inside another: group.title."""
    whole = _value(node.node, scope)
    if isinstance(whole, Mapping) and name in whole:
        return whole[name]
    if whole is _ANYTHING or hasattr(whole, name):  # a method, such as title.strip()
        return _ANYTHING
    prefix = f"{node.node.name}." if isinstance(node.node, nodes.Name) else ""
    raise _UnknownError(f"{prefix}{name}", (f"{prefix}{key}" for key in whole) if isinstance(whole, Mapping) else ())


def _used(scan: Scan) -> set[str]:
    """The names that the marks of a template use."""
    found: set[str] = set()
    for mark in scan.marks:
        with contextlib.suppress(TemplateSyntaxError):
            found.update(name.name for name in tree(mark).find_all(nodes.Name))
    return found


# --- a document in which everything there can be is filled in -------------------------------


def sample(kind: Any, text: str) -> Any:
    """A value of a type, two of each in a list, every text in it ``text``."""
    if kind is Annex:
        return Annex(text, text, ("no", "title"), ((text, text), (text, text)), text)
    if kind is Chart:
        return Chart(text, (text,), (Series(text, (1.0,), "#808080"),))
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{each.name: sample(hints[each.name], text) for each in fields(kind) if each.init})
    if get_origin(kind) in (Union, types.UnionType):
        return sample(next(each for each in get_args(kind) if each is not types.NoneType), text)
    if get_origin(kind) is tuple:
        inner = [each for each in get_args(kind) if each is not ...]
        return tuple(sample(each, text) for each in (inner * 2 if ... in get_args(kind) else inner))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    return _PLAIN.get(kind, text)


_PLAIN: dict[Any, Any] = {int: 1, float: 1.0, bool: True, date: _TODAY}
