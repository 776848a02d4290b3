"""The reference is Markdown that shows what is meant."""

from __future__ import annotations

import re

import pytest
from click import Group

from exchange.assemble.reference import reference
from exchange.cli.main import COMMANDS
from exchange.kernel.load import load

TEXT = reference()
START = TEXT.partition("\n## Steps")[0]


def test_every_table_is_rectangular() -> None:
    tables = re.findall(r"(?:^\|.*\|\n)+", TEXT, re.MULTILINE)

    assert len(tables) > 40
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def test_nothing_outside_of_code_looks_like_a_tag() -> None:
    outside = re.sub(r"`[^`\n]*`", "", TEXT)

    assert re.findall(r"<\w", outside) == []


def test_every_link_leads_to_a_heading() -> None:
    headings = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in re.findall(r"^#+ (.*)$", TEXT, re.M)
    }

    assert set(re.findall(r"\]\(#([^)]*)\)", TEXT)) <= headings


@pytest.mark.parametrize(
    "cells",
    [
        ("`pick_up[].channel`", "text", "", "Part of the business key; the endpoint's name where it is not written."),
        ("`guards`", "block", "", "When to wait for a person."),
        ('`{remove_prefix: "#"}`', '`"#1001"`', '`"1001"`'),
        ("`boolean`", '`"TRUE"`', "`true`"),
        ("`{map_values: {paid: P}}`", "`voided`", "VALUE_NOT_MAPPED"),
        ("`item_number`", "identifier", "", "What warehouse and ERP call the item"),
        ("`REQUIRED_MISSING`", "A required value is missing", "{field} is blank", "fill it"),
        ("4", "held by a guard: waits for a person"),
    ],
)
def test_lines_as_a_reader_sees_them(cells: tuple[str, ...]) -> None:
    assert f"\n| {' | '.join(cells)} |\n" in TEXT


def test_the_first_page_is_short_and_shows_commands_and_options_that_exist() -> None:
    assert len(START.split()) < 900, "ten minutes, with the typing"
    typed = [line.partition("#")[0].split() for line in re.findall(r"^exchange .*", START, re.MULTILINE)]
    assert [words[1] for words in typed][:5] == ["infer", "schema", "check", "show", "test"]
    for words in typed:
        command = load(COMMANDS[words[1]].target)
        for word in words[2:]:
            if isinstance(command, Group) and word in command.commands:
                command = command.commands[word]
        known = {name for option in command.params for name in option.opts}
        assert {word for word in words if word.startswith("--")} <= known, words
