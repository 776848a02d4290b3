"""The problem catalogue: every problem the product can find, declared once, as data.

`exchange explain CODE`, the reject files and the reference are written from here. A message is filled from the
problem's field, value and detail; `{name}` in it must be one of `field`, `value` or a key of `detail`.
"""

from __future__ import annotations

from exchange.kernel.catalogue_addresses import ADDRESS_ENTRIES
from exchange.kernel.catalogue_entry import Entry, Scope, Severity
from exchange.kernel.catalogue_files import FILE_ENTRIES
from exchange.kernel.catalogue_formats import FORMAT_ENTRIES
from exchange.kernel.catalogue_fulfilment import FULFILMENT_ENTRIES
from exchange.kernel.catalogue_goods import GOODS_ENTRIES
from exchange.kernel.catalogue_guards import GUARD_ENTRIES
from exchange.kernel.catalogue_life import LIFE_ENTRIES
from exchange.kernel.catalogue_lint import LINT_ENTRIES
from exchange.kernel.catalogue_moments import MOMENT_ENTRIES
from exchange.kernel.catalogue_money import MONEY_ENTRIES
from exchange.kernel.catalogue_returned import RETURNED_ENTRIES
from exchange.kernel.catalogue_stock import STOCK_ENTRIES

__all__ = ["CATALOGUE", "Entry", "Scope", "Severity"]

