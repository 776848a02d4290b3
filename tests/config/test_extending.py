"""A base and what is written over it, as data; tests/flows/test_extends.py goes through check, run and show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from exchange.config.extending import bases, extended, known, told_of, told_once
from exchange.config.yamltext import Elsewhere, Parsed, parse
from exchange.kernel.errors import Mistake


def put(root: Path, **texts: str) -> None:
    for name, text in texts.items():
        path = root / "mappings" / "a" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def made(root: Path, name: str) -> Parsed:
    file = f"mappings/a/{name}.yaml"
    return extended(root, file, parse((root / file).read_bytes()))


def test_maps_merge_and_the_rest_replaces(tmp_path: Path) -> None:
    put(
        tmp_path,
        base="one: 1\ntwo: {a: x, b: [1, 2], c: {d: y}}\nthree: gone\n",
        over="extends: a/base\ntwo: {b: [3], c: {e: z}, a: null}\nthree: ~\nfour: new\n",
    )

    found = made(tmp_path, "over")

    assert found.data == {"extends": "a/base", "one": 1, "two": {"b": [3], "c": {"d": "y", "e": "z"}}, "four": "new"}
    assert found.faults == ()
    assert found.keys[("two", "c", "d")] == (2, 28)
    assert isinstance(found.keys[("two", "c", "d")], Elsewhere)
    assert not isinstance(found.keys[("two", "c", "e")], Elsewhere)
    assert ("three",) not in found.keys
    assert found.place(("two",), key=True) == (2, 1)


def test_files_below_a_mapping_the_nearest_first(tmp_path: Path) -> None:
    put(
        tmp_path,
        one="x: y\n",
        two="extends: a/one\n",
        three="extends: a/two\n",
        loop="extends: a/loop\n",
        odd="extends: b\n",
    )

    assert list(bases(tmp_path, "a/three")) == ["mappings/a/two.yaml", "mappings/a/one.yaml"]
    assert [list(bases(tmp_path, name)) for name in ("a/one", "a/loop", "a/odd")] == [[], [], []]


def test_which_mappings_there_are(tmp_path: Path) -> None:
    put(tmp_path, orders="x: y\n", orders_test="x: y\n")
    for folder in ("flows", "schemas", ".schemas"):
        (tmp_path / "mappings" / folder).mkdir()
        (tmp_path / "mappings" / folder / "x.yaml").write_text("a: b\n", encoding="utf-8")

    assert known(tmp_path) == ["a/orders"]


@pytest.mark.parametrize("base", ["", "- a\n", "? [a]\n: b\n"])
def test_a_base_without_keys(tmp_path: Path, base: str) -> None:
    put(tmp_path, base=base, over="extends: a/base\n")

    found = made(tmp_path, "over")

    assert found.data is None
    assert found.faults


def test_mistakes_of_the_base_are_told_by_the_base() -> None:
    place = Elsewhere((3, 5), "b.yaml")
    file, what, via = told_of("a.yaml", place, "wrong")
    assert (file, what, via) == ("b.yaml", "wrong (in a.yaml, which extends this one)", "a.yaml")
    taken_over = Mistake(file, *place, what, "", via=via)
    assert told_once([taken_over]) == {taken_over}
    assert told_once([taken_over, Mistake("b.yaml", 3, 5, "wrong")]) == {Mistake("b.yaml", 3, 5, "wrong")}


KEYS = st.sampled_from("abc")
TREES = st.dictionaries(
    KEYS,
    st.recursive(st.sampled_from(["x", "y", ["x"], None]), lambda inner: st.dictionaries(KEYS, inner), max_leaves=6),
)


def expected(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return what the words of the page say, said once more in code."""
    found = dict(base)
    for key, value in over.items():
        if value is None:
            found.pop(key, None)
        elif isinstance(value, dict) and isinstance(base.get(key), dict):
            found[key] = expected(base[key], value)
        else:
            found[key] = value
    return found


@settings(max_examples=40, deadline=None)
@given(TREES, TREES)
def test_any_two_merge_as_the_page_says_and_every_key_has_its_place(
    tmp_path_factory: pytest.TempPathFactory, base: dict[str, Any], over: dict[str, Any]
) -> None:
    root = tmp_path_factory.mktemp("w")
    (root / "mappings/a").mkdir(parents=True)
    yaml = YAML()
    for name, data in (("base", {"z": "1", **base}), ("over", {"extends": "a/base", **over})):
        with (root / f"mappings/a/{name}.yaml").open("w", encoding="utf-8") as stream:
            yaml.dump(data, stream)

    found = made(root, "over")

    assert found.data == {"extends": "a/base", **expected({"z": "1", **base}, over)}
    paths = set(_paths(found.data, ()))
    assert {path for path in found.keys if all(isinstance(part, str) for part in path)} == paths
    assert paths <= set(found.values)


def _paths(data: object, path: tuple[str, ...]) -> Any:
    for key, value in data.items() if isinstance(data, dict) else ():
        yield (*path, key)
        yield from _paths(value, (*path, key))
