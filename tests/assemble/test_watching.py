"""What is watched, and how an edit of the configuration is taken up while it is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from exchange.assemble.watching import Watching
from exchange.kernel.errors import ConfigurationError
from exchange.triggers.agenda import Post
from tests.flows.shop import Shop

FLOW = "mappings/flows/orders.yaml"
EVERY = timedelta(seconds=30)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A fresh workspace."""
    return Shop(tmp_path / "ws")


def watching(shop: Shop, *names: str) -> tuple[Watching, list[str]]:
    """Return what watches a shop, and what it says."""
    said: list[str] = []
    return Watching(shop.root, names, EVERY, said.append), said


def second_flow(shop: Shop, name: str, endpoint: str) -> None:
    """Add a flow that picks up from another endpoint."""
    text = (shop.root / FLOW).read_text()
    path = shop.root / f"mappings/flows/{name}.yaml"
    path.write_text(text.replace("flow: orders", f"flow: {name}").replace("from: shopify", f"from: {endpoint}"))


def test_folders_of_this_machine_by_events_and_servers_at_their_interval(shop: Shop) -> None:
    server = "  wms_sftp: {type: sftp, host: sftp.example.com, user: u, interval: 55s}\n"
    shop.edit("mappings/exchange.yaml", "  wms: {type", f"{server}  wms: {{type")
    second_flow(shop, "returns", "wms_sftp")

    found, _ = watching(shop)

    inbox = shop.root / "data/inbox/shopify/orders"
    assert found.first() == (
        Post("orders", (inbox,), 30.0, ("shopify/orders",)),
        Post("returns", (), 55.0, ("wms_sftp/orders",)),
    )


def test_a_flow_that_picks_up_at_several_places_has_the_shortest_interval(shop: Shop) -> None:
    server = "  wms_sftp: {type: sftp, host: sftp.example.com, user: u, interval: 5s}\n"
    shop.edit("mappings/exchange.yaml", "  wms: {type", f"{server}  wms: {{type")
    shop.edit(FLOW, "pick_up:", "pick_up:\n  - {from: wms_sftp, folder: orders, mapping: shopify/orders}")

    [post] = watching(shop)[0].first()

    assert (post.interval, post.places) == (5.0, ("wms_sftp/orders", "shopify/orders"))
    assert len(post.folders) == 1


def test_nothing_new_is_told_quickly(shop: Shop) -> None:
    found, said = watching(shop)
    found.first()

    assert (found.again(), found.again(), said) == (None, None, [])


def test_an_edit_counts_from_the_next_look(shop: Shop) -> None:
    """Fault 38: what is under way keeps what it read; the watcher reads again."""
    found, said = watching(shop)
    found.first()
    second_flow(shop, "annex", "erp")

    again = found.again()

    assert again is not None
    assert [post.flow for post in again] == ["annex", "orders"]
    assert said == ["the configuration was edited: watching annex, orders"]
    assert found.again() is None


def test_a_broken_edit_is_said_once_and_waited_for(shop: Shop) -> None:
    found, said = watching(shop)
    found.first()
    shop.edit(FLOW, "deliver:", "delivr:")

    assert found.again() == ()
    assert found.again() is None
    [told] = said
    assert f"{FLOW}:" in told
    assert "deliver" in told
    assert told.endswith("nothing is picked up until then")

    shop.edit(FLOW, "delivr:", "deliver:")
    again = found.again()
    assert again is not None
    assert [post.flow for post in again] == ["orders"]


def test_a_named_flow_that_goes_and_comes_back(shop: Shop) -> None:
    second_flow(shop, "annex", "erp")
    found, said = watching(shop, "annex")
    assert [post.flow for post in found.first()] == ["annex"]

    kept = shop.root / "annex.yaml"
    (shop.root / "mappings/flows/annex.yaml").rename(kept)
    assert found.again() == ()
    kept.rename(shop.root / "mappings/flows/annex.yaml")
    again = found.again()

    assert again is not None
    assert [post.flow for post in again] == ["annex"]
    assert said[0] == "there is no flow annex any more; waiting for it to come back"


def test_all_flows_go_and_come_back(shop: Shop) -> None:
    found, said = watching(shop)
    found.first()
    (shop.root / "mappings/flows").rename(shop.root / "flows")

    assert found.again() == ()
    assert said[0].startswith("mappings/flows: there is no flow; write mappings/flows/<flow>.yaml\nwaiting for these")

    (shop.root / "flows").rename(shop.root / "mappings/flows")
    again = found.again()
    assert again is not None
    assert [post.flow for post in again] == ["orders"]


def test_a_wrong_start_is_no_start(shop: Shop) -> None:
    with pytest.raises(KeyError, match="there is no flow 'ordrs'"):
        watching(shop, "ordrs")[0].first()
    shop.edit(FLOW, "deliver:", "delivr:")
    with pytest.raises(ConfigurationError):
        watching(shop)[0].first()
