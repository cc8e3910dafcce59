"""How wide the columns of the forms are, which are centred or kept as text, where the labels at the end stand."""

from __future__ import annotations

WIDTHS = {
    "no": 5,
    "title": 29,
    "measures": 38,
    "annual": 20,
    "leaders": 12,
    "lead_units": 22,
    "support_units": 34,
    "deadline": 15,
    "unit_leader": 12,
    "office": 13,
    "handler": 9,
    "phone": 14,
    "stage_goal": 22,
    "progress": 44,
    "last_progress": 44,
    "state": 10,
    "problem": 21,
    "help": 18,
    "next_step": 21,
    "indicator": 20,
    "requirement": 9,
    "annual_value": 11,
    "unit": 9,
    "baseline": 9,
    "previous": 11,
    "achieved": 13,
    "rate": 10,
    "aim": 10,
    "last_month": 10,
    "month_total": 11,
    "month_new": 10,
    "time_share": 9,
    "brief": 36,
    "supporter": 20,
    "matter": 38,
    "original": 44,
    "proposed": 44,
    "reason": 44,
    "reporting_unit": 15,
    "opinion": 36,
    "directive_no": 7,
    "directed_by": 10,
    "directed_on": 13,
    "directive": 40,
    "directive_about": 22,
    "directive_due": 13,
    "followed": 46,
    "handled": 10,
    "expected": 13,
    "last_followed": 46,
}
GOAL_WIDTHS = {"plan": 20, "progress": 20, "targets": 11}
CENTRED = {
    *("no", "deadline", "state", "leaders", "unit_leader", "handler", "requirement", "unit", "rate", "time_share"),
    *("supporter", "reporting_unit"),
    *("directive_no", "directed_by", "directed_on", "directive_due", "handled", "expected"),
}
# As text: what is typed stays as it is typed (0766-…, 6月30日). Not the long ones: Excel 2007 shows
# a text cell of more than 255 characters as #####.
AS_TEXT = {
    "expected",
    "deadline",
    "unit_leader",
    "office",
    "handler",
    "phone",
    "reporter",
    "reporter_phone",
    "reviewer",
}
# The line and the columns in which the labels at the end stand; each value stands to the right of its label.
FOOT_PLACES = {
    "plan": ((0, "title"), (0, "annual"), (0, "deadline")),
    "progress": ((0, "title"), (0, "stage_goal"), (0, "state")),
    "support": ((0, "no"), (0, "lead_units"), (1, "lead_units")),
    "directive": ((0, "directed_by"), (0, "directive_about"), (0, "handled")),
    "annex": ((0, "title"), (0, "unit"), (0, "time_share")),
}
MINIMUM_HEIGHT = {"task": 62, "item": 30, "target": 30, "relay": 36, "directive": 62, "request": 72}
