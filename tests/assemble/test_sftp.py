"""From the model of a server to the settings of the transport, and the profile kept between runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from exchange.assemble.sftp import PROFILES, profile_of, settings_of, store_profile
from exchange.config.endpoints import SftpEndpoint
from exchange.kernel.errors import ConfigurationError
from exchange.transports.sftp.settings import LEGACY, Profile, Timeouts
from tests.config.test_known_hosts import FINGERPRINT, KEY

PINNED = "SHA256:" + "a" * 43


def model(**changes: object) -> SftpEndpoint:
    return SftpEndpoint.model_validate({"type": "sftp", "host": "h.example", "user": "us", **changes})


def test_every_key_of_the_configuration_arrives(tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings/known_hosts").write_text(f"[h.example]:2222 ssh-ed25519 {KEY}\n")
    given = model(
        port=2222,
        path="in/out",
        host_keys=[PINNED],
        key=[{"file": "new"}, {"file": "old"}],
        passphrase={"env": "PHRASE"},
        password={"credential": "word"},
        legacy=["hmac-sha1"],
        temp_folder="tmp",
        replace="unsafe",
        timeouts={"connect": "1s", "file": "2m"},
    )
    made = settings_of("wms", given, tmp_path)
    assert (made.name, made.host, made.port, made.user, made.root) == ("wms", "h.example", 2222, "us", "in/out")
    assert made.pins == (PINNED, FINGERPRINT)
    assert made.known_hosts == tmp_path / "mappings/known_hosts"
    assert [key.reference for key in made.keys] == ["file new", "file old"]
    assert made.passphrase is not None
    assert made.passphrase.reference == "env PHRASE"
    assert [word.reference for word in made.passwords] == ["credential word"]
    assert (made.legacy, made.temp_folder, made.replace_unsafe) == (("hmac-sha1",), "tmp", True)
    assert made.timeouts == Timeouts(connect=1, banner=15, auth=15, channel=60, file=120)
    assert made.profile is None


def test_no_secret_is_read_before_it_is_needed_and_none_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = settings_of("wms", model(password={"env": "WORD"}), tmp_path)
    with pytest.raises(ConfigurationError, match="endpoint wms: env WORD"):
        made.passwords[0].reveal()
    monkeypatch.setenv("WORD", "canary-4711")
    assert made.passwords[0].reveal() == "canary-4711"
    assert "canary" not in repr(made)


def test_the_algorithms_that_can_be_switched_on_are_those_of_the_transport() -> None:
    assert get_args(get_args(SftpEndpoint.model_fields["legacy"].annotation)[0]) == LEGACY


def test_a_profile_is_kept_for_the_server_it_was_measured_at(tmp_path: Path) -> None:
    profile = Profile(posix_rename=True, fsync=False, clock_skew=1.5, probed_at="2026-01-01T00:00:00Z")
    path = store_profile("wms", model(), tmp_path, profile)
    assert path == tmp_path / PROFILES / "wms.json"
    assert profile_of("wms", model(), tmp_path) == profile
    assert settings_of("wms", model(), tmp_path).profile == profile
    assert profile_of("wms", model(host="other.example"), tmp_path) is None
    assert profile_of("wms", model(port=2222), tmp_path) is None
    store_profile("wms", model(), tmp_path, Profile())
    assert profile_of("wms", model(), tmp_path) == Profile()
    assert [each.name for each in path.parent.iterdir()] == ["wms.json"]


@pytest.mark.parametrize("stored", ["", "[]", "{}", '{"server": "us@h.example:22"}', "nonsense", "\udcff"])
def test_a_profile_that_cannot_be_read_is_none(tmp_path: Path, stored: str) -> None:
    path = tmp_path / PROFILES / "wms.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(stored.encode(errors="surrogateescape"))
    assert profile_of("wms", model(), tmp_path) is None


def test_a_profile_of_another_version_is_read_as_far_as_it_is_known(tmp_path: Path) -> None:
    path = store_profile("wms", model(), tmp_path, Profile(posix_rename=True))
    stored = json.loads(path.read_text())
    stored["profile"]["invented_later"] = 1
    path.write_text(json.dumps(stored))
    assert profile_of("wms", model(), tmp_path) == Profile(posix_rename=True)
