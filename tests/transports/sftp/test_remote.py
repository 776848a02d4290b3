"""A server that lies about its files: nothing that it says becomes a path, a size or a content that we believe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.kernel import limits
from exchange.kernel.errors import TryLater
from exchange.kernel.model import SourceFile
from exchange.kernel.naming import why_refused
from exchange.transports.sftp import remote as remote_module
from exchange.transports.sftp.endpoint import SftpEndpoint
from exchange.transports.sftp.remote import folder_of, join
from exchange.transports.sftp.settings import Secret, SftpSettings
from tests.contracts.places import QUICK, SOON
from tests.servers.hostile import MTIME, Lie, Plot
from tests.servers.loop_sftp import Account, LoopSftp

Meet = Callable[[Plot], SftpEndpoint]


@pytest.fixture
def meet(tmp_path: Path) -> Iterator[Meet]:
    """Return an endpoint at a server that follows a plot."""
    with ExitStack() as stack:

        def make(plot: Plot) -> SftpEndpoint:
            server = LoopSftp(tmp_path / "nothing", Account(passwords=("right",)), plot.factory)
            stack.enter_context(closing(server))
            settings = SftpSettings(
                name="wms",
                host=server.host,
                port=server.port,
                user=server.user,
                pins=(server.fingerprint,),
                passwords=(Secret("env RIGHT", lambda: "right"),),
                timeouts=QUICK,
                retries=SOON,
            )
            return stack.enter_context(closing(SftpEndpoint(settings)))

        yield make


HOSTILE = (
    b"../../../../etc/cron.d/x.csv",
    b"/etc/cron.d/x.csv",
    b"..\\..\\x.csv",
    b"a\nb.csv",
    b"\x1b[2J.csv",
    b"nul\x00.csv",
    b"a" * 300 + b".csv",
    b"orders/../x.csv",
)


def test_names_that_are_paths_are_refused_and_the_others_are_taken(meet: Meet, tmp_path: Path) -> None:
    """Fault 26: each is said with its reason, none is ever asked for, and the files beside them are fetched."""
    plot = Plot([*map(Lie, HOSTILE), Lie(b"day.csv"), Lie(b"caf\xe9.csv"), Lie(b"DAY.CSV"), Lie(b"."), Lie(b"..")])
    endpoint = meet(plot)

    listing = endpoint.list("orders", "*.csv")

    assert [(source.name, source.raw) for source in listing.files] == [
        ("DAY.CSV", b""),
        ("caf\\xe9.csv", b"caf\xe9.csv"),
        ("day.csv", b""),
    ]
    assert [(entry.shown[:12], entry.why) for entry in listing.refused] == [
        ("../../../../", "it is no name of a file in this folder but a path"),
        ("..\\..\\x.csv"[:12], "it is no name of a file in this folder but a path"),
        ("/etc/cron.d/", "it is no name of a file in this folder but a path"),
        ("\\x1b[2J.csv", "it holds control characters"),
        ("a\\nb.csv", "it holds control characters"),
        ("a" * 12, "it is longer than 255 bytes"),
        ("nul\\x00.csv", "it holds control characters"),
        ("orders/../x.", "it is no name of a file in this folder but a path"),
    ]
    for source in listing.files:
        assert endpoint.fetch(source, tmp_path / "copy") is not None
        assert endpoint.remove(source)
    assert set(plot.asked) <= {b"orders/day.csv", b"orders/DAY.CSV", b"orders/caf\xe9.csv"}
    assert all("\x1b" not in entry.shown and entry.shown.isprintable() for entry in listing.refused)


@pytest.mark.parametrize("raw", [raw for raw in HOSTILE if why_refused(raw)])
def test_a_hostile_name_is_not_asked_for_wherever_it_comes_from(meet: Meet, tmp_path: Path, raw: bytes) -> None:
    """Fault 26: from an old ledger, say."""
    plot = Plot()
    endpoint = meet(plot)
    source = SourceFile("wms", "orders", "shown", 4, MTIME * 10**9, raw=raw)

    for act in (
        lambda: endpoint.fetch(source, tmp_path / "copy"),
        lambda: endpoint.remove(source),
        lambda: endpoint.move(source, "done"),
    ):
        with pytest.raises(TryLater, match="is not asked for"):
            act()
    assert plot.asked == []


def test_kinds_and_sizes_that_cannot_be_are_refused(meet: Meet) -> None:
    """Fault 27."""
    plot = Plot(
        [
            Lie(b"good.csv"),
            Lie(b"link.csv", mode=0o120777),
            Lie(b"folder.csv", mode=0o040755, longname=b"drwx"),
            Lie(b"device.csv", mode=0o060600),
            Lie(b"huge.csv", size=1 << 63),
            Lie(b"sizeless.csv", size=None),
            Lie(b"typeless.csv", mode=0o644),
            Lie(b"link without a mode.csv", mode=None, longname=b"lrwxrwxrwx 1 a b 0 x -> y"),
            Lie(b"future.csv", mtime=(1 << 32) - 1),
            Lie(b"timeless.csv", mtime=None),
        ]
    )

    listing = meet(plot).list("orders", "*")

    assert [source.name for source in listing.files] == ["timeless.csv", "good.csv", "typeless.csv", "future.csv"]
    assert [(entry.shown, entry.why) for entry in listing.refused] == [
        ("device.csv", "it is a device, not a regular file"),
        ("huge.csv", f"the server claims that it has {1 << 63} bytes"),
        ("link without a mode.csv", "it is a symbolic link, not a regular file"),
        ("link.csv", "it is a symbolic link, not a regular file"),
        ("sizeless.csv", "the server does not tell its size"),
    ]


def test_a_listing_without_end_is_given_up(meet: Meet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_module, "REMOTE_NAMES", 2_000)

    with pytest.raises(TryLater, match="more than 2,000 names"):
        meet(Plot([Lie(b"%d.csv" % number) for number in range(100)], endless=True)).list("orders", "*")
    assert limits.REMOTE_NAMES == 1_000_000


@pytest.mark.parametrize("size", [4, 100_000])
@pytest.mark.parametrize("real", [0, 3, 200_000])
def test_a_size_that_was_a_lie_is_no_file(meet: Meet, tmp_path: Path, size: int, real: int) -> None:
    """Fault 17 and 27: less than listed is short; more is never read past the listed size."""
    plot = Plot([Lie(b"day.csv", size=size)], data=b"x" * real)
    endpoint = meet(plot)
    [source] = endpoint.list("orders", "*").files

    written = endpoint.fetch(source, tmp_path / "copy")

    assert (written is None) is (real < size)
    assert not list(tmp_path.glob("copy?*"))
    assert written is None or (tmp_path / "copy").stat().st_size == size


def test_answers_may_hold_less_than_was_asked_for(meet: Meet, tmp_path: Path) -> None:
    data = bytes(range(256)) * 400
    endpoint = meet(Plot([Lie(b"day.csv", size=len(data))], data=data, most=7_000))
    [source] = endpoint.list("orders", "*").files

    assert endpoint.fetch(source, tmp_path / "copy") is not None
    assert (tmp_path / "copy").read_bytes() == data


def test_answers_that_hold_more_than_was_asked_for_are_nonsense(meet: Meet, tmp_path: Path) -> None:
    data = b"x" * 100_000
    endpoint = meet(Plot([Lie(b"day.csv", size=len(data))], data=data, excess=b"!"))
    [source] = endpoint.list("orders", "*").files

    with pytest.raises(TryLater, match="sent more data than it was asked for"):
        endpoint.fetch(source, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))


def test_a_control_file_that_never_ends_is_not_read_to_its_end(meet: Meet) -> None:
    endpoint = meet(Plot([Lie(b"day.csv.done")], data=b"x" * 10_000_000))

    with pytest.raises(TryLater, match="longer than the 1,000 bytes"):
        endpoint.read("orders", "day.csv.done", 1_000)


# --- paths ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("", "orders", "a.csv"), "orders/a.csv"),
        (("", "", ""), "."),
        (("/", "orders", ""), "/orders"),
        (("/", ""), "/"),
        (("/srv/drop/", "/orders/", "a.csv"), "/srv/drop/orders/a.csv"),
        (("drop", "in/orders", "a"), "drop/in/orders/a"),
    ],
)
def test_paths_are_joined(parts: tuple[str, ...], path: str) -> None:
    assert join(*(part.encode() for part in parts)) == path.encode()


@pytest.mark.parametrize(("path", "folder"), [("a/b/c", "a/b"), ("/a", "/"), ("a", "."), ("/a/b", "/a")])
def test_folder_of_a_path(path: str, folder: str) -> None:
    assert folder_of(path.encode()) == folder.encode()


@given(st.binary(max_size=300))
def test_a_name_that_is_not_refused_is_one_component(raw: bytes) -> None:
    if not why_refused(raw):
        path = join(b"/srv/drop", b"orders", raw)
        assert path == b"/srv/drop/orders/" + raw
        assert b"/" not in raw
        assert b"\0" not in raw
        assert raw not in {b".", b".."}
