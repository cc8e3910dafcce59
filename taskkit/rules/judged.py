"""What a single typed value is taken as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Judged(NamedTuple):
    """A value as it is to be taken; ``code`` is the finding to make, ``valid`` whether it is taken at all.

    ``beside`` is a second finding, with the same words: of how the value came into its cell.
    """

    value: str
    code: str = ""
    valid: bool = True
    words: Mapping[str, str] = {}
    beside: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The findings to make."""
        return tuple(code for code in (self.code, self.beside) if code)
