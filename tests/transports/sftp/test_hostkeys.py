"""What a server offers, asked without logging in; what is accepted of it is tests/transports/sftp/test_session.py."""

from __future__ import annotations

import pytest

from exchange.transports.sftp.faults import Lost, Stalled
from exchange.transports.sftp.hostkeys import known_as, scan
from tests.contracts.places import QUICK
from tests.servers.sshd import Keys
from tests.transports.sftp.conftest import Disturb, Serve


def test_every_key_is_shown_with_its_line_for_known_hosts(serve: Serve, keys: Keys) -> None:
    kinds = ("ed25519", "ecdsa", "rsa")
    server = serve(host_keys=tuple(("host", kind) for kind in kinds))

    found = scan(server.host, server.port, QUICK)

    assert [key.algorithm for key in found] == ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"]
    assert [key.fingerprint for key in found] == [keys.fingerprint("host", kind) for kind in kinds]
    name = f"[127.0.0.1]:{server.port}"
    assert [key.line for key in found] == [f"{name} {keys.public('host', kind)}" for kind in kinds]
    assert "user" not in server.log, "nobody logged in"


def test_the_usual_port_has_no_number_in_known_hosts() -> None:
    assert known_as("sftp.example.com", 22) == "sftp.example.com"
    assert known_as("sftp.example.com", 2222) == "[sftp.example.com]:2222"


def test_a_server_that_is_away_is_said(serve: Serve) -> None:
    server = serve()
    server.close()

    with pytest.raises(Lost, match=r"no connection to 127.0.0.1"):
        scan(server.host, server.port, QUICK)


def test_a_server_that_says_nothing_is_let_go(serve: Serve, disturb: Disturb) -> None:
    """Fault 19: before the first byte."""
    chaos = disturb(serve(), stall=0)

    with pytest.raises(Lost) as raised:
        scan(chaos.host, chaos.port, type(QUICK)(connect=5, banner=0.5))
    assert isinstance(raised.value, Stalled) or "banner" in str(raised.value)
