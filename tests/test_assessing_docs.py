"""docs/assessing.md says what the shipped states.toml says and what the code does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from taskkit.errors import InputError
from taskkit.settings import Settings
from tests.test_assessing import assessed

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "assessing.md").read_text(encoding="utf-8")
SHIPPED = tomllib.loads((ROOT / "templates" / "words" / "states.toml").read_text(encoding="utf-8"))


def rows(header: str) -> dict[str, list[str]]:
    """The rows of a table of the page by their first cell."""
    lines = PAGE[PAGE.index(f"| {header} |") :].splitlines()[2:]
    table = lines[: lines.index("")]
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in table)
    return {first.strip("`"): rest for first, *rest in cells}


def found(pattern: str) -> str:
    (text,) = re.findall(pattern, PAGE, flags=re.DOTALL)
    return str(text)


def test_every_set_stands_in_the_page_with_its_names():
    sets = {name: "、".join(each["name"] for each in listed) for name, listed in SHIPPED["sets"].items()}
    assert sets == {name: cells[0] for name, cells in rows("名称 | 依次是").items()}


def test_every_limit_stands_in_the_page_with_its_value():
    told = rows("名称 | 自带的 | 管什么")
    assert list(SHIPPED["limits"]) == list(told)
    for key, value in SHIPPED["limits"].items():
        assert told[key][0].startswith(str(value) if isinstance(value, int) else value[0])
    assert told["warnings"][0] == "、".join(SHIPPED["limits"]["warnings"])


NUMBERS = (("慢 (\\d+) 个百分点以上", "slow"), ("低 (\\d+) 个百分点以上", "growth"), ("相差 (\\d+)% 以内", "near"))


@pytest.mark.parametrize(("words", "key"), NUMBERS)
def test_the_numbers_in_the_rules_are_those_of_the_file(words, key):
    assert str(SHIPPED["limits"][key]) == found(words)


def test_every_section_of_the_file_is_told():
    assert [] == [key for key in SHIPPED if f"`[{key}]`" not in PAGE and f"`{key} = " not in PAGE and key != "sets"]


def test_the_example_of_a_reason_is_what_is_made():
    case = {
        "指标": "新增就业",
        "类型": "数量",
        "要求": "不低于",
        "目标": "110",
        "单位": "万人",
        "报送期": "2026Q3",
        "完成": "83.2",
    }
    reason = assessed({**case, "年度": "2026"}).grounds.sentence(Settings().states().phrases)
    assert f"    {reason}\n" in PAGE


def test_the_example_of_a_mistake_is_what_is_said(tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "states.toml").write_text('[limits]\nnear = 5\nslow = "5"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        Settings(tmp_path).states()
    assert f"    {caught.value}\n" in PAGE


def test_the_example_of_a_set_of_one_s_own_is_taken(tmp_path):
    example = found(r"```toml\n(.*?)```")
    (tmp_path / "words").mkdir()
    plain = '[[states]]\nname = "黄灯"\nmeaning = "slow"\n'
    (tmp_path / "words" / "states.toml").write_text(example + plain, encoding="utf-8")
    assert ["红灯", "黄灯"] == [state.name for state in Settings(tmp_path).states()]
