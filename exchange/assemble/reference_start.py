"""The first page of the reference: what an integration engineer with ten minutes reads before the tables."""

from __future__ import annotations

START = """\
# Mappings

What one partner sends, what another wants, and how one becomes the other is said in the YAML files of this folder.
Read this page, then look things up below it: the tables are made from the code's own declarations, so they are
complete.

- **In ten minutes:** [A new partner](#a-new-partner-in-ten-minutes), [Which file says what](#which-file-says-what),
  [What an editor does for you](#what-an-editor-does-for-you)
- **To look up:** [Steps](#steps), [Documents](#documents), [Keys of the YAML files](#keys-of-the-yaml-files),
  [Problem codes](#problem-codes), [Exit codes](#exit-codes)
- **Further:** [Packed cells](#packed-cells), [Cases](#cases), [Adding a format](#adding-a-format),
  [extends, pilots, steps of your own](EXTENDING.md)

## A new partner in ten minutes

A partner `acme` sends orders, and you have one of their files:

```bash
exchange infer export.csv --name acme/orders --write --flow acme   # drafts a schema, a mapping and a flow
exchange schema export                                             # so that the editor knows the new names
$EDITOR mappings/acme/orders.yaml                                  # read each line of the draft, correct it
exchange check                                                     # every mistake, with line, column and the fix
exchange show acme/orders --file export.csv                        # each field: its cell, each step, what came of it
$EDITOR mappings/acme/orders_test.yaml                             # write down what has to come out, as cases
exchange test acme/orders                                          # and hold it to that from now on
cp export.csv data/inbox/acme/
exchange run acme --dry-run --settle 30s                           # what would be delivered; nothing is
exchange run acme                                                  # for real
```

1. **Draft.** `infer` says behind each line how sure it is, from 0 to 1, and why. Where no column tells what every
   document needs, it makes a value up and marks it MADE UP. A date that could be read in two ways is
   yours to decide. Where nothing tells what a file holds, it asks: `--reads order`. Of a workbook it says which sheet
   and which header row it took; `--sheet` takes another, by name or number.
2. **Correct.** A field names its column (`from:`) and what is done to the text (`steps:`), one step after the other,
   each of which is [listed below](#steps) with examples. Codes such as SKUs and postcodes stay text, so their zeros
   stay.
3. **See.** Where a value is not what you expect, `exchange show ... --record KEY --field NAME` tells which step made
   it so, and from which line of which table. `exchange trace cell FILE:LINE:COLUMN` goes back from a delivered file.
4. **Keep.** A case is a few given rows and what has to come of them, a problem included. `exchange test --update`
   writes what came out as what is expected; read it before you keep it.
5. **Deliver.** In `mappings/flows/acme.yaml`, `deliver:` names the target's endpoint and its mapping. With `only:` a
   flow begins with a few SKUs, customers or orders; the rest is filtered and counted.

A second partner that is nearly the same: write `extends: acme/orders` and only the keys that differ.

## Which file says what

| file | what it says |
| --- | --- |
| `mappings/exchange.yaml` | Endpoints: the folders and servers that files come from and go to. |
| `mappings/flows/<flow>.yaml` | A flow: what is picked up where, by which rules it goes out, what is delivered where. |
| `mappings/<partner>/<what>.yaml` | A mapping: `reads: order` makes documents of a file, `writes: order` a file. |
| `mappings/<partner>/<what>_test.yaml` | Cases of the mapping beside it, for `exchange test`. |
| `mappings/schemas/<name>.yaml` | A table schema: the columns of a partner's file, and what their cells must be. |
| `mappings/schemas/<name>.xsd` | What a partner's XML must be. |
| `mappings/tables/<name>.csv` | A table that steps look things up in: items, pack sizes, carriers. |
| `templates/<partner>/<what>.xml.j2` | What outbound XML looks like; see `templates/README.md`. |

Every mapping goes to or comes from a [document](#documents), never from one partner to another: a new shop needs one
mapping, whoever its orders go to.

Text is text: `00123` and `NO` in quotes, or `exchange check` says so, because YAML programs read them in different
ways. What is no YAML is told at the slip that is its cause, and the rest of the file is checked as it was meant. Of
YAML's shorthands `&name` marks a value and `*name` repeats it as a whole; `<<` merges nothing, and tags (`!name`) and a
second document (`---`) are refused.

## What an editor does for you

`exchange schema export` writes what each YAML file can hold to `mappings/.schemas/`, as this workspace is now. An
editor that has the yaml-language-server (VS Code: the extension `redhat.vscode-yaml`, which `.vscode/` recommends)
then completes keys, steps, columns, tables and endpoints, shows what they mean, and underlines what is wrong while
you type. The first line of a file names its schema; `exchange schema export --modelines` writes it where it is
missing. After adding a table, a column, an endpoint or a mapping, export again; `exchange schema export --check` ends
with 5 where that was forgotten.
"""
