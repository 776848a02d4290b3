"""Which files are archives, which pick-up takes what."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.config.models import Flow, PickUp
from exchange.engine.archives import inner_name, is_archive, pick_up_of_member, takes, then_of
from exchange.kernel.model import BY_HAND, UNPACKED, SourceFile


def pick_up(**more: Any) -> PickUp:
    """Return a pick-up of CSV files."""
    return PickUp.model_validate({"from": "shopify", "folder": "orders", "match": "*.csv", "mapping": "m", **more})


def source(name: str, endpoint: str = "shopify", folder: str = "orders") -> SourceFile:
    """Return a file as it is listed."""
    return SourceFile(endpoint, folder, name, 1, 0)


def flow(*matches: str, **more: Any) -> Flow:
    """Return a flow with a pick-up for each pattern, all of one folder."""
    pick_ups = [{"from": "shopify", "folder": "orders", "match": match, "mapping": "m", **more} for match in matches]
    deliver = [{"to": "erp", "mapping": "n", "name": "x"}]
    return Flow.model_validate({"flow": "orders", "pick_up": pick_ups, "deliver": deliver})


@pytest.mark.parametrize(
    ("name", "auto", "never"),
    [
        ("a.csv", True, True),
        ("a.csv.gz", True, False),
        ("A.CSV.GZ", True, False),
        ("a.zip", True, False),
        ("a.csv.zip", True, False),
        ("a.xml.gz", False, False),
        ("a.gz", False, False),
        (".a.zip", False, False),
        ("a.zip.part", False, False),
        ("a.csv.part.gz", False, False),
    ],
)
def test_names_that_a_pick_up_takes(name: str, *, auto: bool, never: bool) -> None:
    assert takes(pick_up(), name) is auto
    assert takes(pick_up(unpack="never"), name) is never


def test_a_pattern_may_name_archives() -> None:
    assert takes(pick_up(match="*.zip", unpack="never"), "a.zip")
    assert not is_archive(pick_up(match="*.zip", unpack="never"), source("a.zip"))


def test_archives_by_name_but_never_what_came_out_of_one() -> None:
    assert is_archive(pick_up(), source("a.csv.GZ"))
    assert is_archive(pick_up(), source("a.Zip"))
    assert not is_archive(pick_up(), source("a.csv"))
    assert not is_archive(pick_up(), source("a.zip", UNPACKED))
    assert inner_name("a.csv.gz") == "a.csv"


def test_a_member_goes_to_the_first_pick_up_of_the_folder_that_fits() -> None:
    shop = flow("*.csv", "*.xml")

    found = [pick_up_of_member(shop, source("day.zip"), 0, name) for name in ("a.csv", "b.XML", "c.txt", ".d.csv")]

    assert found == [0, 1, None, None]
    assert pick_up_of_member(shop, source("day.zip", folder="other"), 0, "a.txt") == 0, "named by hand"


def test_a_pattern_that_names_the_archive_takes_all_that_is_in_it() -> None:
    shop = flow("*.xml", "day*.zip")

    assert pick_up_of_member(shop, source("day1.zip"), 1, "a.csv") == 1
    assert pick_up_of_member(shop, source("day1.zip"), 1, "a.xml") == 0
    assert pick_up_of_member(shop, source("a.zip", BY_HAND, "tmp"), 1, "a.csv") == 1


def test_members_leave_our_own_folder() -> None:
    assert then_of(pick_up(then="keep"), source("a.csv")) == "keep"
    assert then_of(pick_up(then="keep"), source("a.csv", UNPACKED)) == "archive"
    assert then_of(pick_up(then="delete"), source("a.csv", UNPACKED)) == "delete"
