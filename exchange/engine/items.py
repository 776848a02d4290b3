"""Quantity and price of each item of a file, as guards compare them: observed by columns, kept as an Arrow block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc

from exchange.engine.facts import VOID, SpanFacts
from exchange.engine.prepared import Prepared, Spool, as_ints
from exchange.kernel.chunk import Mask
from exchange.kernel.stock_rows import EACH

ITEMS = ("item_number", "sku")
"""Fields that name an item: of a line what the sender calls it, of a document of one item its number."""
PRICES = ("unit_price", "price")
SCHEMA = pa.schema([("item", pa.string()), ("quantity", pa.float64()), ("price", pa.float64()), ("fresh", pa.bool_())])
"""`item`: with currency and unit, which make it another one. `quantity`: of all its lines. `price`: the middle one.
`fresh`: it is in the file itself; others are kept for the price that they had last. Floats: nothing is sent of them."""
CARRIED = 200_000
"""Prices of items that are not in the file, kept at most."""
_BETWEEN = " / "
_OPTIONS = pa.ipc.IpcWriteOptions(compression="zstd")


def observed(spool: Spool, spans: Sequence[SpanFacts]) -> pa.Table:
    """Return the items of a file, in the order in which they come first; rejected documents count as well."""
    found = [_of_span(spool.get(index), facts.disposition != VOID) for index, facts in enumerate(spans)]
    table = pa.concat_tables(found) if found else SCHEMA.empty_table().select(["item", "quantity", "price"])
    encoded = table.column("item").combine_chunks().dictionary_encode()
    size = len(encoded.dictionary)
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    quantity = table.column("quantity").to_numpy()
    price = table.column("price").to_numpy()
    told = ~np.isnan(quantity)
    sums = np.bincount(codes[told], quantity[told], minlength=size).astype(np.float64)
    sums[np.bincount(codes[told], minlength=size) == 0] = np.nan
    return pa.table(
        [
            encoded.dictionary.cast(pa.string()),
            pa.array(sums, from_pandas=True),
            pa.array(_middle(codes, price, size), from_pandas=True),
            pa.array(np.ones(size, bool)),
        ],
        schema=SCHEMA,
    )


def _middle(codes: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Return the lower of the middle values of each code; NaN where there is none."""
    told = ~np.isnan(values)
    codes, values = codes[told], values[told]
    order = np.lexsort((values, codes))
    counts = np.bincount(codes, minlength=size)
    made = np.full(size, np.nan)
    having = np.flatnonzero(counts)
    starts = np.cumsum(counts) - counts
    made[having] = values[order][starts[having] + (counts[having] - 1) // 2]
    return made


def _of_span(prepared: Prepared, alive: Mask) -> pa.Table:
    owner = as_ints(prepared.lines, "_owner")
    of_line = pa.array(owner)
    name = pc.coalesce(*(_text(prepared.lines, each) for each in ITEMS[::-1]), *_of_documents(prepared, of_line))
    parts = [name, *(_beside(prepared, each, of_line) for each in ("currency", "unit"))]
    item = parts[0]
    for part in parts[1:]:
        item = pc.if_else(
            pc.is_in(part, value_set=pa.array(["", EACH])), item, pc.binary_join_element_wise(item, part, _BETWEEN)
        )
    stays = pc.and_(pa.array(alive[owner]), pc.is_valid(name))
    price = next((each for each in PRICES if each in prepared.lines.column_names), "")
    figures = [_figures(prepared.lines, each) for each in ("quantity", price)]
    return pa.table({"item": item, "quantity": figures[0], "price": figures[1]}).filter(stays)


def _of_documents(prepared: Prepared, of_line: pa.Array) -> Iterator[pa.Array]:
    """Yield what the document of each line says of its item."""
    for name in ITEMS:
        yield _text(prepared.header, name).take(of_line)


def _beside(prepared: Prepared, name: str, of_line: pa.Array) -> pa.Array:
    """Return a field of each line, else of its document; blank where neither says it."""
    return pc.coalesce(_text(prepared.lines, name), _text(prepared.header, name).take(of_line), pa.scalar(""))


def _text(table: pa.Table, name: str) -> pa.Array:
    if name not in table.column_names:
        return pa.nulls(table.num_rows, pa.string())
    return table.column(name).combine_chunks().cast(pa.string())


def _figures(lines: pa.Table, name: str) -> pa.Array:
    if name not in lines.column_names:
        return pa.nulls(lines.num_rows, pa.float64())
    return lines.column(name).combine_chunks().cast(pa.float64())


def carried(now: pa.Table, before: pa.Table | None) -> pa.Table:
    """Return items with those that had a price before and are not in the file: the next one may have them again."""
    if before is None:
        return now
    others = pc.and_(
        pc.invert(pc.is_in(before.column("item"), now.column("item").combine_chunks())),
        pc.is_valid(before.column("price")),
    )
    rest = before.filter(others).slice(0, CARRIED)
    kept = pa.table(
        [
            rest.column("item"),
            pa.nulls(len(rest), pa.float64()),
            rest.column("price"),
            pa.array([False] * len(rest), pa.bool_()),
        ],
        schema=SCHEMA,
    )
    return pa.concat_tables([now, kept])


def encoded(items: pa.Table) -> bytes:
    """Return items as they are kept."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, items.schema, options=_OPTIONS) as writer:
        writer.write_table(items)
    return bytes(sink.getvalue())


def decoded(kept: bytes) -> pa.Table | None:
    """Return items that were kept; None for none."""
    return pa.ipc.open_stream(kept).read_all() if kept else None
