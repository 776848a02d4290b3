"""Alone knows which JSON Schema a YAML file is edited by, and keeps the line on top of the file that says so."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from exchange.config.locating import FLOWS, SETTINGS
from exchange.config.workspace import SCHEMAS, TABLES

FOLDER = "mappings/.schemas"
"""Where the JSON Schemas of a workspace lie."""
KINDS = (
    (SETTINGS, "exchange"),
    (f"{FLOWS}/*_test.yaml", "flow_cases"),
    (f"{FLOWS}/*.yaml", "flow"),
    (f"{SCHEMAS}/*.yaml", "schema"),
    (f"{TABLES}/*", ""),
    ("mappings/*/*_test.yaml", "cases"),
    ("mappings/*/*.yaml", "mapping"),
)
"""Pattern of files -> name of their schema; the first that fits counts, and a blank one means none."""
_LINE = re.compile(rb"#[ \t]*yaml-language-server:[^\r\n]*(?:\r?\n|\Z)")
_MARK = b"\xef\xbb\xbf"
_OURS = re.compile(rb"\$schema=(\.\./|\./)*(mappings/)?\.schemas/")


def own_schema(mapping: str) -> str:
    """Return where the schema of one mapping lies: it knows the columns of that mapping's file."""
    return f"{FOLDER}/mappings/{mapping}.json"


def schema_for(file: str, known: Collection[str]) -> str:
    """Return which of the `known` schemas a file (relative to the workspace) is edited by; blank where none is."""
    found = next((name for pattern, name in KINDS if fnmatchcase(file, pattern)), "")
    own = own_schema(file.removeprefix("mappings/").removesuffix(".yaml"))
    if found == "mapping" and own in known:
        return own
    return found and f"{FOLDER}/{found}.json"


def modeline(file: str, known: Collection[str]) -> str:
    """Return the line that names the schema of a file to editors; blank where it has none."""
    schema = schema_for(file, known)
    way = os.path.relpath(schema, PurePosixPath(file).parent) if schema else ""
    return f"# yaml-language-server: $schema={way}\n" if way else ""


def with_modeline(content: bytes, line: str) -> bytes:
    """Return the content of a file with its modeline right; one that names a schema of someone else's stays."""
    mark = _MARK if content.startswith(_MARK) else b""
    body = content.removeprefix(_MARK)
    found = _LINE.match(body)
    if found is not None and not _OURS.search(found[0]):
        return content
    ending = b"\r\n" if body.partition(b"\n")[0].endswith(b"\r") else b"\n"
    return mark + line.rstrip("\n").encode() + ending + (body if found is None else body[found.end() :])


def editable(root: Path) -> list[str]:
    """Return the YAML files of a workspace that have a schema, relative to it."""
    found = sorted(path.relative_to(root).as_posix() for path in (root / "mappings").rglob("*.yaml"))
    return [file for file in found if schema_for(file, ())]
