"""One writer for each form that stands in paragraphs: a plan and habits -> lines, and what must be read from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.forms.bodies import Listing, printed
from tests.forms.plans import Duty, Habits, Stretch, Task
from tests.forms.words import dues

Row = dict[str, Any]
_HALF = str.maketrans("，；：（）！", ",;:()!")
_TRADITIONAL = str.maketrans(
    "单门办责协参与会领导时间节点务项内称级牵头实执负职业举数标",
    "單門辦責協參與會領導時間節點務項內稱級牽頭實執負職業舉數標",
)
_NUMERALS = "一二三四五六七八九十"


def chinese(number: int) -> str:
    """A number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    figures = ["", *_NUMERALS]
    return f"{figures[tens] if tens > 1 else ''}{'十' if tens else ''}{figures[ones]}"


def numbered(style: str, number: int) -> str:
    """A printed number: 1. （1） ① 一、 （一）."""
    if style == "①":
        return chr(0x2460 + number - 1)
    return style.format(number).replace("一", chinese(number))


@dataclass
class Pen:
    """Writes by the habits of one office, and notes what must be read."""

    level: str
    habits: Habits
    rows: list[Row] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    section: str | None = None
    group: str | None = None

    def say(self, text: str) -> str:
        return text.translate(_HALF) if self.habits.half else text

    def role(self, *synonyms: str) -> str:
        """One of the synonyms of a label or verb, always the same one in a document."""
        word = synonyms[self.habits.words % len(synonyms)]
        return word.translate(_TRADITIONAL) if self.habits.traditional else word

    def names(self, listing: Listing, opened: str = "") -> str:
        habits = self.habits
        return "，".join(printed(group, habits.drop, habits.share) for group in listing) + opened

    def bracket(self, text: str) -> str:
        left, right = self.habits.brackets[0], self.habits.brackets[1]
        return f"{left}{text}{right}"

    def put(self, text: str) -> None:
        self.lines.append(self.say(text))

    def item(self, number: int, title: str) -> str:
        """A title behind its number; one that begins with a figure is set apart, for 1.5 may be a figure too."""
        space = " " if re.match(r"\d+[^\d年月]", title) and self.habits.number[-1] in ".．" else ""
        return f"{numbered(self.habits.number, number)}{space}{title}"

    def title(self, task: Task) -> str:
        mark = "。" if self.habits.sentences and not task.steps else "，"
        return mark.join(phrase.text for phrase in task.title)

    def note(self, number: int | None, task: Task, **more: Any) -> Row:
        """Note what must be read of a task."""
        row: Row = {
            "part": "main",
            "no": number,
            "section": self.say(self.section) if self.section else None,
            "group": self.say(self.group) if self.group else None,
            "title": self.say(self.title(task)),
            "measures": None,
            "leaders": [*task.leaders],
            "deadline": self.say(task.deadline) if task.deadline else dues(task.title),
            "joint": task.duty.sort in ("do", "each"),
            "open_ended": task.duty.open_ended or any(step.duty.open_ended for step in task.steps),
            "units": self.units(task.duty),
        }
        row |= more
        self.rows.append(row)
        return row

    def units(self, duty: Duty, measure: int = 0) -> list[tuple[int, str, str, int]]:
        """(measure, unit, role, rank) of a duty."""
        result: list[tuple[int, str, str, int]] = []
        for role, listing in (("lead", duty.lead), ("support", duty.support)):
            leading = {name for _, name, _, _ in result}
            flat = [name for group in listing for body in group if (name := self.say(body.name)) not in leading]
            result += [(measure, name, role, rank) for rank, name in enumerate(flat, start=1)]
        return result


Writer = Callable[[Pen, int, Task], None]


