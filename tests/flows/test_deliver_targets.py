"""Each target on its own: one that is away waits for nobody and keeps nobody waiting; limits, done files, names."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.flows.shop import INBOX, Ran, Shop, order

PENDING = "data/outbox/.pending"
FLOW, SETTINGS = "mappings/flows/orders.yaml", "mappings/exchange.yaml"
WMS = '{to: wms, folder: orders, mapping: wms/orders, name: "ORD_{claim}_{part:03}.xml", documents_per_file: 500}'
ERP = '{to: erp, folder: orders, mapping: erp/orders, name: "SO_{claim}.csv"}'


def take_away(shop: Shop, endpoint: str) -> Path:
    """Make an endpoint unreachable and return what stands in the way."""
    path = shop.root / "data/outbox" / endpoint
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.rename(path.with_name(f"{endpoint}.away"))
    path.write_text("the disk is not mounted")
    return path


def bring_back(shop: Shop, endpoint: str) -> None:
    """Make it reachable again."""
    path = shop.root / "data/outbox" / endpoint
    path.unlink()
    away = path.with_name(f"{endpoint}.away")
    if away.exists():
        away.rename(path)


def pending(shop: Shop) -> list[str]:
    """Return what waits, as paths below the pending folder."""
    return [str(path.relative_to(shop.root / PENDING)) for path in shop.files(PENDING)]


def test_one_dead_target_does_not_delay_the_others(shop: Shop) -> None:
    take_away(shop, "erp")

    ran = shop.take("a.csv", order(1))

    assert ran.exit == 6
    assert shop.sent()[0] == {"1"}
    assert shop.files(INBOX) == [], "the source is ours and let go of"
    row, claim = ran.row, str(ran.row["claim"])
    assert row["state"] == "sealed"
    assert [(delivery.artifact.state.value, delivery.id) for delivery in shop.deliveries(ran)] == [
        ("delivered", f"{claim}.1"),
        ("sealed", f"{claim}.2"),
    ]
    assert pending(shop) == [f"erp/{claim}/002.SO_{claim}.csv"]
    assert (shop.root / str(row["outputs"][1]["path"])).is_file()
    assert "1 file for erp in data/outbox/.pending/erp, whole and in order" in ran.err
    waits = shop.type("status")
    assert f"waits  SO_{claim}.csv for erp (delivery {claim}.2)" in waits.out


def test_what_waited_is_delivered_whole_and_in_order(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    take_away(shop, "erp")
    claims = [str(shop.take(f"{number}.csv", order(number)).row["claim"]) for number in (3, 1, 2)]
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in shop.files(PENDING)]
    bring_back(shop, "erp")
    revealed: list[str] = []
    rename = Path.rename

    def spy(path: Path, target: Path) -> Path:
        revealed.append(Path(target).name)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", spy)
    ran = shop.type("run", "--json")

    assert ran.exit == 0
    assert [name for name in revealed if name.startswith("SO_")] == [f"SO_{claim}.csv" for claim in claims]
    assert [row["claim"] for row in ran.rows] == claims
    assert {row["state"] for row in ran.rows} == {"done"}
    sent = [hashlib.sha256(path.read_bytes()).hexdigest() for path in shop.files("data/outbox/erp")]
    assert sorted(sent) == sorted(sums)
    assert pending(shop) == []
    assert shop.sent() == ({"1", "2", "3"}, {"1", "2", "3"})
    assert shop.type("run", "--json").rows == []


def test_later_files_wait_behind_earlier_ones(shop: Shop) -> None:
    take_away(shop, "erp")
    shop.take("a.csv", order(1))

    second = shop.take("b.csv", order(2))

    assert (second.exit, second.row["state"]) == (6, "sealed")
    assert len(pending(shop)) == 2
    assert shop.sent()[0] == {"1", "2"}


def test_a_run_in_which_nothing_moves_says_so_once(shop: Shop) -> None:
    take_away(shop, "erp")
    for number in (1, 2, 3):
        shop.drop(f"{number}.csv", order(number))
    shop.type("run")
    before = shop.content()

    again = shop.type("run", "--json")

    assert (again.exit, again.rows) == (6, [])
    assert again.err.count("for erp in data/outbox/.pending/erp") == 1
    assert "3 files for erp" in again.err
    changed = {name for name, data in shop.content().items() if before.get(name) != data}
    assert all("ledger" in name for name in changed)


def test_duplicates_are_put_aside_while_a_delivery_waits(shop: Shop) -> None:
    take_away(shop, "erp")
    shop.take("a.csv", order(1))

    ran = shop.take("again.csv", order(1))

    assert [row["state"] for row in ran.rows] == ["duplicate"]
    assert shop.files(INBOX) == []


def test_a_held_order_is_released_while_another_target_waits(shop: Shop) -> None:
    take_away(shop, "erp")
    shop.take("a.csv", [order(1), order(2, status="pending")])

    ran = shop.type("release", "order", "2", "--json")

    assert (ran.exit, ran.row["state"]) == (6, "sealed")
    assert "2 files for erp" not in ran.err, "only its own"
    assert shop.sent()[0] == {"1", "2"}
    bring_back(shop, "erp")
    assert shop.type("run").exit == 0
    assert shop.sent() == ({"1", "2"}, {"1", "2"})


def test_fault_43_what_waits_is_compared_before_it_is_sent(shop: Shop) -> None:
    """Fault 43: a byte flips in what waits: exit 8, it is not sent; the next files are not held up."""
    take_away(shop, "erp")
    shop.take("a.csv", order(1))
    [path] = shop.files(PENDING)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"TEA", b"TEB", 1))
    bring_back(shop, "erp")

    ran = shop.take("b.csv", order(2))

    assert ran.exit == 8
    assert "is not what was sealed" in ran.err
    assert shop.sent()[1] == {"2"}
    path.write_bytes(data)
    assert shop.type("run").exit == 0
    assert shop.sent()[1] == {"1", "2"}


def test_fault_38_what_was_sealed_is_delivered_as_it_was_sealed(shop: Shop) -> None:
    """Fault 38: the configuration is edited while a delivery waits: the sealed bytes go out under the sealed name."""
    take_away(shop, "erp")
    claim = shop.take("a.csv", order(1)).row["claim"]
    shop.edit(FLOW, '"SO_{claim}.csv"', '"NEW_{claim}.csv"')
    shop.edit("mappings/erp/orders.yaml", 'delimiter: ","', 'delimiter: ";"')
    bring_back(shop, "erp")

    assert shop.type("run").exit == 0

    [path] = shop.files("data/outbox/erp")
    assert path.name == f"SO_{claim}.csv"
    assert b";" not in path.read_bytes().splitlines()[0]


def test_an_endpoint_that_is_taken_out_of_the_configuration_is_said(shop: Shop) -> None:
    take_away(shop, "erp")
    shop.take("a.csv", order(1))
    shop.edit(FLOW, ERP, ERP.replace("to: erp", "to: wms"))
    shop.edit(SETTINGS, "  erp:", "  crm:")

    ran = shop.type("run")

    assert ran.exit == 5
    assert "waits for endpoint erp, which is not there any more" in ran.err


# --- done files and taken names ------------------------------------------------------------------------------------
def test_done_files_come_last_and_hold_the_sha256(shop: Shop) -> None:
    shop.edit(FLOW, "documents_per_file: 500", 'documents_per_file: 1, done_file: "{stem}.done"')

    ran = shop.take("a.csv", [order(1), order(2)])

    names = [path.name for path in shop.files("data/outbox/wms/orders")]
    claim = ran.row["claim"]
    assert names == [f"ORD_{claim}_{part}.{end}" for part in ("001", "002") for end in ("done", "xml")]
    for path in shop.files("data/outbox/wms/orders"):
        if path.suffix == ".done":
            data = path.with_suffix(".xml")
            assert path.read_text() == f"{hashlib.sha256(data.read_bytes()).hexdigest()}  {data.name}\n"
    assert len(ran.row["outputs"]) == 3, "done files are no outputs of their own"
    assert [delivery.id[-1] for delivery in shop.deliveries(ran)] == ["1", "2", "3"]


def test_a_partner_with_our_own_product_checks_the_done_file(shop: Shop) -> None:
    shop.edit(FLOW, ERP, ERP.replace('name: "SO_{claim}.csv"', 'name: "SO_{claim}.csv", done_file: "{name}.done"'))
    shop.take("a.csv", order(1))
    [data, done] = shop.files("data/outbox/erp/orders")
    assert done.name == f"{data.name}.done"

    partner = Shop(shop.root.parent / "partner")
    partner.edit(FLOW, "settle: 10s", 'done_file: "{name}.done"')
    torn = partner.drop(data.name, data.read_bytes()[:-10], day=1)
    partner.drop(done.name, done.read_bytes(), day=2)
    assert "is not complete: its sha256 is" in partner.type("run").err

    torn.write_bytes(data.read_bytes())
    partner.age(torn, 1)

    [row] = partner.type("run", "--json").rows
    assert row["file"] == data.name, "complete, so it is taken"
    assert partner.files(INBOX) == []


def fixed_name(shop: Shop, exists: str) -> tuple[Ran, Path]:
    """Deliver under a name that is taken already; return the run and the folder."""
    shop.edit(FLOW, '"SO_{claim}.csv"', f'"SO.csv", exists: {exists}')
    folder = shop.root / "data/outbox/erp/orders"
    folder.mkdir(parents=True)
    (folder / "SO.csv").write_text("yesterday's")
    return shop.take("a.csv", order(1)), folder


def test_fault_23_fail_waits_until_the_name_is_free(shop: Shop) -> None:
    """Fault 23: `exists: fail`, which is the default."""
    ran, folder = fixed_name(shop, "fail")

    assert (ran.exit, (folder / "SO.csv").read_text()) == (6, "yesterday's")
    assert "exists with other content and is not replaced" in ran.err
    (folder / "SO.csv").unlink()
    assert shop.type("run").exit == 0
    assert "1" in (folder / "SO.csv").read_text()


def test_fault_23_replace_replaces(shop: Shop) -> None:
    """Fault 23: `exists: replace`."""
    ran, folder = fixed_name(shop, "replace")

    assert ran.exit == 0
    assert [path.name for path in folder.iterdir()] == ["SO.csv"]
    assert (folder / "SO.csv").read_text() != "yesterday's"


def test_fault_23_unique_takes_another_name(shop: Shop) -> None:
    """Fault 23: `exists: unique`."""
    ran, folder = fixed_name(shop, "unique")

    assert (ran.exit, (folder / "SO.csv").read_text()) == (0, "yesterday's")
    assert sorted(path.name for path in folder.iterdir()) == [f"SO.{ran.row['claim']}.csv", "SO.csv"]
    assert [output["path"] for output in ran.row["outputs"]][1].endswith(f"SO.{ran.row['claim']}.csv")


def test_a_done_file_of_a_name_that_may_change_is_refused(shop: Shop) -> None:
    shop.edit(FLOW, '"SO_{claim}.csv"', '"SO.csv", exists: unique, done_file: "{name}.done"')

    ran = shop.type("check")

    assert ran.exit == 5
    assert "a done file names its file" in ran.err + ran.out


# --- max_in_flight -------------------------------------------------------------------------------------------------
def test_no_more_than_max_in_flight_lie_at_the_partner(shop: Shop) -> None:
    shop.edit(SETTINGS, "path: data/outbox/erp", "path: data/outbox/erp, max_in_flight: 2")
    for number in (1, 2, 3, 4):
        shop.drop(f"{number}.csv", order(number))

    first = shop.type("run", "--json")

    assert first.exit == 0
    assert [row["state"] for row in first.rows] == ["done", "done", "sealed", "sealed"]
    assert "max_in_flight: 2" in first.err
    lying = shop.files("data/outbox/erp")
    assert len(lying) == 2
    assert shop.type("run", "--json").rows == []
    for path in lying:
        path.unlink()
    second = shop.type("run", "--json")
    assert (second.exit, [row["state"] for row in second.rows]) == (0, ["done", "done"])
    assert shop.sent()[1] == {"3", "4"}


def test_what_is_replayed_behind_files_that_wait_for_the_limit_is_told_what_helps(shop: Shop) -> None:
    shop.edit(SETTINGS, "path: data/outbox/erp", "path: data/outbox/erp, max_in_flight: 1")
    sent = shop.take("1.csv", order(1)).row["claim"]
    waits = shop.take("2.csv", order(2)).row["claim"]
    again = shop.type("replay", sent, "--reason", "they lost it", "--json")

    assert (again.exit, again.row["state"]) == (0, "sealed"), "nobody need do anything here"
    assert (
        f"earlier files (claim {waits}) wait for erp and go first, and erp has as many delivered files as it may that "
        "it has neither taken nor acknowledged (max_in_flight: 1): "
        "`exchange run orders` delivers once it has taken some"
    ) in again.err
    for number in ("2", "1"):
        [taken] = shop.files("data/outbox/erp")
        taken.unlink()
        assert shop.type("run", "orders").exit == 0
        assert shop.sent()[1] == {number}


def test_what_is_replayed_behind_files_for_a_target_that_was_away_is_told_of_the_run_that_delivers_them(
    shop: Shop,
) -> None:
    sent = shop.take("1.csv", order(1)).row["claim"]
    erp = shop.root / "data/outbox/erp/orders"
    erp.rename(erp.with_name("kept"))
    erp.write_text("no folder")
    waits = shop.take("2.csv", order(2)).row["claim"]
    erp.unlink()
    erp.with_name("kept").rename(erp)
    again = shop.type("replay", sent, "--reason", "they lost it")

    assert again.exit == 6
    assert f"earlier files (claim {waits}) wait for erp: `exchange run orders` delivers them first" in again.err
    assert shop.type("run", "orders").exit == 0
    assert shop.sent()[1] == {"1", "2"}
