"""Alone puts a mapping together with the one that it `extends`: key by key, each remembering the file it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from exchange.config.scalars import NOTHING, Unquoted
from exchange.config.suggest import suggest
from exchange.config.yamltext import Elsewhere, Fault, Parsed, Path, Place, parse
from exchange.kernel.errors import Mistake

KEY = "extends"
_CODE = "EXTENDS"
_NOT_MAPPINGS = {"flows", "schemas", "tables"}


def known(root: FilePath) -> list[str]:
    """Return the names of all mappings, for example `shopify/orders`; `<what>_test.yaml` files are none."""
    folder = root / "mappings"
    found = (path.relative_to(folder).with_suffix("") for path in folder.glob("*/**/*.yaml"))
    names = (path for path in found if path.parts[0] not in _NOT_MAPPINGS and not path.parts[0].startswith("."))
    return sorted(path.as_posix() for path in names if not path.name.endswith("_test"))


def file_of(name: str) -> str:
    """Return where a mapping lies, relative to the workspace."""
    return f"mappings/{name}.yaml"


def bases(root: FilePath, name: str) -> Iterator[str]:
    """Yield the files that a mapping extends, the nearest first; where something is wrong with them, those before."""
    seen = [file_of(name)]
    while (base := _extends(_read(root, seen[-1]))) in known(root):
        if file_of(str(base)) in seen:
            return
        seen.append(file_of(str(base)))
        yield seen[-1]


def extended(root: FilePath, file: str, parsed: Parsed) -> Parsed:
    """Return a mapping's text with that of its base; places of the base are `Elsewhere`.

    Maps merge key by key, lists and values replace, and `null` takes a key of the base away. Where the base cannot be
    used there are faults and no data.
    """
    return _extended(root, (file,), parsed)


def told_once(found: Iterable[Mistake]) -> set[Mistake]:
    """Return mistakes without those that a mapping only takes over from its base, where they are told already."""
    listed = set(found)
    plain = {mistake for mistake in listed if not mistake.via}
    return {each for each in listed if not each.via or _plain(each) not in plain}


def told_of(file: str, place: Place, what: str) -> tuple[str, str, str]:
    """Return (file, what, via) of a mistake at a place: one in a base says which mapping extends it."""
    if not isinstance(place, Elsewhere):
        return file, what, ""
    return place.file, what + _taken_over(file), file


def _taken_over(file: str) -> str:
    return f" (in {file}, which extends this one)"


def _plain(mistake: Mistake) -> Mistake:
    return replace(mistake, what=mistake.what.removesuffix(_taken_over(mistake.via)), via="")


def _extends(parsed: Parsed) -> object:
    return parsed.data.get(KEY) if isinstance(parsed.data, dict) else None


def _read(root: FilePath, file: str) -> Parsed:
    try:
        return parse((root / file).read_bytes())
    except OSError as fault:
        return Parsed(faults=(Fault((1, 1), f"cannot be read: {fault.strerror}", "correct its permissions"),))


def _extended(root: FilePath, chain: tuple[str, ...], parsed: Parsed) -> Parsed:
    name = _extends(parsed)
    if name is None:
        return parsed
    what, instead = _unusable(root, chain, name)
    if what or not isinstance(name, str):
        return Parsed(faults=(*parsed.faults, Fault(parsed.place((KEY,)), what, instead, _CODE)))
    base = _extended(root, (*chain, file_of(name)), _read(root, file_of(name)))
    if not isinstance(base.data, dict):
        faults = (replace(fault, place=_elsewhere(fault.place, file_of(name))) for fault in base.faults)
        none = Fault(parsed.place((KEY,)), f"{file_of(name)} has no keys to extend", "write it first", _CODE)
        return Parsed(faults=(*parsed.faults, *(tuple(faults) or (none,))))
    return _Merge(base, file_of(name), parsed).made()


def _unusable(root: FilePath, chain: tuple[str, ...], name: object) -> tuple[str, str]:
    if not isinstance(name, str):
        return "`extends` is the name of one mapping", "write it like shopify/orders"
    if name not in known(root):
        return f"there is no mapping {name!r} to extend", suggest(name, known(root))
    if file_of(name) in chain:
        way = " -> ".join([*chain[chain.index(file_of(name)) :], file_of(name)])
        return f"`extends` goes in a circle: {way}", "remove it from one of them"
    return "", ""


def _elsewhere(place: Place, file: str) -> Place:
    return place if isinstance(place, Elsewhere) else Elsewhere(place, file)


@dataclass(slots=True)
class _Merge:
    """A base and what a mapping writes over it."""

    base: Parsed
    file: str
    """The base's."""
    over: Parsed
    replaced: set[Path] = field(default_factory=set)
    """What of the base is not there any more."""
    gone: set[Path] = field(default_factory=set)
    """What the mapping only takes away."""
    faults: list[Fault] = field(default_factory=list)

    def made(self) -> Parsed:
        """Return both as one."""
        data = {KEY: self.over.data[KEY], **self._maps(self.base.data, self.over.data, ())}
        keys, values = ({**self._theirs(theirs), **self._ours(ours)} for theirs, ours in self._places())
        theirs = (replace(fault, place=_elsewhere(fault.place, self.file)) for fault in self.base.faults)
        faults = (*self.over.faults, *theirs, *self.faults)
        return Parsed(data, keys, values, faults, self.over.odd)

    def _maps(self, base: dict[str, Any], over: dict[str, Any], path: Path) -> dict[str, Any]:
        made = dict(base)
        for key, value in over.items():
            at = (*path, key)
            if value is None or (isinstance(value, Unquoted) and value.kind == NOTHING):
                self._away(made, key, at)
            elif isinstance(value, dict) and isinstance(base.get(key), dict):
                made[key] = self._maps(base[key], value, at)
            else:
                self.replaced.add(at)
                made[key] = value
        return made

    def _away(self, made: dict[str, Any], key: str, at: Path) -> None:
        self.replaced.add(at)
        self.gone.add(at)
        if key not in made:
            what = f"{key!r} is not in {self.file}, so it cannot be taken away"
            self.faults.append(Fault(self.over.place(at, key=True), what, suggest(key, made), _CODE))
        made.pop(key, None)

    def _places(self) -> Iterator[tuple[dict[Path, Place], dict[Path, Place]]]:
        yield self.base.keys, self.over.keys
        yield self.base.values, self.over.values

    def _theirs(self, places: dict[Path, Place]) -> dict[Path, Place]:
        """Return where that stands which is still the base's."""
        return {
            at: _elsewhere(place, self.file)
            for at, place in places.items()
            if not any(at[: depth + 1] in self.replaced for depth in range(len(at)))
        }

    def _ours(self, places: dict[Path, Place]) -> dict[Path, Place]:
        return {at: place for at, place in places.items() if at not in self.gone}
