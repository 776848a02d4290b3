"""What keys mean, look like and are in an editor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import pytest

from exchange.assemble.reference_keys import keys
from exchange.config import models, values
from exchange.config.meanings import LOOKS, examples_in, looks, meanings, written
from exchange.config.rules import Release


def test_meanings_are_the_texts_below_the_fields() -> None:
    assert meanings(Release)["otherwise"] == "What becomes of a document that neither names."


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (str, "text"),
        (int | None, "whole number"),
        (Literal["a", "b"], "`a` or `b`"),
        (dict[str, str], "lines `<name>: ...`, each a text"),
        (tuple[models.PickUp, ...], "list of blocks"),
        (Any, "anything the step takes"),
    ],
)
def test_annotations_in_words(hint: Any, words: str) -> None:
    assert looks(hint) == words


def test_no_type_of_a_model_is_without_words() -> None:
    assert timedelta not in LOOKS, "durations are known by their validator"
    for model in (models.Workspace, models.Flow, models.Mapping, models.TableSchema):
        assert all(key.looks for key in keys(model))


def test_examples_are_read_out_of_the_meaning() -> None:
    assert examples_in("Name, for example `{name}.done` or `{stem}.ok`; its `row` count") == (
        "{name}.done",
        "{stem}.ok",
    )
    assert examples_in("`auto`: unpacked") == ()


@pytest.mark.parametrize(
    ("value", "hint", "text"),
    [
        (timedelta(minutes=10), values.Duration, "10m"),
        (timedelta(seconds=90), values.Duration, "90s"),
        (10_000_000_000, values.Size, "10GB"),
        (10_000, int, 10_000),
        ((), values.Names, None),
        (Release(), Release, None),
    ],
)
def test_defaults_as_they_are_written(value: object, hint: Any, text: object) -> None:
    assert written(value, hint) == text
