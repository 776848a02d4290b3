"""Where a real OpenSSH server is missing: a reason to skip on a user's machine, a failure where `.ci/run` says so."""

from __future__ import annotations

import os

import pytest

from tests.servers.sshd import missing

REQUIRED = "EXCHANGE_TEST_SSHD"
"""Set by `.ci/run`."""


def need_sshd() -> None:
    """Skip or fail the test that asks, where there is no OpenSSH server."""
    if reason := missing():
        if os.environ.get(REQUIRED):
            pytest.fail(f"{reason}, and {REQUIRED} is set")
        pytest.skip(reason)
