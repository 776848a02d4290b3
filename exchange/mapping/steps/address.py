"""The address block: what is done to each part of an address, spelled as steps."""

from __future__ import annotations

from exchange.config.models import StepCall

PARTS = ("name", "company", "line1", "line2", "unit", "city", "region", "postcode", "country", "phone", "kind")
"""Parts that an address has."""
_GUARDED = {"postcode", "phone"}
"""Parts that spreadsheets and shops guard with a leading apostrophe, so that their zeros stay."""


def before(part: str) -> tuple[StepCall, ...]:
    """Return the steps done to every column of a part, before its own steps."""
    strip = StepCall(name="strip")
    if part not in _GUARDED:
        return (strip,)
    return (strip, StepCall(name="remove_prefix", argument="'"), strip)


def after(part: str, *, inputs: int, own: int) -> tuple[StepCall, ...]:
    """Return the steps done to a part behind its `own` steps; several columns without any are joined by a space."""
    join = (StepCall(name="join", argument=" "),) if inputs > 1 and not own else ()
    return (*join, StepCall(name="upper")) if part == "country" else join
