"""The whole loop on real plans: read, issue, fill in as a clerk would, collect, report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import docx
import pytest

import taskkit
from taskkit.errors import UsageError
from taskkit.office.typing_in import type_in
from tests.plans import plan_file
from tests.soffice import resaved

STATES = ("正常推进", "进展滞后", "已完成", "未启动")


def answers_of(plan, unit: str, period: str) -> dict[str, dict[str, object]]:
    """What the clerk of a unit types in: something of its own in every open cell."""
    mine = plan.assignments[(plan.assignments["unit"] == unit) & (plan.assignments["role"] == "lead")]
    typed: dict[str, dict[str, object]] = {}
    for at, task_id in enumerate(dict.fromkeys(mine["task_id"])):
        if period == "plan":
            typed[task_id] = {f"{n}季度目标": f"{unit}{task_id}{n}季度完成{at + 1}件" for n in "一二三四"}
            typed[task_id] |= {"责任处室": "综合股", "经办人": f"{unit}经办", "联系电话": "0000-8600000"}
            typed[f"{task_id}+1"] = {"工作措施": f"{unit}拟增加的举措", "二季度目标": "6月底前完成"}
        else:
            state = STATES[at % 4]
            typed[task_id] = {"本期进展": f"{unit}就{task_id}已完成{at + 1}件。", "完成情况": state}
            if state == "进展滞后":
                typed[task_id] |= {"存在问题": f"{unit}{task_id}用地手续未办结", "下一步措施": "月底前办结"}
            if at == 0:
                typed[task_id] |= {"需协调事项": f"请协调解决{unit}的资金问题"}
        for target in plan.targets[plan.targets["task_id"] == task_id].itertuples():
            headers = [f"{n}季度目标" for n in "一二三四"] if period == "plan" else ["累计完成值"]
            typed[target.target_id] = dict.fromkeys(headers, 10 + at)
    typed["book"] = {"填报人": f"{unit}填报", "联系电话": "0000-8600001", "审核人": f"{unit}审核"}
    return typed


def fill_and_return(plan, books, period: str, folder: Path) -> dict[str, dict[str, dict[str, object]]]:
    folder.mkdir(parents=True)
    typed = {book.unit: answers_of(plan, book.unit, period) for book in books.books.itertuples()}
    for book in books.books.itertuples():
        (folder / Path(book.path).name).write_bytes(type_in(Path(book.path).read_bytes(), typed[book.unit]))
    return typed


def stored(ledger, name: str, period: str) -> dict[tuple[str, str, str], str]:
    values = ledger.values(name, period)
    rows = values["target_id"].fillna(values["task_id"]).fillna("book")
    return {
        (unit, row, column): value
        for unit, row, column, value in zip(values["unit"], rows, values["column"], values["value"], strict=True)
    }


def expected(typed: dict[str, dict[str, dict[str, object]]]) -> dict[tuple[str, str, str], str]:
    renamed = {("book", "联系电话"): "填报人电话"}
    return {
        (unit, row, renamed.get((row, header), header)): str(value)
        for unit, rows in typed.items()
        for row, cells in rows.items()
        for header, value in cells.items()
    }


def annex_text(path: Path) -> str:
    return "\n".join(cell.text for table in docx.Document(str(path)).tables for cell in table._cells)


def section_text(path: Path, start: str, stop: str) -> str:
    texts = [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]
    first = next(at for at, text in enumerate(texts) if text.startswith(start))
    last = next(at for at, text in enumerate(texts) if text.startswith(stop))
    return "\n".join(texts[first:last])


@pytest.fixture
def ledger(tmp_path):
    with taskkit.open_ledger(tmp_path / "taskkit.db") as ledger:
        yield ledger


def test_a_county_table_goes_through_the_whole_loop(ledger, tmp_path):
    plan = taskkit.read_plan(plan_file("xinxing-2023.docx"))
    assert (127, 8, 28) == (len(plan.tasks), plan.tasks["section"].nunique(), plan.tasks["group"].nunique())
    name = ledger.add_plan(plan)
    assert "xinxing-2023" == name

    for period, received in (("plan", date(2023, 3, 30)), ("2023Q1", date(2023, 4, 8))):
        books = taskkit.issue(ledger, name, period=period, out=tmp_path / "sent" / period)
        leads = plan.assignments[(plan.assignments["role"] == "lead") & ~plan.assignments["collective"]]
        assert set(leads["unit"]) == set(books.books["unit"])
        assert 39 == len(books)

        typed = fill_and_return(plan, books, period, tmp_path / "returned" / period)
        preview = taskkit.collect(ledger, [tmp_path / "returned" / period], received=received)
        assert {"accepted"} == set(preview.files["outcome"])
        assert {} == stored(ledger, name, period), "a dry run changes nothing"

        taskkit.collect(ledger, [tmp_path / "returned" / period], apply=True, received=received)
        assert expected(typed) == stored(ledger, name, period)

        again = taskkit.collect(ledger, [tmp_path / "returned" / period], apply=True, received=received)
        assert {"duplicate"} == set(again.files["outcome"])
        assert again.cells.empty

    path = taskkit.report(ledger, name, kind="progress", period="2023Q1", out=tmp_path / "报告.docx")
    annex, slow = annex_text(path), section_text(path, "四、滞后", "五、")
    for rows in typed.values():
        for cells in rows.values():
            assert str(cells.get("本期进展", "")) in annex
            if cells.get("完成情况") == "进展滞后":
                assert str(cells["存在问题"]) in slow


def test_with_all_roles_every_unit_gets_a_workbook_but_no_collective(ledger, tmp_path):
    plan = taskkit.read_plan(plan_file("xinxing-2023.docx"))
    name = ledger.add_plan(plan)
    books = taskkit.issue(ledger, name, period="2023Q1", role="all", out=tmp_path)
    alone = plan.assignments[~plan.assignments["collective"]]["unit"]
    collectives = plan.assignments[plan.assignments["collective"]]["unit"]
    assert set(alone) == set(books.books["unit"])
    assert set(collectives) == set(books.left_out["unit"])
    assert books.left_out["reason"].str.len().gt(0).all()


def test_a_provinces_plan_goes_through_the_loop_after_libreoffice_saved_the_workbooks(ledger, tmp_path):
    plan = taskkit.read_plan(plan_file("gd-2023.docx"))
    assert {"main": 180, "annex": 29} == plan.tasks["part"].value_counts().to_dict()
    name = ledger.add_plan(plan)
    books = taskkit.issue(ledger, name, period="2023Q2", out=tmp_path / "sent")
    typed = fill_and_return(plan, books, "2023Q2", tmp_path / "returned")
    saved = resaved(sorted((tmp_path / "returned").glob("*.xlsx")), tmp_path / "resaved")

    result = taskkit.collect(ledger, saved, apply=True, received=date(2023, 7, 8))
    assert {"accepted"} == set(result.files["outcome"])
    main = set(plan.tasks.index[plan.tasks["part"] == "main"])
    asked = {
        unit: {row: cells for row, cells in rows.items() if row[:4] in main or row == "book"}
        for unit, rows in typed.items()
    }
    assert expected(asked) == stored(ledger, name, "2023Q2")

    path = taskkit.report(ledger, name, kind="progress", period="2023Q2", out=tmp_path / "报告.docx")
    annex = annex_text(path)
    for rows in asked.values():
        for cells in rows.values():
            assert str(cells.get("本期进展", "")) in annex


def test_a_period_that_the_notice_does_not_ask_for_is_refused_unless_wanted_anyway(ledger, tmp_path):
    name = ledger.add_plan(taskkit.read_plan(plan_file("gd-2023.docx")))
    with pytest.raises(UsageError, match=r"2023Q2.*2023Q3.*2023Q4"):
        taskkit.issue(ledger, name, period="2023Q1", out=tmp_path)
    assert taskkit.issue(ledger, name, period="2023Q1", out=tmp_path, part="main", anyway=True)
