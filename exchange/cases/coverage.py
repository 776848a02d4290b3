"""What the cases of one mapping reach, and what none of them does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["field", "step", "code", "miss"]
KINDS: dict[Kind, str] = {"field": "fields", "step": "steps", "code": "problem codes", "miss": "lookup misses"}
"""Kind of a point -> what people call many of them."""
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """One thing in a mapping that a case should reach."""

    kind: Kind
    path: Path
    """Where it stands in the mapping's file."""
    field: str
    """The field it belongs to (`lines.<name>` for those of lines)."""
    name: str = ""
    """The step, the problem code or the table."""


@dataclass(slots=True)
class Coverage:
    """The points of one mapping and those that cases have reached so far."""

    file: str
    """The mapping's."""
    points: dict[Point, None] = field(default_factory=dict)
    """What cases should reach, in the order of the file."""
    reached: set[Point] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)
    """Names of fields that a case expects something of (`lines.<name>` for those of lines)."""

    def counts(self) -> dict[Kind, tuple[int, int]]:
        """Return how many points of each kind are reached, and how many there are."""
        made: dict[Kind, tuple[int, int]] = {}
        for kind in KINDS:
            of_kind = [point for point in self.points if point.kind == kind]
            if of_kind:
                made[kind] = (sum(map(self._is_covered, of_kind)), len(of_kind))
        return made

    def missed(self) -> Iterator[tuple[Path, str]]:
        """Yield what no case reaches, with where it stands: of a field that no case fills, that alone."""
        fields: dict[str, list[Point]] = {}
        for point in self.points:
            fields.setdefault(point.field, []).append(point)
        for name, points in fields.items():
            [own] = [point for point in points if point.kind == "field"]
            if own not in self.reached:
                yield own.path, f"no case fills {name}"
                continue
            if name not in self.looked_at:
                yield own.path, f"no case expects anything of {name}"
            yield from _inside(name, [point for point in points if point not in self.reached])

    def _is_covered(self, point: Point) -> bool:
        return point in self.reached and (point.kind != "field" or point.field in self.looked_at)

    def add(self, points: Iterable[Point]) -> None:
        """Note what cases should reach; what is known already stays where it is."""
        self.points.update(dict.fromkeys(points))

    def look(self, names: Iterable[str]) -> None:
        """Note the fields that a case expects something of."""
        self.looked_at.update(names)


def _inside(name: str, left: list[Point]) -> Iterator[tuple[Path, str]]:
    for point in left:
        if point.kind == "step":
            yield point.path, f"no case gives a value to step {point.name} of {name}"
        elif point.kind == "miss":
            yield point.path, f"no case has a value of {name} that is not in table {point.name}"
    codes = [point for point in left if point.kind == "code"]
    if codes:
        told = ", ".join(dict.fromkeys(point.name for point in codes))
        yield codes[0].path, f"no case of {name} ends in {told}"


def field_name(path: Path) -> str:
    """Return what a field is called: `ship_to.city` of an address block, `lines.sku` of a line."""
    block, *parts = (str(part) for part in path)
    name = ".".join(part for part in parts if part != "address")
    return f"lines.{name}" if block == "lines" else name
