"""Servers for the tests of the SFTP transport, ended with the test that asked for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from exchange.transports.sftp.endpoint import SftpEndpoint
from exchange.transports.sftp.settings import SftpSettings
from tests.contracts.places import settings_of
from tests.servers.chaos import Chaos
from tests.servers.required import need_sshd
from tests.servers.sshd import Keys, Setup, Sshd

Serve = Callable[..., Sshd]
Disturb = Callable[..., Chaos]
Reach = Callable[..., SftpEndpoint]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """Keys of this test run."""
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is closed at the end, last opened first."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def serve(tmp_path: Path, keys: Keys, stack: ExitStack) -> Serve:
    """Start a real server, set up as told."""
    need_sshd()

    def start(**setup: Any) -> Sshd:
        number = len(list(tmp_path.glob("sshd*")))
        keys.path("client")
        return stack.enter_context(closing(Sshd(tmp_path / f"sshd{number}", tmp_path / "root", keys, Setup(**setup))))

    return start


@pytest.fixture
def sshd(serve: Serve) -> Sshd:
    """A server as they usually are, with a folder `orders`."""
    server = serve()
    (server.root / "orders").mkdir()
    return server


@pytest.fixture
def disturb(stack: ExitStack) -> Disturb:
    """Put a proxy with these faults before a server."""

    def start(server: Sshd, **faults: Any) -> Chaos:
        return stack.enter_context(closing(Chaos(server.host, server.port, **faults)))

    return start


@pytest.fixture
def reach(stack: ExitStack) -> Reach:
    """Make an endpoint for a server, with these changes to its settings."""

    def make(server: Sshd, **changes: Any) -> SftpEndpoint:
        return stack.enter_context(closing(SftpEndpoint(settings_of(server, **changes))))

    return make


@pytest.fixture
def settings(sshd: Sshd) -> SftpSettings:
    """How to reach the usual server."""
    return settings_of(sshd)
