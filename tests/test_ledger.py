"""The ledger only ever adds: plans, workbooks sent, submissions, and every version of every cell."""

import multiprocessing
import sqlite3
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taskkit import open_ledger
from taskkit.errors import LedgerError, UsageError
from taskkit.ledger import Change, Ledger, LedgerChangedError, SentCell, Submission, Workbook
from taskkit.plan import FRAMES, Plan, PlanInfo, make_plan, records


def small_plan(title: str = "办好一件事") -> Plan:
    return make_plan(
        PlanInfo(
            title="2026年重点任务分工方案", year=2026, issued_on=date(2026, 3, 6), source="云溪.docx", sha256="ab"
        ),
        tasks=[
            {"task_id": "T001", "part": "main", "no": 1, "title": title, "leaders": ["云一舟", "林知远"]},
            {"task_id": "T002", "part": "main", "title": "办好另一件事", "due_on": date(2026, 6, 30)},
        ],
        assignments=[{"task_id": "T001", "unit": "县教育局", "role": "lead", "rank": 1}],
        targets=[{"task_id": "T001", "target_id": "T001.1", "op": ">=", "value": 4.5, "unit": "万人"}],
        schedule=[{"period": "2026Q1", "role": "lead", "part": "main", "due_on": date(2026, 4, 10)}],
    )


def workbook(name: str = "云溪", **changes: object) -> Workbook:
    given_values: dict[str, object] = {
        "workbook": "WAAAABBBBCCCC",
        "plan": name,
        "unit": "县教育局",
        "role": "lead",
        "part": "main",
        "period": "2026Q1",
        "edition": 1,
        "content_sha256": "c" * 64,
        "due_on": date(2026, 4, 10),
        "cells": (SentCell("工作进展", "T001", "本期进展", "", True),),
    }
    return Workbook(**{**given_values, **changes})  # type: ignore[arg-type]


def returned(book: Workbook, text: str, day: date = date(2026, 4, 8)) -> Submission:
    return Submission(
        workbook=book,
        file_name="县教育局.xlsx",
        file=text.encode(),
        received=day,
        held={("T001", "本期进展"): text},
        changes=(Change("T001", "本期进展", text, "lead"),),
    )


@pytest.fixture
def ledger() -> Ledger:
    ledger = open_ledger("sqlite://")
    ledger.add_plan(small_plan())
    ledger.record_workbooks([workbook()], {})
    return ledger


def test_a_plan_comes_back_as_it_was_added(ledger):
    sent, kept = small_plan(), ledger.plan("云溪")
    assert sent.info == kept.info
    for name in FRAMES:
        assert records(name, getattr(sent, name)) == records(name, getattr(kept, name))


def test_a_plan_is_named_after_its_file_unless_named(ledger):
    assert "二〇二六" == ledger.add_plan(small_plan(), "二〇二六")
    assert ["云溪", "二〇二六"] == ledger.plan_names()


def test_the_same_plan_again_changes_nothing_but_another_one_under_its_name_is_refused(ledger):
    assert "云溪" == ledger.add_plan(small_plan())
    with pytest.raises(UsageError, match=r"另一份方案.*--as.*未作任何改动"):
        ledger.add_plan(small_plan("换了内容"))
    assert ["云溪"] == ledger.plan_names()


@pytest.mark.parametrize("name", ["", "..", "a/b", "a\\b", "x" * 101, "con:"])
def test_a_name_that_cannot_be_a_folder_is_refused(ledger, name):
    with pytest.raises(UsageError, match="名字"):
        ledger.add_plan(small_plan(), name or " ")


def test_an_unknown_plan_is_an_error_that_lists_the_known_ones(ledger):
    with pytest.raises(UsageError, match="台账里有：云溪"):
        ledger.plan("山阳")


def test_a_sent_workbook_is_kept_with_every_cell(ledger):
    assert workbook() == ledger.workbook("WAAAABBBBCCCC")
    assert ledger.workbook("WZZZZ") is None


