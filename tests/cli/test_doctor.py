"""`exchange doctor` over folders of this machine; over a real server in tests/flows/test_sftp.py."""

from __future__ import annotations

from tests.flows.shop import Shop

SETTINGS = "mappings/exchange.yaml"


def test_every_endpoint_is_tried_and_nothing_is_left(shop: Shop) -> None:
    before = {name for name in shop.content() if not name.startswith("data/state")}
    ran = shop.type("doctor")
    assert (ran.exit, ran.err) == (0, "")
    assert [line for line in ran.out.splitlines() if not line.startswith(" ")] == [
        "shopify (local) data/inbox/shopify/orders",
        "wms (local) data/outbox/wms/orders",
        "erp (local) data/outbox/erp/orders",
    ]
    assert ran.out.count("  ok    rename onto an existing name  replaced in one step\n") == 3
    assert {name for name in shop.content() if not name.startswith("data/state")} == before


def test_one_object_a_folder(shop: Shop) -> None:
    row = shop.type("doctor", "wms", "--json").row
    assert (row["endpoint"], row["type"], row["place"], row["ok"]) == ("wms", "local", "data/outbox/wms/orders", True)
    assert [each["what"] for each in row["rows"]] == [
        "list", "write", "write a second", "clock", "rename onto an existing name", "remove", "free space",
        "file system",
    ]  # fmt: skip


def test_what_is_wrong_is_said_with_what_to_do_and_ends_with_6(shop: Shop) -> None:
    shop.edit(SETTINGS, "path: data/outbox/wms}", "path: data/outbox/wms, mount_marker: .mounted}")
    ran = shop.type("doctor")
    assert ran.exit == 6
    assert f"  FAIL  mount marker  {shop.root}/data/outbox/wms/.mounted is missing\n" in ran.out
    assert "-> mount the share, then try again\n" in ran.out
    assert ran.err == "1 place of 3 needs attention\n"
    assert shop.type("doctor", "erp").exit == 0


def test_a_server_whose_key_is_not_pinned_is_5_and_nothing_is_sent(shop: Shop) -> None:
    server = "  wms_sftp: {type: sftp, host: no.such.host.invalid, user: us, key: {file: k}}\n  shopify:"
    shop.edit(SETTINGS, "  shopify:", server)
    ran = shop.type("doctor", "wms_sftp")
    assert ran.exit == 5
    assert "FAIL  configuration  no host key is pinned for no.such.host.invalid" in ran.out
    assert "exchange hostkeys scan wms_sftp" in ran.out


def test_an_unknown_endpoint(shop: Shop) -> None:
    ran = shop.type("doctor", "wsm")
    assert (ran.exit, "did you mean 'wms'?" in ran.err) == (2, True)


def test_a_dry_run_touches_nothing(shop: Shop) -> None:
    before = shop.content()
    ran = shop.type("doctor", "--dry-run")
    assert (ran.exit, ran.out.splitlines()[0]) == (0, "would try shopify: data/inbox/shopify/orders")
    assert shop.type("doctor", "wms", "--dry-run", "--json").row == {
        "endpoint": "wms", "place": "data/outbox/wms/orders",
    }  # fmt: skip
    assert shop.content() == before
    assert not (shop.root / "data/outbox").exists()
