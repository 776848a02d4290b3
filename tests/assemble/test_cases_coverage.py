"""Cases reach what they reach, and nothing else is counted."""

from __future__ import annotations

from exchange.cases.coverage import Coverage
from tests.assemble.cases_desk import run

ROW = 'Name: "#1", Created at: "2026-03-02 09:00:00 +0100", Financial Status: paid, Currency: EUR, Subtotal: 1.00'
LINE = "Total: 1.00, Lineitem name: Tea, Lineitem price: 1.00"


def reached(*rows: str) -> set[tuple[str, str, str]]:
    """Return (kind, field, name) of what cases of these rows reach."""
    coverage = Coverage("m.yaml")
    run("shopify/orders", f"cases: [{{case: a, given: {{rows: [{', '.join(rows)}]}}}}]", coverage=coverage)
    assert coverage.reached <= set(coverage.points)
    return {(point.kind, point.field, point.name) for point in coverage.reached}


def test_steps_share_beginnings_and_are_reached_each() -> None:
    """`strip, upper` of an SKU is computed once in a run; here each field is asked."""
    found = reached(f"{{{ROW}, {LINE}, Lineitem sku: TEA-ASSAM, Lineitem quantity: 1}}")
    for field in ("sku", "item_number", "warehouse", "weight_g", "unit"):
        assert ("step", f"lines.{field}", "upper") in found
    assert ("field", "notes", "") not in found
    assert ("step", "notes", "strip") not in found
    assert ("step", "fulfilment_status", "default") in found, "it made a value of a blank"


def test_misses_are_reached_with_a_default_too() -> None:
    found = reached(f"{{{ROW}, {LINE}, Lineitem sku: NO-SUCH, Lineitem quantity: x}}")
    assert {("miss", "lines.item_number", "items"), ("miss", "lines.warehouse", "items")} <= found
    assert ("code", "lines.quantity", "NOT_AN_INTEGER") in found
    assert ("code", "total", "NOT_A_NUMBER") not in found


def test_limits_of_fields_are_reached() -> None:
    coverage = Coverage("m.yaml")
    fields = "order_number: 0123456789012345678901234567890, ship_to.name: M, ship_to.line1: K, ship_to.city: H"
    given = f"{{documents: [{{fields: {{{fields.replace(': 0', ': N0')}, ship_to.country: DE}}}}]}}"
    run("wms/orders", f"cases: [{{case: a, given: {given}}}]", coverage=coverage)
    found = {(point.field, point.name) for point in coverage.reached if point.kind == "code"}
    assert {("Currency", "REQUIRED_MISSING"), ("OrderNumber", "TOO_LONG")} <= found
    assert ("ShipTo.Name", "REQUIRED_MISSING") not in found
