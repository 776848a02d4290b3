"""Secrets are fetched from where the reference says, and shown nowhere (fault 42)."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from exchange.config.endpoints import SecretReference
from exchange.config.secrets import DIRECTORY, read_secret
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.redaction import redacted

VALUE = "canary-4711"


def read(reference: SecretReference, root: Path, **environment: str) -> str:
    return read_secret(reference, root, "endpoint wms", environment)


def refusal(reference: SecretReference, root: Path, **environment: str) -> str:
    with pytest.raises(ConfigurationError) as raised:
        read(reference, root, **environment)
    assert VALUE not in str(raised.value)
    assert str(raised.value).startswith(f"mappings/exchange.yaml: endpoint wms: {reference}: ")
    return str(raised.value)


def private(path: Path, text: str = f"{VALUE}\n", mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_file_is_read_without_its_line_end(tmp_path: Path) -> None:
    private(tmp_path / "a")
    assert read(SecretReference(file="a"), tmp_path) == VALUE
    private(tmp_path / "b", " two words \r\n", 0o400)
    assert read(SecretReference(file=str(tmp_path / "b")), Path("/")) == " two words "


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o666])
def test_a_file_that_others_can_open_is_refused(tmp_path: Path, mode: int) -> None:
    path = private(tmp_path / "a", mode=mode)
    said = refusal(SecretReference(file="a"), tmp_path)
    assert f"{path} is open to others (mode {mode:04o}); chmod 600 {path}" in said


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    os.chown(private(tmp_path / "a"), 4711, -1)
    assert "belongs to another user (uid 4711)" in refusal(SecretReference(file="a"), tmp_path)


def test_what_is_no_file_with_a_secret_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    (tmp_path / "folder").mkdir(mode=0o700)
    private(tmp_path / "empty", " \n")
    private(tmp_path / "large", VALUE * 10_000)
    path = private(tmp_path / "binary")
    path.write_bytes(b"\xff\xfe\x00")
    for name, said in (
        ("missing", "cannot be read (No such file or directory)"),
        ("pipe", "is no regular file"),
        ("folder", "is no regular file"),
        ("empty", "it is empty; store the secret there"),
        ("large", "has more than 65536 bytes"),
        ("binary", "is not UTF-8"),
    ):
        assert said in refusal(SecretReference(file=name), tmp_path)


def test_a_credential_comes_from_the_directory_of_systemd(tmp_path: Path) -> None:
    reference = SecretReference(credential="wms_password")
    private(tmp_path / "wms_password")
    assert read(reference, tmp_path, **{DIRECTORY: str(tmp_path)}) == VALUE
    assert "LoadCredential=wms_password:PATH" in refusal(reference, tmp_path)
    (tmp_path / "wms_password").unlink()
    assert "systemd passed no such credential" in refusal(reference, tmp_path, **{DIRECTORY: str(tmp_path)})


def test_a_variable_of_the_environment(tmp_path: Path) -> None:
    reference = SecretReference(env="WMS")
    assert read(reference, tmp_path, WMS=VALUE) == VALUE
    assert "set WMS for this process" in refusal(reference, tmp_path, OTHER=VALUE)


def keyring(monkeypatch: pytest.MonkeyPatch, entries: dict[tuple[str, str], str]) -> None:
    module = ModuleType("keyring")

    def get_password(service: str, user: str) -> str | None:
        if service == "locked":
            raise RuntimeError(VALUE)
        return entries.get((service, user))

    vars(module)["get_password"] = get_password
    monkeypatch.setitem(sys.modules, "keyring", module)


def test_the_keyring_of_a_workstation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring(monkeypatch, {("wms/sftp", "us"): VALUE})
    assert read(SecretReference(keyring="wms/sftp/us"), tmp_path) == VALUE
    assert "keyring set wms me" in refusal(SecretReference(keyring="wms/me"), tmp_path)
    assert "(RuntimeError); unlock it" in refusal(SecretReference(keyring="locked/me"), tmp_path)
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert "pip install 'exchange[keyring]'" in refusal(SecretReference(keyring="wms/sftp/us"), tmp_path)


def test_the_access_is_logged_and_the_value_masked_from_then_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "exchange"):
        read(SecretReference(env="WMS"), tmp_path, WMS="canary-0815")
    assert caplog.messages == ["endpoint wms: env WMS was read"]
    assert redacted("denied: canary-0815") == "denied: ***"
