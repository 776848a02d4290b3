"""Why a part of an address cannot be brought into form: a code of the catalogue, and what its message needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """What is wrong with one value."""

    code: str
    detail: Mapping[str, object] = field(default_factory=dict)
