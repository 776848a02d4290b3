"""Alone reads one YAML file into its model, with every mistake placed at `file:line:column`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from exchange.config.discretion import without_text
from exchange.config.extending import extended, told_of
from exchange.config.models import Mapping
from exchange.config.scalars import Unquoted, kind_of
from exchange.config.wording import Finding, findings, not_text
from exchange.config.yamltext import NOT_YAML, Elsewhere, Parsed, Path, Place, parse
from exchange.kernel.catalogue_lint import ANY
from exchange.kernel.errors import ConfigurationError, Mistake
from exchange.kernel.limits import YAML_MISTAKES
from exchange.kernel.plural import many, which

M = TypeVar("M", bound=BaseModel)
_UNREAD = "CONFIG_UNREADABLE"


@dataclass(frozen=True, slots=True)
class Loaded(Generic[M]):
    """One configuration file: its model where it is right, its mistakes where not."""

    file: str
    """Path relative to the workspace."""
    value: M | None
    mistakes: tuple[Mistake, ...]
    parsed: Parsed
    """The plain data and where each part of it stands."""

    def mistake(self, path: Path, what: str, instead: str = "", *, key: bool = True, code: str = ANY) -> Mistake:
        """Return a mistake placed at a YAML path; at its key, or at its value where `key` is false."""
        return _explained(self.file, self.parsed, (self.parsed.place(path, key=key), what, instead, code))

    def required(self) -> M:
        """Return the model; raises ConfigurationError with all mistakes of the file where there are any."""
        if self.value is None:
            raise ConfigurationError(self.mistakes)
        return self.value


def load(root: FilePath, file: str, model: type[M]) -> Loaded[M]:
    """Read `file` (relative to the workspace `root`) as `model`; faults are mistakes, never exceptions."""
    try:
        content = (root / file).read_bytes()
    except OSError as fault:
        what, instead = f"cannot be read: {fault.strerror}", "correct the path or its permissions"
        unread = Mistake(file, 0, 0, what, instead, _UNREAD)
        return Loaded(file, None, (unread,), Parsed())
    parsed = parse(content)
    return _loaded(extended(root, file, parsed) if issubclass(model, Mapping) else parsed, file, model)


def load_bytes(content: bytes, file: str, model: type[M]) -> Loaded[M]:
    """Read the bytes of a YAML file as `model`; `file` is what mistakes name. Nothing is extended."""
    return _loaded(parse(content), file, model)


def _loaded(parsed: Parsed, file: str, model: type[M]) -> Loaded[M]:
    found = {_mistake(file, fault.place, fault.what, fault.instead, fault.code) for fault in parsed.faults}
    value = None
    if parsed.values:
        value, wrong = _validate(parsed, model)
        # What is no YAML is read as it was probably meant: that it is told is enough.
        mended = {fault.place for fault in parsed.faults if fault.code == NOT_YAML}
        found |= {_explained(file, parsed, each) for each in wrong if each[0] not in mended}
    elif not found:
        found.add(_mistake(file, (1, 1), "the file is empty", "write its keys, or remove the file", _UNREAD))
    mistakes = _first(tuple(sorted(found)))
    return Loaded(file, None if mistakes else value, mistakes, parsed)


def _first(mistakes: tuple[Mistake, ...]) -> tuple[Mistake, ...]:
    """Return the mistakes that are told one by one, and how many there are besides."""
    if len(mistakes) <= YAML_MISTAKES:
        return mistakes
    last, more = mistakes[YAML_MISTAKES], len(mistakes) - YAML_MISTAKES
    what = f"from here on there {which(more, 'is', 'are')} {many(more, 'more mistake')}"
    return (*mistakes[:YAML_MISTAKES], replace(last, what=what, instead="correct those above first", code=ANY))


def _explained(file: str, parsed: Parsed, finding: Finding) -> Mistake:
    """Return a finding with the reason that the text itself shows, where it shows one."""
    place, what, instead, code = finding
    odd = None if isinstance(place, Elsewhere) else parsed.odd.get(place)
    if odd is not None:
        what, instead = f"{without_text(what) if odd.secret else what}: {odd.what}", odd.instead
    return _mistake(file, place, what, instead, code)


def _mistake(file: str, place: Place, what: str, instead: str, code: str) -> Mistake:
    where, said, via = told_of(file, place, what)
    return Mistake(where, *place, said, instead, code, via)


def _validate(parsed: Parsed, model: type[M]) -> tuple[M | None, list[Finding]]:
    found: list[Finding] = []
    if issubclass(model, Mapping):
        found += _step_arguments(parsed, parsed.data, (), inside=False)
    try:
        return model.model_validate(parsed.data), found
    except ValidationError as error:
        return None, found + findings(error, model, parsed)


def _step_arguments(parsed: Parsed, data: object, path: Path, *, inside: bool) -> Iterator[Finding]:
    """Find values of step parameters that YAML would change; whole numbers, true and false are taken as they are."""
    if isinstance(data, dict | list):
        pairs = data.items() if isinstance(data, dict) else enumerate(data)
        for part, value in pairs:
            yield from _step_arguments(parsed, value, (*path, part), inside=inside or part == "steps")
    elif inside and not isinstance(data, str | bool | int) and not _bare_step(data, path):
        what, instead = not_text(data)
        if isinstance(data, Unquoted) or kind_of(data) or data is None:
            yield parsed.place(path), what, instead, "QUOTES_NEEDED" if kind_of(data) else "INVALID_VALUE"


def _bare_step(data: object, path: Path) -> bool:
    """`- strip:` is the step without parameters."""
    return data is None and len(path) > 2 and isinstance(path[-2], int) and path[-3] == "steps"
