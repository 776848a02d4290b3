"""Generates the input of the benchmarks: a shop's orders export and the item tables, the same bytes for one seed.

Runs as a process of its own (`python -m tests.bench.generate`), so that the process which measures stays small:
Linux counts the parent's memory into the peak of a child it spawns.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tests.bench.columns import ALL, USEFUL, others
from tests.bench.inputs import ORDERS_PER_LINE
from tests.bench.words import CITIES, COUNTRIES, FIRST_NAMES, ITEMS, LAST_NAMES, STREETS

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

CHUNK_ORDERS = 30_000
MOST_SKUS, LEAST_SKUS = 100_000, 1_000
CASES_EVERY = 10
"""Every tenth item is sold by the case."""
FIRST_NUMBER = 1001


@dataclass(frozen=True)
class Shape:
    """What one generated export looks like."""

    lines: int
    columns: int
    """20 (the useful ones) or 79 (all)."""
    bad: float
    """Share of the rows that hold one mistake."""
    seed: int
    files: int = 1

    @property
    def orders(self) -> int:
        """Number of orders."""
        return max(1, round(self.lines * ORDERS_PER_LINE))

    @property
    def skus(self) -> int:
        """Number of items: a small file does not pay for a look-up table that it never reads."""
        return min(MOST_SKUS, max(LEAST_SKUS, self.lines))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in file order."""
        return ALL if self.columns == len(ALL) else USEFUL


@dataclass
class Facts:
    """What the export holds: every contender must come to the same numbers."""

    lines: int = 0
    orders: int = 0
    bad_lines: int = 0
    rejected_lines: int = 0
    rejected_orders: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Piece:
    """Some consecutive orders: their rows, and which row belongs to which order."""

    table: pa.Table
    starts: Ints
    """First row of each order, and the number of rows behind them."""
    damaged: Mask
    """Per row: whether it holds a mistake."""


def amounts(cents: Ints) -> pa.Array:
    """Return whole cents as texts with two decimals (`12.50`)."""
    wide = np.zeros((len(cents), 2), dtype=np.int64)
    wide[:, 0] = cents
    wide[:, 1] = np.where(cents < 0, -1, 0)
    exact = pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(wide.tobytes())])
    return exact.cast(pa.string())


def numbered(prefix: str, numbers: Ints, width: int = 0, suffix: str = "") -> pa.Array:
    """Return texts such as `#1001`, padded with zeros to `width` digits."""
    digits = pa.array(numbers).cast(pa.string())
    if width:
        digits = pc.utf8_lpad(digits, width, "0")
    return pc.binary_join_element_wise(prefix, digits, suffix, "")


def pick(words: tuple[str, ...], random: np.random.Generator, rows: int) -> pa.Array:
    """Return one of the words for each row."""
    return pa.array(words).take(pa.array(random.integers(0, len(words), rows)))