def test_recording_a_workbook_twice_keeps_one(ledger):
    ledger.record_workbooks([workbook()], {"WAAAABBBBCCCC": ("a.xlsx", "f" * 64)})
    assert 1 == len(ledger.workbooks("云溪"))
    assert 1 == len(ledger.workbook("WAAAABBBBCCCC").cells)


def test_the_ledger_knows_the_files_that_it_wrote_by_their_bytes(ledger):
    ledger.record_workbooks([workbook()], {"WAAAABBBBCCCC": ("a.xlsx", "f" * 64)})
    assert ledger.wrote("f" * 64)
    assert not ledger.wrote("e" * 64)


def test_the_newest_edition_is_the_one_with_the_highest_number(ledger):
    second = workbook(workbook="WSECOND", edition=2, content_sha256="d" * 64)
    ledger.record_workbooks([second], {})
    found = ledger.latest_workbooks("云溪", "2026Q1")["县教育局", "lead", "main"]
    assert ("WSECOND", 2) == (found.workbook, found.edition)
    assert {} == ledger.latest_workbooks("云溪", "2026Q2")


def test_the_current_value_is_the_newest_accepted_one(ledger):
    ledger.accept(returned(workbook(), "完成20%"))
    second = ledger.accept(returned(workbook(), "完成25%"))
    values = ledger.values("云溪", "2026Q1")
    assert [("T001", "县教育局", "lead", "2026Q1", "本期进展", "完成25%", second)] == list(
        values[["task_id", "unit", "role", "period", "column", "value", "submission"]].itertuples(
            index=False, name=None
        )
    )


def test_a_withdrawn_submission_no_longer_counts_but_a_later_one_stays(ledger):
    first = ledger.accept(returned(workbook(), "完成20%"))
    second = ledger.accept(returned(workbook(), "完成25%"))
    ledger.withdraw(second)
    assert ["完成20%"] == ledger.values("云溪")["value"].tolist()
    ledger.withdraw(first)
    assert ledger.values("云溪").empty
    assert ledger.submissions("云溪").empty
    with pytest.raises(UsageError, match="第99号"):
        ledger.withdraw(99)


def test_what_a_return_held_is_kept_for_the_next_merge(ledger):
    number = ledger.accept(returned(workbook(), "完成20%"))
    [kept] = ledger.holdings("云溪", "2026Q1", "县教育局").standing("WAAAABBBBCCCC")
    assert (number, {("T001", "本期进展"): "完成20%"}) == (kept.number, kept.held)


def test_a_value_that_a_later_return_says_again_stands_when_the_first_is_withdrawn(ledger):
    first = ledger.accept(returned(workbook(), "完成20%"))
    again = ledger.accept(replace(returned(workbook(), "完成20%"), file=b"another file"))
    assert [first] == ledger.values("云溪")["submission"].tolist()
    ledger.withdraw(first)
    assert [("完成20%", again)] == list(
        ledger.values("云溪")[["value", "submission"]].itertuples(index=False, name=None)
    )


def test_the_word_for_nothing_withdraws_a_text_but_is_an_answer_where_it_is_one(ledger):
    changes = tuple(
        Change("T001", column, "无", "lead") for column in ("本期进展", "累计完成值", "存在问题", "需协调事项")
    )
    ledger.accept(replace(returned(workbook(), "x"), changes=changes))
    assert {"本期进展": "", "累计完成值": "", "存在问题": "无", "需协调事项": "无"} == (
        ledger.values("云溪").set_index("column")["value"].to_dict()
    )
    assert {"无"} == set(ledger.current("云溪", "2026Q1", "县教育局").values())


def test_the_same_file_never_stands_twice(ledger):
    number = ledger.accept(returned(workbook(), "完成20%"))
    with pytest.raises(LedgerChangedError):
        ledger.accept(returned(workbook(), "完成20%"))
    ledger.withdraw(number)
    assert number < ledger.accept(returned(workbook(), "完成20%"))


def test_what_was_compared_with_an_older_state_is_not_written(ledger):
    seen = ledger.holdings("云溪", "2026Q1", "县教育局").seen
    ledger.accept(replace(returned(workbook(), "完成20%"), seen=seen))
    with pytest.raises(LedgerChangedError):
        ledger.accept(replace(returned(workbook(), "完成25%"), seen=seen))
    assert ["完成20%"] == ledger.values("云溪")["value"].tolist()


