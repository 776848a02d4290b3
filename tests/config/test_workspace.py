"""Loading the parts of a workspace by name."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.workspace import load_flows, load_mapping, load_schema, mapping_names
from exchange.kernel.errors import ConfigurationError

Write = Callable[..., Path]


def test_flows_are_loaded_by_name(workspace: Write) -> None:
    root = workspace()
    setup = load_flows(root)
    assert list(setup.flows) == ["orders"]
    assert setup.workspace.endpoints["shop"].path == "data/inbox/shop"
    assert setup.chosen(()) == setup.chosen(("orders",)) == (setup.flows["orders"],)
    with pytest.raises(KeyError, match="there is no flow 'order'; did you mean 'orders'"):
        setup.chosen(("order",))


def test_all_mistakes_of_settings_and_flows_come_together(workspace: Write) -> None:
    root = workspace(
        {
            "mappings/flows/stock.yaml": (
                "flow: stok\npick_up: [{from: shp, mapping: m}]\ndeliver: [{to: erp, mapping: m, name: n}]\n"
            ),
            "mappings/flows/other.yaml": "flow: other\n",
        }
    )
    with pytest.raises(ConfigurationError) as raised:
        load_flows(root)
    assert str(raised.value).splitlines() == [
        "mappings/flows/other.yaml:1:1: key 'pick_up' is missing; write `pick_up: ...`",
        "mappings/flows/stock.yaml:1:7: flow 'stok' is not the file's name; write `flow: stock`",
        "mappings/flows/stock.yaml:2:18: unknown endpoint 'shp'; did you mean 'shop'?",
    ]


def test_mappings_and_schemas_are_loaded_by_name(workspace: Write) -> None:
    root = workspace({"mappings/shop/orders_test.yaml": "anything"})
    assert mapping_names(root) == ["erp/orders", "shop/orders"]
    assert load_mapping(root, "shop/orders").group is not None
    assert [field.name for field in load_schema(root, "shop_orders").fields][:2] == ["Name", "Id"]


@pytest.mark.parametrize("name", ["shop/order", "../x", "flows/orders"])
def test_a_name_that_is_none_is_a_mistake(workspace: Write, name: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no mapping"):
        load_mapping(workspace(), name)
    with pytest.raises(ConfigurationError, match="there is no table schema"):
        load_schema(workspace(), name)


def test_loading_flows_imports_neither_pandas_nor_pyarrow(workspace: Write) -> None:
    code = (
        "import sys; from pathlib import Path; from exchange.config.workspace import load_flows;"
        f"load_flows(Path({str(workspace())!r}));"
        "sys.exit(sorted({'pandas', 'pyarrow', 'numpy', 'sqlalchemy', 'lxml'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
