"""The progress report: ledger + period -> plain data for templates/reports/progress.docx.

matter    what all sections are written from: the period and the one before, the order of units, the sentences
overview  一、总体情况
figures   二、主要指标
domains   三、各领域进展
problems  四、滞后事项及原因, 五、需协调解决的问题
advice    六、下一步建议
year      what the report on a whole year adds: promise against result, what carries over
report    all of it put together

Nothing here knows Word. Every number in the running text is counted from the same verdicts and figures
that the annexes print, so that text and tables agree by construction.
"""

from __future__ import annotations

from taskkit.reports.progress.matter import Domain, Entry
from taskkit.reports.progress.report import TEMPLATE, ProgressReport, build

__all__ = ["TEMPLATE", "Domain", "Entry", "ProgressReport", "build"]
