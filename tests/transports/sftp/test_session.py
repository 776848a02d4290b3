"""Who is spoken to: a server whose host key is pinned, with algorithms that are safe, or nobody."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.kernel.exits import Exit
from exchange.transports.sftp.faults import Lost, Unusable
from exchange.transports.sftp.hostkeys import known_as
from exchange.transports.sftp.session import connect
from exchange.transports.sftp.settings import SftpSettings
from tests.contracts.places import settings_of
from tests.servers.sshd import Keys
from tests.transports.sftp.conftest import Disturb, Reach, Serve


def test_the_pinned_server_is_logged_in_to(settings: SftpSettings) -> None:
    session = connect(settings)

    assert session.alive
    assert "OpenSSH" in session.server
    assert session.transport.local_cipher == "aes128-gcm@openssh.com"
    session.close()
    assert not session.alive


def test_a_server_that_nobody_pinned_is_refused(settings: SftpSettings, keys: Keys) -> None:
    """Fault 25: unknown; its fingerprint is printed for comparison, nothing about us is said."""
    with pytest.raises(Unusable) as raised:
        connect(replace(settings, pins=()))

    assert raised.value.exit is Exit.CONFIGURATION
    said = str(raised.value)
    assert f"is unknown: it offers ssh-ed25519 {keys.fingerprint('host')}, and no host key is pinned" in said
    assert "nothing was sent" in said
    assert "`exchange hostkeys scan wms`, then `exchange hostkeys pin wms SHA256:...`" in said


def test_a_server_whose_key_changed_is_refused(settings: SftpSettings, keys: Keys) -> None:
    """Fault 25: changed; both fingerprints are printed, and only an explicit pin helps."""
    with pytest.raises(Unusable) as raised:
        connect(replace(settings, pins=(keys.fingerprint("other"),)))

    said = str(raised.value)
    assert f"it offers ssh-ed25519 {keys.fingerprint('host')}; pinned is {keys.fingerprint('other')}" in said
    assert "somebody may sit in between" in said


def test_no_credential_is_shown_to_a_server_that_is_refused(serve: Serve, keys: Keys) -> None:
    """Fault 25: the server's own log has no user."""
    server = serve()
    for pins in ((), (keys.fingerprint("other"),)):
        with pytest.raises(Unusable):
            connect(settings_of(server, pins=pins))

    assert "preauth" in server.log
    assert "user" not in server.log


def test_only_that_partner_stops(serve: Serve, reach: Reach, keys: Keys) -> None:
    """Fault 25: another endpoint goes on."""
    server = serve()
    (server.root / "orders").mkdir()
    with pytest.raises(Unusable):
        reach(server, pins=(keys.fingerprint("other"),)).list("orders", "*")

    assert reach(server).list("orders", "*").files == ()


def test_several_pins_let_a_server_change_its_key(settings: SftpSettings, keys: Keys) -> None:
    both = (keys.fingerprint("other"), keys.fingerprint("host"))

    connect(replace(settings, pins=both)).close()


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_pin_may_be_that_of_any_of_its_keys(serve: Serve, keys: Keys, kind: str) -> None:
    """A server shows the key of the kind that is asked for first; the others are asked for too."""
    server = serve(host_keys=(("host", "ed25519"), ("host", "ecdsa"), ("host", "rsa")))

    session = connect(settings_of(server, pins=(keys.fingerprint("host", kind),)))

    assert session.transport.get_remote_server_key().fingerprint == keys.fingerprint("host", kind)
    session.close()


@pytest.mark.parametrize("shape", ["plain", "hashed", "several names", "after others"])
def test_a_known_hosts_file_pins_too(serve: Serve, keys: Keys, tmp_path: Path, disturb: Disturb, shape: str) -> None:
    server = serve(host_keys=(("host", "ed25519"), ("host", "rsa")))
    name, known = known_as(server.host, server.port), tmp_path / "known_hosts"
    line = f"{name} {keys.public('host', 'rsa')}"
    known.write_text(
        {
            "plain": f"{line} the warehouse\n",
            "hashed": f"{line}\n",
            "several names": f"sftp.example.com,{line}\n",
            "after others": f"# a note\n\n@cert-authority * {keys.public('other')}\nnonsense\n"
            f"elsewhere {keys.public('other')}\n{name} ssh-unknown AAAA\n{line}\n",
        }[shape],
        encoding="utf-8",
    )
    if shape == "hashed":
        subprocess.run(["ssh-keygen", "-q", "-H", "-f", str(known)], check=True, capture_output=True)
        assert name not in known.read_text(encoding="utf-8")
    chaos = disturb(server)  # another port: as far as the file says, another server

    session = connect(settings_of(server, pins=(), known_hosts=known))
    assert session.transport.get_remote_server_key().get_name() == "ssh-rsa", "the pinned kind is asked for"
    session.close()
    with pytest.raises(Unusable, match="is unknown"):
        connect(settings_of(server, pins=(), known_hosts=known, port=chaos.port))


def test_a_revoked_key_is_refused_whatever_else_says_so(serve: Serve, keys: Keys, tmp_path: Path) -> None:
    server = serve()
    known = tmp_path / "known_hosts"
    name = known_as(server.host, server.port)
    known.write_text(
        f"{name} {keys.public('host')}\n@revoked {name} {keys.public('host')}\n",
        encoding="utf-8",
    )

    with pytest.raises(Unusable, match="not the pinned one"):
        connect(settings_of(server, known_hosts=known))


def test_a_known_hosts_file_that_is_missing_is_said(settings: SftpSettings, tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"known_hosts file .* cannot be read"):
        connect(replace(settings, known_hosts=tmp_path / "none"))


@pytest.mark.parametrize(
    ("lines", "needed"),
    [
        (("Ciphers aes256-cbc", "MACs hmac-sha2-256"), ("aes256-cbc",)),
        (("Ciphers 3des-cbc", "MACs hmac-sha1"), ("3des-cbc", "hmac-sha1")),
        (("Ciphers aes128-ctr", "MACs hmac-md5"), ("hmac-md5",)),
    ],
    ids=["cbc", "3des and sha1", "md5"],
)
def test_old_algorithms_are_off_until_they_are_switched_on(
    serve: Serve, lines: tuple[str, ...], needed: tuple[str, ...]
) -> None:
    server = serve(lines=lines)

    with pytest.raises(Unusable, match=r"no algorithm that is safe enough.*`legacy:`"):
        connect(settings_of(server))

    session = connect(settings_of(server, legacy=needed))
    agreed = {session.transport.local_cipher, session.transport.local_mac}
    session.close()
    assert set(needed) <= agreed


def test_what_was_switched_on_is_not_used_where_better_is_offered(serve: Serve) -> None:
    session = connect(settings_of(serve(), legacy=("aes128-cbc", "hmac-sha1")))

    assert session.transport.local_cipher == "aes128-gcm@openssh.com"
    session.close()


def test_a_server_without_sftp_is_no_place_for_files(serve: Serve) -> None:
    server = serve(options="")
    config = server.home / "config"
    config.write_text(config.read_text(encoding="utf-8").replace("Subsystem", "# Subsystem"), encoding="utf-8")

    with pytest.raises(Lost):
        connect(settings_of(server))
