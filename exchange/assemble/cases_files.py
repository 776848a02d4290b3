"""Finds the cases files of a workspace, and what is wrong with them before any case runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from exchange.assemble.cases_names import CASE, flow_mistakes, mapping_mistakes
from exchange.config.cases import Cases, FlowCases, flow_case_files, mapping_case_files, subject_of
from exchange.config.files import Files
from exchange.config.loader import Loaded, load
from exchange.config.workspace import mapping_names
from exchange.kernel.errors import ConfigurationError, Mistake


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases files that were chosen."""

    root: Path
    mappings: dict[str, Loaded[Cases]]
    """By cases file."""
    flows: dict[str, Loaded[FlowCases]]


def mapping_of(file: str) -> str:
    """Return the mapping that a cases file tests, for example `shopify/orders`."""
    return subject_of(file).removeprefix("mappings/").removesuffix(".yaml")


def wrong_cases(files: Files) -> Iterator[Mistake]:
    """Return the mistakes of all cases files, for `exchange check`; those of what they test are told elsewhere."""
    yield from case_mistakes(_suite(files.root, ()))


def open_suite(root: Path, chosen: Sequence[str]) -> Suite:
    """Return the cases below `chosen` (cases files, the files they test, folders; all where none is named).

    Raises KeyError, with advice, for a path that leads to no cases; ConfigurationError with the mistakes of the files.
    """
    suite = _suite(root, chosen)
    mistakes = list(case_mistakes(suite))
    if mistakes:
        raise ConfigurationError(mistakes)
    return suite


def _suite(root: Path, chosen: Sequence[str]) -> Suite:
    mappings, flows = mapping_case_files(root), flow_case_files(root)
    wanted = set(_wanted(root, chosen, [*mappings, *flows]))
    return Suite(
        root,
        {file: load(root, file, Cases) for file in mappings if file in wanted},
        {file: load(root, file, FlowCases) for file in flows if file in wanted},
    )


def case_mistakes(suite: Suite) -> Iterator[Mistake]:
    """Return every mistake of the cases files of a suite."""
    known = mapping_names(suite.root)
    for file, loaded in suite.mappings.items():
        yield from loaded.mistakes
        if mapping_of(file) not in known:
            yield _of_nothing(file, "mapping", "UNKNOWN_MAPPING")
            continue
        with suppress(ConfigurationError):  # a mapping or schema with mistakes: they are told where they stand
            yield from mapping_mistakes(suite.root, mapping_of(file), loaded)
    for file, runs in suite.flows.items():
        yield from runs.mistakes
        if (suite.root / subject_of(file)).is_file():
            yield from flow_mistakes(suite.root, runs)
        else:
            yield _of_nothing(file, "flow", CASE)


def _of_nothing(file: str, what: str, code: str) -> Mistake:
    return Mistake(file, 0, 0, f"there is no {what} {subject_of(file)} to test", "call the cases file like it", code)


def _wanted(root: Path, chosen: Sequence[str], known: list[str]) -> Iterator[str]:
    if not chosen:
        yield from known
    for path in chosen:
        found = [file for file in known if _is_below(root, file, path)]
        if not found:
            raise KeyError(path)
        yield from found


def _is_below(root: Path, file: str, path: str) -> bool:
    """Tell whether a path, from here or from the workspace on, or a mapping's name, means a cases file."""
    names = {path.rstrip("/"), f"mappings/{path}".rstrip("/"), f"mappings/{path}.yaml", f"mappings/flows/{path}.yaml"}
    absolute = Path(path).absolute()
    if absolute.is_relative_to(root):
        names.add(absolute.relative_to(root).as_posix())
    return any(file == name or subject_of(file) == name or name == "." or file.startswith(f"{name}/") for name in names)
