"""How far each task is in a period, in three voices: the unit's own word, the computed state, the office's.

task_facts  what is known of a task, and of a period
facts       ledger + period -> what is known of every task, in the order of the plan
monthly     what the monthly form of an annex (民生实事) says of a task
"""
