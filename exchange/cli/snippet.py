"""Alone shows where a finding stands: the line, a caret below it, and the line as it should be. Never a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

import rich_click as click

from exchange.config.discretion import SECRET
from exchange.config.scalars import quoted
from exchange.config.suggest import replacement
from exchange.kernel.catalogue_entry import Severity
from exchange.kernel.errors import Mistake

COLOURS: dict[Severity, str] = {"error": "red", "warning": "yellow", "note": "cyan"}
_WIDEST = 100
"""Characters of a line that are shown; of a longer one, those around the caret."""
_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,{}\[\]#:"']+(?:[ :][^\s,{}\[\]#:"']+)*""")
_WORD = re.compile(r"[\w.-]+")
_SETTINGS = re.compile(r"mappings/(exchange\.yaml|flows/.*)")
_REFERENCE = re.compile(r"\s*(\[?\s*\{\s*(credential|file|env|keyring)\b[^,]*\}?.*)?")
_IN_URL = re.compile(r"(?i)(://[^\s/:@]*:)[^\s/@]+(?=@)|([?&](?:password|token|sig|secret|\w*_?key)=)[^&\s]+")
_PEM = re.compile(r"-----(BEGIN|END) [A-Z ]*PRIVATE KEY-----")


def snippet(root: Path, mistake: Mistake) -> Iterator[str]:
    """Yield the lines below a finding: nothing but its code where it is of a file as a whole."""
    lines = _shown_lines(root / mistake.file, settings=_SETTINGS.fullmatch(mistake.file) is not None)
    colour = COLOURS[mistake.severity]
    label = click.style(f"{mistake.severity} {mistake.code}", fg=colour, bold=True)
    if not 0 < mistake.line <= len(lines):
        yield f"      = {label}"
        return
    text, start = _cut(lines[mistake.line - 1], mistake.column - 1)
    found = (_TOKEN if mistake.file.endswith(".yaml") else _WORD).match(text, start)
    length = max(1, len(found[0]) if found else 1)
    yield f"{mistake.line:>5} | {text}"
    yield f"      | {' ' * start}{click.style('^' * length, fg=colour, bold=True)} {label}"
    fixed = _fixed(text, start, mistake)
    if fixed:
        yield click.style(f"    + | {fixed}", fg="green")


def _cut(line: str, at: int) -> tuple[str, int]:
    """Return the part of a line that is shown, and where in it the caret belongs."""
    start = max(0, min(at, len(line)))
    if len(line) <= _WIDEST:
        return line, start
    first = max(0, start - _WIDEST // 2)
    before, after = "…" if first else "", "…" if first + _WIDEST < len(line) else ""
    return before + line[first : first + _WIDEST] + after, start - first + len(before)


def _fixed(text: str, start: int, mistake: Mistake) -> str:
    """Return the line with the advice followed; blank where the advice does not say what to write.

    Of the words that the finding names ("there is no table sales_unit"), the one most like the right one is meant.
    """
    quotes, meant = quoted(mistake.instead), replacement(mistake.instead)
    named: list[tuple[float, re.Match[str]]] = []
    for found in _TOKEN.finditer(text, start):
        written = found[0].strip("\"'")
        if quotes and quotes[1:-1] == written:
            return text[: found.start()] + quotes + text[found.end() :]
        if meant and re.search(rf"(?<![\w.]){re.escape(written)}(?![\w.])", mistake.what) and written != meant:
            named.append((SequenceMatcher(None, written, meant).ratio(), found))
    if not named:
        return ""
    _, found = max(named, key=lambda each: each[0])
    return text[: found.start()] + found[0].replace(found[0].strip("\"'"), meant) + text[found.end() :]


# --- secrets are not shown -----------------------------------------------------------------------------------------
@cache
def _shown_lines(path: Path, *, settings: bool) -> tuple[str, ...]:
    try:
        lines = path.read_bytes().decode("utf-8-sig", "replace").split("\n")
    except OSError:
        return ()
    plain = ("".join(letter if letter.isprintable() else " " for letter in line) for line in lines)
    masked = _without_keys(_IN_URL.sub(lambda found: f"{found[1] or found[2]}***", line) for line in plain)
    return tuple(_without_secrets(masked) if settings else masked)


def _without_keys(lines: Iterator[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        border = _PEM.search(line)
        inside = border[1] == "BEGIN" if border else inside
        yield "***" if inside or border else line


def _without_secrets(lines: Iterator[str]) -> Iterator[str]:
    """Yield lines without what stands behind or below a key of a secret, unless it is a reference."""
    depth: int | None = None
    for line in lines:
        indent = len(line) - len(line.lstrip())
        if depth is not None and line.strip() and indent <= depth:
            depth = None
        found = SECRET.search(line)
        if depth is not None:
            yield line if _REFERENCE.fullmatch(line.lstrip(" -")) or _plain_reference(line) else " " * indent + "***"
        elif found is None or line.lstrip().startswith("#"):
            yield line
        else:
            depth = indent
            kept = found["value"] if _REFERENCE.fullmatch(found["value"]) else " ***"
            yield line[: found.end("key")] + kept


def _plain_reference(line: str) -> bool:
    return re.fullmatch(r"[\s-]*(credential|file|env|keyring):.*", line) is not None
