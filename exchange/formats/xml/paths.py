"""Compiles the paths of a mapping into one walk: a tree of tags, so that each element is looked at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from exchange.kernel.xmlpath import Step, XmlPath

Choice = tuple[Step, "Branch"]


@dataclass(slots=True)
class Branch:
    """What is wanted of one element."""

    column: int = -1
    """Column that its text goes to; -1 for none."""
    attributes: list[tuple[str, int]] = field(default_factory=list)
    """Attribute -> column."""
    inner: dict[str, list[Choice]] = field(default_factory=dict)
    """Tag of a child -> what is wanted of those that fit the step."""
    line: bool = False
    """Whether each such element begins a line."""
    plain: dict[str, int] = field(default_factory=dict)
    """Tag of a child -> column, for children of which the text is wanted and nothing else; they are not in `inner`."""
    single: dict[str, Branch] = field(default_factory=dict)
    """Those of `inner` for which there is one choice, that takes each such child."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a flat copy, and where each is read from."""

    names: tuple[str, ...]
    """All of them, `_record` first."""
    record: Branch
    """What is read of each record."""
    outside: Branch
    """What is read of the record's ancestors and of what stands before the first record: the root's branch."""
    every_row: tuple[int, ...]
    """Columns of the record that are filled on all its rows; the others are on its first."""
    copies: tuple[tuple[int, int], ...]
    """(column, column that says the same in another way)."""
    joins: Mapping[int, str]
    """Column -> what stands between its texts where the element occurs several times."""
    key: int
    """Column of the key, where it stands in the record itself; 0 where lines have keys of their own."""


def compile_columns(
    paths: Mapping[str, XmlPath],
    lines: Sequence[Step],
    joins: Mapping[XmlPath, str],
    key: str,
    on_every_row: frozenset[str],
) -> Columns:
    """Return the columns of a flat copy: `_record`, then those of `paths` (name -> where it is read from).

    `lines`: steps from the record to its repeated element; `on_every_row`: names of columns that lines read although
    they stand in the record. A path that begins with `lines` is read of each line.
    """
    record, outside = Branch(), Branch()
    first: dict[XmlPath, int] = {}
    copies, outer = [], []
    if lines:
        _branch(record, tuple(lines)).line = True
    for at, path in enumerate(paths.values(), start=1):
        if path.absolute or path.steps[: len(lines)] != tuple(lines) or not lines:
            outer.append(at)
        if path in first:
            copies.append((first[path], at))
            continue
        first[path] = at
        branch = _branch(outside if path.absolute else record, path.steps)
        if path.attribute:
            branch.attributes.append((path.attribute, at))
        else:
            branch.column = at
    _tell_plain(record)
    for choices in outside.inner.values():
        for _, root in choices:
            _tell_plain(root)
    names = tuple(paths)
    key_at = names.index(key) + 1
    repeated = {at for at in outer if names[at - 1] in on_every_row or at == key_at}
    own_key = key_at if key_at in outer else 0
    joined = {first[path]: separator for path, separator in joins.items() if path in first}
    return Columns(("_record", *names), record, outside, tuple(sorted(repeated)), tuple(copies), joined, own_key)


def _branch(above: Branch, steps: tuple[Step, ...]) -> Branch:
    for step in steps:
        choices = above.inner.setdefault(step.tag, [])
        found = next((branch for known, branch in choices if known == step), None)
        if found is None:
            found = Branch()
            choices.append((step, found))
        above = found
    return above


def _tell_plain(branch: Branch) -> None:
    for tag, choices in list(branch.inner.items()):
        for _, below in choices:
            _tell_plain(below)
        step, below = choices[0]
        alone = len(choices) == 1 and not step.narrow
        if alone:
            branch.single[tag] = below
        if alone and below.column >= 0 and not (below.attributes or below.inner or below.plain or below.line):
            branch.plain[tag] = below.column
            del branch.inner[tag], branch.single[tag]
