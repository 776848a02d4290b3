"""The way to a server before anybody trusts anybody; what is agreed on is tests/transports/sftp/test_session.py."""

from __future__ import annotations

import logging
import socket
import threading
from contextlib import closing

import pytest

from exchange.transports.sftp.dial import CIPHERS, KEY_TYPES, MACS, bounded, dial, hang_up
from exchange.transports.sftp.faults import Lost, Stalled
from exchange.transports.sftp.settings import LEGACY, Timeouts
from tests.contracts.places import QUICK
from tests.transports.sftp.conftest import Serve

ALL = [name for kind in KEY_TYPES for name in kind]


def test_no_old_algorithm_is_among_the_usual_ones() -> None:
    usual = {*CIPHERS, *MACS}

    assert not usual & set(LEGACY)
    assert not [name for name in usual if "cbc" in name or "3des" in name or "md5" in name or "sha1" in name]
    assert CIPHERS[0] == "aes128-gcm@openssh.com"


def test_the_line_does_not_wait_for_more_to_send(serve: Serve) -> None:
    server = serve()

    transport = dial(server.host, server.port, QUICK, ALL)

    plain = transport.sock
    assert isinstance(plain, socket.socket)
    assert plain.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert plain.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == QUICK.channel * 1000
    hang_up(transport)


@pytest.mark.parametrize("greeting", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-x\r\n" + b"\0" * 64])
def test_what_is_no_ssh_server_is_said_and_leaves_no_trace(greeting: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(greeting)

        thread = threading.Thread(target=answer)
        thread.start()
        port = listener.getsockname()[1]

        with pytest.raises(Lost):
            dial("127.0.0.1", port, Timeouts(connect=2, banner=1), ALL)
        thread.join()

    assert capfd.readouterr() == ("", ""), "what goes wrong in a thread reaches us as an exception, not stderr"


def test_a_name_that_leads_nowhere_is_said() -> None:
    with pytest.raises(Lost, match=r"no connection to sftp.invalid:22"):
        dial("sftp.invalid", 22, Timeouts(connect=5), ALL)


def test_a_wait_without_an_end_is_ended(serve: Serve) -> None:
    server = serve()
    transport = dial(server.host, server.port, QUICK, ALL)

    def wait() -> None:
        with bounded(transport, 0.2, "nothing came"):
            transport.join(20)  # ends when the connection is closed
            raise EOFError

    with pytest.raises(Stalled, match=r"nothing came within 0.2 s"):
        wait()
    assert not transport.is_active()


def test_its_library_is_quiet() -> None:
    assert any(isinstance(handler, logging.NullHandler) for handler in logging.getLogger("paramiko").handlers)
