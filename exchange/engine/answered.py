"""Finds the files by which targets answer for deliveries; light, because idle runs look too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import translate

from exchange.config.models import Flow
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.errors import ExchangeError
from exchange.kernel.model import SourceFile

Place = tuple[str, str, str]
"""(endpoint, folder, pattern of the answers' names with {name} or {stem})."""


def answered(flow: Flow, endpoints: Mapping[str, Endpoint]) -> bool:
    """Tell cheaply whether a file lies in a folder of answers; one that cannot be listed needs a real run to say so."""
    try:
        return any(listed(endpoints[endpoint], folder, pattern) for endpoint, folder, pattern in places(flow))
    except ExchangeError:
        return True


def places(flow: Flow) -> Iterator[Place]:
    """Yield where the targets of a flow answer."""
    for delivery in flow.deliver:
        if delivery.ack is not None:
            yield delivery.to, delivery.ack.folder, delivery.ack.match


def listed(endpoint: Endpoint, folder: str, pattern: str) -> list[tuple[SourceFile, str]]:
    """Return the answers that lie in a folder, each with the name or stem that it names."""
    before, _, after = pattern.partition("{name}" if "{name}" in pattern else "{stem}")
    expression = re.compile(f"{_part(before)}(.+){_part(after)}", re.IGNORECASE)
    found = ((source, expression.fullmatch(source.name)) for source in endpoint.list(folder, "*").files)
    return [(source, matched[1]) for source, matched in found if matched is not None]


def _part(pattern: str) -> str:
    return translate(pattern).removeprefix("(?s:").removesuffix(r")\Z").replace(".*", ".*?")
