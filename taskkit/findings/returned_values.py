"""Findings of the values of returned workbooks (rules/)."""

from __future__ import annotations

from taskkit.findings.kinds import Kind

KINDS: tuple[Kind, ...] = (
    Kind("slow-no-problem", "doubt", "“{state}”但没有写存在问题", "请单位补报滞后原因", "请补写滞后的原因"),
    Kind("done-no-text", "doubt", "“{state}”但没有写进展", "请单位补报完成的情况", "请补写完成的情况"),
    Kind("no-state", "doubt", "写了进展但没有选完成情况", "请单位补选", "请从下拉列表中补选"),
    Kind("says-nothing", "doubt", "“{column}”只写了“{value}”，看不出进展", "请单位写明结果和数量", "请写明结果和数量"),
    Kind(
        "value-fell",
        "doubt",
        "{column}{value}比{before}{previous}小",
        "请单位核对；累计数一般不会下降",
        "请核对；累计数一般不会下降",
    ),
    Kind("request-made", "note", "提出调整申请{count}项，待督查室审定；已审定的内容没有改动", "请审定后答复单位"),
)
