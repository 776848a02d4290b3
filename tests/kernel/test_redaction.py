"""What must never be shown is taken out of texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.kernel import redaction
from exchange.kernel.redaction import hide, redacted


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_hidden", set())


def test_a_secret_is_masked_wherever_it_stands() -> None:
    hide("tr0ub4dor")
    assert redacted("login tr0ub4dor refused; sftp://me:tr0ub4dor@host") == "login *** refused; sftp://me:***@host"


def test_of_two_that_overlap_the_longer_goes_first() -> None:
    hide("hunter")
    hide("hunter2")
    assert redacted("hunter2 and hunter") == "*** and ***"


def test_a_private_key_is_masked_line_by_line_and_its_frame_stays() -> None:
    hide("-----BEGIN KEY-----\nAAAABBBB\nCCCCDDDD\n-----END KEY-----")
    assert redacted("-----BEGIN KEY----- CCCCDDDD") == "-----BEGIN KEY----- ***"


def test_what_is_too_short_to_protect_anything_does_not_garble_sentences() -> None:
    hide("a")
    hide("")
    assert redacted("a plain sentence") == "a plain sentence"


@given(st.text(), st.text(min_size=4).filter(lambda text: text.strip() == text and len(text.splitlines()) == 1))
def test_no_remembered_line_survives(before: str, secret: str) -> None:
    hide(secret)
    if not secret.startswith("-----") and "*" not in secret:
        assert secret not in redacted(before + secret)
