"""Alone knows the signs that look like others: typographic quotes and blanks, tabs, and lines of other programs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from exchange.config.sight import look
from exchange.config.slips import TAB, Slip, View, indent_of

TYPOGRAPHIC = "\u201c\u201d\u201e\u201f\xab\xbb\u2039\u203a\u2018\u2019\u201a\u201b"
_DOUBLE = TYPOGRAPHIC[:6]
_COLON, _COMMA = "\uff1a", "\uff0c"
_DASHES = re.compile(r"( *)([\u2010-\u2015\u2212\u2022])(?=\s)")
_BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})( |$)")
_LEFT_OUT = re.compile(r"\s*(-\s+)?(…|\.\.\.)\s*$")


def looks_like_blank(text: str) -> tuple[int, str, str] | None:
    """Return where a sign stands that looks like a blank or like nothing, what it is, and what to do about it."""
    found = _BLANKS.search(text) or _UNSEEN.search(text)
    if found is None:
        return None
    name = unicodedata.name(found[0], "a sign without a name").lower()
    told = f"{name} (U+{ord(found[0]):04X})"
    if _UNSEEN.match(found[0]):
        return found.start(), f"an invisible sign stands here, a {told}", "remove it"
    return found.start(), f"a {told} stands here, which looks like a blank and is none", "type a blank in its place"


def without_lookalikes(text: str) -> str:
    """Return a text with blanks where it has signs that look so, and without invisible ones."""
    return _UNSEEN.sub("", _BLANKS.sub(" ", text))


def foreign_lines(view: View) -> Iterator[Slip]:
    """Find lines that another program or a text about YAML left there."""
    marks = [number for number, line in enumerate(view.lines) if _CONFLICT.match(line)]
    if any(view.lines[number][0] in "<>" for number in marks):
        what = "two versions of this file were merged, and the mark of a conflict is left here"
        yield Slip(
            marks[0], 0, what, "keep one of the versions, and remove the lines with <<<, === and >>>", _kept(view)
        )
    for number in range(min(view.at[0] + 1, len(view.lines))):
        line = view.lines[number]
        if line.startswith("```"):
            yield Slip(number, 0, "``` marks code in a text about it, it is no part of YAML", "remove it", {number: ""})
        if _LEFT_OUT.match(line):
            what = f"{line.strip('- ')} stands for something that is left out"
            yield Slip(number, indent_of(line), what, "write it out, or remove the line", {number: ""})
        if line.startswith("%") and not line.startswith(("%YAML", "%TAG")):
            yield Slip(number, 0, "a line cannot begin with %", "remove it", {number: line[1:]})


def _kept(view: View) -> dict[int, str]:
    """Return what changes where the first of two versions counts."""
    made, side = {}, ""
    for number, line in enumerate(view.lines):
        mark = _CONFLICT.match(line)
        if mark is not None and (side or mark[1][0] == "<"):
            side = "" if mark[1][0] == ">" else mark[1][0]
        if mark is not None or side in {"|", "="}:
            made[number] = ""
    return made


def tabs(view: View, number: int) -> Iterator[Slip]:
    """Find tabs: before the first letter they indent, behind it they stand for a blank."""
    line = view.lines[number]
    start = len(line) - len(line.lstrip())
    if "\t" in line[:start]:
        rest = line[start:].replace("\t", " ")
        widths = [indent_of(other) for other in view.around(number) if other.strip(" ")[0] != "\t"]
        for width in dict.fromkeys([*widths, *(width + 2 for width in widths)]):
            yield Slip(number, line.index("\t"), TAB, "indent with spaces", {number: " " * width + rest})
    elif "\t" in line:
        instead = "type a blank in its place"
        yield Slip(number, line.index("\t"), TAB, instead, {number: line.replace("\t", " ").rstrip()})


def lookalikes(view: View, number: int) -> Iterator[Slip]:
    """Find signs that were meant as a blank, a dash, a colon, a comma or a quote."""
    line = view.lines[number]
    told = looks_like_blank(line)
    if told is not None:
        yield Slip(number, *told, {number: without_lookalikes(line)})
    dash = _DASHES.match(line)
    if dash is not None:
        what = f"{dash[2]} is not the sign that begins an entry of a list"
        yield Slip(number, dash.start(2), what, "write `- `", {number: f"{dash[1]}-{line[dash.end() :]}"})
    for sign, meant in ((_COLON, ":"), (_COMMA, ",")):
        if sign in line:
            what = f"{sign} is another sign than `{meant}`"
            meant_line = re.sub(rf"{sign}\s*", f"{meant} ", line).rstrip()
            yield Slip(number, line.index(sign), what, f"write `{meant} `", {number: meant_line})
    yield from _quotes(line, number)


def _quotes(line: str, number: int) -> Iterator[Slip]:
    first = next((at for at, letter in enumerate(line) if letter in TYPOGRAPHIC), None)
    if first is None:
        return
    what = f"{line[first]} is a typographic quote, which is a letter like others to YAML"
    seen = look(line)
    starts = {start for start in seen.starts if line[start] in TYPOGRAPHIC}
    for signs in (TYPOGRAPHIC, _DOUBLE):
        made = "".join('"' if letter in signs else letter for letter in line)
        yield Slip(number, min(starts, default=first), what, 'write " at both ends', {number: made})
