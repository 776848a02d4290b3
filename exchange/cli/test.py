"""`exchange test`: the cases beside the mappings and flows, what they find different, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rich_click as click

from exchange.assemble.cases import Ended, Runs, uncovered
from exchange.assemble.cases_files import open_suite
from exchange.assemble.cases_update import is_written, update
from exchange.cases.coverage import KINDS
from exchange.cases.junit import Result, junit
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.cli.outcome import exit_of
from exchange.cli.wording import clean
from exchange.config.cases import ENDING
from exchange.kernel.exits import Exit
from exchange.kernel.plural import many

_SHOWN = 20
"""Most differences of one case that are shown to people."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the command line asked for."""

    update: bool = False
    junit: Path | None = None
    coverage: bool = False
    as_json: bool = False


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@in_workspace
@with_json
@click.option("--update", is_flag=True, help="Write what came as what is expected; then look at the difference.")
@click.option("--junit", type=click.Path(path_type=Path, dir_okay=False), help="Also write the results as JUnit XML.")
@click.option("--coverage", is_flag=True, help="Name what no case reaches, with file and line.")
def test(root: Path, paths: tuple[str, ...], **given: Any) -> Exit:
    """Run the cases of mappings (`<what>_test.yaml` beside them) and the golden runs of flows.

    PATH is a cases file, what it tests (for example shopify/orders), or a folder; without one, all run. Endpoints,
    the ledger and data/ are not touched. Ends with 3 where a case fails, with 5 where a file holds mistakes.
    """
    choice = Choice(**given)
    try:
        runs = Runs(open_suite(root, paths))
    except KeyError as fault:
        raise Refused(
            f"there are no cases at {fault.args[0]}; name a *{ENDING} file, what it tests, or a folder"
        ) from None
    ended = []
    for each in runs.run(exit_of):
        ended.append(each)
        _tell(each, choice)
    if choice.update:
        _update(root, ended)
    if choice.junit is not None:
        choice.junit.parent.mkdir(parents=True, exist_ok=True)
        choice.junit.write_text(junit(map(_result, ended)), encoding="utf-8")
    if choice.coverage:
        _tell_coverage(runs, every=not paths, as_json=choice.as_json)
    return _end(ended, choice)


def _end(ended: list[Ended], choice: Choice) -> Exit:
    """Say how it went in one line, and return what that says to the exit code."""
    failed = sum(1 for each in ended if _outcome(each, choice) == "failed")
    updated = sum(1 for each in ended if _outcome(each, choice) == "updated")
    told = [many(len(ended) - failed - updated, "case") + " passed"]
    told += [f"{updated:,} updated"] if updated else []
    told += [f"{failed:,} failed"] if failed else []
    if not ended:
        told = [f"there are no cases yet: write mappings/<partner>/<what>{ENDING}; mappings/README.md says how"]
    click.echo(", ".join(told), err=choice.as_json)
    return Exit.REJECTED if failed else Exit.FINE


def _outcome(ended: Ended, choice: Choice) -> str:
    if not ended.differences:
        return "passed"
    return "updated" if choice.update and all(map(is_written, ended.differences)) else "failed"


def _tell(ended: Ended, choice: Choice) -> None:
    outcome = _outcome(ended, choice)
    if choice.as_json:
        print_json(_as_json(ended, outcome))
        return
    colour = {"passed": "green", "updated": "yellow", "failed": "red"}[outcome]
    said = click.style(f"{outcome:<7}", fg=colour)
    click.echo(f"{said} {ended.file}:{ended.line}: {clean(ended.case)}")
    for number, (difference, (line, column)) in enumerate(zip(ended.differences, ended.places, strict=True)):
        if number >= _SHOWN:
            click.echo(f"    and {many(len(ended.differences) - number, 'more difference')}; --json shows them all")
            return
        click.echo(f"    {ended.file}:{line}:{column}: {clean(difference.what)}")
        for told in difference.lines():
            click.echo(f"        {told}")


def _as_json(ended: Ended, outcome: str) -> dict[str, object]:
    return {
        "file": ended.file,
        "line": ended.line,
        "case": ended.case,
        "outcome": outcome,
        "differences": [
            {"line": line, "column": column, "what": each.what, "expected": each.expected, "got": each.got}
            for each, (line, column) in zip(ended.differences, ended.places, strict=True)
        ],
        "seconds": round(ended.seconds, 3),
    }


def _update(root: Path, ended: Iterable[Ended]) -> None:
    found = [(each.file, difference) for each in ended for difference in each.differences if is_written(difference)]
    for file in dict.fromkeys(update(root, found)):
        click.echo(f"wrote {file}", err=True)


def _result(ended: Ended) -> Result:
    failures = tuple(
        "\n".join([f"{ended.file}:{line}:{column}: {each.what}", *each.lines()])
        for each, (line, column) in zip(ended.differences, ended.places, strict=True)
    )
    return Result(ended.file, ended.line, ended.case, ended.seconds, failures)


def _tell_coverage(runs: Runs, *, every: bool, as_json: bool) -> None:
    for row in uncovered(runs, every=every):
        if as_json:
            print_json(row.as_json())
            continue
        told = ", ".join(f"{done} of {there} {KINDS[kind]}" for kind, (done, there) in row.counts.items())
        click.echo(f"coverage {row.file}: {told or 'no cases'}")
        for missed in row.missed:
            click.echo(f"    {missed}")
