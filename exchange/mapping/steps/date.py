"""Steps on dates and times; inside a mapping every moment is UTC unless `to_timezone` says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from exchange.mapping import moments
from exchange.mapping.kinds import valid_mask, without
from exchange.mapping.spec import (
    ArgumentError,
    Built,
    Context,
    Example,
    Inputs,
    Outcome,
    Parameter,
    Refused,
    Run,
    StepSpec,
    Wrong,
)

_SAMPLE = datetime(2026, 3, 4, 17, 5, 9, tzinfo=UTC)
_CLOCK = set("HMSfpIz")
_SAME = ("Yy", "mbB", "d", "j", "HI", "M", "S", "f", "p", "z", "aA")
"""Codes that say the same."""


def _codes(pattern: str) -> set[str]:
    """Return the codes of a format; raises ArgumentError for one that is not offered."""
    used = {piece.code for piece in moments.pieces(pattern) if piece.code}
    unknown = sorted(used - moments.CODES) + (["at the end"] if pattern.endswith("%") and "%%" not in pattern else [])
    if unknown:
        instead = "use " + " ".join(f"%{code}" for code in sorted(moments.CODES - {"%"}))
        raise ArgumentError(Wrong("format", f"{pattern!r} holds %{unknown[0]}, which is not offered", instead))
    return used


def _readable(pattern: str) -> set[str]:
    """Return the codes of a format that names a whole date."""
    used = _codes(pattern)
    dated = used & {"Y", "y"} and ("j" in used or (used & {"m", "b", "B"} and "d" in used))
    if not dated:
        what = f"{pattern!r} does not say year, month and day"
        raise ArgumentError(Wrong("format", what, 'write a whole date, for example "%Y-%m-%d"'))
    if "p" in used and "I" not in used:
        raise ArgumentError(Wrong("format", f"{pattern!r} has %p, which only %I goes with", "write %I instead of %H"))
    if "I" in used and "p" not in used:
        what = f"{pattern!r} has %I without %p, so that 5 could be morning or afternoon"
        raise ArgumentError(Wrong("format", what, "write %H, or add %p"))
    codes = [piece.code for piece in moments.pieces(pattern)]
    for same in _SAME:
        if len(twice := [code for code in codes if code and code in same]) > 1:
            what = f"{pattern!r} has both %{twice[0]} and %{twice[1]}, and a text could say two things with them"
            raise ArgumentError(Wrong("format", what, "leave one of them out"))
    return used


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        what = f"{name!r} is not a time zone"
        raise ArgumentError(Wrong("timezone", what, "write a name such as UTC or Europe/Berlin")) from fault
    return name


def _parse_datetime(arguments: Mapping[str, Any], _context: Context) -> Built:
    pattern, zone = arguments["format"], arguments["timezone"]
    used = _readable(pattern)
    if zone is None and "z" not in used and not pattern.endswith("Z"):
        what = f"{pattern!r} does not say which time zone the text is in"
        raise ArgumentError(Wrong("format", what, f'write {{format: "{pattern}", timezone: UTC}} or another zone'))
    if zone is not None and "z" in used:
        raise ArgumentError(Wrong("timezone", "the format already reads the offset with %z", "remove `timezone`"))
    return Built(_parser(pattern, None if zone is None else _zone(zone)), "datetime")


def _parse_date(arguments: Mapping[str, Any], _context: Context) -> Built:
    pattern = arguments["format"]
    if clock := sorted(_readable(pattern) & _CLOCK):
        what = f"{pattern!r} holds %{clock[0]}, which is no part of a date"
        raise ArgumentError(Wrong("format", what, "use parse_datetime"))
    return Built(_parser(pattern, None), "datetime")


def _parser(pattern: str, zone: str | None) -> Run:
    detail = {"format": pattern, "example": _SAMPLE.strftime(pattern)}

    def run(inputs: Inputs) -> Outcome:
        read, good = moments.read(inputs.value, pattern)
        bad = Refused(valid_mask(inputs.value) & ~good, "NOT_A_DATE", detail)
        if zone is None or zone == "UTC":
            return _within(moments.column(read, good), bad)
        made, skipped = moments.from_local(read, good, zone)
        return _within(made, bad, Refused(good & skipped, "TIME_SKIPPED", {"timezone": zone}))

    return run


def _within(values: pa.Array, *refused: Refused) -> Outcome:
    """Refuse moments whose year has not four digits on the clock of their zone."""
    beyond = moments.beyond(values)
    if not beyond.any():
        return Outcome(values, refused)
    detail = {"relation": "outside", "bound": f"the years 1 to 9999, told in {values.type.tz}"}
    return Outcome(without(values, beyond), (*refused, Refused(beyond, "OUT_OF_RANGE", detail)))


def _to_timezone(arguments: Mapping[str, Any], _context: Context) -> Built:
    wanted = pa.timestamp("us", tz=_zone(arguments["timezone"]))
    return Built(lambda inputs: _within(inputs.value.cast(wanted)), "datetime")


def _format_datetime(arguments: Mapping[str, Any], _context: Context) -> Built:
    pattern = arguments["format"]
    _codes(pattern)
    return Built(lambda inputs: Outcome(moments.write(inputs.value, pattern)), "text")


_FORMAT = Parameter("format", "text", "Form of the text, in the codes of strptime", required=True)
_NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)

STEPS = (
    StepSpec(
        "parse_datetime",
        "Reads a date with a time; a clock time that a zone has twice is the first of the two",
        _parse_datetime,
        parameters=(_FORMAT, Parameter("timezone", "text", "Zone of the text where the format has no %z")),
        returns="datetime",
        examples=(
            Example("%Y-%m-%d %H:%M:%S %z", ("2026-03-04 17:05:09 +0100",), datetime(2026, 3, 4, 16, 5, 9, tzinfo=UTC)),
            Example(
                {"format": "%d.%m.%Y %H:%M", "timezone": "Europe/Berlin"},
                ("04.07.2026 17:05",),
                datetime(2026, 7, 4, 15, 5, tzinfo=UTC),
            ),
            Example("%Y-%m-%dT%H:%M:%S%z", ("2026-01-01T00:00:00Z",), _NEW_YEAR),
            Example("%Y-%m-%d %H:%M:%S %z", ("2026-02-30 17:05:09 +0100",), problem="NOT_A_DATE"),
            Example("%Y-%m-%d %H:%M:%S %z", ("2026-02-03 25:00:00 +0100",), problem="NOT_A_DATE"),
            Example(
                {"format": "%Y-%m-%d %H:%M", "timezone": "Europe/Berlin"}, ("2026-03-29 02:30",), problem="TIME_SKIPPED"
            ),
        ),
    ),
    StepSpec(
        "parse_date",
        "Reads a date, as midnight UTC",
        _parse_date,
        parameters=(_FORMAT,),
        returns="datetime",
        examples=(
            Example("%d/%m/%Y", ("01/01/2026",), _NEW_YEAR),
            Example("%d %B %Y", ("1 January 2026",), _NEW_YEAR),
            Example("%d/%m/%Y", ("31/04/2026",), problem="NOT_A_DATE"),
            Example("%d%m%Y", ("1112026",), problem="NOT_A_DATE"),
        ),
    ),
    StepSpec(
        "to_timezone",
        "Shows the same moment on the clock of another zone, for format_datetime",
        _to_timezone,
        accepts=frozenset({"datetime"}),
        parameters=(Parameter("timezone", "text", "Name such as UTC or Europe/Berlin", required=True),),
        returns="datetime",
        examples=(Example("Europe/Berlin", (_NEW_YEAR,), _NEW_YEAR),),
    ),
    StepSpec(
        "format_datetime",
        "Writes a moment as text",
        _format_datetime,
        accepts=frozenset({"datetime"}),
        parameters=(Parameter("format", "text", "Form of the text, in the codes of strftime", required=True),),
        examples=(
            Example("%Y-%m-%dT%H:%M:%SZ", (_SAMPLE,), "2026-03-04T17:05:09Z"),
            Example("%d.%m.%y %H:%M", (_SAMPLE,), "04.03.26 17:05"),
        ),
    ),
)
