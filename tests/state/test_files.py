"""Files that stay where they are, and how those that wait looked last."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.kernel.file_ledger import Look
from exchange.kernel.model import SourceFile
from exchange.state.ledger import SqlLedger
from tests.state.book import NOW, at

FILE = SourceFile("shopify", "orders", "a.csv", 10, 1_000)


def test_content_is_remembered_for_the_very_same_file(ledger: SqlLedger) -> None:
    ledger.files.note(FILE, "ab" * 32, NOW)

    assert ledger.files.sighting(FILE) == "ab" * 32
    for change in ({"size": 11}, {"mtime_ns": 1_001}, {"name": "t\udce4glich.csv"}, {"endpoint": "outlet"}):
        other = replace(FILE, **change)
        assert ledger.files.sighting(other) is None
        ledger.files.note(other, "bb" * 32, at(1))
        assert ledger.files.sighting(other) == "bb" * 32
    assert ledger.files.sighting(FILE) is None, "the name has other content by now"


def test_first_seen_is_kept_while_nothing_changes(ledger: SqlLedger) -> None:
    ledger.files.look("shopify", "orders", [FILE], NOW)
    ledger.files.look("shopify", "orders", [FILE], at(1))

    assert ledger.files.looks("shopify", "orders") == {"a.csv": Look(10, 1_000, NOW, at(1))}


def test_first_seen_begins_anew_with_size_or_time(ledger: SqlLedger) -> None:
    ledger.files.look("shopify", "orders", [FILE], NOW)
    ledger.files.look("shopify", "orders", [replace(FILE, size=11)], at(1))
    assert ledger.files.looks("shopify", "orders") == {"a.csv": Look(11, 1_000, at(1), at(1))}

    ledger.files.look("shopify", "orders", [replace(FILE, size=11, mtime_ns=2_000)], at(2))
    assert ledger.files.looks("shopify", "orders") == {"a.csv": Look(11, 2_000, at(2), at(2))}


def test_what_is_gone_is_forgotten_and_other_folders_are_not(ledger: SqlLedger) -> None:
    odd = replace(FILE, name="t\udce4glich.csv")
    ledger.files.look("shopify", "orders", [FILE, odd], NOW)
    ledger.files.look("shopify", "stock", [FILE], NOW)
    ledger.files.look("wms", "orders", [FILE], NOW)

    ledger.files.look("shopify", "orders", [odd], at(1))

    assert set(ledger.files.looks("shopify", "orders")) == {odd.name}
    ledger.files.look("shopify", "orders", [], at(2))
    assert ledger.files.looks("shopify", "orders") == {}
    assert set(ledger.files.looks("shopify", "stock")) == set(ledger.files.looks("wms", "orders")) == {"a.csv"}


LOOKS = st.lists(st.dictionaries(st.sampled_from("abc"), st.tuples(st.integers(0, 2), st.integers(0, 2))), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(LOOKS)
def test_looks_are_those_of_a_plain_dictionary(ledger: SqlLedger, folders: list[dict[str, tuple[int, int]]]) -> None:
    ledger.files.look("shopify", "orders", [], NOW)
    model: dict[str, Look] = {}
    for minute, folder in enumerate(folders):
        seen = [SourceFile("shopify", "orders", name, size, mtime) for name, (size, mtime) in folder.items()]
        ledger.files.look("shopify", "orders", seen, at(minute))
        same = {
            s.name for s in seen if s.name in model and (model[s.name].size, model[s.name].mtime_ns) == folder[s.name]
        }
        model = {
            s.name: Look(s.size, s.mtime_ns, model[s.name].first_seen if s.name in same else at(minute), at(minute))
            for s in seen
        }
        assert ledger.files.looks("shopify", "orders") == model
