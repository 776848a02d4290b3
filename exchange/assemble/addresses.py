"""Joins the rule about addresses to a flow: what standardises them, and which mappings would lose a part of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any

from exchange.assemble.lint_ways import ways
from exchange.config.addresses import Address, Block
from exchange.config.files import Files
from exchange.kernel.errors import Mistake
from exchange.kernel.load import load
from exchange.mapping.chain import PlanMistake

STANDARDISE = "exchange.rules.addresses:standardise"
"""Loaded where a flow asks for it: it brings the world's postcodes and telephone numbers along."""
_PLACE = {"line2": "line2", "field": "unit"}
"""Where units go -> the part of the address that they are then in."""


def standardiser(addresses: Mapping[Block, Address]) -> Callable[..., Any] | None:
    """Return what brings the addresses of a flow's documents into form; None where no rule asks for it."""
    return partial(load(STANDARDISE), addresses=addresses) if addresses else None


def unread(addresses: Mapping[Block, Address], read: Collection[str]) -> Iterator[PlanMistake]:
    """Find addresses of which an outbound mapping reads the street, and not the part that units are moved to."""
    for block, rule in addresses.items():
        place = f"{block}.{_PLACE.get(rule.units, 'line1')}"
        street = next((name for name in (f"{block}.line1", f"{block}.line2") if name in read), None)
        if street is not None and place not in read and rule.units != "keep":
            what = f"{street} is read here and {place} is not, which the flow moves apartment and floor to"
            join = f'{{from: [{street}, {place}], steps: [{{join: ", "}}]}}'
            yield PlanMistake(("fields",), what, f"add a field from {place}, or {join}", "ADDRESS_NOT_READ")


def unread_anywhere(files: Files) -> Iterator[Mistake]:
    """Yield such mappings of a whole workspace, for `exchange check`."""
    for way in ways(files):
        read = {
            name for level in (way.writes.fields, way.writes.lines) for field in level.values() for name in field.from_
        }
        for found in unread(way.flow.value.rules.addresses if way.flow.value else {}, read):
            yield way.target.mistake(found.path, found.what, found.instead, code=found.code)
