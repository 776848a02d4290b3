"""Kill -9 at every side effect of a run that fetches and delivers over SFTP, against a real OpenSSH server.

The server's files are those of the workspace's own folders, so that what is left is compared with the undisturbed run
as it is for local folders.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crash.child import Nursery
from tests.crash.desks import AT_ONCE, Desk, Faults, Scene, Shown, faults_of
from tests.crash.scene import Consumer, Left, copy, left_in, prepare_today, write
from tests.flows.shop import Shop
from tests.servers.required import need_sshd
from tests.servers.sshd import Keys, Sshd

pytestmark = pytest.mark.slow

SETTINGS = "mappings/exchange.yaml"
OURS = ("sftp.", "publish.", "claim.cop", "retire.", "keep.", "close.note")
"""Points around side effects at a partner's."""
BEFORE_ANY_DELIVERY = ("claim.", "sftp.received", "sftp.fetched")
SIDE_EFFECTS = {
    "copy of a source": ("claim.copy", "sftp.received", "sftp.fetched", "claim.copied"),
    "upload": ("publish.stage", "sftp.created", "sftp.written", "sftp.synced", "publish.staged"),
    "reveal": ("publish.reveal", "sftp.rename", "sftp.renamed", "publish.revealed"),
    "removal of a source": ("retire.archived", "sftp.remove", "retire.removed"),
}
WHILE_RECOVERING = (
    "sftp.created:1", "sftp.rename:1", "sftp.remove:1", "sftp.renamed:1", "sftp.written:1", "publish.revealed:1",
    "sftp.synced:1", "retire.archived:1", "sftp.fetched:1", "publish.noted:1", "sftp.rename:2", "close.noted:1",
)  # fmt: skip
"""Where a recovery is killed in its turn."""


@pytest.fixture(scope="module")
def distant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The workspace before today's run, its partners behind a server, and what an undisturbed run makes of it."""
    need_sshd()
    folder = tmp_path_factory.mktemp("distant")
    today, work, log = folder / "today", folder / "work", folder / "log"
    keys = Keys(folder / "keys")
    keys.path("client")
    write(Shop(today).root)
    with ExitStack() as stack:
        server = stack.enter_context(closing(Sshd(folder / "sshd", folder / "root", keys)))
        move_away(today, server)
        desks = [
            Desk(
                stack.enter_context(Nursery(folder / f"{number}", at(copy(today, folder / f"{number}" / "work")))),
                folder / f"{number}" / "work",
            )
            for number in range(AT_ONCE)
        ]
        nursery = desks[0].nursery
        template = (today / SETTINGS).read_text(encoding="utf-8")
        first = nursery.run(at(today), "run")
        assert first.exit == 3, first.err
        (today / SETTINGS).write_text(template, encoding="utf-8")
        prepare_today(today)
        copy(today, work)
        ended = nursery.run(at(work), "run", EXCHANGE_CRASH_LOG=str(log))
        assert ended.exit == 3, ended.err
        made = Scene(today, tuple(log.read_text(encoding="utf-8").split()), left_in(work))
        for desk in desks:
            made.desks.put(desk)
        yield made


def move_away(workspace: Path, server: Sshd) -> None:
    """Put the folders of the workspace behind a server; `@WORKSPACE@` stands for wherever a copy lies."""
    path = workspace / SETTINGS
    text = path.read_text(encoding="utf-8")
    for name, folder in (("shopify", "inbox/shopify"), ("wms", "outbox/wms")):
        local = f"  {name}: {{type: local, path: data/{folder}}}\n"
        assert local in text
        (workspace / "data" / folder / "orders").mkdir(parents=True, exist_ok=True)
        distant = (
            f"  {name}: {{type: sftp, host: {server.host}, port: {server.port}, user: {server.user}, "
            f'host_keys: ["{server.keys.fingerprint("host")}"], key: {{file: {server.keys.path("client")}}}, '
            f"path: @WORKSPACE@/data/{folder}}}\n"
        )
        text = text.replace(local, distant)
    path.write_text(text, encoding="utf-8")


