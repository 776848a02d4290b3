"""Writes the YAML of a flow that tries a drafted mapping: what was read comes out as a plain CSV."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.documents.loader import Document
from exchange.infer.matching import Matches
from exchange.infer.written import flow

_RELEASE = {
    True: """  # Orders that are not paid wait: `exchange release order NUMBER` lets one go.
  release: {when: {payment_status: [paid]}, otherwise: hold}
""",
    False: """  # The file does not say what is paid: every order goes out. Where it does, write
  # `release: {when: {payment_status: [paid]}, otherwise: hold}`.
  release: {otherwise: release}
""",
}
_TARGETS = {"order": "orders", "shipment": "shipments", "stock": "stock"}
"""Document -> how a target's mapping of it is probably called."""


def flow_text(name: str, mapping: str, source: tuple[str, str], kind: Document, *, waits: bool) -> str:
    """Return a flow that picks files up and writes what was read.

    `source`: (partner, pattern of the files); `waits`: whether orders wait until they are paid.
    """
    partner, pattern = source
    rules = ""
    if kind.name == "order":
        rules = f"rules:\n{_RELEASE[waits]}  money: {{allocate_discount: none, on_mismatch: warn}}\n\n"
    what = mapping.rpartition("/")[2]
    pick_up = {"from": partner, "match": pattern, "mapping": mapping, "settle": "10s", "then": "archive"}
    deliver = {"to": f"{partner}_review", "mapping": f"{mapping}_review", "name": f"{what}_{{claim}}.csv"}
    return (
        f"# Drafted by `exchange infer`: reads with {mapping} and writes what was read, to look at. Then\n"
        f"# deliver it to your targets instead: {{to: erp, folder: {_TARGETS[kind.name]}, mapping: "
        f"erp/{_TARGETS[kind.name]}, name: ...}}, say.\n"
        f"flow: {name}\n\npick_up:\n  - {flow(pick_up)}\n\n{rules}deliver:\n  - {flow(deliver)}\n"
    )


def review_text(kind: Document, matches: Matches) -> str:
    """Return an outbound mapping that writes every field that is filled, one row for each line."""
    return "\n".join(_review(kind, matches)) + "\n"


def _review(kind: Document, matches: Matches) -> Iterator[str]:
    yield "# Drafted by `exchange infer`: every field that was read, one row for each line, to look at."
    yield f"writes: {kind.name}"
    yield "format: {type: csv}"
    taken: set[str] = set()
    for level, fields in (("fields", kind.fields), ("lines", {**kind.lines, **kind.computed_lines})):
        filled = {match.field for match in matches.chosen if match.level == level}
        filled |= {name for name, field in fields.items() if field.constraints.required or name == "line_number"}
        written = {name: (name if name not in taken else f"line_{name}") for name in fields if name in filled}
        if not written:
            continue
        yield f"{level}:"
        for name, column in written.items():
            taken.add(column)
            steps = [{"format_datetime": "%Y-%m-%dT%H:%M:%SZ"}] if fields[name].type == "datetime" else []
            keys = {"from": name, "steps": steps} if steps else {"from": name}
            yield f"  {flow(column)}: {flow(keys)}"
