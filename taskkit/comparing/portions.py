"""A share with its denominator, as officials write it."""

from __future__ import annotations

from dataclasses import dataclass

from taskkit.assess import share


@dataclass(frozen=True)
class Portion:
    """So many out of so many; ``share`` is a percentage (0 to 100), None where there is nothing to share."""

    number: int
    whole: int
    measure: str = "项"

    @property
    def share(self) -> float | None:
        return share(self.number, self.whole) if self.whole else None

    @property
    def short(self) -> str:
        """For narrow columns: 157/180，87.2%."""
        return f"{self.number}/{self.whole}，{self.share:g}%" if self.whole else "—"

    @property
    def text(self) -> str:
        """157/180项，占87.2%; — of nothing."""
        return f"{self.number}/{self.whole}{self.measure}，占{self.share:g}%" if self.whole else "—"
