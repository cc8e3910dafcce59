"""Workbooks of lists that a person corrects freely: what the proofreading and the list workbook have in common.

forms   the sheets with their columns, and words that stand for coded values
grid    a returned sheet by its headers, row by row
marks   what the very hidden sheet says of a workbook
"""
