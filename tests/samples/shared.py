"""Where the collections of real files lie that are no part of the project: beside it, or where a variable says."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "EXCHANGE_SHARED_DATA"
"""Names the folder `data` of the collections, for clones elsewhere."""


def shared(collection: str) -> Path:
    """Return the folder of a collection, whether it is there or not."""
    named = os.environ.get(VARIABLE)
    return (Path(named) if named else Path(__file__).parents[3] / "shared" / "data") / collection
