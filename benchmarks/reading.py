"""What reading a plan costs: against opening the same plan in Word, and as plans get longer.

    python -m benchmarks.reading

The plans are those of TASKKIT_PLANS, else ../shared/plans. Imports are done before the clock starts.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.ratios import in_turns
from tests.plans import plans_folder

TIMES = 10


def joined(text: str, times: int) -> str:
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


def as_it_grows(text: Path, folder: Path) -> None:
    """Reading a plan ten times as long against reading it once."""
    from taskkit.reading import read_plan

    long = folder / text.name
    long.write_text(joined(text.read_text(encoding="utf-8"), TIMES), encoding="utf-8")
    more, once = in_turns(lambda: read_plan(long), lambda: read_plan(text))
    label = f"{len(read_plan(long).tasks)} : {len(read_plan(text).tasks)} tasks of {text.name}"
    print(f"{label:55} {more:7.3f} s {once:7.3f} s   ratio {more / once:.1f}")


def main() -> None:
    plans = plans_folder()
    against_word(plans / "gd-2023.txt", plans / "gd-2023.docx")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("gd-2023.txt", "guangfeng-2021.txt", "xinxing-2023.txt"):
            as_it_grows(plans / name, Path(folder))


if __name__ == "__main__":
    main()
