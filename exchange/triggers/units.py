"""Renders flows with a schedule as systemd services and timers, hardened as far as the work allows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from exchange.triggers.installation import Installation, Timed
from exchange.triggers.oncalendar import on_calendar

CREDENTIALS = "/etc/credstore"
"""Where systemd looks for credentials; readable by root only, handed to the service while it runs."""
_HIDDEN = ("/home", "/root", "/run/user", "/tmp", "/var/tmp")  # noqa: S108 - names of places, nothing is written there
"""What a service does not see of the machine: what it needs from there is bound in by name."""
_HARDENED = """\
NoNewPrivileges=true
ProtectSystem=strict
ProtectHome=tmpfs
PrivateTmp=true
PrivateDevices=true
ProtectKernelTunables=true
ProtectKernelModules=true
ProtectKernelLogs=true
ProtectControlGroups=true
ProtectClock=true
ProtectHostname=true
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=true
RestrictRealtime=true
RestrictSUIDSGID=true
LockPersonality=true
MemoryDenyWriteExecute=true
RemoveIPC=true
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
CapabilityBoundingSet=
AmbientCapabilities=
KeyringMode=private
UMask=0027
MemoryMax=2G
TasksMax=128"""
_NAME = re.compile(r"[^A-Za-z0-9:_.\-]")


def units(installation: Installation, flows: Sequence[Timed]) -> dict[str, str]:
    """Return file name -> content: a service and a timer for each flow, the watcher, and what tells of a failure."""
    made: dict[str, str] = {}
    for flow in flows:
        name = f"{installation.name}@{_instance(flow.flow)}"
        made[f"{name}.service"] = service(installation, flow.flow, flow.credentials)
        made[f"{name}.timer"] = timer(flow.flow, on_calendar(flow.schedule, flow.zone))
    credentials = tuple(dict.fromkeys(name for flow in flows for name in flow.credentials))
    made[f"{installation.name}-watch.service"] = watch_service(installation, credentials)
    made[f"{installation.name}-failure@.service"] = failure_service(installation)
    return made


def service(installation: Installation, flow: str, credentials: Sequence[str] = ()) -> str:
    """Return the service that runs a flow once; `%i` as its name makes a template of it."""
    command = _command(installation, "run", flow)
    return _unit(
        [
            *_about(installation, f"exchange: run flow {_shown(flow)}"),
            "",
            "[Service]",
            "Type=oneshot",
            f"ExecStart={command}",
            *_ends(),
            # A run stops at a safe point when it is told to; what it was at is finished by the next one.
            "TimeoutStartSec=1h",
            "TimeoutStopSec=2min",
            *_rights(installation, credentials),
        ]
    )


def timer(flow: str, expressions: Sequence[str]) -> str:
    """Return the timer that starts a flow's service."""
    return _unit(
        [
            "[Unit]",
            f"Description=exchange: when flow {_shown(flow)} runs",
            "",
            "[Timer]",
            *(f"OnCalendar={expression}" for expression in expressions),
            "# What was missed while the machine was off is made up for, once.",
            "Persistent=true",
            "AccuracySec=1s",
            "RandomizedDelaySec=10s",
            "",
            "[Install]",
            "WantedBy=timers.target",
        ]
    )


def watch_service(installation: Installation, credentials: Sequence[str] = ()) -> str:
    """Return the service that watches all flows, in place of timers."""
    return _unit(
        [
            *_about(installation, "exchange: run flows as soon as files come"),
            "",
            "[Service]",
            "Type=notify",
            "NotifyAccess=main",
            "WatchdogSec=2min",
            f"ExecStart={_command(installation, 'watch')}",
            *_ends(),
            "Restart=on-failure",
            "RestartSec=30s",
            "# The command line or the configuration is wrong: starting again would change nothing.",
            "RestartPreventExitStatus=2 5",
            "# The watcher alone is told to stop; it hands that on to the run under way, which ends at a safe point.",
            "KillMode=mixed",
            "TimeoutStopSec=2min",
            *_rights(installation, credentials),
            "",
            "[Install]",
            "WantedBy=multi-user.target",
        ]
    )


