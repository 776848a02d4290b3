"""Alone makes readers, writers and endpoints from rows: ours, else those that other distributions add."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from exchange.config.endpoints import TYPES as ENDPOINT_TYPES
from exchange.config.endpoints import EndpointType
from exchange.config.formats import TYPES as FORMAT_TYPES
from exchange.config.formats import FormatType
from exchange.config.models import Mapping as MappingModel
from exchange.kernel.errors import ConfigurationError, ExchangeError, Mistake
from exchange.kernel.load import load
from exchange.kernel.plugins import ENDPOINTS, FORMATS, PluginError, clashes, failed, part
from exchange.kernel.plugins import STEPS as STEP_GROUP

STEPS = "exchange.mapping.steps:STEPS"
"""Our own steps; loaded when the configuration is checked."""
Way = Literal["reader", "writer"]
Found = tuple[tuple[str | int, ...], str, str]


def format_part(rows: Mapping[str, str], way: Way, type_: str, *arguments: object) -> Any:
    """Return the reader or writer of a format, made from `arguments`; raises ConfigurationError."""
    if type_ in rows:
        return load(rows[type_])(*arguments)
    return _made(FORMATS, type_, way, FormatType, arguments)


def endpoint_part(rows: Mapping[str, str], type_: str, *arguments: object) -> Any:
    """Return an endpoint made from `arguments`; raises ConfigurationError."""
    if type_ in rows:
        return load(rows[type_])(*arguments)
    return _made(ENDPOINTS, type_, "make", EndpointType, arguments)


def usable(root: Path, name: str, mapping: MappingModel) -> Iterator[Found | Mistake]:
    """Yield what is wrong with what other distributions add: names that are taken, and the format of this mapping."""
    del root, name
    yield from _taken()
    type_ = mapping.format.type
    if type_ in FORMAT_TYPES:
        return
    way: Way = "reader" if mapping.reads is not None else "writer"
    try:
        part(FORMATS, str(type_), way, FormatType)
    except PluginError as fault:
        yield ("format", "type"), fault.what, fault.instead


def _taken() -> Iterator[Mistake]:
    ours = {STEP_GROUP: set(load(STEPS)), FORMATS: set(FORMAT_TYPES), ENDPOINTS: set(ENDPOINT_TYPES)}
    for group, names in ours.items():
        for entry in clashes(group, names):
            who = "exchange has" if entry.name in names else "another distribution adds"
            what = f"{who} one of that name, so that {entry.shown} cannot be reached"
            yield Mistake(f"entry point {group}", 0, 0, what, f"rename it in {entry.distribution.partition(' ')[0]}")


def _made(group: str, type_: str, attribute: str, kind: type[Any], arguments: tuple[object, ...]) -> Any:
    try:
        made, whose = part(group, type_, attribute, kind)
        try:
            return made(*arguments)
        except ExchangeError:
            raise
        except Exception as fault:
            raise failed(whose, fault) from fault
    except PluginError as fault:
        raise ConfigurationError(str(fault)) from fault
