"""systemd units: what they say, that systemd takes them, how hardened it finds them, and that the work still works."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.triggers.installation import Installation, Timed
from exchange.triggers.units import failure_service, service, timer, units, watch_service

ANALYZE = shutil.which("systemd-analyze")
EXPOSURE = 2.0


PLAIN = Installation(Path("/bin/true"), Path("/bin/true"), Path("/srv/exchange"), "daemon")
"""An installation whose commands exist on any machine, so that systemd finds them."""


def installation(**changes: Any) -> Installation:
    """Return that installation, but for what is said."""
    return replace(PLAIN, **changes)


FLOWS = [
    Timed("orders", "*/5 * * * *", "UTC", ("wms_password", "wms_key")),
    Timed("prices-nightly", "30 2 * * MON-FRI", "Europe/Berlin"),
    Timed("50% off; é", "0 0 13 * FRI", "America/New_York"),
]


def said(unit: str, key: str) -> list[str]:
    """Return the values of a key."""
    return re.findall(rf"^{key}=(.*)$", unit, re.MULTILINE)


def test_a_service_and_a_timer_for_each_flow_the_watcher_and_what_tells_of_failures() -> None:
    assert list(units(installation(), FLOWS)) == [
        "exchange@orders.service",
        "exchange@orders.timer",
        "exchange@prices-nightly.service",
        "exchange@prices-nightly.timer",
        r"exchange@50\x25\x20off\x3b\x20\xc3\xa9.service",
        r"exchange@50\x25\x20off\x3b\x20\xc3\xa9.timer",
        "exchange-watch.service",
        "exchange-failure@.service",
    ]
    assert {name.partition("@")[0] for name in units(installation(name="shop"), FLOWS[:1])} == {
        "shop",
        "shop-watch.service",
        "shop-failure",
    }


def test_what_a_service_says() -> None:
    unit = service(installation(writes=(Path("/mnt/wms out"),)), "orders", ("wms_password", "wms_key"))

    assert said(unit, "Type") == ["oneshot"]
    assert said(unit, "ExecStart") == ["/bin/true --workspace /srv/exchange run orders"]
    assert said(unit, "SuccessExitStatus") == ["3 4 7 143"]
    assert said(unit, "OnFailure") == ["exchange-failure@%n.service"]
    assert said(unit, "User") == ["daemon"]
    assert said(unit, "LoadCredential") == [
        "wms_password:/etc/credstore/wms_password",
        "wms_key:/etc/credstore/wms_key",
    ]
    assert said(unit, "ReadWritePaths") == ["/srv/exchange/data", '-"/mnt/wms out"']
    assert said(unit, "RequiresMountsFor") == ['/srv/exchange "/mnt/wms out"']
    assert said(unit, "BindPaths") == said(unit, "BindReadOnlyPaths") == []


def test_what_a_timer_says() -> None:
    unit = timer("orders", ("Mon *-*-* 02:30:00 Europe/Berlin", "*-*-13 02:30:00 Europe/Berlin"))

    assert said(unit, "OnCalendar") == ["Mon *-*-* 02:30:00 Europe/Berlin", "*-*-13 02:30:00 Europe/Berlin"]
    assert said(unit, "Persistent") == ["true"]
    assert said(unit, "RandomizedDelaySec") == ["10s"]
    assert said(unit, "WantedBy") == ["timers.target"]


def test_what_the_watcher_says() -> None:
    unit = watch_service(installation(), ("wms_password",))

    assert said(unit, "Type") == ["notify"]
    assert said(unit, "WatchdogSec") == ["2min"]
    assert said(unit, "KillMode") == ["mixed"], "else a run under way gets the signal twice and ends on the spot"
    assert said(unit, "ExecStart") == ["/bin/true --workspace /srv/exchange watch"]
    assert said(unit, "LoadCredential") == ["wms_password:/etc/credstore/wms_password"]


def test_what_lies_where_a_service_cannot_see_is_bound_in() -> None:
    home = Path("/home/eva/exchange")
    unit = service(
        installation(workspace=home, reads=(Path("/home/eva/venv"), Path("/usr")), writes=(Path("/tmp/out:1"),)), "o"
    )

    assert said(unit, "ProtectHome") == ["tmpfs"]
    assert said(unit, "BindReadOnlyPaths") == ["/home/eva/venv", "/home/eva/exchange"]
    assert said(unit, "BindPaths") == ["/home/eva/exchange/data", r"/tmp/out\\:1"]


def test_words_are_written_as_systemd_reads_them() -> None:
    odd = Path('/srv/a b"c$d%e')
    unit = service(installation(workspace=odd), "50% off")

    assert said(unit, "ExecStart") == [r'/bin/true --workspace "/srv/a b\"c$$d%%e" run "50%% off"']
    assert said(unit, "Description") == ["exchange: run flow 50%% off"]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A folder with all units, a template with an instance among them."""
    if ANALYZE is None:
        pytest.skip("systemd-analyze is not installed")
    for name, text in units(installation(), FLOWS).items():
        (tmp_path / name).write_text(text)
    (tmp_path / "exchange@.service").write_text(service(installation(), "%i", ("wms_password",)))
    (tmp_path / "exchange@.timer").write_text(timer("%i", ("*:0/5",)))
    return tmp_path


def test_systemd_takes_every_unit(written: Path) -> None:
    names = sorted(f"./{path.name}" for path in written.iterdir())
    ran = subprocess.run([ANALYZE or "", "verify", *names], cwd=written, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_systemd_finds_every_service_hardened(written: Path) -> None:
    found = {}
    for path in sorted(written.glob("*.service")):
        told = subprocess.run(
            [ANALYZE or "", "security", "--offline=true", "--no-pager", f"./{path.name}"],
            cwd=written,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        [exposure] = re.findall(r"Overall exposure level for .*: ([\d.]+)", told)
        found[path.name] = float(exposure)

    assert {name: exposure for name, exposure in found.items() if exposure > EXPOSURE} == {}
    assert len(found) == 6


def test_what_tells_of_a_failure_says_where_mail_goes() -> None:
    unit = failure_service(installation(mailto="ops team@example.com"))

    assert said(unit, "Environment") == ['"MAILTO=ops team@example.com"', "SMTP_HOST=localhost"]
    assert said(unit, "ExecStart") == ["/bin/true -P -m exchange.triggers.failure %i"]
    assert said(unit, "OnFailure") == [], "what tells of failures does not call itself"
