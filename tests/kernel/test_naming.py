"""Names are functions of the claim, safe wherever a partner's name came from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.kernel import naming
from exchange.kernel.naming import (
    CLAIM_LENGTH,
    artifact_name,
    claim_id,
    final_names,
    in_the_way,
    is_wanted,
    matching,
    reject_id,
    safe_name,
    shown_name,
    temporary_name,
    why_refused,
)

AS_OF = datetime(2026, 3, 4, 23, 59, tzinfo=UTC)


def test_claims_differ_by_flow_content_and_attempt() -> None:
    ids = {claim_id(flow, sha, attempt) for flow in ("a", "b") for sha in ("1", "2") for attempt in (1, 2)}

    assert len(ids) == 8
    assert {len(made) for made in ids} == {CLAIM_LENGTH}
    assert claim_id("orders", "ab", 1) == "5d23cff67dd3", "kept in ledgers and file names: it must never change"


def test_names_that_follow_from_a_claim() -> None:
    assert reject_id("c", 7) == "c-0007"
    assert temporary_name("O.xml", "c") == ".O.xml.c"
    name = artifact_name("{flow}_{date}_{claim}_{part:03}.xml", claim="c", part=2, as_of=AS_OF, flow="orders")
    assert name == "orders_20260304_c_002.xml"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("day.csv", "day.csv"),
        ("../../etc/passwd", "_.._etc_passwd"),
        (".hidden", "hidden"),
        ("a\nb\x1b[31m.csv", "a_b_[31m.csv"),
        ("Bestellungen März (2).csv", "Bestellungen März (2).csv"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_partners_name_stays_recognisable_and_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_safe_names_are_safe(name: str) -> None:
    made = safe_name(name)

    assert made
    assert "/" not in made
    assert not made.startswith(".")
    assert len(made.encode()) <= 150
    assert made.isprintable()


def test_matching_is_blind_to_case_and_to_unfinished_files() -> None:
    names = ["A.CSV", "b.csv", "c.txt", ".d.csv", "~e.csv", "f.csv.part", "g.csv.TMP", "h.csv.filepart"]

    assert matching(names, "*.csv") == ["A.CSV", "b.csv"]
    assert [name for name in names if is_wanted(name)] == ["A.CSV", "b.csv", "c.txt"]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"day.csv", ""),
        ("März 🚚.csv".encode(), ""),
        (b"caf\xe9.csv", ""),
        (b"...", ""),
        (b"a" * 255, ""),
        (b"a" * 256, "longer than 255 bytes"),
        (b"", "a path"),
        (b".", "a path"),
        (b"..", "a path"),
        (b"../x", "a path"),
        (b"a\\b", "a path"),
        (b"a\0b", "control characters"),
        (b"a\x7f", "control characters"),
        ("a\u0085b".encode(), "control characters"),
    ],
)
def test_only_single_components_without_control_characters_are_joined_to_remote_paths(raw: bytes, why: str) -> None:
    assert why_refused(raw).endswith(why)
    assert bool(why_refused(raw)) is bool(why)


@given(st.binary(max_size=40))
def test_any_name_can_be_shown(raw: bytes) -> None:
    assert shown_name(raw).isprintable()


def test_names_that_make_room() -> None:
    assert in_the_way("day.csv", "20260102T030405", 1) == "day.20260102T030405.csv"
    assert in_the_way("day.csv", "20260102T030405", 2) == "day.20260102T030405-2.csv"
    assert in_the_way("README", "20260102T030405", 1) == "README.20260102T030405"
    assert final_names("O_1.xml", "0a1b", "unique") == ("O_1.xml", "O_1.0a1b.xml")
    assert final_names("O_1.xml", "0a1b", "fail") == final_names("O_1.xml", "0a1b", "replace") == ("O_1.xml",)


def test_files_of_one_name_are_told_apart_before_the_suffix() -> None:
    assert [naming.told_apart("A_1.xml", number) for number in (1, 2, 3)] == ["A_1.xml", "A_1-2.xml", "A_1-3.xml"]
    assert naming.told_apart("plain", 2) == "plain-2"


def test_placeholders_of_a_pattern_and_of_fields() -> None:
    assert naming.placeholders("{claim}_{part:03}.xml") == ["claim", "part"]
    assert naming.placeholder("ship_to.country") == "ship_to_country"
