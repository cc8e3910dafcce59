"""The page of ``status --html``: one file that opens anywhere, and never asks the network for anything.

The template holds the looks and the script; here it gets its data. Every text is escaped by
Jinja (autoescape) and the facts for the script stand as JSON that cannot end its element. The
page carries a Content-Security-Policy that lets through its own style and script alone, by hash.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from taskkit.assess import Standing, share
from taskkit.directing import Standing as Directed
from taskkit.errors import TemplateError
from taskkit.office.xml import clean
from taskkit.periods import official_date
from taskkit.reports.directive_list import timing
from taskkit.reports.overview import Group, Mark, Overview, Part, TargetRow, TaskRow
from taskkit.settings import Settings
from taskkit.tracking import Outcome, PeriodStatus
from taskkit.wording import shortened

TEMPLATE = "pages/status.html"
_POLICY = "POLICY-STANDS-HERE"
_CHECKED = re.compile(r"<(style|script)>(.*?)</\1>", re.DOTALL)
_MARK = b'<meta name="taskkit" content="'
_BLANK = b"0" * 64
_MOST_RATED = 40  # bars of targets; the others stand with their tasks
_LOOKS = {
    Outcome.ON_TIME: "good",
    Outcome.LATE: "late",
    Outcome.MISSING: "bad",
    Outcome.NOT_DUE: "plain",
    Outcome.EXCUSED: "plain",
}
# Those that stand out on a screen too, for who cannot tell red from green.
_STRIPED = (Standing.SLOW, Standing.UNCHANGED, Standing.UNREPORTED, Standing.UNSTATED)
# White over the colour, so that states differ in black and white print too; 7 by 7.
_LINE = '<path d="{}" stroke="#fff" stroke-width="{}" fill="none"/>'
_HATCHES: dict[Standing, str] = {
    Standing.DONE: "",
    Standing.NORMAL: '<circle cx="3.5" cy="3.5" r="1.2" fill="#fff"/>',
    Standing.SLOW: _LINE.format("M-1 8 8 -1M-1 1 1 -1M6 8 8 6", 1.8),
    Standing.IDLE: '<rect x="1" y="1" width="5" height="5" fill="#fff"/>',
    Standing.UNSTATED: _LINE.format("M3.5 0V7", 1.6),
    Standing.UNCHANGED: _LINE.format("M0 3.5H7", 1.6),
    Standing.UNREPORTED: _LINE.format("M0 0 7 7M7 0 0 7", 1.2),
    Standing.UNASKED: '<rect x=".7" y=".7" width="6" height="6" fill="#fff"/>',
}


def write_page(over: Overview, settings: Settings) -> bytes:
    """The page as UTF-8; the same overview gives the same bytes.

    Raises TemplateError, with the line, where an office's own template cannot be filled.
    """
    import jinja2
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, finalize=_plain
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.filters |= {"brief": shortened, "css": css_text, "day": official_date}
    try:
        page = environment.from_string(settings.template(TEMPLATE).decode("utf-8")).render(_context(over))
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(
            f"模板 {TEMPLATE} 第{error.lineno}行写法有误：{error.message}", "请对照自带的模板修改"
        ) from error
    except (jinja2.TemplateError, UnicodeDecodeError) as error:
        raise TemplateError(f"模板 {TEMPLATE} 填不出来：{error}", "请对照自带的模板修改") from error
    return _sealed(page.replace(_POLICY, _policy(page)).encode("utf-8"))


def is_untouched_page(data: bytes) -> bool:
    """Whether a page is byte for byte as taskkit wrote it."""
    at = data.find(_MARK) + len(_MARK)
    return at >= len(_MARK) and _sealed(data[:at] + _BLANK + data[at + len(_BLANK) :]) == data


def css_text(text: str) -> str:
    """A text inside a quoted string of a style sheet: whatever could end it stands as its number."""
    return "".join(sign if sign.isalnum() else f"\\{ord(sign):x} " for sign in text)


def _sealed(data: bytes) -> bytes:
    """The page with its own digest in its head, by which a later change is seen."""
    digest = hashlib.sha256(data).hexdigest().encode()
    return data.replace(_MARK + _BLANK, _MARK + digest, 1)


def _policy(page: str) -> str:
    hashes: dict[str, list[str]] = {"style": [], "script": []}
    for kind, text in _CHECKED.findall(page):
        digest = b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()
        hashes[kind].append(f"'sha256-{digest}'")
    return (
        f"default-src 'none'; style-src {' '.join(hashes['style'])}; script-src {' '.join(hashes['script'])};"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )


def _plain(value: Any) -> Any:
    """Texts without the signs that no page may hold."""
    return type(value)(clean(value)) if isinstance(value, str) else value


def _context(over: Overview) -> dict[str, Any]:
    names = {
        key: list(dict.fromkeys(group.name for part in over.parts for group in getattr(part, f"{key}s")))
        for key in ("section", "unit", "leader")
    }
    return {
        "over": over,
        "heading": " ".join(over.title.split()),
        "as_of": official_date(over.today),
        "policy": _POLICY,
        "digest": _BLANK.decode(),
        "marks": over.marks,
        "inks": [_ink(mark.strong) for mark in over.marks],
        "hatches": [_HATCHES[mark.standing] for mark in over.marks],
        "striped": _STRIPED,
        "place": {mark.name: at for at, mark in enumerate(over.marks)},
        "task_place": {task.task_id: at for at, task in enumerate(over.tasks)},
        "names": names,
        "looks": _LOOKS,
        "timed": _timed,
        "return_lines": [f"{each.label}：{_units_summary(each)}" for each in over.returns],
        "rated_of": _rated,
        "targets_line": _targets_line,
        "percent": _percent,
        "spoken": lambda group: _spoken(group, over.marks),
        "data": _data(over, names),
    }


def _data(over: Overview, names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What the script filters and counts by, names by their places; it takes all other texts from the page."""
    places = {key: {name: at for at, name in enumerate(listed)} for key, listed in names.items()}
    states = {mark.name: at for at, mark in enumerate(over.marks)}
    return {
        "states": [clean(name) for name in states],
        "parts": [clean(part.label) for part in over.parts],
        **{f"{key}s": [clean(name) for name in listed] for key, listed in names.items()},
        "tasks": [
            (
                *(at, states[task.state], places["section"][task.heading]),
                [places["unit"][unit] for unit in task.units],
                [places["leader"][leader] for leader in task.leaders],
                _looked_for(task),
            )
            for at, part in enumerate(over.parts)
            for task in part.tasks
        ],
    }


