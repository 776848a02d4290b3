"""What `rules.addresses` says of documents that have no such address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from exchange.config.address_references import address_mistakes
from exchange.config.files import read_files
from exchange.documents.loader import document

Write = Callable[..., Path]


def mistakes(root: Path, name: str) -> list[str]:
    """Return what is wrong with the only flow, were it one of these documents."""
    [flow] = read_files(root).flows
    assert flow.value is not None
    return [str(mistake) for mistake in address_mistakes(flow, flow.value, document(name))]


def test_addresses_and_numbers_are_fields_of_the_document(workspace: Write) -> None:
    flow = (
        "flow: orders\npick_up: [{from: shop, mapping: shop/orders}]\n"
        "rules:\n  addresses:\n    ship_to: {phones: [customer_phone, customer_fone]}\n    bill_to: {}\n"
        'deliver:\n  - {to: erp, mapping: erp/orders, name: "{claim}"}\n'
    )
    root = workspace({"mappings/flows/orders.yaml": flow})

    [phone] = mistakes(root, "order")
    assert (
        phone
        == "mappings/flows/orders.yaml:5:40: unknown document field 'customer_fone'; did you mean 'customer_phone'?"
    )
    ship_to, *_, bill_to = mistakes(root, "stock")
    assert ship_to == "mappings/flows/orders.yaml:5:5: the document stock has no address ship_to; remove it"
    assert bill_to == "mappings/flows/orders.yaml:6:5: the document stock has no address bill_to; remove it"