_ENTRIES = (
    # --- the file as a whole -------------------------------------------------------------------------------
    Entry("FILE_EMPTY", "file", "The file is empty", "the file has no bytes", "export the file again"),
    Entry(
        "NO_RECORDS",
        "file",
        "A header without records",
        "the file has a header line and no records",
        "nothing to do if the export was expected to be empty",
        "warning",
    ),
    Entry(
        "MISSING_COLUMN",
        "file",
        "A required column is missing",
        "the header has no column {field!r}{hint}",
        "export with this column, or correct the column's name in {mapping}",
        why="Columns are found by name. Without this one, no record can be read the way the mapping says, so the "
        "file is rejected whole and nothing of it is delivered.",
    ),
    Entry(
        "DUPLICATE_COLUMN",
        "file",
        "A column name occurs twice",
        "the header names {field!r} {times} times",
        "rename or remove one of them in the export",
        why="Which of the two is meant cannot be known; taking either would be a guess.",
    ),
    Entry(
        "WRONG_DELIMITER",
        "file",
        "The delimiter is another one",
        "the header has one column when split at {declared}, but {found} occurs {times} times",
        "write `delimiter: {found}` under `format:` in {mapping}, or export with {declared}",
    ),
    Entry(
        "TOO_MANY_COLUMNS",
        "file",
        "Too many columns",
        "the header has {columns} columns, the limit is {limit}",
        "export only the columns that are needed",
    ),
    Entry(
        "HEADER_UNREADABLE",
        "file",
        "The header line cannot be read",
        "the header line cannot be read: {reason}",
        "open the file in a text editor, correct its first line, and drop it again",
    ),
    Entry(
        "WRONG_ENCODING",
        "file",
        "The file is not in the declared encoding",
        "the file cannot be read as {encoding}: {reason}",
        "write the right `encoding:` under `format:` in {mapping}",
    ),
    Entry(
        "EXTRA_COLUMNS",
        "file",
        "Columns that the mapping does not use",
        "{count} {count:column is|columns are} not used: {names}",
        "nothing to do; map them if they are needed",
        "warning",
    ),
    Entry(
        "BOM_REPEATED",
        "file",
        "More than one byte order mark",
        "the file starts with {count} byte order marks; all were skipped",
        "nothing to do; the exporting program writes one too many",
        "warning",
    ),
    Entry(
        "NOT_A_CORRECTION",
        "file",
        "A returned reject file that cannot be matched",
        "the file has reject columns, but {reason}",
        "correct a copy that has all its columns as `exchange` wrote them, _reject_id above all",
    ),
    Entry(
        "ROW_TOO_LONG",
        "record",
        "More cells than the header has columns",
        "the row has {cells} {cells:cell|cells}, the header has {columns} {columns:column|columns}",
        "look for a delimiter inside a cell that is not in quotes",
    ),
    Entry(
        "ROW_TOO_SHORT",
        "record",
        "Fewer cells than the header has columns",
        "the row has {cells} {cells:cell|cells}, the header has {columns} {columns:column|columns}",
        "look for a line break inside a cell that is not in quotes, or a cut-off line",
    ),
    Entry(
        "UNCLOSED_QUOTE",
        "record",
        "A quote is opened and never closed",
        "a quote opened in this row is not closed within {limit}",
        'close the quote, or double it ("") if it is part of the text',
    ),
    Entry(
        "BROKEN_QUOTE",
        "record",
        "Text after a closing quote",
        "there is text between a closing quote and the next delimiter",
        'double each quote that is part of the text ("")',
    ),
    Entry(
        "RECORD_TOO_LARGE",
        "record",
        "The record is too large",
        "the record is {size} bytes or {lines} {lines:line|lines} long; the limits are {limit_bytes} bytes and "
        "{limit_lines} lines",
        "look for a quote that is not closed; the whole record lies in the archived file",
    ),
    Entry(
        "UNDECODABLE",
        "record",
        "Bytes that are not in the declared encoding",
        "byte {byte} at position {position} of the row is not {encoding}",
        "export the file as {encoding}, or declare its real encoding in the mapping",
    ),
    Entry(
        "CONTROL_CHARACTER",
        "record",
        "A control character",
        "the row holds the control character {character}",
        "remove it; it is invisible in most programs and not allowed in XML",
    ),
    Entry(
        "MOJIBAKE",
        "record",
        "Text decoded with the wrong encoding",
        "{value!r} looks like UTF-8 text that was read as a Western European encoding",
        "declare the file's real encoding in the mapping, or repair the text where it was exported",
    ),
    Entry(
        "GROUP_KEY_MISSING",
        "record",
        "The row does not say which document it belongs to",
        "the cell {field!r} is blank",
        "fill it with the document's number",
    ),
    Entry("REQUIRED_MISSING", "record", "A required value is missing", "{field} is blank", "fill it"),
    Entry(
        "NOT_AN_INTEGER",
        "record",
        "Not a whole number",
        "{field}: {value!r} is not a whole number",
        "write digits only, for example 12",
    ),
    Entry(
        "NOT_A_NUMBER",
        "record",
        "Not a number",
        "{field}: {value!r} is not a number written with decimal separator {decimal!r}",
        "write it as 1234{decimal}50, or declare the separators in the mapping",
    ),
    Entry(
        "NOT_A_DATE",
        "record",
        "Not a date",
        "{field}: {value!r} is not a date in the form {format}",
        "write it like {example}",
    ),
    Entry(
        "NOT_A_BOOLEAN",
        "record",
        "Neither yes nor no",
        "{field}: {value!r} is neither of {allowed}",
        "write one of {allowed}",
    ),
    Entry(
        "OUT_OF_RANGE",
        "record",
        "Outside the allowed range",
        "{field}: {value} is {relation} {bound}",
        "write a value that is not {relation} {bound}",
    ),
    Entry(
        "NOT_ALLOWED",
        "record",
        "Not one of the allowed values",
        "{field}: {value!r} is not one of {allowed}",
        "write one of {allowed}",
    ),
    Entry(
        "PATTERN_MISMATCH",
        "record",
        "Not in the expected form",
        "{field}: {value!r} is not in the form {pattern}",
        "write it in the form {pattern}",
    ),
    Entry(
        "TOO_LONG",
        "record",
        "Longer than allowed",
        "{field}: {length} {length:character|characters}, {limit} {limit:is|are} allowed ({value!r})",
        "shorten it to {limit} {limit:character|characters}; it is never cut by itself",
        why="A cut address sends a parcel to the wrong place. Text is cut only where a mapping says `truncate`.",
    ),
    Entry(
        "TOO_SHORT",
        "record",
        "Shorter than allowed",
        "{field}: {length} {length:character|characters}, at least {limit} {limit:is|are} needed ({value!r})",
        "complete it",
    ),
    Entry(
        "NOT_EXACT",
        "record",
        "The value would have to be rounded",
        "{field}: {value} has more than {scale} decimal {scale:place|places}",
        "correct the value, or write `round` in the mapping where rounding is wanted",
    ),
    Entry(
        "LOOKUP_MISS",
        "record",
        "Not found in a table",
        "{field}: {value!r} is not in the column {key!r} of table {table}",
        "add a line for {value!r} to mappings/tables/{table}.csv, then drop the reject file back in",
    ),
    Entry(
        "VALUE_NOT_MAPPED",
        "record",
        "No mapping for this value",
        "{field}: {value!r} is not one of the mapped values {allowed}",
        "add it to `map_values` in the mapping",
    ),
    Entry(
        "UNKNOWN_COUNTRY",
        "record",
        "Not a country code",
        "{field}: {value!r} is not an ISO 3166 two-letter country code",
        "write it like DE or US",
    ),
    Entry(
        "UNKNOWN_CURRENCY",
        "record",
        "Not a currency code",
        "{field}: {value!r} is not an ISO 4217 currency code",
        "write it like EUR or USD",
    ),
    Entry(
        "SPREADSHEET_DAMAGE",
        "record",
        "Damaged by a spreadsheet",
        "{field}: {value!r} is a number that a spreadsheet has shortened; its digits are lost",
        "restore it from the original export; open CSV files with the columns set to text",
        why="A barcode such as 4006381333931 opened in a spreadsheet becomes 4.00638E+12 when saved. The lost "
        "digits cannot be brought back, so the value is refused rather than guessed.",
    ),
    # --- one document --------------------------------------------------------------------------------------
    Entry(
        "DUPLICATE_IN_FILE",
        "document",
        "The same document twice in one file",
        "document {value!r} starts again here; it started on line {first_line}",
        "keep one of the two and drop the reject file back in",
        why="Which of the two is right cannot be known, so neither is sent.",
    ),
    Entry(
        "HEADER_DISAGREES",
        "document",
        "A repeated header cell differs",
        "{field} is {value!r} here and {first!r} on line {first_line} of the same document",
        "make the two agree",
    ),
    Entry(
        "ORPHAN_LINES",
        "document",
        "Lines without a beginning",
        "no row of document {value!r} holds its header cells ({starts})",
        "export the document whole",
    ),
    Entry(
        "DOCUMENT_TOO_LARGE",
        "document",
        "Too many rows in one document",
        "document {value!r} has {rows} rows, the limit is {limit}",
        "check the column that groups the rows",
    ),
    Entry(
        "TOTALS_MISMATCH",
        "document",
        "The sums do not agree",
        "{formula}: {left} is not {right} (tolerance {tolerance})",
        "correct the amounts, or set `money:` in the flow if the shop counts taxes another way",
    ),
    Entry(
        "DISCOUNT_TOO_LARGE",
        "document",
        "The discount exceeds the lines",
        "the discount {value} is more than the lines are worth ({worth})",
        "correct the discount",
    ),
    Entry(
        "ADDRESS_INCOMPLETE",
        "document",
        "Half an address",
        "the order has to be shipped, but its shipping address has no {field}",
        "complete the address",
    ),
    Entry(
        "REPEAT_CHANGED",
        "document",
        "Sent before with other content",
        "document {value!r} was sent before ({claim}) and has other content now",
        "tell the warehouse by hand, or undo the change in the shop",
        why="Sending it again would have it delivered twice.",
    ),
    Entry(
        "CHANGED_AFTER_SENT",
        "document",
        "Taken back after it was sent",
        "document {value!r} was sent before ({claim}) and is {status} now",
        "tell the warehouse by hand: it must not ship, or expect a return",
    ),
    Entry(
        "NEWER_VERSION_KNOWN",
        "document",
        "A newer version is known",
        "document {value!r} was seen in a later export ({claim}); this correction is of an older one",
        "nothing to do if the later version is right",
    ),
    Entry(
        "REJECT_OF_ANOTHER",
        "document",
        "A reject id of another document",
        "the row carries reject id {value!r}, which is of {document}; this is {mine}",
        "look whether the cells are this document's, and drop the reject file of this run back in: its ids are right",
        why="Closing the reject of another order would make that order forgotten.",
    ),
    Entry(
        "REJECT_NOT_OPEN",
        "document",
        "This reject is not open any more",
        "reject {value!r} is {state}",
        "nothing to do where it was settled before; where it is not known here, empty the cells below _reject_id: the "
        "order is then taken as a new one",
    ),
    Entry(
        "TARGET_INVALID",
        "document",
        "The target's schema refuses it",
        "{target} refuses the document: {reason}",
        "correct the value, or the template",
    ),
    Entry(
        "ILLEGAL_CHARACTER",
        "document",
        "A character the target cannot hold",
        "{field}: {character} cannot be written to {target}",
        "remove the character",
    ),
)

ENTRIES = (
    *_ENTRIES,
    *ADDRESS_ENTRIES,
    *FILE_ENTRIES,
    *FORMAT_ENTRIES,
    *FULFILMENT_ENTRIES,
    *GOODS_ENTRIES,
    *GUARD_ENTRIES,
    *LIFE_ENTRIES,
    *MOMENT_ENTRIES,
    *MONEY_ENTRIES,
    *LINT_ENTRIES,
    *RETURNED_ENTRIES,
    *STOCK_ENTRIES,
)
"""Each code once; tests/kernel/test_catalogue.py refuses another."""
CATALOGUE: dict[str, Entry] = {entry.code: entry for entry in ENTRIES}
