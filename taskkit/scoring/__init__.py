"""The year's score of each unit, by rules that an office sets (words/scoring.toml), each line with its evidence.

rules        words/scoring.toml -> rules
records      ledger -> what is on record of each form
counting     records, rules, adjustments -> lines
adjustments  what persons entered, as the ledger keeps it
scores       all of it -> Scores
writing      Scores -> workbook; taking: the filled sheet 手工调整 -> ledger
"""

from __future__ import annotations

from taskkit.scoring.scores import RANKING, Scores, UnitScore, score

__all__ = ["RANKING", "Scores", "UnitScore", "score"]
