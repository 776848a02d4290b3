"""The names that an editor offers are those of the workspace."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.schema_names import column_defs, fills, known_in, one_of
from exchange.config import models
from exchange.config.files import read_files
from exchange.config.rules import Release


def test_a_starter_workspace_by_name(root: Path) -> None:
    known = known_in(read_files(root))
    assert known.endpoints["shopify"] == "local: data/inbox/shopify"
    assert dict(known.reading) == {"shopify/orders": "reads order (csv)"}
    assert dict(known.writing) == {"erp/orders": "writes order (csv)", "wms/orders": "writes order (xml)"}
    assert known.tables["sales_units"] == ("sku", "unit")
    assert (known.xsds, known.templates) == (("wms_orders.xsd",), ("wms/orders.xml.j2",))


def test_files_with_mistakes_give_what_can_be_read_of_them(root: Path) -> None:
    settings = root / "mappings/exchange.yaml"
    settings.write_text("ledgr: a\nendpoints:\n  far: {type: sftp, host: sftp.example}\n", encoding="utf-8")
    (root / "mappings/new").mkdir()
    (root / "mappings/new/orders.yaml").write_text("reads: order\n", encoding="utf-8")
    known = known_in(read_files(root))
    assert dict(known.endpoints) == {"far": "sftp: sftp.example"}
    assert "new/orders" in known.reading
    assert "new/orders" in known.writing, "what it does nobody knows yet"
    settings.write_text("endpoints: [", encoding="utf-8")
    assert fills(known_in(read_files(root)))[models.PickUp, "from_"] == {"type": "string"}


def test_conditions_name_document_fields_and_their_values(root: Path) -> None:
    when = fills(known_in(read_files(root)))[Release, "when"]["properties"]
    assert "paid" in when["payment_status"]["anyOf"][0]["enum"]
    assert when["customer_email"]["anyOf"][0] == {"type": "string"}


def test_values_of_packed_cells_are_columns_too() -> None:
    defs = column_defs({"Name": "the number"}, ["line.items"], {"sku": ""})
    assert defs["Column"]["enum"] == ["Name"]
    assert defs["Source"]["anyOf"][1] == {"type": "string", "pattern": "^(?:line[.]items)[.]."}
    assert defs["Beside"]["anyOf"][0]["enum"] == ["Name", "sku"]


def test_where_nothing_is_known_any_text_will_do() -> None:
    assert one_of({}, "table") == {"type": "string"}
    assert one_of({"a": ""}, "table") == {
        "enum": ["a"],
        "errorMessage": "this workspace has no such table; where it is new: exchange schema export",
    }
