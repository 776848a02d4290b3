"""Who we are: credentials in order, each tried once, and never again in a process that was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.kernel.errors import ConfigurationError, TryLater
from exchange.kernel.exits import Exit
from exchange.transports.sftp import login
from exchange.transports.sftp.endpoint import SftpEndpoint
from exchange.transports.sftp.faults import Unusable
from exchange.transports.sftp.login import load_key
from exchange.transports.sftp.session import connect
from exchange.transports.sftp.settings import Secret, SftpSettings
from tests.contracts.places import QUICK, SOON, settings_of
from tests.servers.loop_sftp import Account, LoopSftp
from tests.servers.sshd import Keys
from tests.servers.two_factor import TwoFactor
from tests.transports.sftp.conftest import Disturb, Serve

Open = Callable[[Account], LoopSftp]


def secret(value: str, name: str = "") -> Secret:
    """Return a reference that leads to a value."""
    return Secret(name or f"credential {value}", lambda: value)


def key(path: Path) -> Secret:
    """Return a reference to the file of a private key."""
    return Secret(f"file {path.name}", lambda: path.read_text(encoding="utf-8"))


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Open]:
    """Start a server with this account."""
    with ExitStack() as stack:
        yield lambda account: stack.enter_context(closing(LoopSftp(tmp_path / "root", account)))


def settings(server: LoopSftp, **changes: Any) -> SftpSettings:
    """Return how to reach a server."""
    return SftpSettings(
        name="wms",
        host=server.host,
        port=server.port,
        pins=(server.fingerprint,),
        timeouts=QUICK,
        retries=SOON,
        **{"user": server.user, **changes},
    )


# --- credentials ------------------------------------------------------------------------------------------------------
def test_a_second_reference_is_tried_and_the_one_used_is_told(loop: Open) -> None:
    said: list[str] = []
    server = loop(Account(passwords=("new",)))

    connect(settings(server, passwords=(secret("old"), secret("new")), told=said.append)).close()

    assert server.attempts == [("password", "exchange")] * 2
    assert said == ["wms: logged in to 127.0.0.1 as exchange with credential new"]


def test_the_first_that_is_accepted_is_the_last_that_is_tried(loop: Open) -> None:
    said: list[str] = []
    server = loop(Account(passwords=("old", "new")))

    connect(settings(server, passwords=(secret("old"), secret("new")), told=said.append)).close()

    assert len(server.attempts) == 1
    assert said[0].endswith("with credential old")


def test_keys_are_rotated_like_passwords(serve: Serve, keys: Keys) -> None:
    said: list[str] = []
    server = serve()
    both = (key(keys.path("older")), key(keys.path("client")))

    connect(settings_of(server, keys=both, told=said.append)).close()

    assert said == [f"wms: logged in to 127.0.0.1 as {server.user} with file client_ed25519"]


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
@pytest.mark.parametrize("phrase", ["", "correct horse"])
def test_keys_of_every_kind_with_and_without_a_pass_phrase(serve: Serve, keys: Keys, kind: str, phrase: str) -> None:
    name = "locked" if phrase else "open"
    path = keys.path(name, kind, phrase)
    server = serve(users=(path.name,))
    passphrase = secret(phrase, "credential phrase") if phrase else None

    connect(settings_of(server, keys=(key(path),), passphrase=passphrase)).close()


def test_a_pass_phrase_that_a_key_does_not_need_is_let_be(serve: Serve, keys: Keys) -> None:
    path = keys.path("open", "ed25519")

    connect(settings_of(serve(users=(path.name,)), keys=(key(path),), passphrase=secret("unused"))).close()


def test_a_key_and_a_password_together(keys: Keys) -> None:
    """Some partners ask for both."""
    said: list[str] = []
    with closing(TwoFactor(keys.path("host", "rsa"), keys.public("client"), "right")) as server:
        given = SftpSettings(
            name="wms",
            host=server.host,
            port=server.port,
            user="exchange",
            pins=(keys.fingerprint("host", "rsa"),),
            keys=(key(keys.path("client")),),
            passwords=(secret("wrong"), secret("right")),
            told=said.append,
        )
        connect(given).close()

        with pytest.raises(TryLater, match=r"with file client_ed25519 alone \(it asks for more: password\)"):
            connect(replace(given, passwords=()))
        with pytest.raises(TryLater, match="refused the log-in of exchange with credential right; "):
            connect(replace(given, keys=(), passwords=(secret("right"),)))

    assert said == ["wms: logged in to 127.0.0.1 as exchange with file client_ed25519 and credential right"]


def test_no_agent_and_no_key_of_the_user_is_used(
    serve: Serve, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduled run has what its configuration names, and nothing that happens to lie around."""
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh" / "id_ed25519").write_text(keys.path("client").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "agent"))
    server = serve()

    with pytest.raises(TryLater, match=r"refused the log-in of .* with neither `key:` nor `password:`"):
        connect(settings_of(server, keys=()))

    assert "Accepted" not in server.log


