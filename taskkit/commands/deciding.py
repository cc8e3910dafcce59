"""Commands for what a person decides and looks up: review, conflicts, history, undo."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import click

from taskkit import console, showing_returned
from taskkit.commands.common import NEEDS_A_PERSON, command, open_existing, settings_of
from taskkit.errors import UsageError


@command
@click.argument("name")
@click.option("--period", metavar="P", help="审核哪一期：plan（落实方案）、2023Q1 等；不写时取最近发出的一期。")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    required=True,
    type=click.Path(path_type=Path),
    help="写成审核台账（.xlsx），填好后登记（taskkit load 文件）。",
)
def review(name: str, period: str | None, out: Path, url: str, templates: Path | None) -> int:
    """督查核定：写出审核台账，审定或退回目标和进展，核定状态和报告用语，销号，批复调整申请，写综述。"""
    from taskkit.reviewing import write_review

    with open_existing(url) as ledger:
        written = write_review(ledger, name, out, period, settings_of(templates))
    showing_returned.show_review_written(name, written)
    return 0


@command
@click.argument("name")
@click.option("--period", metavar="P", help="只看这个报送期；不写时看全部。")
@click.option("--unit", metavar="U", help="只看这个单位。")
@click.option(
    "--xlsx",
    "out",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="写成待决定表（.xlsx），填好后登记（taskkit load 文件）。",
)
def conflicts(
    name: str, period: str | None, unit: str | None, out: Path | None, url: str, templates: Path | None
) -> int:
    """看收回时没有收、要由人决定的内容：同一处有不同说法的冲突，以及待核实的内容。"""
    from taskkit.deciding import listed, write_decisions
    from taskkit.periods import parse_period
    from taskkit.plan_index import PlanIndex

    with open_existing(url) as ledger:
        wanted = parse_period(period).text if period else None
        matters = listed(ledger, name, wanted, unit)
        if out and matters:
            is_new = write_decisions(ledger, name, matters, out)
            showing_returned.show_conflicts_written(out, len(matters), is_new)
        else:
            index = PlanIndex(ledger.plan(name), ledger.roster(name))
            showing_returned.show_conflicts(name, matters, index)
    return NEEDS_A_PERSON if matters else 0


@command
@click.argument("name")
@click.argument("task")
@click.option("--unit", metavar="U", help="只看这个单位。")
@click.option("--period", metavar="P", help="只看这个报送期；不写时看全部。")
@click.option("--full", is_flag=True, help="长的内容也全部列出，不截断。")
def history(
    name: str, task: str, unit: str | None, period: str | None, full: bool, url: str, templates: Path | None
) -> int:
    """看一项任务报过的全部内容：何时、由哪次报送、从什么改成什么、是否撤回。TASK：编号、序号或名称里的几个字。"""
    from taskkit.histories import entries, find_task, said_by_office

    with open_existing(url) as ledger:
        plan = ledger.plan(name)
        known = ledger.all_tasks(name)
        task_id = find_task(plan, task, known.values())
        title = f"{known[task_id]['title']}{'' if task_id in plan.tasks.index else '（已撤销）'}"
        found = entries(ledger, name, task_id, unit, period)
        office = said_by_office(ledger, name, task_id, unit, period)
        indicators = dict(zip(plan.targets["target_id"], plan.targets["indicator"], strict=True))
    showing_returned.show_history(f"{task_id} {title}", found, full, indicators)
    showing_returned.show_office_history(office, full)
    return 0


@command
@click.argument("submission")
@click.option("--preview", is_flag=True, help="只看撤回后会有什么变化，不撤回。")
@click.option("--save", metavar="DIR", type=click.Path(path_type=Path), help="把原件另存到这个文件夹，便于改正后再收。")
def undo(submission: str, preview: bool, save: Path | None, url: str, templates: Path | None) -> int:
    """撤回一次报送或决定（SUBMISSION：它的编号）。此后的报送不受影响，文件可以再收；不删除任何内容。"""
    from taskkit.file_names import safe_file
    from taskkit.office.placing import make_folder, put_new
    from taskkit.plan_index import PlanIndex
    from taskkit.undoing import undo as withdraw

    found = re.fullmatch(r"第?(\d{1,9})号?", unicodedata.normalize("NFKC", submission).strip())
    if not found:
        raise UsageError(f"看不懂报送编号“{submission}”", "请写数字，如 3；编号见 taskkit history 或收表时的说明")
    with open_existing(url) as ledger:
        number = int(found[1])
        kept = ledger.submission(number)
        if save:
            make_folder(save)
            path = save / safe_file(Path(kept.file_name).name)
            put_new(path, ledger.submitted_file(number), "另一个同名文件")
            console.say(f"原件已存到 {path}")
        undone = withdraw(ledger, number, preview=preview)
        showing_returned.show_undone(undone, PlanIndex(ledger.plan(kept.plan), ledger.roster(kept.plan)))
    return 0
