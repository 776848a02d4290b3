"""Keys with their types, defaults and meanings, read from the models."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from exchange.assemble.reference_keys import Key, flow_text, keys
from exchange.config import models, values


def by_path(model: type[values.Model]) -> dict[str, list[Key]]:
    """Return the keys of a model by path."""
    found: dict[str, list[Key]] = {}
    for key in keys(model):
        found.setdefault(key.path, []).append(key)
    return found


def test_keys_are_written_as_in_the_file() -> None:
    found = by_path(models.Flow)

    assert found["pick_up[].from"] == [
        Key("pick_up[].from", "text", "", "Endpoint to look at; either this or `computed` is needed.")
    ]
    assert found["pick_up[].computed"][0].meaning.startswith("In place of `from`: "), "one of them is written"
    assert found["pick_up[].mapping"][0].default == "required"
    assert found["pick_up[].settle"][0].default == "10s"
    assert found["rules.money.tolerance"][0].default == '"0.01"'
    assert found["rules.release.otherwise"][0].looks == "`hold` or `release` or `filter`"
    assert found["guards.jump.share"][0].looks == "percentage, such as `20%`"


def test_blocks_of_several_sorts_say_which_key_goes_with_which() -> None:
    csv, xml, *_ = by_path(models.Mapping)["format.type"]

    assert (csv.looks, xml.looks) == ("`csv`", "`xml`")
    assert by_path(models.Mapping)["format.template"][0].meaning.startswith("With `type: xml`: ")


def test_a_block_that_stands_at_two_places_is_shown_once() -> None:
    found = by_path(models.Mapping)

    assert "fields.<name>.steps" in found
    assert "lines.<name>.steps" not in found
    assert found["lines"][0].looks.endswith("as in `fields.<name>`")


@pytest.mark.parametrize(
    "value",
    [
        "EA",
        "",
        " a",
        "12",
        "true",
        "#",
        "a: b",
        r"^\d+'",
        r"^(\d+)",
        "a\nb",
        12,
        True,
        [1, "a"],
        {"a": ["b", "1"]},
        "no",
        "null",
    ],
)
def test_flow_text_is_yaml(value: object) -> None:
    assert YAML(typ="safe").load(f"[{flow_text(value)}]") == [value]


def test_blocks_that_are_told_apart_by_their_type_say_so() -> None:
    found = by_path(models.Workspace)
    assert [key.looks for key in found["endpoints.<name>.type"]] == ["`local`", "`sftp`"]
    assert found["endpoints.<name>.host"][0].meaning.startswith("With `type: sftp`: ")
    assert found["endpoints.<name>.timeouts.channel"][0].default == "1m"


def test_a_secret_is_shown_as_what_it_refers_to() -> None:
    found = by_path(models.Workspace)
    assert found["endpoints.<name>.key"][0].looks == "reference to a secret, or a list of them"
    assert found["endpoints.<name>.key[].credential"][0].looks == "text"
    assert found["endpoints.<name>.passphrase"][0].looks == "reference to a secret, as in `endpoints.<name>.key[]`"


def test_sizes_and_schedules() -> None:
    found = by_path(models.Flow)
    assert (found["pick_up[].max_size"][0].default, found["timezone"][0].default) == ("10GB", "UTC")
    assert found["schedule"][0].looks.startswith("five fields as in a crontab")
