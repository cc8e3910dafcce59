"""What the writing and the reading of 变更.xlsx share: its sheets, their columns, and the words in them."""

from __future__ import annotations

from collections.abc import Sequence

from taskkit.changing.applying import ADD, AMEND, GOAL, LEADER, UNIT, WITHDRAW
from taskkit.columns import COLUMNS, Column, Field, goal_columns
from taskkit.sheet_forms.forms import Form, Words
from taskkit.stores.items import SPLIT

TITLE = "变更"
TASKS_TITLE, KEPT_TITLE = "任务一览", "已登记的变更"  # to look at
TITLES: dict[str, str] = {
    LEADER: "领导调整",
    UNIT: "单位更名合并",
    ADD: "任务增加",
    AMEND: "任务修改",
    WITHDRAW: "任务撤销",
    SPLIT: "任务拆分",
}
ALL_TITLES = (*TITLES.values(), TASKS_TITLE, KEPT_TITLE)
EVERY_TASK = ("全部", "全部任务", "所有任务", "所有")
NOTHING = "无"
_TASK = Column("task", "任务", synonyms=("任务编号", "编号", "任务编号或序号"))
_SINCE = Column("since", "起始日期", kind="date", synonyms=("生效日期", "执行日期", "日期", "自何日起"))
_GROUND = Column("ground", "依据", synonyms=("变更依据", "文件依据", "来源"))
_LEAD = Column("lead", COLUMNS["lead_units"].header, synonyms=COLUMNS["lead_units"].synonyms)
_SUPPORT = Column("support", COLUMNS["support_units"].header, synonyms=COLUMNS["support_units"].synonyms)
_COLUMNS: dict[str, tuple[Column, ...]] = {
    LEADER: (Column("old", "原领导"), Column("new", "新领导"), Column("scope", "范围", synonyms=("任务范围",))),
    UNIT: (Column("old", "原单位", synonyms=("原单位名称",)), Column("new", "新单位", synonyms=("新单位名称",))),
    ADD: (
        Column("part", "部分"),
        COLUMNS["no"],
        Column("section", "大类"),
        Column("group", "大项", synonyms=("事项",)),
        COLUMNS["title"],
        COLUMNS["measures"],
        COLUMNS["leaders"],
        _LEAD,
        _SUPPORT,
        COLUMNS["deadline"],
    ),
    AMEND: (
        _TASK,
        Column("column", "修改的内容", synonyms=("列", "修改项")),
        Column("text", "修改为", synonyms=("新内容",)),
    ),
    WITHDRAW: (_TASK,),
}


def form_of(kind: str, stages: Sequence[str]) -> Form:
    """The sheet for one kind of change; 任务拆分 has a goal column for each stage."""
    columns = _COLUMNS.get(kind) or _split(stages)
    fields = tuple(Field(column, "open") for column in (*columns, _SINCE, _GROUND))
    return Form(kind, TITLES[kind], fields, (), TITLE, "change")


def _split(stages: Sequence[str]) -> tuple[Column, ...]:
    item = Column("item", "事项", synonyms=("事项内容", "具体事项"))
    unit = Column("unit", "责任单位", synonyms=("单位",))
    return (_TASK, item, unit, *goal_columns(stages), COLUMNS["deadline"])


def amendable(stages: Sequence[str]) -> Words:
    """What of a task may be amended, and how people call it."""
    keys = {"title": "title", "measures": "measures", "leaders": "leaders", "lead": "lead_units"}
    keys |= {"support": "support_units", "deadline": "deadline", "no": "no"}
    words = {key: (COLUMNS[column].header, *COLUMNS[column].synonyms) for key, column in keys.items()}
    goals = {f"{GOAL}{stage}": (f"{stage}目标",) for stage in stages}
    return {**words, "section": ("大类",), "group": ("大项",), **goals}


# What may be taken away by 无.
MAY_BE_BLANK = frozenset(("measures", "leaders", "support", "deadline", "no", "section", "group"))