def write(level: str, plan: tuple[Stretch, ...], habits: Habits, writer: Writer, rule: str = "") -> Pen:
    """A whole document: notice, title, headings and tasks."""
    pen = Pen(level, habits)
    pen.lines += notice(pen, rule)
    number, sections, groups = 0, 0, 0
    for place, stretch in enumerate(plan):
        if stretch.section and (not place or plan[place - 1].section != stretch.section):
            sections, groups = sections + 1, 0
            number = 0 if habits.restarts else number
            count = sum(len(other.tasks) for other in plan if other.section == stretch.section)
            printed_count = f"（{'共' if habits.words % 2 else ''}{count}项）" if habits.counted else ""
            pen.section = f"{chinese(sections)}、{stretch.section}{printed_count}"
            pen.put(pen.section)
        if stretch.group:
            groups += 1
            pen.group = f"（{chinese(groups)}）{stretch.group}"
            pen.put(pen.group)
        for task in stretch.tasks:
            number += 1
            writer(pen, number, task)
    return pen


def notice(pen: Pen, rule: str) -> Iterator[str]:
    """What stands before the tasks, down to the plan's title."""
    place = {"省": "江岭省", "市": "云溪市", "县": "云溪县", "区": "云溪区", "": "云溪县"}.get(
        pen.level, "云溪市教育局"
    )
    title = f"2026年{place}《政府工作报告》重点任务分工方案"
    lines = []
    if pen.habits.notice:
        lines = [f"{place}人民政府办公室关于印发2026年重点任务分工方案的通知", "各有关单位："]
    if pen.habits.notice == 1:
        lines += [f"现将《{title}》印发给你们，请认真贯彻执行。{rule}"]
    elif pen.habits.notice == 2:
        lines += [
            f"现将《{title}》印发给你们，并提出以下要求，请一并贯彻执行。",
            "一、加强组织领导。各牵头单位要切实负责，各配合单位要积极配合。",
            f"二、严格督查考核。{rule}各单位要按时报送进展情况。",
            f"{place}人民政府办公室",
            "2026年2月6日",
        ]
    elif rule:
        lines += [rule]
    return map(pen.say, [*lines, title])


# --- clauses -------------------------------------------------------------------------------


def opened(duty: Duty, after_label: bool = True) -> str:
    return "等单位" if duty.open_ended and after_label else "等" if duty.open_ended else ""


def by_verbs(pen: Pen, duty: Duty, support: tuple[str, ...] = ("配合", "参与", "协助", "配合落实")) -> str:
    """A牵头，B、C配合 (D1, D9, D19)."""
    more = opened(duty, after_label=False)
    if duty.sort == "do":
        return pen.names(duty.lead, more) + pen.role("按职责分工负责", "负责", "按职责分工分别负责", "分别负责")
    if duty.sort == "support":
        return pen.names(duty.support, more) + pen.role("配合落实", "配合")
    if duty.sort == "each":
        return pen.names(duty.lead) + pen.role("分别牵头", "分别牵头负责")
    together = pen.role("", "共同", "", "", "联合") if sum(map(len, duty.lead)) > 1 else ""
    by = "由" if pen.habits.shape == 3 else ""
    lead = by + pen.names(duty.lead) + together + pen.role("牵头", "牵头负责", "牵头")
    return f"{lead}，{pen.names(duty.support, more)}{pen.role(*support)}" if duty.support else lead


LABELS = (("牵头单位", "责任单位"), ("牵头单位", "配合单位"), ("主办单位", "协办单位"), ("牵头部门", "配合部门"))


def by_labels(pen: Pen, duty: Duty, between: str = "；") -> str:
    """牵头单位：A、B；责任单位：C (D2, D5-D7)."""
    lead, support = LABELS[pen.habits.words % len(LABELS)]
    parts = []
    if duty.sort == "do":
        parts = [f"{pen.role('责任单位')}：{pen.names(duty.lead, opened(duty))}"]
    elif duty.lead:
        parts = [f"{pen.role(lead)}：{pen.names(duty.lead)}"]
    if duty.support:
        parts.append(f"{pen.role(support)}：{pen.names(duty.support, opened(duty))}")
    return between.join(parts)


def in_brackets(pen: Pen, number: int, task: Task, clause: str) -> None:
    """A paragraph that ends in a bracket, or the bracket on the next line."""
    habits, title = pen.habits, pen.item(number, pen.title(task))
    if not clause:
        pen.put(title + (habits.stop or "。"))
    elif habits.own_line:
        pen.put(title + habits.stop)
        pen.put(pen.bracket(clause))
    else:
        after = "。" if not habits.stop and habits.words % 2 else ""
        pen.put(f"{title}{habits.stop}{pen.bracket(clause)}{after}")


