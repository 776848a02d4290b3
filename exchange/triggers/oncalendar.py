"""Translates a schedule into `OnCalendar=` expressions of systemd (systemd.time(7))."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from exchange.config.schedule import Fields, fields_of

_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_WEEK = (1, 2, 3, 4, 5, 6, 0)
"""systemd's week begins on Monday; a range across its end is none."""


def on_calendar(schedule: str, zone: str) -> tuple[str, ...]:
    """Return the expressions that come when the schedule does; several where day of the month or weekday is enough."""
    fields = fields_of(schedule)
    clock = f"{_numbers(fields.hours, 0, 23)}:{_numbers(fields.minutes, 0, 59)}:00 {zone}"
    if fields.either:
        return _line("", fields, clock), _line(_weekdays(fields.weekdays), fields, clock, days="*")
    return (_line(_weekdays(fields.weekdays), fields, clock),)


def _line(weekdays: str, fields: Fields, clock: str, *, days: str = "") -> str:
    date = f"*-{_numbers(fields.months, 1, 12)}-{days or _numbers(fields.days, 1, 31)}"
    return " ".join(part for part in (weekdays, date, clock) if part)


def _numbers(values: Sequence[int], first: int, last: int) -> str:
    """Return `*`, `00/5`, `06..18/2`, `09..17` or `03,15`, whichever says it."""
    if len(values) == last - first + 1:
        return "*"
    steps = {after - before for before, after in pairwise(values)}
    if len(values) < 3 or len(steps) > 1:
        return ",".join(f"{value:02}" for value in values)
    [step] = steps
    if step == 1:
        return f"{values[0]:02}..{values[-1]:02}"
    end = "" if values[-1] + step > last else f"..{values[-1]:02}"
    return f"{values[0]:02}{end}/{step}"


def _weekdays(values: Sequence[int]) -> str:
    """Return `Mon..Fri`, `Sat,Sun` or, for every day, nothing."""
    if len(values) == len(_DAYS):
        return ""
    runs: list[list[int]] = []
    for place, day in enumerate(_WEEK):
        if day not in values:
            continue
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return ",".join(_run([_DAYS[_WEEK[place]] for place in run]) for run in runs)


def _run(names: Sequence[str]) -> str:
    return ",".join(names) if len(names) < 3 else f"{names[0]}..{names[-1]}"
