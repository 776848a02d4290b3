"""Alone follows every way of the data through a workspace, for checks: pick-up, inbound mapping, document, delivery."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from exchange.config import models
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.documents.loader import Document, Field, document, names
from exchange.mapping.library import sound_step

Path = tuple[str | int, ...]
_FILLS = frozenset({"constant", "default", "when", "sum", "multiply"})
"""Steps that make a value of blank ones; those of other distributions are taken to do so."""


@dataclass(frozen=True, slots=True)
class Way:
    """One pick-up and one delivery of a flow."""

    flow: Loaded[models.Flow]
    delivery: int
    inbound: str
    """Name of the mapping that reads."""
    outbound: str
    reads: models.Mapping
    writes: models.Mapping
    target: Loaded[models.Mapping]
    """The file of the mapping that writes."""
    kind: Document

    def provided(self, level: str) -> set[str]:
        """Return the document's fields that have a value: those that the inbound mapping or the product fills."""
        computed = self.kind.computed_fields if level == "fields" else self.kind.computed_lines
        return {*filled(getattr(self.reads, level)), *computed, *self._standardised()}

    def _standardised(self) -> Iterator[str]:
        """Yield the parts of addresses that the flow's rule for them may fill."""
        for block in self.flow.value.rules.addresses if self.flow.value else ():
            yield from (f"{block}.{part}" for part in ("line2", "unit", "region", "country", "kind"))

    def blank(self, level: str) -> Iterator[tuple[str, models.FieldMap]]:
        """Yield the fields of the target that stay blank in every document; not those that are told as unknown."""
        known, readable = self.provided(level), self._readable(level)
        for name, field in getattr(self.writes, level).items():
            told = any(source not in readable or readable[source].constraints.required for source in field.from_)
            if field.from_ and not told and not known & set(field.from_) and not any(map(_fills, field.steps)):
                yield name, field

    def _readable(self, level: str) -> dict[str, Field]:
        return self.kind.readable_fields if level == "fields" else self.kind.readable_lines


def ways(files: Files) -> Iterator[Way]:
    """Yield each pick-up with each delivery of its flow, where both mappings can be read and fit each other."""
    for flow in files.flows:
        for pick_up in flow.value.pick_up if flow.value else ():
            for number, delivery in enumerate(flow.value.deliver if flow.value else ()):
                source, target = (files.mappings.get(name) for name in (pick_up.mapping, delivery.mapping))
                if not (source and source.value and target and target.value):
                    continue
                if (
                    source.value.reads
                    and source.value.reads == target.value.writes
                    and (kind := known_document(source.value))
                ):
                    both = (source.value, target.value)
                    yield Way(flow, number, pick_up.mapping, delivery.mapping, *both, target, kind)


def known_document(mapping: models.Mapping) -> Document | None:
    """Return the document that a mapping reads into or writes from; None where there is no such document."""
    name = mapping.reads or mapping.writes or ""
    return document(name) if name in names() else None


def filled(fields: Mapping[str, models.FieldMap]) -> Iterator[str]:
    """Yield the names that the fields of one level fill, each part of an address by itself."""
    for name, field in fields.items():
        yield from (name,) if field.address is None else (f"{name}.{part}" for part in field.address)


def steps_of(mapping: models.Mapping) -> Iterator[tuple[Path, tuple[models.StepCall, ...]]]:
    """Yield the steps of each field and address part, with the YAML path of their list."""
    for level in ("fields", "lines"):
        for name, field in getattr(mapping, level).items():
            yield (level, name, "steps"), field.steps
            for part, given in (field.address or {}).items():
                if isinstance(given, models.FieldMap):
                    yield (level, name, "address", part, "steps"), given.steps


def arguments(call: models.StepCall) -> dict[str, object]:
    """Return the parameters of a step by name, as they are written; a bare one belongs to the first parameter."""
    spec = sound_step(call.name)
    if spec is None or not spec.parameters or call.argument is None:
        return {}
    first = spec.parameters[0]
    if not isinstance(call.argument, dict):
        return {first.name: call.argument}
    if first.type == "map" and not isinstance(call.argument.get(first.name), dict):
        return {first.name: call.argument}
    return dict(call.argument)


def _fills(call: models.StepCall) -> bool:
    return call.name in _FILLS or sound_step(call.name) is None
