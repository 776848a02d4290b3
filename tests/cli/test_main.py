"""How commands start and end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rich_click as click

from exchange import __version__
from exchange.cli import main
from exchange.cli.main import COMMANDS, Row, run
from exchange.kernel.errors import ConfigurationError, FlowLocked, Interrupted, Mistake, Stop, TryLater
from exchange.kernel.exits import Exit
from exchange.kernel.load import load
from exchange.kernel.redaction import hide

EndWith = Callable[[BaseException | int | None], int]


@pytest.fixture
def end_with(monkeypatch: pytest.MonkeyPatch) -> EndWith:
    """Run a command that ends as told, and return the exit code."""

    def call(ending: BaseException | int | None) -> int:
        @click.command()
        def ends() -> int | None:
            if isinstance(ending, BaseException):
                raise ending
            return ending

        monkeypatch.setitem(COMMANDS, "ends", Row("nowhere:ends", "Ends as told."))
        monkeypatch.setattr(main, "load", lambda _row: ends)
        return run(["ends"])

    return call


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (None, 0),
        (Exit.REJECTED, 3),
        (ConfigurationError("no workspace here"), 5),
        (TryLater("the disk is full"), 6),
        (FlowLocked("orders", Path("data/state/locks/orders.lock")), 7),
        (Stop("the ledger is torn"), 8),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (Interrupted(15), 143),
        (Interrupted(2), 130),
        (click.UsageError("no such thing"), 2),
    ],
)
def test_each_ending_has_its_exit_code(end_with: EndWith, ending: BaseException | int | None, code: int) -> None:
    assert end_with(ending) == code


def test_messages_go_to_stderr(end_with: EndWith, capsys: pytest.CaptureFixture[str]) -> None:
    mistakes = [Mistake("b.yaml", 2, 1, "x", "y"), Mistake("a.yaml", 1, 1, "z")]
    assert end_with(ConfigurationError(mistakes)) == 5
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "a.yaml:1:1: z\nb.yaml:2:1: x; y\n"


def test_anything_else_is_a_bug_and_propagates_with_a_note(end_with: EndWith) -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        end_with(ZeroDivisionError())
    assert raised.value.__notes__ == [f"this is a bug in exchange {__version__}: please report it with the lines above"]


def test_fault_42_a_secret_in_a_message_or_a_traceback_is_masked(
    end_with: EndWith, capsys: pytest.CaptureFixture[str]
) -> None:
    """Fault 42: whatever a library puts into its exceptions."""
    hide("canary-4711")
    assert end_with(TryLater("denied for canary-4711")) == 6
    assert capsys.readouterr().err == "denied for ***\n"
    code = (
        "from exchange.cli import main; from exchange.kernel.redaction import hide\n"
        "hide('canary-4711'); main.run = lambda _: int('canary-4711'); main.main()\n"
    )
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("ValueError: invalid literal for int() with base 10: '***'\n")


def test_the_help_lists_every_command_without_importing_any() -> None:
    code = (
        "import sys; from exchange.cli.main import run; code = run(['--help']);"
        "heavy = {'pandas', 'pyarrow', 'numpy', 'pydantic', 'sqlalchemy', 'exchange.cli.check'} & set(sys.modules);"
        "sys.exit(code or sorted(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for name in COMMANDS:
        assert f" {name} " in done.stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_row_names_a_command(name: str) -> None:
    assert isinstance(load(COMMANDS[name].target), click.Command)
    assert run([name, "--help"]) == 0


def test_an_unknown_command_is_answered_with_a_proposal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chek"]) == 2
    assert "there is no command 'chek'; did you mean 'check'?" in capsys.readouterr().err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"exchange {__version__}\n"


def test_main_ends_the_process_with_the_code() -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["--version"])
    assert ended.value.code == 0


def test_a_reader_that_goes_away_is_no_bug() -> None:
    code = "import sys; from exchange.cli.main import main; main(['explain', '--json'])"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait() == 141
