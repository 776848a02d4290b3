"""Opens the encrypted connection to a server: socket, algorithms, key exchange; trusts nobody and logs in nowhere."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from paramiko import Transport
from paramiko.ssh_exception import IncompatiblePeer, SSHException

from exchange.transports.sftp.faults import Lost, Stalled
from exchange.transports.sftp.settings import LEGACY, Timeouts

KEY_TYPES = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256",),
    ("ecdsa-sha2-nistp384",),
    ("ecdsa-sha2-nistp521",),
    ("rsa-sha2-512", "rsa-sha2-256"),
)
"""Host keys by kind, best first; a server has at most one of each."""
CIPHERS = (
    "aes128-gcm@openssh.com",  # first, because it is the fastest by far
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
MACS = ("hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512")

# What happens in paramiko's threads reaches us as exceptions; its own log lines would end on stderr.
logging.getLogger("paramiko").addHandler(logging.NullHandler())


def dial(host: str, port: int, timeouts: Timeouts, key_types: Sequence[str], legacy: Sequence[str] = ()) -> Transport:
    """Return a connection after the key exchange; the caller looks at the host key before anything else.

    Raises IncompatiblePeer where no algorithm fits, Lost and Stalled where the server cannot be reached.
    """
    try:
        plain = socket.create_connection((host, port), timeouts.connect)
    except TimeoutError:
        raise Stalled(f"no connection to {host}:{port} within {timeouts.connect:g} s") from None
    except OSError as fault:
        raise Lost(f"no connection to {host}:{port}: {fault.strerror or fault}") from fault
    _tune(plain, timeouts)
    try:
        transport = Transport(plain)
    except (SSHException, EOFError, OSError) as fault:
        plain.close()
        raise Lost(f"no connection to {host}:{port}: {fault}") from fault
    _choose(transport, key_types, legacy)
    transport.banner_timeout = transport.handshake_timeout = timeouts.banner
    transport.auth_timeout = timeouts.auth
    transport.channel_timeout = timeouts.channel
    with hung_up_on_failure(transport), bounded(transport, 2 * timeouts.banner, f"{host}:{port} did not say who it is"):
        transport.start_client(timeout=2 * timeouts.banner)
        transport.get_remote_server_key()
    return transport


def hang_up(transport: Transport) -> None:
    """Close a connection and wait for its thread."""
    transport.close()


@contextmanager
def hung_up_on_failure(transport: Transport) -> Iterator[None]:
    """Close the connection where the block fails."""
    try:
        yield
    except BaseException:
        hang_up(transport)
        raise


@contextmanager
def bounded(transport: Transport, seconds: float, what: str) -> Iterator[None]:
    """End what the block waits for after so many seconds, by closing the connection: some waits have no other end.

    Everything that tells of a broken connection leaves the block as Lost, and Stalled where time was up.
    """
    late = threading.Event()

    def cut() -> None:
        late.set()
        transport.close()

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except IncompatiblePeer:
        raise
    except (SSHException, EOFError, OSError, Lost) as fault:
        if late.is_set():
            raise Stalled(f"{what} within {seconds:g} s") from fault
        if isinstance(fault, Lost):
            raise
        raise Lost(str(fault) or "the connection was closed") from fault
    finally:
        timer.cancel()


def _tune(plain: socket.socket, timeouts: Timeouts) -> None:
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # A link that died and a server that takes nothing more: the kernel gives up, however long paramiko would go on.
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(timeouts.channel * 1000))


def _choose(transport: Transport, key_types: Sequence[str], legacy: Sequence[str]) -> None:
    """Set the algorithms in order of preference; the old ones come last, and only where they were switched on."""
    wanted = [name for name in LEGACY if name in legacy]
    options = transport.get_security_options()
    options.ciphers = (*CIPHERS, *(name for name in wanted if name.endswith("-cbc")))
    options.digests = (*MACS, *(name for name in wanted if name.startswith("hmac-")))
    options.key_types = tuple(key_types)
