"""Endpoints are made when they are first used, once in a process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from exchange.assemble.endpoints import ENDPOINTS, Places, is_remote
from exchange.config.endpoints import Endpoint, SftpEndpoint
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.errors import TryLater
from exchange.kernel.model import BY_HAND, HELD, REJECTS
from tests.assemble.edits import edit

SERVER = """\
  wms_sftp: {type: sftp, host: sftp.example.com, user: us, key: {file: k}}
"""


@pytest.fixture
def two(root: Path) -> Setup:
    """The starter with a server beside its folders."""
    edit(root, "mappings/exchange.yaml", "  shopify:", f"{SERVER}  shopify:")
    return load_flows(root)


def test_the_products_own_places_are_there_too(setup: Setup, root: Path) -> None:
    places = Places(setup)
    assert {"shopify", "wms", "erp", REJECTS, HELD, BY_HAND} <= set(places)
    assert len(places) == len(set(places))
    assert "wms" in places
    assert "nowhere" not in places
    assert places["shopify"].list("orders", "*").files == ()
    assert (root / "data/inbox/shopify/orders").is_dir()
    with pytest.raises(KeyError):
        places["nowhere"]


def test_an_endpoint_is_made_once(setup: Setup) -> None:
    places = Places(setup)
    assert places["wms"] is places["wms"]
    assert places[REJECTS] is places[REJECTS]


def test_a_mount_marker_that_is_missing_is_down_and_not_empty(root: Path) -> None:
    edit(
        root, "mappings/exchange.yaml", "path: data/inbox/shopify}", "path: data/inbox/shopify, mount_marker: .mounted}"
    )
    shopify = Places(load_flows(root))["shopify"]
    with pytest.raises(TryLater, match="mounted"):
        shopify.list("orders", "*")
    (root / "data/inbox/shopify/.mounted").touch()
    assert shopify.list("orders", "*").files == ()


def test_what_lies_on_another_machine_is_known_without_connecting(two: Setup) -> None:
    assert [name for name in two.workspace.endpoints if is_remote(two, name)] == ["wms_sftp"]


def test_a_server_that_is_not_used_costs_nothing(two: Setup) -> None:
    """In a process of its own: neither paramiko nor a connection, until the endpoint is asked for."""
    script = (
        "import sys; from pathlib import Path\n"
        "from exchange.assemble.endpoints import Places; from exchange.config.workspace import load_flows\n"
        f"places = Places(load_flows(Path({str(two.root)!r})))\n"
        "assert 'wms_sftp' in places and list(places) and places['wms']\n"
        "assert 'paramiko' not in sys.modules\n"
        "places['wms_sftp']; places.close()\n"
        "assert 'paramiko' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_every_endpoint_type_of_the_configuration_is_made_somewhere() -> None:
    union = get_args(Endpoint)[0]
    kinds = [get_args(branch)[0] for branch in get_args(union)]
    assert {get_args(kind.model_fields["type"].annotation)[0] for kind in kinds} == set(ENDPOINTS)
    assert SftpEndpoint in kinds
