"""Puts a draft into the workspace: the files of the mapping, and on request a flow that shows what it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exchange.assemble.infer import Outcome, slug
from exchange.assemble.infer_rows import NotInferred
from exchange.config.endpoints import LocalEndpoint
from exchange.config.locating import FLOWS, SETTINGS
from exchange.config.modelines import modeline, own_schema
from exchange.config.workspace import mapping_file, read_settings, schema_file
from exchange.infer.draft import schema_name
from exchange.infer.trial import flow_text, review_text
from exchange.kernel.atomic import make_folder, write_synced

_ENDPOINTS = re.compile(r"^endpoints:[ \t]*(#.*)?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Written:
    """What was put into the workspace."""

    files: tuple[str, ...]
    """Paths in the workspace, new ones and the one that was added to."""
    flow: str = ""
    """Name of the flow; blank where none was asked for."""
    inbox: str = ""
    """Folder that the flow picks up from."""


def texts(outcome: Outcome) -> dict[str, str]:
    """Return the files of a draft by their path in the workspace."""
    name = outcome.inferred.name
    return {mapping_file(name): outcome.draft.mapping, schema_file(schema_name(name)): outcome.draft.schema}


def write(root: Path, outcome: Outcome, flow: str | None) -> Written:
    """Write the files of a draft; raises NotInferred where one exists already: nothing is written then.

    `flow`: name of the flow to draft with them, blank for one called like the mapping; None for no flow. It writes to
    an outbox of its own, so that a draft never sends anything to a partner.
    """
    made = texts(outcome)
    name = outcome.inferred.name
    called = (slug(flow) if flow else slug(name)) if flow is not None else ""
    added: dict[str, str] = {}
    if called:
        kind = outcome.inferred.matches.kind
        partner = slug(name.split("/", 1)[0])
        paid = outcome.inferred.matches.of("fields", "payment_status") is not None
        made[mapping_file(f"{name}_review")] = review_text(kind, outcome.inferred.matches)
        made[f"{FLOWS}/{called}.yaml"] = flow_text(called, name, (partner, _pattern(outcome)), kind, waits=paid)
        added = dict(_endpoints(root, partner))
    if taken := sorted(file for file in made if (root / file).exists()):
        instead = "remove it, or choose another name with --name or --flow"
        raise NotInferred(f"{', '.join(taken)} exists already and is never overwritten: {instead}")
    settings = _with_endpoints(root, added) if added else ""
    schemas = {own_schema(name), own_schema(f"{name}_review")}  # `exchange schema export` writes them
    for file, text in made.items():
        _write(root / file, modeline(file, schemas) + text)
    if added:
        _replace(root / SETTINGS, settings)
        for folder in added.values():
            make_folder(root / folder)
    inbox = _inbox(root, slug(name.split("/", 1)[0])) if called else ""
    return Written((*made, *([SETTINGS] if added else [])), called, inbox)


def _pattern(outcome: Outcome) -> str:
    """Return which files are picked up: those that end like the sample."""
    suffix = Path(outcome.inferred.file).suffix
    return f"*{suffix}" if suffix else "*"


def _endpoints(root: Path, partner: str) -> Iterator[tuple[str, str]]:
    """Yield the endpoints that the flow needs and the workspace does not have."""
    known = read_settings(root).required().endpoints
    for name, path in ((partner, f"data/inbox/{partner}"), (f"{partner}_review", f"data/outbox/{partner}_review")):
        if name not in known:
            yield name, path


def _with_endpoints(root: Path, added: dict[str, str]) -> str:
    text = (root / SETTINGS).read_text(encoding="utf-8")
    lines = "".join(f"\n  {name}: {{type: local, path: {folder}}}" for name, folder in added.items())
    found = _ENDPOINTS.search(text)
    if found is None:
        raise NotInferred(f"{SETTINGS} has no line `endpoints:` of its own: add these below it:{lines}")
    return text[: found.end()] + lines + text[found.end() :]


def _replace(path: Path, text: str) -> None:
    before = path.with_name(f".{path.name}.new")
    before.unlink(missing_ok=True)
    write_synced(before, [text.encode()])
    before.replace(path)


def _inbox(root: Path, partner: str) -> str:
    endpoint = read_settings(root).required().endpoints[partner]
    return endpoint.path if isinstance(endpoint, LocalEndpoint) else f"the endpoint {partner}"


def _write(path: Path, text: str) -> None:
    make_folder(path.parent)
    write_synced(path, [text.encode()])
