"""The whole check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from exchange.config.inspection import Found, inspect
from exchange.config.models import Mapping
from exchange.kernel.errors import ConfigurationError, Mistake

Write = Callable[..., Path]


def test_a_sound_workspace_is_counted(workspace: Write) -> None:
    seen = inspect(workspace())
    assert seen.mistakes == ()
    assert (seen.flows, seen.mappings, seen.schemas, seen.templates, seen.tables) == (1, 2, 1, 0, 1)


def test_all_mistakes_of_all_files_come_at_once_in_order(workspace: Write) -> None:
    root = workspace(
        {
            "mappings/exchange.yaml": "endpoints: {shop: {path: 012}, erp: {path: x}}\n",
            "mappings/erp/orders.yaml": "writes: order\nformat: {type: csv}\nfields: {A: {from: x, form: y}}\n",
            "mappings/shop/orders.yaml": "reads: ordr\nformat: {type: csv}\nfields: {}\n",
            "mappings/tables/items.csv": "a,b\n1\n",
        }
    )
    assert [str(mistake) for mistake in inspect(root).mistakes] == [
        "mappings/erp/orders.yaml:3:23: unknown key 'form'; did you mean 'from'?",
        'mappings/exchange.yaml:1:26: 012 is a number to YAML; put quotes around it: "012"',
        "mappings/shop/orders.yaml:1:8: unknown document 'ordr'; did you mean 'order'?",
        "mappings/tables/items.csv:2:1: the line has 1 cell, the header has 2 columns; "
        "put quotes around a cell that holds a comma, or complete the line",
    ]


def test_deeper_checks_are_placed_in_the_mapping(workspace: Write) -> None:
    def deeper(_root: Path, name: str, mapping: Mapping) -> Iterator[Found | Mistake]:
        if mapping.reads is not None:
            yield ("fields", "order_number", "steps", 1, "remove_prefix"), f"{name} is wrong", "repair it"
            yield Mistake("templates/x", 7, 1, "torn", "mend it")
        else:
            raise ConfigurationError([Mistake("mappings/tables/t.csv", 0, 0, "there is no table 't'")])

    assert [str(mistake) for mistake in inspect(workspace(), [deeper]).mistakes] == [
        "mappings/shop/orders.yaml:6:61: shop/orders is wrong; repair it",
        "mappings/tables/t.csv: there is no table 't'",
        "templates/x:7:1: torn; mend it",
    ]


def test_deeper_checks_see_sound_mappings_only(workspace: Write) -> None:
    seen: list[str] = []

    def deeper(_root: Path, name: str, _mapping: Mapping) -> list[Found]:
        seen.append(name)
        return []

    inspect(workspace({"mappings/erp/orders.yaml": "writes: 5\n"}), [deeper])
    assert seen == ["shop/orders"]
