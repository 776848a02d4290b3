"""What `exchange check` says of the tables that stock is counted by."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.lint_stock import shares, wrong_packs, zeros
from exchange.config.files import read_files
from tests.flows.shelf import COMPUTED, Shelf
from tests.flows.yard import Yard

RULES = "channel,item_class,share\nshopify,,60%\namazon,,40%\namazon,cups,50%\n"


def test_shares_over_the_whole_are_told_at_their_line(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws", "{items: goods, rules: stock_rules}", ("shopify", "amazon"))
    shelf.write("mappings/tables/stock_rules.csv", RULES)

    [told] = shares(read_files(shelf.root))
    assert (told.file, told.line, told.code) == ("mappings/tables/stock_rules.csv", 4, "SHARES_OVER_WHOLE")
    assert told.what == "the shares in one stock come to 110%: shopify 60%, amazon 50% (of 200, for example)"
    checked = shelf.type("check")
    assert checked.exit == 0, "a warning"
    assert "mappings/tables/stock_rules.csv:4:1: " in checked.out, checked.out

    shelf.write("mappings/tables/stock_rules.csv", RULES.replace("50%", "many"))
    assert list(shares(read_files(shelf.root))) == [], "another check tells it"
    shelf.flow(
        COMPUTED.format(keys="{items: goods, share: 70%}", channel="shopify")
        + COMPUTED.format(keys="{items: goods, share: 40%}", channel="amazon")
    )
    [told] = shares(read_files(shelf.root))
    assert (told.file, told.line) == ("mappings/flows/stock.yaml", 5)


def test_a_line_of_packs_that_does_not_count_is_told(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "ws")
    shelf.write("mappings/tables/packs.csv", "item_number,unit,quantity\n100,CS,12\n100,case,10\n100,PAL,1.5\n")
    said = [(told.line, told.what.split(":")[0]) for told in wrong_packs(read_files(shelf.root))]
    assert said == [
        (3, "another line says that one case of 100 holds 12, this one 10"),
        (4, "the quantity '1.5' is not a whole number from 1 to 999999999"),
    ]
    shelf.write("mappings/tables/packs.csv", "item_number,unit\n100,CS\n")
    assert [told.code for told in wrong_packs(read_files(shelf.root))] == ["UNKNOWN_COLUMN"]
    (shelf.root / "mappings/flows/stock.yaml").unlink()
    assert list(wrong_packs(read_files(shelf.root))) == [], "nobody counts by it"


def test_who_does_not_learn_that_an_item_is_gone_is_told(tmp_path: Path) -> None:
    yard = Yard(tmp_path / "ws", "{mode: snapshot, missing: zero}")

    [told] = zeros(read_files(yard.root))
    line = (yard.root / told.file).read_text(encoding="utf-8").splitlines()[told.line - 1]
    assert (told.code, "missing: zero" in line) == ("ZERO_NOT_DELIVERED", True)
    assert told.what.startswith("an item that a snapshot lacks gets no row in what yard/out writes")
    assert "ZERO_NOT_DELIVERED" in yard.type("check", "--notes").out

    yard.edit("mappings/flows/stock.yaml", "missing: zero", "missing: keep")
    assert list(zeros(read_files(yard.root))) == []
