"""Tells that a systemd unit failed: in the journal and by mail. Started by the shipped `exchange-failure@.service`."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from email.message import EmailMessage

PATIENCE = 10
"""Most seconds for asking systemd, and for the mail server."""
_LINES = "40"
_ERROR, _WARNING = "<3>", "<4>"
"""How journald is told how grave a line is (sd-daemon(3))."""


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Tell of the unit that is named; a mail that cannot be sent is a warning, the journal has it anyway."""
    [unit] = arguments
    text = f"{unit} failed on {socket.gethostname()}\n\n{_status(unit)}"
    _log(_ERROR, text)
    to = environment.get("MAILTO", "")
    if to:
        try:
            _send(_mail(unit, to, text), environment.get("SMTP_HOST", "") or "localhost")
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            _log(_WARNING, f"no mail to {to} about {unit}: {fault}")
    return 0


def _status(unit: str) -> str:
    command = shutil.which("systemctl")
    if command is None:
        return "systemctl is not there to say more"
    try:
        # `--`: the name of a unit is never an option.
        told = subprocess.run(  # noqa: S603 - no shell, a fixed command
            [command, "status", "--no-pager", "--full", f"--lines={_LINES}", "--", unit],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return f"systemctl could not say more: {fault}"
    return (told.stdout or told.stderr).decode(errors="replace")


def _mail(unit: str, to: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = f"exchange: {unit} failed on {socket.gethostname()}"
    mail["From"] = f"exchange@{socket.getfqdn()}"
    mail["To"] = to
    mail.set_content(text)
    return mail


def _send(mail: EmailMessage, server: str) -> None:
    host, _, port = server.partition(":")
    with smtplib.SMTP(host, int(port or 25), timeout=PATIENCE) as smtp:
        smtp.send_message(mail)


def _log(level: str, text: str) -> None:
    sys.stderr.write("".join(f"{level}{line}\n" for line in text.splitlines()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
