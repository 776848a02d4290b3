"""Lines of a crontab: what they say, and that a shell started as cron starts it does what they mean."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from exchange.triggers.crontab import crontab
from exchange.triggers.installation import Installation, Timed

HERE = Installation(
    Path("/opt/exchange/bin/exchange"), Path("/opt/exchange/bin/python"), Path("/srv/exchange"), "exchange"
)


def jobs(text: str) -> list[str]:
    """Return the lines that are no comment and no setting."""
    return [line for line in text.splitlines() if line[:1] in "*0123456789" and line]


def test_each_flow_by_its_own_schedule_and_zone() -> None:
    text = crontab(
        HERE,
        [
            Timed("orders", "*/5 * * * *", "UTC"),
            Timed("stock", "@hourly", "Europe/Berlin"),
            Timed("prices", "30  2 * * MON-FRI", "Europe/Berlin"),
        ],
    )

    kept = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert [line.partition(" out=")[0] for line in kept] == [
        "MAILTO=root",
        "PATH=/usr/bin:/bin",
        "CRON_TZ=Europe/Berlin",
        "30 2 * * MON-FRI",
        "0 * * * *",
        "CRON_TZ=UTC",
        "*/5 * * * *",
    ]
    assert "out=$(/opt/exchange/bin/exchange --workspace /srv/exchange run prices 2>&1);" in kept[3]
    assert "# * * * * * out=$(/opt/exchange/bin/exchange --workspace /srv/exchange run --due 2>&1);" in text
    assert text.endswith("\n")


def test_credentials_have_a_folder_where_cron_has_none() -> None:
    text = crontab(HERE, [Timed("orders", "@hourly", "UTC", ("wms_password",))])

    assert "CREDENTIALS_DIRECTORY=/etc/exchange/credentials\n" in text
    assert "(wms_password)" in text
    assert "CREDENTIALS_DIRECTORY" not in crontab(HERE, [Timed("orders", "@hourly", "UTC")])


@pytest.mark.parametrize(("code", "printed"), [(0, ""), (7, ""), (3, "2 rejected\nexit code 3\n")])
def test_mail_is_only_written_where_a_person_is_asked_for(tmp_path: Path, code: int, printed: str) -> None:
    """The shell is started as cron does it; folder and flow hold what a shell and a crontab read differently."""
    folder = tmp_path / "a b'$HOME %d"
    folder.mkdir()
    command = folder / "exchange"
    command.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/given"\necho "2 rejected" >&2\nexit {code}\n')
    command.chmod(0o755)
    here = Installation(command, command, folder, "exchange")
    [line] = jobs(crontab(here, [Timed("50% off", "*/5 * * * *", "UTC")]))
    job = line.removeprefix("*/5 * * * * ")
    assert "%" not in job.replace(r"\%", ""), "cron would cut the command there"

    ran = subprocess.run(
        ["/bin/sh", "-c", job.replace(r"\%", "%")],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == (printed, "")
    assert (tmp_path / "given").read_text() == f"--workspace {folder} run 50% off\n"


def test_names_are_quoted_for_the_shell() -> None:
    [line] = jobs(crontab(HERE, [Timed("x; rm -rf /", "@daily", "UTC")]))
    assert shlex.quote("x; rm -rf /") in line
