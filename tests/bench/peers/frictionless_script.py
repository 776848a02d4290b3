"""The frictionless peer: `validate` and nothing else, with a schema that asks what the benchmark's mapping asks.

No mapping, no look-up of items, no whole-order rejects: the standard has no rule for the first row of a group either.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from frictionless import Dialect, Resource, Schema, system

AMOUNT = {"type": "number", "constraints": {"minimum": 0}}
MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}"
STATUSES = ["pending", "authorized", "partially_paid", "paid", "partially_refunded", "refunded", "voided"]
FIELDS: dict[str, dict[str, Any]] = {
    "Name": {"type": "string", "constraints": {"required": True, "pattern": r"#\d+"}},
    "Email": {"type": "string", "constraints": {"pattern": r"[^@\s]+@[^@\s]+"}},
    "Financial Status": {"type": "string", "constraints": {"enum": STATUSES}},
    "Currency": {"type": "string", "constraints": {"pattern": "[A-Z]{3}"}},
    "Subtotal": AMOUNT,
    "Shipping": AMOUNT,
    "Taxes": AMOUNT,
    "Total": AMOUNT,
    "Discount Amount": AMOUNT,
    # A pattern, because its own way to read dates would cost the peer a fifth more time.
    "Created at": {"type": "string", "constraints": {"required": True, "pattern": MOMENT}},
    "Lineitem quantity": {
        "type": "integer",
        "constraints": {"required": True, "minimum": 1, "maximum": 1_000_000},
    },
    "Lineitem name": {"type": "string", "constraints": {"required": True}},
    "Lineitem price": {"type": "number", "constraints": {"required": True, "minimum": 0}},
    "Lineitem sku": {"type": "string", "constraints": {"required": True, "maxLength": 40}},
    "Lineitem requires shipping": {"type": "boolean"},
    "Shipping Country": {"type": "string", "constraints": {"pattern": "[A-Z]{2}"}},
}


def main() -> None:
    """Validate one export; prints how many rows are wrong as JSON."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("source", type=Path)
    given = parser.parse_args()
    with given.source.open(encoding="utf-8") as file:
        names = file.readline().rstrip("\n").split(",")
    fields = [{"name": name, **FIELDS.get(name, {"type": "string"})} for name in names]
    with system.use_context(trusted=True):
        resource = Resource(
            path=str(given.source),
            dialect=Dialect.from_descriptor({"csv": {"delimiter": ",", "quoteChar": '"'}}),
            schema=Schema.from_descriptor({"fields": fields}),
            encoding="utf-8",
        )
        # Without the limit it stops after 1,000 errors, a tenth of the way.
        report = resource.validate(limit_errors=10**9)
    wrong = {row for (row,) in report.flatten(["rowNumber"]) if row is not None}
    print(json.dumps({"rows": report.tasks[0].stats.get("rows"), "wrong_rows": len(wrong)}))


if __name__ == "__main__":
    main()
