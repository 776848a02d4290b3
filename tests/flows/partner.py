"""A shop whose partner has an SFTP server: a real OpenSSH one on loopback, set up in the starter by uncommenting."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.flows.shop import EPOCH, Order, Shop, export
from tests.servers.required import need_sshd
from tests.servers.sshd import Keys, Setup, Sshd

SETTINGS, FLOW = "mappings/exchange.yaml", "mappings/flows/orders.yaml"


class Partner:
    """A workspace, a server, and how the one reaches the other."""

    def __init__(self, home: Path, setup: Setup | None = None, phrase: str = "") -> None:
        """`phrase`: the pass phrase of our private key."""
        self.shop = Shop(home / "ws")
        self.keys = Keys(home / "keys")
        self.keys.path("client", phrase=phrase)
        self.server = Sshd(home / "sshd", home / "files", self.keys, setup or Setup())
        (self.server.root / "orders").mkdir()
        (self.server.root / "incoming").mkdir()

    def uncomment(self, *, flow: bool = True) -> None:
        """Do what the starter's comment says: take the `# ` out, put the partner's values in."""
        settings = self.shop.root / SETTINGS
        text = re.sub(r"^  # ( *\w+:)", r"  \1", settings.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for old, new in (
            ("sftp.example.com", self.server.host),
            ("port: 22", f"port: {self.server.port}"),
            ("user: exchange", f"user: {self.server.user}"),
            ("/etc/exchange/id_ed25519", str(self.keys.path("client"))),
        ):
            assert old in text
            text = text.replace(old, new)
        settings.write_text(text, encoding="utf-8")
        if flow:
            path = self.shop.root / FLOW
            path.write_text(
                re.sub(r"^  # - \{", "  - {", path.read_text(encoding="utf-8"), flags=re.MULTILINE), "utf-8"
            )

    def pin(self) -> None:
        """Pin the server's key, whose fingerprint is known out of band."""
        ran = self.shop.type("hostkeys", "pin", "wms_sftp", self.keys.fingerprint("host"), "--reason", "by telephone")
        assert ran.exit == 0, ran.err

    def ready(self) -> None:
        """Make it work: uncomment and pin."""
        self.uncomment()
        self.pin()
        assert self.shop.type("check").exit == 0

    def upload(self, name: str, *orders: Order) -> Path:
        """Let the partner put an export on the server, long ago."""
        path = self.server.root / "orders" / name
        path.write_text(export(*orders), encoding="utf-8")
        os.utime(path, (EPOCH, EPOCH))
        return path

    @property
    def received(self) -> list[str]:
        """Names of what the partner got, temporary ones too."""
        return sorted(path.name for path in (self.server.root / "incoming").iterdir())

    @property
    def journal(self) -> str:
        """The journal of the workspace."""
        path = self.shop.root / "data/state/journal.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""


@contextmanager
def partner(home: Path, setup: Setup | None = None, phrase: str = "") -> Iterator[Partner]:
    """Yield a partner; skip the test where OpenSSH's server is not installed (a failure where it has to be)."""
    need_sshd()
    made = Partner(home, setup, phrase)
    try:
        yield made
    finally:
        made.server.close()
