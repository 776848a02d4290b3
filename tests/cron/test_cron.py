"""What lies in `cron/`: just what `exchange timers` makes, for an installation in /opt/exchange and /srv/exchange."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from exchange.cli.main import COMMANDS
from exchange.triggers.crontab import crontab
from exchange.triggers.installation import Installation, Timed
from exchange.triggers.oncalendar import on_calendar
from exchange.triggers.units import failure_service, service, timer, watch_service

CRON = Path(__file__).parents[2] / "cron"
ANALYZE = shutil.which("systemd-analyze")
EVERY_FIVE_MINUTES = "*/5 * * * *"
HERE = Installation(
    command=Path("/opt/exchange/bin/exchange"),
    python=Path("/opt/exchange/bin/python"),
    workspace=Path("/srv/exchange"),
    user="exchange",
    mailto="operations@example.com",
)
FILES = {
    "crontab": crontab(HERE, [Timed("orders", EVERY_FIVE_MINUTES, "UTC")]),
    "exchange@.service": service(HERE, "%i"),
    "exchange@.timer": timer("%i", on_calendar(EVERY_FIVE_MINUTES, "UTC")),
    "exchange-watch.service": watch_service(HERE),
    "exchange-failure@.service": failure_service(HERE),
}


@pytest.mark.parametrize("name", FILES)
def test_the_shipped_files_are_what_the_command_makes(name: str, *, update: bool) -> None:
    if update:
        (CRON / name).write_text(FILES[name], encoding="utf-8")
    assert (CRON / name).read_text(encoding="utf-8") == FILES[name], f"run pytest {__file__} --update and look at it"


def test_nothing_else_lies_there() -> None:
    assert {path.name for path in CRON.iterdir()} == {*FILES, "README.md"}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as an administrator installs them, with commands that exist."""
    if ANALYZE is None:
        pytest.skip("systemd-analyze is not installed")
    for name, text in FILES.items():
        if name != "crontab":
            (tmp_path / name).write_text(re.sub(r"/opt/exchange/bin/\w+", "/bin/true", text))
    return tmp_path


def test_systemd_takes_them(installed: Path) -> None:
    names = sorted(f"./{path.name}" for path in installed.iterdir())
    ran = subprocess.run([ANALYZE or "", "verify", *names], cwd=installed, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".service")])
def test_systemd_finds_them_hardened(installed: Path, name: str) -> None:
    told = subprocess.run(
        [ANALYZE or "", "security", "--offline=true", "--no-pager", f"./{name}"],
        cwd=installed,
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    [exposure] = re.findall(r"Overall exposure level for .*: ([\d.]+)", told)
    assert float(exposure) <= 2.0


def test_the_guide_names_every_file_and_only_commands_that_exist() -> None:
    guide = (CRON / "README.md").read_text(encoding="utf-8")

    assert [name for name in FILES if f"`{name}`" not in guide] == []
    assert {word for word in re.findall(r"\bexchange ([a-z]+)\b(?! @)", guide) if word not in COMMANDS} <= {
        "installation"
    }
