"""Write templates/reports/*.docx: run it after a change in docs/report_templates/ (developers only).

python docs/make_report_templates.py [DIR]
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

from report_templates import bulletin, compendium, digest, goals, leader, plan, plan_table, progress, reminder

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "reports"
DOCUMENTS: tuple[ModuleType, ...] = (bulletin, compendium, digest, goals, leader, plan, plan_table, progress, reminder)


def main(folder: Path = TEMPLATES) -> None:
    """Write every template into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in DOCUMENTS:
        (folder / f"{each.__name__.rpartition('.')[2]}.docx").write_bytes(each.template())


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
