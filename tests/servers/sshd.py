"""A real OpenSSH server on loopback: own keys, own configuration, a port that is free, gone with its test.

Each connection gets an `sshd -i` of its own, as from inetd: that way the port can be 0, nothing is daemonised, and the
processes of one connection are known.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
SERVER = next(
    (path for path in map(Path, ("/usr/lib/openssh/sftp-server", "/usr/libexec/sftp-server")) if path.exists()), None
)


def missing() -> str:
    """Return why a real OpenSSH server cannot run here, empty where it can."""
    if SSHD is None or SERVER is None:
        return "OpenSSH's server is not installed (Debian: openssh-server)"
    return ""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of one test run."""

    folder: Path

    def path(self, name: str, kind: str = "ed25519", phrase: str = "") -> Path:
        """Return the path of a private key, made when first asked for; the public one lies beside it."""
        path = self.folder / f"{name}_{kind}"
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            command = ["ssh-keygen", "-q", "-t", kind, "-N", phrase, "-C", name, "-f", str(path)]
            subprocess.run([*command, *(["-b", "2048"] if kind == "rsa" else [])], check=True, capture_output=True)
        return path

    def fingerprint(self, name: str, kind: str = "ed25519") -> str:
        """Return `SHA256:...` of a key."""
        command = ["ssh-keygen", "-l", "-f", f"{self.path(name, kind)}.pub"]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[1]

    def public(self, name: str, kind: str = "ed25519") -> str:
        """Return algorithm and key, without the comment."""
        words = self.path(name, kind).with_name(f"{name}_{kind}.pub").read_text(encoding="utf-8").split()
        return " ".join(words[:2])


@dataclass(frozen=True, slots=True)
class Setup:
    """How a server is set up."""

    host_keys: tuple[tuple[str, str], ...] = (("host", "ed25519"),)
    """(name, kind) of its host keys."""
    users: tuple[str, ...] = ("client_ed25519",)
    """File names of the keys that may log in."""
    options: str | None = None
    """Options of `sftp-server`; None is internal-sftp."""
    tracer: str = ""
    """A command that `sftp-server` is run by, `strace -o FILE` say."""
    lines: tuple[str, ...] = ()
    """More lines of its configuration."""


@dataclass
class Sshd:
    """A running server; close it."""

    home: Path
    """Where its configuration and log lie."""
    root: Path
    """Where a log-in leads."""
    keys: Keys
    setup: Setup = field(default_factory=Setup)
    host: str = "127.0.0.1"
    port: int = 0
    user: str = field(default_factory=getpass.getuser)
    connections: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.root.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self._configure()
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def log(self) -> str:
        """What the server has to say."""
        path = self.home / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def stop(self) -> None:
        """Let every connection hang, as a server does that is out of breath."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let them go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End every connection at once."""
        self._signal(signal.SIGKILL)

    def close(self) -> None:
        """End the server."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        self.kill()
        for connection in self.connections:
            connection.wait()

    def _signal(self, number: signal.Signals) -> None:
        for connection in self.connections:
            if connection.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(connection.pid, number)

    def _configure(self) -> None:
        subsystem = f"internal-sftp -d {self.root}" if self.setup.options is None else self._external()
        authorized = self.home / "authorized_keys"
        names = [self.keys.folder / f"{name}.pub" for name in self.setup.users]
        self.keys.path("client")
        authorized.write_text("".join(path.read_text(encoding="utf-8") for path in names), encoding="utf-8")
        lines = [
            *(f"HostKey {self.keys.path(name, kind)}" for name, kind in self.setup.host_keys),
            f"AuthorizedKeysFile {authorized}",
            "AuthenticationMethods publickey",
            "PermitRootLogin yes",
            "StrictModes no",
            "UsePAM no",
            "UseDNS no",
            "PidFile none",
            "LogLevel VERBOSE",
            f"Subsystem sftp {subsystem}",
        ]
        # The first line that speaks of a keyword wins.
        (self.home / "config").write_text("\n".join([*self.setup.lines, *lines, ""]), encoding="utf-8")

    def _external(self) -> str:
        return f"{self.setup.tracer} {SERVER} -d {self.root} {self.setup.options}"

    def _serve(self) -> None:
        command = [str(SSHD), "-i", "-f", str(self.home / "config"), "-E", str(self.home / "log")]
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self.connections.append(
                    subprocess.Popen(
                        command,
                        stdin=connection.fileno(),
                        stdout=connection.fileno(),
                        stderr=subprocess.DEVNULL,
                        start_new_session=True,
                    )
                )
