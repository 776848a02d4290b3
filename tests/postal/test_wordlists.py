"""The word lists are read, and say what they mean."""

from __future__ import annotations

import pytest

from exchange.postal.wordlists import FOLDER, wordlist


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_list_is_read(path: object) -> None:
    assert wordlist(getattr(path, "stem", "")), "a list without words"


def test_norway_is_no_boolean() -> None:
    assert wordlist("countries")["norge"] == "NO"
    assert all(isinstance(code, str) for group in wordlist("designators") for code in group.get("countries", ()))
