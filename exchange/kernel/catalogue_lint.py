"""What `exchange check` finds in the files of a workspace: part of the catalogue, so that `explain` tells it too."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import of_workspace
from exchange.kernel.catalogue_lint_deeper import DEEPER_ENTRIES

ANY = "CONFIGURATION"
"""Code of a finding that has no better one."""


_FILES = (
    of_workspace(
        ANY,
        "Something in a file cannot be so",
        "what is written there contradicts something else",
        "follow the advice behind the semicolon",
    ),
    of_workspace(
        "CONFIG_UNREADABLE",
        "A file of the workspace cannot be read",
        "it is empty, not UTF-8, or its permissions keep it shut",
        "save it as UTF-8; correct its permissions",
    ),
    of_workspace(
        "FILE_NOT_READ",
        "A file that nothing reads",
        "a file that ends in .yml is not read",
        "let its name end in .yaml",
    ),
    of_workspace(
        "ONLY",
        "A pilot that lets nothing through",
        "`only:` of a flow names a table, a column, a channel or a field that is not there",
        "correct the name",
    ),
    of_workspace(
        "EXTENDS",
        "A mapping cannot extend what it names",
        "the mapping that `extends` names is not there, has no keys, or extends this one in turn; or a key that is to "
        "be taken away is not in it",
        "name another mapping, or remove the key",
    ),
    of_workspace(
        "CASE_UNFIT",
        "A case that cannot run as it is written",
        "it gives what its mapping does not take, expects what it does not make, or names a file that is not there",
        "follow the advice behind the semicolon; mappings/README.md shows cases of both directions",
    ),
    of_workspace("NO_FLOW", "There is no flow", "there is no flow", "write mappings/flows/<flow>.yaml"),
    of_workspace(
        "NOT_YAML",
        "The text is not YAML",
        "a quote, an indent, a tab or a sign stands where YAML has none",
        "correct the place that is named; put quotes around values that hold signs such as `: `, `#` or `*`",
        why="Tags, merged documents and keys that are no text are refused as well: they say nothing here.",
    ),
    of_workspace(
        "YAML_TOO_LARGE",
        "A file that is too large to be meant",
        "it is larger, deeper, or after its aliases are followed longer, than any configuration file",
        "split it, or write it flatter",
        why="A few lines of aliases can stand for gigabytes. The limits are looked at before anything is unfolded.",
    ),
    of_workspace(
        "DUPLICATE_KEY",
        "A key is written twice",
        "key {key} occurs twice",
        "remove one of them",
        why="YAML programs take the last one without a word, which is seldom the one that was meant.",
    ),
    of_workspace(
        "QUOTES_NEEDED",
        "Text that YAML reads as something else",
        "{text} is a number, a date, or true or false to YAML",
        "put quotes around it",
        why="YAML programs turn NO into false, 0123 into 83 and 1.10 into 1.1. Here nothing is turned into anything: "
        "where text is wanted, it has to be text.",
    ),
    of_workspace(
        "ODD_TEXT",
        "Text that looks as if something else was meant",
        "typographic quotes, a blank that is none, or the tab or line break that `\\` makes of a letter are part of it",
        "write it with the signs of the keyboard; put double quotes around it where it is meant so",
        "warning",
        why="Word processors and web pages put other signs in place of those that are typed. YAML takes them as "
        "letters of the text: a `match` in typographic quotes fits no file whose name has no such quotes.",
    ),
)
_KEYS = (
    of_workspace(
        "UNKNOWN_KEY",
        "A key that is not known there",
        "unknown key {key}",
        "correct its spelling or its indent; mappings/README.md lists all keys",
    ),
    of_workspace("MISSING_KEY", "A key is missing", "key {key} is missing", "write it"),
    of_workspace(
        "INVALID_VALUE",
        "A value that a key cannot have",
        "{key} cannot be {value}",
        "write what is expected, as mappings/README.md shows it",
    ),
    of_workspace(
        "KEY_MISPLACED",
        "A key of the other direction",
        "{key} belongs into a mapping of the other direction",
        "remove it",
    ),
    of_workspace(
        "SECRET_LITERAL",
        "A secret stands in a file",
        "a password, a key or a token is written out",
        "say where it is kept: `credential: NAME`, `file: PATH`, `env: NAME` or `keyring: SERVICE/USER`; then "
        "change the secret, because it has been read",
        why="Files of a workspace are kept under version control, mailed and copied. Whoever reads them has the "
        "secret. Its text is never shown by `exchange check`.",
    ),
    of_workspace(
        "SCHEDULE_NEVER",
        "A schedule that never fires",
        "the calendar has no such day",
        "correct the day of the month or the month",
    ),
    of_workspace(
        "FLOW_NAME",
        "A flow is not called like its file",
        "flow {flow} is not the file's name",
        "write the name of the file",
    ),
)
_NAMES = (
    of_workspace(
        "UNKNOWN_ENDPOINT",
        "An endpoint that does not exist",
        "unknown endpoint {name}",
        "name one of mappings/exchange.yaml, or add it there",
    ),
    of_workspace(
        "UNKNOWN_MAPPING",
        "A mapping that does not exist",
        "unknown mapping {name}",
        "name one of mappings/<partner>/<what>.yaml as partner/what",
    ),
    of_workspace(
        "UNKNOWN_SCHEMA",
        "A table schema that does not exist",
        "unknown table schema {name}",
        "name one of mappings/schemas/*.yaml, or write it",
    ),
    of_workspace(
        "UNKNOWN_TABLE",
        "A table that does not exist",
        "there is no table {name}",
        "name one of mappings/tables/*.csv, or add it",
    ),
    of_workspace(
        "UNKNOWN_TEMPLATE",
        "A template that does not exist",
        "there is no templates/{name}",
        "correct the path, which starts below templates/",
    ),
    of_workspace(
        "UNKNOWN_XSD",
        "An XSD that does not exist",
        "there is no mappings/schemas/{name}",
        "correct the path, which starts below mappings/schemas/",
    ),
    of_workspace(
        "UNKNOWN_DOCUMENT",
        "A document that does not exist",
        "unknown document {name}",
        "name one of those that mappings/README.md lists",
    ),
    of_workspace(
        "UNKNOWN_FIELD",
        "A field that the document does not have",
        "the document has no field {name}",
        "name one of those that mappings/README.md lists; header fields stand below `fields`, those of lines below "
        "`lines`",
    ),
    of_workspace(
        "UNKNOWN_COLUMN",
        "A column that does not exist",
        "there is no column {name}",
        "correct its spelling, or add it to the table schema or the table",
    ),
    of_workspace(
        "UNKNOWN_STEP",
        "A step that does not exist",
        "there is no step {name}",
        "name one of those that mappings/README.md lists",
    ),
    of_workspace(
        "UNKNOWN_PARAMETER",
        "A parameter that a step does not have",
        "{step} has no parameter {name}",
        "name one of those that mappings/README.md lists below the step",
    ),
    of_workspace(
        "UNKNOWN_PLACEHOLDER",
        "A placeholder that is not known",
        "unknown placeholder {name}",
        "write `claim`, `part`, `date`, `flow`, `number`, or a field of `file_per`, between braces",
    ),
    of_workspace(
        "UNKNOWN_VALUE",
        "A value that a field never has",
        "{field} is never {value}",
        "write one of the values that the document lists",
    ),
)
LINT_ENTRIES = (*_FILES, *_KEYS, *_NAMES, *DEEPER_ENTRIES)