def at(workspace: Path) -> Path:
    """Let a copy of the workspace lead to its own folders."""
    path = workspace / SETTINGS
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("@WORKSPACE@", str(workspace)), encoding="utf-8")
    return workspace


def points_of(scene: Scene) -> list[str]:
    """Return the points at a partner's: of each name the first and one in the middle."""
    found: dict[str, list[str]] = {}
    for point in scene.points:
        if point.startswith(OURS):
            found.setdefault(point.partition(":")[0], []).append(point)
    return sorted({point for many in found.values() for point in (many[0], many[len(many) // 2])})


def test_every_side_effect_at_a_partner_has_its_points(distant: Scene) -> None:
    names = [point.partition(":")[0] for point in distant.points]

    for effect, around in SIDE_EFFECTS.items():
        assert set(around) <= set(names), effect


def test_killed_at_each_point_and_run_again(distant: Scene) -> None:
    shown = Shown()

    def attempt(desk: Desk, _: str) -> Faults:
        if shown.has(desk.work):
            return []
        torn = _torn(desk.work, distant.undisturbed)
        again = desk.nursery.run(desk.work, "run")
        return [*torn, *faults_of(again, distant.undisturbed.differences(left_in(desk.work)))]

    assert distant.at_each(points_of(distant), attempt, lambda desk: at(desk.work)) == {}


def test_killed_again_while_recovering(distant: Scene) -> None:
    points = points_of(distant)[::3]
    second = dict(zip(points, WHILE_RECOVERING * len(points), strict=False))
    twice: list[str] = []

    def attempt(desk: Desk, point: str) -> Faults:
        if desk.nursery.run(desk.work, "run", EXCHANGE_CRASH_AT=second[point]).killed:
            twice.append(point)
        return faults_of(desk.nursery.run(desk.work, "run"), distant.undisturbed.differences(left_in(desk.work)))

    assert distant.at_each(points, attempt, lambda desk: at(desk.work)) == {}
    assert len(twice) > len(points) // 2


def test_nothing_is_delivered_twice_to_a_partner_who_takes_files_at_once(distant: Scene) -> None:
    yesterday: dict[Path, list[tuple[str, bytes]]] = {}
    shown = Shown()

    def prepare(desk: Desk) -> None:
        consumer = Consumer(at(desk.work))
        consumer.take()
        yesterday[desk.work] = consumer.taken

    def attempt(desk: Desk, _: str) -> Faults:
        if shown.has(desk.work):
            return []
        consumer = Consumer(desk.work, yesterday[desk.work])
        consumer.take()
        again = desk.nursery.run(desk.work, "run")
        consumer.take()
        left = left_in(desk.work, consumer.taken)
        # That a file is gone proves nothing: the ledger says so, and says nothing else that differs.
        artifacts = [(*row[:11], row[11].removeprefix("presumed "), *row[12:]) for row in left.ledger["artifacts"]]
        left = replace(left, ledger={**left.ledger, "artifacts": artifacts})
        twice = len(consumer.taken) - len(dict(consumer.taken))
        told = [f"{twice} files delivered twice"] if twice else []
        return [*told, *faults_of(again, distant.undisturbed.differences(left))]

    points = [point for point in points_of(distant) if not point.startswith(BEFORE_ANY_DELIVERY)]
    assert distant.at_each(points, attempt, prepare) == {}


def _torn(workspace: Path, undisturbed: Left) -> list[str]:
    """Say which visible files of the partners are not whole at the moment of a crash."""
    seen = {
        str(path.relative_to(workspace)): path.read_bytes()
        for path in (workspace / "data/outbox").rglob("*")
        if path.is_file() and not path.name.startswith(".") and ".pending" not in path.parts
    }
    return [f"torn: {name}" for name, data in seen.items() if undisturbed.files.get(name) != data]
