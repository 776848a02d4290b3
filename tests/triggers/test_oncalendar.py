"""Crontab fields as systemd reads them: the words, and, where systemd is there, the moments themselves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from exchange.config.schedule import next_moment
from exchange.triggers.oncalendar import on_calendar

BASE = datetime(2026, 5, 1, 12, 34, 56, tzinfo=UTC)
CASES = {
    "*/5 * * * *": ["*-*-* *:00/5:00"],
    "0 * * * *": ["*-*-* *:00:00"],
    "30 2 * * *": ["*-*-* 02:30:00"],
    "15,45 6-18 * * MON-FRI": ["Mon..Fri *-*-* 06..18:15,45:00"],
    "0 6-18/2 * * *": ["*-*-* 06..18/2:00:00"],
    "0 9 1,15 * *": ["*-*-01,15 09:00:00"],
    "0 0 1 */3 *": ["*-01/3-01 00:00:00"],
    "0 12 * * 0,6": ["Sat,Sun *-*-* 12:00:00"],
    "0 12 * * 7": ["Sun *-*-* 12:00:00"],
    "0 12 * * 1,3-5,0": ["Mon,Wed..Fri,Sun *-*-* 12:00:00"],
    "0 0 13 * FRI": ["*-*-13 00:00:00", "Fri *-*-* 00:00:00"],
    "0 0 */10 * MON": ["Mon *-*-01/10 00:00:00"],
    "5,10,20 0 29 2 *": ["*-02-29 00:05,10,20:00"],
    "@weekly": ["Sun *-*-* 00:00:00"],
    "1-59/2 3,4 * * *": ["*-*-* 03,04:01/2:00"],
}
ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.parametrize(("schedule", "expressions"), CASES.items(), ids=list(CASES))
def test_the_words(schedule: str, expressions: list[str]) -> None:
    assert on_calendar(schedule, "Europe/Berlin") == tuple(f"{words} Europe/Berlin" for words in expressions)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])
@pytest.mark.parametrize("schedule", CASES)
def test_systemd_comes_when_cron_would(schedule: str, zone: str) -> None:
    wanted, moment = [], BASE
    for _ in range(6):
        moment = next_moment(schedule, zone, moment)
        wanted.append(moment)

    found = sorted({moment for words in on_calendar(schedule, zone) for moment in elapses(words)})[:6]
    assert found == wanted


def elapses(words: str) -> list[datetime]:
    """Return when systemd would come the next six times."""
    if ANALYZE is None:
        pytest.skip("systemd-analyze is not installed")
    told = subprocess.run(
        [ANALYZE, "calendar", "--iterations=6", f"--base-time={BASE:%Y-%m-%d %H:%M:%S} UTC", words],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TZ": "UTC", "LC_ALL": "C"},
    ).stdout
    found = re.findall(r"^ *(?:Next elapse|Iter\w*\.? #\d+): \w{3} (\S+ \S+) UTC$", told, re.MULTILINE)
    return [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in found]
