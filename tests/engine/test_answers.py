"""Which file answers for which delivery. (The whole way: tests/flows/test_deliver_answers.py.)"""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.config.models import Answer, Flow
from exchange.engine.answers import take_answers
from exchange.kernel.errors import TryLater
from exchange.kernel.ledger import Sealing
from exchange.kernel.model import ArtifactState, ClaimState, Counts, Receipt
from tests.engine.desk import claim_of
from tests.engine.hall import NOW, Hall
from tests.state.book import artifact


def acknowledging(flow: Flow, match: str) -> Flow:
    """Return the flow with a WMS that acknowledges."""
    wms, erp = flow.deliver
    return flow.model_copy(
        update={"deliver": (wms.model_copy(update={"ack": Answer(folder="acks", match=match)}), erp)}
    )


def sent(hall: Hall, match: str, *names: str) -> str:
    """Return a claim of which these files were delivered to the WMS."""
    hall.house = replace(hall.house, flow=acknowledging(hall.house.flow, match))
    hall.next_run()
    claim = claim_of(names[0])
    hall.house.ledger.claims.take(claim, hall.house.run)
    made = [
        replace(artifact(claim, number), name=name, answers=f"acks/{match}") for number, name in enumerate(names, 1)
    ]
    version = hall.house.ledger.documents.version()
    hall.house.ledger.claims.seal(Sealing(claim.id, version, NOW, Counts(), Counts(), tuple(made)))
    receipts = {number: Receipt(f"in/{name}", 1) for number, name in enumerate(names, 1)}
    hall.house.ledger.claims.finish(claim.id, ClaimState.DONE, receipts, NOW)
    return claim.id


def answer(hall: Hall, *names: str) -> None:
    """Let the WMS answer."""
    for name in names:
        hall.places["wms"].put("acks", name, b"ok")


@pytest.mark.parametrize(
    ("match", "names", "answers", "acknowledged"),
    [
        ("{name}.ack", ("A.xml", "B.xml"), ("A.xml.ack",), ["A.xml"]),
        ("{name}.ack", ("A.xml", "B.xml"), ("a.xml.ACK", "B.xml.ack"), ["A.xml", "B.xml"]),
        ("{name}.ack", ("A.xml",), ("A.xml", "A.ack", "A.xml.ack.bak"), []),
        ("{stem}.ok", ("A.xml", "A.1.xml"), ("A.ok",), ["A.xml"]),
        ("{stem}.ok", ("A.xml", "A.1.xml"), ("A.1.ok",), ["A.1.xml"]),
        ("ACK_*_{name}", ("SO_1.csv", "1.csv"), ("ACK_2026_SO_1.csv",), ["SO_1.csv", "1.csv"]),
        ("{name}_*.ack", ("SO_1.csv",), ("SO_1.csv_2026_08.ack",), ["SO_1.csv"]),
        ("{name}.ack", ("A[1].xml", "A1.xml"), ("A[1].xml.ack",), ["A[1].xml"]),
    ],
)
def test_an_answer_names_what_it_answers_for(
    hall: Hall, match: str, names: tuple[str, ...], answers: tuple[str, ...], acknowledged: list[str]
) -> None:
    claim = sent(hall, match, *names)
    answer(hall, *answers)

    assert list(take_answers(hall.house)) == []

    found = hall.house.ledger.claims.sealed(claim).deliveries
    done = [entry.artifact.name for entry in found if entry.artifact.state is ArtifactState.ACKNOWLEDGED]
    assert done == acknowledged
    left = [name for folder, name in hall.places["wms"].files if folder == "acks"]
    assert left == ([] if acknowledged else list(answers))


def test_a_name_that_was_sent_several_times_is_answered_for_all_of_them(hall: Hall) -> None:
    claims = [sent(hall, "{name}.ack", name, "stock.csv") for name in ("1", "2")]
    answer(hall, "stock.csv.ack")

    list(take_answers(hall.house))

    states = [hall.house.ledger.claims.sealed(claim).deliveries[1].artifact.state for claim in claims]
    assert states == [ArtifactState.ACKNOWLEDGED] * 2


def test_an_answer_to_another_flow_is_left_for_that_flow(hall: Hall) -> None:
    sent(hall, "{name}.ack", "A.xml")
    hall.house = replace(hall.house, flow=hall.house.flow.model_copy(update={"flow": "stock"}))
    answer(hall, "A.xml.ack")

    list(take_answers(hall.house))

    assert ("acks", "A.xml.ack") in hall.places["wms"].files


def test_a_target_that_cannot_be_asked_is_asked_again_later(hall: Hall) -> None:
    claim = sent(hall, "{name}.ack", "A.xml")
    answer(hall, "A.xml.ack")
    hall.places["wms"].away = "no route"

    [fault] = take_answers(hall.house)

    assert isinstance(fault, TryLater)
    hall.places["wms"].away = ""
    assert list(take_answers(hall.house)) == []
    assert hall.house.ledger.claims.sealed(claim).deliveries[0].acknowledged_at is not None
