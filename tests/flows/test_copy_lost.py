"""Somebody cleans up data/state/work while a file is being worked on: a run that was killed goes on all the same."""

from __future__ import annotations

import shutil

import pytest

from tests.flows.shop import INBOX, Ran, Shop, order

WORK = "data/state/work"


def killed(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run end in the middle of its files."""

    def die(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("exchange.engine.run.prepare", die)
        patch.setattr("exchange.engine.run_merged.spooled", die)
        assert shop.type("run").exit == 1
    assert list((shop.root / WORK).rglob("source"))


def removed(shop: Shop) -> None:
    """Remove what the run works with."""
    shutil.rmtree(shop.root / WORK)


def test_the_copy_is_taken_again_from_where_the_file_lies(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.drop("a.csv", order(1001))
    killed(shop, monkeypatch)
    removed(shop)

    again = shop.type("run", "--json")

    assert (again.exit, again.row["state"], again.documents["out"]) == (0, "done", 1)
    assert [path.name for path in shop.files("data/archive/orders") if path.name.endswith(".a.csv")]
    assert shop.files(WORK) == shop.files(INBOX) == []


def test_files_that_go_out_together_are_taken_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.edit("mappings/flows/orders.yaml", "settle: 10s", "settle: 10s, merge: true")
    shop.drop("a.csv", order(1001))
    shop.drop("b.csv", order(1002))
    killed(shop, monkeypatch)
    removed(shop)

    again = shop.type("run", "--json")

    assert (again.exit, sorted(row["state"] for row in again.rows)) == (0, ["done", "done"])


@pytest.mark.parametrize("instead", [None, order(1002)], ids=["gone", "another file of its name"])
def test_a_file_that_is_gone_as_well_is_said_once_and_may_come_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, instead: object
) -> None:
    first = shop.drop("a.csv", order(1001), day=1)
    content = first.read_bytes()
    killed(shop, monkeypatch)
    removed(shop)
    first.unlink()
    if instead is not None:
        shop.drop("a.csv", order(1002), day=2)

    lost = shop.type("run", "--json")

    assert lost.exit == 3
    assert (lost.rows[0]["state"], lost.rows[0]["problems"]) == ("rejected", {"COPY_LOST": 1})
    assert [row["counts"]["documents"]["out"] for row in lost.rows[1:]] == ([] if instead is None else [1])
    [told] = (shop.root / "data/rejects").rglob("a.csv.*.jsonl")
    assert "data/state/work" in told.read_text(encoding="utf-8")
    assert not list((shop.root / INBOX).iterdir())

    back = shop.take("a.csv", content, day=3)
    assert (back.exit, back.documents["out"]) == (0, 1)
    assert shop.type("rejects", "list", "--json").rows == []


@pytest.mark.parametrize("gone", [False, True], ids=["there", "gone"])
def test_the_original_is_archived_from_where_it_lies(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, *, gone: bool
) -> None:
    content = shop.drop("a.csv", order(1001)).read_bytes()

    def die(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr("exchange.engine.run.retire", die)
        assert shop.type("run").exit == 1
    removed(shop)
    if gone:
        (shop.root / INBOX / "a.csv").unlink()

    again = shop.type("run", "--json")

    kept = [path.read_bytes() for path in shop.files("data/archive/orders") if path.name.endswith(".a.csv")]
    assert (again.exit, again.row["state"], kept) == (0, "done", [] if gone else [content])
    assert ("a.csv is not in the archive: its copy is gone" in again.err) == gone
    assert shop.files(INBOX) == []


def removed_at(shop: Shop, monkeypatch: pytest.MonkeyPatch, module: str, point: str) -> Ran:
    """Run the flow, and remove what it works with when it comes to a point."""

    def passed(name: str) -> None:
        if name == point and (shop.root / WORK).exists():
            removed(shop)

    with monkeypatch.context() as patch:
        patch.setattr(f"exchange.engine.{module}.crashpoint", passed)
        return shop.type("run", "orders", "--json")


@pytest.mark.parametrize(
    ("module", "point"),
    [
        ("claim", "claim.copy"),
        ("claim", "claim.copied"),
        ("claim", "claim.adopted"),
        ("claim", "claim.noted"),
        ("run", "prepare.spooled"),
        ("batch", "documents.added"),
        ("kept", "keep.sent"),
    ],
)
def test_removed_meanwhile_the_run_says_so_and_the_next_one_goes_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, module: str, point: str
) -> None:
    shop.drop("a.csv", order(1001))

    ran = removed_at(shop, monkeypatch, module, point)

    assert (ran.exit, "bug" in ran.err) == (6, False)
    assert f"{shop.root / WORK}/orders/" in ran.err
    assert " was removed while a file was worked on there: leave data/state/work to exchange; then run again" in ran.err
    again = shop.type("run", "orders", "--json")
    assert (again.exit, again.row["state"]) == (0, "done")
    assert [row["OrderNumber"] for row in shop.erp()] == ["1001"]
    assert shop.files(WORK) == shop.files(INBOX) == []
    assert "nothing to do" in shop.type("run", "orders").err


@pytest.mark.parametrize(("module", "point"), [("run", "seal.noted"), ("publish", "publish.stage")])
def test_removed_between_seal_and_delivery_nothing_counts_as_delivered(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, module: str, point: str
) -> None:
    """The sealed bytes are gone, and nobody knows whether those made anew would be the same."""
    shop.take("earlier.csv", order(1))
    shop.drop("a.csv", order(1001))

    ran = removed_at(shop, monkeypatch, module, point)

    for said in (ran, shop.type("run", "orders")):
        assert said.exit == 8
        assert "is not delivered; the file was changed or removed by hand, or the disk is at fault" in said.err
    assert shop.type("status", "--json").row["presumed"] == []
    assert shop.sent() == ({"1"}, {"1"})
    assert [path.name for path in shop.files(INBOX)] == ["a.csv"]
