"""Guards: limits past which nothing is delivered until a person has looked."""

from __future__ import annotations

from collections.abc import Callable

from exchange.config.models import Guards
from exchange.kernel.model import Counts


def _max_reject_rate(limit: float, documents: Counts) -> str | None:
    if not documents.total or documents.rejected / documents.total <= limit:
        return None
    return (
        f"max_reject_rate: {documents.rejected} of {documents.total} documents are rejected "
        f"({documents.rejected / documents.total:.0%}), the limit is {limit:.0%}"
    )


GUARDS: dict[str, Callable[[float, Counts], str | None]] = {"max_reject_rate": _max_reject_rate}
"""Guard key -> (limit, document counts) -> what tripped it, or None."""


def tripped(guards: Guards, documents: Counts) -> tuple[str, ...]:
    """Return what each tripped guard says; nothing where all is within limits."""
    found = (check(limit, documents) for name, check in GUARDS.items() if (limit := getattr(guards, name)) is not None)
    return tuple(said for said in found if said is not None)
