"""Telling of a unit that failed: always in the journal, by mail where there is a server, never failing itself."""

from __future__ import annotations

import socket
import threading
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest

from exchange.triggers.failure import main

UNIT = "exchange@orders.service"


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `systemctl` that says what it was asked."""
    made = tmp_path / "systemctl"
    made.write_text('#!/bin/sh\necho "status of: $*"\necho "exit code 6"\nexit 3\n')
    made.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    return made


class Server(threading.Thread):
    """A mail server for one mail."""

    def __init__(self) -> None:
        super().__init__()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.settimeout(30)
        self.got: list[str] = []

    def run(self) -> None:
        """Take one mail."""
        connection, _ = self.listening.accept()
        with connection, connection.makefile("rw", newline="\r\n") as stream:
            stream.write("220 ready\n")
            stream.flush()
            data = False
            for line in stream:
                self.got.append(line.rstrip("\r\n"))
                if data and line.rstrip() != ".":
                    continue
                data = line.lower().startswith("data")
                over = line.lower().startswith("quit")
                stream.write("354 go on\n" if data else "221 bye\n" if over else "250 fine\n")
                stream.flush()
                if over:
                    break
        self.listening.close()


@pytest.mark.usefixtures("systemctl")
def test_in_the_journal_and_by_mail(capsys: pytest.CaptureFixture[str]) -> None:
    server = Server()
    server.start()
    port = server.listening.getsockname()[1]

    assert main([UNIT], {"MAILTO": "ops@example.com", "SMTP_HOST": f"127.0.0.1:{port}"}) == 0

    server.join()
    told = capsys.readouterr().err.splitlines()
    assert told[0] == f"<3>{UNIT} failed on {socket.gethostname()}"
    assert f"<3>status of: status --no-pager --full --lines=40 -- {UNIT}" in told
    assert not [line for line in told if not line.startswith("<3>")]
    assert any(line.lower().startswith("rcpt to:<ops@example.com>") for line in server.got)
    mail = message_from_string(
        "\n".join(server.got[[line.lower() for line in server.got].index("data") + 1 :]), policy=default
    )
    assert mail["Subject"] == f"exchange: {UNIT} failed on {socket.gethostname()}"
    assert "exit code 6" in server.got


@pytest.mark.usefixtures("systemctl")
@pytest.mark.parametrize("server", ["127.0.0.1:1", "127.0.0.1:port", "no.such.host.invalid:25"])
def test_a_mail_that_cannot_be_sent_is_a_warning(capsys: pytest.CaptureFixture[str], server: str) -> None:
    assert main([UNIT], {"MAILTO": "ops@example.com", "SMTP_HOST": server}) == 0

    told = capsys.readouterr().err.splitlines()
    assert told[-1].startswith(f"<4>no mail to ops@example.com about {UNIT}: ")


def test_without_systemctl_and_without_mail_it_still_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    assert main([UNIT], {}) == 0
    assert f"<3>{UNIT} failed on" in capsys.readouterr().err
