"""What timers are made of: where things lie, whom they belong to, which secrets a flow needs."""

from __future__ import annotations

import os
import pwd
import sys
from pathlib import Path

import pytest

from exchange.assemble.timed import installation, owner, timed
from exchange.config.workspace import load_flows
from exchange.kernel.errors import ConfigurationError
from tests.flows.shop import Shop

SERVER = """\
  wms_sftp:
    type: sftp
    host: sftp.example.com
    user: u
    key: [{credential: wms_key_new}, {credential: wms_key}]
    passphrase: {file: secrets/passphrase}
    password: {credential: wms_password}
  spare: {type: sftp, host: spare.example.com, user: u, password: {credential: spare}}
  share: {type: local, path: /mnt/share}
  within: {type: local, path: /mnt/share/within}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A workspace whose flow delivers over SFTP too."""
    shop = Shop(tmp_path / "ws")
    shop.edit("mappings/exchange.yaml", "  wms: {type", f"{SERVER}  wms: {{type")
    shop.edit(
        "mappings/flows/orders.yaml",
        "deliver:",
        'timezone: Europe/Berlin\ndeliver:\n  - {to: wms_sftp, mapping: erp/orders, name: "x_{claim}.csv"}',
    )
    return shop


def test_flows_with_a_schedule_and_the_credentials_they_need(shop: Shop) -> None:
    setup = load_flows(shop.root)

    [found] = timed(setup, setup.chosen(()))

    assert (found.flow, found.schedule, found.zone) == ("orders", "*/5 * * * *", "Europe/Berlin")
    assert found.credentials == ("wms_key", "wms_key_new", "wms_password")


def test_flows_without_a_schedule_are_left_out(shop: Shop) -> None:
    shop.edit("mappings/flows/orders.yaml", 'schedule: "*/5 * * * *"\n', "")
    setup = load_flows(shop.root)
    assert timed(setup, setup.chosen(())) == ()


def test_where_this_installation_lies(shop: Shop) -> None:
    found = installation(load_flows(shop.root))

    assert found.command.is_absolute()
    assert os.access(found.command, os.X_OK)
    assert found.python == Path(sys.executable)
    assert found.workspace == shop.root
    assert found.writes == (Path("/mnt/share"),), "data/ and what lies within another folder go without saying"
    assert shop.root / "secrets/passphrase" in found.reads
    assert any(Path(sys.prefix).is_relative_to(path) for path in found.reads)


def test_without_a_command_there_is_nothing_to_start(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(shop.root))
    monkeypatch.setenv("PATH", str(shop.root))
    with pytest.raises(ConfigurationError, match="there is no command `exchange`"):
        installation(load_flows(shop.root))


def test_nothing_runs_as_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def owned_by(number: int) -> str:
        class Seen:
            st_uid = number

        with monkeypatch.context() as patch:
            patch.setattr(Path, "stat", lambda _: Seen)
            return owner(tmp_path)

    assert owned_by(0) == "exchange"
    assert owned_by(pwd.getpwnam("daemon").pw_uid) == "daemon"
    assert owned_by(4_000_000_000) == "4000000000"
