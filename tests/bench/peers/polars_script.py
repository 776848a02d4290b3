"""The polars peer: a hand-written streaming script that does the benchmark's mapping with none of the guarantees.

It reads, checks (required, types, patterns, ranges, enumerations), rejects the whole order if one line is bad, looks
items up, converts units, allocates discounts, renames, and writes a CSV file and a reject file. It has no ledger, no
fsync, no archive, no line numbers, no check that amounts add up, and trusts that an order's rows lie together.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import polars as pl

BATCH_ROWS = 100_000
AMOUNT = r"^\d+(\.\d+)?$"
STATUSES = ["pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided"]
COUNTRIES = ["AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IT", "NL", "NO", "PL", "PT", "SE", "US"]


def filled(name: str) -> pl.Expr:
    """Whether the cell holds something."""
    return pl.col(name).str.strip_chars().str.len_bytes().fill_null(0) > 0


def matches(name: str, pattern: str) -> pl.Expr:
    """Whether the cell is blank or matches."""
    return pl.col(name).str.contains(pattern).fill_null(value=True)


HEADER_CHECK = pl.all_horizontal(
    filled("Financial Status"),
    pl.col("Financial Status").is_in(STATUSES),
    filled("Currency"),
    matches("Currency", r"^[A-Z]{3}$"),
    filled("Total"),
    *(matches(name, AMOUNT) for name in ("Subtotal", "Shipping", "Taxes", "Total", "Discount Amount")),
    matches("Email", r"^[^@\s]+@[^@\s]+$"),
    *(filled(name) for name in ("Shipping Name", "Shipping Address1", "Shipping City")),
    pl.col("Shipping Country").is_in(COUNTRIES),
    pl.col("ordered_at").is_not_null(),
)
LINE_CHECK = pl.all_horizontal(
    matches("Name", r"^#\d+$"),
    filled("Created at"),
    filled("Lineitem name"),
    pl.col("quantity").is_between(1, 1_000_000),
    pl.col("cents") >= 0,
    pl.col("Lineitem requires shipping").is_in(["true", "false"]),
    pl.col("item_number").is_not_null(),
)


def cents(name: str) -> pl.Expr:
    """The amount in whole cents; null where it is blank or no amount."""
    return (pl.col(name).cast(pl.Decimal(18, 2), strict=False) * 100).cast(pl.Int64)


def text(amount: pl.Expr) -> pl.Expr:
    """Whole cents as `12.50`."""
    return (amount.cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2))


def whole_orders(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Cut the batches on borders of orders."""
    kept: pl.DataFrame | None = None
    for arrived in batches:
        batch = arrived if kept is None else pl.concat([kept, arrived])
        border = int(batch["Name"].rle_id().search_sorted(batch["Name"].rle_id()[-1]))
        kept = batch.slice(border)
        if border:
            yield batch.slice(0, border)
    if kept is not None:
        yield kept


def discounts(lines: pl.DataFrame) -> pl.DataFrame:
    """Allocate the order's discount to its lines by value, largest remainder first."""
    share = lines.filter(pl.col("discount") > 0).select(
        "row",
        "discount",
        exact=pl.col("value") * pl.col("discount"),
        gross=pl.col("value").sum().over("order"),
        order=pl.col("order"),
    )
    share = share.with_columns(
        floor=pl.col("exact") // pl.col("gross"),
        rank=(pl.col("exact") % pl.col("gross")).rank("ordinal", descending=True).over("order"),
    )
    left = pl.col("discount") - pl.col("floor").sum().over("order")
    share = share.select("row", line_discount=pl.col("floor") + (pl.col("rank") <= left).cast(pl.Int64))
    return lines.join(share, on="row", how="left", maintain_order="left").with_columns(
        pl.col("line_discount").fill_null(0)
    )