def failure_service(installation: Installation) -> str:
    """Return the template that tells of a unit that failed: in the journal, and by mail through the local server."""
    return _unit(
        [
            "[Unit]",
            "Description=exchange: tell that %i failed",
            "",
            "[Service]",
            "Type=oneshot",
            "# Blank: no mail, the journal only. The mail goes to a mail server on this machine, or to SMTP_HOST.",
            f"Environment={_quoted(f'MAILTO={installation.mailto}')}",
            "Environment=SMTP_HOST=localhost",
            f"ExecStart={_quoted(installation.python)} -P -m exchange.triggers.failure %i",
            "TimeoutStartSec=1min",
            "# To read the last lines of what failed.",
            "SupplementaryGroups=systemd-journal",
            "",
            f"User={installation.user}",
            *_bound("BindReadOnlyPaths", installation.reads),
            _HARDENED,
        ]
    )


def _about(installation: Installation, description: str) -> Iterator[str]:
    yield "[Unit]"
    yield f"Description={description}"
    yield "Wants=network-online.target"
    yield "After=network-online.target"
    places = (installation.workspace, *installation.writes)
    yield "RequiresMountsFor=" + " ".join(_quoted(path) for path in places)
    yield f"OnFailure={installation.name}-failure@%n.service"


def _ends() -> Iterator[str]:
    yield "# Not failures: 3 some records rejected, 4 held by a guard, 7 another run is at it, 143 told to stop."
    yield "SuccessExitStatus=3 4 7 143"


def _rights(installation: Installation, credentials: Sequence[str]) -> Iterator[str]:
    yield ""
    yield f"User={installation.user}"
    if not credentials:
        yield f"# For a credential that an endpoint names: LoadCredential=NAME:{CREDENTIALS}/NAME"
    for name in credentials:
        yield f"LoadCredential={name}:{CREDENTIALS}/{name}"
    yield f"ReadWritePaths={_quoted(installation.workspace / 'data')}"
    for path in installation.writes:
        yield f"ReadWritePaths=-{_quoted(path)}"
    yield from _bound("BindReadOnlyPaths", (*installation.reads, installation.workspace))
    yield from _bound("BindPaths", (installation.workspace / "data", *installation.writes))
    yield _HARDENED


def _bound(key: str, paths: Sequence[Path]) -> Iterator[str]:
    """Bind in what lies where the service cannot see."""
    for path in dict.fromkeys(paths):
        if any(path.is_relative_to(place) for place in _HIDDEN):
            escaped = str(path).replace(":", "\\:")
            yield f"{key}={_quoted(escaped)}"


def _command(installation: Installation, *words: str) -> str:
    said = (str(installation.command), "--workspace", str(installation.workspace), *words)
    return " ".join(word if word == "%i" else _quoted(word, dollar=True) for word in said)


def _shown(flow: str) -> str:
    return flow if flow == "%i" else flow.replace("%", "%%")


def _quoted(text: object, *, dollar: bool = False) -> str:
    """Return text as systemd reads it back: % and, in a command, $ doubled, quotes where blanks need them."""
    made = str(text).replace("\\", "\\\\").replace("%", "%%")
    if dollar:
        made = made.replace("$", "$$")
    return '"' + made.replace('"', '\\"') + '"' if re.search(r"[\s\"';]", made) else made


def _instance(flow: str) -> str:
    """Return a flow's name as the instance of a unit (systemd.unit(5): string escaping; a dash stays, for people)."""
    escaped = _NAME.sub(lambda found: "".join(f"\\x{byte:02x}" for byte in found[0].encode()), flow)
    return escaped if not escaped.startswith(".") else f"\\x2e{escaped[1:]}"


def _unit(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
