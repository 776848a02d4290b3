"""Everything a machine is made of, read at once."""

from __future__ import annotations

import pickle
from pathlib import Path

from exchange.assemble.sources import load_sources, tables_of
from exchange.config.models import Flow, Mapping


def test_mappings_tables_template_and_schema(root: Path, flow: Flow) -> None:
    made = load_sources(root, flow, 0)

    assert (made.name, made.mapping.reads) == ("shopify/orders", "order")
    assert made.schema is not None
    assert len(made.schema.fields) > 70
    assert sorted(made.tables) == ["items", "packs", "sales_units"]
    wms, erp = made.outbound
    assert wms.xsd == root / "mappings/schemas/wms_orders.xsd"
    assert "{%" in wms.template
    assert (erp.xsd, erp.template) == (None, "")


def test_sources_travel_to_another_process(root: Path, flow: Flow) -> None:
    made = load_sources(root, flow, 0)

    again = pickle.loads(pickle.dumps(made))

    assert again.version == made.version
    assert again.tables["items"].rows["sku"].equals(made.tables["items"].rows["sku"])


def test_tables_are_found_in_steps_and_in_address_parts() -> None:
    lookup = {"lookup": {"table": "cities", "key": "a", "value": "b"}}
    mapping = Mapping.model_validate(
        {
            "reads": "order",
            "format": {"type": "csv"},
            "fields": {"ship_to": {"address": {"city": {"from": "City", "steps": [lookup]}, "line1": "Street"}}},
            "lines": {
                "quantity": {"from": "Q", "steps": ["integer", {"to_unit": {"item": "a", "from": "b", "to": "c"}}]}
            },
        }
    )

    assert list(tables_of(mapping)) == ["cities", "packs"]
