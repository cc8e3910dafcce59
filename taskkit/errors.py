"""The errors that taskkit raises: one family, each message fit for a clerk to read.

Problems *in the data* are not errors but findings (see findings.py). An error means that a
file could not be read, an argument was wrong, or that taskkit itself is at fault.
"""

from __future__ import annotations

UNCHANGED = "未作任何改动。"


class TaskkitError(Exception):
    """Base of all errors.

    ``what`` says where and what is wrong, ``advice`` what to do, ``state`` what things are
    like now ("未作任何改动。" unless something was changed before the error).
    """

    exit_status = 2

    def __init__(self, what: str, advice: str = "", state: str = UNCHANGED) -> None:
        self.what = what
        self.advice = advice
        self.state = state
        super().__init__(what, advice, state)

    def __str__(self) -> str:
        return "".join(
            part if part.endswith(("。", "？")) else f"{part}。"
            for part in (self.what, self.advice, self.state)
            if part
        )


class InputError(TaskkitError):
    """A file cannot be read: missing, damaged, of another kind, too large, or hostile."""


class UsageError(TaskkitError):
    """An argument does not fit: unknown plan, unit, period, report, or a taken name."""


class LedgerError(TaskkitError):
    """The ledger is missing, locked, or of a version that this taskkit does not know."""


class TemplateError(TaskkitError):
    """A template cannot be filled: a mark that does not exist, or a feature that cannot stretch."""


class OutputError(TaskkitError):
    """A result cannot be written: folder missing or read-only, file open in another program."""


class NothingToReportError(TaskkitError):
    """Nothing was written because there is nothing to say, and nothing is wrong."""

    exit_status = 0


class InternalError(TaskkitError):
    """Our own fault: a check of taskkit on itself failed."""

    exit_status = 3
