"""What reading a plan costs: against opening the same plan in Word, and as plans get longer.

    python -m benchmarks.reading

The plans are those of TASKKIT_PLANS, else ../shared/plans. Imports are done before the clock starts.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.ratios import in_turns
from tests.plans import plans_folder

TIMES = 10


MOST = 12  # times as long that reading ten plans may take


def lengthened(text: str, times: int) -> str:
    """A plan that many times as long: its tasks again and again, its notice and its titles once."""
    lines = text.splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith("一、"))
    return "\n".join(lines[:first] + lines[first:] * times)


def against_word(text: Path, word: Path) -> None:
    """Reading a plan against what opening it, and taking its paragraphs, costs with python-docx."""
    import docx

    from taskkit.reading import read_plan

    alternatives: dict[str, Callable[[], object]] = {
        "python-docx opens it": lambda: docx.Document(str(word)),
        "python-docx gives its paragraphs": lambda: [each.text for each in docx.Document(str(word)).paragraphs],
    }
    for label, run in alternatives.items():
        ours, theirs = in_turns(lambda: read_plan(text), run)
        print(f"read {text.name} : {label:34} {ours:7.3f} s {theirs:7.3f} s   ratio {ours / theirs:.1f}")


def joined(text: str, times: int) -> str:
    """That many plans one after the other, each with its notice and its titles."""
    return "\n".join([text] * times)


def as_it_grows(text: Path, folder: Path, grow: Callable[[str, int], str]) -> bool:
    """Reading a plan ten times as long against reading it once: whether it takes no more than it may."""
    from taskkit.reading import read_plan

    long = folder / text.name
    long.write_text(grow(text.read_text(encoding="utf-8"), TIMES), encoding="utf-8")
    more, once = in_turns(lambda: read_plan(long), lambda: read_plan(text))
    label = f"{grow.__name__}: {len(read_plan(long).tasks)} : {len(read_plan(text).tasks)} tasks of {text.name}"
    print(f"{label:58} {more:7.3f} s {once:7.3f} s   ratio {more / once:.1f}")
    return more <= MOST * once


def main() -> None:
    plans = plans_folder()
    against_word(plans / "gd-2023.txt", plans / "gd-2023.docx")
    with tempfile.TemporaryDirectory() as folder:
        names = ("gd-2023.txt", "guangfeng-2021.txt", "xinxing-2023.txt")
        kept = [as_it_grows(plans / name, Path(folder), grow) for name in names for grow in (lengthened, joined)]
    if not all(kept):
        sys.exit(f"ten times as long took more than {MOST} times as long")


if __name__ == "__main__":
    main()
