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
        ("制定全县群众赛事活动组织方案，打造品牌赛事", "plan"),
        ("出台促消费政策，开展家电下乡等活动", "policy"),
        ("出台支持园区规划建设的若干措施，编制总体规划", "policy"),
        ("出台《关于云溪振兴的意见》《云溪县行动方案》", "policy"),
        ("出台《关于云溪振兴的意见》任务分工方案", "plan"),
        ("推动云溪新区发展规划出台", "plan"),
        ("开展《云溪县城镇规划》中期评估", "check"),
        ("治理校外培训机构，加强执法", "check"),
        ("着力办好“三所学校”", "other"),
        ("办好云溪茶花节、梅花节", "event"),
        ("组织召开全县现场会", "meeting"),
        ("完善部门协调机制", "other"),
        ("监测野生动物活动，组织实地核查", "check"),
        ("推动园区升级为省级园区", "other"),
    ],
)
def test_a_measure_has_a_kind(text, kind):
    assert kind == measure(text).kind


def test_documents_are_named_once_and_outermost():
    assert ("云溪县〈条例〉办法", "方案") == documents_in("落实《云溪县〈条例〉办法》《方案》和《方案》")
