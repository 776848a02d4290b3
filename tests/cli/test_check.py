"""`exchange check`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from exchange.cli.main import run
from exchange.config.scaffold import write_starter
from tests.assemble.edits import edit


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_starter(tmp_path)
    return tmp_path


def test_a_sound_workspace(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--workspace", str(root)]) == 0
    said = capsys.readouterr()
    assert said.out == "ok: 1 flow, 3 mappings, 2 schemas, 1 template, 3 tables\n"
    assert re.fullmatch(r"\d+ notes not shown: exchange check --notes\n", said.err)


def test_mistakes_are_lines_on_stdout_and_the_sum_is_on_stderr(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = root / "mappings/exchange.yaml"
    settings.write_text("endpoints:\n  shopfy: {path: 012}\n  wms: {path: a}\n  erp: {path: b}\n", encoding="utf-8")
    (root / "mappings/tables/packs.csv").write_text("a,a\n", encoding="utf-8")
    assert run(["check", "--workspace", str(root)]) == 5
    said = capsys.readouterr()
    assert 'mappings/exchange.yaml:2:18: 012 is a number to YAML; put quotes around it: "012"' in said.out.splitlines()
    assert "mappings/tables/packs.csv:1:1: column 'a' occurs twice; rename or remove one of them" in said.out
    assert said.err.endswith(" files\n")


def test_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "mappings/flows/orders.yaml").rename(root / "mappings/flows/order.yaml")
    (root / "mappings/flows/orders_test.yaml").unlink(missing_ok=True)
    assert run(["check", "--workspace", str(root), "--json"]) == 5
    said = capsys.readouterr()
    [mistake] = map(json.loads, said.out.splitlines())
    assert mistake == {
        "file": "mappings/flows/order.yaml",
        "line": 3,
        "column": 7,
        "what": "flow 'orders' is not the file's name",
        "instead": "write `flow: order`",
        "code": "FLOW_NAME",
        "severity": "error",
    }
    assert said.err.endswith("1 mistake in 1 file\n")


def test_json_of_a_sound_workspace_has_no_lines(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--workspace", str(root), "--json"]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[-1].startswith("ok: ")


def test_a_finding_is_shown_with_its_place_its_code_and_the_line_put_right(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(root, "mappings/flows/orders.yaml", "to: erp,", "to: erpp,")
    assert run(["check", "--workspace", str(root)]) == 5
    said = capsys.readouterr()
    first, shown, caret, fixed = said.out.splitlines()
    assert re.fullmatch(r"mappings/flows/orders\.yaml:\d+:10: unknown endpoint 'erpp'; did you mean 'erp'\?", first), (
        "the line that issue 2 promised"
    )
    assert shown.endswith('|   - {to: erpp, folder: orders, mapping: erp/orders, name: "SO_{claim}.csv"}')
    assert caret.rstrip() == "      | " + " " * 9 + "^^^^ error UNKNOWN_ENDPOINT"
    assert fixed.endswith('+ |   - {to: erp, folder: orders, mapping: erp/orders, name: "SO_{claim}.csv"}')
    assert "`exchange explain UNKNOWN_ENDPOINT` tells more" in said.err


def test_warnings_are_told_and_fail_only_where_it_is_strict(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "mappings/tables/spare.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert run(["check", "--workspace", str(root)]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "mappings/tables/spare.csv: warning: no mapping looks anything up in this table; "
        "use it in a step `lookup`, or remove it",
        "      = warning UNUSED_TABLE",
        "ok: 1 flow, 3 mappings, 2 schemas, 1 template, 4 tables, 1 warning",
    ]
    assert run(["check", "--workspace", str(root), "--strict"]) == 5
    assert capsys.readouterr().err.endswith("1 warning\n")


def test_notes_are_told_on_request(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--workspace", str(root), "--notes", "--strict", "--format", "json"]) == 0
    notes = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {(note["code"], note["severity"]) for note in notes} == {("UNUSED_COLUMN", "note")}
    assert "no mapping reads column 'Vendor'" in {note["what"] for note in notes}


def test_github_annotations(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(root, "mappings/flows/orders.yaml", "settle: 10s", "settle: 100%")
    edit(root, "mappings/flows/orders.yaml", "when: {payment_status: [paid]}", "when: {payment_status: [voided]}")
    (root / "mappings/tables/a,b.csv").write_text("a,b\n1\n", encoding="utf-8")
    assert run(["check", "--workspace", str(root), "--format", "github"]) == 5
    wrong, unmet, *tables = capsys.readouterr().out.splitlines()
    assert wrong.startswith("::error file=mappings/flows/orders.yaml,title=INVALID_VALUE,line=")
    assert wrong.endswith("::'settle' cannot be '100%25'; expected a duration such as 10s, 5m or 2h")
    assert unmet.startswith("::warning file=mappings/flows/orders.yaml,title=UNREACHABLE_WHEN,line=")
    place = "::error file=mappings/tables/a%2Cb.csv,title=TABLE_INVALID,line=2,col=1::"
    assert any(table.startswith(place) for table in tables)


def test_a_secret_is_found_and_never_shown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(
        root,
        "mappings/exchange.yaml",
        "endpoints:\n",
        "ledger: postgresql://ex:hunter2@db/ledger\nendpoints:\n"
        '  a: {type: sftp, host: a, user: u, password: hunter2, "pasword": hunter2, prot: 22}\n'
        "  b: {type: sftp, host: b, user: u, key: hunter2}\n"
        "  c:\n    type: sftp\n    host: c\n    user: u\n    password:\n"
        "      - {env: C}\n      - hunter2\n    prot: 22\n",
    )
    edit(root, "mappings/flows/orders.yaml", "repeat: change", "repeat: change\n  api_token: hunter2")
    for form in ("text", "json", "github"):
        assert run(["check", "--workspace", str(root), "--format", form]) == 5
        said = capsys.readouterr()
        assert "hunter2" not in said.out + said.err
        assert said.out.count("SECRET_LITERAL") == 5
    assert run(["run", "--workspace", str(root)]) == 5
    said = capsys.readouterr()
    assert "hunter2" not in said.out + said.err


def test_references_of_a_flow_with_mistakes_are_checked(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flow = "mappings/flows/orders.yaml"
    edit(root, flow, "settle: 10s", "setle: 10")
    edit(root, flow, "to: wms,", "to: wmss, nmae: x,")
    edit(root, flow, "mapping: erp/orders", "mapping: erp/ordrs")
    assert run(["check", "--workspace", str(root), "--json"]) == 5
    codes = [json.loads(line)["code"] for line in capsys.readouterr().out.splitlines()]
    assert sorted(codes) == ["UNKNOWN_ENDPOINT", "UNKNOWN_KEY", "UNKNOWN_KEY", "UNKNOWN_MAPPING"]


def test_a_value_that_its_field_never_has(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = "mappings/shopify/orders.yaml"
    edit(root, file, "currency: {from: Currency, steps: [strip, upper]}", "currency: {steps: [{constant: EURO}]}")

    assert run(["--workspace", str(root), "check"]) == 5

    said = capsys.readouterr()
    assert f"{file}:29:33: currency is never 'EURO'; did you mean 'EUR'?" in said.out + said.err
