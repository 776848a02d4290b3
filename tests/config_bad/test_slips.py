"""Slips in YAML that a list of lines cannot show: signs nobody sees, whole files, and several at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.cli.main import run
from exchange.config.scaffold import write_starter

FLOW = "mappings/flows/orders.yaml"
MAPPING = "mappings/shopify/orders.yaml"
SETTINGS = "mappings/exchange.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_starter(tmp_path)
    return tmp_path


def edit(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(root: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the findings, without the lines that show where they are."""
    run(["check", "--workspace", str(root)])
    return [line for line in capsys.readouterr().out.splitlines() if line.startswith("mappings/")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  repeat: change", "\u00a0 repeat: change", "20:1: a no-break space (U+00A0) stands here"),
        ("repeat: change", "repeat:\u00a0change", "20:10: a no-break space (U+00A0) stands here"),
        (
            "repeat: change",
            "repeat: change\u00a0",
            "20:11: 'repeat' cannot be 'change\\xa0': a no-break space (U+00A0)",
        ),
        ("repeat: change", "re\u200bpeat: change", "20:3: unknown key 're\\u200bpeat': an invisible sign stands in it"),
        ("repeat: change", "\ufeffrepeat: change", "20:3: unknown key '\\ufeffrepeat': an invisible sign stands in it"),
        ('match: "*.csv"', "match: a*.csv\u00a0", "8:44: warning: a no-break space (U+00A0) stands in it"),
    ],
)
def test_signs_that_nobody_sees(root: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str) -> None:
    edit(root, FLOW, old, new)
    [line] = told(root, capsys)
    assert line.startswith(f"{FLOW}:{said}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.encode("utf-8-sig"), []),
        (lambda text: text.replace("\n", "\r\n").encode(), []),
        (lambda text: f"---\n{text}".encode(), []),
        (lambda text: text.encode("utf-16"), ["1:1: the file is in UTF-16, not in UTF-8; save the file as UTF-8"]),
        (
            lambda text: text.replace("price\n", "price  # f\xfcr\n").encode("cp1252"),
            ["38:26: byte 0xFC is not UTF-8 (perhaps \xfc, saved as Windows-1252 or ANSI); save the file as UTF-8"],
        ),
        (lambda _: b"# nothing yet\n", ["1:1: the file is empty; write its keys, or remove the file"]),
        (
            lambda _: b"- flow: orders\n",
            ["1:1: the file: expected keys with values; take the `- ` or the [ ] away"],
        ),
        (
            lambda text: f"{text}---\n".encode(),
            ["39:1: a second document starts here, and a file holds one; remove the line `---`"],
        ),
        (
            lambda text: f"```yaml\n{text}```\n".encode(),
            [
                "1:1: ``` marks code in a text about it, it is no part of YAML; remove it",
                "40:1: ``` marks code in a text about it, it is no part of YAML; remove it",
            ],
        ),
    ],
)
def test_whole_files(
    root: Path, capsys: pytest.CaptureFixture[str], change: Callable[[str], bytes], said: list[str]
) -> None:
    (root / FLOW).write_bytes(change((root / FLOW).read_text(encoding="utf-8")))
    assert [line for line in told(root, capsys) if line.startswith(FLOW)] == [f"{FLOW}:{each}" for each in said]


def test_all_slips_of_all_files_are_told_and_what_else_is_wrong(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(root, FLOW, 'schedule: "*/5 * * * *"', 'schedule: "*/5 * * * *')
    edit(root, FLOW, "mapping: shopify/orders", "mapping: shopify/order")
    edit(root, FLOW, "    filter: {pay", "     filter: {pay")
    edit(root, FLOW, '"SO_{claim}.csv"', "SO_{clam}.csv")
    edit(root, MAPPING, "reads: order", "reads:order")
    edit(root, MAPPING, "{from: Tags, steps: [strip]}", "{from: Tag, steps: [strip}")
    edit(root, SETTINGS, "path: data/outbox/erp", 'path: "C:\\data\\erp"')

    assert told(root, capsys) == [
        f"{SETTINGS}:7:28: a `\\` in double quotes makes another sign of the letter behind it; "
        "write single quotes: 'C:\\data\\erp'",
        f'{FLOW}:4:11: a quote is opened and not closed; close the quote: "*/5 * * * *"',
        f"{FLOW}:8:62: unknown mapping 'shopify/order'; did you mean 'shopify/orders'?",
        f"{FLOW}:17:6: this line is indented by 5 blanks, which does not fit the lines around it; "
        "indent it by 4 blanks",
        f"{FLOW}:28:58: a value with one of {{ }} [ ] , in it needs quotes here; "
        'put quotes around it: "SO_{clam}.csv"',
        f"{FLOW}:28:58: unknown placeholder {{clam}}; did you mean 'claim'?",
        f"{MAPPING}:3:1: no blank stands behind `reads:`; write `reads: order`",
        f"{MAPPING}:76:16: column 'Tag' is not in mappings/schemas/shopify_orders.yaml; did you mean 'Tags'?",
        f"{MAPPING}:76:28: the `[` that is opened here is not closed before the next `}}`; write `]` before the `}}`",
    ]


def test_entries_that_begin_anew_with_each_key_are_told_as_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = "  - to: erp\n  - folder: orders\n  - mapping: erp/orders\n  - name: a.csv"
    edit(root, FLOW, '  - {to: erp, folder: orders, mapping: erp/orders, name: "SO_{claim}.csv"}', keys)
    assert [line for line in told(root, capsys) if "warning" not in line] == [
        f"{FLOW}:28:5: entries 2 to 5 of 'deliver' have one key each, as if they were one entry; "
        "begin only the first line of an entry with `- `"
    ]


@pytest.mark.parametrize("slip", ["password:hunter2", "password hunter2", 'password: "hunter2', "{password:hunter2}"])
def test_a_secret_is_not_shown(root: Path, capsys: pytest.CaptureFixture[str], slip: str) -> None:
    edit(root, SETTINGS, "  wms: {type: local", f"  sftp:\n    type: sftp\n    {slip}\n  wms: {{type: local")
    assert run(["check", "--workspace", str(root)]) == 5
    said = capsys.readouterr()
    assert "mappings/exchange.yaml:" in said.out
    assert "hunter2" not in said.out + said.err
