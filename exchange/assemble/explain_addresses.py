"""Tells what the flow's rule for addresses made of the fields of one document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from exchange.assemble.explain_document import OneDocument
from exchange.assemble.explain_shown import Shown, Step
from exchange.assemble.sources import Sources
from exchange.config.loader import load
from exchange.config.locating import FLOWS
from exchange.config.models import Flow
from exchange.mapping.render import as_text

RULE = "rules.addresses"


def in_form(root: Path, sources: Sources, one: OneDocument, fields: Mapping[str, Shown]) -> dict[str, Shown]:
    """Return header fields with the rule as their last step where it changed them, and the fields that it fills."""
    if one.machine.standardise is None:
        return dict(fields)
    header, made = one.prepared.header, dict(fields)
    for name, at in _ruled(root, sources, header.column_names):
        text = as_text(header[name].combine_chunks())[0].as_py()
        step = Step(RULE, None, at, {}, (text,), (), "")
        shown = fields.get(name)
        if shown is None and text is not None:
            line = int(one.unpacked.positions.file_line[int(one.grouping.head[0])])
            made[name] = Shown(sources.name, "fields", 1, name, at, line, (), (step,), text, ())
        elif shown is not None and shown.value != text and not shown.problems:
            made[name] = replace(shown, steps=(*shown.steps, step), value=text)
    return made


def _ruled(root: Path, sources: Sources, names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each field that a rule is about, and where the flow says so."""
    file = f"{FLOWS}/{sources.flow.flow}.yaml"
    parsed = load(root, file, Flow).parsed
    for block, rule in sources.flow.rules.addresses.items():
        at = f"{file}:{parsed.place(('rules', 'addresses', block), key=True)[0]}"
        yield from ((name, at) for name in names if name.startswith(f"{block}.") or name in rule.phones)
