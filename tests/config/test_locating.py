"""Finding a workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.locating import find_workspace, flow_files
from exchange.kernel.errors import ConfigurationError

Write = Callable[..., Path]


def test_a_workspace_is_where_exchange_yaml_is(workspace: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    root = workspace()
    assert find_workspace(root) == root
    monkeypatch.chdir(root)
    assert find_workspace() == root


def test_elsewhere_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"is no workspace .*: run `exchange init .*` to make one"):
        find_workspace(tmp_path)


def test_flows_come_by_name_and_their_cases_are_none(workspace: Write) -> None:
    root = workspace({"mappings/flows/a.yaml": "", "mappings/flows/a_test.yaml": "", "mappings/flows/b.yml": ""})

    assert flow_files(root) == ["mappings/flows/a.yaml", "mappings/flows/orders.yaml"]
