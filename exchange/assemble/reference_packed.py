"""The page of the reference on packed cells: how the exports of three shops are taken apart."""

from __future__ import annotations

PACKED = """\
## Packed cells

Some exports put a whole order into one row: each line, or all of them, into one cell. `explode:` of an inbound mapping
takes such cells apart; what lies in them are columns `<name>.<key>` then, for `fields` and `lines`.

WooCommerce has a column for each line, as many as the largest order needs: `line_item_1`, `line_item_2` and so on, each
`name:Tea|sku:A12|quantity:2|total:8.00`. What stands behind the first `:` is the value:

```yaml
explode:
  line_items: {columns: line_item_*, pairs: "|", equals: ":"}
lines:
  sku: {from: line_items.sku, steps: [strip]}
  quantity: {from: line_items.quantity, steps: [integer]}
```

BigCommerce has all lines in one cell, and names of products hold what separates: `Product Qty: 2, Product Name: Tea,
green|Product Qty: 1, Product Name: Mug`. With `keys`, a separator counts only before one of them:

```yaml
explode:
  products: {columns: Product Details, lines: "|", pairs: ",", equals: ":", keys: [Product Qty, Product Name]}
lines:
  quantity: {from: products.Product Qty, steps: [strip, integer]}
  description: {from: products.Product Name, steps: [strip]}
```

List every key that the sender writes, read or not: what stands before an unknown one is part of the value before it.

Magento has attributes in one cell, which make no lines, and items with their quantities, which do:

```yaml
explode:
  attributes: {columns: additional_attributes, pairs: ",", equals: "=", keys: [brand, color, size]}
  parts: {columns: associated_skus, lines: ",", pairs: "=", keys: [sku, quantity]}
fields:
  description: {from: attributes.brand}
lines:
  sku: {from: parts.sku}
  quantity: {from: parts.quantity, steps: [integer]}
```

A row stays one record, whatever it holds: it is counted, rejected, corrected and released whole. What is wrong is told
with the cell it lies in: `line_item_2.quantity`, or `Product Details[2].Product Qty` for the second line of a cell. A
cell that cannot be taken apart is a problem of its order (PACKED_CELL), and so is a value that occurs twice in a line.
"""
