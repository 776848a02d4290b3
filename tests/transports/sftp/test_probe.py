"""What a probe finds at servers of several kinds, and the profile that deliveries then follow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.kernel.errors import TryLater
from exchange.transports.sftp.faults import Unusable
from exchange.transports.sftp.probe import probe
from exchange.transports.sftp.settings import Profile
from tests.contracts.places import settings_of
from tests.servers.sshd import Sshd
from tests.transports.sftp.conftest import Disturb, Serve
from tests.transports.sftp.files import names


def rows(server: Sshd, **changes: object) -> dict[str, tuple[bool, str]]:
    """Return what was found: what was tried -> (fine, advice)."""
    return {row.what: (row.ok, row.advice) for row in probe(settings_of(server, **changes))[0]}


def test_a_usual_server_does_everything(sshd: Sshd) -> None:
    found, profile = probe(settings_of(sshd, root="orders"))

    assert [row.what for row in found] == [
        "connect", "host key", "log in", "algorithms", "list", "write", "clock", "sync to disk",
        "rename onto an existing name", "posix-rename", "remove", "free space",
    ]  # fmt: skip
    assert all(row.ok and not row.advice for row in found)
    assert profile is not None
    assert abs(profile.clock_skew or 0) < 60
    assert replace(profile, clock_skew=0.0, probed_at="") == Profile(
        posix_rename=True, rename_replaces=False, fsync=True, statvfs=True, clock_skew=0.0
    )
    assert names(sshd) == [], "nothing is left behind"


def test_what_a_server_lacks_is_named_with_what_to_do(serve: Serve) -> None:
    """Fault 22: no posix-rename, no fsync, no statvfs."""
    server = serve(options="-P posix-rename,fsync,statvfs,fstatvfs,setstat,fsetstat")

    found, profile = probe(settings_of(server))

    said = {row.what: (row.found, row.advice) for row in found}
    assert said["posix-rename"] == ("not offered", "write `exists: unique` where a delivery has `exists: replace`")
    assert said["sync to disk"][0].startswith("not offered")
    assert said["free space"][0].startswith("not told")
    assert profile is not None
    assert (profile.posix_rename, profile.fsync, profile.statvfs) == (False, False, False)


def test_a_folder_that_may_only_be_read(serve: Serve) -> None:
    found, profile = probe(settings_of(serve(options="-R")))

    [written] = [row for row in found if row.what == "write"]
    assert not written.ok
    assert "ask the partner for write access" in written.advice
    assert profile is None


def test_a_folder_that_is_not_there(sshd: Sshd) -> None:
    found, profile = probe(settings_of(sshd, root="nowhere"))

    assert (found[-1].what, found[-1].ok, profile) == ("list", False, None)
    assert "create the folder" in found[-1].advice


def test_leftovers_of_a_killed_probe_are_in_nobodys_way(sshd: Sshd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getpid", lambda: 7)
    for name in ("a", "b"):
        (sshd.root / f".exchange-doctor.7.{name}").write_bytes(b"left")

    assert all(fine for fine, _ in rows(sshd).values())
    assert names(sshd, ".") == ["orders"]


def test_the_old_algorithms_that_a_server_needs_are_named(serve: Serve) -> None:
    server = serve(lines=("Ciphers aes128-cbc", "MACs hmac-sha1"))

    with pytest.raises(Unusable, match=r"It would connect with `legacy: \[aes128-cbc, hmac-sha1\]`"):
        probe(settings_of(server))

    fine, advice = rows(server, legacy=("aes128-cbc", "hmac-sha1"))["algorithms"]
    assert fine
    assert advice.startswith("weak (aes128-cbc, hmac-sha1)")


def test_a_server_that_is_away_or_unknown_is_said(serve: Serve, disturb: Disturb) -> None:
    server = serve()
    with pytest.raises(Unusable, match="is unknown: it offers ssh-ed25519 SHA256:"):
        probe(settings_of(server, pins=()))
    chaos = disturb(server, cut_down=3_000, cuts=9)
    with pytest.raises(TryLater):
        probe(settings_of(server, port=chaos.port))
    server.close()
    with pytest.raises(TryLater, match="check host, port and the line"):
        probe(settings_of(server))
