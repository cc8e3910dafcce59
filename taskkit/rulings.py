"""What the supervision office may rule on: the topics, and the columns of each.

Its words stand beside the units', never in their place.
"""

from __future__ import annotations

# Topic -> what a ruling is on.
TASK = "task"  # one task in a period; unit "" is the task as a whole, row id the task's
GOALS = "goals"  # the goals that a unit promised; row id a task's, a target's, or a proposed 举措's
PERIOD = "period"  # a period as a whole: unit and row id ""
REQUEST = "request"  # a 调整申请; row id R1 …
EXTENSION = "extension"  # a later date for a unit's report; row id is the part
SCORE = "score"  # points entered by hand; row id is RULE/PART/NUMBER (scoring/adjustments.py)

# Columns of TASK. Each stands under the name of the unit whose word it is on: which unit sums up (汇总单位) may change
# when an earlier one reports late. On the task as a whole (unit "") is CLOSED, in older ledgers also STATE and WORDING.
STATE = "state"  # the state as the office judges it, by its name in states.toml
WORDING = "wording"  # what reports print in the place of the unit's text, at most MOST_WORDING signs
PASSED = "passed"  # PASS or BACK
REASON = "reason"  # why it goes back
CLOSED = "closed"  # YES confirms 销号, from this period on; NO refuses it (with REASON)
# Columns of GOALS: PASSED (审定 or 退回), REASON.
# Columns of REQUEST: PASSED, REASON (意见), and what changes: a row id and a column of the 落实方案, the new value.
GOAL_ROW = "row"
GOAL_COLUMN = "column"
GOAL_VALUE = "value"
# Columns of PERIOD.
SUMMARY = "summary"  # 综述
HIGHLIGHT = "highlight"  # 亮点
ADVICE = "advice"  # 建议
# Columns of EXTENSION: ISO dates, and REASON.
DUE_ON = "due_on"
ASKED_ON = "asked_on"
# Columns of SCORE.
POINTS = "points"  # a number; "" once it is taken back
GROUND = "ground"  # 依据

PASS, BACK = "pass", "back"
YES, NO = "yes", "no"
MOST_WORDING = 100

# As people call them: in the review workbook, in histories.
LABELS: dict[str, dict[str, str]] = {
    TASK: {
        STATE: "核定状态",
        WORDING: "报告用语",
        PASSED: "审核意见",
        REASON: "退回理由",
        CLOSED: "同意销号",
    },
    GOALS: {PASSED: "审核意见", REASON: "退回理由"},
    REQUEST: {
        PASSED: "审批意见",
        REASON: "意见",
        GOAL_ROW: "任务编号",
        GOAL_COLUMN: "调整的列",
        GOAL_VALUE: "调整后内容",
    },
    PERIOD: {SUMMARY: "综述", HIGHLIGHT: "亮点", ADVICE: "建议"},
}

# Topic and column -> value -> the word for it. The review workbook also reads other words (reviewing/columns.py).
WORDS: dict[tuple[str, str], dict[str, str]] = {
    (GOALS, PASSED): {PASS: "审定", BACK: "退回"},
    (TASK, PASSED): {PASS: "通过", BACK: "退回"},
    (TASK, CLOSED): {YES: "是", NO: "否"},
    (REQUEST, PASSED): {PASS: "同意", BACK: "不同意"},
}
