"""An SFTP server that asks for a key and then for a password."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_PARTIALLY_SUCCESSFUL, AUTH_SUCCESSFUL, OPEN_SUCCEEDED


class _Door(paramiko.ServerInterface):
    def __init__(self, public: str, password: str) -> None:
        self._public = public
        self._password = password
        self._had_key = False

    def get_allowed_auths(self, username: str) -> str:
        del username
        return "password" if self._had_key else "publickey,password"

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        del username
        if f"{key.get_name()} {key.get_base64()}" != self._public:
            return AUTH_FAILED
        self._had_key = True
        return AUTH_PARTIALLY_SUCCESSFUL

    def check_auth_password(self, username: str, password: str) -> int:
        del username
        return AUTH_SUCCESSFUL if self._had_key and password == self._password else AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        del kind, chanid
        return OPEN_SUCCEEDED


class TwoFactor:
    """A running server; close it."""

    host = "127.0.0.1"

    def __init__(self, host_key: Path, public: str, password: str) -> None:
        self._key = paramiko.RSAKey.from_private_key_file(str(host_key))
        self._public = public
        self._password = password
        self._transports: list[paramiko.Transport] = []
        self._listener = socket.create_server((self.host, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for transport in self._transports:
            transport.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            self._transports.append(transport)
            transport.add_server_key(self._key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer)
            with suppress(paramiko.SSHException, EOFError):
                transport.start_server(server=_Door(self._public, self._password))
