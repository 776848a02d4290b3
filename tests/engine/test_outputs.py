"""Files cut by documents lose nothing, double nothing and keep the parts of a document together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.engine.outputs import Numbers, TargetFiles
from exchange.kernel.atomic import sha256_of
from exchange.kernel.chunk import Fragment
from exchange.kernel.errors import Stop
from exchange.kernel.pipeline import Target, Written
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
