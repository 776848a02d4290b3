"""Which cases files are meant, and the mistakes that `exchange check` tells of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exchange.assemble.cases_files import mapping_of, open_suite, wrong_cases
from exchange.config.files import read_files
from exchange.config.scaffold import starter
from exchange.kernel.errors import ConfigurationError

SHOP, FLOW = "mappings/shopify/orders_test.yaml", "mappings/flows/orders_test.yaml"


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ((SHOP,), {SHOP}),
        (("shopify/orders",), {SHOP}),
        (("mappings/shopify/orders.yaml",), {SHOP}),
        (("mappings/shopify/",), {SHOP}),
        (("orders",), {FLOW}),
        (("shopify", "mappings/flows"), {SHOP, FLOW}),
        (("mappings",), {SHOP, FLOW, "mappings/wms/orders_test.yaml", "mappings/erp/orders_test.yaml"}),
        ((), {SHOP, FLOW, "mappings/wms/orders_test.yaml", "mappings/erp/orders_test.yaml"}),
    ],
)
def test_paths(chosen: tuple[str, ...], found: set[str]) -> None:
    suite = open_suite(starter(), chosen)
    assert {*suite.mappings, *suite.flows} == found


def test_a_path_without_cases() -> None:
    with pytest.raises(KeyError, match="shopify/order"):
        open_suite(starter(), ["shopify/order"])


def test_cases_of_nothing_are_mistakes(tmp_path: Path) -> None:
    shutil.copytree(starter() / "mappings", tmp_path / "mappings")
    (tmp_path / "samples").symlink_to(starter() / "samples")
    for file in (SHOP, FLOW):
        (tmp_path / file).rename(tmp_path / file.replace("orders", "others"))

    with pytest.raises(ConfigurationError) as caught:
        open_suite(tmp_path, ())

    advice = "to test; call the cases file like it"
    flow = f"mappings/flows/others_test.yaml: there is no flow mappings/flows/others.yaml {advice}"
    mapping = f"mappings/shopify/others_test.yaml: there is no mapping mappings/shopify/others.yaml {advice}"
    assert [str(mistake) for mistake in caught.value.mistakes] == [flow, mapping]
    assert [str(mistake) for mistake in wrong_cases(read_files(tmp_path))] == [mapping, flow]
    assert mapping_of(SHOP) == "shopify/orders"


def test_a_mapping_with_mistakes_is_not_told_here(tmp_path: Path) -> None:
    shutil.copytree(starter() / "mappings", tmp_path / "mappings")
    (tmp_path / "samples").symlink_to(starter() / "samples")
    (tmp_path / "mappings/shopify/orders.yaml").write_text("reads: order\n")
    assert list(wrong_cases(read_files(tmp_path))) == []
