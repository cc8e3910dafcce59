"""Filling templates against making the same workbooks cell by cell, and against deflate alone.

    python -m benchmarks.filling [ROUNDS]

All ways run in turns on the same data, so that a busy machine slows them alike; medians.
"""

from __future__ import annotations

import io
import multiprocessing
import statistics
import sys
import tempfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

from benchmarks.workbooks import Line, by_openpyxl, by_xlsxwriter, filling, lines, template
from taskkit.office.filling import fill, fill_into

BOOKS, ROWS = 100, 40
MEGABYTE = 1024 * 1024


def seconds(run: Callable[[], object]) -> float:
    """How long a run takes."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


@contextmanager
def deflate_level(level: int) -> Iterator[None]:
    """Let XlsxWriter and openpyxl deflate at a level: they have no argument for it."""
    import openpyxl.writer.excel as theirs
    import xlsxwriter.workbook as ours

    def zip_file(file: Any, mode: Any, compression: int = zipfile.ZIP_DEFLATED, **more: Any) -> zipfile.ZipFile:
        return zipfile.ZipFile(file, mode, compression, compresslevel=level, allowZip64=more.get("allowZip64", True))

    kept = ours.ZipFile, theirs.ZipFile
    ours.ZipFile = theirs.ZipFile = zip_file
    try:
        yield
    finally:
        ours.ZipFile, theirs.ZipFile = kept


def deflate_all(parts: list[list[bytes]], level: int) -> None:
    """The floor: nothing but deflating the same bytes."""
    for part in (part for book in parts for part in book):
        press = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        press.compress(part)
        press.flush()


def make_all(make: Callable[[io.BytesIO, Sequence[Line]], None], data: Sequence[Sequence[Line]]) -> None:
    """All workbooks, cell by cell."""
    for rows in data:
        make(io.BytesIO(), rows)


def engines(rounds: int) -> None:
    """100 workbooks by each engine, at two levels of compression."""
    form, data = template(), [lines(ROWS, seed) for seed in range(BOOKS)]
    fillings = [filling(rows) for rows in data]
    archives = [zipfile.ZipFile(io.BytesIO(fill(form, each))) for each in fillings]
    parts = [[archive.read(name) for name in archive.namelist()] for archive in archives]
    for level in (1, 6):
        ways: dict[str, Callable[[], object]] = {
            "the engine": lambda level=level: [fill(form, each, level=level) for each in fillings],  # type: ignore[misc]
            "deflate alone": partial(deflate_all, parts, level),
            "XlsxWriter": partial(make_all, by_xlsxwriter, data),
            "openpyxl": partial(make_all, by_openpyxl, data),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, run in ways.items():
                with deflate_level(level):
                    taken[name].append(seconds(run))
        ours = statistics.median(taken["the engine"])
        for name, times in taken.items():
            median = statistics.median(times)
            print(f"{BOOKS} workbooks, level {level}: {name:14} {median:7.3f} s   {median / ours:6.2f} x the engine")


def growth() -> None:
    """Whether time grows with the number of workbooks, and nothing else does."""
    form = template()
    fillings = [filling(lines(ROWS, seed)) for seed in range(BOOKS)]
    fill(form, fillings[0])
    for count in (10, 100, 1000, 5000):
        wanted = [fillings[at % BOOKS] for at in range(count)]
        taken = seconds(lambda wanted=wanted: [len(fill(form, each)) for each in wanted])  # type: ignore[misc]
        print(f"{count:5} workbooks {taken:7.3f} s   {taken / count * 1000:5.2f} ms each")


def _fill_many(seeds: range) -> int:
    form = template()
    return sum(len(fill(form, each)) for each in [filling(lines(ROWS, 1))] * len(seeds))


def two_processes() -> None:
    """1,000 workbooks by one process and by two."""
    one = seconds(lambda: _fill_many(range(1000)))
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as pool:
        list(pool.map(_fill_many, [range(10)] * 2))
        two = seconds(lambda: list(pool.map(_fill_many, [range(500)] * 2)))
    print(f" 1000 workbooks: one process {one:.3f} s, two {two:.3f} s   ratio {one / two:.2f}")


def memory() -> None:
    """100,000 rows in one sheet: what is held besides the data."""
    data = lines(2000, 1)
    one = filling([data[at % 2000] for at in range(100_000)])
    form = template()
    fill(form, filling(data[:1]))
    with tempfile.TemporaryFile() as out:
        taken = seconds(lambda: fill_into(out, form, one))
        size = out.tell()
        tracemalloc.start()
        out.seek(0)
        fill_into(out, form, one)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    print(f"100,000 rows {taken:.1f} s, {size / MEGABYTE:.0f} MB, {peak / MEGABYTE:.1f} MB over the data")


def main() -> None:
    engines(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    growth()
    two_processes()
    memory()


if __name__ == "__main__":
    main()
