"""Runs that are killed, and runs that collect into one ledger at once: each file is held whole, once, or not at all."""

from __future__ import annotations

import multiprocessing
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from taskkit.collecting import collect
from taskkit.ledger import open_ledger
from tests.returned.county import PLAN as COUNTY_PLAN
from tests.returned.county import UNIT, County
from tests.returned.killing import kill_many
from tests.returned.many import current, held, make_many
from tests.returned_books import stamped, table

AtOnce = Callable[[str, list[list[str]]], list[list[str]]]
FILES = 50
KILLS = 20


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_many(tmp_path_factory.mktemp("many"), FILES)


def test_a_run_that_is_killed_leaves_whole_files_and_the_next_one_completes_the_rest(many: Path) -> None:
    seen = kill_many(many, KILLS)
    assert KILLS == seen.kills
    assert seen.midway > 0 and seen.completed > 0


_together: Any = None  # in each of the eight processes: the barrier at which they wait for each other


def _prepare(barrier: Any) -> None:
    import pandas  # noqa: F401  (what takes long is done before)

    global _together
    _together = barrier


def _collected(job: tuple[str, list[str]]) -> list[str]:
    url, paths = job
    _together.wait()
    with open_ledger(url, create=False) as ledger:
        return list(collect(ledger, paths, apply=True).files["outcome"])


@pytest.fixture(scope="module")
def eight() -> Iterator[AtOnce]:
    """Eight processes that each collect their share of paths into a ledger, all from the same moment on."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(8, _prepare, (context.Barrier(8),)) as pool:
        yield lambda url, shares: pool.map(_collected, [(url, share) for share in shares], chunksize=1)


def _ledger(many: Path, folder: Path) -> Path:
    (folder / "taskkit.db").write_bytes((many / "taskkit.db").read_bytes())
    return folder / "taskkit.db"


@pytest.fixture(scope="module")
def undisturbed(many: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, object]:
    path = _ledger(many, tmp_path_factory.mktemp("undisturbed"))
    with open_ledger(path) as ledger:
        collect(ledger, many / "returned", apply=True)
        return held(path), current(ledger)


def _files(many: Path) -> list[str]:
    return [str(path) for path in sorted((many / "returned").iterdir())]


def test_eight_processes_that_collect_the_same_files_lose_nothing_and_take_nothing_twice(
    many: Path, undisturbed: tuple[object, object], eight: AtOnce, tmp_path: Path
) -> None:
    path = _ledger(many, tmp_path)
    shares = [random.Random(seed).sample(_files(many), FILES) for seed in range(8)]
    outcomes = eight(f"sqlite:///{path}", shares)
    assert {"accepted", "duplicate"} == {each for listed in outcomes for each in listed}
    assert FILES == sum(listed.count("accepted") for listed in outcomes)
    with open_ledger(path) as ledger:
        assert undisturbed == (held(path), current(ledger))


def test_eight_processes_that_collect_different_files_lose_nothing(
    many: Path, undisturbed: tuple[object, object], eight: AtOnce, tmp_path: Path
) -> None:
    path = _ledger(many, tmp_path)
    outcomes = eight(f"sqlite:///{path}", [_files(many)[at::8] for at in range(8)])
    assert ["accepted"] * FILES == [each for listed in outcomes for each in listed]
    with open_ledger(path) as ledger:
        assert undisturbed == (held(path), current(ledger))


def test_eight_processes_that_collect_parts_of_one_workbook_lose_nothing(
    county: County, eight: AtOnce, tmp_path: Path
) -> None:
    rows = table(
        """
        | row  | column   |
        | T001 | 本期进展 |
        | T001 | 存在问题 |
        | T002 | 本期进展 |
        | T002 | 存在问题 |
        | T003 | 本期进展 |
        | T003 | 存在问题 |
        | T004 | 本期进展 |
        | T004 | 存在问题 |
        """
    )
    shares = []
    for at, row in enumerate(rows):
        part = tmp_path / f"{at}.xlsx"
        answer = f"| row | column | value |\n| {row['row']} | {row['column']} | 第{at}科 |"
        part.write_bytes(stamped(county.filled(answers=answer), "2026-04-08T09:00:00Z"))
        shares.append([str(part)])
    (tmp_path / "ledger").mkdir()
    county.ledger("quarter", tmp_path / "ledger").close()
    url = f"sqlite:///{tmp_path / 'ledger' / 'taskkit.db'}"
    assert [["accepted"]] * 8 == eight(url, shares)
    with open_ledger(url) as ledger:
        held_now = ledger.current(COUNTY_PLAN, "2026Q1", UNIT)
    assert {(row["row"], row["column"]): f"第{at}科" for at, row in enumerate(rows)} == held_now
