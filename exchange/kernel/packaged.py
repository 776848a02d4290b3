"""Reads the YAML files that come with the product.

By libyaml, ten times as fast as the reader of what users write: that one is there for its messages, and nobody edits
these. Both read them alike, which a test shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The one in C is missing where PyYAML was built without libyaml."""


def packaged_yaml(path: Path) -> Any:
    """Return the content of a YAML file of the product."""
    return yaml.load(path.read_bytes(), _LOADER)  # noqa: S506 - both load plain data only
