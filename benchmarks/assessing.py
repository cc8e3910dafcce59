"""Assessing many plans in one go, against a plain Python loop over the same rules (tests/plain_assessing.py).

    python -m benchmarks.assessing [PLANS …]

Both ways take the same frames in the same run, in turns; both have to give the same standings. No
reason sentence is made: those are made where they are shown.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from taskkit.assess.aims import COLUMNS, STANDINGS, judge_aims
from taskkit.assess.tasks import judge_tasks
from taskkit.settings import Settings
from tests.plain_assessing import Aim, Task, judge_aim, judge_task

TASKS, PLANS, ROUNDS, FASTER, STEEPER = 130, (100, 300, 1000), 3, 10, 1.5
LIMITS = Settings().states().limits
OPS, KINDS = (">=", "<=", "=", "~", None), ("count", "level", "ratio", "growth", "range_change")


def plans(number: int, seed: int = 6) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tasks and the targets (0 to 3 for each task) of so many plans, with all that occurs in them."""
    rng = np.random.default_rng(seed)
    count = number * TASKS
    task = np.repeat(np.arange(count), rng.integers(0, 4, count))
    size = len(task)

    def some(values: Any, missing: float) -> Any:
        return np.where(rng.random(size) < missing, np.nan, values)

    value = np.round(rng.uniform(0, 200, size), 1)
    month = rng.integers(1, 13, size)
    aims = pd.DataFrame(
        {
            "op": rng.choice(np.array(OPS, dtype=object), size, p=(0.5, 0.1, 0.2, 0.1, 0.1)),
            "kind": rng.choice(np.array(KINDS, dtype=object), size),
            "nature": rng.choice(np.array(("预期性", "约束性", None), dtype=object), size),
            "value": some(value, 0.02),
            "baseline": some(np.round(rng.uniform(0, 200, size), 1), 0.7),
            "lower": rng.random(size) < 0.05,
            "achieved": some(np.round(value * rng.uniform(-0.1, 1.3, size), 1), 0.1),
            "goal": some(np.round(value * rng.uniform(0, 1, size), 1), 0.5),
            "goal_before": some(np.round(value * rng.uniform(0, 1, size), 1), 0.5),
            "stage_part": rng.choice((1 / 3, 2 / 3, 1.0), size),
            "begun": (month - 1) // 3 * 25.0,
            "share": month / 12 * 100,
            "over": month == 12,
            "task": task,
        }
    )
    start = np.datetime64("2026-01-01", "s")
    tasks = pd.DataFrame(
        {
            "own": rng.integers(0, len(STANDINGS), count).astype("int8"),
            "deadline": start + rng.integers(0, 400, count).astype("timedelta64[D]"),
            "on": start + rng.integers(0, 400, count).astype("timedelta64[D]"),
            "over": rng.random(count) < 0.25,
        }
    )
    tasks.loc[rng.random(count) < 0.3, "deadline"] = pd.NaT
    return tasks, aims


def vectorised(tasks: pd.DataFrame, aims: pd.DataFrame) -> tuple[list[str], list[int]]:
    """Standings and days late, column by column."""
    judged = judge_aims(aims, LIMITS)
    judged["task"] = aims["task"]
    found = judge_tasks(tasks, judged, LIMITS)
    names = np.array([each.value for each in STANDINGS], dtype=object)
    return names[found["standing"].to_numpy()].tolist(), found["days_late"].tolist()


def looped(tasks: pd.DataFrame, aims: pd.DataFrame) -> tuple[list[str], list[int]]:
    """The same, one after the other."""
    listed: list[list[Any]] = [[] for _ in range(len(tasks))]
    for task, row in zip(aims["task"].tolist(), aims[list(COLUMNS)].itertuples(index=False, name=None), strict=True):
        listed[task].append(judge_aim(Aim(*row), LIMITS))
    own = [STANDINGS[each].value for each in tasks["own"].tolist()]
    deadlines = [None if pd.isna(each) else each.date() for each in tasks["deadline"].tolist()]
    days: list[date] = [each.date() for each in tasks["on"].tolist()]
    rows = zip(own, deadlines, days, tasks["over"].tolist(), listed, strict=True)
    found = [judge_task(Task(*row), judged) for *row, judged in rows]
    return [standing for standing, _ in found], [late for _, late in found]


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def in_turns(tasks: pd.DataFrame, aims: pd.DataFrame) -> tuple[float, float]:
    """Median seconds of both ways, run in turns."""
    pairs = [(seconds(lambda: vectorised(tasks, aims)), seconds(lambda: looped(tasks, aims))) for _ in range(ROUNDS)]
    return statistics.median(quick for quick, _ in pairs), statistics.median(slow for _, slow in pairs)


def main(numbers: tuple[int, ...] = PLANS) -> int:
    """The figures, and 1 where the ways differ, the largest number is not FASTER, or costs rise faster than plans."""
    per_plan: list[float] = []
    times = 0.0
    for number in numbers:
        tasks, aims = plans(number)
        if vectorised(tasks, aims) != looped(tasks, aims):
            print("the two ways differ")
            return 1
        quick, slow = in_turns(tasks, aims)
        per_plan.append(quick / number)
        times = slow / quick
        print(
            f"{number:5} plans, {len(tasks)} tasks, {len(aims)} targets: {quick:.3f} s, plain loop {slow:.2f} s, "
            f"{times:.1f} times as fast, {quick / number * 1000:.3f} ms a plan; same standings"
        )
    steeper = per_plan[-1] / per_plan[0]
    print(f"of {numbers[-1]} plans each costs {steeper:.2f} times what it costs of {numbers[0]} (at most {STEEPER})")
    return int(times < FASTER or steeper > STEEPER)


if __name__ == "__main__":
    sys.exit(main(tuple(map(int, sys.argv[1:])) or PLANS))
