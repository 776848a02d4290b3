"""The journal: what is kept, what is masked, and that it never costs a delivery."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exchange.assemble import journal as module
from exchange.assemble.journal import JOURNAL, journal
from exchange.kernel.redaction import hide

LOG = logging.getLogger("exchange.test")


def lines(root: Path) -> list[str]:
    return (root / JOURNAL).read_text(encoding="utf-8").splitlines()


def test_what_happens_meanwhile_is_kept_with_its_moment_in_utc(tmp_path: Path) -> None:
    LOG.info("before")
    with journal(tmp_path):
        LOG.info("%s was read", "env X")
        LOG.debug("too much")
        logging.getLogger("paramiko.transport").info("chatter")
        logging.getLogger("paramiko.transport").warning("strange")
        logging.getLogger("elsewhere").error("not ours")
    LOG.info("after")
    [first, second] = lines(tmp_path)
    moment, _, rest = first.partition(" ")
    assert rest == "INFO exchange.test: env X was read"
    assert abs((datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()) < 60
    assert second.endswith("WARNING paramiko.transport: strange")


def test_nothing_happened_and_nothing_is_written(tmp_path: Path) -> None:
    with journal(tmp_path):
        pass
    assert not (tmp_path / JOURNAL).exists()


def test_secrets_are_masked_in_tracebacks_too(tmp_path: Path) -> None:
    hide("canary-journal")
    with journal(tmp_path):
        try:
            int("no canary-journal here")
        except ValueError:
            LOG.exception("canary-journal")
    text = "\n".join(lines(tmp_path))
    assert "canary" not in text
    assert "'no *** here'" in text
    assert all(line.startswith(("20", "    ")) for line in lines(tmp_path))


def test_a_journal_that_cannot_be_written_costs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / JOURNAL).mkdir(parents=True)
    with journal(tmp_path):
        LOG.info("lost")
    assert capsys.readouterr().err == ""


def test_it_begins_anew_at_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BYTES", 300)
    with journal(tmp_path):
        for number in range(50):
            LOG.info("line %d", number)
    kept = sorted(path.name for path in (tmp_path / JOURNAL).parent.iterdir())
    assert kept == ["journal.log", "journal.log.1", "journal.log.2", "journal.log.3"]
    assert lines(tmp_path)[-1].endswith("line 49")
