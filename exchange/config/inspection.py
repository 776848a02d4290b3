"""Alone checks a whole workspace: every file, every reference between files, and what deeper checks are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from exchange.config.endpoint_references import endpoint_mistakes
from exchange.config.extending import told_once
from exchange.config.files import Files, read_files
from exchange.config.flow_references import flow_mistakes
from exchange.config.guard_references import guard_mistakes
from exchange.config.loader import Loaded
from exchange.config.mapping_references import mapping_mistakes
from exchange.config.mending import mended_flow, mended_mapping
from exchange.config.models import Mapping
from exchange.config.only_references import only_mistakes
from exchange.config.secret_references import secret_mistakes
from exchange.config.tables import load_table
from exchange.config.yamltext import Path as YamlPath
from exchange.kernel.errors import ConfigurationError, Mistake

Found = tuple[YamlPath, str, str] | tuple[YamlPath, str, str, str]
"""A mistake in the mapping's own file: YAML path, what is wrong, what to write instead, and its code if it has one."""
Deeper = Callable[[Path, str, Mapping], Iterable[Found | Mistake]]
"""A check of one mapping that needs more than its file: (workspace, mapping name, mapping) -> mistakes.

A `Mistake` names its file itself (a template's, for example); a ConfigurationError that is raised counts too.
"""
Wider = Callable[[Files], Iterable[Mistake]]
"""A check of several files together, for `exchange check` alone."""

_OF_VALUES = {"UNKNOWN_COLUMN", "UNKNOWN_TABLE", "STEP_ARGUMENT"}
"""Codes of mistakes that lie in what stands behind a key."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What `exchange check` reports."""

    mistakes: tuple[Mistake, ...]
    """Sorted by file, line and column, each once; warnings and notes are among them."""
    flows: int
    mappings: int
    schemas: int
    """Table schemas and XSDs."""
    templates: int
    tables: int

    @property
    def errors(self) -> tuple[Mistake, ...]:
        """What has to be corrected before anything runs."""
        return tuple(mistake for mistake in self.mistakes if mistake.severity == "error")


def inspect(root: Path, deeper: Sequence[Deeper] = (), wider: Sequence[Wider] = ()) -> Inspection:
    """Check the workspace `root`; every mistake of every file is in the result, none is raised."""
    read = read_files(root)
    # What is right in a file with mistakes is held against the other files all the same.
    files = replace(
        read,
        flows=[mended_flow(flow) for flow in read.flows],
        mappings={name: mended_mapping(mapping) for name, mapping in read.mappings.items()},
    )
    found = {*read.mistakes(), *flow_mistakes(files), *mapping_mistakes(files), *_tables(files)}
    found.update(each.mistake for each in endpoint_mistakes(root, files.settings))
    found.update(secret_mistakes(read))
    found.update(only_mistakes(files))
    found.update(guard_mistakes(files))
    # A line that is wrong already with the same advice is told once: the deeper check has other words for it.
    told = {(mistake.file, mistake.line, mistake.instead) for mistake in found if mistake.line}
    for check in deeper:
        found.update(m for m in _deeper(files, check) if (m.file, m.line, m.instead) not in told)
    for each in wider:
        found.update(each(files))
    found.update(_odd(read, found))
    return Inspection(
        mistakes=tuple(sorted(told_once(found))),
        flows=len(files.flows),
        mappings=len(files.mappings),
        schemas=len(files.schemas) + len(files.xsds),
        templates=len(files.templates),
        tables=len(files.tables),
    )


def _tables(files: Files) -> Iterator[Mistake]:
    for name in files.tables:
        yield from load_table(files.root, name, thorough=True)[1]


def _odd(files: Files, found: set[Mistake]) -> Iterator[Mistake]:
    """Warn of texts that are right and that nobody means; where they are wrong, the mistake tells the reason."""
    told = {(mistake.file, mistake.line, mistake.column) for mistake in found}
    for file, parsed in files.texts():
        for (line, column), odd in parsed.odd.items():
            if odd.told and (file, line, column) not in told:
                yield Mistake(file, line, column, odd.what, odd.instead, "ODD_TEXT")


def _deeper(files: Files, check: Deeper) -> Iterator[Mistake]:
    for name, loaded in files.mappings.items():
        if loaded.value is None:
            continue
        try:
            for found in check(files.root, name, loaded.value):
                yield found if isinstance(found, Mistake) else _placed(loaded, *found)
        except ConfigurationError as fault:
            yield from fault.mistakes


def _placed(loaded: Loaded[Any], path: YamlPath, what: str, instead: str, code: str = "STEP_ARGUMENT") -> Mistake:
    """Return a mistake at the value that is wrong, or at its key where the key is, or something below it is missing."""
    offending = code in _OF_VALUES and not isinstance(loaded.parsed.at(path), dict | None)
    return loaded.mistake(path, what, instead, key=not offending, code=code)
