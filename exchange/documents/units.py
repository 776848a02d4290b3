"""Units of measure and of packing: alone reads `units.csv`, and knows which spelling means which unit.

Codes and names are those of UN/ECE Recommendation No. 20 (codes for units of measure), those of packages those of
UN/ECE Recommendation No. 21 with the `X` before them that No. 20 prescribes (`CS` is written `XCS`). Factors are exact
by definition: the international pound and yard (1959), the US gallon of 231 cubic inches, the imperial gallon of
4.54609 litres. Spellings that mean two things in trade are left out on purpose: `PC` (piece, parcel), `TON`, `GAL`,
`CA` (case, can), `ST`: a mapping says by `map_values` which is meant.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Literal, get_args

UnitKind = Literal["count", "pack", "mass", "length", "area", "volume"]
_KINDS: Mapping[str, UnitKind] = {kind: kind for kind in get_args(UnitKind)}
EACH = "EA"
"""One piece: what everything that counts goes back to."""
_FILE = Path(__file__).parent / "units.csv"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit."""

    code: str
    """UN/ECE code."""
    name: str
    kind: UnitKind
    factor: Fraction | None
    """How much of the kind's base (one piece, gram, metre, square metre, litre) it is; None for a pack: that depends on
    the item."""
    synonyms: tuple[str, ...]
    """Other spellings, in capitals."""

    @property
    def is_measure(self) -> bool:
        """Whether it measures a quantity that has no pieces."""
        return self.kind not in {"count", "pack"}


def units() -> tuple[Unit, ...]:
    """Return all units that are known, those of a kind together."""
    return tuple(_by_code().values())


def unit(spelling: str) -> Unit | None:
    """Return the unit that is written so, in whatever case; None for a spelling that is not known."""
    return _spellings().get(spelling.strip().upper())


def same_as(spelling: str) -> str:
    """Return the one code for all spellings of a unit: EA for whatever counts single pieces (EA, C62, H87, PCS ...).

    A spelling that is not known stands for itself, as a house's own units do.
    """
    found = unit(spelling)
    if found is None:
        return spelling
    return EACH if found.kind == "count" and found.factor == 1 else found.code


def ratio(source: Unit, target: Unit) -> Fraction | None:
    """Return how many of `target` one of `source` is, exactly; None where that cannot be said without an item."""
    if source.code == target.code:
        return Fraction(1)
    if source.kind != target.kind or source.factor is None or target.factor is None:
        return None
    return source.factor / target.factor


@cache
def _by_code() -> Mapping[str, Unit]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        made = [_unit(row) for row in csv.DictReader(file)]
    return {each.code: each for each in made}


def _unit(row: dict[str, str]) -> Unit:
    factor = Fraction(row["factor"]) if row["factor"] else None
    synonyms = tuple(filter(None, row["synonyms"].upper().split(";")))
    return Unit(row["code"], row["name"], _KINDS[row["kind"]], factor, synonyms)


@cache
def _spellings() -> Mapping[str, Unit]:
    return {spelling: each for each in units() for spelling in (each.code, *each.synonyms)}
