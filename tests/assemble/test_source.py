"""A file named by hand, and which pick-up it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.source import ready_file
from exchange.config.models import Flow
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.errors import TryLater
from exchange.kernel.model import BY_HAND
from tests.assemble.edits import edit


def test_in_a_pick_ups_own_folder_it_is_taken_from_there(root: Path, setup: Setup, flow: Flow) -> None:
    path = root / "data/inbox/shopify/orders/day.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")

    found = ready_file(root, setup.workspace, flow, path)

    assert (found.source.endpoint, found.source.folder, found.source.name, found.pick_up) == (
        "shopify",
        "orders",
        "day.csv",
        0,
    )
    assert found.source.size == 1


@pytest.mark.parametrize("name", ["day.csv", "day.txt"])
def test_anywhere_else_it_is_copied_and_stays(root: Path, setup: Setup, flow: Flow, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x", encoding="utf-8")

    found = ready_file(root, setup.workspace, flow, tmp_path / name)

    assert (found.source.endpoint, found.pick_up) == (BY_HAND, 0)
    assert Path("/", found.source.folder, found.source.name) == tmp_path / name


def test_a_file_that_is_not_there(root: Path, setup: Setup, flow: Flow) -> None:
    with pytest.raises(TryLater, match="there is no file"):
        ready_file(root, setup.workspace, flow, root / "nothing.csv")


def test_a_pick_up_on_a_server_has_no_folder_here(root: Path) -> None:
    server = "  shopify: {type: sftp, host: h.example, user: us, path: data/inbox/shopify}\n  was:"
    edit(root, "mappings/exchange.yaml", "  shopify:", server)
    path = root / "data/inbox/shopify/orders/day.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    setup = load_flows(root)

    assert ready_file(root, setup.workspace, setup.flows["orders"], path).source.endpoint == BY_HAND
