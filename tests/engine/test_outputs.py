"""Files cut by documents lose nothing, double nothing and keep the parts of a document together."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.engine.clash import Clash
from exchange.engine.outputs import MOST_OPEN, Numbers, TargetFiles
from exchange.kernel.atomic import sha256_of
from exchange.kernel.chunk import Fragment
from exchange.kernel.errors import ConfigurationError, Stop
from exchange.kernel.pipeline import FileFacts, Finished, Target, Unfit, Written
from tests.engine.desk import claim_of

CLAIM = claim_of()


def target(per_file: int | None, pattern: str = "O_{claim}_{part:03}.txt") -> Target:
    """Return a target that only joins bytes."""

    def nothing(*_: Any) -> Any:
        pytest.fail("joining renders nothing")

    written = Written(b"<", b">", nothing)
    return Target("wms", "wms", "orders", pattern, per_file, False, False, (), (), nothing, nothing, written)


def fragment(documents: list[list[bytes]], first: int = 0) -> Fragment:
    """Return a fragment of documents, each of some parts."""
    parts = [part for document in documents for part in document]
    owners = [first + place for place, document in enumerate(documents) for _ in document]
    return Fragment(
        b"".join(parts),
        np.cumsum([len(part) for part in parts], dtype=np.int64),
        np.ones(len(parts), np.int64),
        np.array(owners, np.int64),
    )


PARTS = st.lists(st.lists(st.binary(min_size=1, max_size=3), min_size=1, max_size=3), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(PARTS, max_size=4), st.none() | st.integers(1, 4))
def test_cut_files_hold_every_document_once_and_whole(
    tmp_path: Path, spans: list[list[list[bytes]]], per_file: int | None
) -> None:
    numbers = Numbers()
    with TargetFiles(target(per_file), CLAIM, tmp_path, numbers) as files:
        told = [files.add(fragment(span)).tolist() for span in spans]

    flat = [document for span in spans for document in span]
    size = per_file or max(len(flat), 1)
    expected = [flat[start : start + size] for start in range(0, len(flat), size)]
    artifacts = files.artifacts
    assert [(tmp_path / made.work_path).read_bytes() for made in artifacts] == [
        b"<" + b"".join(part for document in chosen for part in document) + b">" for chosen in expected
    ]
    assert [made.records for made in artifacts] == [sum(map(len, chosen)) for chosen in expected]
    assert [made.name for made in artifacts] == [f"O_{CLAIM.id}_{part + 1:03}.txt" for part in range(len(expected))]
    by_part = [place // size + 1 for place, document in enumerate(flat) for _ in document]
    assert [number for numbers_ in told for number in numbers_] == by_part
    for made in artifacts:
        written = sha256_of(tmp_path / made.work_path)
        assert (written.size, written.sha256) == (made.size, made.sha256)
        assert made.temporary == f".{made.name}.{CLAIM.id}"


def marked(values: list[str]) -> Fragment:
    """Return a fragment of one document for each value, whose bytes are that value."""
    plain = fragment([[f"{value};".encode()] for value in values])
    return replace(plain, marks={"warehouse": values})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.lists(st.sampled_from("abc"), max_size=6), max_size=4), st.none() | st.integers(1, 3))
def test_each_value_has_its_own_files(tmp_path: Path, spans: list[list[str]], per_file: int | None) -> None:
    parted = replace(target(per_file, "{warehouse}_{part}.txt"), file_per=("warehouse",), marks={"warehouse": "w"})
    with TargetFiles(parted, CLAIM, tmp_path, Numbers()) as files:
        told = [files.add(marked(span)).tolist() for span in spans]

    flat = [value for span in spans for value in span]
    assert len({made.name for made in files.artifacts}) == len(files.artifacts)
    assert [made.number for made in files.artifacts] == list(range(1, len(files.artifacts) + 1))
    held = {made.number: (tmp_path / made.work_path).read_bytes().decode() for made in files.artifacts}
    for value in set(flat):
        own = [held[made.number] for made in files.artifacts if made.name.startswith(value)]
        size = per_file or len(flat)
        whole, rest = divmod(flat.count(value), size)
        assert own == [f"<{f'{value};' * n}>" for n in (*[size] * whole, *([rest] if rest else []))]
    for value, number in zip(flat, (number for numbers in told for number in numbers), strict=True):
        assert value in held[number]


def test_names_by_value_are_safe_and_told_apart(tmp_path: Path) -> None:
    values = ["a/b", "A_B", "", ".hidden", "x" * 200, "x" * 201, "n.tmp"]
    parted = replace(target(None, "{warehouse}"), file_per=("warehouse",), marks={"warehouse": "w"})
    with TargetFiles(parted, CLAIM, tmp_path, Numbers()) as files:
        files.add(marked(values))

    long = "x" * 60
    assert [made.name for made in files.artifacts] == [
        "a_b",
        "A_B-2",
        "none",
        "hidden",
        long,
        f"{long}-2",
        "_n.tmp_",
    ]


def test_too_many_files_side_by_side_leave_none_behind(tmp_path: Path) -> None:
    parted = replace(target(None, "{warehouse}"), file_per=("warehouse",), marks={"warehouse": "w"})

    def write() -> None:
        with TargetFiles(parted, CLAIM, tmp_path, Numbers()) as files:
            files.add(marked([str(number) for number in range(MOST_OPEN + 1)]))

    with pytest.raises(ConfigurationError, match="more than 100 files"):
        write()
    assert list(tmp_path.iterdir()) == []


def test_what_stands_around_the_records_is_made_last(tmp_path: Path) -> None:
    told: list[FileFacts] = []

    def around(facts: FileFacts) -> tuple[bytes, bytes]:
        told.append(facts)
        return b"[%d:" % facts.documents, b"]"

    each = replace(target(2), written=replace(target(2).written, around=around))
    pieces = replace(
        fragment([[b"a"], [b"b", b"c"], [b"d"]]),
        lines=np.array([1, 2, 3, 4]),
        totals={"Q": [Decimal(1), Decimal("2.50"), Decimal(3), Decimal(4)]},
    )
    with TargetFiles(each, CLAIM, tmp_path, Numbers()) as files:
        files.add(pieces)

    one, two = files.artifacts
    assert (tmp_path / one.work_path).read_bytes() == b"[3:abc]"
    assert (tmp_path / two.work_path).read_bytes() == b"[1:d]"
    assert sha256_of(tmp_path / one.work_path).sha256 == one.sha256
    date = CLAIM.as_of.strftime("%Y-%m-%d")
    assert told == [
        FileFacts(one.name, CLAIM.id, 1, date, 3, 6, {"Q": Decimal("6.50")}),
        FileFacts(two.name, CLAIM.id, 2, date, 1, 4, {"Q": Decimal(4)}),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["00001.artifact", "00002.artifact"]


def test_a_finished_file_that_is_not_right_delivers_nothing(tmp_path: Path) -> None:
    seen: list[tuple[bytes, Finished]] = []

    def check(path: Path, finished: Finished) -> tuple[Unfit, ...]:
        seen.append((path.read_bytes(), finished))
        return (Unfit("one is missing"),)

    each = replace(target(None), written=replace(target(None).written, check=check))

    def write() -> None:
        with TargetFiles(each, CLAIM, tmp_path, Numbers()) as files:
            files.add(fragment([[b"ab"], [b"c"]]))
            files.add(fragment([[b"d"]]))

    with pytest.raises(Stop, match=r"one is missing; nothing was delivered.*00001\.artifact"):
        write()
    assert seen == [(b"<abcd>", Finished(3, b"<", b"ab", b">"))]


def test_a_file_that_its_schema_cannot_allow_is_a_matter_of_the_configuration(tmp_path: Path) -> None:
    def check(path: Path, finished: Finished) -> tuple[Unfit, ...]:
        return (Unfit(f"{path.name}: element {finished.documents} is not expected", by_design=True),)

    each = replace(target(None), written=replace(target(None).written, check=check))

    def write() -> None:
        with TargetFiles(each, CLAIM, tmp_path, Numbers()) as files:
            files.add(fragment([[b"ab"], [b"c"]]))

    with pytest.raises(ConfigurationError, match=r"2 is not expected.*documents_per_file"):
        write()


def test_documents_that_cannot_stand_together_are_told_and_their_file_is_none(tmp_path: Path) -> None:
    def check(path: Path, finished: Finished) -> tuple[Unfit, ...]:
        return (Unfit("twice", (0, 2)),) if finished.documents == 3 and path.exists() else ()

    each = replace(target(3), written=replace(target(3).written, check=check))
    with TargetFiles(each, CLAIM, tmp_path, Numbers()) as files:
        files.add(fragment([[b"ab"], [b"c"]]))
        files.add(fragment([[b"d"], [b"e"]]))

    assert files.clashes == [Clash(each.name, "twice", ((0, 0), (1, 0)))]
    assert [made.number for made in files.artifacts] == [2]


def test_numbers_go_on_over_targets(tmp_path: Path) -> None:
    numbers = Numbers()
    with (
        TargetFiles(target(1), CLAIM, tmp_path, numbers) as first,
        TargetFiles(target(None), CLAIM, tmp_path, numbers) as second,
    ):
        assert first.add(fragment([[b"a"], [b"b"]])).tolist() == [1, 2]
        assert second.add(fragment([[b"a"], [b"b"]])).tolist() == [3, 3]

    assert [made.number for made in (*first.artifacts, *second.artifacts)] == [1, 2, 3]


def test_nothing_to_deliver_makes_no_file(tmp_path: Path) -> None:
    with TargetFiles(target(None), CLAIM, tmp_path, Numbers()) as files:
        assert files.add(fragment([])).tolist() == []

    assert files.artifacts == []
    assert list(tmp_path.iterdir()) == []


def test_two_files_of_one_name_are_an_integrity_fault(tmp_path: Path) -> None:
    files = TargetFiles(target(1, "same.txt"), CLAIM, tmp_path, Numbers())

    with pytest.raises(Stop, match=r"use \{part\} in `name:`"), files:
        files.add(fragment([[b"a"], [b"b"]]))


def test_a_fault_leaves_no_half_file(tmp_path: Path) -> None:
    def interrupted() -> None:
        with TargetFiles(target(None), CLAIM, tmp_path, Numbers()) as files:
            files.add(fragment([[b"a"]]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert list(tmp_path.iterdir()) == []


def test_leftover_of_a_run_before_is_written_again(tmp_path: Path) -> None:
    (tmp_path / "00001.artifact").write_bytes(b"old")

    with TargetFiles(replace(target(None)), CLAIM, tmp_path, Numbers()) as files:
        files.add(fragment([[b"new"]]))

    assert (tmp_path / "00001.artifact").read_bytes() == b"<new>"


def test_done_files_follow_all_outputs_and_hold_their_sha256(tmp_path: Path) -> None:
    each = replace(target(1), done_file="{stem}.done", exists="replace", answers="acks/{name}.ack")
    numbers = Numbers()

    with TargetFiles(each, CLAIM, tmp_path, numbers) as files:
        files.add(fragment([[b"one"], [b"two"]]))
    one, two, *done = files.artifacts

    assert [(made.number, made.kind, made.name) for made in done] == [
        (3, "done", f"O_{CLAIM.id}_001.done"),
        (4, "done", f"O_{CLAIM.id}_002.done"),
    ]
    assert [(tmp_path / made.work_path).read_text() for made in done] == [
        f"{made.sha256}  {made.name}\n" for made in (one, two)
    ]
    assert [sha256_of(tmp_path / made.work_path).sha256 for made in done] == [made.sha256 for made in done]
    assert {made.exists for made in files.artifacts} == {"replace"}
    assert [made.answers for made in files.artifacts] == ["acks/{name}.ack"] * 2 + ["", ""]
    assert [made.temporary for made in done] == [f".{made.name}.{CLAIM.id}" for made in done]


def test_without_an_output_there_is_no_done_file(tmp_path: Path) -> None:
    with TargetFiles(replace(target(1), done_file="{name}.done"), CLAIM, tmp_path, Numbers()) as files:
        files.add(fragment([]))

    assert files.artifacts == []
