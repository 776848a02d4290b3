"""Alone reads a flow's `schedule:`: crontab fields, what they stand for, and which moment comes next in a time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
"""The names that crontabs know; `@reboot` is no moment, so it is not among them."""
_EXPECTED = 'expected the five fields of a crontab such as "*/5 * * * *", or @hourly, @daily, @weekly or @monthly'
_VALUE = r"(?:\d{1,2}|[A-Za-z]{3})"
_TERM = rf"(?:\*|{_VALUE}-{_VALUE})(?:/\d{{1,2}})?|{_VALUE}"
# What every cron understands: no `L`, `W` or `#`, and a step only behind `*` or a range (`5/15` is read differently).
_FIELD = re.compile(rf"(?:{_TERM})(?:,(?:{_TERM}))*")
_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
"""Any moment: only used to see whether there is a next one at all."""


class NeverFires(ValueError):
    """A schedule is well-formed, and its moment never comes."""

    code = "SCHEDULE_NEVER"


@dataclass(frozen=True, slots=True)
class Fields:
    """What the five fields of a schedule stand for, each sorted."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    """Days of the month."""
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    """0 is Sunday."""
    either: bool
    """Day of the month and weekday are both narrowed, and one of them is enough, as in every cron."""


def schedule_text(text: str) -> str:
    """Return a schedule that can be kept, or the blank one; ValueError says what was expected."""
    if not text.strip():
        return ""
    try:
        next(CronSim(_five(text), _FIRST))
    except (CronSimError, StopIteration) as fault:
        if isinstance(fault, StopIteration) or _fits_alone(text):
            raise NeverFires(f"{_EXPECTED} (the calendar has no such day)") from fault
        raise ValueError(f"{_EXPECTED} ({str(fault).lower()})") from fault
    return text.strip()


def _fits_alone(text: str) -> bool:
    """Tell whether the day of a refused schedule is one of some month, and its month is one."""
    minute, hour, day, month, weekday = _five(text).split()
    if weekday != "*":
        return False  # in a cron, one of the two days is enough
    try:
        for each in ((minute, hour, day, "*", weekday), (minute, hour, "*", month, weekday)):
            next(CronSim(" ".join(each), _FIRST))
    except (CronSimError, StopIteration):
        return False
    return True


def zone_name(text: str) -> str:
    """Return the name of a time zone as the IANA database has it; ValueError says what was expected."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError("expected a time zone such as Europe/Berlin, America/New_York or UTC") from fault
    return text


def five_fields(text: str) -> str:
    """Return a schedule as five fields: what `@hourly` stands for, else the text with single blanks."""
    return " ".join(_five(text).split())


def fields_of(text: str) -> Fields:
    """Return what the fields of a schedule stand for."""
    parsed = CronSim(_five(text), _FIRST)
    weekdays = {day % 7 for day in parsed.weekdays if isinstance(day, int)}
    return Fields(
        minutes=tuple(sorted(parsed.minutes)),
        hours=tuple(sorted(parsed.hours)),
        days=tuple(sorted(parsed.days)),
        months=tuple(sorted(parsed.months)),
        weekdays=tuple(sorted(weekdays)),
        either=not parsed.day_and,
    )


def next_moment(text: str, zone: str, after: datetime) -> datetime:
    """Return, in UTC, the first moment of a schedule later than `after`.

    As Debian's cron: a fixed time in an hour that a summer time leaves out comes when that hour is over, one in an
    hour that happens twice comes once; a schedule with `*` in its minutes or hours goes by time that really passes.
    """
    moments = CronSim(_five(text), after.astimezone(ZoneInfo(zone)))
    # Behind the first 02:15 of a doubled hour, cronsim offers the first 02:30 from within the second one as well.
    return next(moment for found in moments if (moment := found.astimezone(UTC)) > after)


def _five(text: str) -> str:
    fields = NICKNAMES.get(text.strip().lower(), text)
    if len(fields.split()) != 5 or not all(_FIELD.fullmatch(field) for field in fields.split()):
        raise ValueError(_EXPECTED)
    return fields
