"""The sentences of a bulletin, section by section, from words/bulletin.toml."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from taskkit import rulings
from taskkit.assess import Standing
from taskkit.comparing.changes import GOOD, Turn
from taskkit.comparing.portions import Portion
from taskkit.periods import Period
from taskkit.reports import wording
from taskkit.reports.bulletin_scenes import Placed, Scene, groups
from taskkit.reports.bulletin_tables import Key, rate
from taskkit.settings import Sentences

_SHOWN = 3  # units at either end of the ranking, and those that share the last of these ranks
_CROWD = 6  # units of one rank that are counted, not named
_NAMED = 6  # tasks of one kind of change that are named in the text


@dataclass(frozen=True)
class Writer:
    """Writes what is told of ``scenes``: ``places`` says how each table is called, ``said`` what the office says."""

    say: Sentences
    scenes: Sequence[Scene]
    places: Mapping[Key, str]
    public: bool
    said: Mapping[tuple[str, str], str]

    # --- 一 -------------------------------------------------------------------------------

    def overall(self) -> Iterator[str]:
        yield from self._office(rulings.SUMMARY)
        for scene in self.scenes:
            yield self._counts(scene)
        if {"main"} < {scene.part.part for scene in self.scenes}:
            yield self.say("apart")

    def _office(self, column: str) -> Iterator[str]:
        for scene in self.scenes:
            yield from wording.lines(self.said.get((scene.part.part, column), ""))

    def _counts(self, scene: Scene) -> str:
        part, say = scene.part, self.say
        done_before = any(each.before and each.before.number for each in part.counts if each.standing is Standing.DONE)
        told = [
            say("done", **self._moved(scene, part.done, (Standing.DONE,))) if part.done.number or done_before else "",
            say("good", **self._moved(scene, part.on_schedule, GOOD)),
        ]
        for each in part.counts:
            if each.standing not in GOOD and (each.now.number or (each.before and each.before.number)):
                told.append(say("state", state=each.name, **self._counted(scene, each.now, each.before)))
        text = say(
            "counts",
            until=wording.until(part.period),
            tasks=part.tasks,
            subject=scene.subject,
            listed="；".join(each for each in told if each),
        )
        if part.withdrawn:
            text += say("withdrawn", count=part.withdrawn)
        if part.average is not None and len(part.units) > 1:
            text += say("average", average=f"{part.average:g}")
        return text if scene.compared else text + say("first", subject=scene.subject)

    def _moved(self, scene: Scene, now: Portion, standings: Sequence[Standing]) -> dict[str, object]:
        before = [each.before for each in scene.part.counts if each.before and each.standing in standings]
        whole = next((each.before.whole for each in scene.part.counts if each.before), 0)
        earlier = Portion(sum(each.number for each in before), whole) if scene.compared else None
        return self._counted(scene, now, earlier)

    def _counted(self, scene: Scene, now: Portion, before: Portion | None) -> dict[str, object]:
        """How many, their share, and how many more or fewer than at the end of the period before."""
        moved = ""
        if before is not None and scene.part.previous:
            more, then = now.number - before.number, wording.end_of(scene.part.previous)
            key = "more" if more > 0 else "fewer" if more < 0 else "same"
            moved = self.say("same", before=then) if not more else self.say(key, before=then, number=abs(more))
        return {"number": now.number, "share": f"{now.share or 0:g}%", "moved": moved}

    # --- 二 -------------------------------------------------------------------------------

    def units(self) -> Iterator[str]:
        for scene in self.scenes:
            if not scene.placed:
                yield self.say("units_none", subject=scene.subject)
                continue
            yield self._unit_counts(scene) + "".join(self._ranking(scene))
            yield "".join(self._set_apart(scene))

    def _unit_counts(self, scene: Scene) -> str:
        full = sum(each.row.on_schedule.number == each.row.tasks for each in scene.placed)
        counted = Portion(full, len(scene.placed))
        tables = ((what, scene.part.part) for what in ("units", "full", "targets"))
        *others, last = (self.places[key] for key in tables if key in self.places)
        place = f"{'、'.join(others)}和{last}" if others else last
        known = {"units": counted.whole, "full": full, "share": f"{counted.share:g}%"}
        return self.say("units", subject=scene.subject, place=place, **known)

    def _ranking(self, scene: Scene) -> Iterator[str]:
        tied = list(groups(scene.ranked))
        if len(tied) < 2:
            yield self.say("equal" if tied else "single")
            return
        shown = min(_SHOWN, len(scene.ranked) // 2)
        first = _first(tied[:-1], shown)
        last = _first(tied[len(first) :][::-1], shown)[::-1]
        yield self.say("top", listed="；".join(map(self._group, first)))
        yield self.say("bottom", listed="；".join(map(self._group, last)))

    def _group(self, tied: Sequence[Placed]) -> str:
        known = {"rank": tied[0].rank, "rate": rate(tied[0])}
        if len(tied) > _CROWD:
            return self.say("crowd", count=len(tied), **known)
        return self.say("group_tied" if len(tied) > 1 else "group", units=_names(tied), **known)

    def _set_apart(self, scene: Scene) -> Iterator[str]:
        """The units that reported nothing, are not ranked, or have nothing left to do."""
        returned, leads = scene.returned, [each.unit for each in scene.part.units]
        kinds: dict[str, Collection[str]] = {
            "silent": () if self.public else returned.missing_units,
            "waiting": () if self.public else returned.not_due_units,
            "unread": () if self.public else returned.waiting_units,
            "unscored": [each.unit for each in scene.placed if scene.ranked and each.rank is None],
            "closed": [each.unit for each in scene.ranked if each.done and each.unit not in returned.units],
        }
        for key, units in kinds.items():
            if named := [unit for unit in leads if unit in units]:
                yield self.say(key, count=len(named), units="、".join(named))

    # --- 三 -------------------------------------------------------------------------------

    def promises(self) -> Iterator[str]:
        for scene in self.scenes:
            yield "".join(self._promised(scene))

    def _promised(self, scene: Scene) -> Iterator[str]:
        known = {"subject": scene.subject, "stage": scene.stage or ""}
        if not (scene.figures or scene.texts):
            waits = scene.stage and not scene.ends_stage and any(each.goal for each in scene.part.promises)
            key = "promises_early" if waits else "promises_none"
            yield self.say(key, **(known if waits else {"subject": scene.subject}))
            return
        if scene.figures:
            counted = Portion(sum(map(scene.kept, scene.figures)), len(scene.figures))
            yield self.say("promises", **known, number=counted.whole, kept=counted.number, share=f"{counted.share:g}%")
            yield from self._broken(scene)
        if scene.texts:
            counted = Portion(sum(map(scene.kept, scene.texts)), len(scene.texts))
            yield self.say(
                "promises_texts",
                stage=scene.stage,
                number=counted.whole,
                kept=counted.number,
                share=f"{counted.share:g}%",
            )
        if scene.broken:
            yield self.say("promises_table", place=self.places["promises", scene.part.part])

    def _broken(self, scene: Scene) -> Iterator[str]:
        """How many figures fall short of their goals, and how many of these were not reported at all."""
        broken = [each for each in scene.figures if not scene.kept(each)]
        counted, missing = Portion(len(broken), len(scene.figures)), sum(each.figure is None for each in broken)
        known = {"broken": counted.number, "share": f"{counted.share:g}%"}
        if broken and missing == len(broken):
            yield self.say("promises_silent", **known)
        elif missing:
            yield self.say("promises_missing", missing=missing, **known)
        elif broken:
            yield self.say("promises_broken", **known)

    # --- 四 -------------------------------------------------------------------------------

    def changes(self) -> Iterator[str]:
        for scene in self.scenes:
            if previous := scene.part.previous:
                yield self._turned(scene, previous)
                yield from self._named_turns(scene)
                yield self._backwards(scene)

    def _turned(self, scene: Scene, previous: Period) -> str:
        turns = [turn for turn, _ in scene.part.turns]
        known = {"before": wording.end_of(previous), "subject": scene.subject}
        if not turns:
            return self.say("changes_same", **known)
        counted = [(each, Portion(turns.count(each), scene.part.tasks)) for each in Turn if each in turns]
        listed = (self.say("changed", change=each, number=n.number, share=f"{n.share:g}%") for each, n in counted)
        place = self.say("changed_more", place=self.places["changes", scene.part.part])
        return self.say("changes", **known, listed="；".join(listed)) + place

    def _named_turns(self, scene: Scene) -> Iterator[str]:
        turns = scene.part.turns
        for kind in (Turn.BEHIND, Turn.CAUGHT_UP, Turn.STARTED, Turn.DONE):
            tasks = [task for turn, task in turns if turn == kind]
            if 0 < len(tasks) <= _NAMED:
                named = "；".join(f"{wording.short(each.title)}（{each.unit}）" for each in tasks)
                yield self.say("changed_named", change=kind, tasks=named)

    def _backwards(self, scene: Scene) -> str:
        number = sum(each.backwards for each in scene.part.figures)
        if number:
            return self.say("backwards", number=number, place=self.places["backwards", scene.part.part])
        return self.say("backwards_none") if scene.part.figures else ""

    # --- 五 -------------------------------------------------------------------------------

    def returns(self) -> Iterator[str]:
        for scene in self.scenes:
            if scene.returned.asked:
                yield "".join(self._returned(scene))

    def _returned(self, scene: Scene) -> Iterator[str]:
        returned, say = scene.returned, self.say
        counted = Portion(returned.returned, returned.asked)
        known = {"subject": scene.subject, "asked": counted.whole}
        share = {"returned": counted.number, "share": f"{counted.share:g}%"}
        if not counted.number:
            yield say("returns_none", **known)
        elif returned.due_on is None:
            yield say("returns_undated", **known, **share)
        else:
            yield say("returns", **known, **share, timely=len(returned.on_time_units))
        if self.public:
            if returned.late or returned.missing:
                yield say("returns_public", late=returned.late, missing=returned.missing)
            return
        late = [say("late_unit", unit=unit, days=days) for unit, days in returned.late_units]
        kinds = (
            ("late", late),
            ("missing", returned.missing_units),
            ("not_due", returned.not_due_units),
            ("blank", returned.blank_units),
            ("back", [self._back(unit, times, scene) for unit, times in scene.sent_back.items()]),
        )
        for key, units in kinds:
            if units:
                counted = Portion(len(units), returned.asked)
                yield say(key, count=counted.number, share=f"{counted.share:g}%", units="、".join(units))

    def _back(self, unit: str, times: int, scene: Scene) -> str:
        open_ = unit in scene.returned.sent_back_units
        return self.say("back_unit_open" if open_ else "back_unit", unit=unit, times=times)

    # --- 六 -------------------------------------------------------------------------------

    def demands(self, next_period: str, day: str) -> Iterator[str]:
        """What is to be done: in the office's words, else who must do what by when."""
        advice = [line for line in self._office(rulings.ADVICE) if line]
        yield from advice or self._usual(next_period, day)

    def _usual(self, next_period: str, day: str) -> Iterator[str]:
        behind = _all(unit for scene in self.scenes for unit in scene.behind())
        if behind:
            yield self.say("behind_public") if self.public else self.say("behind", units="、".join(behind))
        if not self.public:
            yield from self._reporting()
        scene = self.scenes[0]
        if day:
            yield self.say("next", subject=scene.subject, day=day, period=next_period)
        elif scene.part.period.last_month == 12:
            yield self.say("last")
        else:
            yield self.say("next_open", subject=scene.subject)

    def _reporting(self) -> Iterator[str]:
        owing = _all(unit for scene in self.scenes for unit in scene.returned.missing_units)
        mend = _all(unit for scene in self.scenes for unit in scene.returned.sent_back_units)
        fallen = _all(each.unit for scene in self.scenes for each in scene.part.figures if each.backwards)
        for key, units in (("owing", owing), ("mend", mend), ("fallen", fallen)):
            if units:
                yield self.say(key, units="、".join(units))


def _first(tied: Sequence[tuple[Placed, ...]], wanted: int) -> list[tuple[Placed, ...]]:
    """Whole groups of equals until there are as many units as wanted."""
    taken: list[tuple[Placed, ...]] = []
    for each in tied:
        if sum(map(len, taken)) >= wanted:
            break
        taken.append(each)
    return taken


def _names(placed: Sequence[Placed]) -> str:
    return "、".join(each.unit for each in placed)


def _all(units: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(units))
