"""Finds the way on which a mapping is shown at work: a flow that uses it, or a way of its own where none does yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exchange.assemble.plan import load_plan
from exchange.config.locating import FLOWS
from exchange.config.models import Delivery, Flow, Mapping, PickUp
from exchange.config.rules import Rules
from exchange.config.suggest import suggest
from exchange.config.workspace import load_mapping, mapping_file, mapping_names, read_flows
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.naming import matching
from exchange.kernel.plan import Plan

NO_FLOW = ""
"""Name of the flow that no file declares."""


class NotShown(Exception):
    """What is asked for names nothing, or more than one thing; the message says what can be asked."""


@dataclass(frozen=True, slots=True)
class Way:
    """From a partner's file through an inbound mapping, and on through an outbound one where that is shown."""

    flow: Flow
    pick_up: int
    target: int | None
    """Which delivery of the flow; None where the inbound mapping is shown."""

    @property
    def inbound(self) -> str:
        """Name of the inbound mapping."""
        return self.flow.pick_up[self.pick_up].mapping

    @property
    def outbound(self) -> str:
        """Name of the outbound mapping; blank where the inbound one is shown."""
        return "" if self.target is None else self.flow.deliver[self.target].mapping

    @property
    def name(self) -> str:
        """What to call the flow; blank where no file declares it."""
        return self.flow.flow


def way_of(root: Path, name: str, file: Path, via: str = "", flow: str = "") -> Way:
    """Return the way on which mapping `name` is shown with `file`; raises NotShown, ConfigurationError.

    `via`: the inbound mapping that reads the file, for an outbound `name`. `flow`: the one whose rules hold.
    """
    mapping = _mapping(root, name)
    flows = [found.value for found in read_flows(root) if found.value is not None]
    if flow and flow not in {found.flow for found in flows}:
        raise NotShown(f"there is no flow {flow!r}; {suggest(flow, [found.flow for found in flows])}")
    if mapping.reads is not None:
        if via:
            raise NotShown(f"{name} reads the partner's file itself; --via is for mappings that write one")
        reading = [way for found in flows for way in _reading(found, name)]
        return _only(reading, flow, file) or Way(_alone(name), 0, None)
    writing = [way for found in flows for way in _writing(found, name) if via in {"", way.inbound}]
    return _only(writing, flow, file) or _joined(root, name, mapping, via)


def plan_of(root: Path, way: Way) -> Plan:
    """Return the compiled plan of a way, the same that a run of its flow has; raises ConfigurationError."""
    return load_plan(root, way.flow, way.pick_up)


def _mapping(root: Path, name: str) -> Mapping:
    known = mapping_names(root)
    if name not in known:
        raise NotShown(f"there is no mapping {name!r}; {suggest(name, known)}")
    return load_mapping(root, name)


def _reading(flow: Flow, name: str) -> Iterator[Way]:
    for index, pick_up in enumerate(flow.pick_up):
        if pick_up.mapping == name:
            yield Way(flow, index, None)


def _writing(flow: Flow, name: str) -> Iterator[Way]:
    for target, delivery in enumerate(flow.deliver):
        if delivery.mapping == name:
            for index in range(len(flow.pick_up)):
                yield Way(flow, index, target)


def _only(ways: list[Way], flow: str, file: Path) -> Way | None:
    """Return the way to take; None where there is none. Pick-ups of one mapping differ in nothing that is shown."""
    ways = [way for way in ways if flow in {"", way.name}]
    distinct = list({(way.name, way.inbound, way.outbound): way for way in reversed(ways)}.values())
    if len(distinct) > 1:
        taken = (way for way in distinct if matching([file.name], way.flow.pick_up[way.pick_up].match))
        fitting = list(taken)
        distinct = fitting if len(fitting) == 1 else distinct
    if len(distinct) > 1 and {way.name for way in distinct} != {distinct[0].name}:
        names = ", ".join(sorted({way.name for way in distinct}))
        raise NotShown(f"several flows use it ({names}), and their rules may differ: say which with --flow")
    if len(distinct) > 1:
        names = ", ".join(sorted({way.inbound for way in distinct}))
        raise NotShown(f"flow {distinct[0].name} reads files by several mappings ({names}): say which with --via")
    return distinct[0] if distinct else None


def _joined(root: Path, name: str, mapping: Mapping, via: str) -> Way:
    """Return a way of its own from an inbound mapping to an outbound one."""
    reading = [other for other in mapping_names(root) if _reads(root, other, mapping.writes)]
    if not via and len(reading) != 1:
        said = f"say with --via which mapping reads the file: {', '.join(reading)}" if reading else "write that first"
        raise NotShown(f"{name} writes files from {mapping.writes} documents, and no flow delivers by it: {said}")
    if via and via not in reading:
        raise NotShown(f"no mapping {via!r} reads {mapping.writes} documents; {suggest(via, reading)}")
    return Way(_alone(via or reading[0], Delivery(to="show", mapping=name, name="{claim}.{part}")), 0, 0)


def _reads(root: Path, name: str, kind: str | None) -> bool:
    try:
        return load_mapping(root, name).reads == kind
    except ConfigurationError:
        return False


def _alone(name: str, *deliver: Delivery) -> Flow:
    """Return a flow for a mapping that none uses yet: no rule holds a document back."""
    pick_up = PickUp.model_validate({"from": "show", "mapping": name})
    rules = Rules.model_validate({"release": {"otherwise": "release"}})
    return Flow.model_construct(flow=NO_FLOW, pick_up=(pick_up,), deliver=deliver, rules=rules)


def files_of(way: Way) -> tuple[str, ...]:
    """Return the files of the workspace that say how the way goes."""
    flow = (f"{FLOWS}/{way.name}.yaml",) if way.name else ()
    return (*flow, mapping_file(way.inbound), *((mapping_file(way.outbound),) if way.outbound else ()))
