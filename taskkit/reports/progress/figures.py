"""二、主要指标: the headline targets in short, how many are on schedule, how many behind and by how much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from taskkit.assess import Standing, share
from taskkit.assess.reasons import TargetFacts
from taskkit.figures import written
from taskkit.reports import wording
from taskkit.reports.progress.matter import Matter, joined, points

_FIRST = 6  # targets that are named of a plan whose targets bear none of the headline names
_WORST = 5  # targets behind that are named
_VERB = re.compile("增长|提高|提升|下降|降低|减少|压减|压缩")
_RISES = ("增长", "提高", "提升")


def main_figures(matter: Matter) -> Iterator[str]:
    """The paragraphs of the section, part by part. The public version names none that is behind."""
    asked = {part: _asked(matter, part) for part in matter.tasks}
    if not any(asked.values()):
        yield from joined(matter.say("no_targets"))
    for part, targets in asked.items():
        figures = matter.figures.get(part, [])
        if part == "main":
            yield from _headlines(matter, figures)
        if targets:
            standing = _standing(matter, figures) if figures else ""
            worst = "" if matter.public else _worst(matter, [e for e in figures if e.standing is Standing.SLOW])
            yield from joined(_reported(matter, part, targets), standing, worst)


def behind(matter: Matter) -> list[TargetFacts]:
    """All targets that are behind, in the plan's order."""
    return [each for listed in matter.figures.values() for each in listed if each.standing is Standing.SLOW]


def _asked(matter: Matter, part: str) -> frozenset[str]:
    """The targets that the period asks for, of the tasks of one part."""
    tasks = (task.task_id for task in matter.tasks[part])
    own = {each["target_id"] for task in tasks for each in matter.index.targets.get(task, ())}
    return matter.facts.targets_asked & own


# --- the headline targets ---------------------------------------------------------------


def _headlines(matter: Matter, figures: Sequence[TargetFacts]) -> Iterator[str]:
    """The targets that the office's list names, each once; of a plan without any the first ones."""
    names = [each.strip() for each in matter.say("headline").split("、") if each.strip()]
    found = [each for each in figures if any(name in each.indicator for name in names)] or list(figures[:_FIRST])
    if found and names:
        yield from joined(matter.say("headlines", figures="；".join(_headline(matter, each) for each in found)))


def _headline(matter: Matter, each: TargetFacts) -> str:
    if each.rate is not None:
        about = {"name": each.indicator, "aim": each.bare_aim, "rate": f"{points(each.rate)}%"}
        return matter.say("reached", **about, figure=each.figure)
    return matter.say("grown", name=each.indicator, figure=_as_said(matter, each), aim=each.aim)


def _as_said(matter: Matter, each: TargetFacts) -> str:
    """A figure that is met or not, with the verb of its aim: 增长5.3%; 下降1.2% of what was to grow and fell."""
    aims = matter.index.targets.get(each.task_id, ())
    text = next((aim["text"] or "" for aim in aims if aim["target_id"] == each.target_id), "")
    verb = _VERB.search(text)
    if verb is None or _VERB.search(each.indicator) or each.measure not in ("%", "％"):
        return each.figure
    if each.achieved is not None and each.achieved < 0 and verb[0] in _RISES:
        return f"下降{each.figure.removeprefix('-')}"
    return f"{verb[0]}{each.figure}"


# --- how many are where they should be ------------------------------------------------------


def _reported(matter: Matter, part: str, asked: frozenset[str]) -> str:
    reported = len(asked & matter.facts.targets_reported)
    about = {"part": wording.part_label(part) if part != "main" else "", "asked": len(asked)}
    if not reported:
        return matter.say("targets_none", **about)
    if reported == len(asked):
        return matter.say("targets_all", **about)
    return matter.say("targets", **about, reported=reported, share=f"{share(reported, len(asked)):g}%")


def _standing(matter: Matter, figures: Sequence[TargetFacts]) -> str:
    """How many of the figures are good enough, behind, or not begun; the numbers add up to the figures."""
    counts = {each: sum(figure.standing is each for figure in figures) for each in Standing}
    done, slow, idle, whole = counts[Standing.DONE], counts[Standing.SLOW], counts[Standing.IDLE], len(figures)
    say, good = matter.say, whole - slow - idle

    def clause(key: str, number: int) -> str:
        return say(key, number=number, share=_share(number, whole)) if number else ""

    if matter.is_annual:
        if good == whole:
            return say("targets_year_all", known=whole)
        missed = clause("targets_missed", whole - good)
        return say("targets_year", known=whole, good=good, share=_share(good, whole), behind=missed)
    if good == whole:
        return say("targets_good_all", known=whole, done=clause("targets_done", done))
    return say(
        "targets_stand",
        known=whole,
        good=good,
        share=_share(good, whole),
        done=clause("targets_done", done),
        behind=clause("targets_behind", slow),
        idle=clause("targets_idle", idle),
    )


def _share(number: int, whole: int) -> str:
    return f"{share(number, whole):g}%"


# --- those that are behind ----------------------------------------------------------------


def _worst(matter: Matter, slow: Sequence[TargetFacts]) -> str:
    """The targets that lack most, in percentage points; all of them where they are few."""
    if not slow:
        return ""
    listed = sorted(slow, key=lambda each: each.gap or 0.0)[:_WORST]
    key = "worst_all" if len(slow) <= _WORST else "worst"
    return matter.say(key, figures="；".join(_behind(matter, each) for each in listed))


def _behind(matter: Matter, each: TargetFacts) -> str:
    about = {"name": each.indicator, "figure": each.figure, "unit": each.unit}
    if each.rate is not None:
        about |= {"aim": each.bare_aim, "rate": f"{points(each.rate)}%"}
        if each.over:
            return matter.say("behind_year", **about)
        return matter.say("behind_goal" if each.goal is not None else "behind_rate", **about, gap=gap_of(each))
    if gap := gap_of(each):
        return matter.say("behind_points", **about, gap=gap)
    return matter.say("behind_plain", **about, aim=each.aim)


def gap_of(each: TargetFacts) -> str:
    """How many percentage points a figure lacks; "" where it lacks none, or is not counted in them."""
    if each.gap is None or round(each.gap, 1) >= 0 or (each.rate is None and each.measure not in ("%", "％")):
        return ""
    return points(-each.gap) if each.rate is not None else written(round(-each.gap, 4))
