"""What a flow says that other files do not bear out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.files import read_files
from exchange.config.flow_references import flow_mistakes

Write = Callable[..., Path]
_FLOW = "mappings/flows/orders.yaml"
_PICK_UP = '{from: shop, folder: orders, match: "*.csv", mapping: shop/orders}'
_DELIVERY = '{to: erp, mapping: erp/orders, name: "SO_{claim}.csv"}'


def mistakes(root: Path) -> list[str]:
    return [str(mistake) for mistake in sorted(flow_mistakes(read_files(root)))]


def flow(pick_up: str = _PICK_UP, delivery: str = _DELIVERY, rules: str = "{}") -> str:
    return f"flow: orders\npick_up:\n  - {pick_up}\ndeliver:\n  - {delivery}\nrules: {rules}\n"


def test_a_sound_flow_has_none(workspace: Write) -> None:
    assert mistakes(workspace()) == []


@pytest.mark.parametrize(
    ("pick_up", "expected"),
    [
        ("{from: shp, mapping: shop/orders}", "3:12: unknown endpoint 'shp'; did you mean 'shop'?"),
        ("{from: shop, mapping: shop/order}", "3:27: unknown mapping 'shop/order'; did you mean 'shop/orders'?"),
        (
            "{from: shop, mapping: erp/orders}",
            "3:27: mapping 'erp/orders' writes documents, a mapping that reads them is needed here; "
            "did you mean 'shop/orders'?",
        ),
        (
            "{from: shop, folder: ../x, mapping: shop/orders}",
            "3:26: folder '../x' leads out of the endpoint; write a folder below the endpoint's path",
        ),
        (
            "{from: shop, mapping: shop/orders, then: move, move_to: ../x}",
            "3:61: folder '../x' leads out of the endpoint; write a folder below the endpoint's path",
        ),
        (
            "{from: shop, mapping: shop/orders, then: move, move_to: late}\n"
            "  - {from: shop, folder: late, mapping: shop/orders}",
            f"3:61: what is moved to 'late' would be picked up again, by {_FLOW}; name a folder of its own",
        ),
    ],
)
def test_pick_ups(workspace: Write, pick_up: str, expected: str) -> None:
    assert mistakes(workspace({_FLOW: flow(pick_up=pick_up)})) == [f"{_FLOW}:{expected}"]


@pytest.mark.parametrize(
    ("delivery", "expected"),
    [
        (
            "{to: erp, mapping: shop/orders, name: x}",
            "5:24: mapping 'shop/orders' reads documents, a mapping that writes them is needed here; "
            "did you mean 'erp/orders'?",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{clam}"}',
            "5:42: unknown placeholder {clam}; did you mean 'claim'?",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim"}',
            "5:42: name pattern '{claim': expected '}' before end of string; write it like ORD_{claim}.xml",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim:03x}"}',
            "5:42: name pattern '{claim:03x}': Unknown format code 'x' for object of type 'str'; "
            "write it like ORD_{claim}.xml",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "a/{claim}"}',
            "5:42: the name of a delivered file starts with a dot or holds a slash; write the folder under `folder:`",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim}", documents_per_file: 5}',
            "5:42: `documents_per_file` makes several files, but their name has no {part}; add {part:03} to the name",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{number}", documents_per_file: 5}',
            "5:42: {number} is that of one document, but a file may hold several; "
            "write `documents_per_file: 1` too, or take {part:03}",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim}", file_per: [currency]}',
            "5:42: `file_per` makes several files, but their name has no {currency}; add it, or {part:03}, to the name",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim}{part}", file_per: [currrency]}',
            "5:70: unknown document field 'currrency'; did you mean 'currency'?",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim}{part}", file_per: warehouse}',
            "5:69: a document may have lines of several warehouses; "
            "write `split: warehouse` under `rules:` and `per: part` in the mapping erp/orders",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim}"}\n  - {to: erp, mapping: erp/orders, name: "{claim}"}',
            "6:42: delivery 1 writes the same names to the same folder; give it another name or folder",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim}"}\n'
            '  - {to: erp, folder: ./, mapping: erp/orders, name: "{claim}"}',
            "6:54: delivery 1 writes the same names to the same folder; give it another name or folder",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim}.csv", done_file: "{stem}.csv"}',
            "5:68: the done file would be called '{claim}.csv', as delivery 1 is; write it like {name}.done",
        ),
        (
            '{to: erp, mapping: erp/orders, name: "{claim}.csv", done_file: "{stem}.ok"}\n'
            '  - {to: erp, mapping: erp/orders, name: "{claim}.xml", done_file: "{stem}.ok"}',
            "6:68: the done file would be called '{claim}.ok', as the done file of delivery 1 is; "
            "write it like {name}.done",
        ),
    ],
)
def test_deliveries(workspace: Write, delivery: str, expected: str) -> None:
    assert mistakes(workspace({_FLOW: flow(delivery=delivery)})) == [f"{_FLOW}:{expected}"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (
            "{release: {when: {payment_statu: [paid]}}}",
            "6:26: unknown document field 'payment_statu'; did you mean 'payment_status'?",
        ),
        (
            "{release: {filter: {payment_status: [voidd]}}}",
            "6:45: payment_status is never 'voidd'; did you mean 'voided'?",
        ),
        ("{filter_lines: {skuu: x}}", "6:24: unknown document field 'skuu'; did you mean 'sku'?"),
    ],
)
def test_rules_name_fields_and_values_of_the_document(workspace: Write, rules: str, expected: str) -> None:
    assert mistakes(workspace({_FLOW: flow(rules=rules)})) == [f"{_FLOW}:{expected}"]


def test_rules_are_not_judged_where_the_document_is_unknown(workspace: Write) -> None:
    text = flow(rules="{release: {when: {nonsense: [x]}}}")
    assert mistakes(workspace({_FLOW: text, "mappings/shop/orders.yaml": "reads: 5\n"})) == []


@pytest.mark.parametrize(
    ("match", "then", "overlaps"),
    [
        ("*.csv", "archive", True),
        ("orders*.csv", "archive", True),
        ("*.txt", "archive", False),
        ("*.csv", "keep", False),
    ],
)
def test_two_pick_ups_of_the_same_files(workspace: Write, match: str, then: str, *, overlaps: bool) -> None:
    second = f"{{from: shop, folder: orders/, match: {match!r}, mapping: shop/orders, then: {then}}}"
    first = _PICK_UP.replace("}", f", then: {then}}}")
    found = mistakes(workspace({_FLOW: flow(pick_up=f"{first}\n  - {second}")}))
    expected = f"pick-up 1 of {_FLOW} takes the same files; narrow `match:`, or write `then: keep` in both"
    assert found == ([f"{_FLOW}:4:5: {expected}"] if overlaps else [])
