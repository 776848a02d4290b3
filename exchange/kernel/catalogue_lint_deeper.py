"""What `exchange check` finds by holding files against each other and looking into them: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import of_workspace

_FLOWS = (
    of_workspace(
        "MAPPING_UNFIT",
        "A mapping of the other direction or document",
        "a pick-up needs a mapping that reads, a delivery one that writes the same document",
        "name another mapping",
    ),
    of_workspace(
        "FOLDER_OUTSIDE",
        "A folder that leads out of its endpoint",
        "folder {folder} leads out of the endpoint",
        "write a folder below the endpoint's path",
    ),
    of_workspace(
        "NAME_PATTERN",
        "A file name that cannot be made, or not be told apart",
        "the name pattern makes no name, or the same one for several files",
        "write the claim, and the part or the number, into it; mappings/README.md shows how",
    ),
    of_workspace(
        "NAME_CLASH",
        "Two deliveries make one name",
        "two deliveries of a flow write the same names to the same folder",
        "give one of them another name or folder",
        why="The second file would wait for the first to be gone, or replace it. Names are compared as they are filled "
        "in, folders as they lie on the disk or the server.",
    ),
    of_workspace(
        "NAME_SHARED",
        "Two flows make one name",
        "another flow delivers the same names to the same folder",
        "give one of them another name or folder, or put the claim into the name",
        "warning",
    ),
    of_workspace(
        "PICK_UP_OVERLAP",
        "Two pick-ups take the same files",
        "another pick-up takes the same files",
        "narrow `match`, or write `then: keep` in both",
    ),
    of_workspace(
        "PICK_UP_AGAIN",
        "What a flow makes, it takes again",
        "what is delivered or moved there is picked up again",
        "name a folder of its own, or narrow `match` so that those names do not fit",
        why="Each run would feed the next one: a circle that never ends, of files that grow or are rejected.",
    ),
    of_workspace(
        "UNREACHABLE_WHEN",
        "A condition that is never met, or changes nothing",
        "no value that can occur there is among those listed, or something else has decided before",
        "correct the values, or remove the condition",
        "warning",
    ),
    of_workspace(
        "ENDPOINT_INCOMPLETE",
        "An endpoint that cannot work",
        "the endpoint has no way to log in, or a name that no folder can have",
        "say below `key` or `password` where it is kept",
    ),
    of_workspace(
        "HOST_KEY_NOT_PINNED",
        "No host key is pinned",
        "no host key is pinned for {host}",
        "run `exchange hostkeys scan`, confirm with the partner, then `exchange hostkeys pin`",
        why="Nothing is sent to a server that could be anybody's.",
    ),
    of_workspace(
        "KNOWN_HOSTS",
        "The file of known hosts is missing or damaged",
        "there is no such file, or a line of it is no host key",
        "write `host algorithm key` on each line; `exchange hostkeys pin` adds to it",
    ),
)
_MAPPINGS = (
    of_workspace(
        "NOT_FILLED",
        "A field of the document that nothing fills",
        "nothing fills {field}, which every {document} needs",
        "add it below `fields` or `lines`, or give it columns or a step `constant`",
    ),
    of_workspace(
        "REQUIRED_NOT_FILLED",
        "A field of the target that nothing fills",
        "{field} is required, and {mapping} fills nothing that it comes from",
        "fill that field in the mapping that reads, or give this one a step `default`",
        why="Every document would be refused.",
    ),
    of_workspace(
        "XSD_NOT_FILLED",
        "Something that the XSD demands and nothing fills",
        "the XSD refuses {element} where {field} is blank, and {mapping} does not fill it",
        "fill it in the mapping that reads, or write it in the template",
        "warning",
        why="The template is rendered with texts made up for the purpose, and the result is held against the XSD: "
        "what is missing with every field filled, or with this one blank, is told.",
    ),
    of_workspace(
        "FILLED_TWICE",
        "A name is used twice",
        "{name} is filled, listed or declared twice",
        "rename or remove one of the two",
    ),
    of_workspace(
        "TYPE_MISMATCH",
        "A step or field gets another type than it takes",
        "{step} needs {wanted}, and gets {got}",
        "put a step before it that makes what it takes, such as `integer`, `decimal`, `parse_datetime` or `to_text`",
    ),
    of_workspace(
        "STEP_ARGUMENT",
        "A parameter of a step cannot be so",
        "the parameter has another type, is missing, or contradicts another",
        "write it as mappings/README.md shows it below the step",
    ),
    of_workspace(
        "LOOKUP_NOT_UNIQUE",
        "A look-up whose key is not unique",
        "table {table} has {value} in {key} on several lines with different {result}",
        "look up by a column that tells the lines apart, or correct the table",
        why="Which line is meant cannot be known; taking any would be a guess.",
    ),
    of_workspace(
        "LOOKUP_REPEATED",
        "A look-up whose key occurs several times",
        "table {table} has {value} in {key} on several lines, all with the same {result}",
        "remove the lines that are not needed, or add the column that tells them apart to `key`",
        "note",
    ),
    of_workspace(
        "PATH_INVALID",
        "A path into XML that cannot be followed",
        "the path has a prefix that is not declared, or a form that is not offered",
        "write it like Lines/Line/Sku or Line/@id; declare prefixes below `namespaces`",
    ),
)
_OTHERS = (
    of_workspace(
        "COLUMN_TWICE",
        "A column is declared twice",
        "column {column} occurs twice",
        "remove one of them",
    ),
    of_workspace(
        "SCHEMA_REFUSED",
        "A table schema that no file can satisfy",
        "its constraints contradict each other or cannot be compiled",
        "simplify its constraints; a pattern is written in RE2 syntax",
    ),
    of_workspace(
        "TABLE_INVALID",
        "A table is not sound",
        "a line has other cells than the header, a name occurs twice or is blank, or a quote is not closed",
        "correct the line; tables are comma-separated, in UTF-8, with the names in their first line",
    ),
    of_workspace(
        "NOT_AN_XSD",
        "An XSD that is not valid",
        "the file is no XML schema: {reason}",
        "correct it, or ask the partner for the right one",
    ),
    of_workspace(
        "TEMPLATE_INVALID",
        "A template that cannot be rendered",
        "a block is missing, something is not offered in templates, or a record cannot be written",
        "correct the line; templates/README.md shows what a template can do",
    ),
    of_workspace(
        "TEMPLATE_FIELD",
        "A template reads what nothing provides",
        "the mapping gives no field {name} here",
        "add the field to the mapping, or correct the name",
    ),
    of_workspace(
        "UNUSED_COLUMN",
        "A column that no mapping reads",
        "no mapping reads column {column}",
        "nothing to do where it is not needed",
        "note",
    ),
    *(
        of_workspace(
            f"UNUSED_{what.upper()}",
            f"A {what} that nothing uses",
            f"nothing uses this {what}",
            f"use it, or remove the file; a {what} whose name is misspelt elsewhere looks like this too",
            "warning",
        )
        for what in ("table", "mapping", "schema", "template")
    ),
)
DEEPER_ENTRIES = (*_FLOWS, *_MAPPINGS, *_OTHERS)
