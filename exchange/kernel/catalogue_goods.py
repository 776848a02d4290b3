"""The problems of units, packs and bundles: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry, of_workspace

GOODS_ENTRIES = (
    Entry(
        "UNIT_UNKNOWN",
        "record",
        "The unit is not known for this item",
        "{field}: table {table} has no line for item {item!r} with unit {unit!r}",
        "add the line to mappings/tables/{table}.csv, then drop the reject file back in",
    ),
    Entry(
        "UNIT_NOT_WHOLE",
        "record",
        "A fraction of a piece",
        "{field}: {value} {from_unit} is not a whole number of {to_unit} ({pack} each)",
        "order whole packs, or map this target to the smaller unit",
    ),
    Entry(
        "UNIT_NOT_KNOWN",
        "record",
        "Not a unit of measure",
        "{field}: {unit!r} is no unit that can be converted without knowing the item",
        "write a code of UN/ECE Recommendation 20 (KGM, MTR, LTR ...), or map the spelling with `map_values`",
        why="Pieces, grams, metres and litres are known by their codes and usual spellings. A case or a pallet holds "
        "as many pieces as the item's line in the table of packs says: `to_unit` converts those. A spelling with two "
        "meanings (TON, GAL, PC) is not known on purpose.",
    ),
    Entry(
        "UNIT_CODE",
        "record",
        "A unit that is not known",
        "{field}: {unit!r} is not known as a unit, or means two things",
        "write a code of UN/ECE Recommendation 20 or 21, or map the spelling with `map_values` before `unit_code`",
    ),
    Entry(
        "UNIT_KINDS",
        "record",
        "Units of different kinds",
        "{field}: {value} {from_unit} ({from_kind}) cannot become {to_unit} ({to_kind})",
        "correct the unit; where one piece of the item holds so much, add that line to the table of packs",
        why="Weight does not become volume, nor length a number of pieces, unless something about the item says how.",
    ),
    Entry(
        "BUNDLE_UNIT",
        "record",
        "A bundle that is not sold by the piece",
        "{field}: the bundle {bundle!r} is sold by the {unit!r}, and its components are told for one piece",
        "convert the quantity to pieces in the mapping (step `to_unit`), or correct the unit",
        why="How many bundles a case of them holds is not said in the table of bundles, and a guess would ship too "
        "much or too little.",
    ),
    of_workspace(
        "BUNDLE_CIRCLE",
        "A bundle that holds itself",
        "the bundle is a component of itself, directly or through others",
        "correct mappings/tables/bundles.csv: a component that is a bundle must not lead back",
        why="Taking it apart would never end.",
    ),
    of_workspace(
        "BUNDLE_COMPONENT",
        "A component that no table knows",
        "the component of a bundle is not in the table of items, and no bundle itself",
        "correct its spelling in mappings/tables/bundles.csv, or add it to the items",
        "warning",
        why="Orders of that bundle are rejected, line by line the same as an item that is not known.",
    ),
    of_workspace(
        "BUNDLE_INVALID",
        "A line of the table of bundles that cannot be used",
        "a line has no component, no whole quantity, or no share where the others of its bundle have one",
        "correct the line in mappings/tables/bundles.csv",
    ),
)
