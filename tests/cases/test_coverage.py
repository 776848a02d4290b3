"""What is covered, and what is said of the rest."""

from __future__ import annotations

from exchange.cases.coverage import Coverage, Point, field_name

SKU = Point("field", ("lines", "sku"), "lines.sku")
STRIP = Point("step", ("lines", "sku", "steps", 0), "lines.sku", "strip")
MISS = Point("miss", ("lines", "sku", "steps", 1), "lines.sku", "items")
BLANK = Point("code", ("lines", "sku", "required"), "lines.sku", "REQUIRED_MISSING")
LONG = Point("code", ("lines", "sku", "max_length"), "lines.sku", "TOO_LONG")


def coverage(*reached: Point, looked_at: tuple[str, ...] = ()) -> Coverage:
    made = Coverage("mappings/m.yaml")
    made.add([SKU, STRIP, MISS, BLANK, LONG])
    made.reached.update(reached)
    made.look(looked_at)
    return made


def test_a_field_that_nothing_fills_is_told_once() -> None:
    made = coverage()
    assert list(made.missed()) == [(("lines", "sku"), "no case fills lines.sku")]
    assert made.counts() == {"field": (0, 1), "step": (0, 1), "code": (0, 2), "miss": (0, 1)}


def test_what_is_left_out_of_a_filled_field_is_told_piece_by_piece() -> None:
    assert [what for _, what in coverage(SKU).missed()] == [
        "no case expects anything of lines.sku",
        "no case gives a value to step strip of lines.sku",
        "no case has a value of lines.sku that is not in table items",
        "no case of lines.sku ends in REQUIRED_MISSING, TOO_LONG",
    ]


def test_nothing_is_left_out_where_all_is_reached() -> None:
    made = coverage(SKU, STRIP, MISS, BLANK, LONG, looked_at=("lines.sku",))
    assert list(made.missed()) == []
    assert made.counts() == {"field": (1, 1), "step": (1, 1), "code": (2, 2), "miss": (1, 1)}


def test_names_of_fields() -> None:
    assert field_name(("fields", "total")) == "total"
    assert field_name(("fields", "ship_to", "address", "city")) == "ship_to.city"
    assert field_name(("lines", "sku")) == "lines.sku"
