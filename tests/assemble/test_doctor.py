"""Which folders are examined, what decides the exit code, whose profile is kept; the test says what probes find."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble import doctor
from exchange.assemble.doctor import Examined, examine
from exchange.assemble.sftp import profile_of
from exchange.config.endpoints import SftpEndpoint
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.errors import TryLater
from exchange.kernel.exits import Exit
from exchange.transports.probing import ProbeRow
from exchange.transports.sftp.settings import Profile, SftpSettings
from tests.assemble.edits import edit

FINE = ProbeRow("connect", ok=True, found="OpenSSH")
PROFILE = Profile(posix_rename=True)
FLOW = "mappings/flows/orders.yaml"


@pytest.fixture
def server(root: Path) -> Setup:
    """The starter, with two folders of a server in its flow."""
    pins = f"host_keys: [SHA256:{'a' * 43}], path: in, legacy: [hmac-sha1]"
    line = f"  wms_sftp: {{type: sftp, host: h.example, user: us, key: {{file: k}}, {pins}}}\n  shopify:"
    edit(root, "mappings/exchange.yaml", "  shopify:", line)
    edit(root, FLOW, "  # - {", "  - {")
    return load_flows(root)


def tell(monkeypatch: pytest.MonkeyPatch, *answers: tuple[list[ProbeRow], Profile | None] | TryLater) -> list[str]:
    """Let the server answer so, once for each folder; returns the folders that are asked for."""
    left, asked = list(answers), list[str]()

    def probe(settings: SftpSettings) -> tuple[list[ProbeRow], Profile | None]:
        asked.append(settings.root)
        answer = left.pop(0)
        if isinstance(answer, TryLater):
            raise answer
        return answer

    monkeypatch.setattr(doctor, "load", lambda _row: probe)
    return asked


def model(setup: Setup) -> SftpEndpoint:
    found = setup.workspace.endpoints["wms_sftp"]
    assert isinstance(found, SftpEndpoint)
    return found


def test_each_folder_that_a_flow_uses_is_examined(server: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tell(monkeypatch, ([FINE], None), ([FINE], PROFILE))
    found = list(examine(server, "wms_sftp"))
    assert asked == ["in/incoming", "in/orders"]
    assert [each.place for each in found] == ["us@h.example:22 in/incoming", "us@h.example:22 in/orders"]
    assert [each.exit for each in found] == [Exit.FINE, Exit.FINE]
    assert profile_of("wms_sftp", model(server), server.root) == PROFILE


def test_weak_algorithms_stay_named(server: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch, ([FINE], None), ([FINE], None))
    first, *_ = examine(server, "wms_sftp")
    assert first.rows[-1].what == "legacy"
    assert first.rows[-1].found == "weak, switched on here: hmac-sha1"
    assert "remove `legacy:`" in first.rows[-1].advice
    assert profile_of("wms_sftp", model(server), server.root) is None, "nothing was measured"


def test_a_server_that_is_away_is_asked_once(server: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = tell(monkeypatch, TryLater("no connection"))
    [found] = examine(server, "wms_sftp")
    assert len(asked) == 1
    assert (found.exit, found.rows[0].found) == (Exit.UNAVAILABLE, "no connection")


def test_one_folder_that_cannot_be_written_does_not_hide_the_other(
    server: Setup, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = ProbeRow("write", ok=False, found="refused", advice="ask the partner")
    tell(monkeypatch, ([FINE, denied], None), ([FINE], PROFILE))
    assert [each.exit for each in examine(server, "wms_sftp")] == [Exit.UNAVAILABLE, Exit.FINE]


def test_mistakes_of_other_endpoints_are_theirs(server: Setup, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(server.root, "mappings/exchange.yaml", "  shopify:", "  b: {type: sftp, host: b, user: b}\n  shopify:")
    setup = load_flows(server.root)
    tell(monkeypatch, ([FINE], None), ([FINE], None))
    assert all(each.exit is Exit.FINE for each in examine(setup, "wms_sftp"))
    [other] = examine(setup, "b")
    assert (other.exit, len(other.rows)) == (Exit.CONFIGURATION, 2)


@pytest.mark.parametrize(
    ("kind", "marker", "said", "advised"),
    [
        (None, "", "of this machine", False),
        ("nfs4", "", "nfs4, shared over a network: `watch` polls it", True),
        ("nfs4", ", mount_marker: .mounted", "nfs4, shared over a network: `watch` polls it", False),
    ],
)
def test_the_file_system_of_a_folder(
    root: Path, monkeypatch: pytest.MonkeyPatch, kind: str | None, marker: str, said: str, *, advised: bool
) -> None:
    edit(root, "mappings/exchange.yaml", "path: data/outbox/wms}", f"path: data/outbox/wms{marker}}}")
    (root / "data/outbox/wms").mkdir(parents=True)
    (root / "data/outbox/wms/.mounted").touch()
    monkeypatch.setattr(doctor, "network_type", lambda _path: kind)
    [found] = examine(load_flows(root), "wms")
    assert isinstance(found, Examined)
    assert (found.rows[-1].found, bool(found.rows[-1].advice)) == (said, advised)
