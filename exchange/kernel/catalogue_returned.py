"""The problems of rejects that come back: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry

RETURNED_ENTRIES = (
    Entry(
        "CELL_DAMAGED",
        "record",
        "The spreadsheet changed a cell",
        "{field}: {value!r} was {was!r} before: {reason}",
        "the cell has its old content again in the new reject file; correct it in the workbook (.rejects.xlsx), where "
        "every cell is text, and type what you mean in full",
        why="A spreadsheet that opens a CSV file takes off zeros, writes long numbers as 4.00638E+12 and turns codes "
        "into dates, and saves that without a word. A barcode that lost its zeros is another article: so the row is "
        "not taken, and everything else that was corrected in it is kept.",
    ),
)
