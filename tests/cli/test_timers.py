"""`exchange timers`: crontab and units on stdout or into a folder, and what to type next."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.cli import timers
from tests.flows.shop import Shop

UNITS = ["exchange@orders.service", "exchange@orders.timer", "exchange-watch.service", "exchange-failure@.service"]


def test_a_crontab_that_can_be_piped_into_crontab(shop: Shop) -> None:
    ran = shop.type("timers", "--cron", "--mailto", "ops@example.com")

    assert ran.exit == 0
    assert ran.err == ""
    lines = ran.out.splitlines()
    assert "MAILTO=ops@example.com" in lines
    assert "CRON_TZ=UTC" in lines
    [job] = [line for line in lines if line.startswith("*/5 * * * * ")]
    assert f"exchange --workspace {shop.root} run orders 2>&1" in job


def test_units_into_a_folder_and_what_to_type_next(shop: Shop, tmp_path: Path) -> None:
    ran = shop.type("timers", "--systemd", "--user", "daemon", "--output", str(tmp_path / "units"))

    assert ran.exit == 0
    assert ran.out.splitlines() == [str(tmp_path / "units" / name) for name in UNITS]
    assert "systemctl enable --now exchange@orders.timer" in ran.err
    assert "useradd" not in ran.err
    assert sorted(path.name for path in (tmp_path / "units").iterdir()) == sorted(UNITS)
    unit = (tmp_path / "units/exchange@orders.service").read_text()
    assert "User=daemon\n" in unit
    assert f"--workspace {shop.root} run orders\n" in unit
    again = shop.type("timers", "--systemd", "--user", "daemon", "--output", str(tmp_path / "units"))
    assert again.out == ran.out


def test_all_units_on_stdout(shop: Shop) -> None:
    ran = shop.type("timers", "orders", "--systemd")
    assert [line.removeprefix("# --- ") for line in ran.out.splitlines() if line.startswith("# --- ")] == UNITS


def test_for_programs(shop: Shop, tmp_path: Path) -> None:
    assert [row["file"] for row in shop.type("timers", "--systemd", "--json").rows] == UNITS
    assert "run orders" in shop.type("timers", "--cron", "--json").row["content"]
    row = shop.type("timers", "--cron", "--json", "--output", str(tmp_path / "out")).row
    assert row == {"file": str(tmp_path / "out/crontab"), "written": True}


def test_a_dry_run_writes_nothing(shop: Shop, tmp_path: Path) -> None:
    ran = shop.type("timers", "--cron", "--dry-run", "--output", str(tmp_path / "out"))
    assert (ran.exit, ran.out) == (0, f"{tmp_path}/out/crontab\n")
    assert not (tmp_path / "out").exists()


def test_the_default_is_what_runs_the_machine(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "_SYSTEMD", tmp_path)
    assert "[Timer]" in shop.type("timers").out
    monkeypatch.setattr(timers, "_SYSTEMD", tmp_path / "none")
    assert "CRON_TZ=" in shop.type("timers").out


def test_a_flow_without_a_schedule_is_said(shop: Shop) -> None:
    text = (shop.root / "mappings/flows/orders.yaml").read_text()
    (shop.root / "mappings/flows/byhand.yaml").write_text(
        text.replace("flow: orders", "flow: byhand").replace('schedule: "*/5 * * * *"\n', "")
    )
    ran = shop.type("timers", "--cron")
    assert (ran.exit, ran.err) == (0, "byhand has no `schedule:`, so it gets no timer\n")
    assert "byhand" not in ran.out

    alone = shop.type("timers", "byhand")
    assert alone.exit == 2
    assert "has a `schedule:`" in alone.err


def test_a_flow_that_is_not_known(shop: Shop) -> None:
    ran = shop.type("timers", "ordrs")
    assert (ran.exit, "orders" in ran.err) == (2, True)


@pytest.mark.parametrize("name", ["../x", "", "a b", "-x"])
def test_a_name_that_no_unit_can_have(shop: Shop, tmp_path: Path, name: str) -> None:
    ran = shop.type("timers", "--systemd", f"--name={name}", "--output", str(tmp_path / "units"))
    assert ran.exit == 2
    assert not (tmp_path / "units").exists()
