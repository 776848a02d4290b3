"""Renders one record made up for the purpose, so that a template can be held against an XSD before any data comes."""

from __future__ import annotations

from functools import lru_cache

from exchange.formats.template.check import FILE_FACTS, RENDER_FAULTS
from exchange.formats.template.environment import BLOCKS, checking_environment
from exchange.formats.template.nesting import nest

Names = tuple[str, ...]
_TEXT = "1"
"""Fits most types: text, numbers, true; what it does not fit is no finding."""


@lru_cache(maxsize=32)
def trial(source: str, fields: Names, lines: Names, totals: Names, blank: Names = ()) -> bytes | None:
    """Return a file of one record with one line, every field filled but those named `blank`; None where it fails.

    A blank name is `fields.<name>` or `lines.<name>`: levels may share names.
    """
    given = {
        level: nest({name: None if f"{level}.{name}" in blank else _TEXT for name in known})
        for level, known in (("fields", fields), ("lines", lines))
    }
    file = {**dict.fromkeys(FILE_FACTS, _TEXT), "documents": 1, "lines": 1, "part": 1}
    known = {
        "order": {**given["fields"], "lines": [given["lines"]]},
        "file": {**file, "totals": nest(dict.fromkeys(totals, _TEXT))},
    }
    try:
        template = checking_environment().from_string(source)
        written = ["".join(template.blocks[block](template.new_context(known))) for block in BLOCKS]
    except RENDER_FAULTS:
        return None  # the template's own check tells it
    return "".join(written).encode()
