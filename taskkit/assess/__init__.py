"""How far a task is: the words of its units, and what figures and deadlines say. Pure; no ledger here.

standing    states, the units' own word, counts and shares
aims        every target × unit: rate, gap, met, standing
tasks       every task: its targets, its unit's word and its deadline together
reasons     one sentence that says why

The frames of aims and tasks are judged column by column, a thousand plans as fast as one; sentences
are made only for what is shown.
"""

from taskkit.assess.standing import Count, Standing, Verdict, Word, own_verdict, says_nothing, share, tally, verdict

__all__ = ["Count", "Standing", "Verdict", "Word", "own_verdict", "says_nothing", "share", "tally", "verdict"]
