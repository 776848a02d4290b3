"""What a template writes, held against its XSD before any document comes."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.lint_xsd import demanded
from exchange.config.files import read_files
from tests.assemble.edits import edit

WMS, SHOP, XSD = "mappings/wms/orders.yaml", "mappings/shopify/orders.yaml", "mappings/schemas/wms_orders.xsd"
TEMPLATE = "templates/wms/orders.xml.j2"


def found(root: Path) -> list[tuple[str, str, str]]:
    mistakes = list(demanded(read_files(root)))
    assert {(each.code, each.severity) for each in mistakes} <= {("XSD_NOT_FILLED", "warning")}
    return [
        (each.file, (root / each.file).read_text().splitlines()[each.line - 1].strip(), each.what) for each in mistakes
    ]


def test_the_starter_is_sound(root: Path) -> None:
    assert found(root) == []


def test_an_element_that_the_template_does_not_write(root: Path) -> None:
    text = (root / TEMPLATE).read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if "<City>" in line]
    edit(root, TEMPLATE, line + "\n", "")
    [(file, at, what)] = found(root)
    assert file == WMS
    assert at.startswith("format:")
    assert what.startswith("even with every field filled, wms_orders.xsd refuses the file: ")
    assert "City" in what


def test_a_field_that_may_not_be_blank_and_nothing_fills(root: Path) -> None:
    edit(root, WMS, "{from: ship_to.city, required: true, max_length: 40}", "{from: gift_message, max_length: 40}")
    text = (root / SHOP).read_text(encoding="utf-8")
    (root / SHOP).write_text("\n".join(line for line in text.split("\n") if "gift_message:" not in line))
    whats = [what for _, at, what in found(root) if at.startswith("ShipTo.City")]
    assert len(whats) == 1
    assert whats[0].startswith("shopify/orders fills no gift_message, and wms_orders.xsd refuses a blank ShipTo.City: ")


def test_what_is_wrong_elsewhere_is_told_there(root: Path) -> None:
    edit(root, TEMPLATE, "order.OrderNumber", "order.OrderNo")
    assert found(root) == []
    edit(root, TEMPLATE, "order.OrderNo", "order.OrderNumber")
    edit(root, XSD, "xs:sequence", "xs:sequenze")
    assert found(root) == []
