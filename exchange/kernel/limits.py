"""Every bound of the product as a named constant, with the reason for its size."""

from __future__ import annotations

SPAN_BYTES = 6 * 1024 * 1024
"""Source bytes per span: 34k rows of 180 bytes, past the size where the per-call cost of kernels shows; two spans are
in work at a time."""

RECORD_BYTES = 1024 * 1024
"""One record; a larger one is a stray quote or an attack, not an order line."""

RECORD_LINES = 1000
"""Physical lines in one record: notes hold a few dozen; a stray quote swallows thousands."""

COLUMNS = 2000
"""Columns in a header; the widest real file seen has 79."""

KEY_BYTES = 64 * 1024
"""Bytes at the front of an unreadable record in which its group key is looked for, however large it is."""

RAW_REJECT_BYTES = 64 * 1024
"""Raw bytes of one unreadable record kept in the reject file; the whole record stays in the archive."""

MISTAKE_VALUE = 120
"""Characters of a cell shown in a message."""

YAML_BYTES = 4 * 1024 * 1024
"""One configuration file."""

YAML_DEPTH = 40
"""Levels of one configuration file; the deepest real one (steps in an address part) has nine."""

YAML_NODES = 200_000
"""Values of one configuration file after its aliases are followed: ten aliases of ten aliases stay small."""

GATHER_ROWS = 50_000
"""Rows of scattered groups that are read again together."""

DOCUMENT_ROWS = 20_000
"""Rows of one document; a group with more is not one order."""

NAME_LENGTH = 150
"""Characters of a source file's name kept in our own file names (255 bytes less what we add)."""
