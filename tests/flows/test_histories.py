"""Any history of an order: replaying what each target was told gives the newest order's parts there, each new once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.flows.shop import JONAS, MARA, Line, Order, Ran, Shop, order

SKUS = ("TEA-ASSAM", "MUG-BLUE", "BOWL-OAK", "KNIFE-PAR")
TABLE = "mappings/tables/items.csv"
Lines = tuple[tuple[str, int], ...]
Part = tuple[str, str, tuple[tuple[str, str, str], ...]]
"""(warehouse, address, (line number, SKU, quantity) of each line)."""


Row = tuple[str, str, str, str]
"""(line number, SKU, quantity, warehouse)."""


class State(NamedTuple):
    """An order as one export has it."""

    lines: Lines
    to_jonas: bool
    status: str


STATES = st.builds(
    State,
    st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 2)), min_size=1, max_size=4).map(tuple),
    st.booleans(),
    st.sampled_from(["paid"] * 6 + ["pending", "voided"]),
)
HISTORIES = st.lists(st.lists(st.none() | STATES, min_size=4, max_size=4), min_size=6, max_size=10)
"""For each order, what each of four exports says of it."""
MOVES = st.lists(st.sampled_from([*SKUS, ""]), min_size=4, max_size=4)
"""The item whose warehouse is another one from each export on."""


@dataclass
class Known:
    """What one order came to."""

    sent: State | None = None
    """As it is with the targets; None: it is not there."""
    warehouses: dict[str, str] = field(default_factory=dict)
    """As they were when it was sent."""
    numbers: list[int] = field(default_factory=list)
    """Of the lines as they were sent."""
    last: int = 0
    """The highest of them that there ever was."""
    over: bool = False
    """It was cancelled after it was sent."""

    def see(self, state: State, warehouses: dict[str, str]) -> None:
        """Take in what an export says."""
        if self.over or state.status == "pending" or (state.status == "voided" and self.sent is None):
            return
        if state.status == "voided":
            self.sent, self.over = None, True
        else:
            self._number(state.lines, warehouses)
            self.sent, self.warehouses = state, dict(warehouses)

    def _number(self, lines: Lines, warehouses: dict[str, str]) -> None:
        """Give equal lines the numbers they had, then lines of one item, the others new ones."""
        old = [] if self.sent is None else [*zip(self.sent.lines, self.numbers, strict=True)]
        made: dict[int, int] = {}
        for exactly in (True, False):
            for place, line in enumerate(lines):
                stays = self.warehouses.get(line[0]) == warehouses[line[0]]
                fits = [each for each in old if each[0][0] == line[0] and (not exactly or (each[0] == line and stays))]
                if place not in made and fits:
                    made[place] = fits[0][1]
                    old.remove(fits[0])
        for place in range(len(lines)):
            if place not in made:
                self.last = made[place] = self.last + 1
        self.numbers = [made[place] for place in range(len(lines))]

    def parts(self) -> list[Part]:
        """Return the parts that the warehouse has to have, sorted."""
        return sorted(_parts(self.sent, self.numbers, self.warehouses)) if self.sent is not None else []

    def rows(self) -> list[Row]:
        """Return the rows that the ERP has to have."""
        lines = self.sent.lines if self.sent is not None else ()
        numbered = zip(self.numbers, lines, strict=True) if lines else ()
        return [(str(number), sku, str(many), self.warehouses[sku]) for number, (sku, many) in numbered]


def _parts(state: State, numbers: list[int], warehouses: dict[str, str]) -> Iterator[Part]:
    placed = [(str(n), sku, str(quantity)) for n, (sku, quantity) in zip(numbers, state.lines, strict=True)]
    for warehouse in {warehouses[sku] for sku, _ in state.lines}:
        mine = tuple(line for line in placed if warehouses[line[1]] == warehouse)
        yield warehouse, (JONAS if state.to_jonas else MARA).line1, mine


@dataclass
class Target:
    """A target that believes what it is told."""

    has: dict[tuple[str, str], object] = field(default_factory=dict)
    """(order, part) -> its content."""
    seen: set[tuple[str, str]] = field(default_factory=set)

    def take(self, action: str, key: tuple[str, str], content: object) -> None:
        """Take one message; it has to make sense."""
        if action == "new":
            assert key not in self.seen, f"{key} is new twice"
            self.seen.add(key)
        else:
            assert key in self.has, f"{action} of {key}, which it does not have"
        if action == "change":
            assert self.has[key] != content, f"{key} did not change"
        if action == "cancel":
            assert self.has.pop(key) == content, f"{key} is cancelled as it was not sent"
        else:
            self.has[key] = content

    def of(self, number: str) -> list[object]:
        """Return what it has of an order."""
        return [content for (mine, _), content in self.has.items() if mine == number]


@dataclass(repr=False)
class Scene:
    """A shop with its targets, and orders of any number of histories."""

    shop: Shop
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    exports: Iterator[int] = field(default_factory=lambda: count(1))
    wms: Target = field(default_factory=Target)
    erp: Target = field(default_factory=Target)
    warehouses: dict[str, str] = field(
        default_factory=lambda: {"TEA-ASSAM": "HAM", "MUG-BLUE": "HAM", "BOWL-OAK": "LYO", "KNIFE-PAR": "LYO"}
    )

    def move(self, sku: str) -> None:
        """Let another warehouse ship an item from now on."""
        old = self.warehouses[sku]
        new = self.warehouses[sku] = "LYO" if old == "HAM" else "HAM"
        path = self.shop.root / TABLE
        rows = path.read_text(encoding="utf-8").splitlines()
        path.write_text(
            "".join(f"{row[: -len(old)]}{new}\n" if row.startswith(f"{sku},") else f"{row}\n" for row in rows),
            encoding="utf-8",
        )

    def export(self, orders: Sequence[Order]) -> None:
        """Run one export and tell the targets."""
        ran = self.shop.take(f"{next(self.exports)}.csv", orders)
        assert ran.exit in {0, 3}, ran.err
        assert set(ran.row["problems"]) <= {"REOPENED"}, ran.row["problems"]
        self._told(ran)

    def _told(self, ran: Ran) -> None:
        for element in self.shop.wms(ran):
            key = (element.findtext("OrderNumber") or "", element.get("part") or "")
            self.wms.take(element.get("action") or "", key, _content(element))
        by_order: dict[tuple[str, str], list[Row]] = {}
        for row in self.shop.erp(ran):
            rows = by_order.setdefault((row["Action"], row["OrderNumber"]), [])
            rows.append((row["LineNumber"], row["Sku"], row["Quantity"], row["Warehouse"]))
        for (action, number), content in by_order.items():
            self.erp.take(action, (number, ""), (content, self._address(ran, number)))

    def _address(self, ran: Ran, number: str) -> str:
        return next(row["ShipToLine1"] for row in self.shop.erp(ran) if row["OrderNumber"] == number)


def _content(element: etree._Element) -> Part:
    lines = tuple(
        (line.get("number") or "", line.findtext("Sku") or "", line.findtext("Quantity") or "")
        for line in element.iter("Line")
    )
    return element.findtext("Warehouse") or "", element.findtext("ShipTo/Line1") or "", lines


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """One shop for all examples: an order is no other's business."""
    return Scene(Shop(tmp_path_factory.mktemp("histories") / "ws"))


def _order(number: int, state: State) -> Order:
    lines = [Line(sku, str(quantity)) for sku, quantity in state.lines]
    made = order(number, *lines, to=JONAS if state.to_jonas else MARA, status=state.status)
    return replace(made, bill=MARA)


@settings(max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(HISTORIES, MOVES)
def test_targets_have_the_newest_order_and_nothing_is_new_twice(
    scene: Scene, histories: list[list[State | None]], moves: list[str]
) -> None:
    known = {next(scene.numbers): Known() for _ in histories}
    for day, moved in enumerate(moves):
        if moved:
            scene.move(moved)
        said = [(number, history[day]) for number, history in zip(known, histories, strict=True)]
        exported = [(number, state) for number, state in said if state is not None]
        if not exported:
            continue
        scene.export([_order(number, state) for number, state in exported])
        for number, state in exported:
            known[number].see(state, scene.warehouses)
        for number, is_now in known.items():
            assert sorted(scene.wms.of(str(number)), key=str) == sorted(is_now.parts(), key=str)
            address = (JONAS if is_now.sent and is_now.sent.to_jonas else MARA).line1
            assert scene.erp.of(str(number)) == ([(is_now.rows(), address)] if is_now.sent else [])
