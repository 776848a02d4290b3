"""Alone knows where the files of a workspace lie, and loads its configuration by name.

`load_flows` is all that an idle run reads: it imports neither pandas nor pyarrow.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from exchange.config import extending
from exchange.config.loader import Loaded, load
from exchange.config.locating import FLOWS, SETTINGS, flow_files
from exchange.config.models import Flow, Mapping, TableSchema, Workspace
from exchange.config.suggest import suggest
from exchange.kernel.errors import ConfigurationError, Mistake

SCHEMAS = "mappings/schemas"
TABLES = "mappings/tables"
TEMPLATES = "templates"
_ENDPOINT = "UNKNOWN_ENDPOINT"
NO_FLOW = Mistake(FLOWS, 0, 0, "there is no flow", f"write {FLOWS}/<flow>.yaml", "NO_FLOW")


@dataclass(frozen=True, slots=True)
class Setup:
    """What an installation runs: its endpoints and flows."""

    root: Path
    """The workspace folder, absolute."""
    workspace: Workspace
    flows: dict[str, Flow]
    """By name, in alphabetical order."""

    def chosen(self, names: tuple[str, ...]) -> tuple[Flow, ...]:
        """Return the flows called `names`, or all.

        KeyError with did-you-mean advice for a name that is not known, ConfigurationError where there is none at all.
        """
        if not names and not self.flows:
            raise ConfigurationError([NO_FLOW])
        for name in names:
            if name not in self.flows:
                raise KeyError(f"there is no flow {name!r}; {suggest(name, self.flows)}")
        return tuple(self.flows[name] for name in names or self.flows)


def load_flows(root: Path) -> Setup:
    """Load exchange.yaml and the flows; raises ConfigurationError with all mistakes of those files."""
    settings = read_settings(root)
    flows = read_flows(root)
    mistakes = [*settings.mistakes, *(mistake for flow in flows for mistake in flow.mistakes)]
    known = settings.value.endpoints if settings.value is not None else None
    mistakes += [
        *flow_names(flows),
        *(m for flow in flows for m in flow_endpoints(flow, known)),
    ]
    if mistakes:
        raise ConfigurationError(mistakes)
    return Setup(root, settings.required(), {flow.required().flow: flow.required() for flow in flows})


def load_mapping(root: Path, name: str) -> Mapping:
    """Load the mapping called `name`, for example `shopify/orders`; raises ConfigurationError."""
    _must_exist(name, mapping_names(root), "mapping", mapping_file(name))
    return load(root, mapping_file(name), Mapping).required()


def load_schema(root: Path, name: str) -> TableSchema:
    """Load the table schema called `name`, for example `shopify_orders`; raises ConfigurationError."""
    _must_exist(name, schema_names(root), "table schema", schema_file(name))
    return load(root, schema_file(name), TableSchema).required()


def read_settings(root: Path) -> Loaded[Workspace]:
    """Read exchange.yaml, with its mistakes."""
    return load(root, SETTINGS, Workspace)


def read_flows(root: Path) -> list[Loaded[Flow]]:
    """Read every flow, with its mistakes, in the order of the file names; `<flow>_test.yaml` files are none."""
    return [load(root, file, Flow) for file in flow_files(root)]


def flow_names(flows: list[Loaded[Flow]]) -> list[Mistake]:
    """Find flows whose name is not that of their file; so no two flows share a name."""
    return [
        _named(flow, flow.value.flow, stem)
        for flow in flows
        if flow.value is not None and flow.value.flow != (stem := Path(flow.file).stem)
    ]


def _named(flow: Loaded[Flow], name: str, stem: str) -> Mistake:
    what = f"flow {name!r} is not the file's name"
    return flow.mistake(("flow",), what, f"write `flow: {stem}`", key=False, code="FLOW_NAME")


def flow_endpoints(flow: Loaded[Flow], endpoints: Collection[str] | None) -> list[Mistake]:
    """Find endpoints that a flow names and exchange.yaml does not; None where those are not known."""
    if flow.value is None or endpoints is None:
        return []
    picked = [(number, each.from_) for number, each in enumerate(flow.value.pick_up) if each.computed is None]
    named: list[tuple[tuple[str | int, ...], str]] = [(("pick_up", number, "from"), name) for number, name in picked]
    named += [(("deliver", number, "to"), delivery.to) for number, delivery in enumerate(flow.value.deliver)]
    numbered = enumerate(flow.value.pick_up)
    named += [(("pick_up", number, "feedback", "to"), each.feedback.to) for number, each in numbered if each.feedback]
    return [
        flow.mistake(path, f"unknown endpoint {name!r}", suggest(name, endpoints), key=False, code=_ENDPOINT)
        for path, name in named
        if name not in endpoints
    ]


# --- names and files ----------------------------------------------------------------------------------------------
def mapping_names(root: Path) -> list[str]:
    """Return the names of all mappings, for example `shopify/orders`; `<what>_test.yaml` files are none."""
    return extending.known(root)


def schema_names(root: Path) -> list[str]:
    """Return the names of all table schemas."""
    return sorted(path.stem for path in (root / SCHEMAS).glob("*.yaml"))


def table_names(root: Path) -> list[str]:
    """Return the names of all crosswalk tables."""
    return sorted(path.stem for path in (root / TABLES).glob("*.csv"))


def mapping_file(name: str) -> str:
    """Return where a mapping lies, relative to the workspace."""
    return extending.file_of(name)


def schema_file(name: str) -> str:
    """Return where a table schema lies, relative to the workspace."""
    return f"{SCHEMAS}/{name}.yaml"


def table_file(name: str) -> str:
    """Return where a crosswalk table lies, relative to the workspace."""
    return f"{TABLES}/{name}.csv"


def xsd_file(name: str) -> str:
    """Return where the XSD that a mapping names lies, relative to the workspace."""
    return f"{SCHEMAS}/{name}"


def template_file(name: str) -> str:
    """Return where the template that a mapping names lies, relative to the workspace."""
    return f"{TEMPLATES}/{name}"


def _must_exist(name: str, known: list[str], what: str, file: str) -> None:
    if name not in known:
        code = "UNKNOWN_MAPPING" if what == "mapping" else "UNKNOWN_SCHEMA"
        raise ConfigurationError([Mistake(file, 0, 0, f"there is no {what} {name!r}", suggest(name, known), code)])
