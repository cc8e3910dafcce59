"""The fixed sentences of reports, as an office words them."""

from __future__ import annotations

import pytest

from taskkit.errors import InputError
from taskkit.settings.sentences import Sentences, read_sentences
from taskkit.settings.toml_places import TomlFile

SHIPPED = 'opening = "截至{until}，{count}项任务中，"\nnone = "无。"\n'


def sentences(own: str) -> Sentences:
    return read_sentences(
        TomlFile("words/progress.toml", own.encode()), TomlFile("words/progress.toml", SHIPPED.encode())
    )


def test_a_sentence_is_filled_in():
    assert "截至6月底，12项任务中，" == sentences("")("opening", until="6月底", count=12)


def test_an_office_words_a_sentence_in_its_own_way_and_order():
    say = sentences('opening = "全县{count}项任务到{until}："')

    assert "全县12项任务到6月底：" == say("opening", until="6月底", count=12)
    assert "无。" == say("none")


def test_what_a_unit_wrote_is_no_mark_of_a_sentence():
    assert "截至{count}，{}项任务中，" == sentences("")("opening", until="{count}", count="{}")


def test_a_sentence_may_be_left_out():
    assert "" == sentences('none = ""')("none")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('closing = "完。"', "第1行“closing”写法有误：没有“closing”这一项"),
        ("none = 3", "第1行“none”写法有误：不是一行文字"),
        ('none = "一\\n二"', "第1行“none”写法有误：不是一行文字"),
        ('none = "好"\nopening = "到{date}"', "第2行“opening”写法有误：不能填入“{date}”"),
        ('opening = "到{until.year}"', "不能填入“{until.year}”"),
        ('opening = "到{until!r}"', "不能填入“{until}”"),
        ('opening = "到{0}"', "不能填入“{0}”"),
        ('opening = "到{}"', "不能填入“{}”"),
        ('opening = "到{until"', "花括号没有成对"),
        ('none = "{count}"', "不能填入“{count}”"),
    ],
)
def test_a_slip_is_named_with_its_line(text, said):
    with pytest.raises(InputError) as error:
        sentences(text)

    assert said in error.value.what
