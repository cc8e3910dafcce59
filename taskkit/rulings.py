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

# Columns of TASK.
STATE = "state"  # the state as the office judges it, by its name in states.toml
WORDING = "wording"  # what reports print in the place of the unit's text, at most MOST_WORDING signs
PASSED = "passed"  # PASS or BACK
REASON = "reason"  # why it goes back
CLOSED = "closed"  # YES confirms 销号
# Columns of GOALS: PASSED (审定 or 退回), REASON. Columns of REQUEST: PASSED, REASON.
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

PASS, BACK, YES = "pass", "back", "yes"
MOST_WORDING = 100
