"""Archives, honest and hostile (fault 28): what comes out is counted, names are vetted, nothing half is left."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.engine import unpack as module
from exchange.engine.unpack import Unpacked, member_names, unpack
from exchange.kernel.atomic import write_synced

MEGABYTE = 1024 * 1024


class Sink:
    """Keeps members as files, as the engine does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.members: dict[str, bytes] = {}

    def write(self, name: str, blocks: Iterable[bytes]) -> None:
        """Store one member."""
        path = self.folder / "member"
        write_synced(path, blocks)
        self.members[name] = path.read_bytes()
        path.unlink()


def zipped(*members: tuple[str, bytes], change: Callable[[zipfile.ZipInfo], None] | None = None) -> bytes:
    """Return a .zip of these members; `change` may spoil their entries."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if change is not None:
                change(entry)
            archive.writestr(entry, data)
    return made.getvalue()


def unpacked(folder: Path, data: bytes, name: str = "day.zip") -> tuple[Unpacked, dict[str, bytes]]:
    """Unpack these bytes; every CSV file is wanted."""
    archive = folder / "archive"
    archive.write_bytes(data)
    sink = Sink(folder)
    return unpack(archive, name, lambda member: member.endswith(".csv"), sink.write), sink.members


def code(made: Unpacked) -> str:
    """Return why an archive was refused."""
    assert made.problem is not None
    assert made.problem.message
    assert made.problem.remedy
    return made.problem.code


# --- honest ---------------------------------------------------------------------------------------------------------
def test_every_wanted_member_comes_out_and_every_other_is_named(tmp_path: Path) -> None:
    made, members = unpacked(
        tmp_path,
        zipped(("a.csv", b"1"), ("2026/", b""), ("2026/b.csv", b"22"), ("readme.txt", b"x"), ("__MACOSX/._a.txt", b"")),
    )

    assert members == {"a.csv": b"1", "b.csv": b"22"}
    assert (made.taken, made.skipped, made.problem) == (["a.csv", "b.csv"], ["readme.txt", "._a.txt"], None)


def test_gzip_with_several_parts(tmp_path: Path) -> None:
    made, members = unpacked(tmp_path, gzip.compress(b"one,") + gzip.compress(b"two"), "day.csv.gz")

    assert (made.taken, members) == (["day.csv"], {"day.csv": b"one,two"})


def test_small_files_may_be_all_repetition(tmp_path: Path) -> None:
    made, members = unpacked(tmp_path, gzip.compress(b"a" * MEGABYTE), "day.csv.gz")

    assert made.problem is None
    assert len(members["day.csv"]) == MEGABYTE


@settings(deadline=None, max_examples=30)
@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}\.csv", fullmatch=True), st.binary(max_size=2000), min_size=1, max_size=4)
)
def test_what_was_packed_comes_out(tmp_path_factory: pytest.TempPathFactory, members: dict[str, bytes]) -> None:
    made, found = unpacked(tmp_path_factory.mktemp("zip"), zipped(*members.items()))

    assert made.problem is None
    assert found == members


# --- hostile --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "/etc/a.csv",
        "x/../../a.csv",
        "..\\a.csv",
        "\\\\host\\a.csv",
        "C:\\a.csv",
        "C:/a.csv",
        "a\n.csv",
        "a\x1b[2J.csv",
        f"{'a' * 252}.csv",
    ],
)
def test_names_that_lead_elsewhere_refuse_the_archive(tmp_path: Path, name: str) -> None:
    """Fault 28, zip slip."""
    made, members = unpacked(tmp_path, zipped(("good.csv", b"1"), (name, b"2")))

    assert code(made) == "ARCHIVE_UNSAFE_NAME"
    assert made.problem is not None
    assert made.problem.message.isprintable()
    assert members == {}


def test_a_name_with_a_zero_byte(tmp_path: Path) -> None:
    data = zipped(("aXb.csv", b"1")).replace(b"aXb.csv", b"a\0b.csv")

    assert code(unpacked(tmp_path, data)[0]) == "ARCHIVE_UNSAFE_NAME"


def test_a_link_in_an_archive(tmp_path: Path) -> None:
    def link(entry: zipfile.ZipInfo) -> None:
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16

    assert code(unpacked(tmp_path, zipped(("a.csv", b"/etc/passwd"), change=link))[0]) == "ARCHIVE_UNSAFE_NAME"


@pytest.mark.parametrize("name", ["more.zip", "x/more.csv.GZ", "a.tar"])
def test_an_archive_in_an_archive(tmp_path: Path, name: str) -> None:
    assert code(unpacked(tmp_path, zipped(("a.csv", b"1"), (name, b"2")))[0]) == "ARCHIVE_NESTED"
    assert code(unpacked(tmp_path, gzip.compress(b"x"), "a.tar.gz")[0]) == "ARCHIVE_NESTED"


def test_an_encrypted_member(tmp_path: Path) -> None:
    data = bytearray(zipped(("a.csv", b"1")))
    data[6] |= 1  # local header
    data[data.rindex(b"PK\x01\x02") + 8] |= 1  # list of members

    assert code(unpacked(tmp_path, bytes(data))[0]) == "ARCHIVE_ENCRYPTED"


def test_a_bomb_is_counted_as_it_comes_out(tmp_path: Path) -> None:
    """Fault 28, 1028:1: what the header says of the size is not asked."""
    bomb = zipped(("a.csv", b"\0" * 20 * MEGABYTE))
    at = bomb.rindex(b"PK\x01\x02") + 24
    liar = bomb[:at] + struct.pack("<I", 5) + bomb[at + 4 :]

    assert code(unpacked(tmp_path, bomb)[0]) == "ARCHIVE_TOO_DENSE"
    assert code(unpacked(tmp_path, gzip.compress(b"\0" * 20 * MEGABYTE), "a.csv.gz")[0]) == "ARCHIVE_TOO_DENSE"
    # The standard library stops at the size in the header, and then finds the checksum wrong.
    assert code(unpacked(tmp_path, liar)[0]) in {"ARCHIVE_TOO_DENSE", "ARCHIVE_UNREADABLE"}
    assert [path.name for path in tmp_path.iterdir()] == ["archive"], "nothing half is left"


def test_the_ratio_counts_over_all_members(tmp_path: Path) -> None:
    many = zipped(*((f"{number}.csv", b"\0" * 900_000) for number in range(20)))

    assert code(unpacked(tmp_path, many)[0]) == "ARCHIVE_TOO_DENSE"


def test_more_bytes_than_a_disk_should_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ARCHIVE_BYTES", 1000)

    assert code(unpacked(tmp_path, zipped(("a.csv", b"1" * 600), ("b.csv", b"2" * 600)))[0]) == "ARCHIVE_TOO_LARGE"


def test_more_members_than_an_export_has(tmp_path: Path) -> None:
    members = [(f"{number}.csv", b"") for number in range(1001)]

    assert code(unpacked(tmp_path, zipped(*members))[0]) == "ARCHIVE_TOO_MANY"
    assert unpacked(tmp_path, zipped(*members[:1000]))[0].problem is None
    assert member_names(tmp_path / "archive")[:2] == ["0.csv", "1.csv"]


def test_a_long_list_of_members_is_refused_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = bytearray(zipped(("a.csv", b"1")))
    data[-22 + 12 : -22 + 16] = struct.pack("<I", 50_000_000)
    monkeypatch.setattr(zipfile, "ZipFile", pytest.fail)

    assert code(unpacked(tmp_path, bytes(data))[0]) == "ARCHIVE_TOO_MANY"
    assert member_names(tmp_path / "archive") == []


def test_a_long_list_in_the_64_bit_record(tmp_path: Path) -> None:
    plain = zipped(("a.csv", b"1"))
    end_64 = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, 50_000_000, 0)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, len(plain) - 22, 1)

    assert code(unpacked(tmp_path, plain[:-22] + end_64 + locator + plain[-22:])[0]) == "ARCHIVE_TOO_MANY"


def test_what_is_no_archive_or_only_half_of_one(tmp_path: Path) -> None:
    whole = zipped(("a.csv", b"some text that is long enough" * 20))
    spoiled = bytearray(whole)
    spoiled[60] ^= 0xFF
    for data, name in (
        (b"", "a.zip"),
        (b"no archive", "a.zip"),
        (whole[:-30], "a.zip"),
        (bytes(spoiled), "a.zip"),
        (b"", "a.csv.gz"),
        (b"no archive", "a.csv.gz"),
        (gzip.compress(b"x" * 1000)[:-5], "a.csv.gz"),
        (gzip.compress(b"x") + b"rubbish", "a.csv.gz"),
    ):
        made, members = unpacked(tmp_path, data, name)
        if name == "a.csv.gz" and not data:
            assert members == {"a.csv": b""}, "no bytes are an empty gzip to the standard library"
            continue
        assert code(made) == "ARCHIVE_UNREADABLE", (name, data[:20])


def test_another_compression(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", b"1" * 100)

    assert code(unpacked(tmp_path, made.getvalue())[0]) == "ARCHIVE_UNREADABLE"


def test_nothing_that_anybody_wants(tmp_path: Path) -> None:
    assert code(unpacked(tmp_path, zipped(("readme.txt", b"1")))[0]) == "ARCHIVE_EMPTY"
    assert code(unpacked(tmp_path, zipped())[0]) == "ARCHIVE_EMPTY"


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_changed_byte_is_a_reason_or_no_matter(tmp_path_factory: pytest.TempPathFactory, at: int, by: int) -> None:
    """Whatever is wrong with an archive is a problem with words, never a bug."""
    data = bytearray(zipped(("a.csv", b"one two three" * 9), ("b.csv", b"four")))
    data[at % len(data)] ^= by

    made, members = unpacked(tmp_path_factory.mktemp("zip"), bytes(data))

    assert made.problem is not None or set(members) <= {"a.csv", "b.csv"} or made.taken
