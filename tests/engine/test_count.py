"""Records of a file that is not claimed yet."""

from __future__ import annotations

from exchange.engine.count import records_in
from tests.engine.desk import Desk, Line, export, order


def test_rows_are_records_and_nothing_is_left_beside_the_copy(desk: Desk) -> None:
    text = export(order(1, Line("TEA-ASSAM"), Line("BOWL-OAK")), order(2))
    copy = desk.house.work.incoming()
    neighbour = copy.with_name(f"{copy.name}.1.part")
    neighbour.write_bytes(b"fetched ahead")

    for data, records in ((text.encode(), 3), (text.encode("utf-8-sig"), 3), (b"", 0), (export().encode(), 0)):
        copy.write_bytes(data)
        assert records_in(desk.house, 0, copy) == records

    assert sorted(path.name for path in copy.parent.iterdir()) == [copy.name, neighbour.name]
