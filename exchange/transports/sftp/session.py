"""One connection to one server: dialled, its host key accepted, logged in, and an SFTP session open on it."""

from __future__ import annotations

from dataclasses import dataclass

from paramiko import Transport
from paramiko.ssh_exception import IncompatiblePeer

from exchange.transports.sftp.dial import KEY_TYPES, bounded, dial, hang_up, hung_up_on_failure
from exchange.transports.sftp.faults import Unusable
from exchange.transports.sftp.hostkeys import Offered, accepted, offered, refusal
from exchange.transports.sftp.login import LogIn, ensure_not_refused
from exchange.transports.sftp.settings import SftpSettings
from exchange.transports.sftp.wire import Wire


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection; close it."""

    transport: Transport
    wire: Wire

    @property
    def server(self) -> str:
        """What the server calls itself: `SSH-2.0-OpenSSH_9.2p1`."""
        return str(self.transport.remote_version)

    @property
    def alive(self) -> bool:
        """Whether the connection stands, as far as is known."""
        return self.transport.is_active()

    def close(self) -> None:
        """Hang up."""
        hang_up(self.transport)


def connect(settings: SftpSettings) -> Session:
    """Open a session.

    Raises Lost and Stalled where the server cannot be reached, Unusable where its host key is not accepted or a
    credential cannot be used, TryLater where it refuses the log-in.
    """
    ensure_not_refused(settings)
    log_in, times = LogIn(settings), settings.timeouts
    patience = times.auth * max(1, len(settings.keys) + len(settings.passwords))
    while True:
        transport = trusted(settings)
        with hung_up_on_failure(transport):
            with bounded(transport, patience, "the log-in was not answered"):
                accepted_us = log_in.on(transport)
            if accepted_us:
                with bounded(transport, times.channel, "no SFTP session was opened"):
                    channel = transport.open_session(timeout=times.channel)
                    channel.invoke_subsystem("sftp")
                return Session(transport, Wire(channel, times.channel))
        hang_up(transport)


def trusted(settings: SftpSettings) -> Transport:
    """Return a connection to a server whose host key is accepted; nothing about us was said to any other."""
    pinned = accepted(settings)
    kinds = sorted(KEY_TYPES, key=lambda kind: not any(_is(kind, name) for name in pinned.types))
    shown: list[Offered] = []
    while kinds:
        try:
            types = [name for kind in kinds for name in kind]
            transport = dial(settings.host, settings.port, settings.timeouts, types, settings.legacy)
        except IncompatiblePeer as fault:
            if shown:
                break
            raise Unusable(_nothing_in_common(settings, fault)) from fault
        key = transport.get_remote_server_key()
        if pinned.accepts(key):
            return transport
        # It shows one key only, and has others perhaps: a pin may be that of another kind.
        hang_up(transport)
        shown.append(offered(settings.host, settings.port, key))
        kinds = [kind for kind in kinds if not _is(kind, key.get_name())] if pinned.fingerprints else []
    raise refusal(settings, pinned, shown)


def _is(kind: tuple[str, ...], name: str) -> bool:
    """Tell whether a key of this name is of a kind; RSA keys are named apart from their signatures."""
    return name in kind or (name == "ssh-rsa" and kind[0].startswith("rsa-"))


def _nothing_in_common(settings: SftpSettings, fault: IncompatiblePeer) -> str:
    return (
        f"{settings.name}: {settings.host}:{settings.port} offers no algorithm that is safe enough ({fault}); ask the "
        f"partner for a newer server, or allow an old algorithm with `legacy:` (`exchange doctor {settings.name}` "
        "names it); nothing was sent"
    )
