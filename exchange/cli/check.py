"""`exchange check`: every mistake of every file of the workspace, and what looks like one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import rich_click as click

from exchange.assemble.checked import digest_of, mark_sound
from exchange.assemble.deeper import DECLARES, DEEPER, WIDER
from exchange.cli.context import in_workspace, print_json, with_json
from exchange.cli.snippet import snippet
from exchange.config.inspection import Inspection, inspect
from exchange.kernel.errors import Mistake
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.plural import many

_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}
_ESCAPED = {"%": "%25", "\r": "%0D", "\n": "%0A"}


@click.command()
@in_workspace
@with_json
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How to tell it.")
@click.option("--strict", is_flag=True, help="Warnings end with 5 too.")
@click.option("--notes", is_flag=True, help="Tell notes too, such as columns that no mapping reads.")
def check(root: Path, *, as_json: bool, form: str, strict: bool, notes: bool) -> Exit:
    """Check every file of the workspace and report all mistakes.

    Each begins with one line, `path:line:column: what is wrong; what to write instead`; the place, the code that
    `exchange explain CODE` explains, and the line put right follow. Ends with 5 where there are any; warnings and notes
    are told as such and end with 0.
    """
    digest = digest_of(root)
    seen = inspect(root, [load(row) for row in (*DEEPER, DECLARES)], [load(row) for row in WIDER])
    told = [mistake for mistake in seen.mistakes if notes or mistake.severity != "note"]
    tell = _TOLD["json" if as_json else form]
    for mistake in told:
        tell(root, mistake)
    if not seen.errors:
        mark_sound(root, digest)
    failed = seen.errors or (strict and any(mistake.severity == "warning" for mistake in told))
    _sum(seen, told, failed=bool(failed), plain=tell is _text)
    return Exit.CONFIGURATION if failed else Exit.FINE


def _text(root: Path, mistake: Mistake) -> None:
    said = str(mistake)
    if mistake.severity != "error":
        where = f"{mistake.file}:{mistake.line}:{mistake.column}" if mistake.line else mistake.file
        said = f"{where}: {mistake.severity}:{said.removeprefix(where + ':')}"
    click.echo(said)
    for line in snippet(root, mistake):
        click.echo(line)


def _json(_root: Path, mistake: Mistake) -> None:
    said = {name: value for name, value in asdict(mistake).items() if name != "via"}
    print_json({**said, "severity": mistake.severity})


def _github(_root: Path, mistake: Mistake) -> None:
    """Write an annotation of GitHub's workflow commands."""
    places = {"file": mistake.file, "title": mistake.code}
    if mistake.line:
        places |= {"line": str(mistake.line), "col": str(mistake.column)}
    at = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in places.items())
    message = f"{mistake.what}; {mistake.instead}" if mistake.instead else mistake.what
    click.echo(f"::{_GITHUB[mistake.severity]} {at}::{_escaped(message)}")


_TOLD: dict[str, Callable[[Path, Mistake], None]] = {"text": _text, "json": _json, "github": _github}


def _escaped(text: str, more: str = "") -> str:
    signs = {**_ESCAPED, **{sign: f"%{ord(sign):02X}" for sign in more}}
    return "".join(signs.get(letter, letter) for letter in text)


def _sum(seen: Inspection, told: Sequence[Mistake], *, failed: bool, plain: bool) -> None:
    """Tell how many there are: of what is right on stdout, of what is wrong on stderr."""
    counts = Counter(mistake.severity for mistake in seen.mistakes)
    warned = [many(counts["warning"], "warning")] if counts["warning"] else []
    if plain and told:
        click.echo(f"`exchange explain {told[0].code}` tells more, and so for every code", err=True)
    hidden = counts["note"] and not any(mistake.severity == "note" for mistake in told)
    if hidden:
        click.echo(f"{many(counts['note'], 'note')} not shown: exchange check --notes", err=True)
    if failed:
        files = len({mistake.file for mistake in seen.errors})
        wrong = [f"{many(len(seen.errors), 'mistake')} in {many(files, 'file')}"] if seen.errors else []
        click.echo(", ".join([*warned, *wrong]), err=True)
        return
    counted = ("flow", "mapping", "schema", "template", "table")
    numbers = (seen.flows, seen.mappings, seen.schemas, seen.templates, seen.tables)
    parts = [many(number, word) for number, word in zip(numbers, counted, strict=True)]
    click.echo(f"ok: {', '.join([*parts, *warned])}", err=not plain)
