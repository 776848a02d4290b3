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

YAML_BYTES = 1024 * 1024
"""One configuration file; reading that much takes some ten seconds, and no real one has a tenth of it."""

YAML_MISTAKES = 100
"""Mistakes of one file that are told one by one."""

YAML_DEPTH = 40
"""Levels of one configuration file; the deepest real one (steps in an address part) has nine."""

YAML_NODES = 200_000
"""Values of one configuration file after its aliases are followed: ten aliases of ten aliases stay small."""

GATHER_ROWS = 50_000
"""Rows of scattered groups that are read again together."""

DOCUMENT_ROWS = 20_000
"""Rows of one document; a group with more is not one order."""

EXPLODED_BYTES = 64 * 1024 * 1024
"""What the cells of one row may come to that are repeated on each of its packed lines: an order of 20,000 lines with
3 kB beside each; past it a long note on many lines is an attack."""

NAME_LENGTH = 150
"""Characters of a source file's name kept in our own file names (255 bytes less what we add)."""

REMOTE_NAME_BYTES = 255
"""A file name on a partner's server: what file systems allow; a longer one is no file's name but an attack."""

CONTROL_BYTES = 64 * 1024
"""A done file: a row count or a list of checksums; a larger one is not a done file."""

ARCHIVE_RATIO = 200
"""Bytes out of one byte of an archive: order files reach 30, crafted ones 1,000."""

ARCHIVE_RATIO_FLOOR = 1024 * 1024
"""Bytes out before the ratio counts: a small file may well be all repetition."""

ARCHIVE_BYTES = 2_000_000_000
"""Bytes out of one archive."""

ARCHIVE_MEMBERS = 1000
"""Files in one archive."""

ARCHIVE_DIRECTORY_BYTES = 1024 * 1024
"""The list of a .zip's members, which is read whole: a thousand long names."""

REMOTE_NAMES = 1_000_000
"""Names in one folder of a server; the busiest drop folder has 100,000, and a listing without end is an attack."""

REMOTE_SIZE = 1 << 62
"""Bytes that a server may claim of a file; more is no size but nonsense."""

XML_OPENING_BYTES = 64 * 1024
"""What stands before the root element of an XML file, its start tag included."""

XML_RECORD_BYTES = 5_000_000
"""From the end of one XML record to that of the next: a thousand lines of a wordy dialect are 2 MB, and as a tree they
take some ten times that."""

XML_RECORD_TAGS = 200_000
"""Tags in the same stretch: an element without text is 4 bytes in a file and 120 as a tree."""

XML_TAG_BYTES = 256 * 1024
"""One start tag of an XML file; a larger one has more attributes than anybody means."""

XML_BLOCK = 64 * 1024
"""Bytes of an XML file parsed at a time."""

XML_EXPLAINED = 1000
"""Records refused by an XSD, per file, that get the plainer and slower words."""

WORKBOOK_BYTES = 300_000_000
"""Bytes of a workbook's parts unpacked; 250,000 rows of twenty columns have 200 MB."""

WORKBOOK_STYLES_BYTES = 20_000_000
"""Bytes of a workbook's styles unpacked; sixty thousand of them, all that there may be, have ten."""

WORKBOOK_CELLS = 5_000_000
"""Rows by columns of one sheet, which is read as a whole, at 100 bytes a cell; one cell in the farthest corner would
take the memory of 17,000 million."""
