"""Sending again: the same bytes by `resend`, the same file by `replay`; who and why is recorded."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.flows.shop import Line, Shop, export, order
from tests.flows.test_deliver_targets import bring_back, take_away

FLOW = "mappings/flows/orders.yaml"
ANNA = ("--as", "anna", "--reason", "they lost it")


def sent_bytes(shop: Shop, endpoint: str) -> dict[str, bytes]:
    """Return what the target shows, by name."""
    return {path.name: path.read_bytes() for path in shop.files(f"data/outbox/{endpoint}/orders")}


def consume(shop: Shop) -> dict[str, bytes]:
    """Take everything out of the outboxes, as the targets do; return the content by name."""
    taken = {}
    for path in shop.files("data/outbox"):
        taken[path.name] = path.read_bytes()
        path.unlink()
    return taken


class TestResend:
    """The sealed bytes once more."""

    def test_the_same_bytes_under_the_same_name(self, shop: Shop) -> None:
        ran = shop.take("a.csv", order(1))
        first = consume(shop)
        delivery = shop.deliveries(ran)[1].id

        again = shop.type("resend", delivery, *ANNA, "--json")

        assert again.exit == 0
        assert sent_bytes(shop, "erp") == {name: data for name, data in first.items() if name.startswith("SO_")}
        assert sent_bytes(shop, "wms") == {}
        assert (again.row["delivery"], again.row["state"]) == (delivery, "delivered")
        [action] = shop.ledger_actions()
        assert (action.who, action.what, action.subject, action.reason) == ("anna", "resend", delivery, "they lost it")
        assert shop.type("run", "--json").rows == []

    def test_what_was_told_since_is_not_taken_back_without_a_word(self, shop: Shop) -> None:
        delivery = shop.deliveries(shop.take("a.csv", [order(1), order(2)]))[1].id
        shop.take("b.csv", order(1, status="refunded"))
        consume(shop)

        refused = shop.type("resend", delivery)
        assert (refused.exit, sent_bytes(shop, "erp")) == (2, {})
        assert "is not the last word on 1: its target would take back what it was told since" in refused.err

        assert shop.type("resend", delivery, *ANNA).exit == 0
        assert len(sent_bytes(shop, "erp")) == 1

    def test_it_can_be_sent_as_often_as_needed(self, shop: Shop) -> None:
        delivery = shop.deliveries(shop.take("a.csv", order(1)))[0].id
        for _ in range(3):
            consume(shop)
            assert shop.type("resend", delivery).exit == 0
            assert len(sent_bytes(shop, "wms")) == 1

    def test_a_target_that_is_away_gets_it_later(self, shop: Shop) -> None:
        delivery = shop.deliveries(shop.take("a.csv", order(1)))[1].id
        consume(shop)
        take_away(shop, "erp")

        ran = shop.type("resend", delivery)

        assert ran.exit == 6
        assert "1 file for erp in data/outbox/.pending/erp" in ran.err
        bring_back(shop, "erp")
        assert shop.type("run").exit == 0
        assert len(sent_bytes(shop, "erp")) == 1
        assert shop.type("resend", delivery).exit == 0, "and it is kept for another time"

    def test_dry_run_changes_nothing(self, shop: Shop) -> None:
        delivery = shop.deliveries(shop.take("a.csv", order(1)))[0].id
        consume(shop)

        ran = shop.type("resend", delivery, "--dry-run")

        assert (ran.exit, ran.out.startswith("would send ORD_")) == (0, True)
        assert shop.type("resend", delivery, "--dry-run", "--json").row["delivery"] == delivery
        assert sent_bytes(shop, "wms") == {}
        assert shop.ledger_actions() == []

    def test_bytes_that_are_gone_are_refused_with_what_to_do(self, shop: Shop) -> None:
        ran = shop.take("a.csv", order(1))
        for path in shop.files("data/archive"):
            if path.parent.suffix == ".sent":
                path.unlink()

        again = shop.type("resend", shop.deliveries(ran)[0].id)

        assert again.exit == 2
        assert f"`exchange replay {ran.row['claim']} --reason ...`" in again.err
        assert shop.ledger_actions() == []
        assert "ended with 2" in shop.type("status").out

    def test_fault_43_bytes_that_changed_are_never_sent(self, shop: Shop) -> None:
        """Fault 43: bit rot in the archive of what was sent."""
        ran = shop.take("a.csv", order(1))
        consume(shop)
        [kept] = [path for path in shop.files("data/archive") if path.name.startswith("001.ORD_")]
        kept.write_bytes(kept.read_bytes()[:-1] + b"!")

        again = shop.type("resend", shop.deliveries(ran)[0].id)

        assert (again.exit, "is not what was sealed" in again.err) == (8, True)
        assert sent_bytes(shop, "wms") == {}

    @pytest.mark.parametrize(
        ("delivery", "said"),
        [
            ("nonsense", "is no delivery; they look like"),
            ("ffffffffffff.1", "there is no claim ffffffffffff"),
            ("{claim}.9", "sent no file number 9; it sent {claim}.1, {claim}.2"),
            ("{claim}.3", "sent no file number 3"),
        ],
    )
    def test_what_was_never_sent_is_refused(self, shop: Shop, delivery: str, said: str) -> None:
        claim = shop.take("a.csv", [order(1), order(2, Line("NOPE"))]).row["claim"]

        ran = shop.type("resend", delivery.replace("{claim}", str(claim)))

        assert ran.exit == 2
        assert said.replace("{claim}", str(claim)) in ran.err

    def test_what_waits_need_not_be_sent_again(self, shop: Shop) -> None:
        take_away(shop, "erp")
        delivery = shop.deliveries(shop.take("a.csv", order(1)))[1].id

        ran = shop.type("resend", delivery)

        assert (ran.exit, "is not delivered yet: `exchange run orders`" in ran.err) == (2, True)


class TestReplay:
    """The original once more, as a claim of its own."""

    def test_orders_that_were_sent_go_out_again(self, shop: Shop) -> None:
        first = shop.take("a.csv", [order(1), order(2, status="pending"), order(3, Line("NOPE"))]).row
        consume(shop)

        ran = shop.type("replay", first["claim"], *ANNA, "--json")

        assert ran.exit == 3, "the same record is rejected again"
        assert (ran.row["file"], ran.row["sha256"]) == ("a.csv", first["sha256"])
        assert ran.row["claim"] != first["claim"]
        assert ran.documents == {"in": 3, "out": 1, "rejected": 1, "filtered": 0, "held": 1}
        assert shop.sent() == ({"1"}, {"1"})
        [action] = shop.ledger_actions()
        assert (action.who, action.what, action.subject) == ("anna", "replay", first["claim"])
        rows = shop.trace(1)
        assert [(row["claim"], row["origin"], row["parent"]) for row in rows] == [
            (first["claim"], "pick_up", None),
            (ran.row["claim"], "replay", first["claim"]),
        ]

    def test_nothing_else_takes_the_file_for_new(self, shop: Shop) -> None:
        first = shop.take("a.csv", order(1)).row
        shop.type("replay", first["claim"])

        assert shop.take("b.csv", order(1)).row["state"] == "duplicate"
        ran = shop.take("c.csv", [order(1), order(2)])
        assert ran.documents == {"in": 2, "out": 1, "rejected": 0, "filtered": 1, "held": 0}

    def test_todays_mappings_are_used(self, shop: Shop) -> None:
        first = shop.take("a.csv", [order(1), order(2, Line("NOPE"))]).row
        shop.edit("mappings/tables/items.csv", "TEA-MINT", "NOPE")

        ran = shop.type("replay", first["claim"][:6], "--json")

        assert ran.documents["out"] == 2
        assert shop.open_rejects() == [], "the reject is over: its order came through"

    def test_a_newer_version_is_not_overtaken(self, shop: Shop) -> None:
        first = shop.take("a.csv", [order(1), order(2, status="pending")]).row
        shop.take("b.csv", order(2))

        ran = shop.type("replay", first["claim"], "--json")

        assert ran.documents == {"in": 2, "out": 1, "rejected": 0, "filtered": 1, "held": 0}

    def test_a_file_that_was_rejected_whole_is_tried_again(self, shop: Shop) -> None:
        first = shop.take("a.csv", export(order(1)).replace(",", ";")).row
        assert first["state"] == "rejected"
        assert len(shop.open_rejects()) == 1
        shop.edit("mappings/shopify/orders.yaml", 'delimiter: ","', 'delimiter: ";"')

        ran = shop.type("replay", first["claim"], "--json")

        assert (ran.exit, ran.documents["out"]) == (0, 1)
        assert shop.open_rejects() == []

    def test_a_correction_is_replayed_with_its_own_age(self, shop: Shop) -> None:
        rejected = shop.take("a.csv", order(1, Line("NOPE")))
        returned = shop.reject_file(rejected)
        corrected = shop.take(returned.name, returned.read_bytes().replace(b"NOPE", b"TEA-MINT"))
        assert corrected.documents["out"] == 1
        consume(shop)

        ran = shop.type("replay", corrected.row["claim"], "--json")

        assert (ran.exit, ran.documents["out"]) == (0, 1)
        assert shop.sent() == ({"1"}, {"1"})

    def test_dry_run_changes_nothing(self, shop: Shop) -> None:
        claim = shop.take("a.csv", order(1)).row["claim"]
        consume(shop)

        ran = shop.type("replay", claim, "--dry-run")

        assert (ran.exit, ran.out.startswith("would run a.csv of ")) == (0, True)
        assert shop.ledger_actions() == []
        assert shop.sent() == (set(), set())

    def test_an_original_that_is_gone_or_changed(self, shop: Shop) -> None:
        claim = shop.take("a.csv", order(1)).row["claim"]
        [original] = shop.originals()
        original.write_bytes(original.read_bytes() + b"x")
        changed = shop.type("replay", claim)
        assert (changed.exit, "is not what was taken as claim" in changed.err) == (8, True)
        original.unlink()
        gone = shop.type("replay", claim)
        assert (gone.exit, "drop it in again" in gone.err) == (2, True)
        assert shop.ledger_actions() == []

    def test_what_cannot_be_replayed_says_what_can(self, shop: Shop) -> None:
        first = shop.take("a.csv", [order(1), order(2, status="pending")]).row
        released = shop.type("release", "order", "2", "--json").row
        assert f"replay that one, or send the files again: exchange resend {released['claim']}.1" in (
            shop.type("replay", released["claim"]).err
        )
        take_away(shop, "erp")
        waiting = shop.take("b.csv", order(3)).row
        ran = shop.type("replay", waiting["claim"])
        assert (ran.exit, "is not delivered whole yet" in ran.err) == (2, True)
        assert shop.type("replay", "").exit == 2
        assert "there is no claim zz" in shop.type("replay", "zz").err
        assert first["claim"] != waiting["claim"]


def test_what_is_kept_is_what_was_sent(shop: Shop) -> None:
    ran = shop.take("a.csv", [order(1), order(2, Line("NOPE"))])

    kept = {path.name: path.read_bytes() for path in shop.files("data/archive") if path.parent.suffix == ".sent"}

    claim, rejects = ran.row["claim"], shop.reject_file(ran)
    given_out = kept.pop(f"003.{rejects.name}")
    assert sorted(kept) == [f"001.ORD_{claim}_001.xml", f"002.SO_{claim}.csv"]
    assert [hashlib.sha256(kept[name]).hexdigest() for name in sorted(kept)] == [
        output["sha256"] for output in ran.row["outputs"]
    ]
    assert given_out == rejects.read_bytes(), "what comes back of the rejects is compared with it"
    assert Path(ran.row["rejects"][0]).parts[:2] == ("data", "rejects"), "rejects lie with us anyway"


def test_a_replay_settles_no_reject_of_a_newer_version(shop: Shop) -> None:
    """It repeats what its targets have; the newer version waits for its correction as before."""
    first = shop.take("a.csv", order(1))
    newer = shop.take("b.csv", order(1, Line("NOPE")))
    [waits] = shop.open_rejects()

    again = shop.type("replay", str(first.row["claim"]), "--reason", "they lost it", "--json")

    assert (again.exit, again.documents["out"]) == (0, 1)
    assert shop.open_rejects() == [waits]
    text = shop.reject_file(newer).read_text(encoding="utf-8").replace(",NOPE,", ",MUG-BLUE,")
    back = shop.take("fixed.csv", text)
    assert (back.exit, back.row["actions"], shop.open_rejects()) == (0, {"change": 1}, [])
