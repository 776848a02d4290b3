"""`exchange hostkeys`, with a server whose keys are said by the test."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from exchange.assemble import hostkeys
from exchange.transports.sftp.faults import Lost
from tests.config.test_known_hosts import FINGERPRINT, KEY, OTHER
from tests.flows.shop import Shop

SERVER = "  wms_sftp: {type: sftp, host: h.example, user: us, key: {file: k}}\n  shopify:"
SECOND = "SHA256:9hFbzsDBYW4XR4KcGUGU/0ZXTCkwX8Wn1vZ3DgoWn7I"


@dataclass(frozen=True)
class Key:
    """A key that the server offers."""

    algorithm: str
    fingerprint: str
    line: str


ED = Key("ssh-ed25519", FINGERPRINT, f"h.example ssh-ed25519 {KEY}")


@pytest.fixture
def server(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[Key]:
    """What the server offers; the test may change it."""
    offered = [ED]

    def scan(host: str, port: int, timeouts: object) -> list[Key]:
        assert (host, port) == ("h.example", 22)
        assert timeouts
        return list(offered)

    monkeypatch.setattr(hostkeys, "load", lambda _row: scan)
    shop.edit("mappings/exchange.yaml", "  shopify:", SERVER)
    return offered


def pinned(shop: Shop) -> list[str]:
    """The lines of the known_hosts file that are no comments."""
    path = shop.root / "mappings/known_hosts"
    return [line for line in path.read_text().splitlines() if not line.startswith("#")] if path.exists() else []


def test_scan_shows_and_trusts_nothing(shop: Shop, server: list[Key]) -> None:
    ran = shop.type("hostkeys", "scan", "wms_sftp")
    assert (ran.exit, len(server)) == (0, 1)
    assert ran.out == f"wms_sftp: h.example port 22 offers\n  ssh-ed25519          {FINGERPRINT}  not pinned\n"
    assert "Ask the partner for their fingerprint another way" in ran.err
    assert "exchange hostkeys pin wms_sftp SHA256:..." in ran.err
    assert pinned(shop) == []
    assert shop.type("hostkeys", "scan", "wms_sftp", "--json").row == {
        "endpoint": "wms_sftp",
        "host": "h.example",
        "port": 22,
        "algorithm": "ssh-ed25519",
        "fingerprint": FINGERPRINT,
        "pinned": False,
    }


@pytest.mark.usefixtures("server")
def test_pin_writes_the_key_with_who_and_when_and_records_why(shop: Shop) -> None:
    would = shop.type("hostkeys", "pin", "wms_sftp", FINGERPRINT, "--dry-run")
    assert (would.exit, pinned(shop)) == (0, [])
    assert would.out.startswith("would have pinned")

    ran = shop.type("hostkeys", "pin", "wms_sftp", FINGERPRINT, "--as", "Mara", "--reason", "by telephone")

    assert (ran.exit, ran.err) == (0, "next: exchange doctor wms_sftp\n")
    [line] = pinned(shop)
    assert line.startswith(f"h.example ssh-ed25519 {KEY} wms_sftp pinned 20")
    assert line.endswith("by Mara")
    [action] = shop.ledger_actions()
    assert (action.who, action.what, action.subject, action.reason) == (
        "Mara", "hostkeys pin", f"wms_sftp {FINGERPRINT}", "by telephone",
    )  # fmt: skip
    assert "pinned\n" in shop.type("hostkeys", "scan", "wms_sftp").out
    again = shop.type("hostkeys", "pin", "wms_sftp", FINGERPRINT, "--json")
    assert (again.row["done"], again.row["file"]) == ("pinned already", "mappings/known_hosts")
    assert pinned(shop) == [line]
    assert shop.type("check").exit == 0


def test_a_changed_key_is_pinned_beside_or_instead(shop: Shop, server: list[Key]) -> None:
    shop.type("hostkeys", "pin", "wms_sftp", FINGERPRINT)
    server[:] = [Key("ssh-ed25519", SECOND, f"h.example ssh-ed25519 {OTHER}")]
    scanned = shop.type("hostkeys", "scan", "wms_sftp")
    assert f"pinned, but not offered any more: {FINGERPRINT}" in scanned.err
    assert scanned.err.rstrip().endswith("--replace")
    assert "pinned beside 1 other(s)" in shop.type("hostkeys", "pin", "wms_sftp", SECOND).out
    assert len(pinned(shop)) == 2
    assert shop.type("hostkeys", "pin", "wms_sftp", SECOND, "--replace").exit == 0
    [line] = pinned(shop)
    assert OTHER in line


@pytest.mark.usefixtures("server")
def test_what_the_server_does_not_show_is_not_pinned(shop: Shop) -> None:
    ran = shop.type("hostkeys", "pin", "wms_sftp", SECOND)
    assert ran.exit == 2
    assert f"offers no key {SECOND}, only {FINGERPRINT}" in ran.err
    assert pinned(shop) == []


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("scan", "shopify"), "is a folder of this machine: it has no host key"),
        (("scan", "wms_sfpt"), "did you mean 'wms_sftp'?"),
        (("pin", "wms_sftp", "MD5:aa"), "is no fingerprint: SHA256: and 43 characters"),
    ],
)
def test_what_cannot_be_asked(shop: Shop, words: tuple[str, ...], said: str) -> None:
    ran = shop.type("hostkeys", *words)
    assert (ran.exit, said in ran.err) == (2, True)


def test_a_server_that_is_away_is_6(shop: Shop, server: list[Key], monkeypatch: pytest.MonkeyPatch) -> None:
    server.clear()
    ran = shop.type("hostkeys", "scan", "wms_sftp")
    assert (ran.exit, "offers no host key of a kind that is safe" in ran.err) == (6, True)

    def away(*_: object) -> list[Key]:
        raise Lost("no connection to h.example:22: refused")

    monkeypatch.setattr(hostkeys, "load", lambda _row: away)
    ran = shop.type("hostkeys", "scan", "wms_sftp")
    assert (ran.exit, "check host and port" in ran.err) == (6, True)
