"""Finds what a flow's `rules.addresses` says that its document does not bear out."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.loader import Loaded
from exchange.config.models import Flow
from exchange.config.suggest import suggest
from exchange.documents.loader import Document
from exchange.kernel.errors import Mistake

_CODE = "UNKNOWN_FIELD"


def address_mistakes(flow: Loaded[Flow], value: Flow, known: Document) -> Iterator[Mistake]:
    """Yield addresses that the document does not have, and telephone numbers that are no fields of it."""
    for block, rule in value.rules.addresses.items():
        path = ("rules", "addresses", block)
        if f"{block}.line1" not in known.fields:
            what = f"the document {known.name} has no address {block}"
            yield flow.mistake(path, what, "remove it", code=_CODE)
        for number, name in enumerate(rule.phones):
            at = (*path, "phones", number) if (*path, "phones", number) in flow.parsed.values else (*path, "phones")
            if name not in known.fields:
                what = f"unknown document field {name!r}"
                yield flow.mistake(at, what, suggest(name, known.fields), key=False, code=_CODE)
