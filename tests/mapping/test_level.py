"""The fields of one level: their inputs, their kinds, and addresses taken apart."""

from __future__ import annotations

from typing import Any

from exchange.config.models import FieldMap
from exchange.mapping.binding import Scope
from exchange.mapping.chain import PlanMistake
from exchange.mapping.kinds import Kind
from exchange.mapping.level import Level, LevelPlan, compile_level

TARGETS: dict[str, Kind] = {"number": "text", "total": "decimal", "ship_to.city": "text", "ship_to.country": "text"}


def compiled(fields: dict[str, Any], *, outbound: bool = False) -> tuple[LevelPlan, list[PlanMistake]]:
    """Compile fields over the columns Name, Town and Total (a decimal outbound, text inbound)."""
    columns: dict[str, Kind] = {"Name": "text", "Town": "text", "Total": "decimal" if outbound else "text"}
    mistakes: list[PlanMistake] = []
    level = Level(None if outbound else TARGETS, {}, Scope(columns, is_open=False), {}, mistakes)
    return compile_level(
        "fields", {name: FieldMap.model_validate(field) for name, field in fields.items()}, level
    ), mistakes


def test_inputs_outputs_and_sources() -> None:
    plan, mistakes = compiled(
        {
            "number": {"from": ["Name", "Town"], "steps": [{"join": "-"}]},
            "total": {"from": "Total", "steps": ["decimal"], "required": True},
            "ship_to": {"address": {"city": "Town", "country": {"from": "Name", "steps": [{"truncate": 2}]}}},
        }
    )

    assert mistakes == []
    assert plan.inputs == ("Name", "Town", "Total")
    assert plan.outputs == {"number": "text", "total": "decimal", "ship_to.city": "text", "ship_to.country": "text"}
    assert plan.sources == {"number": "Name", "total": "Total", "ship_to.city": "Town", "ship_to.country": "Name"}
    assert [field.required for field in plan.fields] == [False, True, False, False]


def test_outbound_fields_are_text_whatever_their_kind() -> None:
    plan, mistakes = compiled({"Total": {"from": "Total"}, "Anything": {"from": "Name"}}, outbound=True)

    assert mistakes == []
    assert plan.outputs == {"Total": "text", "Anything": "text"}


def test_a_field_may_read_one_that_was_filled_before() -> None:
    when = {"when": {"column": "number", "is": "x", "then": "y"}}

    assert compiled({"number": {"from": "Name"}, "ship_to.city": {"from": "Town", "steps": [when]}})[1] == []
    [mistake] = compiled({"ship_to.city": {"from": "Town", "steps": [when]}, "number": {"from": "Name"}})[1]
    assert mistake.what == "there is no column or earlier field number"


def test_mistakes() -> None:
    _, mistakes = compiled(
        {
            "numbr": {"from": "Name"},
            "number": {"from": "Nmae"},
            "total": {"from": "Total"},
            "ship_to.city": {},
            "ship_to.country": {"from": ["Name", "Town"]},
        }
    )

    assert [(found.path, found.what) for found in mistakes] == [
        (("fields", "numbr"), "the document has no field numbr"),
        (("fields", "number", "from"), "there is no column Nmae"),
        (("fields", "total"), "total is decimal in the document, and its steps make text"),
        (("fields", "ship_to.city"), "ship_to.city is filled from nothing"),
        (("fields", "ship_to.country"), "ship_to.country has 2 columns and needs one value"),
    ]
    assert all(found.instead for found in mistakes)


def test_an_address_stands_alone_and_inbound_only() -> None:
    address = {"address": {"city": "Town"}}

    assert [found.what for found in compiled({"ship_to": {**address, "from": "Name"}})[1]] == [
        "an address block stands alone"
    ]
    assert [found.what for found in compiled({"ShipTo": address}, outbound=True)[1]] == [
        "an address block fills a document"
    ]
