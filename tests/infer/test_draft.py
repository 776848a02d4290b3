"""The text of a draft: a confidence and a reason behind each line, nothing about people."""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML

from exchange.documents.loader import document
from exchange.infer.draft import Draft, Inferred, draft, schema_name
from exchange.infer.grouping import propose
from exchange.infer.matching import called_like_a_number, match
from tests.infer.columns import looks, sample

Cells = dict[str, tuple[str | None, ...]]
ORDERS: Cells = {
    "Order No": ("A", "A", "B"),
    "Date": ("2026-03-04", None, "2026-03-05"),
    "E-mail": ("a@example.com", None, "b@example.com"),
    "Amount (EUR)": ("5.00", None, "6.00"),
    "SKU": ("X", "Y", "Z"),
    "Colour": ("red", "blue", "green"),
}


def drafted(cells: Cells, kind: str = "order") -> Draft:
    made = looks(cells)
    described = document(kind)
    grouping = propose(sample(cells), made, called_like_a_number(described, made))
    rows = len(next(iter(cells.values())))
    reasons = ("delimiter: because",)
    found = match(described, made, grouping)
    return draft(Inferred("x.csv", "shop/orders", rows, {"type": "csv"}, reasons, made, found, grouping, "it fits"))


def read(text: str) -> dict[str, Any]:
    made: dict[str, Any] = YAML(typ="safe").load(text)
    return made


def test_a_mapping_with_reasons() -> None:
    made = drafted(ORDERS)
    mapping = read(made.mapping)

    assert mapping["group"] == {"key": "Order No", "starts": ["Date", "E-mail", "Amount (EUR)"]}
    assert mapping["fields"]["ordered_at"] == {"from": "Date", "steps": ["strip", {"parse_date": "%Y-%m-%d"}]}
    assert mapping["fields"]["total"] == {"from": "Amount (EUR)", "steps": ["strip", "decimal"]}
    assert mapping["fields"]["currency"] == {"steps": [{"constant": "EUR"}]}
    assert '# 0.80: the unit of column "Amount (EUR)"' in made.mapping
    assert made.made_up == ["payment_status", "quantity", "unit_price"]
    assert "MADE UP" in made.mapping
    assert '# Colour: texts; 3 different such as "red"' in made.mapping
    assert "# delimiter: because" in made.mapping
    assert all(len(line) <= 120 for line in made.mapping.splitlines())


def test_a_schema_without_anything_about_people() -> None:
    schema = read(drafted(ORDERS).schema)
    fields = {field["name"]: field for field in schema["fields"]}

    assert fields["Order No"]["constraints"] == {"required": True}
    assert fields["Date"] == {"name": "Date", "type": "date", "description": "ordered_at", "example": "2026-03-04"}
    assert fields["Colour"]["optional"] is True
    assert "@example.com" not in drafted(ORDERS).schema + drafted(ORDERS).mapping
    assert schema_name("odoo/orders-in") == "odoo_orders_in"


def test_what_a_person_has_to_choose_is_listed() -> None:
    made = drafted({**ORDERS, "Date": ("03/04/2026", None, "05/06/2026")})

    assert made.choose == ["ordered_at: day/month"]
    assert "CHOOSE: day/month, see above" in made.mapping


def test_another_field_or_the_first_column_numbers_the_documents() -> None:
    stock = read(drafted({"sku": ("A", "B"), "qty": ("1", "2")}, "stock").mapping)
    assert stock["fields"]["item_number"]["from"] == "sku"
    made = drafted({"colour": ("red", "red"), "shape": ("round", "square")})
    assert read(made.mapping)["fields"]["order_number"]["from"] == "shape"
    assert "# 0.30: its values all differ" in made.mapping


def test_addresses_are_blocks() -> None:
    made = read(
        drafted({**ORDERS, "Ship To City": ("Kiel", None, "Lyon"), "Ship To Country": ("Germany",) * 3}).mapping
    )

    assert made["fields"]["ship_to"]["address"] == {
        "city": "Ship To City",
        "country": {"from": "Ship To Country", "steps": [{"map_values": {"Germany": "DE"}}]},
    }


def test_a_fixed_format_is_written_line_by_line() -> None:
    fields = [{"name": f"column number {number}", "start": number, "length": 1} for number in range(1, 5)]
    form = {"type": "fixed", "records": [{"name": "row", "fields": fields}]}
    made = looks(ORDERS)
    found = match(document("order"), made, None)
    text = draft(Inferred("x", "a/b", 3, form, (), made, found, None, "", shown=("  1234",))).mapping

    assert read(text)["format"] == form
    assert "#     1234" in text
