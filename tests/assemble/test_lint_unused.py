"""What nothing uses."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.lint_unused import unused
from exchange.config.files import read_files
from tests.assemble.edits import edit

_MAPPING = "reads: order\nformat: {type: csv}\nfields: {}\n"
_SCHEMA = "fields: [{name: A}]\n"


def found(root: Path) -> list[tuple[str, str]]:
    return [(each.file, each.code) for each in unused(read_files(root)) if each.code != "UNUSED_COLUMN"]


def add(root: Path, file: str, text: str) -> None:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_starter_uses_all_but_some_columns(root: Path) -> None:
    assert found(root) == []
    notes = list(unused(read_files(root)))
    assert {(note.file, note.severity) for note in notes} == {("mappings/schemas/shopify_orders.yaml", "note")}
    said = {note.what for note in notes}
    assert "no mapping reads column 'Vendor'" in said
    assert "no mapping reads column 'Name'" not in said


def test_each_kind_of_file(root: Path) -> None:
    add(root, "mappings/new/orders.yaml", _MAPPING)
    add(root, "mappings/tables/new.csv", "a\n1\n")
    add(root, "mappings/schemas/new.yaml", _SCHEMA)
    add(root, "mappings/schemas/new.xsd", "<a/>")
    add(root, "templates/new/a.xml.j2", "x")
    assert sorted(found(root)) == [
        ("mappings/new/orders.yaml", "UNUSED_MAPPING"),
        ("mappings/schemas/new.xsd", "UNUSED_SCHEMA"),
        ("mappings/schemas/new.yaml", "UNUSED_SCHEMA"),
        ("mappings/tables/new.csv", "UNUSED_TABLE"),
        ("templates/new/a.xml.j2", "UNUSED_TEMPLATE"),
    ]
    assert {mistake.severity for mistake in unused(read_files(root))} == {"warning", "note"}


def test_an_xsd_that_another_includes_is_used(root: Path) -> None:
    add(root, "mappings/schemas/parts/new.xsd", "<a/>")
    edit(
        root,
        "mappings/schemas/wms_orders.xsd",
        "</xs:schema>",
        '<xs:include schemaLocation="parts/new.xsd"/></xs:schema>',
    )
    assert found(root) == []


def test_a_mapping_that_is_extended_is_used(root: Path) -> None:
    add(root, "mappings/new/base.yaml", _MAPPING)
    edit(root, "mappings/shopify/orders.yaml", "reads: order\n", "extends: new/base\nreads: order\n")
    assert found(root) == []


def test_a_table_that_a_flow_names_is_used(root: Path) -> None:
    add(root, "mappings/tables/pilot.csv", "sku\nA\n")
    edit(root, "mappings/flows/orders.yaml", "repeat: change", 'repeat: change\n  x: {file: "tables/pilot.csv"}')
    assert ("mappings/tables/pilot.csv", "UNUSED_TABLE") not in found(root)


def test_a_misspelt_name_is_told_once_where_it_is_misspelt(root: Path) -> None:
    edit(root, "mappings/flows/orders.yaml", "mapping: wms/orders", "mapping: wms/order")
    edit(root, "mappings/shopify/orders.yaml", "schema: shopify_orders", "schema: shopify_order")
    edit(root, "mappings/wms/orders.yaml", "template: wms/orders", "template: wms/order")
    edit(root, "mappings/wms/orders.yaml", "schema: wms_orders", "schema: wms_order")
    edit(root, "mappings/wms/orders.yaml", "table: packs", "table: pack")
    assert list(unused(read_files(root))) == []


def test_nothing_is_said_while_a_mapping_cannot_be_read(root: Path) -> None:
    add(root, "mappings/tables/new.csv", "a\n1\n")
    edit(root, "mappings/wms/orders.yaml", "writes: order", "writes: [")
    assert found(root) == []


def test_columns_beside_a_value_are_read(root: Path) -> None:
    edit(
        root,
        "mappings/shopify/orders.yaml",
        "tags: {from: Tags, steps: [strip]}",
        "tags: {from: Tags, steps: [strip, {when: {column: Vendor, is: [a], then: b}}]}",
    )
    assert "no mapping reads column 'Vendor'" not in {note.what for note in unused(read_files(root))}


def test_the_table_of_packs_is_used_where_stock_is_counted(root: Path) -> None:
    edit(
        root,
        "mappings/wms/orders.yaml",
        "steps: [{to_unit: {item: item_number, from: unit, to: EA, table: packs}}], ",
        "",
    )
    assert found(root) == [("mappings/tables/packs.csv", "UNUSED_TABLE")]
    edit(root, "mappings/flows/orders.yaml", "  split: warehouse", "  split: warehouse\n  reserve: true")
    assert found(root) == []