def measures_of(pen: Pen, task: Task) -> str | None:
    return pen.say("。".join(task.measures) + "。") if task.measures else None


# --- the forms -----------------------------------------------------------------------------


def d01(pen: Pen, number: int, task: Task) -> None:
    pen.put(pen.item(number, pen.title(task)) + pen.habits.stop)
    if measures := measures_of(pen, task):
        pen.put(f"{pen.role('工作措施', '主要措施', '工作举措')}：{measures}")
    if task.leaders:
        pen.put(f"{pen.role('分管领导', '分管副县长', '牵头领导')}：{'、'.join(task.leaders)}")
    pen.put(f"{pen.role('部门分工', '职责分工', '责任分工')}：{by_verbs(pen, task.duty)}{pen.habits.stop}")
    pen.note(number, task, measures=measures)


def d02(pen: Pen, number: int, task: Task) -> None:
    stray = "；" if pen.habits.words % 2 else ""
    in_brackets(pen, number, task, by_labels(pen, task.duty) + stray)
    pen.note(number, task)


def d04(pen: Pen, number: int, task: Task) -> None:
    pen.put(pen.item(number, pen.title(task)) + pen.habits.stop)
    if measures := measures_of(pen, task):
        pen.put(f"{pen.role('工作措施')}：{measures}")
    if task.leaders:
        pen.put(f"{pen.role('责任领导', '牵头领导')}：{'、'.join(task.leaders)}")
    between = ("\n", "\n", "；", "  ")[pen.habits.shape]
    for part in by_labels(pen, task.duty, between).split("\n"):
        pen.put(part + pen.habits.stop)
    if task.deadline:
        pen.put(f"{pen.role('完成时限', '完成时间')}：{task.deadline}")
    pen.note(number, task, measures=measures)


def d05(pen: Pen, number: int, task: Task) -> None:
    clause = by_labels(pen, task.duty)
    if task.leaders:
        clause = f"{pen.role('责任领导', '牵头领导', '分管领导')}：{'、'.join(task.leaders)}；{clause}"
    if task.deadline:
        clause += pen.role("，", "；", "；完成时限：", "，") + task.deadline
    in_brackets(pen, number, task, clause)
    pen.note(number, task)


def d06(pen: Pen, number: int, task: Task) -> None:
    """Hexagonal and round brackets in turn, a comma between the roles."""
    left, right = ("〔", "〕") if number % 2 else ("（", "）")
    title = pen.item(number, pen.title(task))
    pen.put(f"{title}{pen.habits.stop}{left}{by_labels(pen, task.duty, between='，')}{right}")
    pen.note(number, task)


def d07(pen: Pen, number: int, task: Task) -> None:
    in_brackets(pen, number, task, by_labels(pen, task.duty, between="，"))
    pen.note(number, task)


def d09(pen: Pen, number: int, task: Task) -> None:
    clause = by_verbs(pen, task.duty, ("按职责分工负责", "配合", "按职责分工分别负责", "参与"))
    if task.deadline:
        clause += f"，{task.deadline}"
    in_brackets(pen, number, task, clause)
    pen.note(number, task)


def d10(pen: Pen, number: int, task: Task) -> None:
    """A requirement with its own units, then numbered measures, each with others."""
    in_brackets(pen, number, task, by_labels(pen, task.duty))
    pen.put(pen.role("具体措施", "工作措施", "主要措施") + "：")
    texts, units = [], pen.units(task.duty)
    for place, step in enumerate(task.steps, start=1):
        text = f"{numbered('（{}）', place)}{step.text}。"
        pen.put(text + pen.bracket(by_labels(pen, step.duty)))
        texts.append(text)
        units += pen.units(step.duty, place)
    pen.note(number, task, measures=pen.say("".join(texts)), units=units)


