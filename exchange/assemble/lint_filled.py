"""The check of `exchange check` that follows required fields of a target back to what fills them."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.assemble.lint_ways import ways
from exchange.config.files import Files
from exchange.kernel.errors import Mistake


def unfilled(files: Files) -> Iterator[Mistake]:
    """Yield required fields of mappings that write, where the mapping that reads fills nothing they come from."""
    for way in ways(files):
        for level in ("fields", "lines"):
            for name, field in way.blank(level):
                if field.required:
                    sources = " or ".join(field.from_)
                    what = f"{name} is required, and {way.inbound} (flow {_flow(way.flow.file)}) fills no {sources}"
                    instead = f"fill {sources} in mappings/{way.inbound}.yaml, or add a step `default` here"
                    path = (level, name, "from")
                    yield way.target.mistake(path, what, instead, key=False, code="REQUIRED_NOT_FILLED")


def _flow(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".yaml")