def test_holdings_know_what_was_withdrawn_and_what_was_only_replaced(ledger):
    first = ledger.accept(returned(workbook(), "甲"))
    second = ledger.accept(returned(workbook(), "乙"))
    key = ("T001", "本期进展")
    held = ledger.holdings("云溪", "2026Q1", "县教育局")
    assert ("乙", second) == held.current(key)
    assert held.was_said(key, "甲") and not held.was_withdrawn(key, "甲")
    ledger.withdraw(second)
    held = ledger.holdings("云溪", "2026Q1", "县教育局")
    assert ("甲", first) == held.current(key)
    assert held.was_withdrawn(key, "乙") and held.current(("T009", "本期进展")) is None


def _open_and_add(path: str) -> str:
    with open_ledger(path) as ledger:
        return ledger.add_plan(small_plan())


def test_two_processes_may_make_the_same_ledger_and_its_backup_at_once(tmp_path):
    path = str(tmp_path / "台账.db")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert ["云溪"] * 2 == pool.map(_open_and_add, [path] * 2, chunksize=1)
    with open_ledger(path) as ledger:
        assert ["云溪"] == ledger.plan_names()
    assert not list(tmp_path.rglob("*.partial"))


def test_a_submission_that_fails_half_way_leaves_nothing(ledger):
    broken = returned(workbook(), "完成20%")
    object.__setattr__(broken, "changes", (Change("T001", "本期进展", None, "lead"),))  # type: ignore[arg-type]
    with pytest.raises(LedgerError, match="未作任何改动"):
        ledger.accept(broken)
    assert ledger.submissions("云溪").empty


def test_values_have_their_columns_even_when_there_are_none(ledger):
    assert "task_id target_id unit role period column value submission accepted_at".split() == list(
        ledger.values("云溪").columns
    )


def test_a_value_of_the_whole_workbook_belongs_to_no_task(ledger):
    submission = returned(workbook(), "x")
    object.__setattr__(submission, "changes", (Change("book", "填报人", "云小溪", "lead"),))
    ledger.accept(submission)
    assert ledger.values("云溪")[["task_id", "target_id"]].isna().all(axis=None)


@settings(deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
        lambda text: text != "无"
    )
)
def test_any_text_is_kept_to_the_letter(text):
    ledger = open_ledger("sqlite://")
    ledger.add_plan(small_plan())
    ledger.record_workbooks([workbook()], {})
    ledger.accept(returned(workbook(), text))
    assert [text] == ledger.values("云溪")["value"].tolist()
    ledger.close()


def test_a_ledger_is_a_file_that_can_be_opened_again(tmp_path):
    with open_ledger(tmp_path / "台账.db") as first:
        first.add_plan(small_plan())
    with open_ledger(f"sqlite:///{tmp_path / '台账.db'}", create=False) as second:
        assert ["云溪"] == second.plan_names()


def test_a_missing_ledger_is_an_error_unless_a_new_one_is_wanted(tmp_path):
    with pytest.raises(LedgerError, match=r"找不到台账.*taskkit load"):
        open_ledger(tmp_path / "没有.db", create=False)
    assert not (tmp_path / "没有.db").exists()


def test_a_file_that_is_no_ledger_is_refused_and_left_alone(tmp_path):
    (tmp_path / "照片.db").write_bytes(b"\x89PNG not a database at all")
    with pytest.raises(LedgerError, match="打不开台账"):
        open_ledger(tmp_path / "照片.db")
    assert b"\x89PNG not a database at all" == (tmp_path / "照片.db").read_bytes()


def test_another_programs_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "别的.db") as connection:
        connection.execute("create table notes (text)")
    connection.close()
    with pytest.raises(LedgerError, match="不是 taskkit 的台账"):
        open_ledger(tmp_path / "别的.db")


