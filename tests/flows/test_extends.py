"""`extends:`: a partner's mapping says only what differs from another one; through check, run and show."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.flows.shop import INBOX, Shop, export, order

ACME = "mappings/acme/orders.yaml"
BASE = "mappings/shopify/orders.yaml"
FLOW = "mappings/flows/orders.yaml"


def write(shop: Shop, text: str, file: str = ACME) -> Path:
    path = shop.root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A workspace that is only checked, with another text of one mapping each time."""
    return Shop(tmp_path_factory.mktemp("shared") / "ws")


def line_of(shop: Shop, file: str, text: str) -> int:
    lines = (shop.root / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


def findings(shop: Shop) -> list[str]:
    """Return the mistakes that `check` reports, without warnings and notes."""
    said = shop.type("check", "--json").rows
    return [
        f"{row['file']}:{row['line']}: {row['what']}; {row['instead']}" for row in said if row["severity"] == "error"
    ]


# --- run ----------------------------------------------------------------------------------------------------------
def test_a_partner_that_differs_in_a_few_words(shop: Shop) -> None:
    """Another delimiter, another name of a column, one field less; all else as the base has it."""
    write(shop, "extends: shopify/orders\nformat: {delimiter: ';'}\nfields:\n  notes: null\n")
    shop.edit(FLOW, "mapping: shopify/orders", "mapping: acme/orders")
    assert shop.type("check").exit == 0
    rows = export(order(1001, cells={"Notes": "by the back door"})).splitlines()
    content = "".join(",".join(row.split(",")).replace(",", ";") + "\n" for row in rows)

    ran = shop.take("day.csv", content)

    assert ran.exit == 0, ran.err
    assert shop.sent() == ({"1001"}, {"1001"})
    assert "back door" not in shop.erp()[0].values()


def test_a_chain_and_what_each_of_it_says(shop: Shop) -> None:
    write(shop, "extends: shopify/orders\nfields:\n  notes: {max_length: 3}\n  tags: {from: Notes}\n")
    write(shop, "extends: acme/orders\nfields:\n  notes: {from: Tags}\n  tags: null\n", "mappings/acme/de/orders.yaml")

    said = shop.type("show", "acme/de/orders", "--resolved", "--json").rows

    found = {".".join(row["key"]): (row["value"], row["file"].removeprefix("mappings/"), row["line"]) for row in said}
    assert found["extends"] == ("acme/orders", "acme/de/orders.yaml", 1)
    assert found["fields.notes.from"] == ("Tags", "acme/de/orders.yaml", 3)
    assert found["fields.notes.max_length"] == (3, "acme/orders.yaml", 3)
    assert found["fields.order_number.from"] == ("Name", "shopify/orders.yaml", line_of(shop, BASE, "order_number:"))
    assert not [key for key in found if key.startswith("fields.tags")]


def test_an_edit_of_the_base_reaches_the_partner(shop: Shop) -> None:
    """The next run reads it: what was found sound, and what was compiled, goes by the base's text too."""
    write(shop, "extends: shopify/orders\n")
    shop.edit(FLOW, "mapping: shopify/orders", "mapping: acme/orders")
    shop.take("day.csv", order(1001))

    shop.edit(BASE, "from: Name", "from: Nmae")
    ran = shop.take("day2.csv", order(1002))

    assert ran.exit == 5
    assert f"{BASE}:{line_of(shop, BASE, 'Nmae')}:" in ran.err
    assert (shop.root / INBOX / "day2.csv").exists()


def test_another_partners_trouble_stops_nobody_else(shop: Shop) -> None:
    """A mapping that cannot go with its base is its own trouble, although it stands in the base's file."""
    write(shop, "extends: shopify/orders\nformat: {type: jsonl}\n")

    assert [text for text in findings(shop) if BASE in text]
    ran = shop.take("day.csv", order(1001))

    assert ran.exit == 0, ran.err


# --- check --------------------------------------------------------------------------------------------------------
MISTAKES = {
    "a base that is not there": (
        "extends: shopfy/orders\n",
        [f"{ACME}:1: there is no mapping 'shopfy/orders' to extend; did you mean 'shopify/orders'?"],
    ),
    "itself": (
        "extends: acme/orders\n",
        [f"{ACME}:1: `extends` goes in a circle: {ACME} -> {ACME}; remove it from one of them"],
    ),
    "no text": ("extends: [a]\n", [f"{ACME}:1: `extends` is the name of one mapping; write it like shopify/orders"]),
    "a key taken away that is not there": (
        "extends: shopify/orders\nfields: {nots: null}\n",
        [f"{ACME}:2: 'nots' is not in {BASE}, so it cannot be taken away; "],
    ),
    "a key taken away that is needed": (
        "extends: shopify/orders\nfields: {ordered_at: null}\n",
        [f"{ACME}:2: nothing fills ordered_at, which every order needs; add ordered_at below `fields`"],
    ),
    "a step that does not exist": (
        "extends: shopify/orders\nlines:\n  sku: {steps: [stirp]}\n",
        [f"{ACME}:3: there is no step stirp; did you mean 'strip'?"],
    ),
    "an unknown key": (
        "extends: shopify/orders\nfields:\n  notes: {form: Note}\n",
        [f"{ACME}:3: unknown key 'form'; did you mean 'from'?"],
    ),
    "a value that cannot be": (
        "extends: shopify/orders\nfields:\n  notes: {max_length: none}\n",
        [f"{ACME}:3: 'max_length' cannot be 'none'; expected a whole number such as 500"],
    ),
    "a column that is not in the schema": (
        "extends: shopify/orders\nfields:\n  notes: {from: Nots}\n",
        [f"{ACME}:3: column 'Nots' is not in mappings/schemas/shopify_orders.yaml; did you mean 'Notes'?"],
    ),
    "broken YAML": (
        "extends: shopify/orders\nfields: {a: [}\n",
        [f"{ACME}:2: the `[` that is opened here is not closed"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_where_it_stands(shared: Shop, text: str, expected: list[str]) -> None:
    write(shared, text)

    found = findings(shared)

    assert len(found) == len(expected), found
    for told, start in zip(found, expected, strict=True):
        assert told.startswith(start)


def test_two_that_extend_each_other(shop: Shop) -> None:
    write(shop, "extends: acme/stock\n")
    write(shop, "extends: acme/orders\n", "mappings/acme/stock.yaml")

    assert [text.partition(":")[0] for text in findings(shop)] == [ACME, "mappings/acme/stock.yaml"]
    assert shop.type("run", "orders").exit == 0, "the starter's own flow does not use them"


def test_a_mistake_of_the_base_is_told_once(shop: Shop) -> None:
    write(shop, "extends: shopify/orders\n")
    shop.edit(BASE, "from: Name", "from: Nmae")

    found = [text for text in findings(shop) if "'Nmae'" in text]

    assert len(found) == 1
    assert found[0].startswith(f"{BASE}:{line_of(shop, BASE, 'Nmae')}: column 'Nmae' is not in")


def test_what_only_the_partner_makes_wrong_names_it(shop: Shop) -> None:
    """It stands in the base, which is right by itself; so the partner's file is named."""
    write(shop, "extends: shopify/orders\nformat: {type: jsonl}\n")

    found = findings(shop)

    line = line_of(shop, BASE, "format:")
    assert f"{BASE}:{line}: unknown key 'encoding' (in {ACME}, which extends this one)" in [
        f.split("; ")[0] for f in found
    ]


# --- show ---------------------------------------------------------------------------------------------------------
def test_show_resolved_is_the_mapping_with_the_origin_of_each_key(shop: Shop) -> None:
    write(
        shop,
        "extends: shopify/orders\n# a comment\nformat: {delimiter: ';'}\nschema: null\nlines:\n  sku: {from: Item}\n",
    )

    ran = shop.type("show", "acme/orders", "--resolved")

    assert ran.exit == 0
    told = {line.partition("  # ")[0].rstrip(): line.partition("  # ")[2] for line in ran.out.splitlines()}
    assert told["extends: shopify/orders"] == f"{ACME}:1"
    assert told['  delimiter: ";"'] == f"{ACME}:3"
    assert told["  encoding: utf-8"] == f"{BASE}:{line_of(shop, BASE, 'encoding')}"
    assert "    from: Item" in told
    assert not [text for text in told if text.startswith("schema:")]
    # What is printed is a mapping: in place of the base and the override it does the same.
    plain = "\n".join(line for line in ran.out.splitlines() if not line.startswith("extends:"))
    write(shop, plain + "\n", "mappings/acme/flat.yaml")
    flat = shop.type("show", "acme/flat", "--resolved", "--json").rows
    both = shop.type("show", "acme/orders", "--resolved", "--json").rows
    assert [(row["key"], row["value"]) for row in flat] == [(row["key"], row["value"]) for row in both[1:]]


def test_show_resolved_of_a_mapping_that_extends_nothing(shop: Shop) -> None:
    said = shop.type("show", "wms/orders", "--resolved", "--json")

    assert {row["file"] for row in said.rows} == {"mappings/wms/orders.yaml"}
    assert shop.type("show", "wms/order", "--resolved").exit == 2


def test_show_resolved_with_mistakes_shows_both(shop: Shop) -> None:
    write(shop, "extends: shopify/orders\nfields:\n  notes: {form: Note}\n")

    ran = shop.type("show", "acme/orders", "--resolved", "--json")

    assert ran.exit == 5
    assert f"{ACME}:3:11: unknown key 'form'" in ran.err
    assert json.loads(ran.out.splitlines()[0])["key"] == ["extends"]
