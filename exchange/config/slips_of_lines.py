"""Alone knows the slips of whole lines: the blank, the dash or the colon that is missing, and wrong indentation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exchange.config.sight import look
from exchange.config.slips import Slip, View, indent_of, many_blanks, write

_GLUED = re.compile(r"( *(?:- +)*)([\w.]+|\"[^\"]+\"):((?!//)[^\s:].*)")
_GLUED_INSIDE = re.compile(r"(?<=[{,])( *)([\w.]+):(?=[^\s,}\]/\"'])")
_DASHED = re.compile(r"( *)-(?=[^\s\d-])")
_EQUALS = re.compile(r"( *(?:- +)*)([\w.]+) *= *(\S.*)")
_WHOLE = re.compile(r"( *(?:- +)*)([\"'])([\w.]+: .*)\2 *")
_WORDS = re.compile(r"( *(?:- +)*)([\w.]+)[.;]?(?: +(\S.*))?")
_WIDE_DASH = re.compile(r"( *-) {2,}(?=\S)")
_PLACED = re.compile(r" *(?:- |-$|[^\s#&*!|>%@{}\[\],-][^#]*?:(?: |$))")
"""A line whose indentation says something: an entry of a list, or a key."""
_OPEN = re.compile(r"( *(?:- +)*)([^\s:#][^:#]*):(?: *[|>][+-]?)? *")
_VALUE = re.compile(r"( *(?:- +)*([^\s:#][^:#]*):) +([^\s#&].*)")


def glued(view: View, number: int) -> Iterator[Slip]:
    """Find `key:value` and `-entry`."""
    line = view.lines[number]
    found = _GLUED.fullmatch(line)
    if found is not None:
        what = f"no blank stands behind `{found[2]}:`"
        whole = f"{found[1]}{found[2]}: {found[3]}"
        yield Slip(number, found.start(2), what, write(whole), {number: whole})
    inside = _GLUED_INSIDE.search(line)
    if inside is not None:
        what = f"no blank stands behind `{inside[2]}:`"
        whole = _GLUED_INSIDE.sub(r"\1\2: ", line)
        yield Slip(number, inside.start(2), what, f"write `{inside[2]}: ...`", {number: whole})
    dash = _DASHED.match(line)
    if dash is not None:
        whole = f"{dash[1]}- {line[dash.end() :]}"
        yield Slip(number, dash.end(1), "no blank stands behind the `-`", write(whole), {number: whole})


def keys(view: View, number: int) -> Iterator[Slip]:
    """Find `key = value`, `key value`, `"key: value"`, and words that are no key at all."""
    line = view.lines[number]
    equals, whole, words = (pattern.fullmatch(line) for pattern in (_EQUALS, _WHOLE, _WORDS))
    if equals is not None:
        made = f"{equals[1]}{equals[2]}: {equals[3]}"
        what = f"a `=` stands behind `{equals[2]}` in place of `: `"
        yield Slip(number, equals.start(2), what, write(made), {number: made})
    if whole is not None:
        made = whole[1] + whole[3]
        yield Slip(number, whole.start(2), "the quotes are around the key and the value", write(made), {number: made})
    yield from _beside_its_key(view, number)
    if words is not None and _key_was_meant(view, number, words):
        made = f"{words[1]}{words[2]}: {words[3] or ''}".rstrip()
        yield Slip(number, words.start(2), f"no `:` stands behind `{words[2]}`", write(made), {number: made})
    elif _PLACED.match(line) is None and not look(line).brackets:
        made = f"{words[1]}{words[2]}: {words[3] or ''}".rstrip() if words is not None else ""
        like = write(made) if made else "write `key: value`"
        instead = f"{like}, or begin it with `- ` if it is an entry of a list, with `# ` if it is a comment"
        yield Slip(number, indent_of(line), "this line has no key", instead, {number: made})


def _beside_its_key(view: View, number: int) -> Iterator[Slip]:
    """Find a value below its key that is not indented deeper."""
    first, width = number, indent_of(view.lines[number])
    while first > 0 and _is_text(view.lines[first - 1], width):
        first -= 1
    found = _OPEN.fullmatch(view.lines[first - 1]) if first and _is_text(view.lines[number], width) else None
    if found is None:
        return
    meant = len(found[1]) + 2
    what = f"the value of {found[2]!r} stands below it and is not indented deeper"
    lines = {each: " " * meant + view.lines[each].strip() for each in range(first, number + 1)}
    yield Slip(first, width, what, f"indent it by {many_blanks(meant)}", lines)


def _is_text(line: str, width: int) -> bool:
    return bool(line.strip()) and indent_of(line) == width and _PLACED.match(line) is None


def _key_was_meant(view: View, number: int, words: re.Match[str]) -> bool:
    inner = indent_of(view.below(number)) > indent_of(view.lines[number])
    return view.keys[words[2]] > 0 or (words[3] is None and (inner or not words[1].strip()))


def entries(view: View, number: int) -> Iterator[Slip]:
    """Find an entry of a list without its `- `, or several."""
    line = view.lines[number]
    width = indent_of(line)
    above = view.lines[view.near[view.near.index(number) + 1]] if number != view.near[-1] else ""
    for other in view.around(number):
        at = indent_of(other)
        # Keys two columns deeper than a `- ` belong to its entry, unless that has its keys in braces.
        beside = at == width or (at == width - 2 and other == above and other.rstrip().endswith("}"))
        if not beside or not other.lstrip().startswith("- "):
            continue
        what = "the lines around this one begin with `- `, this one does not"
        made = " " * at + "- " + line[width:]
        yield Slip(number, width, what, write(made), {number: made})
        several = _alike(view, number, width)
        if len(several) > 1 and not any(_PLACED.match(view.lines[each]) for each in several):
            lines = {each: " " * at + "- " + view.lines[each][width:] for each in several}
            yield Slip(several[0], width, f"{what}, down to line {number + 1}", write(lines[several[0]]), lines)


def dashes(view: View, number: int) -> Iterator[Slip]:
    """Find a key with a `- ` before it that the keys around it do not have, or several."""
    line = view.lines[number]
    width = indent_of(line)
    if not line[width:].startswith("- ") or ":" not in line:
        return
    what = "a `- ` stands before this key, and none before those around it"
    made = " " * width + line[width + 1 :].lstrip(" ")
    yield Slip(number, width, what, write(made), {number: made})
    several = _alike(view, number, width, dashed=True)
    if len(several) > 1:
        lines = {each: " " * width + view.lines[each][width + 1 :].lstrip(" ") for each in several}
        yield Slip(several[0], width, f"{what}, down to line {number + 1}", write(lines[several[0]]), lines)


def _alike(view: View, number: int, width: int, *, dashed: bool = False) -> list[int]:
    """Return the lines from a line upwards that are indented like it, the first of them first."""
    found = number
    while (
        found > 0
        and view.lines[found - 1].strip()
        and indent_of(view.lines[found - 1]) == width
        and view.lines[found - 1].lstrip().startswith("- ") == dashed
    ):
        found -= 1
    return list(range(found, number + 1))


def indentation(view: View, number: int) -> Iterator[Slip]:
    """Find a line that is indented otherwise than those around it, or several such."""
    line = view.lines[number]
    wide = _WIDE_DASH.match(line)
    if wide is not None:
        what, made = "more than one blank stands behind the `-`", _WIDE_DASH.sub(r"\1 ", line)
        yield Slip(number, wide.end(1), what, write(made), {number: made})
    if _PLACED.match(line) is None:
        return
    if line[:1] != " " and line.rstrip().endswith(":"):
        return
    for meant in _meant(view, number):
        yield _moved(view, number, meant, {number: " " * meant + line.lstrip(" ")})


def blocks(view: View, number: int) -> Iterator[Slip]:
    """Find several lines that are indented otherwise than those around them."""
    if _PLACED.match(view.lines[number]) is None:
        return
    width = indent_of(view.lines[number])
    for meant in _meant(view, number):
        block = {}
        for other in range(number, len(view.lines)):
            line = view.lines[other]
            if line.strip() and indent_of(line) < width:
                break
            block[other] = " " * (indent_of(line) - width + meant) + line.lstrip(" ") if line.strip() else line
        if len(block) > 1:
            yield _moved(view, number, meant, block)


def _meant(view: View, number: int) -> list[int]:
    """Return how a line could be indented, the likeliest first: what has lines below it is not deeper than they."""
    line = view.lines[number]
    width = indent_of(line)
    inner = indent_of(view.below(number)) if line.rstrip().endswith(":") else len(line)
    near = {each for other in view.around(number) for each in _widths(other)}
    return sorted({0, *near} - {width}, key=lambda each: (each >= inner, abs(each - width), each not in near, -each))


def _moved(view: View, number: int, meant: int, lines: dict[int, str]) -> Slip:
    width = indent_of(view.lines[number])
    begins = f"is indented by {many_blanks(width)}" if width else "begins in the first column"
    what = f"this line {begins}, which does not fit the lines around it"
    instead = f"indent it by {many_blanks(meant)}" if meant else "let it begin in the first column"
    return Slip(number, width, what, instead + (", and the lines below it likewise" if len(lines) > 1 else ""), lines)


def _widths(line: str) -> Iterator[int]:
    """Return what a line can be aligned to: its beginning, and its key behind the `- `."""
    yield indent_of(line)
    if line.lstrip(" ").startswith("- "):
        yield len(line) - len(line.lstrip(" -"))


def values_and_more(view: View, number: int) -> Iterator[Slip]:
    """Find a key with a value in its line, and keys or entries below it."""
    found = _VALUE.fullmatch(view.lines[number])
    if found is not None and indent_of(view.below(number)) > indent_of(view.lines[number]):
        what = f"{found[2]!r} has a value, and lines below it that are indented deeper"
        instead = "remove the value, or indent the lines below it like this one"
        yield Slip(number, found.start(3), what, instead, {number: found[1]})