def test_a_ledger_of_a_newer_version_is_refused(tmp_path):
    open_ledger(tmp_path / "台账.db").close()
    with sqlite3.connect(tmp_path / "台账.db") as connection:
        connection.execute("update meta set value = '99'")
    connection.close()
    with pytest.raises(LedgerError, match="请升级"):
        open_ledger(tmp_path / "台账.db")


@pytest.mark.parametrize("url", ["foo://bar", "sqlite:///没有这个文件夹/台账.db", "mysql+nothing://x/y"])
def test_an_address_that_leads_nowhere_is_a_clear_error(url):
    with pytest.raises(LedgerError, match="未作任何改动"):
        open_ledger(url)


def test_the_first_change_of_a_day_leaves_a_backup_of_the_state_before(tmp_path):
    path = tmp_path / "台账.db"
    with open_ledger(path) as ledger:
        ledger.add_plan(small_plan())
    assert not (tmp_path / "台账-备份").exists(), "a new ledger has no state before"
    with open_ledger(path) as ledger:
        ledger.add_plan(small_plan(), "第二份")
        ledger.add_plan(small_plan(), "第三份")
    [copy] = (tmp_path / "台账-备份").iterdir()
    with open_ledger(copy) as kept:
        assert ["云溪"] == kept.plan_names()


def test_seven_backups_are_kept(tmp_path):
    path = tmp_path / "台账.db"
    open_ledger(path).close()
    (tmp_path / "台账-备份").mkdir()
    for day in range(1, 10):
        (tmp_path / "台账-备份" / f"2020-01-0{day}.db").touch()
    with open_ledger(path) as ledger:
        ledger.add_plan(small_plan())
    kept = sorted(copy.name for copy in (tmp_path / "台账-备份").iterdir())
    assert ["2020-01-04.db", "2020-01-05.db"] == kept[:2]
    assert 7 == len(kept)


def test_a_return_that_comes_between_two_readings_is_left_for_the_next(ledger, monkeypatch):
    ledger.accept(returned(workbook(), "完成20%"))
    rows, calls = ledger._rows, []

    def interrupted(statement, **of_unit):
        calls.append(statement)
        if len(calls) == 2:  # the returns, and before the values somebody else's return comes in
            monkeypatch.setattr(ledger, "_rows", rows)
            ledger.accept(returned(workbook(), "完成25%"))
        return rows(statement, **of_unit)

    monkeypatch.setattr(ledger, "_rows", interrupted)
    holdings = ledger.holdings("云溪", "2026Q1", "县教育局")
    assert "完成20%" == holdings.current(("T001", "本期进展")).value


def test_a_ledger_of_an_earlier_version_gets_the_indexes_too_when_it_is_first_written_to(tmp_path):
    path = tmp_path / "台账.db"
    with open_ledger(path) as ledger:
        ledger.add_plan(small_plan(), "云溪")
    with sqlite3.connect(path) as old:
        old.executescript("drop index submissions_of_a_unit; update meta set value = '2' where key = 'schema_version'")
    old.close()
    with open_ledger(path) as ledger:
        ledger.add_plan(small_plan("又一件事"), "云溪二")
    with sqlite3.connect(path) as new:
        names = {name for (name,) in new.execute("select name from sqlite_master where type = 'index'")}
    new.close()
    assert "submissions_of_a_unit" in names


def test_a_ledger_of_before_there_were_versions_has_the_plan_as_its_only_one(tmp_path):
    url = f"sqlite:///{tmp_path / '旧.db'}"
    with open_ledger(url) as ledger:
        ledger.add_plan(small_plan())
    connection = sqlite3.connect(tmp_path / "旧.db")
    for table in ("plan_versions", "plan_changes", "rulings"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("UPDATE meta SET value = '3' WHERE key = 'schema_version'")
    connection.commit()
    connection.close()
    with open_ledger(url) as ledger:
        assert (2, 1, []) == (
            len(ledger.plan("云溪").tasks),
            len(ledger.plan_versions("云溪")),
            ledger.item_list("云溪"),
        )
        assert ([], 0) == (ledger.plan_changes("云溪"), ledger.last_change("云溪"))
