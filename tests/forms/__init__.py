"""Random plans, written in each form D1-D20 as an office would write them, and what must be read from them.

words.py    what plans are made of: titles full of traps, measures, persons, headings
bodies.py   units of a level of government, and lists of them with what offices leave out
plans.py    a plan as plain data, and the habits of the office that writes it
writers.py  one writer for each form: plan and habits -> blocks of text
tables.py   the forms that are tables
carriers.py blocks -> a file: text, wrapped text, Word, Excel, tabs, pipes, boxes, one cell per line
"""
