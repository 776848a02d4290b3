"""Renders flows with a schedule as lines of a crontab."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby

from exchange.config.schedule import five_fields
from exchange.triggers.installation import Installation, Timed

CREDENTIALS = "/etc/exchange/credentials"
"""Where credentials are kept for cron, which has no `LoadCredential=`: a folder that only the user can enter."""
# cron mails whatever is written: silent for 0 (done, or nothing to do) and 7 (the run before is still at it).
_QUIET = 'code=$?; case $code in 0|7) ;; *) echo "$out"; echo "exit code $code";; esac'


def crontab(installation: Installation, flows: Sequence[Timed]) -> str:
    """Return a crontab for these flows: absolute paths, because cron starts with an almost empty environment."""
    return "\n".join(_lines(installation, flows)) + "\n"


def _lines(installation: Installation, flows: Sequence[Timed]) -> Iterator[str]:
    yield "# The flows of one workspace by their schedules, as `exchange timers --cron` writes it."
    yield "# cron mails what a run said where its exit code asks for a person; 0 and 7 (still at it) stay silent."
    yield f"MAILTO={installation.mailto}"
    yield "PATH=/usr/bin:/bin"
    if any(flow.credentials for flow in flows):
        names = sorted({name for flow in flows for name in flow.credentials})
        yield f"# Endpoints name credentials ({', '.join(names)}): each a file in a folder that only this user enters."
        yield f"CREDENTIALS_DIRECTORY={CREDENTIALS}"
    ordered = sorted(flows, key=lambda flow: (flow.zone, flow.flow))
    for zone, group in groupby(ordered, key=lambda flow: flow.zone):
        yield ""
        yield f"CRON_TZ={zone}"
        for flow in group:
            yield f"{five_fields(flow.schedule)} {_job(installation, 'run', flow.flow)}"
    yield ""
    yield "# A cron that does not know CRON_TZ goes by the machine's clock above. This one line in place of the others"
    yield "# works everywhere: `run --due` reads the schedules and time zones of the flows itself, once a minute."
    yield f"# * * * * * {_job(installation, 'run', '--due')}"


def _job(installation: Installation, *words: str) -> str:
    command = shlex.join([str(installation.command), "--workspace", str(installation.workspace), *words])
    # In a crontab a bare % ends the command.
    return f"out=$({command} 2>&1); {_QUIET}".replace("%", r"\%")
