"""The problems of points in time: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry

MOMENT_ENTRIES = (
    Entry(
        "TIME_SKIPPED",
        "record",
        "A clock time that never was",
        "{field}: {value!r} does not exist in {timezone}: that night the clocks were put forward past it",
        "write the time that the clocks showed, usually an hour later; where the file is in another zone, such as UTC, "
        "correct `timezone` in the mapping",
        why="In spring the clocks of a zone jump, in most of Europe from 02:00 to 03:00: no moment has a time between. "
        "A file that holds one was written in another zone, or by a program that does not know of summer time.",
    ),
)