def map_batch(batch: pl.DataFrame, tables: dict[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame, int, int]:
    """Return the rows for the ERP, the rejected rows, and how many orders went out and were rejected."""
    rows = batch.with_columns(
        order=pl.col("Name").rle_id(),
        sku=pl.col("Lineitem sku").str.strip_chars().str.to_uppercase(),
        quantity=pl.col("Lineitem quantity").str.strip_chars().cast(pl.Int64, strict=False),
        cents=cents("Lineitem price"),
    ).with_row_index("row")
    rows = (
        rows.join(tables["items"], on="sku", how="left", maintain_order="left")
        .join(tables["sales_units"], on="sku", how="left", maintain_order="left")
        .join(tables["packs"], on=["item_number", "unit"], how="left", maintain_order="left")
    )
    opens = pl.col("order") != pl.col("order").shift(1)
    heads = rows.filter(opens.fill_null(value=True)).select(
        "order",
        "Financial Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Amount", "Email",
        "Shipping Name", "Shipping Address1", "Shipping City", "Shipping Zip", "Shipping Country",
        first_row="row",
        ordered_at=pl.col("Created at").str.to_datetime("%Y-%m-%d %H:%M:%S %z", time_zone="UTC", strict=False),
        discount=cents("Discount Amount").fill_null(0),
    )  # fmt: skip
    bad_heads = heads.filter(HEADER_CHECK.not_().fill_null(value=True))["order"]
    bad_lines = rows.filter(LINE_CHECK.not_().fill_null(value=True))["order"]
    bad = pl.concat([bad_heads, bad_lines]).unique()
    is_bad = pl.col("order").is_in(bad.implode())
    rejected = rows.filter(is_bad).select(*batch.columns, _code=pl.lit("REJECTED"))
    good_heads = heads.filter(~is_bad)
    lines = (
        rows.filter(~is_bad)
        .select("row", "order", "Name", "sku", "item_number", "Lineitem name", "quantity", "cents", "pack")
        .join(good_heads, on="order", how="left", maintain_order="left")
        .with_columns(value=pl.col("quantity") * pl.col("cents"))
    )
    return erp(discounts(lines)), rejected, len(good_heads), len(bad)


def erp(lines: pl.DataFrame) -> pl.DataFrame:
    """Rename and order the columns as the ERP wants them."""
    return lines.select(
        Action=pl.lit("new"),
        OrderNumber=pl.col("Name").str.strip_chars().str.strip_prefix("#"),
        LineNumber=pl.col("row") - pl.col("first_row") + 1,
        ItemNumber="item_number",
        Sku="sku",
        Description=pl.col("Lineitem name").str.strip_chars(),
        Quantity=pl.col("quantity") * pl.col("pack").fill_null(1),
        Unit=pl.lit("EA"),
        UnitPrice=text(pl.col("cents")),
        LineDiscount=text(pl.col("line_discount")),
        LineTotal=text(pl.col("value") - pl.col("line_discount")),
        Currency="Currency",
        OrderedAt=pl.col("ordered_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        CustomerEmail="Email",
        ShipToName=pl.col("Shipping Name").str.strip_chars(),
        ShipToLine1=pl.col("Shipping Address1").str.strip_chars(),
        ShipToCity=pl.col("Shipping City").str.strip_chars(),
        ShipToPostcode=pl.col("Shipping Zip").str.strip_prefix("'"),
        ShipToCountry="Shipping Country",
    )


def read_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Read the crosswalks, cut to the columns that are looked up."""
    read = {name: pl.read_csv(folder / f"{name}.csv", infer_schema=False) for name in ("items", "sales_units", "packs")}
    return {
        "items": read["items"].select("sku", "item_number"),
        "sales_units": read["sales_units"],
        "packs": read["packs"].select("item_number", "unit", pack=pl.col("quantity").cast(pl.Int64)),
    }


def write(frame: pl.DataFrame, file: BinaryIO) -> None:
    """Append the rows, with a header where the file is empty."""
    frame.write_csv(file, include_header=file.tell() == 0)


def main() -> None:
    """Map one export to an ERP file and a reject file; prints what came out as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("tables", type=Path)
    parser.add_argument("target", type=Path)
    given = parser.parse_args()
    tables = read_tables(given.tables)
    counts = {"orders_out": 0, "orders_rejected": 0, "lines_out": 0, "lines_rejected": 0}
    batches = pl.scan_csv(given.source, infer_schema=False).collect_batches(
        chunk_size=BATCH_ROWS, maintain_order=True, engine="streaming"
    )
    with (given.target / "erp.csv").open("wb") as out, (given.target / "rejects.csv").open("wb") as aside:
        for batch in whole_orders(batches):
            mapped, rejected, orders, refused = map_batch(batch, tables)
            write(mapped, out)
            write(rejected, aside)
            counts["orders_out"] += orders
            counts["orders_rejected"] += refused
            counts["lines_out"] += len(mapped)
            counts["lines_rejected"] += len(rejected)
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
