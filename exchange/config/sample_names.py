"""Alone fills the name patterns of deliveries with samples: which names they make shows only then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePosixPath

from exchange.config.models import Delivery
from exchange.kernel.naming import NUMBER, PLACEHOLDERS, artifact_name, claim_id, placeholder, placeholders

_AS_OF = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
_PARTS = (1, 2, 10, 100, 1000)
"""`{part}` and `{part:03}` make one name from 100 on."""


def sample_names(delivery: Delivery, flow: str) -> frozenset[str]:
    """Return names as a batch of the flow would make them, in small letters; none where the pattern makes none."""
    try:
        used = placeholders(delivery.name)
        marks = [NUMBER, *map(placeholder, delivery.file_per)]
        if not set(used) <= {*PLACEHOLDERS, *marks}:
            return frozenset()  # told where the pattern is looked at
        parts = _PARTS if "part" in used else _PARTS[:1]
        # Each document field has a text of its own, so that two of them are never taken for the same.
        filled = {name: f"<{name}>" for name in marks}
        claim = claim_id(flow, "", 1)
        made = [
            artifact_name(delivery.name, claim=claim, part=part, as_of=_AS_OF, flow=flow, marks=filled)
            for part in parts
        ]
    except ValueError:
        return frozenset()
    return frozenset(name.casefold() for name in made)


def done_names(delivery: Delivery, flow: str) -> frozenset[str]:
    """Return the names of the done files of those names."""
    return frozenset(_done(delivery, sample_names(delivery, flow))) if delivery.done_file else frozenset()


def _done(delivery: Delivery, names: frozenset[str]) -> Iterator[str]:
    for name in names:
        yield delivery.done_file.format(name=name, stem=PurePosixPath(name).stem).casefold()
