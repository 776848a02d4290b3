"""`exchange hostkeys`: what a server offers, and which of its keys are trusted from now on."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from exchange.assemble.hostkeys import Offered, Pin, Standing, offered_by, pin_key, standing_of
from exchange.cli.context import Refused, in_workspace, print_json, with_json
from exchange.config.endpoints import SftpEndpoint
from exchange.config.suggest import suggest
from exchange.config.workspace import read_settings
from exchange.kernel.exits import Exit


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def hostkeys() -> None:
    """Show the keys that an SFTP server offers, and pin the right one."""


@hostkeys.command()
@click.argument("endpoint")
@in_workspace
@with_json
def scan(root: Path, endpoint: str, *, as_json: bool) -> Exit:
    """Show the keys that the server of ENDPOINT offers, and which of them are pinned. Nothing is trusted by this."""
    model = _server(root, endpoint)
    offered = offered_by(model)
    standing = standing_of(root, model, offered)
    if as_json:
        for key in offered:
            print_json(_as_object(endpoint, model, key, pinned=key.fingerprint in standing.pinned))
        return Exit.FINE
    click.echo(f"{endpoint}: {model.host} port {model.port} offers")
    for key in offered:
        said = "pinned" if key.fingerprint in standing.pinned else "not pinned"
        click.echo(f"  {key.algorithm:<20} {key.fingerprint}  {said}")
    for line in _advice(endpoint, model, standing):
        click.echo(line, err=True)
    return Exit.FINE


@hostkeys.command()
@click.argument("endpoint")
@click.argument("fingerprint")
@in_workspace
@with_json
@click.option("--replace", is_flag=True, help="Trust this key only: remove the endpoint's other keys from the file.")
@click.option("--reason", default="", help="How it was confirmed; recorded with your name.")
@click.option("--as", "who", default=None, metavar="NAME", help="Who does this (default: the user of this machine).")
@click.option("--dry-run", "dry", is_flag=True, help="Show what would be written; change nothing.")
def pin(
    root: Path,
    endpoint: str,
    fingerprint: str,
    *,
    as_json: bool,
    replace: bool,
    reason: str,
    who: str | None,
    dry: bool,
) -> Exit:
    """Trust the key with this FINGERPRINT (SHA256:...) at ENDPOINT, after the partner confirmed it another way.

    The server is asked for the key, which is written to the endpoint's known_hosts file with the date and your name.
    """
    if not fingerprint.startswith("SHA256:"):
        raise Refused(
            f"{fingerprint!r} is no fingerprint: SHA256: and 43 characters, see exchange hostkeys scan {endpoint}"
        )
    model = _server(root, endpoint)
    offered = {key.fingerprint: key for key in offered_by(model)}
    if fingerprint not in offered:
        raise Refused(
            f"{model.host} offers no key {fingerprint}, only {', '.join(offered)}: "
            "do not pin what the partner has not confirmed"
        )
    key = offered[fingerprint]
    done = pin_key(root, Pin(endpoint, model, key, who or getpass.getuser(), reason, replace), dry=dry)
    if as_json:
        print_json({**_as_object(endpoint, model, key, pinned=not dry), "file": model.known_hosts, "done": done})
    else:
        click.echo(f"{'would have ' if dry else ''}{done}: {key.algorithm} {fingerprint} in {model.known_hosts}")
        click.echo(f"next: exchange doctor {endpoint}", err=True)
    return Exit.FINE


def _server(root: Path, name: str) -> SftpEndpoint:
    known = read_settings(root).required().endpoints
    servers = {other: model for other, model in known.items() if isinstance(model, SftpEndpoint)}
    if name in servers:
        return servers[name]
    if name in known:
        raise Refused(f"endpoint {name!r} is a folder of this machine: it has no host key")
    raise Refused(f"there is no endpoint {name!r}; {suggest(name, servers, '' if servers else 'none is on a server')}")


def _advice(endpoint: str, model: SftpEndpoint, standing: Standing) -> Sequence[str]:
    lines = []
    if standing.gone:
        lines.append(f"pinned, but not offered any more: {', '.join(standing.gone)}")
    if not standing.matching:
        lines += [
            f"Whoever answers at {model.host} can show these. Ask the partner for their fingerprint another way (by"
            " telephone, on their web site), compare all 43 characters, then:",
            f"  exchange hostkeys pin {endpoint} SHA256:..." + (" --replace" if standing.gone else ""),
        ]
    return lines


def _as_object(endpoint: str, model: SftpEndpoint, key: Offered, *, pinned: bool) -> dict[str, object]:
    return {
        "endpoint": endpoint,
        "host": model.host,
        "port": model.port,
        "algorithm": key.algorithm,
        "fingerprint": key.fingerprint,
        "pinned": pinned,
    }
