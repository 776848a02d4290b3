"""Telegrams of a warehouse system in the style of WAMAS: a 49 place head, then the fields of the record's type."""

from __future__ import annotations

from exchange.assemble.fixed_shape import fixed_shape
from exchange.config.formats import FixedFormat
from exchange.formats.fixed.record import Shape

HEAD = [
    {"name": "source", "start": 1, "length": 10},
    {"name": "destination", "length": 10},
    {"name": "sequence", "length": 6, "type": "integer"},
    {"name": "created", "length": 14},
    {"name": "record_type", "length": 9},
]
WAMAS = {
    "type": "fixed",
    "encoding": "iso-8859-1",
    "record_type_at": 41,
    "records": [
        {
            "name": "AUSK",
            "code": "AUSK00056",
            "role": "document",
            "length": 160,
            "fields": [
                *HEAD,
                {"name": "client", "length": 3},
                {"name": "order", "length": 20},
                {"name": "name", "length": 40},
            ],
        },
        {
            "name": "AUSP",
            "code": "AUSP00055",
            "fields": [
                *HEAD,
                {"name": "order", "length": 20},
                {"name": "position", "length": 6, "type": "integer"},
                {"name": "article", "length": 20},
                {"name": "quantity", "length": 12, "type": "decimal", "decimals": 3},
                {"name": "unit", "length": 5},
            ],
        },
        {
            "name": "END",
            "code": "END",
            "role": "trailer",
            "fields": [
                *HEAD,
                {"name": "lines", "length": 6, "type": "integer", "counts": "AUSP"},
                {"name": "orders", "length": 6, "type": "integer", "counts": "documents"},
                {"name": "total", "length": 12, "type": "decimal", "decimals": 3, "sums": "quantity"},
            ],
        },
        {"name": "NOTE", "code": "TEXT", "role": "ignore"},
    ],
}


def shape(**changes: object) -> Shape:
    """Return the shape of the telegrams."""
    return fixed_shape(FixedFormat.model_validate({**WAMAS, **changes}))


def head(kind: str, sequence: int = 1) -> str:
    """Return the head of a telegram."""
    return f"{'HOST':10}{'WAMAS':10}{sequence:06}20260302090000{kind:9}"


def order(number: str, name: str = "") -> str:
    """Return the telegram that begins an order."""
    return f"{head('AUSK00056')}001{number:20}{name:40}".ljust(160)


def line(number: str, position: int, article: str, quantity: str, unit: str = "BOUT") -> str:
    """Return the telegram of a line; `quantity` is in thousandths."""
    return f"{head('AUSP00055')}{number:20}{position:06}{article:20}{quantity:>12}{unit:5}"


def trailer(lines: int, orders: int, total: int) -> str:
    """Return the telegram at the end."""
    return f"{head('END')}{lines:06}{orders:06}{total:012}"
