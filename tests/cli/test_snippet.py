"""What is shown of a file below a finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.cli.snippet import snippet
from exchange.kernel.errors import Mistake

SETTINGS = "mappings/exchange.yaml"


def shown(root: Path, text: str, mistake: Mistake) -> list[str]:
    path = root / mistake.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return [line.replace("\x1b[0m", "").split("\x1b[32m")[-1].rstrip() for line in snippet(root, mistake)]


@pytest.mark.parametrize(
    ("line", "column", "what", "instead", "fixed"),
    [
        ("  a: {form: x}", 7, "unknown key 'form'", "did you mean 'from'?", "  a: {from: x}"),
        ("  a: 012", 6, "012 is a number to YAML", 'put quotes around it: "012"', '  a: "012"'),
        ("  a: {value: itm}", 7, "table t has no column itm", "did you mean 'item'?", "  a: {value: item}"),
        (
            "  - {lookup: {table: sales_unit, key: sku}}",
            15,
            "there is no table sales_unit",
            "did you mean 'sales_units'?",
            "  - {lookup: {table: sales_units, key: sku}}",
        ),
        ('  a: "SO_{clam}"', 6, "unknown placeholder {clam}", "did you mean 'claim'?", ""),
        ("  a: {b: c}", 7, "b is wrong", "write it better", ""),
    ],
)
def test_the_line_put_right(tmp_path: Path, line: str, column: int, what: str, instead: str, fixed: str) -> None:
    rows = shown(tmp_path, f"x: y\n{line}\n", Mistake("mappings/a/b.yaml", 2, column, what, instead, "UNKNOWN_KEY"))
    assert rows[0] == f"    2 | {line}"
    assert rows[1].index("^") == len("      | ") + column - 1 or "\x1b" in rows[1]
    assert [row.removeprefix("    + | ") for row in rows[2:]] == ([fixed] if fixed else [])


def test_of_a_long_line_the_part_around_the_place(tmp_path: Path) -> None:
    line = "a: {" + ", ".join(f"key_{number:03}: value" for number in range(60)) + "}"
    column = line.index("key_040") + 1
    first, caret, *_ = shown(tmp_path, line, Mistake("mappings/a/b.yaml", 1, column, "x", "", "UNKNOWN_KEY"))
    assert len(first) < 120
    assert "…" in (first[8], first[-1])
    assert "key_040" in first
    assert "UNKNOWN_KEY" in caret


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path) -> None:
    first, *_ = shown(tmp_path, "a: \x1b[31mred\t\x07\n", Mistake("mappings/a/b.yaml", 1, 1, "x", "", "NOT_YAML"))
    assert first == "    1 | a:  [31mred"


def test_a_file_as_a_whole_has_its_code_alone(tmp_path: Path) -> None:
    [only] = snippet(tmp_path, Mistake("mappings/a/b.yaml", 0, 0, "x", "", "UNUSED_MAPPING"))
    assert "warning UNUSED_MAPPING" in only


SECRETS = """\
endpoints:
  a: {password: hunter2, port: 22}
  b:
    password: hunter2
    user: me
  c:
    passphrase:
      hunter2
    user: me
  d:
    key:
      - {file: /etc/id}
      - hunter2
    user: me
  e:
    password: |
      hunter2
      hunter2
    user: me
  f: {password: {credential: wms}, user: me}
ledger: postgresql://u:hunter2@db/x?api_key=hunter2
x: "-----BEGIN OPENSSH PRIVATE KEY-----
  hunter2
  -----END OPENSSH PRIVATE KEY-----"
y: z
"""


def test_no_line_shows_a_secret(tmp_path: Path) -> None:
    lines = SECRETS.splitlines()
    seen = [
        shown(tmp_path, SECRETS, Mistake(SETTINGS, at, 1, "x", "", "NOT_YAML"))[0] for at in range(1, len(lines) + 1)
    ]
    assert not any("hunter2" in line for line in seen)
    assert seen[0] == "    1 | endpoints:"
    assert [line for line in seen if "user: me" in line and "password" not in line] == [
        f"{at:>5} |     user: me" for at in (5, 9, 14, 19)
    ]
    assert seen[11] == "   12 |       - {file: /etc/id}"
    assert seen[19] == "   20 |   f: {password: {credential: wms}, user: me}"
    assert seen[-1] == f"{len(lines):>5} | y: z"
