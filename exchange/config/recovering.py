"""Alone finds why a text is no YAML: each slip that could be the cause is mended, and the one that helps is it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from exchange.config.slips import Slip, View
from exchange.config.slips_of_lines import blocks, dashes, entries, glued, indentation, keys, values_and_more
from exchange.config.slips_of_signs import foreign_lines, lookalikes, tabs
from exchange.config.slips_of_values import brackets, commas, escapes, open_quotes, unquoted

_LONGEST = 64 * 1024
"""Characters of a text that is looked into: nobody writes more by hand."""
_READ = 96 * 1024
"""Characters that are read to find one cause: every trial reads what is around it."""
_AFTER = 12
"""Lines behind the refused one that a mended text has to be read for."""
_REPEATED = re.compile(r"`\*(.*)` names no anchor")
_FARTHEST = 1_000_000

_KINDS: tuple[Callable[[View, int], Iterator[Slip]], ...] = (
    escapes,
    tabs,
    lookalikes,
    glued,
    brackets,
    open_quotes,
    commas,
    unquoted,
    dashes,
    indentation,
    entries,
    values_and_more,
    keys,
    blocks,
)
"""The surest first: of two that help as much, the first counts."""
_OF_THE_WHOLE = {escapes, open_quotes}
"""Those that look for their lines themselves."""


def cause(text: str, fault: MarkedYAMLError, read: Mapping[int, int]) -> Slip | None:
    """Return what is the cause of a fault; None where nothing that is tried helps.

    `read` tells what was read before the fault: line of an entry of a top-level key -> line of that key, from 0. To
    try something, the entries before it need not be read again.
    """
    at = place_of(fault)
    repeated = _REPEATED.match(str(fault.problem))
    if at is None or len(text) > _LONGEST or (repeated and f"&{repeated[1]}" in text):
        return None
    context = fault.context_mark
    escaped = context is not None and "escape" in str(fault.problem)
    view = View(tuple(text.splitlines()), at, (context.line, context.column) if escaped else None)
    best, farthest, left = None, at[0], _READ
    for slip in _tried(view):
        start, lines = _window(view, slip, read)
        reached = _refused(lines, start)
        left -= sum(map(len, lines))
        if reached > farthest:
            best, farthest = slip, reached
        if reached == _FARTHEST or left < 0:
            break
    return best


def mended(text: str, slip: Slip) -> str:
    """Return the text without the slip; no line is added or taken away."""
    return "\n".join(_mended(tuple(text.splitlines()), slip)) + "\n"


def place_of(fault: MarkedYAMLError) -> tuple[int, int] | None:
    """Return where a text is refused, from 0: where it ends too early, where that begins which is not ended."""
    mark = fault.problem_mark or fault.context_mark
    if "end of stream" in str(fault.problem) or "<stream end>" in str(fault.problem):
        mark = fault.context_mark or mark
    return (mark.line, mark.column) if mark else None


def original_places(written: str, text: str) -> Callable[[tuple[int, int]], tuple[int, int]]:
    """Return what turns a place of the mended `text` into that of what was written; both from 1."""
    old, new = written.splitlines(), text.splitlines()

    def original(place: tuple[int, int]) -> tuple[int, int]:
        line, column = place
        if line > min(len(old), len(new)) or old[line - 1] == new[line - 1]:
            return place
        before, after = old[line - 1], new[line - 1]
        pairs = enumerate(zip(before, after, strict=False))
        same = next((number for number, (one, other) in pairs if one != other), min(len(before), len(after)))
        if column <= same:
            return place
        return line, max(same + 1, column + len(before) - len(after))

    return original


def _tried(view: View) -> Iterator[Slip]:
    yield from foreign_lines(view)
    for kind in _KINDS:
        for number in view.near[:1] if kind in _OF_THE_WHOLE else view.near:
            yield from kind(view, number)


def _mended(lines: tuple[str, ...], slip: Slip) -> list[str]:
    return [slip.lines.get(number, line) for number, line in enumerate(lines)]


def _window(view: View, slip: Slip, read: Mapping[int, int]) -> tuple[int, list[str]]:
    """Return the mended lines around the refused one, behind the line of their top-level key; and where they begin."""
    lines = _mended(view.lines, slip)[: view.at[0] + _AFTER]
    start = max((line for line in read if line < min(*slip.lines, *view.near, len(lines)) - 3), default=0)
    return (start - 1, [lines[read[start]], *lines[start:]]) if start else (0, lines)


def _refused(lines: list[str], start: int) -> int:
    """Return the first line that is refused, from 0; `_FARTHEST` where all can be read."""
    anchors = set()
    try:
        for event in YAML(typ="safe", pure=True).parse("\n".join(lines) + "\n"):
            if isinstance(event, AliasEvent) and event.anchor not in anchors:
                return start + int(event.start_mark.line)
            anchors.add(getattr(event, "anchor", None))
    except MarkedYAMLError as fault:
        at = place_of(fault)
        return start + at[0] if at else 0
    except YAMLError:
        return 0
    return _FARTHEST
