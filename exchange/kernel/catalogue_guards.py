"""The problems that guards find: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry

GUARD_ENTRIES = (
    Entry(
        "COLUMNS_CHANGED",
        "file",
        "The columns are not those of the last file",
        "against the last accepted file (claim {claim}): {changes}",
        "nothing to do where the sender meant it; else ask the sender, and see that the mapping still reads the right "
        "columns",
        "warning",
        why="A sender who renames a column rarely says so. What was read from it is blank from then on, and nothing "
        "else would tell. `schema_drift` of the flow's guards says what is only told (`warn`) and what holds the file.",
    ),
    Entry(
        "DECLINED",
        "file",
        "A person declined the file",
        "declined by {who}: {reason}; it was held because of {held}",
        "ask the sender for a right one; nothing of this one was used, and the same bytes may be sent again",
        why="A guard held the file, and somebody looked and said no (`exchange decline`). The original is in the "
        "archive. It is never what the next file is compared with.",
    ),
)
