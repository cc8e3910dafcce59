"""What people type into number columns, read in the unit of the target: one table says it all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskkit.figures import written
from taskkit.typed import Sense, meaning
from tests.returned_books import table

TYPED = """
| typed | unit | sense | number |
| 300 | 人 | number | 300 |
| １，２００ | 人 | number | 1200 |
| 1 200 | 人 | number | 1200 |
| 12。5 | % | number | 12.5 |
| 45场 | 场 | suffixed | 45 |
| 45 场 | 场 | suffixed | 45 |
| 1，200人。 | 人 | suffixed | 1200 |
| 3名 | 人 | suffixed | 3 |
| 95% | % | suffixed | 95 |
| ９５％ | % | suffixed | 95 |
| 1.2万 | 人 | suffixed | 12000 |
| 1.2万 | 万人 | suffixed | 1.2 |
| 1.2万人 | 万人 | suffixed | 1.2 |
| 12.5亿元 | 亿元 | suffixed | 12.5 |
| 12.5亿 | 亿元 | suffixed | 12.5 |
| 500万元 | 亿元 | suffixed | 0.05 |
| 30000㎡ | 万平方米 | suffixed | 3 |
| 12.5微克/立方米 | 微克/立方米 | suffixed | 12.5 |
| 3500米 | 公里 | converted | 3.5 |
| 100亩 | 公顷 | converted | 6.6667 |
| 3个 | 所 | converted | 3 |
| 约300 | 人 | near | 300 |
| 300左右 | 人 | near | 300 |
| 300余 | 人 | near | 300 |
| 300多人 | 人 | near | 300 |
| 近300人 | 人 | near | 300 |
| 1.2万余人 | 万人 | near | 1.2 |
| 300以上 | 人 | near | 300 |
| 已完成3所 | 所 | said | 3 |
| 建成三所 | 所 | said | 3 |
| 5所（含改扩建2所） | 所 | said | 5 |
| 300-400 | 人 | range | |
| 300—400人 | 人 | range | |
| 10%至15% | % | range | |
| 12.5亿元 | 场 | foreign | |
| 3家 | 所 | foreign | |
| 2.5个百分点 | % | foreign | |
| 暂无数据 | 人 | no data | |
| 暂无数据（预计7月10日） | 人 | no data | |
| 暂无数据，预计7月底可出 | 人 | no data | |
| 正在统计 | 人 | no data | |
| 数据统计中 | 人 | no data | |
| 尚未统计出来 | 人 | no data | |
| — | 人 | no data | |
| / | 人 | no data | |
| 无 | 人 | no data | |
| N/A | 人 | no data | |
| 涉密，另行报送 | 人 | secret | |
| 稍后补 | 人 | later | |
| 下月报 | 人 | later | |
| 12 34 | 人 | unread | |
| 已全部完成 | 所 | unread | |
| 新建3所，改建2所 | 所 | unread | |
| 45场 | | unread | |
| 1.2万 | | unread | |
| | 人 | blank | |
"""


@pytest.mark.parametrize("row", table(TYPED), ids=lambda row: f"{row['typed']}|{row['unit']}")
def test_a_typed_value_means(row):
    found = meaning(row["typed"], row["unit"] or None)
    assert (row["sense"], row["number"]) == (found.sense, "" if found.number is None else written(found.number))


@given(st.text(max_size=40), st.sampled_from(["人", "万人", "%", "公里", "微克/立方米", "", None]))
def test_any_text_has_a_meaning_and_what_stands_for_it_means_the_same(text, unit):
    found = meaning(text, unit)
    if found.plain and found.number is not None:
        assert (Sense.NUMBER, found.number) == ((again := meaning(written(found.number), unit)).sense, again.number)
