"""Alone holds what the commands share on the command line: the workspace, `--json`, and how JSON lines are written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import rich_click as click

from exchange.config.durations import parse_duration
from exchange.config.locating import find_workspace
from exchange.kernel.exits import Exit

F = TypeVar("F", bound=Callable[..., Any])


class Refused(click.ClickException):
    """What the command line asks for cannot be done, or names what does not exist; the message says what can."""

    exit_code = Exit.USAGE


def in_workspace(command: F) -> F:
    """Hand the command its workspace as `root: Path`, from `--workspace` behind or before its name, or the environment.

    Raises ConfigurationError where there is no workspace.
    """
    return click.option(
        "--workspace", "root", metavar="DIR", callback=_root, help="The workspace (default: the current folder)."
    )(command)


def with_json(command: F) -> F:
    """Hand the command `as_json: bool` from `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")(command)


def duration(_context: click.Context, _option: click.Parameter, value: str) -> timedelta:
    """Return what an option such as `--settle 30s` says; a usage error for anything else."""
    try:
        made = parse_duration(value)
    except ValueError as fault:
        raise click.BadParameter(str(fault)) from fault
    return made if isinstance(made, timedelta) else timedelta(0)


def print_json(row: Mapping[str, object]) -> None:
    """Write one JSON object as one line to stdout."""
    click.echo(json.dumps(row, ensure_ascii=False, default=str).encode(errors="backslashreplace").decode())


def _root(context: click.Context, _option: click.Parameter, value: str | None) -> Path | None:
    if context.resilient_parsing:
        return None
    return find_workspace(value or context.find_root().params.get("workspace"))
