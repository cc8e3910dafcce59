"""Changes in mid-year: an amended document (load --amend), and 变更.xlsx, which a person fills in.

rows           a plan as rows that can be changed, ids
applying       what each kind of change does to a plan
keeping        changes as further versions of a plan
"""
