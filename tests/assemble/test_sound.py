"""A flow is not run with files that `check` refuses; other flows' mistakes do not stop it."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.checked import MARK
from exchange.assemble.sound import ensure_sound
from exchange.cli.main import run
from exchange.config.scaffold import write_starter
from exchange.config.workspace import load_flows
from exchange.kernel.errors import ConfigurationError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_starter(tmp_path)
    return tmp_path


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_an_edit_is_looked_at_and_its_mistake_refused_with_its_place(root: Path) -> None:
    flow = load_flows(root).flows["orders"]
    ensure_sound(root, flow)
    _edit(root / "templates/wms/orders.xml.j2", "order.OrderNumber", "order.OrderNumbr")

    with pytest.raises(ConfigurationError, match=r"templates/wms/orders.xml.j2:\d+:\d+: .*did you mean 'OrderNumber'"):
        ensure_sound(root, flow)


def test_a_name_that_leaves_its_folder_is_refused_before_anything_is_taken(root: Path) -> None:
    _edit(root / "mappings/flows/orders.yaml", '"SO_{claim}.csv"', '"../SO_{claim}.csv"')
    flow = load_flows(root).flows["orders"]

    with pytest.raises(ConfigurationError, match=r"mappings/flows/orders.yaml:\d+:\d+: "):
        ensure_sound(root, flow)


def test_the_mistake_of_another_flow_does_not_stop_this_one(root: Path) -> None:
    flow = load_flows(root).flows["orders"]
    (root / "mappings/other").mkdir()
    (root / "mappings/other/orders.yaml").write_text("reads: nothing\n", encoding="utf-8")

    ensure_sound(root, flow)

    assert not (root / MARK).exists()


def test_the_mistake_of_another_partners_endpoint_does_not_stop_this_flow(root: Path) -> None:
    flow = load_flows(root).flows["orders"]
    settings = root / "mappings/exchange.yaml"
    _edit(settings, "  shopify:", "  other: {type: sftp, host: h.example, user: us, key: {file: k}}\n  shopify:")
    ensure_sound(root, flow)

    _edit(root / "mappings/flows/orders.yaml", "to: erp,", "to: other,")
    with pytest.raises(ConfigurationError, match="no host key is pinned for "):
        ensure_sound(root, load_flows(root).flows["orders"])


def test_what_check_refused_is_looked_at_by_the_run(root: Path) -> None:
    _edit(root / "templates/wms/orders.xml.j2", "order.OrderNumber", "order.OrderNumbr")
    assert run(["--workspace", str(root), "check"]) == 5

    assert not (root / MARK).exists()
    with pytest.raises(ConfigurationError, match="OrderNumbr"):
        ensure_sound(root, load_flows(root).flows["orders"])
