"""What routes, splits, choosing deliveries and availability say that other files do not bear out."""

from __future__ import annotations

from pathlib import Path

from tests.flows.shop import Shop
from tests.flows.test_split_routes import FLOW, rules, to_3pls


def test_each_mistake_is_told_with_what_to_write_instead(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    to_3pls(shop, "HAM", "LYO", more=", item_clas: [x], sku: [y]")
    rules(
        shop,
        "  split: [warehouse, item_clas, item_class]\n"
        "  availability: {short: backorder}\n"
        "  route:\n"
        "    - {when: {ship_to.contry: [FR], weight_g: [5], sku: {over: 3}, payment_status: [payed]}, warehouse: LYO}\n"
        "    - {warehouse: PAR}\n"
        "    - {warehouse: HAM}\n",
    )
    flow = (shop.root / FLOW).read_text()
    (shop.root / FLOW).write_text(flow.replace("repeat: change", "repeat: problem"))
    said = shop.type("check").out
    for words in (
        "unknown document field 'ship_to.contry'; did you mean 'ship_to.country'?",
        "weight_g is a number, which is told by limits",
        "sku is no number",
        "payment_status is never 'payed'",
        "route 2 has no `when`",
        "no delivery takes what warehouse 'PAR' ships",
        "unknown line field 'item_clas'; did you mean 'item_class'?",
        "item_class is always blank",
        "unknown document field 'item_clas'",
        "write `split: sku` under `rules:`",
        "write `repeat: change` under `rules:`",
        "no flow tells any stock",
    ):
        assert words in said, said
