"""An older version's ledger, with work left open in the middle: this version upgrades it and carries the work on."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from exchange.state.schema import HEAD
from tests.flows.shop import INBOX, Shop

AT_0001 = Path(__file__).parents[1] / "state" / "at_0001"
SEALED, CLAIMED, DONE = "9aac8e146549", "5dd4d9306321", "c57979bd8b9a"


def put(source: str, place: Path) -> Path:
    """Lay out one of the files that the old version left."""
    place.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copyfile(AT_0001 / source, place))


def left_by_the_old_version(root: Path) -> None:
    """Put a workspace into the state in which version 0001 was killed: one claim sealed, one taken."""
    data = root / "data"
    put("ledger.sql", data / "state" / "ledger.sql").unlink()
    with closing(sqlite3.connect(data / "state" / "ledger.db")) as connection:
        connection.executescript((AT_0001 / "ledger.sql").read_text(encoding="utf-8"))
        connection.execute("PRAGMA journal_mode = WAL")
    work = data / "state" / "work" / "orders"
    put("sealed.csv", work / SEALED / "source")
    put("wms.xml", work / SEALED / "00001.artifact")
    put("erp.csv", work / SEALED / "00002.artifact")
    put("wms.xml", data / "outbox" / "wms" / "orders" / f".ORD_{SEALED}_001.xml.{SEALED}")
    put("claimed.csv", work / CLAIMED / "source")
    put("held.csv", data / "state" / "held" / "orders" / f"done.csv.{DONE}.held.csv")


def test_fault_39_open_claims_of_the_old_version_are_carried_on(shop: Shop) -> None:
    """Fault 39: a ledger at 0001 with a sealed and a taken claim; each order is delivered once."""
    left_by_the_old_version(shop.root)
    for day, name in ((2, "sealed.csv"), (3, "claimed.csv")):
        shop.age(put(name, shop.root / INBOX / name), day)

    ran = shop.type("run", "--json")

    assert ran.exit == 0, ran.err
    assert [(row["claim"], row["state"]) for row in ran.rows] == [(SEALED, "done"), (CLAIMED, "done")]
    assert shop.sent() == ({"2001", "3001"}, {"2001", "3001"})
    assert shop.files(INBOX) == []
    assert [path for path in shop.files("data/outbox") if path.name.startswith(".")] == []
    assert shop.type("run", "--json").rows == []
    released = shop.type("release", "order", "1002", "--json")
    assert (released.exit, shop.sent(released)) == (0, ({"1002"}, {"1002"}))


def test_fault_39_what_the_old_version_knew_is_still_known(shop: Shop) -> None:
    """Fault 39: what was sent, held and rejected before the upgrade is after it."""
    left_by_the_old_version(shop.root)

    assert [row["disposition"] for row in shop.trace(1001)] == ["out"]
    assert [reject["document"] for reject in shop.open_rejects()] == ["order/shopify/1003"]
    with closing(sqlite3.connect(shop.root / "data/state/ledger.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        known = connection.execute("SELECT id, retired, tries FROM claims ORDER BY seq LIMIT 3").fetchall()
        assert known == [(DONE, 1, 0), (SEALED, 0, 0), (CLAIMED, 0, 0)]
        names = connection.execute("SELECT name, final_name FROM artifacts WHERE claim = 1").fetchall()
        assert all(name == final for name, final in names)
