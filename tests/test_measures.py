"""Measures: one per sentence, with its kind and the documents that it names."""

from __future__ import annotations

import pytest

from taskkit.measures import documents_in, measure, split_measures


def test_each_sentence_is_a_measure_but_not_a_full_stop_inside_quotation_marks():
    measures = split_measures("出台办法。推进“办好。办快”行动；召开会议。")

    assert ["出台办法。", "推进“办好。办快”行动；", "召开会议。"] == [each.text for each in measures]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("出台支持企业的若干政策", "policy"),
        ("编制云溪县产业发展规划", "plan"),
        ("举办第三届云溪茶博会", "event"),
        ("召开全县推进会", "meeting"),
        ("新建学校3所", "build"),
        ("开展教师轮训", "train"),
        ("开展安全生产专项检查", "check"),
        ("擦亮营商环境品牌", "other"),
    ],
)
def test_a_measure_has_a_kind(text, kind):
    assert kind == measure(text).kind


def test_documents_are_named_once_and_outermost():
    assert ("云溪县〈条例〉办法", "方案") == documents_in("落实《云溪县〈条例〉办法》《方案》和《方案》")
