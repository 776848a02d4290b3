"""A flow becomes a machine; mistakes are told at their places."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import get_args

import pytest

from exchange.assemble.plan import READERS, WRITERS, load_plan
from exchange.config.formats import Format
from exchange.config.models import Flow
from exchange.config.workspace import load_flows
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import machine_of
from tests.assemble.edits import edit


def test_the_starters_machine(root: Path, flow: Flow) -> None:
    plan = load_plan(root, flow, 0)

    machine = machine_of(plan)
    assert (plan.channel, machine.kind, machine.key_field, machine.key_column) == (
        "shopify",
        "order",
        "order_number",
        "Name",
    )
    assert machine.start_columns == ("Id", "Financial Status", "Total")
    assert machine.header_sources["ship_to.city"] == "Shipping City"
    assert machine.line_sources["item_number"] == "Lineitem sku"
    wms, erp = machine.targets
    assert (wms.name, wms.per_part, wms.needs_shipping, wms.documents_per_file) == ("wms", True, True, 500)
    assert (erp.name, erp.per_part, erp.needs_shipping, erp.documents_per_file) == ("erp", False, False, None)
    assert wms.written.header.startswith(b"<?xml")
    assert erp.written.header.startswith(b"Action,OrderNumber,")


def test_a_plan_travels_to_another_process(root: Path, flow: Flow) -> None:
    plan = load_plan(root, flow, 0)

    assert pickle.loads(pickle.dumps(plan)).version == plan.version


@pytest.mark.parametrize(
    "file",
    [
        "mappings/shopify/orders.yaml",
        "mappings/wms/orders.yaml",
        "mappings/tables/items.csv",
        "templates/wms/orders.xml.j2",
        "mappings/schemas/wms_orders.xsd",
        "mappings/schemas/shopify_orders.yaml",
    ],
)
def test_its_version_changes_with_every_file_it_was_made_of(root: Path, flow: Flow, file: str) -> None:
    before = load_plan(root, flow, 0).version
    path = root / file
    path.write_bytes(path.read_bytes() + b"\n")

    assert load_plan(root, flow, 0).version != before
    assert load_plan(root, flow, 0).version == load_plan(root, flow, 0).version


def test_mistakes_have_file_line_and_column(root: Path, flow: Flow) -> None:
    edit(
        root, "mappings/erp/orders.yaml", "Total: {from: total, required: true}", "Total: {from: totl, required: true}"
    )

    with pytest.raises(ConfigurationError) as error:
        load_plan(root, flow, 0)
    [mistake] = error.value.mistakes
    assert (mistake.file, mistake.what) == ("mappings/erp/orders.yaml", "there is no column totl")
    assert mistake.line > 50
    assert "total" in mistake.instead


def test_two_deliveries_to_one_endpoint_are_told_apart(root: Path) -> None:
    edit(root, "mappings/flows/orders.yaml", "{to: erp, folder: orders,", "{to: wms, folder: erp,")

    machine = machine_of(load_plan(root, load_flows(root).flows["orders"], 0))

    assert [target.name for target in machine.targets] == ["wms-1", "wms-2"]


def test_every_format_has_its_reader_and_its_writer() -> None:
    types = {get_args(form.model_fields["type"].annotation)[0] for form in get_args(Format)}
    assert set(READERS) == set(WRITERS) == types
