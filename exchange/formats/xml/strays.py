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
        self._seen: dict[str, int] = {}
        """Tag -> line of the first."""
        self._alike: tuple[str, int] | None = None
        """Tag and line of the first that is called like the record but is none: another namespace, another place."""

    def note(self, node: Any) -> None:
        """Take an element (other nodes are nothing) that stands beside records."""
        if isinstance(node.tag, str):
            self._count += 1
            self._seen.setdefault(node.tag, line_of(node))
            self.header(node)

    def header(self, node: Any) -> None:
        """Take an element that stands before the first record: as a rule a header, which needs no word."""
        if self._alike is None and plain(node.tag) == plain(self._shape.record[-1]):
            self._alike = (node.tag, line_of(node))

    def behind(self, parent: Any) -> None:
        """Take what is left in a parent after its last record."""
        for node in parent if parent is not None else ():
            if node.tag != self._shape.record[-1]:
                self.note(node)

    def problems(self, root: Any, *, records: int) -> list[Problem]:
        """Return what to say; `root` is what is left of the file, which has `records` records."""
        if not records and root is not None:
            return self._none(root)
        if self._alike is not None:
            tag, line = self._alike
            return [Problem("XML_RECORD_ELSEWHERE", file_line=line, value=tag, detail=self._told())]
        if not self._count:
            return []
        names = ", ".join(f"{plain(tag)} (line {line})" for tag, line in list(self._seen.items())[:_SHOWN])
        return [Problem("XML_BESIDE_RECORDS", detail={"count": self._count, "names": names})]

    def _none(self, root: Any) -> list[Problem]:
        """Return the problem of a file without records; one whose element for records is empty is just empty."""
        level, last = root, 1
        for tag in self._shape.record[1:-1]:
            below = next((child for child in level if child.tag == tag), None)
            if below is None:
                break
            level, last = below, last + 1
        inner = [child for child in level.iter("*") if child is not level]
        if last == len(self._shape.record) - 1 and not inner:
            return []
        alike = [child for child in inner if plain(child.tag) == plain(self._shape.record[-1])]
        found = list(dict.fromkeys(child.tag for child in (alike or inner)))[:_SHOWN]
        return [Problem("XML_NO_SUCH_RECORD", value=", ".join(found) or None, detail=self._told())]

    def _told(self) -> dict[str, object]:
        return {"record": self._shape.shown, "mapping": self._shape.mapping}
