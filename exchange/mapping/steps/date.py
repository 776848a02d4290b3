"""Steps on dates and times; inside a mapping every moment is UTC unless `to_timezone` says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa

from exchange.mapping import moments
from exchange.mapping.kinds import valid_mask
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
        bad = valid_mask(inputs.value) & ~good
        if zone is None or zone == "UTC":
            return Outcome(moments.column(read, good), (Refused(bad, "NOT_A_DATE", detail),))
        made, skipped = moments.from_local(read, good, zone)
        never = Refused(good & skipped, "TIME_SKIPPED", {"timezone": zone})
        return Outcome(made, (Refused(bad, "NOT_A_DATE", detail), never))

    return run


def _to_timezone(arguments: Mapping[str, Any], _context: Context) -> Built:
    wanted = pa.timestamp("us", tz=_zone(arguments["timezone"]))
    return Built(lambda inputs: Outcome(inputs.value.cast(wanted)), "datetime")


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
