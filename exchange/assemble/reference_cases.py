"""The page of the reference on cases: how a mapping and a whole flow are tested."""

from __future__ import annotations

CASES = """\
## Cases

`exchange test` runs the cases that lie beside mappings and flows. It reads the workspace and nothing else: endpoints,
ledger and `data/` are never touched, so that it is safe on the machine that is in production.

A mapping has its cases in `<what>_test.yaml` beside it. An inbound one gives rows (or a file) and says which documents
come of them:

```yaml
# mappings/shopify/orders_test.yaml
defaults:
  first_row: {Id: "1", Created at: "2026-03-02 09:15:00 +0100", Financial Status: paid, Currency: EUR, Subtotal: 25.00,
              Total: 25.00}
  every_row: {Name: "#1001", Lineitem name: Assam Tea, Lineitem quantity: 2, Lineitem price: 12.50}
cases:
  - case: the SKU becomes the item number
    given:
      rows: [{Lineitem sku: " tea-assam"}]
    tables:
      items: [{sku: TEA-ASSAM, item_number: "100010"}]
    expect:
      documents:
        - fields: {order_number: "1001", ordered_at: {any: true}, notes: {absent: true}}
          lines: [{sku: TEA-ASSAM, item_number: "100010", quantity: 2}]
  - case: an unknown SKU is a problem of its row
    given:
      rows: [{Lineitem sku: NO-SUCH}]
    expect:
      documents: []
      problems: [{code: LOOKUP_MISS, field: Lineitem sku, row: 1}]
```

An outbound one gives documents, or rows that an inbound mapping reads (`through:`), and says what the target gets: as
`documents`, as `rows`, as `text`, or as a `file` of the workspace:

```yaml
# mappings/erp/orders_test.yaml
cases:
  - case: a line is a row, and the price stays that of the sold unit
    given:
      documents:
        - fields: {order_number: "1001", currency: EUR, total: 25.00}
          lines: [{sku: TEA-ASSAM, description: Assam Tea, quantity: 2, unit: EA, unit_price: 12.50}]
    expect:
      rows: [{OrderNumber: "1001", Sku: TEA-ASSAM, Quantity: "2", LineTotal: "25.00", PaidAt: {absent: true}}]
```

- Only what a case names is compared; documents, lines and rows are compared all, in their order.
- Problems are compared all: one that is not listed fails the case. `row` counts the given rows or documents from 1,
  `line` is a line of a given file.
- `tables:` replaces a table as a whole for this case, so that the case does not change with it.
- A case runs the mapping alone. What a flow decides (release, repetition, whether sums agree) is not asked; the
  discount of an order is allocated to its lines where rows are read `through:` another mapping.
- Amounts and moments of documents are compared by their value: `25` is `25.00`.

A flow has golden runs in `mappings/flows/<flow>_test.yaml`. Files go through the whole flow one after the other, in a
workspace and with a ledger of their own and with a stopped clock; every endpoint is a folder there. All that comes of
them is compared with what is kept: outputs, reject files, and `report.json` with what `exchange run --json` says. The
workbook of rejects is not kept: it names the version of every file that made it.

```yaml
# mappings/flows/orders_test.yaml
cases:
  - case: the first export of the samples
    at: "2026-03-10T06:00:00Z"
    files: samples/orders/01_clean_day.csv
    expected: samples/expected
```

```bash
exchange test                            # all; or name a mapping, a cases file, a folder
exchange test shopify/orders --coverage  # and name what no case reaches, with file and line
exchange test shopify/orders --update    # write what came as what is expected; then look at the difference
exchange test --junit report.xml --json  # for a build server
```

`--update` writes a case without `expect:` as well: write what is given, let it fill in the rest, and read whether that
is what you meant. Comments and the order of keys stay. It ends with 0 where all pass, 3 where a case fails, 5 where a
file holds mistakes.
"""
