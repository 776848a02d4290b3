"""The 79 columns of the shop's orders export, the 20 useful ones, and cells for the others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tests.bench.words import NOTES

USEFUL = (
    "Name", "Email", "Financial Status", "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Amount",
    "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem sku", "Lineitem requires shipping",
    "Shipping Name", "Shipping Address1", "Shipping City", "Shipping Zip", "Shipping Country",
)  # fmt: skip

ALL = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
    "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method",
    "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price", "Lineitem sku",
    "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status", "Billing Name", "Billing Street",
    "Billing Address1", "Billing Address2", "Billing Company", "Billing City", "Billing Zip", "Billing Province",
    "Billing Country", "Billing Phone", "Shipping Name", "Shipping Street", "Shipping Address1", "Shipping Address2",
    "Shipping Company", "Shipping City", "Shipping Zip", "Shipping Province", "Shipping Country", "Shipping Phone",
    "Notes", "Note Attributes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Outstanding Balance", "Employee", "Location", "Device ID", "Id", "Tags", "Risk Level", "Source",
    "Lineitem discount", "Tax 1 Name", "Tax 1 Value", "Tax 2 Name", "Tax 2 Value", "Tax 3 Name", "Tax 3 Value",
    "Tax 4 Name", "Tax 4 Value", "Tax 5 Name", "Tax 5 Value", "Phone", "Receipt Number", "Duties",
    "Billing Province Name", "Shipping Province Name", "Payment ID", "Payment Terms Name", "Next Payment Due At",
    "Payment References",
)  # fmt: skip

_CONSTANT_BY_ORDER = {
    "Fulfillment Status": "unfulfilled", "Accepts Marketing": "no", "Discount Code": "", "Shipping Method": "Standard",
    "Payment Method": "Shopify Payments", "Refunded Amount": "0.00", "Outstanding Balance": "0.00", "Tags": "",
    "Risk Level": "Low", "Source": "web", "Note Attributes": "", "Tax 1 Name": "VAT 20%", "Shipping Company": "",
    "Billing Company": "",
}  # fmt: skip
_CONSTANT_BY_LINE = {
    "Lineitem taxable": "true", "Lineitem fulfillment status": "pending", "Vendor": "House",
    "Lineitem discount": "0.00",
}  # fmt: skip
_COPIED = {
    "Paid at": "Created at", "Billing Name": "Shipping Name", "Billing Street": "Shipping Address1",
    "Billing Address1": "Shipping Address1", "Billing City": "Shipping City", "Billing Zip": "Shipping Zip",
    "Billing Country": "Shipping Country", "Shipping Street": "Shipping Address1", "Tax 1 Value": "Taxes",
}  # fmt: skip


def others(
    random: np.random.Generator, by_order: Mapping[str, pa.Array], by_line: Mapping[str, pa.Array]
) -> tuple[dict[str, pa.Array], dict[str, pa.Array]]:
    """Return cells for the columns that are not among the useful ones, by order and by line; the rest stays blank."""
    orders, lines = len(by_order["Name"]), len(by_line["Lineitem sku"])
    made = {name: _repeat(value, orders) for name, value in _CONSTANT_BY_ORDER.items()}
    made |= {name: by_order[source] for name, source in _COPIED.items()}
    note = random.integers(0, len(NOTES), orders)
    made["Notes"] = pc.if_else(pa.array(random.random(orders) < 0.05), pa.array(NOTES).take(pa.array(note)), "")
    identity = pa.array(random.integers(4_000_000_000_000, 5_000_000_000_000, orders)).cast(pa.string())
    made["Id"] = made["Payment ID"] = made["Payment Reference"] = made["Payment References"] = identity
    return made, {name: _repeat(value, lines) for name, value in _CONSTANT_BY_LINE.items()}


def _repeat(value: str, rows: int) -> pa.Array:
    return pa.array([value]).take(pa.array(np.zeros(rows, dtype=np.int64)))
