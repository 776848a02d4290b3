"""How what a server offers compares with what is pinned; `exchange hostkeys` tells the rest."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.hostkeys import Standing, standing_of
from exchange.config.endpoints import SftpEndpoint
from tests.cli.test_hostkeys import ED, SECOND, Key
from tests.config.test_known_hosts import FINGERPRINT

NEW = Key("ssh-rsa", SECOND, "")


def standing(root: Path, offered: list[Key], *pins: str) -> Standing:
    model = SftpEndpoint.model_validate({"type": "sftp", "host": "h.example", "user": "us", "host_keys": pins})
    return standing_of(root, model, offered)


def test_one_pinned_key_among_those_offered_is_enough(tmp_path: Path) -> None:
    found = standing(tmp_path, [NEW, ED], FINGERPRINT)
    assert found == Standing(pinned=frozenset([FINGERPRINT]), matching=True, gone=())


def test_a_key_that_is_offered_no_more_is_named(tmp_path: Path) -> None:
    found = standing(tmp_path, [NEW], FINGERPRINT)
    assert (found.matching, found.gone) == (False, (FINGERPRINT,))


def test_nothing_is_pinned(tmp_path: Path) -> None:
    assert standing(tmp_path, [NEW]) == Standing(pinned=frozenset(), matching=False, gone=())
