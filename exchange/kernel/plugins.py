"""The one place that finds what other distributions add by entry points: only once a name is not one of ours."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar, cast

from exchange.kernel.load import load

STEPS = "exchange.steps"
FORMATS = "exchange.formats"
ENDPOINTS = "exchange.endpoints"
WORDS = {STEPS: "step", FORMATS: "format", ENDPOINTS: "endpoint type"}
"""Entry point group -> what people call one of its entries."""
ENTRY_POINTS = "importlib.metadata:entry_points"
"""Loaded when an unknown name is met: an idle run looks at no distribution."""
T = TypeVar("T")


class PluginError(Exception):
    """What a distribution adds cannot be used; says whose it is and what to do."""

    def __init__(self, what: str, instead: str) -> None:
        self.what, self.instead = what, instead
        super().__init__(f"{what}; {instead}")


@dataclass(frozen=True, slots=True)
class Added:
    """One entry point: it is loaded when it is used."""

    group: str
    name: str
    value: str
    """`module:name` as the distribution declares it."""
    distribution: str
    """Name and version, for people."""
    load: Callable[[], object]

    @property
    def shown(self) -> str:
        """What messages call it, for example `step 'shout' of acme-exchange 1.0 (acme.steps:SHOUT)`."""
        return f"{WORDS[self.group]} {self.name!r} of {self.distribution} ({self.value})"


def added(group: str) -> tuple[Added, ...]:
    """Return what other distributions add to a group, sorted by name."""
    return _added(group, tuple(sys.path))


@lru_cache(maxsize=32)
def _added(group: str, path: tuple[str, ...]) -> tuple[Added, ...]:
    del path  # what can be imported is part of the question
    found = load(ENTRY_POINTS)(group=group)
    made = (Added(group, entry.name, entry.value, _distribution(entry.dist), entry.load) for entry in found)
    return tuple(sorted(made, key=lambda each: (each.name, each.distribution)))


def find(group: str, name: str, kind: type[T]) -> tuple[T, Added] | None:
    """Return what a distribution adds under a name, and whose it is; None where nobody adds it.

    Raises PluginError where two add it, where it cannot be loaded, and where it is no `kind`.
    """
    named = [each for each in added(group) if each.name == name]
    if not named:
        return None
    if len(named) > 1:
        whose = " and ".join(each.distribution for each in named)
        raise PluginError(f"two distributions add the {WORDS[group]} {name!r}: {whose}", "uninstall one of them")
    return made(named[0], kind), named[0]


def made(entry: Added, kind: type[T]) -> T:
    """Load one entry; raises PluginError."""
    try:
        found = entry.load()
    except Exception as fault:
        raise PluginError(f"{entry.shown} cannot be loaded: {_said(fault)}", mend(entry)) from fault
    if not isinstance(found, kind):
        what = f"{entry.shown} is of type {type(found).__name__}, a {kind.__name__} is needed"
        raise PluginError(what, mend(entry))
    return found


def part(group: str, name: str, attribute: str, kind: type[T]) -> tuple[Callable[..., object], Added]:
    """Return what the `module:function` row in an attribute of an entry names, and whose it is; raises PluginError."""
    found = find(group, name, kind)
    if found is None:
        raise PluginError(f"nothing adds the {WORDS[group]} {name!r} any more", "install the distribution that did")
    declared, whose = found
    row = str(getattr(declared, attribute))
    if not row:
        raise PluginError(f"{whose.shown} has no {attribute}", "choose another format")
    try:
        return cast("Callable[..., object]", load(row)), whose
    except Exception as fault:
        what = f"{whose.shown}: its {attribute} {row!r} cannot be loaded: {_said(fault)}"
        raise PluginError(what, mend(whose)) from fault


def mend(entry: Added) -> str:
    """Return what to do about a broken one."""
    return f"mend {entry.distribution.partition(' ')[0]}, or uninstall it"


def failed(entry: Added, fault: Exception) -> PluginError:
    """Return the error of one that raised while it was at work."""
    return PluginError(f"{entry.shown} failed: {_said(fault)}", mend(entry))


def clashes(group: str, ours: set[str]) -> tuple[Added, ...]:
    """Return those that cannot be reached: their name is one of ours, or another distribution has it too."""
    names = [each.name for each in added(group)]
    return tuple(each for each in added(group) if each.name in ours or names.count(each.name) > 1)


def _said(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}".rstrip(": ")


def _distribution(found: object) -> str:
    name, version = getattr(found, "name", None), getattr(found, "version", None)
    return f"{name} {version}" if name else "a distribution without a name"
