"""Names in JSON Lines."""

from __future__ import annotations

from exchange.infer.objects import names_of


def test_values_lines_and_other_arrays() -> None:
    found = names_of(
        [
            '{"no": 1, "customer": {"email": "a@b.c"}, "items": [{"sku": "A", "price": {"net": 1}}], "tags": ["x"]}',
            "",
            "no json",
            "[1]",
            '{"no": 2, "note": null, "items": []}',
        ]
    )

    assert found is not None
    assert found.columns == ("no", "customer.email", "note", "items.sku", "items.price.net")
    assert found.lines == "items"
    assert found.others == ("tags",)


def test_no_objects_have_no_names() -> None:
    assert names_of(["[1, 2]", "x"]) is None
