"""A mapping's records become the shape that reading and writing share."""

from __future__ import annotations

from exchange.assemble.fixed_shape import fixed_shape
from exchange.config.formats import FixedFormat


def test_fields_follow_each_other_and_pad_by_their_type() -> None:
    fields = [
        {"name": "a", "length": 3},
        {"name": "b", "start": 10, "length": 2, "type": "decimal", "decimals": 1},
        {"name": "c", "length": 4, "justify": "right", "pad": "_"},
        {"name": "d", "length": 1, "type": "integer", "decimals": 2, "justify": "left", "pad": " "},
    ]
    records = [{"name": "short", "code": "A"}, {"name": "long", "code": "AB", "fields": fields, "length": 30}]
    made = fixed_shape(
        FixedFormat.model_validate({"type": "fixed", "records": records, "places": "bytes", "record_type_at": 5})
    )
    assert (made.type_at, made.by_bytes, made.short, made.nests) == (4, True, False, False)
    assert [(record.name, record.length) for record in made.records] == [("long", 30), ("short", 0)]
    places = made.records[0].places
    assert [(each.start, each.length, each.decimals, each.pad, each.right) for each in places] == [
        (0, 3, 0, " ", False),
        (9, 2, 1, "0", True),
        (11, 4, 0, "_", True),
        (15, 1, 0, " ", False),
    ]
