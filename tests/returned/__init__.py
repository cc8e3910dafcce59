"""Kinds of return: what clerks and their programs do to the workbooks that taskkit issues, each with its outcome.

A kind is about ten lines in the KINDS of a test module here::

    Kind(
        "a clerk sorts the rows backwards",          # a sentence: what was done to the file
        form="quarter",                              # which issued workbook (county.FORMS); quarter unless said
        edit=rows_backwards,                         # a function of the openpyxl workbook, after the answers
        expected=QUARTER,                            # the Markdown table below; the form's own answers unless said
        findings="locked 工作进展 第5行C列",            # lines: code, then the place as a person is told it
    )

On the way the workbook is filled in (``typed``: a Markdown table | row | column | value |; the
form's usual answers unless said), changed by ``edit``, saved again by LibreOffice where ``office`` names a
suffix (xlsx, xls, ods, et), and changed by ``patch``, which takes the bytes and the County and gives bytes, or
{name: bytes} where several files come back. ``before`` are the files that were taken earlier, one after the other.

``expected`` has one line for each cell that is not the same, and for all that the ledger holds in the end::

    | sheet    | row    | column     | outcome | value          |
    | 工作进展 | T001   | 本期进展   | changed | 已开工2所      |

``sheet`` is the sheet's name in the returned file, ``row`` the hidden id, ``value`` what the ledger holds
afterwards (nothing where blank), ``outcome`` as in docs/collecting.md; ``same`` lines are not shown in a dry
run. Columns ``unit`` and ``period`` may be added where a return touches several. ``outcome`` of the kind is that of
the file, or of all files in the order of their names.

`check` holds every kind to this: a dry run writes nothing and tells the same as the run that applies; the ledger
holds exactly what is expected; all expected findings are told, at their places, and no other error; every
message names its file, and its sheet, row and column where it is about one; the same file again changes nothing.
"""