def pieces(shape: Shape) -> Iterator[Piece]:
    """Yield the export in pieces of `CHUNK_ORDERS` orders; exactly `shape.lines` rows in all."""
    for first in range(0, shape.orders, CHUNK_ORDERS):
        orders = min(CHUNK_ORDERS, shape.orders - first)
        before, after = (shape.lines * done // shape.orders for done in (first, first + orders))
        random = np.random.default_rng([shape.seed, first])
        yield _piece(shape, random, first, orders, after - before)


def _piece(shape: Shape, random: np.random.Generator, first: int, orders: int, lines: int) -> Piece:
    counts = 1 + np.bincount(random.integers(0, orders, lines - orders), minlength=orders)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    owner = np.repeat(np.arange(orders), counts)
    damaged = random.random(lines) < shape.bad
    by_line, gross = _lines(random, shape.skus, starts, damaged)
    by_order = _orders(random, first, gross)
    everywhere = {"Name", "Email", "Created at", "Phone"}
    opens = np.zeros(lines, dtype=np.bool_)
    opens[starts[:-1]] = True
    if shape.columns == len(ALL):
        extra_orders, extra_lines = others(random, by_order, by_line)
        by_order, by_line = by_order | extra_orders, by_line | extra_lines
    on_every_row, on_first_row = pa.array(owner), pa.array(owner, mask=~opens)
    spread = {
        name: column.take(on_every_row if name in everywhere else on_first_row) for name, column in by_order.items()
    }
    filled = spread | by_line
    table = pa.table({name: filled.get(name, pa.nulls(lines, pa.string())) for name in shape.names})
    return Piece(table, starts, damaged)


def _lines(random: np.random.Generator, skus: int, starts: Ints, damaged: Mask) -> tuple[dict[str, pa.Array], Ints]:
    """Return the cells of the lines, and what the lines of each order are worth in cents, before the damage."""
    rows = len(damaged)
    item = random.integers(0, skus, rows)
    quantity = random.integers(1, 6, rows)
    cents = random.integers(199, 20_000, rows)
    gross = np.add.reduceat(quantity * cents, starts[:-1])
    kind = np.where(damaged, random.integers(1, 4, rows), 0)
    sku = numbered("SKU-", item, 6)
    sku = pc.if_else(pa.array(random.random(rows) < 0.02), pc.utf8_lower(sku), sku)
    columns = {
        "Lineitem quantity": pc.if_else(pa.array(kind == 1), "two", pa.array(quantity).cast(pa.string())),
        "Lineitem name": pc.binary_join_element_wise(
            pick(ITEMS, random, rows), numbered("house collection item ", item, 6), " - "
        ),
        "Lineitem price": pc.if_else(pa.array(kind == 2), pa.scalar(None, pa.string()), amounts(cents)),
        "Lineitem sku": pc.if_else(pa.array(kind == 3), "NO-SUCH-ITEM", sku),
        "Lineitem requires shipping": pa.array(["true"]).take(pa.array(np.zeros(rows, dtype=np.int64))),
    }
    return columns, gross.astype(np.int64)


def _orders(random: np.random.Generator, first: int, gross: Ints) -> dict[str, pa.Array]:
    """Return the cells of the orders; discounts on every seventh or so, and amounts that add up."""
    count = len(gross)
    number = np.arange(first, first + count) + FIRST_NUMBER
    discount = np.where(random.random(count) < 0.15, gross // 10, 0)
    shipping = np.where(random.random(count) < 0.5, 495, 0)
    subtotal = gross - discount
    taxes = subtotal // 5
    given, family = pick(FIRST_NAMES, random, count), pick(LAST_NAMES, random, count)
    mailbox = pc.binary_join_element_wise("customer", numbered("", number), ".")
    house = pa.array(random.integers(1, 400, count)).cast(pa.string())
    return {
        "Name": numbered("#", number),
        "Email": pc.binary_join_element_wise(mailbox, "example.com", "@"),
        "Financial Status": pa.array(["paid"] * count),
        "Currency": pa.array(["EUR"] * count),
        "Subtotal": amounts(subtotal),
        "Shipping": amounts(shipping),
        "Taxes": amounts(taxes),
        "Total": amounts(subtotal + shipping + taxes),
        "Discount Amount": amounts(discount),
        "Created at": _moments(random, number),
        "Shipping Name": pc.binary_join_element_wise(given, family, " "),
        "Shipping Address1": pc.binary_join_element_wise(house, pick(STREETS, random, count), " "),
        "Shipping City": pick(CITIES, random, count),
        "Shipping Zip": numbered("'", random.integers(1000, 99_999, count), 5),
        "Shipping Country": pick(COUNTRIES, random, count),
    }


def _moments(random: np.random.Generator, number: Ints) -> pa.Array:
    """Return local times with their offset, as the shop writes them: `2026-01-05 09:55:16 -0400`."""
    offset = random.integers(-5, 3, len(number))
    local = np.datetime64("2026-01-01T00:00:00") + (number * 37 + offset * 3600).astype("timedelta64[s]")
    written = pc.strftime(pa.array(local), format="%Y-%m-%d %H:%M:%S")

    zones = pa.array([f"{hours:+03d}00" for hours in range(-5, 3)])
    return pc.binary_join_element_wise(written, zones.take(pa.array(offset + 5)), " ")


def write_export(shape: Shape, target: Path) -> Facts:
    """Write the export to the file `target`, or to `shape.files` files in the folder `target`."""
    facts = Facts()
    per_file = -(-shape.orders // shape.files)
    part = 0
    if shape.files > 1:
        target.mkdir(parents=True)
    for piece in pieces(shape):
        orders = len(piece.starts) - 1
        step = orders if shape.files == 1 else per_file
        for low in range(0, orders, step):
            rows = slice(piece.starts[low], piece.starts[min(low + step, orders)])
            path = target if shape.files == 1 else target / f"orders_{part:05}.csv"
            _append(path, piece.table.slice(rows.start, rows.stop - rows.start), fresh=part == 0 or shape.files > 1)
            part += 1
        _count(facts, piece)
    facts.bytes = sum(path.stat().st_size for path in ([target] if shape.files == 1 else target.iterdir()))
    return facts


def _append(path: Path, table: pa.Table, *, fresh: bool) -> None:
    with path.open("wb" if fresh else "ab") as file:
        if fresh:
            file.write((",".join(table.column_names) + "\n").encode())
        cells = [_quoted(column) for column in table.combine_chunks().columns]
        rows = pc.binary_join_element_wise(*cells, ",")
        flat = pa.concat_arrays(rows.chunks)
        whole = pc.binary_join(pa.ListArray.from_arrays([0, len(flat)], flat), "\n")
        file.write(whole[0].as_buffer())
        file.write(b"\n")


def _quoted(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the cells as a shop writes them: quoted where they must be, nothing for absent, `""` for blank text."""
    special = pc.match_substring_regex(column, '[",\r\n]|^$')
    if pc.any(special).as_py():
        doubled = pc.replace_substring(column, '"', '""')
        column = pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), column)
    return pc.fill_null(column, "")


def _count(facts: Facts, piece: Piece) -> None:
    counts = np.diff(piece.starts)
    rejected = np.add.reduceat(piece.damaged.astype(np.int64), piece.starts[:-1]) > 0
    facts.lines += int(counts.sum())
    facts.orders += len(counts)
    facts.bad_lines += int(piece.damaged.sum())
    facts.rejected_orders += int(rejected.sum())
    facts.rejected_lines += int(counts[rejected].sum())


def write_tables(folder: Path, skus: int, seed: int) -> None:
    """Write items.csv (100,000 rows; fewer for a small file), sales_units.csv and packs.csv (a tenth of that each)."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng([seed, 1])
    item = np.arange(skus)
    columns = {
        "sku": numbered("SKU-", item, 6),
        "item_number": numbered("IT", item * 7 + 1_000_000),
        "gtin": numbered("40063", item, 8),
        "description": pick(ITEMS, random, skus),
        "base_unit": pa.array(["EA"] * skus),
        "weight_g": pa.array(random.integers(20, 20_000, skus)).cast(pa.string()),
        "warehouse": pa.array(["MAIN"] * skus),
    }
    items = pa.table(columns)
    _append(folder / "items.csv", items, fresh=True)
    cased = items.take(pa.array(item[::CASES_EVERY]))
    unit = pa.array(["CS"] * len(cased))
    _append(folder / "sales_units.csv", pa.table({"sku": cased["sku"], "unit": unit}), fresh=True)
    quantity = pick(("6", "12", "24"), random, len(cased))
    packs = pa.table({"item_number": cased["item_number"], "unit": unit, "quantity": quantity})
    _append(folder / "packs.csv", packs, fresh=True)


def main() -> None:
    """Write one export with its facts beside it (`facts.json`), and the tables, into a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shape", required=True, help="a Shape as JSON")
    given = parser.parse_args()
    shape = Shape(**json.loads(given.shape))
    target = given.folder / ("orders.csv" if shape.files == 1 else "orders")
    facts = write_export(shape, target)
    write_tables(given.folder / "tables", shape.skus, shape.seed)
    (given.folder / "facts.json").write_text(json.dumps(asdict(facts)), encoding="utf-8")


if __name__ == "__main__":
    main()
