"""What values in YAML files can be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from exchange.config.values import Delimiter, Duration, FileName, Names, Patterns, Percent, Size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("10s", 10), ("5m", 300), ("2h", 7200), ("1d", 86400), ("1h 30m", 5400), ("250ms", 0.25)],
)
def test_durations(text: str, seconds: float) -> None:
    assert TypeAdapter(Duration).validate_python(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["10", "soon", "10 s x", "", "-5s", "1.5h"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValidationError, match="expected a duration such as 10s"):
        TypeAdapter(Duration).validate_python(text)


def test_percentages() -> None:
    assert TypeAdapter(Percent).validate_python("20%") == 0.2
    assert TypeAdapter(Percent).validate_python("2.5 %") == 0.025
    for wrong in ("20", "120%", "-1%", 0.2):
        with pytest.raises(ValidationError, match="expected a percentage such as 20%"):
            TypeAdapter(Percent).validate_python(wrong)


def test_one_name_is_a_list_of_one() -> None:
    assert TypeAdapter(Names).validate_python("Name") == ("Name",)
    assert TypeAdapter(Names).validate_python(["a", "b"]) == ("a", "b")


def test_a_delimiter_is_one_character_or_a_few() -> None:
    assert TypeAdapter(Delimiter).validate_python("\t") == "\t"
    assert TypeAdapter(Delimiter).validate_python("||") == "||"
    for wrong in ("", '"', "\n", ";\r", "ü", "123456789"):
        with pytest.raises(ValidationError, match="expected one character"):
            TypeAdapter(Delimiter).validate_python(wrong)


def test_patterns_are_regular_expressions() -> None:
    assert TypeAdapter(Patterns).validate_python(r"\d+ records") == (r"\d+ records",)
    with pytest.raises(ValidationError, match="expected a regular expression"):
        TypeAdapter(Patterns).validate_python("(")


@pytest.mark.parametrize(
    ("text", "size"), [("500MB", 500_000_000), ("10 GB", 10**10), ("64KiB", 65536), ("1TiB", 2**40), (7, 7), ("7B", 7)]
)
def test_sizes(text: object, size: int) -> None:
    assert TypeAdapter(Size).validate_python(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1", "1.5GB", "5 EB"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValidationError, match="expected a size such as 500MB or 10GB"):
        TypeAdapter(Size).validate_python(text)


@pytest.mark.parametrize("text", ["{name}.done", "{stem}.ok", "{stem}_done.csv", "control.{name}", ""])
def test_names_of_done_files(text: str) -> None:
    assert TypeAdapter(FileName).validate_python(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "done",
        "{name}",
        "{nam}.done",
        "{name.x}.ok",
        "{0}.ok",
        "{name",
        "x/{name}",
        ".{name}.done",
        "{name}.tmp",
        "~{name}",
    ],
)
def test_what_is_no_name_of_a_done_file(text: str) -> None:
    """Hidden and temporary names are never listed: such a done file would never be seen."""
    with pytest.raises(ValidationError, match="expected a file name with"):
        TypeAdapter(FileName).validate_python(text)
