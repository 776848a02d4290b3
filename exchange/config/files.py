"""Alone reads every configuration file of a workspace at once, each with its own mistakes, for `exchange check`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exchange.config.loader import Loaded, load
from exchange.config.models import Flow, Mapping, TableSchema, Workspace
from exchange.config.workspace import (
    NO_FLOW,
    SCHEMAS,
    TEMPLATES,
    mapping_file,
    mapping_names,
    read_flows,
    read_settings,
    schema_file,
    schema_names,
    table_names,
)
from exchange.config.yamltext import Parsed
from exchange.kernel.errors import Mistake


@dataclass(frozen=True, slots=True)
class Files:
    """All that a workspace's files say, right or wrong."""

    root: Path
    settings: Loaded[Workspace]
    flows: list[Loaded[Flow]]
    mappings: dict[str, Loaded[Mapping]]
    """By name, for example `shopify/orders`."""
    schemas: dict[str, Loaded[TableSchema]]
    tables: list[str]
    """Names of the crosswalk tables."""
    xsds: list[str]
    """Paths below mappings/schemas/."""
    templates: list[str]
    """Paths below templates/."""

    @property
    def endpoints(self) -> list[str] | None:
        """Names of the endpoints, right or wrong; None where exchange.yaml does not tell them."""
        said = self.settings.parsed.data
        found = said.get("endpoints") if isinstance(said, dict) else None
        return list(found) if isinstance(found, dict) else None

    def texts(self) -> Iterator[tuple[str, Parsed]]:
        """Return each file that has a model, and what stands in it."""
        yield self.settings.file, self.settings.parsed
        yield from ((flow.file, flow.parsed) for flow in self.flows)
        yield from ((mapping.file, mapping.parsed) for mapping in self.mappings.values())
        yield from ((schema.file, schema.parsed) for schema in self.schemas.values())

    def mistakes(self) -> Iterator[Mistake]:
        """Return the mistakes of each file on its own."""
        yield from self.settings.mistakes
        for flow in self.flows:
            yield from flow.mistakes
        for mapping in self.mappings.values():
            yield from mapping.mistakes
        for schema in self.schemas.values():
            yield from schema.mistakes
        for path in sorted((self.root / "mappings").rglob("*.yml")):
            file = path.relative_to(self.root).as_posix()
            yield Mistake(
                file, 0, 0, "a file that ends in .yml is not read", f"rename it to {path.stem}.yaml", "FILE_NOT_READ"
            )
        if not self.flows:
            yield NO_FLOW


def read_files(root: Path) -> Files:
    """Read every YAML file of the workspace `root`, and list the others."""
    return Files(
        root=root,
        settings=read_settings(root),
        flows=read_flows(root),
        mappings={name: load(root, mapping_file(name), Mapping) for name in mapping_names(root)},
        schemas={name: load(root, schema_file(name), TableSchema) for name in schema_names(root)},
        tables=table_names(root),
        xsds=_below(root / SCHEMAS, "*.xsd"),
        templates=[path for path in _below(root / TEMPLATES, "*") if not path.endswith("README.md")],
    )


def _below(folder: Path, pattern: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob(pattern) if path.is_file())
