"""Every file of a workspace fits its schema, and each schema knows what its file can name."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from exchange.assemble.schemas import schemas_of
from exchange.config.modelines import editable, schema_for
from exchange.config.scaffold import write_starter
from exchange.config.yamltext import parse


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter workspace that nobody changes."""
    root = tmp_path_factory.mktemp("starter") / "ws"
    write_starter(root)
    return root


@pytest.fixture(scope="module")
def made(starter: Path) -> dict[str, Any]:
    """Its schemas."""
    return {path: json.loads(text) for path, text in schemas_of(starter).items()}


def plain(value: object) -> object:
    """Return what was read of a YAML file as JSON has it."""
    match value:
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case list():
            return [plain(inner) for inner in value]
        case Decimal():
            return float(value)
        case _:
            return value


def mistakes(schema: dict[str, Any], data: object) -> list[str]:
    """Return where data does not fit."""
    return [error.json_path for error in Draft202012Validator(schema).iter_errors(data)]


def test_all_files_of_the_starter_fit(starter: Path, made: dict[str, Any]) -> None:
    files = editable(starter)
    assert len(files) >= 6
    for file in files:
        data = plain(parse((starter / file).read_bytes()).data)
        for schema in {schema_for(file, made), schema_for(file, ())}:
            assert mistakes(made[schema], data) == [], f"{file} by {schema}"


def test_schemas_are_schemas_and_stay_in_the_subset_that_editors_know(made: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(made["mappings/.schemas/mapping.json"])
    for schema in made.values():
        text = json.dumps(schema)
        assert not any(f'"{word}"' in text for word in ("prefixItems", "unevaluatedProperties", "dependentSchemas"))


def test_each_mapping_knows_the_columns_of_its_own_file(starter: Path, made: dict[str, Any]) -> None:
    own = made["mappings/.schemas/mappings/shopify/orders.json"]
    data: Any = plain(parse((starter / "mappings/shopify/orders.yaml").read_bytes()).data)
    data["fields"]["notes"] = {"from": "Lineitem skuu"}
    assert mistakes(own, data) == ["$.fields.notes.from"]
    assert mistakes(made["mappings/.schemas/mapping.json"], data) == [], "the schema of any mapping knows none"


def test_fields_are_those_of_the_document_at_their_level(made: dict[str, Any]) -> None:
    schema = made["mappings/.schemas/mapping.json"]
    way: dict[str, Any] = {"reads": "order", "format": {"type": "csv"}, "fields": {}}
    assert mistakes(schema, way) == []
    assert mistakes(schema, {**way, "fields": {"sku": {"from": "a"}}}) == ["$.fields"]
    assert mistakes(schema, {**way, "lines": {"sku": {"from": "a"}}}) == []
    assert mistakes(schema, {**way, "fields": {"ship_to": {"address": {"line1": "a", "city": ["a", "b"]}}}}) == []
    assert mistakes(schema, {**way, "fields": {"ship_to": {"address": {"lien1": "a"}}}}) == ["$.fields.ship_to.address"]
    out: dict[str, Any] = {"writes": "stock", "format": {"type": "csv"}}
    assert mistakes(schema, {**out, "fields": {"A": {"from": "order_number"}}}) == ["$.fields.A.from"]


def test_a_mapping_that_extends_another_may_be_short(tmp_path: Path) -> None:
    write_starter(tmp_path / "ws")
    file = tmp_path / "ws/mappings/shopify/eu.yaml"
    file.write_text("extends: shopify/orders\nfields:\n  notes: null\n  tags: {from: Notes}\n", encoding="utf-8")
    made = {path: json.loads(text) for path, text in schemas_of(tmp_path / "ws").items()}
    own = made["mappings/.schemas/mappings/shopify/eu.json"]
    assert mistakes(own, {"extends": "shopify/orders", "fields": {"notes": None, "tags": {"from": "Notes"}}}) == []
    assert mistakes(own, {"extends": "shopify/orders", "fields": {"tags": {"from": "Nots"}}}) != []
    assert mistakes(made["mappings/.schemas/mapping.json"], {"extends": "shopify/orders", "fields": {}}) == []


def test_the_same_files_give_the_same_schemas(starter: Path) -> None:
    assert schemas_of(starter) == schemas_of(starter)
