"""Alone finds secrets that are written out in the files of a workspace; what it says never shows one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from exchange.config.endpoints import WHERE_KEPT
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.scalars import Unquoted
from exchange.config.yamltext import Path
from exchange.kernel.errors import Mistake

_CODE = "SECRET_LITERAL"
_KEY = re.compile(r"(?i)(.*[_-])?(password|passwd|pwd|passphrase|secret|token|(api|private|access)[_-]?key)s?")
"""Keys below which nothing but a reference may stand, whether or not a model knows them."""
_IN_URL = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://[^\s/:@]*:[^\s/@{}]+@")
"""`scheme://user:password@`; a placeholder in braces is no password."""
_IN_QUERY = re.compile(r"(?i)[?&](?:password|token|sig|secret|api_?key|access_?key)=[^&\s{}]{4,}")
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_URL_ADVICE = "take it out of the URL: for PostgreSQL it can stand in ~/.pgpass or PGPASSWORD; then change it"


def secret_mistakes(files: Files) -> Iterator[Mistake]:
    """Yield each secret that is written out in exchange.yaml, a flow or a mapping."""
    yield from _found(files.settings, keyed=True)
    for flow in files.flows:
        yield from _found(flow, keyed=True)
    for mapping in files.mappings.values():
        yield from _found(mapping, keyed=False)  # keys of a mapping are a partner's names


def _found(loaded: Loaded[Any], *, keyed: bool) -> Iterator[Mistake]:
    for path, text in _texts(loaded.parsed.data, ()):
        if _IN_URL.search(text) or _IN_QUERY.search(text):
            yield loaded.mistake(path, "a secret is written in a URL", _URL_ADVICE, key=False, code=_CODE)
        elif _PRIVATE_KEY.search(text) or (keyed and _below_secret(path) and text):
            yield loaded.mistake(path, WHERE_KEPT, key=False, code=_CODE)


def _below_secret(path: Path) -> bool:
    """Tell whether a value stands right below such a key, alone or in a list; in a reference it does not."""
    named = [part for part in path if isinstance(part, str)]
    return bool(named) and _KEY.fullmatch(named[-1]) is not None


def _texts(data: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(data, dict | list):
        for part, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _texts(value, (*path, part))
    elif isinstance(data, Unquoted):
        yield path, data.text
    elif isinstance(data, str | int | Decimal) and not isinstance(data, bool):
        yield path, str(data)
