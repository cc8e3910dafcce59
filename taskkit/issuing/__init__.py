"""Writing the forms: who is asked for what, a workbook for each, and what goes out beside them.

dispatching   the list of what is sent, and one zip of it
batch         the workbooks of a period, made, put in place and recorded
asking        who is asked for what, by the notice
accompanying  files beside the forms, written and recorded with them
mending       what the office sent back, for the next edition of its form
instructing   leaders' written instructions (批示), on their way to the units
earlier       what units handed in before
settled       forms that were handed in and ask nothing new
relaying      what support units reported, on its way to the lead units
together      one table for all units
"""

from __future__ import annotations

from taskkit.issuing.batch import Issued, issue

__all__ = ["Issued", "issue"]
