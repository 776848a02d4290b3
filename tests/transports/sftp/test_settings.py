"""Settings show no secret, and a profile is stored and read again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from exchange.transports.sftp.settings import Profile, Secret, SftpSettings

GIVEN = SftpSettings("wms", "sftp.example.com", "exchange", passwords=(Secret("env P", lambda: "hush"),))


def test_a_secret_is_never_shown() -> None:
    assert "hush" not in repr(GIVEN) + str(GIVEN)
    assert "env P" in repr(GIVEN)


def test_settings_are_the_same_when_their_references_are() -> None:
    again = replace(GIVEN, passwords=(Secret("env P", lambda: "other"),), told=print)

    assert again == GIVEN
    assert hash(again) == hash(GIVEN)
    assert replace(GIVEN, passwords=(Secret("env Q", lambda: "hush"),)) != GIVEN


def test_a_profile_comes_back_and_knows_nothing_of_other_versions() -> None:
    profile = Profile(posix_rename=True, rename_replaces=False, fsync=None, clock_skew=-3.0, probed_at="2026-01-01")

    assert Profile.from_json({**profile.as_json(), "colour": "blue"}) == profile


def test_settings_cost_no_library() -> None:
    """Configuration fills them in every run, also in one that finds nothing to do."""
    script = "import sys, exchange.transports.sftp.settings; print('paramiko' in sys.modules, 'stamina' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]
