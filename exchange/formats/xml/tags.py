"""How long the start tag is that a block of an XML file leaves open: a parser would hold all of it."""

from __future__ import annotations

import re

from exchange.kernel.limits import XML_TAG_BYTES

_WHOLE = re.compile(rb"""<(?:!\[CDATA\[|[^>"']*+(?:"[^"]*+"[^>"']*+|'[^']*+'[^>"']*+)*+>)""")
"""A tag up to its end; or text that is marked as such, which may be long."""


class OpenTag:
    """Follows the last tag of each block; `<` cannot stand within one."""

    def __init__(self) -> None:
        self._open = b""

    def size(self, block: bytes) -> int:
        """Return the bytes of the tag that is still open at the end of the block; 0 where none is."""
        last = block.rfind(b"<")
        tail = self._open + block if last < 0 and self._open else block[last:] if last >= 0 else b""
        self._open = b"" if not tail or _WHOLE.match(tail) else tail[: 2 * XML_TAG_BYTES]
        return len(self._open)
