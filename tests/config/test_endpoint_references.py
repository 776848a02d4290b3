"""What keeps an endpoint from working, found before anything connects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.endpoint_references import endpoint_mistakes, fingerprints
from exchange.config.endpoints import SftpEndpoint
from exchange.config.inspection import inspect
from exchange.config.workspace import read_settings
from tests.config.test_known_hosts import FINGERPRINT, KEY

Write = Callable[..., Path]
ENDPOINTS = """
endpoints:
  shop: {path: data/inbox/shop}
  erp: {path: data/outbox/erp}
  wms: {type: sftp, host: h.example, user: us%s}
"""
PINNED = f", key: {{file: k}}, host_keys: [{FINGERPRINT}]"


def found(root: Path) -> list[str]:
    return [str(mistake) for mistake in inspect(root).mistakes]


def settings(more: str) -> dict[str, str]:
    return {"mappings/exchange.yaml": ENDPOINTS % more}


def test_a_pinned_key_and_a_way_to_log_in_are_enough(workspace: Write) -> None:
    assert found(workspace(settings(PINNED))) == []
    assert found(workspace(settings(f", password: {{env: P}}, host_keys: [{FINGERPRINT}]"))) == []


def test_no_host_key_is_pinned(workspace: Write) -> None:
    [mistake] = found(workspace(settings(", key: {file: k}")))
    assert mistake.startswith("mappings/exchange.yaml:4:3: no host key is pinned for h.example: ")
    assert "exchange hostkeys scan wms" in mistake


def test_the_known_hosts_file_pins_too(workspace: Write) -> None:
    root = workspace({**settings(", key: {file: k}"), "mappings/known_hosts": f"h.example ssh-ed25519 {KEY}\n"})
    assert found(root) == []
    [wms] = [each for each in read_settings(root).required().endpoints.values() if isinstance(each, SftpEndpoint)]
    assert fingerprints(root, wms) == (FINGERPRINT,)


def test_a_known_hosts_file_that_is_named_has_to_be_there(workspace: Write) -> None:
    [mistake] = found(workspace(settings(f"{PINNED}, known_hosts: mappings/knwn")))
    assert "there is no file mappings/knwn; correct the path" in mistake


def test_lines_of_known_hosts_that_are_no_keys_are_placed_in_that_file(workspace: Write) -> None:
    root = workspace({**settings(PINNED), "mappings/known_hosts": "# fine\nnonsense\n"})
    assert found(root) == ["mappings/known_hosts:2:1: this is no host key; write `host algorithm key`, or a # first"]


def test_neither_key_nor_password(workspace: Write) -> None:
    [mistake] = found(workspace(settings(f", host_keys: [{FINGERPRINT}]")))
    assert "endpoint 'wms' has neither a key nor a password; write key: {file: PATH} or password:" in mistake


def test_a_pass_phrase_without_a_key(workspace: Write) -> None:
    more = f", password: {{env: P}}, passphrase: {{env: Q}}, host_keys: [{FINGERPRINT}]"
    [mistake] = found(workspace(settings(more)))
    assert "a pass phrase without a key opens nothing" in mistake


@pytest.mark.parametrize("folder", ["../tmp", "/tmp", "a/../../b"])
def test_the_temp_folder_lies_below_the_endpoint(workspace: Write, folder: str) -> None:
    [mistake] = found(workspace(settings(f"{PINNED}, temp_folder: {folder}")))
    assert f"folder '{folder}' leads out of the endpoint" in mistake


def test_each_mistake_names_its_endpoint(workspace: Write) -> None:
    root = workspace(settings(""))
    assert {each.endpoint for each in endpoint_mistakes(root, read_settings(root))} == {"wms"}


@pytest.mark.parametrize("name", [".rejects", "a/b", "../x", "a b", "-x"])
def test_an_endpoints_name_can_be_that_of_a_folder(workspace: Write, name: str) -> None:
    text = ENDPOINTS % PINNED + f'  "{name}": {{path: p}}\n'
    [mistake] = found(workspace({"mappings/exchange.yaml": text}))
    assert f"endpoint {name!r}: a name has letters, digits" in mistake
