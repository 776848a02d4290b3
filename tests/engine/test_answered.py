"""Which files are answers. (Which delivery they answer for: test_answers.py.)"""

from __future__ import annotations

from exchange.config.models import Answer
from exchange.engine.answered import answered, listed, places
from tests.engine.hall import Hall


def test_whether_there_is_an_answer_is_told_cheaply(hall: Hall) -> None:
    wms, erp = hall.house.flow.deliver
    asking = wms.model_copy(update={"ack": Answer(folder="acks", match="{name}.ack")})
    flow = hall.house.flow.model_copy(update={"deliver": (asking, erp)})
    assert (list(places(hall.house.flow)), list(places(flow))) == ([], [("wms", "acks", "{name}.ack")])
    assert not answered(hall.house.flow, hall.places)
    assert not answered(flow, hall.places)
    hall.places["wms"].put("acks", "note.txt", b"ok")
    assert not answered(flow, hall.places)
    hall.places["wms"].put("acks", "A.xml.ack", b"ok")
    assert answered(flow, hall.places)
    hall.places["wms"].away = "no route"
    assert answered(flow, hall.places), "a real run says why"


def test_an_answer_says_the_name_or_the_stem_that_it_is_about(hall: Hall) -> None:
    for name in ("A.xml.ack", "b.XML.ACK", "ACK_7_C.ok"):
        hall.places["wms"].put("acks", name, b"ok")

    def found(pattern: str) -> list[str]:
        return sorted(named for _, named in listed(hall.places["wms"], "acks", pattern))

    assert found("{name}.ack") == ["A.xml", "b.XML"]
    assert found("ACK_*_{stem}.ok") == ["C"]
