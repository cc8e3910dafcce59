"""The sheets and columns of the list workbook (单位名册, 领导名册), written and read back by the same lists."""

from __future__ import annotations

from taskkit.columns import COLUMNS, Column, Field
from taskkit.sheet_forms.forms import FLAGS, Form, Words
from taskkit.unit_words import UNIT_KINDS

SCHEMA = "1"
KIND = "roster"  # what the very hidden sheet says that the workbook is
KIND_LIST, FLAG_LIST, UNIT_LIST = "类别", "是否计分", "单位"  # the drop-downs
KINDS: Words = UNIT_KINDS
SCORED: Words = FLAGS
SEPARATOR = "、"

_ORDER = Column("order", "顺序", synonyms=("序号", "排序"), prompt="排列的次序；只改数字，不必移动行")
_PHONE = Column("phone", COLUMNS["phone"].header, synonyms=COLUMNS["phone"].synonyms)


def _form(key: str, title: str, *columns: Column, apart: tuple[str, ...]) -> Form:
    fields = tuple(Field(column, "shown" if column.key in apart else "open") for column in columns)
    return Form(key, title, fields, apart, book="名册", prefix="roster")


UNITS = _form(
    "unit",
    "单位名册",
    _ORDER,
    Column("name", "单位名称", synonyms=("单位",), prompt="照方案中的写法，不要改动；另一种写法请写到“别名”里"),
    Column("full_name", "单位全称", synonyms=("全称",), prompt="用在表格标题里；空着的按发文单位的地名推出"),
    Column("short_name", "简称", synonyms=("单位简称",)),
    Column("aliases", "别名", synonyms=("其他名称", "又名"), prompt="同一单位的其他写法，用“、”隔开"),
    Column("kind", "类别", choices=KIND_LIST, synonyms=("单位类别",)),
    Column(
        "through",
        "通过何单位报送",
        choices=UNIT_LIST,
        synonyms=("报送渠道",),
        prompt="不单独发表、由别的单位一并报送的，写那个单位；空着的自己报送",
    ),
    Column("members", "成员单位", prompt="集体称谓代表哪些单位，用“、”隔开；任务分别发给各成员"),
    Column("scored", "是否计分", choices=FLAG_LIST, synonyms=("计分",)),
    Column("contact", "联系人", synonyms=("联络员", "经办人")),
    _PHONE,
    Column("leads", "牵头任务数", synonyms=("牵头任务",)),
    Column("supports", "配合任务数", synonyms=("配合任务",)),
    Column("hint", "提示"),
    apart=("leads", "supports", "hint"),
)
LEADERS = _form(
    "leader",
    "领导名册",
    _ORDER,
    Column("name", "姓名", synonyms=("领导", "领导姓名")),
    Column("office", "职务"),
    Column("secretary", "联系秘书", synonyms=("秘书", "联系人")),
    _PHONE,
    Column("tasks", "分管任务数", synonyms=("分管任务",)),
    apart=("tasks",),
)
TITLES = (UNITS.title, LEADERS.title)
# What a person fills in of a unit: a row without any of it holds no data of its own.
OWN = ("full_name", "short_name", "aliases", "through", "members", "contact", "phone")
# Headers that only the unit list has together.
TELLING = frozenset({"name", "aliases", "through", "members", "scored"})
