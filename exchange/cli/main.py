"""Alone starts a command and turns how it ends into an exit code; the command itself is loaded when it is called."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType

import rich_click as click

from exchange import __version__
from exchange.config.suggest import suggest
from exchange.kernel.atomic import disk_faults
from exchange.kernel.errors import ExchangeError, Interrupted
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.redaction import redacted

ENVIRONMENT = "EXCHANGE_WORKSPACE"
_BUG = f"this is a bug in exchange {__version__}: please report it with the lines above"
_BROKEN_PIPE = 141
"""128 + SIGPIPE, what a shell reports when the reader of a pipe went away."""


@dataclass(frozen=True, slots=True)
class Row:
    """One command: where it is, and what `exchange --help` says of it without loading it."""

    target: str
    """`module:name` of a click command object."""
    summary: str


COMMANDS: dict[str, Row] = {
    "init": Row("exchange.cli.init:init", "Write a starter workspace into a folder."),
    "demo": Row("exchange.cli.demo:demo", "Run the sample orders through every flow and show what came of them."),
    "check": Row("exchange.cli.check:check", "Check every file of the workspace and report all mistakes."),
    "test": Row("exchange.cli.test:test", "Run the cases of mappings and the golden runs of flows."),
    "run": Row("exchange.cli.run:run", "Pick up, map and deliver what is ready."),
    "watch": Row("exchange.cli.watch:watch", "Run flows as soon as files come, until told to stop."),
    "status": Row("exchange.cli.status:status", "Show what was done, what waits and what waits for a person."),
    "trace": Row("exchange.cli.trace:trace", "Show where a document came from and where it went."),
    "rejects": Row("exchange.cli.rejects:rejects", "List, show, waive or assign rejects; see what tables lack."),
    "approve": Row("exchange.cli.approve:approve", "Let a file go on that a guard holds."),
    "decline": Row("exchange.cli.approve:decline", "Reject a file whole that a guard holds."),
    "release": Row("exchange.cli.release:release", "Let a held document go."),
    "resend": Row("exchange.cli.resend:resend", "Send a delivered file again, byte for byte."),
    "replay": Row("exchange.cli.replay:replay", "Run a file once more from its archived original."),
    "pause": Row("exchange.cli.pause:pause", "Pause a flow or an endpoint."),
    "resume": Row("exchange.cli.pause:resume", "Let a paused flow or endpoint go on."),
    "doctor": Row("exchange.cli.doctor:doctor", "Try every endpoint for real and say what to do."),
    "hostkeys": Row("exchange.cli.hostkeys:hostkeys", "Show the keys of an SFTP server, and pin the right one."),
    "timers": Row("exchange.cli.timers:timers", "Make crontab lines or systemd units from the flows' schedules."),
    "infer": Row("exchange.cli.infer:infer_", "Draft a mapping from a sample of a partner's file."),
    "show": Row("exchange.cli.show:show", "Show how each field of a document comes to be, step by step."),
    "schema": Row("exchange.cli.schema:schema", "Pin JSON Schemas of the YAML files, for editors."),
    "explain": Row("exchange.cli.explain:explain", "Explain a problem code or an exit code."),
}


class Commands(click.RichGroup):
    """A group whose commands are imported when they are called, so that `--help` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Return what the help page needs of a command."""
        row = COMMANDS.get(cmd_name)
        return click.RichCommand(name=cmd_name, help=row.summary) if row else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is called, loaded; UsageError with did-you-mean for an unknown one."""
        if args[0] not in COMMANDS:
            raise click.UsageError(f"there is no command {args[0]!r}; {suggest(args[0], COMMANDS)}", ctx)
        return args[0], load(COMMANDS[args[0]].target), args[1:]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--workspace", metavar="DIR", envvar=ENVIRONMENT, help="The workspace (default: the current folder).")
@click.version_option(__version__, prog_name="exchange", message="%(prog)s %(version)s")
def exchange(workspace: str | None) -> None:
    """Exchange files between shops, warehouses, ERPs and couriers: CSV and XML in, mapped by YAML, import files out."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.excepthook = _show_bug
    # Modules and the values of a run are no cycles: searching hundreds of thousands of objects for some costs a fifth
    # of the start, 5 % of a large file, and half a second at the end, where nothing is worth freeing any more.
    gc.set_threshold(500_000, 50, 100)
    ended = run(arguments)
    gc.freeze()
    sys.exit(ended)


def _show_bug(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback as the interpreter does, but for the secrets in it."""
    sys.stderr.write(redacted("".join(traceback.format_exception(kind, fault, trace))))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: the one place where exceptions become codes and messages."""
    try:
        with disk_faults():
            ended = exchange.main(
                args=None if arguments is None else list(arguments),
                prog_name="exchange",
                standalone_mode=False,
                color=False if os.environ.get("NO_COLOR") else None,
            )
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # Click makes SystemExit(1) of a broken pipe, but 1 says "bug". What is left in the buffer has no reader:
        # without another place to go, the interpreter complains of it at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return Exit.SIGINT
    except Interrupted as fault:
        click.echo(str(fault), err=True)
        return 128 + fault.signal_number
    except ExchangeError as fault:
        click.echo(redacted(str(fault)), err=True)
        return fault.exit
    except Exception as fault:
        # Python prints the traceback with this note and ends with 1, which is Exit.BUG.
        fault.add_note(_BUG)
        raise
    return int(ended or Exit.FINE)
