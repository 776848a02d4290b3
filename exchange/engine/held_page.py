"""The one page that explains a held file to a person: what, where, how much, and the two commands; light."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from exchange.engine.trip import Trip
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.guard_rows import Hold
from exchange.kernel.model import Claim
from exchange.kernel.plural import many

_SHOWN = 20
_HEADS = {
    "schema_drift": ("What", "Last file", "This file"),
    "row_count": ("What", "Last file", "This file"),
    "totals": ("What", "Stated", "Found"),
}
_ITEMS = ("Item", "Last file", "This file")


def page_lines(claim: Claim, hold: Hold, trips: Sequence[Trip], before: Claim | None) -> Iterator[str]:
    """Yield the lines of the page, as Markdown. `before`: the last accepted file, where there is one."""
    yield f"# Held: {_safe(claim.source.shown)}"
    yield ""
    yield "Nothing of this file was delivered. It waits for you to look."
    yield ""
    yield f"- Flow: {claim.flow}, claim {claim.id}, held {hold.held_at:%Y-%m-%d %H:%M} UTC"
    where = claim.source.path or "/".join(part for part in (claim.source.folder, claim.source.name) if part)
    yield f"- File: {_safe(where)} ({many(claim.source.size, 'byte')}), content of {claim.as_of:%Y-%m-%d %H:%M} UTC"
    yield f"- In it: {many(hold.records.total, 'record')}, {many(hold.documents.total, 'document')}"
    if before is not None:
        yield (
            f"- Compared with: {_safe(before.source.shown)} (claim {before.id}, content of "
            f"{before.as_of:%Y-%m-%d %H:%M} UTC), the last file of this pick-up that was accepted"
        )
    yield ""
    yield "## Why"
    for trip in trips:
        yield ""
        yield f"**{_safe(trip.said)}**"
        yield from _table(trip)
    if hold.problems:
        yield ""
        yield "Problems in it:"
        yield ""
        counted = sorted(hold.problems.items(), key=lambda row: -row[1])
        yield from (f"- {number:,} x {code}: {CATALOGUE[code].title}" for code, number in counted)
    yield ""
    yield "## What to do"
    yield ""
    yield "Is the file right? Then let it go on; it is what the next file is compared with:"
    yield ""
    yield f'    exchange approve {claim.id} --reason "..."'
    yield ""
    if hold.problems and not hold.documents.out and not hold.documents.filtered:
        yield "As flow and mapping are now, it would deliver nothing even so."
        yield ""
    yield "Is it wrong? Then reject it whole, and ask the sender for a right one:"
    yield ""
    yield f'    exchange decline {claim.id} --reason "..."'
    yield ""
    yield (
        f"Is the limit wrong? Change `guards:` in mappings/flows/{claim.flow}.yaml: the next run looks at the file "
        "again. Who decided, when and why is recorded. Other files of the flow do not wait for this one."
    )


def _table(trip: Trip) -> Iterator[str]:
    if not trip.rows:
        return
    yield ""
    yield _row(_HEADS.get(trip.guard, _ITEMS))
    yield "|---|---|---|"
    yield from (_row(row) for row in trip.rows[:_SHOWN])
    if trip.moved > len(trip.rows[:_SHOWN]):
        yield ""
        yield f"... and {trip.moved - len(trip.rows[:_SHOWN]):,} more."


def _row(cells: tuple[str, str, str]) -> str:
    return f"| {' | '.join(_safe(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _safe(text: str) -> str:
    """Return text from outside on one line, its control characters visible; it makes no markup of its own."""
    shown = "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
    return shown.replace("<", "&lt;")