# --- refusals ---------------------------------------------------------------------------------------------------------
def test_a_refused_log_in_is_tried_once_by_a_process(loop: Open) -> None:
    """Fault 24: no retry storm: one attempt with each reference, whoever asks how often, and the account stays open."""
    server = loop(Account(passwords=("right",)))
    given = settings(server, passwords=(secret("wrong"), secret("worse")))
    for _ in range(2):
        endpoint = SftpEndpoint(given)
        for folder in ("orders", "returns", "stock"):
            with pytest.raises(TryLater) as raised:
                endpoint.list(folder, "*")
            assert raised.value.exit is Exit.UNAVAILABLE

    assert server.attempts == [("password", "exchange")] * 2
    said = str(raised.value)
    assert "refused the log-in of exchange with credential wrong and credential worse" in said
    assert "nothing is lost" in said
    assert said.endswith("(not tried again by this run)")


def test_a_process_that_never_ends_may_try_again_later(loop: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fault 24: `watch` does not hammer an account, and does not stay away for ever."""
    server = loop(Account(passwords=("right",)))
    value = ["wrong"]
    given = settings(server, passwords=(Secret("credential p", lambda: value[0]),))
    with pytest.raises(TryLater, match="refused"):
        connect(given)
    value[0] = "right"
    with pytest.raises(TryLater, match="not tried again"):
        connect(given)

    monkeypatch.setattr(login, "FORGET", 0)

    connect(given).close()


def test_a_server_that_hangs_up_on_a_wrong_key_is_asked_once_with_each(
    serve: Serve, keys: Keys, disturb: Disturb
) -> None:
    """Fault 24: MaxAuthTries; each credential has a connection of its own then, and the run no third one."""
    server = serve(lines=("MaxAuthTries 1",))
    chaos = disturb(server)
    given = settings_of(server, keys=(key(keys.path("wrong")), key(keys.path("older"))), port=chaos.port)

    for _ in range(3):
        with pytest.raises(TryLater, match=r"with file wrong_ed25519 and file older_ed25519"):
            connect(given)

    assert chaos.connections == 2
    connect(replace(given, keys=(*given.keys, key(keys.path("client"))))).close()
    assert chaos.connections == 5


def test_another_user_at_the_same_server_is_another_matter(loop: Open) -> None:
    server = loop(Account(passwords=("right",)))
    with pytest.raises(TryLater):
        connect(settings(server, passwords=(secret("right"),), user="somebody"))

    connect(settings(server, passwords=(secret("right"),))).close()


def test_no_secret_is_in_any_message(loop: Open, caplog: pytest.LogCaptureFixture) -> None:
    """Fault 42, here: what is refused, logged and shown names references only."""
    caplog.set_level("DEBUG")
    server = loop(Account(passwords=("right",)))
    canary = "canary-7f3a9c"
    given = settings(server, passwords=(secret(canary, "credential p"),))

    with pytest.raises(TryLater) as raised:
        connect(given)

    assert canary not in str(raised.value) + repr(raised.value) + repr(given) + caplog.text


# --- keys that cannot be used -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "none that can be used"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n", "none that can be used"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA a public key", "none that can be used"),
        ("PuTTY-User-Key-File-3: ssh-ed25519\n", "none that can be used"),
    ],
    ids=["empty", "broken", "public", "PuTTY"],
)
def test_a_text_that_is_no_private_key_is_said(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=f"the private key file k is {said}"):
        load_key(Secret("file k", lambda: text), None)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_pass_phrase_that_is_missing_or_wrong_is_said(keys: Keys, kind: str) -> None:
    locked = key(keys.path("locked", kind, "correct horse"))

    with pytest.raises(ConfigurationError, match="has a pass phrase; name a reference to it as `passphrase:`"):
        load_key(locked, None)
    with pytest.raises(ConfigurationError, match=r"\(or the pass phrase credential phrase is wrong\)"):
        load_key(locked, secret("wrong horse", "credential phrase"))


def test_a_credential_that_cannot_be_read_stops_this_partner_only(serve: Serve) -> None:
    def nothing() -> str:
        raise ConfigurationError("credential wms_key is not there")

    with pytest.raises(Unusable, match="wms: credential wms_key is not there") as raised:
        connect(settings_of(serve(), keys=(Secret("credential wms_key", nothing),)))

    assert isinstance(raised.value, TryLater)
