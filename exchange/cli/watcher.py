"""How a run that `exchange watch` has started tells it when to look again; light, because most runs find nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence


def tell_watcher(descriptor: int, ready_in: float | None, said: Sequence[str]) -> None:
    """Tell in how many seconds it is worth another look (None: when something changes), and what to say, once."""
    os.write(descriptor, json.dumps({"ready_in": ready_in, "said": list(said)}).encode() + b"\n")
