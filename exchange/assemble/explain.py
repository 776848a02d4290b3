"""Shows one document of a partner's file on its way through a mapping, step by step, by the plan that runs use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from exchange.assemble.explain_choice import Way as Choice
from exchange.assemble.explain_choice import plan_of
from exchange.assemble.explain_document import OneDocument, Unread, Wanted, laid_out, one_document
from exchange.assemble.explain_inbound import inbound
from exchange.assemble.explain_outbound import Outbound, outbound
from exchange.assemble.explain_shown import Shown, Way
from exchange.assemble.sources import Sources
from exchange.engine.facts import OUT
from exchange.engine.finish import finish
from exchange.engine.prepared import as_mask
from exchange.kernel.pipeline import machine_of
from exchange.kernel.plan import Plan
from exchange.kernel.problems import Problem

_FIXED_ENDS = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}


def show(root: Path, choice: Choice, file: Path, wanted: Wanted) -> Way | Unread | None:
    """Return the document that is meant on its way; None where the file has none such. Raises ConfigurationError."""
    plan = plan_of(root, choice)
    sources: Sources = plan.sources
    with laid_out(machine_of(plan), file) as layout:
        if isinstance(layout, Unread):
            return layout
        one = one_document(plan, layout, wanted)
        if one is None or isinstance(one, Unread):
            return one
        read = inbound(root, sources, one, str(file))
        if choice.target is None:
            lines = read.lines
            fields = (*read.header.values(), *(field for line in lines for field in line.values()))
            way = _way(one, str(file), _decision(one, choice), fields, (p for _, p in one.prepared.problems))
        else:
            made = outbound(root, sources, one, choice.target, (read, plan.channel, None))
            way = _outbound_way(plan, one, choice, str(file), made)
        return _of_line(way, wanted.line) if wanted.line else way


def _of_line(way: Way, line: int) -> Way:
    """Return a document with those of its lines only that come from the record on a physical line."""
    begins = max(found for found in way.lines if found <= line)
    return replace(way, fields=tuple(field for field in way.fields if field.block == "fields" or field.line == begins))


def _outbound_way(plan: Plan, one: OneDocument, choice: Choice, file: str, made: Outbound) -> Way:
    """Return a document as a target gets it, with what the target refuses and what is written."""
    target = choice.target or 0
    decision = _decision(one, choice)
    if as_mask(one.prepared.header, "_bad")[0]:
        return _way(one, file, decision, (*made.header, *made.lines), (p for _, p in one.prepared.problems))
    result = finish(one.prepared, np.full(one.grouping.size, OUT), plan)
    problems = [problem for _, problem in (*one.prepared.problems, *result.refused)]
    if result.refused:
        names = sorted({str(problem.detail.get("target", "a target")) for _, problem in result.refused})
        decision = f"rejected: {', '.join(names)} refuses it, so no target gets it"
    elif not len(made.handed.document):
        decision = f"nothing of it goes to {one.machine.targets[target].name}"
    data = bytes(result.targets[target].fragment.data)
    form = plan.sources.outbound[target].mapping.format
    encoding = str(getattr(form, "encoding", "utf-8")).lower()
    rendered = data.decode(_FIXED_ENDS.get(encoding, encoding), "replace")
    return replace(_way(one, file, decision, (*made.header, *made.lines), problems), rendered=rendered)


def _way(one: OneDocument, file: str, decision: str, fields: Iterable[Shown], problems: Iterable[Problem]) -> Way:
    header = one.prepared.header
    number = header.column("_number")[0].as_py() or header.column("_key")[0].as_py() or ""
    lines = tuple(dict.fromkeys(one.unpacked.positions.file_line.tolist()))
    return Way(number, one.machine.kind, file, lines, decision, tuple(fields), tuple(problems))


def _decision(one: OneDocument, choice: Choice) -> str:
    """Return what becomes of the document by itself; what was sent before only the ledger knows."""
    header = one.prepared.header
    bad, release, filtered = (bool(as_mask(header, name)[0]) for name in ("_bad", "_release", "_filter"))
    if bad:
        return "rejected: it has the problems below"
    if not choice.name:
        return ""
    why = header.column("_reason")[0].as_py()
    if filtered:
        return f"filtered by flow {choice.name}: {why}"
    return f"goes out by flow {choice.name}" if release else f"held by flow {choice.name}: {why}"
