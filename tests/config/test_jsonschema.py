"""What the loader takes, the schema takes; and both are closed."""

from __future__ import annotations

import json
import types
import typing
from functools import cache
from typing import Any, Literal, Union

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from exchange.assemble.schema_steps import Named, step_schema
from exchange.config import cases, endpoints, formats, models, values
from exchange.config.jsonschema import Shapes
from exchange.config.loader import load_bytes
from exchange.mapping.steps import STEPS

MODELS = (models.Workspace, models.Flow, models.Mapping, models.TableSchema, cases.Cases, cases.FlowCases)
RIGHT: dict[Any, tuple[object, ...]] = {
    str: ("a", "", "orders", "utf-8", "/a/b"),
    int: (1, 500, "500", " 7", 0, "5_00", "500.0"),
    bool: (True, False, "yes", "true", 1, "off"),
    values.Duration: ("10s", "1h 30m", " 5 m", "250ms"),
    values.Percent: ("20%", "2.5 %"),
    values.Size: ("500MB", "10gib", 7, "64 KiB", "12"),
    values.Schedule: ("*/5 * * * *", "@hourly", "", "0 6 * * mon-fri"),
    values.Zone: ("UTC", "Europe/Berlin"),
    values.Delimiter: (",", "||", "\t"),
    values.Encoding: ("utf-8", "cp1252"),
    values.FileName: ("{name}.done", "{stem}.ok"),
    values.Pattern: ("^a",),
    endpoints.Fingerprints: ("SHA256:" + "a" * 43, ["SHA256:" + "b" * 43]),
    endpoints.SecretReference: ({"env": "A"}, {"file": "a/b"}, {"keyring": "a/b"}),
    endpoints.Secrets: ({"env": "A"}, [{"env": "A"}, {"credential": "b"}]),
    models.StepCall: ("strip", {"lookup": {"table": "t", "key": "a", "value": "b"}}, {"to_timezone": "UTC"}),
    cases.Moment: ("2026-03-05T09:00:00Z",),
    cases.Text: ("a", 12, True),
    cases.Given: ({"rows": [{"a": 1}]}, {"file": "a/b.csv"}, {"documents": [{"fields": {"a": "b"}}], "channel": "c"}),
    cases.InsidePath: ("a/b",),
    cases.InsidePaths: ("a/b", ["a", "c/*.csv"]),
    cases.Matcher: ({"any": True}, {"regex": "^a"}),
    formats.FixedRecord: ({"name": "a", "fields": [{"name": "b", "length": "3"}]},),
    models.Answer: ({"folder": "a"}, {"folder": "a", "match": "{name}.ok"}),
}
"""Values as people write them, quotes around numbers or not."""
WRONG: tuple[object, ...] = ("a", "12", "yes", 12, True, None, [], ["a"], {}, {"a": "b"}, "10s", 0.5)


