"""What a flow makes comes back to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.files import read_files
from exchange.config.overlaps import overlap_mistakes

Write = Callable[..., Path]
_FLOW = "mappings/flows/orders.yaml"


def flow(name: str, pick_up: str, delivery: str) -> str:
    return (
        f"flow: {name}\npick_up:\n  - {{mapping: shop/orders, {pick_up}}}\n"
        f"deliver:\n  - {{mapping: erp/orders, {delivery}}}\n"
    )


def again(root: Path) -> list[str]:
    found = sorted(overlap_mistakes(read_files(root)))
    assert {mistake.code for mistake in found} <= {"PICK_UP_AGAIN"}
    return [str(mistake) for mistake in found]


@pytest.mark.parametrize(
    ("pick_up", "delivery", "comes_back"),
    [
        ('from: shop, folder: a, match: "*.csv"', 'to: shop, folder: a, name: "SO_{claim}.csv"', True),
        ('from: shop, folder: a, match: "*.CSV"', 'to: shop, folder: ./a/, name: "so_{claim}.csv"', True),
        ('from: shop, folder: a, match: "*.csv"', 'to: shop, folder: b, name: "SO_{claim}.csv"', False),
        ('from: shop, folder: a, match: "*.csv"', 'to: shop, folder: a, name: "SO_{claim}.xml"', False),
        (
            'from: shop, folder: a, match: "*.done"',
            'to: shop, folder: a, name: "{claim}", done_file: "{name}.done"',
            True,
        ),
        ('from: shop, match: "SO_*"', 'to: same, name: "SO_{claim}_{part:03}.csv"', True),
        ('from: shop, folder: x, match: "*"', 'to: up, folder: shop/x, name: "{flow}"', True),
        ('from: shop, match: "*"', 'to: shop, name: "{"', False),
    ],
)
def test_a_delivery_into_its_own_pick_up(workspace: Write, pick_up: str, delivery: str, *, comes_back: bool) -> None:
    settings = (
        "endpoints:\n  shop: {path: data/inbox/shop}\n  erp: {path: data/erp}\n"
        "  same: {path: ./data/inbox/../inbox/shop/}\n  up: {path: data/inbox}\n"
    )
    root = workspace({_FLOW: flow("orders", pick_up, delivery), "mappings/exchange.yaml": settings})
    expected = (
        f"{_FLOW}:5:31: what is delivered there would be picked up again, by this flow; "
        "deliver to a folder of its own, or narrow `match:` so that these names do not fit"
    )
    assert again(root) == ([expected] if comes_back else [])


def test_links_are_followed(workspace: Write) -> None:
    settings = "endpoints: {shop: {path: data/shop}, erp: {path: data/erp}}\n"
    text = flow("orders", "from: shop", 'to: erp, name: "{claim}"')
    root = workspace({_FLOW: text, "mappings/exchange.yaml": settings})
    (root / "data/shop").mkdir(parents=True)
    (root / "data/erp").symlink_to(root / "data/shop")
    assert len(again(root)) == 1


def test_circles_through_other_flows(workspace: Write) -> None:
    there = flow("orders", "from: shop, folder: a", 'to: shop, folder: b, name: "{claim}"')
    onward = flow("second", "from: shop, folder: b", 'to: shop, folder: c, name: "{claim}"')
    second = "mappings/flows/second.yaml"
    assert again(workspace({_FLOW: there, second: onward})) == []
    back = onward.replace("folder: c", "folder: a")
    found = again(workspace({_FLOW: there, second: back}))
    assert [line.partition(";")[0] for line in found] == [
        f"{_FLOW}:5:31: what is delivered there would be picked up again, by {second}, which feeds this flow in turn",
        f"{second}:5:31: what is delivered there would be picked up again, by {_FLOW}, which feeds this flow in turn",
    ]
