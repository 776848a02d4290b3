"""The plan of a flow: the sources of its machine, which travel to other processes; light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a machine is built from; picklable."""

    version: str
    """Hash of the sources: recorded with each claim, and with `root` what a compiled machine is kept under."""
    sources: Any
    build: Callable[[Any], Any]
    """A module-level function (so that it pickles by name): sources -> `kernel.pipeline.Machine`."""
    channel: str
    files: Mapping[str, str] = field(default_factory=dict)
    """File of the workspace that it was made of -> the start of its sha256: what a claim remembers of them."""
    root: str = ""
    """The workspace: the same sources in another one name other schemas and templates."""
