"""What a file holds beside its records: said once, so that nothing is left out unseen."""

from __future__ import annotations

from typing import Any

from exchange.formats.xml.shape import Shape, plain
from exchange.kernel.problems import Problem
from exchange.kernel.xmlparser import line_of

_SHOWN = 5


class Strays:
    """Collects the elements of one file that are no records but stand where records do."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._count = 0
        self._beside: dict[str, int] = {}
        """Tag -> line of the first, of elements that stand behind a record."""
        self._before: dict[str, int] = {}
        """The same, of elements that stand before the first record."""

    def note(self, node: Any) -> None:
        """Take an element (other nodes are nothing) that stands behind a record."""
        if isinstance(node.tag, str):
            self._count += 1
            _remember(self._beside, node)

    def header(self, node: Any) -> None:
        """Take an element that stands before the first record: as a rule a header, which needs no word."""
        _remember(self._before, node)

    def problems(self, records: int) -> list[Problem]:
        """Return what to say of a file that has `records` records."""
        seen = self._before | self._beside
        told: dict[str, object] = {"record": self._shape.shown, "mapping": self._shape.mapping}
        alike = [tag for tag in seen if plain(tag) == plain(self._shape.record[-1])]
        if not records:
            # Nothing at all is an empty file, which the caller says.
            found = ", ".join((alike or list(seen))[:_SHOWN])
            return [Problem("XML_NO_SUCH_RECORD", value=found, detail=told)] if seen else []
        if alike:
            return [Problem("XML_RECORD_ELSEWHERE", file_line=seen[alike[0]], value=alike[0], detail=told)]
        if not self._count:
            return []
        names = ", ".join(f"{plain(tag)} (line {line})" for tag, line in list(self._beside.items())[:_SHOWN])
        return [Problem("XML_BESIDE_RECORDS", detail={"count": self._count, "names": names})]


def _remember(seen: dict[str, int], node: Any) -> None:
    if len(seen) < 1000:
        seen.setdefault(node.tag, line_of(node))
