"""What an editor shows of the starter's files: the real yaml-language-server with our schemas, in one process."""

from __future__ import annotations

from pathlib import Path

from tests.editor.language_server import LanguageServer

SHOP, WMS, ERP = "mappings/shopify/orders.yaml", "mappings/wms/orders.yaml", "mappings/erp/orders.yaml"
FLOW, PLACES, COLUMNS = "mappings/flows/orders.yaml", "mappings/exchange.yaml", "mappings/schemas/shopify_orders.yaml"
CASES = "mappings/shopify/orders_test.yaml"
MISTAKES = (
    (SHOP, "group: {key", "gruop: {key", "Property gruop is not allowed."),
    (
        SHOP,
        "[strip, {remove_prefix",
        "[stripp, {remove_prefix",
        'Value is not accepted. Valid values: "strip", "upper"',
    ),
    (SHOP, "{remove_prefix:", "{remove_prefx:", "Property remove_prefx is not allowed."),
    (SHOP, '{remove_prefix: "#"}', "{remove_prefix: 12}", 'Incorrect type. Expected "string".'),
    (SHOP, "{from: Name,", "{from: Nam,", "this workspace has no such column in its table schema; where it is new: "),
    (SHOP, "  order_number:", "  order_nmber:", "Property order_nmber is not allowed."),
    (SHOP, "country: Shipping Country", "cuntry: Shipping Country", "Property cuntry is not allowed."),
    (
        SHOP,
        "table: items, key: sku",
        "table: item, key: sku",
        'Value is not accepted. Valid values: "items", "packs", ',
    ),
    (SHOP, "table: items, key: sku", "table: items, key: skuu", 'Value is not accepted. Valid values: "sku", "item_'),
    (SHOP, "type: csv", "type: cvs", 'Value is not accepted. Valid values: "csv", "xml", "jsonl", "fixed", "xlsx".'),
    (WMS, "from: order_number", "from: sku", "there is no such field of order among its fields"),
    (WMS, "max_length: 30", "max_length: thirty", "expected a whole number such as 500"),
    (
        FLOW,
        "from: shopify",
        "from: shpify",
        "this workspace has no such endpoint; where it is new: ",
    ),
    (FLOW, "mapping: wms/orders", "mapping: shopify/orders", "this workspace has no such outbound mapping; "),
    (FLOW, "settle: 10s", "settle: 10 sec", "expected a duration such as 10s, 5m or 2h"),
    (FLOW, "payment_status: [paid]", "payment_status: [payed]", 'Value is not accepted. Valid values: "pending", '),
    (FLOW, "otherwise: hold", "otherwise: wait", 'Value is not accepted. Valid values: "hold", "release", "filter".'),
    (PLACES, "path: data/inbox", "pth: data/inbox", "Property pth is not allowed."),
    (PLACES, "{type: local, path: data/inbox/shopify}", "{type: sftp, host: a, user: b, key: x}", "Incorrect type. "),
    (COLUMNS, "constraints: {required", "constraints: {requird", "Property requird is not allowed."),
    (COLUMNS, "type: datetime", "type: date time", 'Value is not accepted. Valid values: "string", "integer", '),
    (CASES, "expect:", "expects:", "Property expects is not allowed."),
)
"""File, what is written, what is typed instead, what the editor says at that line."""
OFFERED = (
    (SHOP, "{from: Name,", "{from: |,", {"Name", "Lineitem sku", "Created at"}),
    (SHOP, "[strip, {remove_prefix", "[s|, {remove_prefix", {"strip", "lookup", "to_unit"}),
    (SHOP, "table: items, key: sku", "table: |, key: sku", {"items", "packs", "sales_units"}),
    (SHOP, "table: items, key: sku", "table: items, key: |", {"sku", "item_number", "warehouse"}),
    (
        SHOP,
        "  source_id: {from: Id, steps: [strip]}",
        "  source_id:\n    |",
        {"from", "steps", "required"},
    ),
    (SHOP, "  source_id: {from: Id, steps: [strip]}", "  |", {"source_id", "tips"}),
    (WMS, "from: order_number", "from: |", {"order_number", "ship_to.name", "part"}),
    (FLOW, "from: shopify", "from: |", {"shopify", "wms", "erp"}),
    (FLOW, "mapping: wms/orders", "mapping: |", {"wms/orders", "erp/orders"}),
    (FLOW, "then: archive", "then: |", {"archive", "delete", "keep", "move"}),
    (FLOW, "payment_status: [paid]", "payment_status: [p|]", {"paid", "pending", "voided"}),
    (PLACES, "{type: local,", "{type: |,", {"local", "sftp"}),
)
"""File, what is written, what is typed (`|`: the cursor), some of what is offered."""
SHOWN = (
    (SHOP, "order_number:", "order_nu|mber:", "The shop's own number, without a prefix"),
    (SHOP, "{remove_prefix", "{remove_|prefix", "`1001`"),
    (SHOP, "from: Name", "from: Na|me", "The order's name; groups its rows, for example `#1001`"),
    (FLOW, ", settle: 10s", ", set|tle: 10s", "How long a file must not have changed before it is taken"),
    (FLOW, '"*.csv", mapping', '"*.csv", mapp|ing', "reads order (csv)"),
    (COLUMNS, "\n    required_on", "\n    required|_on", "header cells are filled on the first row of a document only"),
)
"""File, what is written, where the mouse is, part of what is shown."""
UNLINED = """\
flow: orders
pick_up:
  - {from: shpify, mapping: shopify/orders}
deliver:
  - {to: wms, mapping: wms/orders, name: "{claim}.xml"}
"""


def test_mistakes_completion_and_hover(server: LanguageServer, workspace: Path) -> None:
    """One test, because one server process is enough; what is wrong is told all together."""

    def typed(file: str, before: str, after: str) -> tuple[str, int]:
        text = (workspace / file).read_text(encoding="utf-8")
        assert before in text, f"{file} does not hold {before}: correct the table"
        return text.replace(before, after, 1), text[: text.index(before)].count("\n") + 1

    found = {file: server.mistakes(file) for file in (SHOP, WMS, ERP, FLOW, PLACES, COLUMNS, CASES)}
    assert {file: said for file, said in found.items() if said} == {}, "the starter is right"

    wrong: list[tuple[object, ...]] = []
    for file, before, after, said in MISTAKES:
        text, line = typed(file, before, after)
        seen = server.mistakes(file, text)
        if {each.line for each in seen} != {line} or not any(each.text.startswith(said) for each in seen):
            wrong.append((file, after, line, seen))
    for file, before, after, names in OFFERED:
        offered = server.completions(file, typed(file, before, after)[0])
        if not names <= set(offered):
            wrong.append((file, after, names, sorted(offered)))
    for file, before, after, said in SHOWN:
        hover = server.hover(file, typed(file, before, after)[0])
        if said not in hover.replace("\\", ""):
            wrong.append((file, after, said, hover))
    assert wrong == []

    # Without a line of its own a file is known by its place; .vscode/settings.json says which schema that means.
    assert [each.line for each in server.mistakes("mappings/flows/new.yaml", UNLINED)] == [3]
    assert server.mistakes("mappings/new/orders.yaml", "reads: ordr\n") != []
    assert [each.text for each in server.mistakes("mappings/new/a_test.yaml", "casses: []\n")] != []
