"""Alone writes `templates/README.md`: how a template is written, with the tables from the code's own declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exchange.assemble.reference import key_row, problem_row
from exchange.assemble.reference_keys import Key, keys
from exchange.assemble.reference_markdown import table
from exchange.config import models
from exchange.formats.template.check import FILE_FACTS
from exchange.kernel.catalogue import CATALOGUE

TEMPLATES_FILE = "templates/README.md"
"""Where the page lies, in the repository and in every workspace."""
_NAMES = {"folder", "name", "file_per", "documents_per_file", "exists", "done_file"}
"""Keys of `deliver:` that say how files are cut and called."""
_CODES = ("TARGET_INVALID", "NOT_SUMMABLE", "ILLEGAL_CHARACTER", "TOO_LONG", "REQUIRED_MISSING")
_START = """\
# Templates

A template says what an outbound XML file looks like. An outbound mapping names it together with the XSD of the
target: `format: {type: xml, template: wms/orders.xml.j2, schema: wms_orders.xsd}`. It is a Jinja2 template with three
blocks:

```jinja
{% block header %}<?xml version="1.0" encoding="UTF-8"?>
<Orders count="{{ file.documents }}" pieces="{{ file.totals.Quantity }}">
{% endblock %}
{%- block record %}  <Order number="{{ order.OrderNumber }}">
{%- for line in order.lines %}
    <Line sku="{{ line.Sku }}">{{ line.Quantity }}</Line>
{%- endfor %}
  </Order>
{% endblock %}
{%- block footer %}</Orders>
{% endblock %}
```

To write one: copy the element of one record out of a sample that the target gave you, put `{{ order.Name }}` where a
value belongs, add each of these names to `fields:` or `lines:` of the mapping, and run `exchange check`. It renders
the template and names what is missing, with the line; `exchange run FLOW --dry-run` then shows the first records of
the file.

- `record` is written once for each document, and writes one element. It knows `order`: the `fields:` of the mapping
  (a name with dots nests: `ShipTo.Name` is `order.ShipTo.Name`) and, in `order.lines`, its `lines:`.
- `header` and `footer` are written once for each file. They know `file`, not `order`:
"""
_MIDDLE = """\
Sums are exact and have as many decimals as the value that has most. A blank counts as nothing; a value that is no
plain number (`1,50`) is a problem of its document, `NOT_SUMMABLE`.

Values are escaped by themselves, and that cannot be switched off. A name that the mapping does not give, a method,
`extends`, `include` and `import` are mistakes that `exchange check` tells with their line. The same document gives
the same bytes every time: a template knows neither clock nor chance.

## Keys of the mapping

Beside `fields:` and `lines:` (all of them: `mappings/README.md`):
"""
_CHECKED = """\
## What is checked before anything is delivered

1. Each document is rendered and validated for all targets, inside the header and footer of its file. One that any of
   them refuses comes back as a reject (`TARGET_INVALID`) and costs no other document anything.
2. Each finished file is read once more, as a stream: it is well-formed, it holds as many records as were written, and
   its header and footer are valid with the values that they got.
3. Where the XSD has rules that no document breaks by itself (a `key`, `unique` or `keyref` around the records, a
   limit on how many there are), the whole file is validated in that stream, too.

A file that fails 2 or 3 is a fault of the template, of the XSD or of documents that do not go into one file: nothing
of its claim is delivered, the run ends with exit code 8 and says why.

Problems that a document can have here:
"""
_CUT = """\
## Several files, and their names

In the flow, below `deliver:`:

| wanted | keys |
|---|---|
| at most 500 documents in a file | `documents_per_file: 500`, `name: "ORD_{claim}_{part:03}.xml"` |
| one file for each order, called after it | `documents_per_file: 1`, `name: "ORD_{number}.xml"` |
| one file for each warehouse | `file_per: warehouse`, `name: "{warehouse}_{claim}.xml"` |
| one file for each country of delivery | `file_per: ship_to.country`, `name: "{ship_to_country}_{claim}.xml"` |

Whatever is not safe in a file name becomes `_` (`A/1` is `A_1`), and a blank value `none`. Two files never share a
name: the second `A_1.xml`, in capitals or not, is `A_1-2.xml`. What each key says:
"""


def templates_reference() -> str:
    """Return the whole page as Markdown."""
    problems = (problem_row(CATALOGUE[code]) for code in _CODES)
    facts = ((f"`file.{name}`", said) for name, said in FILE_FACTS.items())
    return "\n".join(
        [
            _START,
            table(("name", "what it is"), facts),
            _MIDDLE,
            _keys(_of_the_mapping()),
            _CHECKED,
            table(("code", "meaning", "message", "what to do"), problems),
            _CUT,
            _keys(key for key in keys(models.Flow) if key.path.removeprefix("deliver[].") in _NAMES),
        ]
    )


def _of_the_mapping() -> Iterator[Key]:
    for key in keys(models.Mapping):
        if key.path in {"format.template", "totals", "per"} or (
            key.path == "format.schema" and "`type: xml`" in key.meaning
        ):
            yield key


def _keys(listed: Iterable[Key]) -> str:
    return table(("key", "value", "default", "meaning"), map(key_row, listed))
