"""Alone knows the slips inside a line: quotes, brackets and commas that are missing, and values that need quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exchange.config.sight import CLOSERS, QUOTES, closing, look
from exchange.config.slips import BACKSLASH, Slip, View

_ENDS = 6
"""Places in a line where a value may end that are tried."""
_SIGNS = "@%`&*!|>?,"
_RUN_ON = re.compile(r"(?<=[^\s,{\[:]) +(?=([A-Za-z_][\w.]*):(?: |$))")
_HASH = re.compile(r"\s+#\S")
_SEMICOLON = re.compile(r";(?= )")


def in_quotes(text: str) -> str:
    """Return a text in quotes that change nothing of it: double ones where that can be."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def put_quotes(text: str) -> str:
    """Return the advice to put quotes around a text."""
    return f"put quotes around it: {in_quotes(text)}"


def escapes(view: View, _: int) -> Iterator[Slip]:
    r"""Find a `\` in double quotes that was meant as it stands: a path of Windows, a regular expression."""
    if view.escape is None:
        return
    number, start = view.escape
    line = view.lines[number]
    end = closing(line, start)
    if end is None:
        return
    made = in_quotes(line[start + 1 : end])
    instead = f"write single quotes: {made}"
    yield Slip(number, start, BACKSLASH, instead, {number: line[:start] + made + line[end + 1 :]})


def open_quotes(view: View, _: int) -> Iterator[Slip]:
    """Find a quote that is opened and not closed in its line, the nearest first."""
    for number in range(min(view.at[0], len(view.lines) - 1), -1, -1):
        line = view.lines[number]
        start = look(line).quote
        if start is None:
            continue
        for end in _ends(line, start):
            text = line[start + 1 : end].rstrip()
            if text.endswith('\\"'):
                made, what = in_quotes(text[:-1]), r"a `\"` does not end the text that is opened here"
            else:
                made, what = line[start] + text + line[start], "a quote is opened and not closed"
            yield Slip(number, start, what, f"close the quote: {made}", {number: line[:start] + made + line[end:]})


def brackets(view: View, number: int) -> Iterator[Slip]:
    """Find a bracket or brace without its other half."""
    line = view.lines[number]
    seen = look(line)
    if seen.stray is not None:
        yield from _stray(line, number, seen.stray)
    if seen.brackets and seen.quote is None and not _HASH.match(line[seen.end :]):
        missing = "".join(CLOSERS[line[at]] for at in reversed(seen.brackets))
        at = seen.brackets[0]
        made = line[: seen.end] + missing + line[seen.end :]
        what = f"the `{line[at]}` that is opened here is not closed"
        yield Slip(number, at, what, f"write `{missing}` at the end", {number: made})
    if line[: seen.end].endswith(","):
        made = line[: seen.end - 1] + line[seen.end :]
        yield Slip(number, seen.end - 1, "a `,` stands behind the last value of the line", "remove it", {number: made})


def _stray(line: str, number: int, stray: int) -> Iterator[Slip]:
    before, closer = look(line[:stray]), line[stray]
    opener = next(opener for opener, other in CLOSERS.items() if other == closer)
    if before.brackets:
        at = before.brackets[-1]
        missing = CLOSERS[line[at]]
        what = f"the `{line[at]}` that is opened here is not closed before the next `{closer}`"
        made = line[:stray] + missing + line[stray:]
        yield Slip(number, at, what, f"write `{missing}` before the `{closer}`", {number: made})
    without = {number: line[:stray] + line[stray + 1 :]}
    values = [at for at in before.starts if line[:at].rstrip(" ").endswith(":")]
    if values and line[values[0]] not in CLOSERS and not before.brackets:
        made = line[: values[0]] + opener + line[values[0] :]
        what = f"the `{opener}` is missing here, its `{closer}` is there"
        yield Slip(number, values[0], what, f"write `{opener}`", {number: made})
    yield Slip(number, stray, f"a `{closer}` stands here, and nothing is open that it closes", "remove it", without)


def commas(view: View, number: int) -> Iterator[Slip]:
    """Find a comma that is missing before a word that is a key elsewhere, or that was typed as a semicolon or twice."""
    line = view.lines[number]
    found = _SEMICOLON.search(line)
    if found is not None:
        what = "a `;` does not part entries"
        yield Slip(number, found.start(), what, "write `,`", {number: _SEMICOLON.sub(",", line)})
    for found in _RUN_ON.finditer(line):
        if view.keys[found[1]] > 1 and look(line[: found.start()]).brackets:
            made = line[: found.start()] + "," + line[found.start() :]
            yield Slip(number, found.start(), f"a `,` is missing before `{found[1]}:`", "write it", {number: made})
    double = re.search(r",(?=\s*,)", line)
    if double is not None:
        made = line[: double.start()] + line[double.end() :]
        yield Slip(number, double.start(), "nothing stands between two commas", "remove one of them", {number: made})


def unquoted(view: View, number: int) -> Iterator[Slip]:
    """Find a value that has to be in quotes."""
    line = view.lines[number]
    limit = view.at[1] if number == view.at[0] else len(line)
    starts = [at for at in look(line).starts if at <= limit and line[:at].rstrip(" ")[-1:] in {*":,[-{"}]
    for start in reversed(starts[-4:]):
        for end in _ends(line, start):
            text = line[start:end].rstrip()
            marked = text.startswith("*") and any(f"&{text[1:]}" in each for each in view.lines)
            # What is wrong with a value shows in its line, but for a comment and signs that begin something longer.
            later = number != view.at[0] and text[:1] not in _SIGNS and not _HASH.search(line)
            if not text or marked or later or (text[0] in QUOTES and closing(text, 0) == len(text) - 1):
                continue
            made = put_quotes(_bare(text))
            mended = line[:start] + made.removeprefix("put quotes around it: ") + line[end:]
            yield Slip(number, start, _needs(text), made, {number: mended})


def _ends(line: str, start: int) -> list[int]:
    """Return where a value that begins at `start` may end: in brackets before each sign that could end it."""
    hash_ = re.compile(r"\s+# ").search(line, start)
    end = hash_.start() if hash_ else len(line.rstrip())
    if not look(line[:start]).brackets:
        return [end]
    return [*[found.start() for found in re.finditer(r"[,}\]]", line) if found.start() > start][:_ENDS], end]


def _bare(text: str) -> str:
    """Return a text without quotes of its own: those around it as a whole, and one that only ends it."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in QUOTES:
        return text[1:-1]
    return text[:-1] if text.count('"') == 1 and text.endswith('"') else text


def _needs(text: str) -> str:
    if text[0] == "#" or " #" in text:
        return "what follows a blank and # is a comment"
    if text[0] in QUOTES:
        return f"the text in quotes ends at the next {text[0]}, and something follows it"
    if text[0] in _SIGNS:
        return f"a value cannot begin with {text[0]}"
    if text[0] in CLOSERS:
        return f"a value that begins with {text[0]} and goes on behind its {CLOSERS[text[0]]} needs quotes"
    if ": " in text or text.endswith(":"):
        return "a value that holds `: ` needs quotes"
    return "a value with one of { } [ ] , in it needs quotes here"
