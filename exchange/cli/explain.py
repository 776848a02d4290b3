"""`exchange explain`: the page of one problem code or exit code, from the catalogue."""

from __future__ import annotations

import re
import textwrap
from dataclasses import asdict

import rich_click as click

from exchange.cli.context import Refused, print_json, with_json
from exchange.config.suggest import suggest
from exchange.kernel.catalogue import CATALOGUE, Entry
from exchange.kernel.exits import MEANING, Exit
from exchange.kernel.plural import unfilled

_WIDTH = 100
_SCOPES = {
    "record": "one row of a file",
    "document": "one whole document",
    "file": "the whole file",
    "configuration": "the files of a workspace, by `exchange check`",
}
_SEVERITIES = {
    "error": "error: what it is found in is set aside as a reject",
    "warning": "warning: it is reported, the data goes on",
}


@click.command()
@click.argument("code", required=False)
@with_json
def explain(code: str | None, *, as_json: bool) -> Exit:
    """Explain a problem code such as LOOKUP_MISS, or an exit code such as 3; without CODE, list them all."""
    if code is None:
        _list(as_json=as_json)
    elif code.isdecimal():
        _exit_code(int(code), as_json=as_json)
    else:
        _problem(code, as_json=as_json)
    return Exit.FINE


def _list(*, as_json: bool) -> None:
    if as_json:
        for entry in CATALOGUE.values():
            print_json(asdict(entry))
        return
    width = max(map(len, CATALOGUE))
    for scope, said in _SCOPES.items():
        click.secho(f"Problems of {said}", bold=True)
        for entry in CATALOGUE.values():
            if entry.scope == scope:
                click.echo(f"  {entry.code:<{width}}  {entry.title}")
        click.echo()
    click.secho("Exit codes", bold=True)
    for code, meaning in MEANING.items():
        click.echo(f"  {code:<{width}}  {meaning}")


def _exit_code(number: int, *, as_json: bool) -> None:
    known = {int(code): meaning for code, meaning in MEANING.items()}
    if number not in known:
        raise Refused(f"there is no exit code {number}; known: {', '.join(map(str, known))}")
    if as_json:
        print_json({"exit": number, "name": Exit(number).name, "meaning": known[number]})
    else:
        click.echo(f"{number}  {known[number]}")


def _problem(code: str, *, as_json: bool) -> None:
    entry = CATALOGUE.get(code.upper().replace("-", "_"))
    if entry is None:
        raise Refused(f"there is no problem code {code!r}; {_advice(code)}")
    if as_json:
        print_json(asdict(entry))
    else:
        _page(entry)


def _advice(code: str) -> str:
    advice = suggest(code, CATALOGUE)
    return advice if advice.startswith("did you mean") else "`exchange explain` lists them all"


def _page(entry: Entry) -> None:
    click.echo(f"{click.style(entry.code, bold=True)}  {entry.title}")
    click.echo()
    rows = {
        "found in": _SCOPES[entry.scope],
        "severity": _severity(entry),
        "message": _shape(entry.message),
        "what to do": _shape(entry.remedy),
        "why": entry.why,
    }
    for name, text in rows.items():
        if text:
            hanging = " " * 14
            click.echo(textwrap.fill(text, _WIDTH, initial_indent=f"  {name:<12}", subsequent_indent=hanging))


def _severity(entry: Entry) -> str:
    if entry.scope != "configuration":
        return _SEVERITIES[entry.severity]
    return {
        "error": "error: what depends on the file does not run until it is corrected",
        "warning": "warning: it is reported, everything runs; `exchange check --strict` refuses it",
        "note": "note: told by `exchange check --notes` alone, it may be meant so",
    }[entry.severity]


def _shape(template: str) -> str:
    """Return a message with `<name>` where a value is filled in."""
    return re.sub(r"\{(\w+)[^}]*\}", r"<\1>", unfilled(template))
