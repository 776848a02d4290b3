"""`exchange infer`: a drafted mapping from a sample of a partner's file."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import rich_click as click

from exchange.assemble.infer import Outcome, infer
from exchange.assemble.infer_files import Written, texts, write
from exchange.assemble.infer_rows import NotInferred
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.infer.synonyms import kinds
from exchange.kernel.exits import Exit

_NAME = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)+")
_TAKEN = {"flows", "schemas", "tables"}


@click.command("infer")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--reads", type=click.Choice(kinds()), help="The document it makes (default: the one that fits best).")
@click.option("--name", metavar="PARTNER/WHAT", help="Name of the mapping, for example odoo/orders.")
@click.option(
    "--sheet", default="", metavar="NAME|NUMBER", help="Sheet of a workbook (default: the first with a table)."
)
@click.option("--write", "keep", is_flag=True, help="Write the files into the workspace; existing ones stay.")
@click.option(
    "--flow",
    metavar="[NAME]",
    is_flag=False,
    flag_value="",
    help="With --write: also a flow that shows what is read, in an outbox of its own.",
)
@in_workspace
@with_json
def infer_(
    root: Path,
    *,
    file: Path,
    reads: str | None,
    name: str | None,
    sheet: str,
    keep: bool,
    flow: str | None,
    as_json: bool,
) -> Exit:
    """Draft a mapping and a table schema from FILE, a sample of what a partner sends.

    Every format is read: CSV and its dialects, fixed width, workbooks, JSON Lines, XML. Each line of the draft says how
    sure it is and why; nothing is written without --write, and never over a file that exists.
    """
    _allowed(name, flow, keep=keep)
    try:
        outcome = infer(file, reads, name, sheet)
        written = write(root, outcome, flow) if keep else None
    except NotInferred as fault:
        raise Refused(str(fault)) from fault
    if as_json:
        print_json(_row(outcome, written))
        return Exit.FINE
    for line in _shown(outcome, written):
        click.echo(line)
    options = [*(["--reads", reads] if reads else []), *(["--sheet", sheet] if sheet else [])]
    for told in _advice(outcome, written, file, options):
        click.echo(told, err=True)
    return Exit.FINE


def _allowed(name: str | None, flow: str | None, *, keep: bool) -> None:
    if name is not None and (not _NAME.fullmatch(name) or name.split("/", 1)[0] in _TAKEN or name.endswith("_test")):
        raise Refused(f"{name!r} is no name for a mapping: write it like odoo/orders, in small letters")
    if flow is not None and not keep:
        raise Refused("--flow drafts a file, so it goes with --write")


def _shown(outcome: Outcome, written: Written | None) -> list[str]:
    if written is not None:
        return [*written.files]
    return [f"# --- {path}\n{text}" for path, text in texts(outcome).items()]


def _row(outcome: Outcome, written: Written | None) -> dict[str, object]:
    inferred, draft = outcome.inferred, outcome.draft
    columns = {match.column: match for match in inferred.matches.chosen}
    return {
        "name": inferred.name,
        "reads": inferred.matches.kind.name,
        "rows": inferred.rows,
        "format": dict(inferred.form),
        "group": inferred.grouping.key if inferred.grouping else None,
        "columns": [
            {
                "column": name,
                "looks": look.told,
                "level": columns[name].level if name in columns else None,
                "field": columns[name].field if name in columns else None,
                "confidence": round(columns[name].confidence, 2) if name in columns else None,
                "reasons": list(columns[name].reasons) if name in columns else [],
            }
            for name, look in inferred.looks.items()
        ],
        "choose": draft.choose,
        "made_up": draft.made_up,
        "warnings": list(outcome.warnings),
        "files": texts(outcome),
        "written": list(written.files) if written else [],
    }


def _advice(outcome: Outcome, written: Written | None, file: Path, options: list[str]) -> list[str]:
    name, draft = outcome.inferred.name, outcome.draft
    sample = shlex.quote(str(file))
    told = [f"look: {warning}" for warning in outcome.warnings]
    told += [f"choose: {what} (`exchange check` names the line until you do)" for what in draft.choose]
    if draft.made_up:
        told.append(f"made up, because no column tells it: {', '.join(draft.made_up)}; write the right values")
    if written is None:
        again = shlex.join(["exchange", "infer", str(file), *options, "--name", name, "--write"])
        return [*told, f"nothing was written; next: {again}"]
    told.append("next: read and correct each line of the draft, then")
    told.append("  exchange schema export    (so that an editor knows the new names)")
    told.append("  exchange check")
    told.append(f"  exchange show {name} --file {sample}")
    told.append(f"  exchange test {name}    (once you wrote cases in mappings/{name}_test.yaml)")
    if written.flow:
        told.append(f"  cp {sample} {shlex.quote(written.inbox)}/ && exchange run {written.flow} --settle 30s")
    else:
        told.append(f"  exchange run FLOW --dry-run               (a flow whose pick_up says `mapping: {name}`)")
    return told
