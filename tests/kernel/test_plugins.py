"""Entry points of other distributions: found by name, loaded when used, told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.kernel.plugins import FORMATS, STEPS, PluginError, added, clashes, failed, find, made, mend, part


def install(site: Path, name: str, entry_points: str) -> None:
    info = site / f"{name}-2.1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 2.1\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(entry_points, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on the path with two distributions."""
    install(tmp_path / "a", "alpha", "[exchange.steps]\nb = pathlib:Path\na = json:dumps\ntwice = json:dumps\n")
    install(
        tmp_path / "b",
        "beta",
        "[exchange.steps]\ntwice = json:loads\ngone = json:nothing\n[exchange.formats]\nf = x:y\n",
    )
    for name in ("a", "b"):
        monkeypatch.syspath_prepend(tmp_path / name)
    return tmp_path


def test_what_is_added_is_listed_without_being_loaded(site: Path) -> None:
    assert [each.name for each in added(STEPS)] == ["a", "b", "gone", "twice", "twice"]
    assert [each.shown for each in added(FORMATS)] == ["format 'f' of beta 2.1 (x:y)"]
    assert (site / "a").is_dir()


def test_one_is_found_by_its_name(site: Path) -> None:
    del site
    found = find(STEPS, "b", type)
    assert found is not None
    assert (found[0], found[1].distribution) == (Path, "alpha 2.1")
    assert find(STEPS, "nobody", type) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("twice", "two distributions add the step 'twice': alpha 2.1 and beta 2.1; uninstall one of them"),
        (
            "gone",
            r"step 'gone' of beta 2.1 \(json:nothing\) cannot be loaded: AttributeError: .*; mend beta, or uninstall",
        ),
        ("a", r"step 'a' of alpha 2.1 \(json:dumps\) is of type function, a type is needed; mend alpha"),
    ],
)
def test_what_cannot_be_used_says_whose_it_is(site: Path, name: str, said: str) -> None:
    del site
    with pytest.raises(PluginError, match=said):
        find(STEPS, name, type)


def test_names_that_cannot_be_reached(site: Path) -> None:
    del site
    assert [each.shown.partition(" (")[0] for each in clashes(STEPS, {"a"})] == [
        "step 'a' of alpha 2.1",
        "step 'twice' of alpha 2.1",
        "step 'twice' of beta 2.1",
    ]


def test_a_part_is_a_row_of_what_was_found(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del site
    monkeypatch.setattr(Path, "row", "json:dumps", raising=False)
    monkeypatch.setattr(Path, "none", "", raising=False)
    monkeypatch.setattr(Path, "bad", "json:nothing", raising=False)

    assert part(STEPS, "b", "row", type)[0]([1]) == "[1]"
    with pytest.raises(PluginError, match="has no none"):
        part(STEPS, "b", "none", type)
    with pytest.raises(PluginError, match="its bad 'json:nothing' cannot be loaded"):
        part(STEPS, "b", "bad", type)
    with pytest.raises(PluginError, match="nothing adds the step 'nobody' any more"):
        part(STEPS, "nobody", "row", type)


def test_one_that_fails_at_work(site: Path) -> None:
    del site
    entry = added(STEPS)[1]
    assert made(entry, type) is Path
    assert failed(entry, ValueError("no")).what == "step 'b' of alpha 2.1 (pathlib:Path) failed: ValueError: no"
    assert mend(entry) == "mend alpha, or uninstall it"
