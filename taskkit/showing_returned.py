"""What the commands print of returns: what collect found, what waits for a person, a task's history, an undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from taskkit import console

if TYPE_CHECKING:
    import pandas as pd

    from taskkit.collecting import Collected
    from taskkit.deciding import Loaded
    from taskkit.entries import Ruling
    from taskkit.histories import Entry
    from taskkit.plan_index import PlanIndex
    from taskkit.reviewing import Reviewed, Written
    from taskkit.stores.matters import OpenMatter
    from taskkit.stores.past import KeptSubmission
    from taskkit.undoing import Undone

LONGEST_CELL = 36  # signs of a value in a table of differences
_LONGEST_VERSION = 160
_MOST_ROWS = 300  # cells that a preview lists one by one


# --- collect --------------------------------------------------------------------------


def show_collected(result: Collected, applied: bool) -> None:
    """Files first, then the cells of each, then what a person must look at.

    A dry run shows every cell that would change; afterwards only those that were not taken are shown.
    """
    from taskkit.collecting import FileOutcome
    from taskkit.merge import Outcome
    from taskkit.plan import plain_rows

    if result.files.empty:
        console.say("没有找到文件，台账未作任何改动。")
        return
    console.table(
        ("文件", "单位", "报送期", "结果", "说明"),
        [
            (_file_name(file["path"]), file["unit"], file["period"], FileOutcome(file["outcome"]).label, file["reason"])
            for file in plain_rows(result.files)
        ],
    )
    quiet = _quiet(result.cells, applied)
    for path, cells in result.cells.groupby("path", sort=False):
        _show_cells(Path(str(path)).name, cells, quiet)
    if Outcome.CHANGED in quiet and not applied:
        count = int((result.cells["outcome"] == Outcome.CHANGED).sum())
        console.say(f"另有{count}处可收的没有逐一列出；要看全部，请加 --xlsx 核对.xlsx。")
    console.findings(result.findings, most=50)
    console.say(_tally(result.files["outcome"]))
    _say_directives(result.cells)
    taken = int((result.files["outcome"] == FileOutcome.ACCEPTED).sum())
    kept = int(result.files["outcome"].isin([FileOutcome.WAITING, FileOutcome.ATTACHED]).sum())
    whole = f"{kept}个文件原件登记" if kept else ""
    if applied:
        nothing = "没有可收的内容。" if kept else "没有可收的内容，填报内容未作任何改动。"
        said = f"已收入台账{taken}个文件。" if taken else nothing
        console.say(f"{said}{f'另有{whole}在单位名下。' if kept else ''}")
    elif taken or kept:
        said = "，".join(part for part in (f"可收{taken}个文件" if taken else "", whole) if part)
        console.say(f"以上是预览，台账未作任何改动。{said}；确认后加 --apply 收入台账。")
    else:
        console.say("以上是预览，没有可收的文件，台账未作任何改动。")
    _say_what_waits(result, applied)
    _show_copies(result.returned)


def _tally(outcomes: Iterable[str]) -> str:
    """How many files there were, and what became of them."""
    from taskkit.receipts import FileOutcome

    counts = Counter(outcomes)
    told = "，".join(f"{each.label}{counts[each]}个" for each in FileOutcome if counts[each])
    return f"共{sum(counts.values())}个文件：{told}。"


def _say_directives(cells: pd.DataFrame) -> None:
    """How many 批示 have a new 落实情况 or state."""
    from taskkit.columns import DIRECTIVE_SHEET
    from taskkit.merge import Outcome

    headers = [field.column.header for field in DIRECTIVE_SHEET.fields if field.opening == "open"]
    mine = cells[cells["column"].isin(headers) & (cells["outcome"] == Outcome.CHANGED)]
    if len(mine):
        console.say(f"其中批示落实情况{len(mine.groupby(['path', 'sheet', 'row']))}件次。")


def _file_name(path: str) -> str:
    """The name of a file, after that of the zip that it came in."""
    parts = Path(path).parts
    first = next((at for at, part in enumerate(parts) if part.lower().endswith(".zip")), len(parts) - 1)
    return "/".join(parts[first:][:1] + parts[-1:]) if first < len(parts) - 1 else parts[-1]


def _show_copies(copies: pd.DataFrame) -> None:
    """The copies to send back, and what to do with them."""
    from taskkit.plan import plain_rows

    if copies.empty:
        return
    rows = [(each["unit"] or "—", Path(each["copy"]).name, each["problems"]) for each in plain_rows(copies)]
    console.table(("退回给", "文件", "问题（处）"), rows)
    folder = Path(copies["copy"].iloc[0]).parent
    console.say(f"有问题的表格已标出问题，写在 {folder}（{len(copies)}个）；请发还各单位，改好后再收，标记会自动去掉。")


def _say_what_waits(result: Collected, applied: bool) -> None:
    from taskkit.merge import Outcome

    waiting = int(result.cells["outcome"].isin([Outcome.CONFLICT, Outcome.HELD]).sum())
    if waiting and applied:
        for name in result.plans:
            console.say(f"有{waiting}处待人工决定，已记在台账里：taskkit conflicts {name} --xlsx 待决定.xlsx")
    elif waiting:
        console.say(f"有{waiting}处要由人决定；收入台账时会记下来，用 taskkit conflicts 写成待决定表。")


def _quiet(cells: pd.DataFrame, applied: bool) -> tuple[str, ...]:
    """The outcomes that are only counted: nobody reads a thousand rows to find the five that need a person."""
    from taskkit.merge import Outcome

    many = len(cells) > _MOST_ROWS
    return (Outcome.UNUPDATED, Outcome.CHANGED) if applied or many else (Outcome.UNUPDATED,)


def _show_cells(name: str, cells: pd.DataFrame, quiet: Sequence[str]) -> None:
    """The cells of one file, what needs a person first; of the ``quiet`` outcomes only how many."""
    from taskkit.plan import plain_rows
    from taskkit.wording import excerpts

    order = list(_WORDS)
    listed = sorted(plain_rows(cells), key=lambda cell: order.index(cell["outcome"]))
    counts = Counter(cell["outcome"] for cell in listed)
    rows = []
    for cell in listed:
        if cell["outcome"] in quiet:
            continue
        before, after = excerpts(cell["current"] or cell["sent"] or "", cell["returned"] or "", LONGEST_CELL)
        rows.append((_WORDS[cell["outcome"]], f"{cell['sheet']} 第{cell['row']}行", cell["column"], before, after))
    if rows:
        told = "，".join(f"{_WORDS[outcome]}{counts[outcome]}处" for outcome in order if counts[outcome])
        console.table(("处理", "位置", "列", "原来", "收回"), rows, title=f"{name}：{told}")


# In the order in which they need a person; as short as a narrow column asks for.
_WORDS = {
    "conflict": "冲突",
    "held": "待核实",
    "invalid": "无效",
    "locked": "锁定未收",
    "kept": "保留",
    "changed": "收下",
    "unupdated": "未更新",
}


# --- what waits for a person ----------------------------------------------------------


def show_conflicts(name: str, matters: Sequence[OpenMatter], index: PlanIndex) -> None:
    """What waits, file by file of the units."""
    from taskkit.deciding import task_text
    from taskkit.periods import parse_period, short_date
    from taskkit.wording import excerpts

    if not matters:
        console.say(f"“{name}”没有待决定的事项。")
        return
    for (unit, period), listed in groupby(matters, key=lambda each: (each.kept.unit, each.kept.period)):
        rows = []
        for each in listed:
            kept = each.kept
            before, after = excerpts(each.current if each.held else "", kept.matter.returned, LONGEST_CELL)
            source = f"{kept.file_name} {short_date(kept.received)}"
            rows.append((task_text(kept.matter.row_id, index), kept.matter.column, before, after, source))
        title = f"{unit} {parse_period(period).label}：{len(rows)}处"
        console.table(("任务", "列", "台账现值", "收回值", "来自"), rows, title=title)
    console.say(f"共{len(matters)}处待决定。写成表来填：taskkit conflicts {name} --xlsx 待决定.xlsx")


def show_conflicts_written(out: Path, count: int, is_new: bool) -> None:
    """What was written, and what to do with it."""
    if not is_new:
        console.say(f"待决定表 {out} 没有变化，未作任何改动。")
        return
    console.say(f"已写待决定表：{out}（{count}处）")
    console.say(f"在“决定”一列选好，保存后登记：taskkit load {out}")


def show_decisions_loaded(name: str, loaded: Loaded) -> None:
    """What was decided, under which numbers, and what is still open."""
    if loaded.numbers:
        numbers = "、".join(f"第{number}号" for number in loaded.numbers)
        console.say(f"已登记“{name}”的{loaded.decided}处决定（{numbers}）；要撤回：taskkit undo {loaded.numbers[0]}")
    else:
        console.say("没有新的决定，未作任何改动。")
    if loaded.known:
        console.say(f"另有{loaded.known}处以前已经这样决定，没有变化。")
    if loaded.undecided:
        console.say(f"还有{loaded.undecided}处没有决定，仍留在台账里。")


# --- history --------------------------------------------------------------------------


def show_history(title: str, entries: Sequence[Entry], full: bool, indicators: Mapping[str, str]) -> None:
    """The versions of a task's values, cell by cell for each unit and period; below, what the numbers mean.

    ``indicators`` are the targets' names by their ids.
    """
    from taskkit.periods import parse_period

    console.say(title)
    if not entries:
        console.say("台账里还没有这项任务的报送内容。")
    for (unit, period), listed in groupby(entries, key=lambda each: (each.unit, each.period)):
        found = list(listed)
        console.say(f"\n{unit} {parse_period(period).label}")
        for _, versions in groupby(found, key=lambda each: (each.row_id, each.column)):
            rows = list(versions)
            title = (
                rows[0].column
                if rows[0].target is None
                else f"{rows[0].column}（{indicators.get(rows[0].target, rows[0].target)}）"
            )
            console.table(("报送", "情况", "内容"), (_version(each, full) for each in rows), title=title)
        for _, line in sorted({source for each in found for source in _sources(each)}):
            console.say(line)


def show_office_history(said: Sequence[Ruling], full: bool) -> None:
    """What the office said of a task (督查核定), oldest first."""
    from taskkit.periods import official_date, parse_period
    from taskkit.rulings import LABELS, WORDS
    from taskkit.wording import shortened

    if not said:
        return
    rows = []
    for each in said:
        text = WORDS.get((each.topic, each.column), {}).get(each.value, each.value) or "（撤回）"
        by = "，".join(filter(None, (each.said_by, each.file_name)))
        day = f"{official_date(each.said_at)}登记" if each.said_at else ""
        rows.append(
            (
                *(parse_period(each.period).label, each.unit or "（整项任务）", LABELS[each.topic][each.column]),
                *(text if full else shortened(text), f"{day}（{by}）" if by else day),
            )
        )
    console.table(("报送期", "单位", "事项", "内容", "来历"), rows, title="督查核定")


def _version(each: Entry, full: bool) -> tuple[str, ...]:
    from taskkit.wording import excerpts

    text = each.value if full else excerpts(each.before, each.value, _LONGEST_VERSION)[1]
    own = each.matter.submission if each.matter else None
    numbers = "、".join(_number(one) for one in each.said) or (f"第{own}号" if own else "未收")
    state = each.state.label
    if each.state.value == "declined" and each.matter:
        state = f"{state}（第{each.matter.decision}号）"
    return numbers, state, text or "（空白）"


def _number(said: KeptSubmission) -> str:
    return f"第{said.submission}号" + ("（已撤回）" if said.withdrawn_at else "")


def _sources(each: Entry) -> Iterator[tuple[int, str]]:
    """What the numbers of a version stand for."""
    from taskkit.periods import official_date

    for one in each.said:
        person = each.matter.decided_by if each.matter and one.withdrawn_at is None else ""
        by = f"（{person}）" if person else ""
        what = f"督查室决定{by}，{official_date(one.accepted_at)}登记" if one.is_decision else ""
        yield one.submission, f"第{one.submission}号：{what or f'{one.file_name}，{official_date(one.received)}收到'}"
    if each.matter and not each.said:
        number = each.matter.submission
        label = f"第{number}号" if number else "未收"
        yield number or 0, f"{label}：{each.matter.file_name}，{official_date(each.matter.received)}收到"


# --- review ---------------------------------------------------------------------------


def show_review_written(name: str, written: Written) -> None:
    """Where the review workbook is, and what is in it."""
    rows = "，".join(f"{title}{count}行" for title, count in written.rows.items())
    console.say(f"已写{written.label}审核台账：{written.path}（{rows}）。")
    if written.kept:
        console.say(f"“{written.kept.name}”您改动过，没有动它。已填的内容请先登记：taskkit load {written.kept.name}")
    console.say(f"填好后登记：taskkit load {written.path.name}。登记以前台账不变。")


def show_review_loaded(name: str, reviewed: Reviewed) -> None:
    """What was registered of a review workbook that came back."""
    from taskkit.periods import parse_period

    again = f"，复核{reviewed.again}行" if reviewed.again else ""
    if reviewed.new or reviewed.again:
        console.say(f"已登记到“{name}”{parse_period(reviewed.period).label}：核定{reviewed.new}处{again}。")
    else:
        console.say("没有要登记的新内容，未作任何改动。")


# --- undo -----------------------------------------------------------------------------


def show_undone(undone: Undone, index: PlanIndex) -> None:
    """What changed, cell by cell, and how to take it back."""
    from taskkit.deciding import task_text
    from taskkit.periods import parse_period
    from taskkit.wording import excerpts

    said = undone.submission
    what = "督查室的决定" if said.is_decision else f"报送（{said.file_name}，{said.received}收到）"
    label = parse_period(said.period).label
    did = "已撤回" if undone.done else "撤回后会是这样："
    console.say(f"{did}第{said.submission}号{what}：{said.plan} {said.unit} {label}")
    rows = []
    for (row_id, column), (before, after) in undone.cells.items():
        old, new = excerpts(before, after or "", LONGEST_CELL)
        rows.append((task_text(row_id, index), column, old, new if after is not None else "（没有了）"))
    if rows:
        console.table(("任务", "列", "撤回前", "撤回后"), rows)
    else:
        console.say("台账里的现值没有变化（此后的报送里有同样的内容，或者没有带来内容）。")
    for listed, text in (
        (undone.reopened, "{}处恢复为待决定（taskkit conflicts）。"),
        (undone.dropped, "{}处待决定的事项随它撤下，不再需要决定。"),
        (undone.kept, "它的{}处内容另有督查室的决定，决定仍然有效。"),
    ):
        if listed:
            console.say(text.format(len(listed)))
    if not undone.done:
        console.say("以上是预览，台账未作任何改动。")
    elif said.is_decision:
        console.say("要恢复这些决定，把那份待决定表再登记一次：taskkit load 待决定.xlsx")
    else:
        console.say(f"要恢复，再收一次原文件：taskkit collect {said.file_name} --apply（原件可用 --save 取出）")
