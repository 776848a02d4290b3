"""`exchange schema export`: what an editor needs to complete, explain and check the YAML files of a workspace."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from exchange.assemble.schema_files import Pinned, export
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.kernel.exits import Exit
from exchange.kernel.plural import many


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def schema() -> None:
    """Pin the JSON Schemas of the workspace's YAML files, for editors."""


@schema.command(name="export")
@in_workspace
@with_json
@click.option("--check", "dry", is_flag=True, help="Write nothing; end with 5 where a schema is not up to date.")
@click.option("--modelines", "lines", is_flag=True, help="Also write into each YAML file which schema is its own.")
def export_schemas(root: Path, *, as_json: bool, dry: bool, lines: bool) -> Exit:
    """Write the JSON Schema of every YAML file to mappings/.schemas/, as the workspace is now.

    They know its endpoints, mappings, tables, columns and steps, so an editor with yaml-language-server (VS Code: the
    extension `redhat.vscode-yaml`) completes and explains them and underlines what `exchange check` would refuse.
    Call it again after adding one of these. Ends with 0; with `--check`, 5 where something is not up to date.
    """
    try:
        found = export(root, dry=dry, lines=lines)
    except OSError as fault:
        raise Refused(f"cannot write to {root / 'mappings'}: {fault.strerror or fault}") from fault
    if as_json:
        print_json(
            {"written": found.written, "removed": found.removed, "kept": found.kept, "without_modeline": found.unlined}
        )
    else:
        _say(found, dry=dry, lines=lines)
    return Exit.CONFIGURATION if dry and found.stale else Exit.FINE


def _say(found: Pinned, *, dry: bool, lines: bool) -> None:
    for path in found.written:
        click.echo(f"{'out of date' if dry else 'wrote'}: {path}")
    for path in found.removed:
        click.echo(f"{'of a file that is gone' if dry else 'removed'}: {path}")
    for file in found.unlined:
        click.echo(f"{'now names its schema' if lines and not dry else 'does not name its schema'}: {file}")
    if dry and found.stale:
        click.echo("run `exchange schema export`", err=True)
    elif not found.stale:
        click.echo(f"{many(found.kept, 'schema')} up to date")
    if found.unlined and (dry or not lines):
        click.echo("`exchange schema export --modelines` writes the schema's name into these files", err=True)
