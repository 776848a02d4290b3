"""Kept files against those that came."""

from __future__ import annotations

import hashlib

from exchange.cases.golden import compare_files

AT = ("cases", 0, "expected")


def test_equal_files_differ_in_nothing() -> None:
    assert list(compare_files({"a": b"1"}, {"a": b"1"}, AT)) == []


def test_each_file_that_is_missing_too_much_or_another_is_told() -> None:
    found = list(compare_files({"a": b"1", "b": b"2"}, {"b": b"\xff", "c": b"3"}, AT))

    assert [(each.what, each.expected, each.got) for each in found] == [
        ("a", "1", None),
        ("b", "2", "\\xff"),
        ("c", None, "3"),
    ]
    assert [each.files for each in found] == [(("a", None),), (("b", b"\xff"),), (("c", b"3"),)]


def test_what_is_no_text_is_told_by_its_size_and_hash() -> None:
    [found] = compare_files({}, {"a.xlsx": b"PK\0\x85"}, AT)

    assert found.got == "4 bytes that are no text, sha256 " + hashlib.sha256(b"PK\0\x85").hexdigest()[:12]
    assert found.files == (("a.xlsx", b"PK\0\x85"),)
