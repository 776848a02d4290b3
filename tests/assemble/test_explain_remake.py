"""A file that is made once more is the one that was sent, byte for byte, and each entry lies where it lay."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from exchange.assemble.explain_document import Unread, laid_out
from exchange.assemble.explain_moves import told_by
from exchange.assemble.explain_remake import Remade, Source, remake
from exchange.assemble.explain_works import made_of, originals_of
from exchange.assemble.house import ledger_of
from exchange.assemble.plan import load_plan
from exchange.config.workspace import load_flows
from exchange.kernel.pipeline import machine_of
from tests.flows.shop import Shop


def again(shop: Shop, endpoint: str, folder: Path) -> tuple[Remade, Path, Path]:
    [path] = shop.files(f"data/outbox/{endpoint}/orders")
    setup = load_flows(shop.root)
    with ledger_of(setup) as ledger:
        made = made_of(shop.root, ledger, path)
        [original] = originals_of(shop.root, ledger, made)
        told = told_by(ledger, "order", original.teller, original.rows)
    plan = replace(load_plan(shop.root, setup.flows["orders"], 0), channel=made.sealed.claim.channel)
    with laid_out(machine_of(plan), original.path) as layout:
        assert not isinstance(layout, Unread)
        own = folder / "0"
        own.mkdir()
        source = Source(original.claim, original.path, layout, own, told)
        found = remake(plan, made.sealed.claim, made.delivery.artifact, [source], folder)
    assert found.artifact is not None
    return found, folder / found.artifact.work_path, path


def test_an_xml_file_comes_out_the_same(delivered: Shop, tmp_path: Path) -> None:
    found, file, path = again(delivered, "wms", tmp_path)

    data = path.read_bytes()
    assert file.read_bytes() == data
    begin = data.index(found.first)
    texts = [data[begin + each.begin : begin + each.begin + each.length].strip() for each in found.entries]
    assert all(text.startswith(b"<Order ") and text.endswith(b"</Order>") for text in texts)
    assert [each.part for each in found.entries if b"<OrderNumber>1002<" in texts[found.entries.index(each)]] == [0, 1]


def test_a_csv_file_comes_out_the_same_and_its_ranges_are_those_of_the_source(delivered: Shop, tmp_path: Path) -> None:
    found, file, path = again(delivered, "erp", tmp_path)

    assert file.read_bytes() == path.read_bytes()
    assert sum(each.records for each in found.entries) == len(delivered.erp())
    assert [line for *_, line in found.ranges(found.entries[1])] == [4, 5, 6]
    assert found.target == 1
