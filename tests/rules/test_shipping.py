"""Shipped is what needs it and has an address; half an address is a problem."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.rules.shipping import ADDRESS, NEEDED, shippable

FULL = {"name": "Mara", "line1": "Kai 7", "city": "Hamburg", "country": "DE"}


def header(*addresses: dict[str, str]) -> dict[str, pa.Array]:
    """Return the address columns of some orders."""
    parts = (*ADDRESS, "phone")
    return {f"ship_to.{part}": pa.array([address.get(part) for address in addresses], pa.string()) for part in parts}


def lines(*needs: bool | None) -> dict[str, pa.Array]:
    """Return lines that need shipping or not."""
    return {"requires_shipping": pa.array(needs, pa.bool_())}


def test_a_line_that_needs_it_and_an_address() -> None:
    ships, failures = shippable(
        header(FULL, FULL, {}, FULL, {"phone": "1"}),
        lines(True, False, False, True, None, True),
        np.array([0, 0, 1, 2, 3, 4]),
        needed=True,
    )

    assert ships.tolist() == [True, False, False, True, False], "blank means yes; a phone number is no address"
    assert failures == []


def test_each_missing_part_is_named() -> None:
    half = [{part: text for part, text in FULL.items() if part != missing} for missing in NEEDED]

    ships, failures = shippable(header(*half, {"company": "ACME"}), {}, np.arange(5), needed=True)

    assert ships.all()
    assert {(failure.row, failure.field) for failure in failures if failure.row < 4} == {
        (row, f"ship_to.{part}") for row, part in enumerate(NEEDED)
    }
    assert [failure.field for failure in failures if failure.row == 4] == [f"ship_to.{part}" for part in NEEDED]
    assert {failure.code for failure in failures} == {"ADDRESS_INCOMPLETE"}


def test_nobody_misses_an_address_where_nobody_ships() -> None:
    assert shippable(header({"city": "Kiel"}), {}, np.array([0]), needed=False)[1] == []


def test_a_mapping_without_an_address() -> None:
    ships, failures = shippable({"order_number": pa.array(["1"])}, {}, np.array([0]), needed=True)

    assert (ships.tolist(), failures) == ([False], [])
