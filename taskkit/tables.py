"""The tables of the ledger. Those of a plan's frames are made from the schema in plan.py."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from taskkit.plan import FRAMES

SCHEMA_VERSION = 4  # a ledger of an earlier version gets the tables that it lacks (database.py)

_SQL_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "text": sa.Text,
    "texts": sa.JSON,
    "integer": sa.Integer,
    "number": sa.Float,
    "flag": sa.Boolean,
    "date": sa.Date,
}

METADATA = sa.MetaData()
meta = sa.Table("meta", METADATA, sa.Column("key", sa.String(40), primary_key=True), sa.Column("value", sa.Text))
plans = sa.Table(
    "plans",
    METADATA,
    sa.Column("plan_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False, unique=True),
    sa.Column("content_sha256", sa.String(64), nullable=False),
    sa.Column("info", sa.JSON, nullable=False),
    sa.Column("added_at", sa.DateTime, nullable=False),
)
frames = {
    name: sa.Table(
        f"plan_{name}",
        METADATA,
        sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
        sa.Column("position", sa.Integer, nullable=False),
        *(sa.Column(key, _SQL_TYPES[kind]) for key, kind in columns.items()),
    )
    for name, columns in FRAMES.items()
}
rosters = sa.Table(
    "rosters",
    METADATA,
    sa.Column("roster_id", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("content_sha256", sa.String(64), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("loaded_at", sa.DateTime, nullable=False),
)
workbooks = sa.Table(
    "workbooks",
    METADATA,
    sa.Column("workbook", sa.String(40), primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("part", sa.String(20), nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("content_sha256", sa.String(64), nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("issued_at", sa.DateTime, nullable=False),
    sa.Index("workbooks_of_a_unit", "plan_id", "unit", "period"),
)
# One workbook may be written more than once (another name, another version of taskkit): every
# file that is ours is known by its bytes, so that only those are ever replaced.
files = sa.Table(
    "files",
    METADATA,
    sa.Column("file_sha256", sa.String(64), primary_key=True),
    sa.Column("workbook", sa.ForeignKey("workbooks.workbook"), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("written_at", sa.DateTime, nullable=False),
)
# What goes out beside the forms and is not filled in for itself: supplements to a workbook
# (content: what they say), one table for all units (content: its id).
companions = sa.Table(
    "companions",
    METADATA,
    sa.Column("companion", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("workbook", sa.ForeignKey("workbooks.workbook")),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False, index=True),
    sa.Column("written_at", sa.DateTime, nullable=False),
)
sent_cells = sa.Table(
    "sent_cells",
    METADATA,
    sa.Column("workbook", sa.ForeignKey("workbooks.workbook"), nullable=False, index=True),
    sa.Column("sheet", sa.Text, nullable=False),
    sa.Column("row_id", sa.String(40), nullable=False),
    sa.Column("column", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
)
submissions = sa.Table(
    "submissions",
    METADATA,
    sa.Column("submission", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("workbook", sa.ForeignKey("workbooks.workbook"), nullable=False, index=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False, index=True),
    sa.Column("file", sa.LargeBinary, nullable=False),
    sa.Column("held", sa.JSON, nullable=False),
    sa.Column("saved_at", sa.DateTime),  # when the file was last saved, as it says itself
    sa.Column("received", sa.Date, nullable=False),
    sa.Column("accepted_at", sa.DateTime, nullable=False),
    sa.Index("submissions_of_a_unit", "plan_id", "unit", "period"),
)
cell_values = sa.Table(
    "cell_values",
    METADATA,
    sa.Column("value_id", sa.Integer, primary_key=True),
    sa.Column("submission", sa.ForeignKey("submissions.submission"), nullable=False, index=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("task_id", sa.String(40)),
    sa.Column("target_id", sa.String(40)),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("column", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("row_id", sa.String(40), nullable=False),
    sa.Column("accepted_at", sa.DateTime, nullable=False),
    sa.Index("values_of_a_unit", "plan_id", "period", "unit"),
)
withdrawals = sa.Table(
    "withdrawals",
    METADATA,
    sa.Column("submission", sa.ForeignKey("submissions.submission"), primary_key=True),
    sa.Column("withdrawn_at", sa.DateTime, nullable=False),
)
# What was handed in. A version with ``corrects`` is a later one of the receipt of that number; the
# newest counts. A receipt for no workbook in particular is for all that the unit was sent.
receipts = sa.Table(
    "receipts",
    METADATA,
    sa.Column("receipt_id", sa.Integer, primary_key=True),
    sa.Column("corrects", sa.ForeignKey("receipts.receipt_id"), index=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("workbook", sa.ForeignKey("workbooks.workbook")),
    sa.Column("received", sa.Date, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False, index=True),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("submission", sa.ForeignKey("submissions.submission"), index=True),
    sa.Column("registered_at", sa.DateTime, nullable=False),
)
# Files of receipts that are no submissions: sent back, not taken, or waiting to be typed in.
receipt_files = sa.Table(
    "receipt_files",
    METADATA,
    sa.Column("file_sha256", sa.String(64), primary_key=True),
    sa.Column("file", sa.LargeBinary, nullable=False),
)
# Files of which nothing could be taken, kept for what a person has yet to decide.
set_aside = sa.Table(
    "set_aside",
    METADATA,
    sa.Column("aside", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("workbook", sa.ForeignKey("workbooks.workbook"), nullable=False, index=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False),
    sa.Column("file", sa.LargeBinary, nullable=False),
    sa.Column("held", sa.JSON, nullable=False),
    sa.Column("saved_at", sa.DateTime),
    sa.Column("received", sa.Date, nullable=False),
    sa.Column("kept_at", sa.DateTime, nullable=False),
)
# Values that a person has to decide on; the file is that of a submission, or one set aside. Whether one
# is still open follows from the decisions and from what the ledger holds now.
matters = sa.Table(
    "matters",
    METADATA,
    sa.Column("matter", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("workbook", sa.ForeignKey("workbooks.workbook"), nullable=False),
    sa.Column("submission", sa.ForeignKey("submissions.submission"), index=True),
    sa.Column("aside", sa.ForeignKey("set_aside.aside"), index=True),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("row_id", sa.String(40), nullable=False),
    sa.Column("column", sa.Text, nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("sent", sa.Text, nullable=False),
    sa.Column("base", sa.Text, nullable=False),
    sa.Column("current", sa.Text, nullable=False),
    sa.Column("returned", sa.Text, nullable=False),
    sa.Column("reason", sa.String(20), nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("opened_at", sa.DateTime, nullable=False),
)
decision_files = sa.Table(
    "decision_files",
    METADATA,
    sa.Column("file_sha256", sa.String(64), primary_key=True),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("file", sa.LargeBinary, nullable=False),
    sa.Column("loaded_at", sa.DateTime, nullable=False),
)
# What a person decided; it counts while its submission does.
decisions = sa.Table(
    "decisions",
    METADATA,
    sa.Column("decision", sa.Integer, primary_key=True),
    sa.Column("matter", sa.ForeignKey("matters.matter"), nullable=False, index=True),
    sa.Column("submission", sa.ForeignKey("submissions.submission"), nullable=False, index=True),
    sa.Column("file_sha256", sa.ForeignKey("decision_files.file_sha256"), nullable=False),
    sa.Column("choice", sa.String(20), nullable=False),
    sa.Column("current", sa.Text, nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", sa.DateTime, nullable=False),
)
# What the supervision office itself says of tasks, goals, periods, requests and dates (rulings.py);
# the newest version of a cell counts.
rulings = sa.Table(
    "rulings",
    METADATA,
    sa.Column("ruling", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("topic", sa.String(20), nullable=False),
    sa.Column("period", sa.String(10), nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("row_id", sa.String(40), nullable=False),
    sa.Column("column", sa.String(20), nullable=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("said_by", sa.Text, nullable=False),
    sa.Column("said_at", sa.DateTime, nullable=False),
    sa.Column("file_sha256", sa.ForeignKey("decision_files.file_sha256")),
)
# Schedules that the office set in the place of the printed one (kept in plan_schedule); the newest counts,
# and one without rows is the printed one again.
schedules = sa.Table(
    "schedules",
    METADATA,
    sa.Column("schedule", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("set_at", sa.DateTime, nullable=False),
    sa.Column("file_sha256", sa.ForeignKey("decision_files.file_sha256")),
)
# Later versions of a plan: the frames of each are kept under a hidden row of ``plans``, whose name no
# person can give. The plan itself keeps its row, and with it its id and what the ids of workbooks derive from.
plan_versions = sa.Table(
    "plan_versions",
    METADATA,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("content_id", sa.ForeignKey("plans.plan_id"), nullable=False, unique=True),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.ForeignKey("decision_files.file_sha256")),
    sa.Column("kept_at", sa.DateTime, nullable=False),
)
# What was changed in mid-year, one by one: a leader, a unit, a task (changing/) or the document as a whole.
plan_changes = sa.Table(
    "plan_changes",
    METADATA,
    sa.Column("change", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("effective_on", sa.Date, nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("file_sha256", sa.ForeignKey("decision_files.file_sha256")),
    sa.Column("kept_at", sa.DateTime, nullable=False),
)
# Leaders' written instructions; of the rows with one number the newest version counts.
directives = sa.Table(
    "directives",
    METADATA,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("leader", sa.Text, nullable=False),
    sa.Column("given_on", sa.Date, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("task_id", sa.String(40)),
    sa.Column("units", sa.JSON, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("reporting", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("loaded_at", sa.DateTime, nullable=False),
    sa.Column("file_sha256", sa.ForeignKey("decision_files.file_sha256"), nullable=False),
)
