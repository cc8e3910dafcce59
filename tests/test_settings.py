"""An office's own templates and words are used where it has them; a slip in them is named."""

from __future__ import annotations

import pytest

from taskkit.errors import InputError, UsageError
from taskkit.settings import MEANINGS, Settings


def own(folder, text: str) -> Settings:
    (folder / "words").mkdir()
    (folder / "words" / "states.toml").write_text(text, encoding="utf-8")
    return Settings(folder)


def state(name: str, meaning: str) -> str:
    return f'[[states]]\nname = "{name}"\nmeaning = "{meaning}"\n'


def test_the_shipped_states_stand_for_all_four_meanings():
    states = Settings().states()
    assert ["未启动", "正常推进", "进展滞后", "已完成"] == [each.name for each in states]
    assert set(MEANINGS) == {each.meaning for each in states}


def test_an_office_names_its_states_as_it_likes(tmp_path):
    settings = own(tmp_path, state("绿灯", "normal") + state("红灯", "slow"))
    assert [("绿灯", "normal"), ("红灯", "slow")] == [(each.name, each.meaning) for each in settings.states()]


def test_what_the_office_has_no_template_for_is_taken_from_those_shipped(tmp_path):
    assert Settings().template("workbooks/plan.xlsx") == Settings(tmp_path).template("workbooks/plan.xlsx")


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(UsageError, match="找不到模板文件夹"):
        Settings(tmp_path / "没有")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[states]\n", "写法有误"),
        ("states = []", "第1行“states”写法有误：一个状态也没有"),
        ('[[states]]\nname = "绿灯"\n', "meaning 是“”"),
        (state("绿灯", "green"), "“绿灯”的 meaning 是“green”，应为 idle、normal、slow、done 之一"),
        (state("", "done"), "第2行“states.name”写法有误：状态没有名称"),
        (state("绿灯", "done") + 'colour = "绿"\n', "第4行“states.colour”写法有误：“绿”不是颜色"),
        (state("绿灯", "done") * 2, "“绿灯”出现了两次"),
    ],
)
def test_a_slip_in_the_words_is_named(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        own(tmp_path, text).states()


def test_the_shipped_office_says_nothing_so_that_nothing_is_printed():
    assert "" == Settings().office().text


def test_an_office_says_how_to_reach_it(tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "office.toml").write_text('contact = "督查室"\nphone = "0000-8600000"\n', encoding="utf-8")

    assert "联系人：督查室，电话：0000-8600000" == Settings(tmp_path).office().text


@pytest.mark.parametrize("text", ['fax = "1"', "phone = 8600000"])
def test_a_slip_in_the_office_s_words_is_named(tmp_path, text):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "office.toml").write_text(text, encoding="utf-8")

    with pytest.raises(InputError, match=r"office\.toml 第1行“(?:fax|phone)”写法有误"):
        Settings(tmp_path).office()
