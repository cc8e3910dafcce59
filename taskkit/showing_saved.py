"""Files that were written: where they stand, and what a person should know who had changed the one before."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from taskkit import console
from taskkit.remade import changed_figures, summary, told
from taskkit.saving import Saved

_COMPARED = 3  # files of one report of which it is told what differs


def show_report(path: Path, files: Sequence[Saved]) -> None:
    """A report that was written: the one file, or the folder of several and those of them that were kept."""
    if len(files) == 1 and files[0].path == path:
        show_saved(files[0])
        return
    console.say(f"已生成：{path}（{len(files)}个文件）")
    kept = [each for each in files if each.kept]
    for each in kept[:_COMPARED]:
        show_kept(each)
    if names := "、".join(each.path.name for each in kept[_COMPARED:]):
        console.say(f"另有{len(kept) - _COMPARED}个文件原来的一份也改动过，没有动它，新的另存为：{names}。")


def show_saved(saved: Saved, note: str = "") -> None:
    """Where the file is; what differs from the one that a person changed, else from the one that it replaced."""
    console.say(f"已生成：{saved.path}{note}")
    if saved.kept:
        show_kept(saved)
    elif saved.before is not None and (found := changed_figures(saved.before, saved.path)) and found.figures:
        console.say(f"与上次生成时相比，{summary(found)}。")


def show_kept(saved: Saved) -> None:
    """That a person's file was left as it is, what differs in the new one, and what to do; nothing where none was."""
    if saved.kept is None:
        return
    found = changed_figures(saved.kept, saved.path)
    if found is None:
        console.say(f"“{saved.kept.name}”与新的不同（或正被其他程序打开），没有动它；新的另存为“{saved.path.name}”。")
        return
    console.say(f"“{saved.kept.name}”您改动过，没有动它；新的另存为“{saved.path.name}”。两者相比：")
    for line in told(found):
        console.say(line)
    if found.nothing:
        console.say("可以继续用原文件，新的一份请自行删去。")
    else:
        console.say("请把您的改动补到新文件里，或照上面改原文件；不用的一份请自行删去。")
