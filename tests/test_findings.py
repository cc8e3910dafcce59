"""Findings: what a kind of the catalogue says once its words are filled in."""

from __future__ import annotations

from string import Formatter

import pytest

from taskkit.findings import CATALOGUE, TOPICS, Kind, finding


def test_no_two_kinds_share_a_code():
    assert sorted(CATALOGUE) == sorted(kind.code for topic in TOPICS for kind in topic.KINDS)


def words_of(kind: Kind) -> dict[str, str]:
    """A value for each word of a kind's text, and no other."""
    return {name: "甲" for _, name, _, _ in Formatter().parse(kind.text) if name}


@pytest.mark.parametrize("code", CATALOGUE)
def test_no_placeholder_is_left_in_a_message_and_the_advice_needs_no_word_that_the_text_lacks(code):
    message = finding(code, **words_of(CATALOGUE[code])).message
    assert ("{" in message, "}" in message) == (False, False)
    assert message.endswith("。")


def test_a_question_ends_its_sentence():
    message = finding("roster-unknown", column="成员单位", value="青石镇", near="；是不是“青石镇政府”？").message
    assert "“成员单位”里的“青石镇”不在名册里，方案里也没有；是不是“青石镇政府”？请改正；" in message