def d11(pen: Pen, number: int, task: Task) -> None:
    """The first task says for all later ones that the governments below carry it out."""
    carried = {"省": "各地级以上市政府", "市": "各县区政府", "县": "各镇政府", "区": "各街道办事处"}[pen.level]
    clause = by_labels(pen, task.duty)
    if not pen.rows:
        later = pen.role("以下均需", "以下均由", "以下各项均需")
        clause += f"。{later}{carried}落实，不再{pen.role('列出', '一一列出')}"
    in_brackets(pen, number, task, clause)
    row = pen.note(number, task)
    supporting = [unit for unit in row["units"] if unit[2] == "support"]
    if all(unit[1] != carried for unit in row["units"]):
        row["units"].append((0, carried, "support", len(supporting) + 1))


def d12(pen: Pen, number: int, task: Task) -> None:
    said = pen.role(f"{task.nature}指标，", f"{task.nature}，", f"{task.nature}指标；")
    nature = said.replace("约", "約").replace("预", "預") if pen.habits.traditional else said
    nature = nature if task.nature else ""
    in_brackets(pen, number, task, nature + by_labels(pen, task.duty))
    pen.note(number, task, nature=task.nature or None)


def d13(pen: Pen, number: int, task: Task) -> None:
    pen.put(pen.item(number, pen.title(task)) + pen.habits.stop)
    after = pen.role("", "按职责分工分别负责", "", "按职责分工负责")
    names = pen.names(task.duty.lead, opened(task.duty, after_label=not after))
    pen.put(f"{pen.role('责任单位', '责任部门')}：{names}{after}{pen.habits.stop}")
    pen.note(number, task)


def d14(pen: Pen, number: int, task: Task) -> None:
    pen.put(f"{pen.item(number, pen.title(task))}。{by_labels(pen, task.duty)}{pen.habits.stop}")
    pen.note(number, task)


def d15(pen: Pen, number: int, task: Task) -> None:
    """One paragraph: the title, then (1)(2)(3), each with its units in a bracket."""
    text, units, texts = pen.item(number, pen.title(task)) + "。", pen.units(task.duty), []
    for place, step in enumerate(task.steps, start=1):
        mark = pen.role(f"（{place}）", f"{chinese(place)}是", chr(0x245F + place))
        clause = pen.bracket(by_verbs(pen, step.duty))
        text += f"{mark}{step.text}{clause}。" if pen.habits.stop else f"{mark}{step.text}。{clause}"
        texts.append(f"{step.text}。")
        units += pen.units(step.duty, place)
    pen.put(text)
    joint = any(step.duty.sort == "do" for step in task.steps)
    pen.note(number, task, measures=pen.say("".join(texts)), units=units, joint=joint)


def d17(pen: Pen, number: int, task: Task) -> None:
    names = pen.names(task.duty.lead, opened(task.duty, after_label=False))
    clause = f"{pen.role('责任科室', '责任处室', '责任股室')}：{names}"
    in_brackets(pen, number, task, clause)
    pen.note(number, task)


def d18(pen: Pen, number: int, task: Task) -> None:
    """The notice says that the first of the responsible units leads."""
    pen.put(pen.item(number, pen.title(task)) + pen.habits.stop)
    pen.put(f"{pen.role('责任单位')}：{pen.names(task.duty.lead, opened(task.duty))}{pen.habits.stop}")
    names = [name for _, name, _, _ in pen.units(task.duty)]
    units = [(0, name, "support" if place else "lead", place or 1) for place, name in enumerate(names)]
    pen.note(number, task, units=units, joint=False)


def d20(pen: Pen, number: int, task: Task) -> None:
    in_brackets(pen, number, task, by_verbs(pen, task.duty) if task.duty.sort != "none" else "")
    pen.note(number, task)


FIRST_LEADS = (
    "列第一位的责任单位为牵头单位。",
    "责任单位中排在第一位的为牵头单位，其余为配合单位。",
    "排在首位的责任单位为牵头单位。",
)
RESPONSIBLE_LEAD = "无牵头单位的，责任单位即为牵头单位。"


def in_turn(*writers: Writer) -> Writer:
    """Several forms in one document, in turn."""

    def writer(pen: Pen, number: int, task: Task) -> None:
        writers[number % len(writers)](pen, number, task)

    return writer
