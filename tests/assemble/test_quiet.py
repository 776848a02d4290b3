"""What a look at folders tells without the configuration, and what it leaves to those who read that."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.assemble.house import ledger_of
from exchange.assemble.idle import round_of
from exchange.assemble.quiet import MARK, digest_of, is_quiet, keep, kept, none_due
from exchange.config.workspace import load_flows
from exchange.kernel.ledger import Brake
from tests.assemble.edits import edit
from tests.engine.desk import claim_of

FLOW, SETTINGS = "mappings/flows/orders.yaml", "mappings/exchange.yaml"
AT = datetime(2026, 3, 2, 12, 2, 30, tzinfo=UTC)


def quiet(root: Path, *flows: str) -> bool:
    """Tell whether a look at folders finds nothing to do."""
    return is_quiet(root, round_of(load_flows(root)), flows, AT)


@pytest.fixture
def idle(root: Path) -> Path:
    """A workspace with a ledger and nothing to do."""
    with ledger_of(load_flows(root)):
        pass
    assert quiet(root)
    assert quiet(root, "orders")
    return root


def drop(root: Path, path: str) -> None:
    """Put a file somewhere."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text("x", encoding="utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "data/inbox/shopify/orders/day.csv",
        "data/inbox/shopify/orders/whatever.txt",
        "data/state/unpacked/orders/0123456789ab.0001.a.csv",
        "data/state/work/orders/0123456789ab/source",
        "data/outbox/wms/acks/A.xml.ack",
    ],
)
def test_a_file_anywhere_is_left_to_a_run(idle: Path, path: str) -> None:
    edit(idle, FLOW, "  - {to: wms,", "  - {to: wms, ack: {folder: acks},")
    assert quiet(idle)
    drop(idle, path)

    assert not quiet(idle)


def test_a_link_is_left_to_a_run_and_hidden_names_and_folders_are_nothing(idle: Path) -> None:
    inbox = idle / "data/inbox/shopify/orders"
    drop(idle, "data/inbox/shopify/orders/.day.csv.part")
    (inbox / "done").mkdir()
    assert quiet(idle)

    (inbox / "link.csv").symlink_to("/etc/hostname")
    assert not quiet(idle)


def test_a_share_that_is_not_mounted_is_left_to_a_run(idle: Path) -> None:
    edit(idle, SETTINGS, "path: data/inbox/shopify", "path: data/inbox/shopify, mount_marker: .mounted")
    assert not quiet(idle)
    drop(idle, "data/inbox/shopify/.mounted")
    assert quiet(idle)


def test_an_unknown_flow_is_left_to_a_run(idle: Path) -> None:
    assert not quiet(idle, "orders", "ordrs")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (FLOW, "then: archive", "then: keep"),
        (SETTINGS, "sqlite:///data/state/ledger.db", "sqlite:///data/state/other.db"),
        (SETTINGS, "sqlite:///data/state/ledger.db", "postgresql://exchange@db/exchange"),
    ],
)
def test_what_only_a_ledger_knows_is_left_to_a_run(idle: Path, file: str, old: str, new: str) -> None:
    if old not in (idle / file).read_text(encoding="utf-8"):
        edit(idle, file, "endpoints:", f"ledger: {new}\nendpoints:")
    else:
        edit(idle, file, old, new)

    assert not quiet(idle)


def test_other_machines_are_left_to_a_run(idle: Path) -> None:
    server = "{type: sftp, host: sftp.example.com, user: x, password: {env: P}, host_keys: [SHA256:" + "a" * 43 + "]}"
    edit(idle, SETTINGS, "endpoints:", f"endpoints:\n  far: {server}")
    assert quiet(idle)
    edit(idle, FLOW, "from: shopify", "from: far")

    assert not quiet(idle)


def test_a_claim_that_is_not_over_and_a_brake_are_left_to_a_run(idle: Path) -> None:
    with ledger_of(load_flows(idle)) as ledger:
        ledger.brakes.pause(Brake("endpoint", "wms", "eva", "stocktaking", AT))
    assert not quiet(idle)

    with ledger_of(load_flows(idle)) as ledger:
        ledger.brakes.resume("endpoint", "wms")
        assert quiet(idle)
        ledger.claims.take(claim_of("day.csv"), ledger.runs.start("run", AT))
    assert not quiet(idle)


def test_kept_for_this_very_text_and_read_back_as_it_was_made(root: Path) -> None:
    edit(root, FLOW, "otherwise: hold", "otherwise: hold\n    held_limit: 3d")
    made, digest = round_of(load_flows(root)), digest_of(root)
    keep(root, digest, made)

    assert kept(root, digest) == made
    assert made.posts["orders"].held_limit == timedelta(days=3).total_seconds()
    assert [(place.endpoint, place.folder) for place in made.posts["orders"].places or ()] == [
        ("shopify", "orders"),
        (".unpacked", "orders"),
    ]
    assert kept(root, "") is None
    for change in (
        lambda: edit(root, SETTINGS, "endpoints:", "endpoints: "),
        lambda: edit(root, FLOW, "settle: 10s", "settle: 11s"),
        lambda: (root / "mappings/flows/b.yaml").write_text("", encoding="utf-8"),
    ):
        before = digest_of(root)
        change()
        assert digest_of(root) != before
        assert kept(root, digest_of(root)) is None


def test_names_that_are_no_utf_8_have_a_digest_too(root: Path) -> None:
    before = digest_of(root)
    (root / os.fsdecode(b"mappings/flows/\xfe.yaml")).write_text("flow: x\n", encoding="utf-8")

    assert digest_of(root) not in {"", before}


def test_nothing_is_kept_of_a_text_that_was_edited_meanwhile(root: Path) -> None:
    digest = digest_of(root)
    edit(root, FLOW, "settle: 10s", "settle: 11s")
    keep(root, digest, round_of(load_flows(root)))

    assert not (root / MARK).exists()


def test_nothing_is_kept_where_the_ledger_has_a_password(root: Path) -> None:
    made = round_of(load_flows(root))
    keep(root, digest_of(root), replace(made, ledger="postgresql://exchange:secret@db/exchange"))

    assert not (root / MARK).exists()


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:0],
        lambda text: text[:-20],
        lambda text: f"[{len(text)}]",
        lambda text: text.replace('"flow"', '"flew"'),
        lambda text: text.replace('"places"', '"palaces"'),
        lambda text: text.replace('"held_limit": null', '"held_limit": "2"'),
        lambda text: text + "[" * 200_000,
        lambda text: "\x00" * len(text),
    ],
)
def test_a_torn_one_costs_a_look(root: Path, damage: Callable[[str], str]) -> None:
    digest = digest_of(root)
    keep(root, digest, round_of(load_flows(root)))
    (root / MARK).write_text(damage((root / MARK).read_text(encoding="utf-8")), encoding="utf-8")

    assert kept(root, digest) is None


def test_when_the_next_ones_are_due(idle: Path) -> None:
    known = round_of(load_flows(idle))
    assert none_due(idle, known, (), AT) is None, "seen for the first time: that is to be noted"
    with ledger_of(load_flows(idle)) as ledger:
        ledger.schedules.served("orders", AT)

    assert none_due(idle, known, (), AT) == {"orders": datetime(2026, 3, 2, 12, 5, tzinfo=UTC)}
    assert none_due(idle, known, ("ordrs",), AT) is None
    assert none_due(idle, known, (), AT + timedelta(minutes=3)) is None
    edit(idle, FLOW, 'schedule: "*/5 * * * *"', "")
    assert none_due(idle, round_of(load_flows(idle)), (), AT) is None, "a run says that there is none"