@cache
def strategy(hint: Any) -> st.SearchStrategy[object]:
    """Return values of an annotation, most of them right."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    made: st.SearchStrategy[Any] = st.sampled_from(WRONG)
    if hint in RIGHT:
        made = st.sampled_from(RIGHT[hint])
    elif origin is typing.Annotated:
        made = strategy(inner[0])
    elif origin is Literal:
        made = st.sampled_from(inner)
    elif origin in {Union, types.UnionType}:
        made = st.one_of(*(st.none() if kind is type(None) else strategy(kind) for kind in inner))
    elif origin is tuple:
        one = st.deferred(lambda: strategy(inner[0]))
        made = st.lists(one, min_size=inner[0] is not str, max_size=2)
        made = st.one_of(made, one) if inner[0] is str else made
    elif origin is dict:
        names = strategy(inner[0]) if typing.get_origin(inner[0]) is Literal else st.sampled_from(("a", "b"))
        made = st.dictionaries(names, st.deferred(lambda: strategy(inner[1])), min_size=1, max_size=2)
    elif isinstance(hint, type) and issubclass(hint, values.Model):
        made = block(hint)
    return made


@st.composite
def block(draw: st.DrawFn, model: type[values.Model]) -> dict[str, object]:
    """Return blocks of a model: what is required, and a few of the rest."""
    hints = typing.get_type_hints(model, include_extras=True)
    needed: list[str] = []
    rest: list[str] = []
    for name, info in model.model_fields.items():
        always = info.is_required() or (name == "type" and model is not endpoints.LocalEndpoint)
        always = always or name in {"reads", "from_", "deliver"}
        (needed if always else rest).append(name)
    rest = [name for name in rest if name != "writes"]
    few = draw(st.lists(st.sampled_from(rest), max_size=2, unique=True)) if rest else []
    return {model.model_fields[name].alias or name: draw(strategy(hints[name])) for name in (*needed, *few)}


@st.composite
def files(draw: st.DrawFn, model: type[values.Model]) -> dict[str, Any]:
    """Return a file of a model of which up to one value is exchanged for anything."""
    made = draw(block(model))
    if draw(st.booleans()):
        return made
    here: Any = made
    while isinstance(here, dict | list) and here:
        key = draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        if not isinstance(here[key], dict | list) or draw(st.integers(0, 2)) == 0:
            here[key] = draw(st.sampled_from(WRONG))
            break
        here = here[key]
    return made


def text_of(data: dict[str, Any]) -> bytes:
    """Return a file as YAML: JSON, but that nothing stands where nothing is meant."""
    return json.dumps(data).replace("null", "").encode()


@cache
def validator(model: type[values.Model]) -> Draft202012Validator:
    """Return the schema of a model without the names of any workspace."""
    schema = Shapes({}, step_schema(STEPS.values(), Named()), {}).whole(model)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_the_loader_takes_the_schema_takes(model: type[values.Model]) -> None:
    taken = 0

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(files(model))
    def holds(data: dict[str, Any]) -> None:
        nonlocal taken
        if load_bytes(text_of(data), "a.yaml", model).mistakes:
            return
        taken += 1
        found = [f"{error.json_path}: {error.message[:200]}" for error in validator(model).iter_errors(data)]
        assert found == [], json.dumps(data)

    holds()
    assert taken > 3, "the values are hardly ever right: nothing is tested"


def required(model: type[values.Model]) -> list[str]:
    """Return the keys that a file must have."""
    return [info.alias or name for name, info in model.model_fields.items() if info.is_required()]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_unknown_key_and_a_missing_one_are_refused_by_both(model: type[values.Model]) -> None:
    refused = 0

    @settings(max_examples=12, deadline=None, derandomize=True)
    @given(block(model))
    def holds(data: dict[str, Any]) -> None:
        nonlocal refused
        if load_bytes(text_of(data), "a.yaml", model).mistakes:
            return
        for wrong in ({**data, "unheard": "a"}, *({k: v for k, v in data.items() if k != gone} for gone in data)):
            if load_bytes(text_of(wrong), "a.yaml", model).mistakes:
                needed = "unheard" in wrong or any(
                    info.is_required() and (info.alias or name) not in wrong
                    for name, info in model.model_fields.items()
                )
                assert not needed or not validator(model).is_valid(wrong)
                refused += needed

    holds()
    assert refused > 2


def test_names_of_the_format_and_the_endpoint_say_which_keys_they_have() -> None:
    mapping = validator(models.Mapping)
    good = {"reads": "order", "format": {"type": "csv", "delimiter": ";"}, "fields": {}}
    assert mapping.is_valid(good)
    assert not mapping.is_valid({**good, "format": {"type": "csv", "record": "/a"}})
    assert not mapping.is_valid({**good, "format": {"delimiter": ";"}}), "a format says its type"
    places = validator(models.Workspace)
    assert places.is_valid({"endpoints": {"shop": {"path": "a"}}}), "an endpoint need not"
    assert not places.is_valid({"endpoints": {"shop": {"path": "a", "host": "b"}}})


def test_every_type_of_ours_has_its_branch() -> None:
    written = json.dumps(validator(models.Mapping).schema["properties"]["format"])
    assert all(f'"const": "{name}"' in written for name in formats.TYPES)


def test_every_key_is_explained_and_typed() -> None:
    for model in MODELS:
        schema = validator(model).schema
        for block_of in (schema, *(each for name, each in schema["$defs"].items() if name != "Step")):
            for key, said in block_of["properties"].items():
                assert said["title"].startswith(f"{key}: "), key
                assert said["description"], f"{key}: write a text below the field"


def test_a_file_that_goes_on_from_another_may_leave_out_and_take_away() -> None:
    schema = Shapes({}, step_schema(STEPS.values(), Named()), {}, partly=True).whole(models.Mapping)
    partly = Draft202012Validator(schema)
    assert partly.is_valid(
        {"extends": "shop/orders", "group": None, "lines": {"sku": None}, "format": {"delimiter": ";"}}
    )
    assert not partly.is_valid({"extends": "shop/orders", "gruop": None})


def test_defaults_and_examples_are_shown() -> None:
    pick_up = validator(models.Flow).schema["$defs"]["PickUp"]["properties"]
    assert pick_up["settle"]["default"] == "10s"
    assert pick_up["max_size"]["examples"] == ["500MB", "10GB"]
    assert pick_up["done_file"]["examples"] == ["{name}.done", "{stem}.ok"]
    assert pick_up["then"] == {
        "title": "then: `archive` or `delete` or `keep` or `move`",
        "description": pick_up["then"]["description"],
        "markdownDescription": pick_up["then"]["description"],
        "enum": ["archive", "delete", "keep", "move"],
        "default": "archive",
    }
