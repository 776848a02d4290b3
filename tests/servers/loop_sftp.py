"""An SFTP server from the package index: where no sshd is installed, for passwords, and to be mischievous."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh


@dataclass(frozen=True, slots=True)
class Account:
    """Who may log in, and how."""

    user: str = "exchange"
    passwords: tuple[str, ...] = ()
    public_keys: tuple[str, ...] = ()
    """Lines of authorized_keys."""


class Door(asyncssh.SSHServer):
    """Lets the account in, and counts."""

    def __init__(self, server: LoopSftp) -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Remember it."""
        self._server.connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        """Ask everybody."""
        del username
        return True

    def public_key_auth_supported(self) -> bool:
        """Offer keys."""
        return bool(self._server.account.public_keys)

    def password_auth_supported(self) -> bool:
        """Offer passwords."""
        return bool(self._server.account.passwords)

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Count and compare."""
        self._server.attempts.append(("key", username))
        account = self._server.account
        known = [asyncssh.import_public_key(line) for line in account.public_keys]
        return username == account.user and key in known

    def validate_password(self, username: str, password: str) -> bool:
        """Count and compare."""
        self._server.attempts.append(("password", username))
        return username == self._server.account.user and password in self._server.account.passwords


@dataclass
class LoopSftp:
    """A running server in a thread of its own; close it."""

    root: Path
    account: Account
    sftp: Callable[[asyncssh.SSHServerChannel[bytes]], asyncssh.SFTPServer] | None = None
    """Makes what answers requests; None serves `root` and nothing else."""
    options: dict[str, Any] = field(default_factory=dict)
    """More for asyncssh.listen: algorithms, say."""
    host: str = "127.0.0.1"
    port: int = 0
    attempts: list[tuple[str, str]] = field(default_factory=list)
    """Every log-in that was tried."""
    connections: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.host_key = asyncssh.generate_private_key("ssh-ed25519")
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    @property
    def user(self) -> str:
        """Who may log in."""
        return self.account.user

    @property
    def fingerprint(self) -> str:
        """`SHA256:...` of its host key."""
        return self.host_key.get_fingerprint("sha256")

    def close(self) -> None:
        """End the server and every connection; once is enough."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    async def _stop(self) -> None:
        self._acceptor.close()
        await self._acceptor.wait_closed()
        for connection in self.connections:
            connection.abort()
            await connection.wait_closed()
        await asyncio.sleep(0)
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _start(self) -> None:
        def serve(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
            return asyncssh.SFTPServer(channel, chroot=str(self.root).encode())

        self._acceptor = await asyncssh.listen(
            self.host,
            0,
            server_factory=lambda: Door(self),
            server_host_keys=[self.host_key],
            sftp_factory=self.sftp or serve,
            **self.options,
        )
        self.port = self._acceptor.get_port()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