def _looked_for(task: TaskRow) -> list[str]:
    kinds = {
        "press": task.presses,
        "late": task.days_late > 0,
        "soon": task.is_due_soon,
        "differ": task.differs,
    }
    return [kind for kind, holds in kinds.items() if holds]


def _rated(part: Part) -> list[TargetRow]:
    """The targets that have a rate, the furthest behind first; of very many, those alone that are."""
    listed = sorted((each for each in part.targets if each.rate is not None), key=lambda each: each.gap or 0)
    return listed[:_MOST_RATED]


def _targets_line(part: Part) -> str:
    """What became of all targets of a part, in one sentence."""
    behind = sum(each.rate is not None and each.behind for each in part.targets)
    others = Counter(each.verdict for each in part.targets if each.rate is None)
    counted = [
        f"滞后{behind}个",
        *(f"不按比例计的{word}{others[word]}个" for word in ("达标", "未达标") if others[word]),
    ]
    if others["未填"]:
        counted.append(f"未填{others['未填']}个")
    rated = sum(each.rate is not None for each in part.targets)
    cut = f"；图中只列差得最多的{_MOST_RATED}个，其余见各项任务" if rated > _MOST_RATED else ""
    return f"共{len(part.targets)}个（多家填报的分别计），其中{'，'.join(counted)}{cut}"


def _timed(each: Directed) -> str:
    """逾期3天, 还有5天, 今天到期; "" where there is no date, or nothing is left to do."""
    days = each.days_late or each.days_left
    return f"{timing(each)}{f'{days}天' if days else ''}"


def _percent(number: float, of: float) -> str:
    """A length as the script writes it: at most two decimals."""
    return f"{round(number / of * 100, 2):g}%"


def _spoken(group: Group, marks: tuple[Mark, ...]) -> str:
    said = (f"{mark.name}{count}项" for mark, count in zip(marks, group.counts, strict=True) if count)
    return f"{group.name}：{'，'.join(said)}"


def _ink(colour: str) -> str:
    """Black or white, whichever is read more easily on a colour (luminance by WCAG 2)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return "#fff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.3 else "#1c2530"


def _units_summary(returned: PeriodStatus) -> str:
    """How many units were asked, reported, were late, are missing: 应报单位26个，已报23个，占88.5%，其中…."""
    parts = [_returned_units(returned)]
    if returned.late:
        timely = len(returned.on_time_units)
        parts[0] += f"，其中按时{timely}个、迟报{returned.late}个" if timely else "，均为迟报"
    if returned.missing:
        parts.append(f"未报{returned.missing}个")
    if returned.not_due_units:
        parts.append(f"{_waiting(returned)}{returned.not_yet_due}个")
    return "；".join(parts) + "。"


def _returned_units(returned: PeriodStatus) -> str:
    if returned.returned == returned.asked:
        return f"应报单位{returned.asked}个，均已报送"
    if not returned.returned:
        return f"应报单位{returned.asked}个，目前均未收到"
    part = f"{share(returned.returned, returned.asked):g}%"
    return f"应报单位{returned.asked}个，已报{returned.returned}个，占{part}"


def _waiting(returned: PeriodStatus) -> str:
    """How units are called that need not have reported yet: nobody is blamed before the date."""
    return "报送期限未到、尚待报送的" if returned.due_on else "尚待报送的"
