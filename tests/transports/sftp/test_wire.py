"""The protocol itself, byte by byte, with a server that is a script."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.transports.sftp.faults import Code, Lost, Refused, Stalled
from exchange.transports.sftp.wire import PACKET_BYTES, Attributes, Kind, Packet, Wire, string

HELLO = struct.pack(">I", 3) + string(b"posix-rename@openssh.com") + string(b"1")


def packet(kind: int, body: bytes) -> bytes:
    """Return a packet as it travels."""
    return struct.pack(">IB", len(body) + 1, kind) + body


def status(number: int, code: int, text: bytes = b"") -> bytes:
    """Return a status."""
    return packet(Kind.STATUS, struct.pack(">II", number, code) + string(text) + string(b"en"))


class Script:
    """A channel that answers what it was told to."""

    def __init__(self, *answers: bytes | Exception, piece: int = 1 << 20) -> None:
        self.answers = [packet(Kind.VERSION, HELLO), *answers]
        self.sent: list[bytes] = []
        self.timeouts: list[float | None] = []
        self._piece = piece
        self._rest = b""

    def sendall(self, s: bytes) -> None:
        """Keep it."""
        self.sent.append(s)

    def recv(self, nbytes: int) -> bytes:
        """Return the next piece of the script, nothing at its end."""
        if not self._rest:
            if not self.answers:
                return b""
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            self._rest = answer
        taken, self._rest = self._rest[: min(nbytes, self._piece)], self._rest[min(nbytes, self._piece) :]
        return taken

    def settimeout(self, timeout: float | None) -> None:
        """Note it."""
        self.timeouts.append(timeout)


def test_greets_and_notes_what_the_server_offers() -> None:
    script = Script()

    wire = Wire(script, 60)

    assert wire.extensions == {b"posix-rename@openssh.com": b"1"}
    assert script.sent == [packet(Kind.INIT, struct.pack(">I", 3))]


@pytest.mark.parametrize("piece", [1, 3, 1 << 20])
def test_answers_are_put_together_from_any_pieces(piece: int) -> None:
    script = Script(packet(Kind.HANDLE, struct.pack(">I", 1) + string(b"h")), piece=piece)

    assert Wire(script, 60).ask(Kind.OPENDIR, string(b"orders")).string() == b"h"


def test_answers_may_come_in_any_order() -> None:
    script = Script(*(packet(Kind.HANDLE, struct.pack(">I", number) + string(b"%d" % number)) for number in (3, 1, 2)))
    wire = Wire(script, 60)

    numbers = [wire.send(Kind.OPENDIR, string(name)) for name in (b"a", b"b", b"c")]

    assert [wire.answer(number).string() for number in numbers] == [b"1", b"2", b"3"]
    assert len(script.sent) == 2, "requests that wait for each other travel together"


def test_a_status_that_is_no_success_is_raised_with_its_words() -> None:
    wire = Wire(Script(status(1, Code.NO_SUCH_FILE, b"No such file"), status(2, Code.OK), status(3, 77, b"\xff")), 60)

    with pytest.raises(Refused, match="No such file") as raised:
        wire.ask(Kind.LSTAT, string(b"x"))
    assert raised.value.missing
    assert wire.outcome(wire.send(Kind.REMOVE, string(b"x"))) is None
    refused = wire.outcome(wire.send(Kind.REMOVE, string(b"x")))
    assert refused is not None
    assert (refused.code, refused.missing) == (77, False)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (struct.pack(">I", PACKET_BYTES + 1), "none of SFTP"),
        (struct.pack(">I", 0), "none of SFTP"),
        (b"Last login: Mon Mar", "none of SFTP"),
        (status(7, Code.OK), "nobody asked"),
        (packet(Kind.HANDLE, struct.pack(">I", 1) + struct.pack(">I", 99) + b"short"), "ends too early"),
        (packet(Kind.STATUS, b"\0"), "ends too early"),
        (b"", "closed the connection"),
        (ConnectionResetError("reset"), "connection was closed"),
        (EOFError(), "connection was closed"),
    ],
    ids=["huge", "empty", "a greeting", "unasked", "cut string", "cut number", "end", "reset", "eof"],
)
def test_nonsense_and_ends_are_a_lost_connection(answer: bytes | Exception, said: str) -> None:
    wire = Wire(Script(answer), 60)

    with pytest.raises(Lost, match=said):
        wire.ask(Kind.OPENDIR, string(b"orders")).string()


def test_the_same_answer_twice_is_nonsense() -> None:
    """Answers that nobody waits for would pile up."""
    wire = Wire(Script(status(1, Code.OK), status(1, Code.OK)), 60)
    wire.ask(Kind.REMOVE, string(b"a"))

    with pytest.raises(Lost, match="nobody asked"):
        wire.ask(Kind.REMOVE, string(b"b"))


def test_silence_is_told_apart_from_a_broken_line() -> None:
    wire = Wire(Script(TimeoutError()), 7)

    with pytest.raises(Stalled, match="has not answered for 7 s"):
        wire.ask(Kind.REMOVE, string(b"x"))


def test_a_deadline_ends_even_what_goes_on() -> None:
    script = Script(status(1, Code.OK))
    wire = Wire(script, 60)
    wire.limit(5)
    wire.ask(Kind.REMOVE, string(b"x"))
    last = script.timeouts[-1]
    assert last is not None
    assert 4 < last <= 5
    wire.limit(-1)

    with pytest.raises(Stalled, match="whole-file deadline"):
        wire.ask(Kind.REMOVE, string(b"x"))
    wire.limit(None)
    script.answers.append(status(2, Code.OK))
    wire.send(Kind.REMOVE, string(b"y"))


@pytest.mark.parametrize("version", [packet(Kind.VERSION, struct.pack(">I", 2)), packet(Kind.STATUS, b"\0" * 12)])
def test_another_protocol_is_refused(version: bytes) -> None:
    script = Script()
    script.answers = [version]

    with pytest.raises(Lost, match="version 3"):
        Wire(script, 60)


def test_large_requests_travel_in_packets_of_their_own() -> None:
    script = Script()
    wire = Wire(script, 60)
    for number in range(3):
        wire.send(Kind.WRITE, string(b"h"), string(b"%d" % number * 32_000))
    wire.flush()

    assert [len(sent) > 32_000 for sent in script.sent[1:]] == [True, True, True]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (struct.pack(">I", 0), Attributes()),
        (struct.pack(">IQ", 1, 1 << 40), Attributes(size=1 << 40)),
        (struct.pack(">IIII", 2 | 4, 1, 2, 0o100644), Attributes(mode=0o100644)),
        (struct.pack(">III", 8, 5, 6), Attributes(mtime=6)),
        (
            struct.pack(">IQIIIII", 15, 9, 1, 2, 0o100600, 5, 6),
            Attributes(9, 0o100600, 6),
        ),
        (struct.pack(">II", 0x80000000, 1) + string(b"acl@example") + string(b"x"), Attributes()),
    ],
)
def test_attributes_are_read_as_far_as_they_are_told(body: bytes, found: Attributes) -> None:
    taken = Packet(Kind.ATTRS, body)

    assert taken.attributes() == found
    assert not taken.more()


TAKES: list[Callable[[Packet], object]] = [
    Packet.u32, Packet.u64, Packet.string, Packet.attributes, lambda packet: list(packet.entries()),
]  # fmt: skip


@given(st.binary(max_size=60), st.sampled_from(TAKES))
def test_any_bytes_at_all_are_read_or_refused(body: bytes, take: Callable[[Packet], object]) -> None:
    with suppress(Lost):
        take(Packet(Kind.NAME, body))


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6))
def test_any_answers_at_all_end_in_an_answer_or_a_fault(pieces: list[bytes]) -> None:
    wire = Wire(Script(*pieces), 60)
    with contextlib.suppress(Lost, Refused):
        wire.ask(Kind.LSTAT, string(b"x")).attributes()
