"""Reading files in spite of their mistakes."""

from __future__ import annotations

import pytest

from exchange.config.loader import Loaded, load_bytes
from exchange.config.mending import mended_flow, mended_mapping
from exchange.config.models import Flow, Mapping

_DELIVER = 'deliver:\n  - {to: a, mapping: m, name: "n"}\n'


def flow(text: str) -> Loaded[Flow]:
    return mended_flow(load_bytes(text.encode(), "mappings/flows/orders.yaml", Flow))


def test_a_sound_file_is_left_alone() -> None:
    loaded = load_bytes(f"flow: orders\npick_up: [{{from: a, mapping: m}}]\n{_DELIVER}".encode(), "f.yaml", Flow)
    assert mended_flow(loaded) is loaded


def test_wrong_entries_are_left_out_and_the_others_keep_their_places() -> None:
    text = (
        "flow: orders\nsetle: 1\npick_up:\n  - {from: a}\n  - {from: b, mapping: m, settle: soon}\n"
        f"  - {{frm: c, mapping: m}}\n{_DELIVER}"
    )
    made = flow(text)
    assert made.value is not None
    assert [pick_up.from_ for pick_up in made.value.pick_up] == ["b", "c"]
    assert made.parsed.place(("pick_up", 0, "from")) == (5, 12)
    assert made.parsed.place(("pick_up", 1, "from")) == (6, 11)
    assert made.parsed.place(("deliver", 0, "to")) == (8, 10)


@pytest.mark.parametrize("name", ["", "flow: 012\n", "flw: orders\n"])
def test_a_flow_is_called_like_its_file_where_it_does_not_say_so(name: str) -> None:
    made = flow(f"{name}pick_up: [{{from: a, mapping: m}}]\n{_DELIVER}")
    assert made.value is not None
    assert made.value.flow == "orders"


def test_a_misspelt_list_is_taken_for_what_is_meant() -> None:
    made = flow('flow: orders\npickup: [{from: a, mapping: m}]\ndelivr: [{to: a, mapping: m, name: "n"}]\n')
    assert made.value is not None
    assert made.parsed.place(("deliver", 0, "to")) == (3, 15)


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "flow: orders\n", "flow: orders\npick_up: []\ndeliver: []\n", "a: [\n"]
)
def test_too_little_is_left(text: str) -> None:
    assert flow(text).value is None


def test_aliases_of_what_is_left_out_stay() -> None:
    made = flow(
        "flow: orders\npick_up:\n  - &a {from: a, mapping: m, x: 1}\n  - *a\n  - {from: b, mapping: m}\n" + _DELIVER
    )
    assert made.value is not None
    assert [pick_up.from_ for pick_up in made.value.pick_up] == ["a", "a", "b"]


@pytest.mark.parametrize(
    ("field", "fields"),
    [("{form: A}", ["x"]), ("{form: A, from: B}", None), ("{from: A, qqq: B}", None), ("{from: NO, form: B}", None)],
)
def test_of_a_mapping_only_spelling_is_put_right(field: str, fields: list[str] | None) -> None:
    text = f"reads: order\nformat: {{type: csv}}\nfields:\n  x: {field}\n"
    made = mended_mapping(load_bytes(text.encode(), "m.yaml", Mapping)).value
    assert (None if made is None else list(made.fields)) == fields
