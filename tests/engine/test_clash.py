"""Documents that cannot stand together: found by their place in the file, refused with each other's names."""

from __future__ import annotations

import numpy as np
import pytest

from exchange.engine.clash import Clash, Clashed, clashes_of, ensure_no_clash
from exchange.kernel.pipeline import Unfit


def test_entries_of_a_file_are_documents_of_spans() -> None:
    sources = [(0, np.array([4, 4, 7])), (2, np.array([0]))]

    found = clashes_of("wms", [Unfit("twice", (0, 1, 3)), Unfit("nowhere", (2,))], sources)

    assert found == [Clash("wms", "twice", ((0, 4), (2, 0))), Clash("wms", "nowhere", ((0, 7),))]


def test_a_clash_is_raised_and_says_which() -> None:
    ensure_no_clash([])
    with pytest.raises(Clashed, match="wms: twice"):
        ensure_no_clash([Clash("wms", "twice", ((0, 0),))])
