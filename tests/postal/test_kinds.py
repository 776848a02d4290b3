"""Places that are no front door."""

from __future__ import annotations

import pytest

from exchange.postal.kinds import KINDS, kind_of_place


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (("12 Main St", None), "street"),
        (("Post Office Road 5",), "street"),
        (("Locker Lane 3",), "street"),
        (("Boxhagener Str. 12",), "street"),
        (("P.O. Box 12",), "po_box"),
        (("po box 12",), "po_box"),
        (("POBOX 4",), "po_box"),
        (("Postfach 10 20 30",), "po_box"),
        (("Postbus 5",), "po_box"),
        (("BP 12",), "po_box"),
        (("Apartado de Correos 12",), "po_box"),
        (("12 Main St", "Box 12"), "po_box"),
        (("Packstation 123", "1234567"), "locker"),
        (("1234567", "PACKSTATION 123"), "locker"),
        (("Paczkomat WAW01A",), "locker"),
        (("Amazon Locker - Hektor",), "locker"),
        (("Postfiliale 512",), "pickup"),
        (("c/o UPS Access Point",), "pickup"),
        (("Mondial Relay 0123",), "pickup"),
        (("Poste restante",), "pickup"),
        ((None, None), None),
        (("", None), None),
    ],
)
def test_kind_of_place(lines: tuple[str | None, ...], kind: str | None) -> None:
    assert kind_of_place(*lines) == kind
    assert kind is None or kind in KINDS
