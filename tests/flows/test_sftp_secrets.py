"""Secrets of SFTP log-ins: by reference, rotated, and left nowhere (fault 42)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from exchange.config.secrets import DIRECTORY
from tests.flows.partner import SETTINGS, partner
from tests.flows.shop import Ran, Shop, order
from tests.servers.loop_sftp import Account, LoopSftp

OLD, NEW, WRONG = "canary-old-word-4711", "canary-new-word-4712", "canary-wrong-word-4713"


def left_behind(shop: Shop, said: Iterable[Ran], secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Return (where, which) for every secret that a run left: in its output or in any file of the workspace."""
    texts = {"stdout": "".join(ran.out for ran in said), "stderr": "".join(ran.err for ran in said)}
    texts |= {name: content.decode(errors="replace") for name, content in shop.content().items()}
    return [(name, secret) for name, text in texts.items() for secret in secrets if secret in text]


def test_fault_42_no_secret_is_left_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault 42: canaries as pass phrase, private key and password; good and refused log-ins; everything is grepped."""
    phrase, password = "canary-phrase-4711", "canary-password-0815"
    with partner(tmp_path, phrase=phrase) as wms:
        key = wms.keys.path("client")
        wms.ready()
        monkeypatch.setenv("WMS_PHRASE", phrase)
        monkeypatch.setenv("WMS_PASSWORD", password)
        old = f"key: {{file: {key}}}"
        new = f"key: {{file: {key}}}\n    passphrase: {{env: WMS_PHRASE}}\n    password: {{env: WMS_PASSWORD}}"
        wms.shop.edit(SETTINGS, old, new)
        wms.upload("day.csv", order(1))
        said = [
            wms.shop.type("run"),
            wms.shop.type("doctor"),
            wms.shop.type("status"),
            wms.shop.type("check", "--json"),
        ]
        assert said[0].exit == 0, said[0].err

        monkeypatch.setenv("WMS_PHRASE", "canary-wrong-phrase")
        wms.upload("day.csv", order(2))
        said.append(wms.shop.type("run"))
        assert said[-1].exit == 5
        wms.shop.edit(SETTINGS, str(key), str(wms.keys.path("stranger")))
        said.append(wms.shop.type("run"))
        assert said[-1].exit == 6

        secrets = [phrase, password, "canary-wrong-phrase", *key.read_text(encoding="utf-8").splitlines()[1:-1]]
        assert left_behind(wms.shop, said, secrets) == []
        assert "env WMS_PHRASE was read" in wms.journal


# --- a server that asks for passwords -----------------------------------------------------------------------------
@pytest.fixture
def server(tmp_path: Path) -> Iterator[LoopSftp]:
    """It knows the old password only."""
    made = LoopSftp(tmp_path / "files", Account(passwords=(OLD,)))
    (made.root / "incoming").mkdir()
    yield made
    made.close()


@pytest.fixture
def shop(tmp_path: Path, server: LoopSftp, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop that delivers there, with the new password and the old one in the directory of systemd."""
    credentials = tmp_path / "credentials"
    credentials.mkdir(mode=0o700)
    for name, value in (("new", NEW), ("old", OLD), ("wrong", WRONG)):
        (credentials / name).write_text(f"{value}\n", encoding="utf-8")
    monkeypatch.setenv(DIRECTORY, str(credentials))
    made = Shop(tmp_path / "ws")
    made.edit(
        SETTINGS,
        "  wms: {type: local, path: data/outbox/wms}",
        f"  wms: {{type: sftp, host: {server.host}, port: {server.port}, user: {server.user}, "
        f"host_keys: [{server.fingerprint}], password: [{{credential: new}}, {{credential: old}}]}}",
    )
    made.edit("mappings/flows/orders.yaml", "to: wms, folder: orders", "to: wms, folder: incoming")
    return made


def test_two_passwords_are_tried_in_order_and_the_one_that_was_used_is_named(shop: Shop, server: LoopSftp) -> None:
    ran = shop.take("day.csv", order(1))

    assert ran.exit == 0, ran.err
    assert [path.name for path in (server.root / "incoming").iterdir()] == [f"ORD_{ran.row['claim']}_001.xml"]
    assert server.attempts == [("password", server.user)] * 2
    journal = (shop.root / "data/state/journal.log").read_text(encoding="utf-8")
    assert "endpoint wms: credential new was read" in journal
    assert f"logged in to 127.0.0.1 as {server.user} with credential old" in journal
    assert left_behind(shop, [ran], [OLD, NEW]) == []


def test_fault_42_a_refused_password_is_left_nowhere(shop: Shop, server: LoopSftp) -> None:
    """Fault 42 with fault 24: each reference is tried once; the file waits and nothing is told of the value."""
    shop.edit(SETTINGS, "[{credential: new}, {credential: old}]", "{credential: wrong}")
    said = [shop.take("day.csv", order(1)), shop.type("doctor"), shop.type("status")]
    assert said[0].exit == said[1].exit == 6
    assert "credential wrong" in said[0].err
    assert server.attempts == [("password", server.user)] * 2, "one of the run, one of doctor"
    assert left_behind(shop, said, [OLD, NEW, WRONG]) == []

    shop.edit(SETTINGS, "{credential: wrong}", "{credential: old}")
    assert shop.type("run").exit == 0
    assert len(list((server.root / "incoming").iterdir())) == 1


def test_a_literal_is_refused_before_anything_happens_and_not_repeated(shop: Shop, server: LoopSftp) -> None:
    shop.edit(SETTINGS, "[{credential: new}, {credential: old}]", OLD)
    said = [shop.type("check"), shop.type("check", "--json"), shop.type("run"), shop.type("doctor")]
    assert [ran.exit for ran in said] == [5, 5, 5, 5]
    assert all("a secret is never written here" in ran.out + ran.err for ran in said)
    assert [where for where, _ in left_behind(shop, said, [OLD])] == [SETTINGS]
    assert server.attempts == []
