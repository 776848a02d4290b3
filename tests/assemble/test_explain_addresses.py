"""`exchange show` tells what the rule for addresses made of each part."""

from __future__ import annotations

from pathlib import Path

from tests.flows.shop import Shop, export
from tests.flows.test_addresses import FLOW, PALO_ALTO, RULE, to


def test_the_rule_is_the_last_step_of_what_it_changed(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    shop.edit(FLOW, "  split: warehouse\n", f"  split: warehouse\n{RULE}")
    file = tmp_path / "a.csv"
    file.write_text(export(to(1, PALO_ALTO)), encoding="utf-8")

    rows = shop.type("show", "shopify/orders", "--file", str(file), "--json", "--field", "ship_to").rows
    told = {each["field"]: each for row in rows for each in row.get("fields", [row]) if "field" in each}

    steps = {name: [step["step"] for step in each["steps"]] for name, each in told.items()}
    assert {name for name, names in steps.items() if names[-1] == "rules.addresses"} == {
        f"ship_to.{part}" for part in ("line1", "line2", "region", "postcode", "country", "phone", "kind")
    }
    assert {name: told[f"ship_to.{name}"]["value"] for name in ("line2", "region", "kind", "name")} == {
        "line2": "Apt 4B", "region": "CA", "kind": "street", "name": "Ada Reyes",
    }  # fmt: skip
