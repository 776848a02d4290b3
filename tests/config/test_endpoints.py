"""The models of endpoints, and how their mistakes read."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from exchange.config.endpoints import Endpoint, LocalEndpoint, SecretReference, SftpEndpoint
from exchange.config.loader import load_bytes
from exchange.config.models import Workspace

FINGERPRINT = "SHA256:" + "a" * 43
SFTP = {"type": "sftp", "host": "sftp.example.com", "user": "us"}


def made(**changes: object) -> SftpEndpoint:
    found = TypeAdapter[Endpoint](Endpoint).validate_python({**SFTP, **changes})
    assert isinstance(found, SftpEndpoint)
    return found


def mistakes(text: str) -> list[str]:
    return list(map(str, load_bytes(f"endpoints:\n  x: {text}\n".encode(), "e.yaml", Workspace).mistakes))


def test_a_folder_need_not_say_its_type() -> None:
    found = TypeAdapter[Endpoint](Endpoint).validate_python({"path": "data/in", "mount_marker": ".mounted"})
    assert found == LocalEndpoint(path="data/in", mount_marker=".mounted")


def test_a_server_needs_host_and_user_only() -> None:
    found = made()
    assert (found.port, found.path, found.known_hosts) == (22, "", "mappings/known_hosts")
    assert (found.timeouts.connect.total_seconds(), found.timeouts.file.total_seconds()) == (15, 600)
    assert found.interval.total_seconds() < 60


def test_a_secret_is_one_reference_or_several() -> None:
    found = made(key={"file": "a"}, password=[{"credential": "new"}, {"env": "OLD"}])
    assert found.key == (SecretReference(file="a"),)
    assert list(map(str, found.password)) == ["credential new", "env OLD"]


def test_one_fingerprint_is_a_list_of_one() -> None:
    assert made(host_keys=FINGERPRINT).host_keys == (FINGERPRINT,)


@pytest.mark.parametrize("literal", ["hunter22", "12345678", "0123456", "[hunter22]", "5.5", "true"])
def test_a_secret_is_never_written_here_and_never_shown(literal: str) -> None:
    for key in ("key", "passphrase", "password"):
        [mistake] = mistakes(f"{{type: sftp, host: h, user: u, {key}: {literal}}}")
        assert mistake.endswith(
            "a secret is never written here; say where it is kept: {credential: NAME}, {file: PATH}, {env: NAME} or "
            "{keyring: SERVICE/USER}"
        )
        assert literal.strip("[]") not in mistake


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{type: sftp, host: h, user: u, password: {credentials: a}}", "unknown key 'credentials'; did you mean"),
        ("{type: sftp, host: h, user: u, password: {env: A, file: b}}", "write exactly one of"),
        ("{type: sftp, host: h, user: u, password: {keyring: alone}}", "expected {keyring: service/user}"),
        ("{type: sftp, host: h, user: u, password: {credential: ../a}}", "without a folder"),
        ("{type: sftp, host: h, user: u, legacy: [hmac-sha]}", "'hmac-sha'; did you mean 'hmac-sha1'?"),
        ("{type: sftp, host: h, user: u, host_keys: [MD5:aa]}", "expected fingerprints: SHA256: and 43 characters"),
        ("{type: sftp, host: h, usr: u}", "unknown key 'usr'; did you mean 'user'?"),
        ("{type: sftp, user: u}", "key 'host' is missing"),
        ("{type: sftp, host: h, user: u, port: 70000}", "'port' is 70000; write 65535 or less"),
        ("{type: sftp, host: h, user: u, timeouts: {conect: 1s}}", "unknown key 'conect'; did you mean 'connect'?"),
        ("{type: sfpt, host: h}", "'type' cannot be 'sfpt'; did you mean 'sftp'?"),
        ("{type: local, path: p, host: h}", "unknown key 'host'; known: max_in_flight, mount_marker, path, type"),
        ("{path: p, mount_marker: a/b}", "name of a file in the folder"),
        ("{path: p, max_in_flight: 0}", "write 1 or more"),
        ("{type: sftp, host: h, user: u, interval: 0s}", "expected 1s or more"),
        ("{type: sftp, host: h, user: u, timeouts: {connect: 0s}}", "expected a time such as 15s"),
    ],
)  # fmt: skip
def test_mistakes_say_what_to_write(text: str, said: str) -> None:
    [mistake] = mistakes(text)
    assert mistake.startswith("e.yaml:2:")
    assert said in mistake


@pytest.mark.parametrize("host", ["sftp://h", "me:pw12345@h", "h/inbox", "h:2222 ", ""])
def test_a_host_is_a_name_alone_and_what_else_was_written_is_not_shown(host: str) -> None:
    [mistake] = mistakes(f'{{type: sftp, host: "{host}", user: u}}')
    assert "a host is a name or an address alone" in mistake
    assert "pw12345" not in mistake


@pytest.mark.parametrize("host", ["sftp.example.com", "10.0.0.1", "::1", "fe80::1%eth0", "wms_1"])
def test_hosts(host: str) -> None:
    assert made(host=host).host == host
