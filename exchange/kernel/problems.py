"""A problem: one thing wrong with the data, as a value; its words come from the catalogue."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from exchange.kernel.catalogue import CATALOGUE, Scope, Severity
from exchange.kernel.limits import MISTAKE_VALUE
from exchange.kernel.plural import filled


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: what, where, and what to do about it."""

    code: str
    """A key of the catalogue."""
    file_line: int | None = None
    """1-based physical line where the record starts."""
    record: int | None = None
    """0-based ordinal of the record in its file."""
    field: str | None = None
    """Source column where one is known, else the document's or the target's field."""
    value: str | None = None
    """The cell's text as it was found."""
    detail: Mapping[str, object] = dataclasses.field(default_factory=dict)
    """What the catalogue's message needs beyond field and value."""
    level: Severity | None = None
    """Overrides the catalogue's severity where a rule says `warn`."""

    @property
    def severity(self) -> Severity:
        """Error (the record is rejected) or warning (it goes on)."""
        return self.level or CATALOGUE[self.code].severity

    @property
    def scope(self) -> Scope:
        """What is at fault: a record, a document or the file."""
        return CATALOGUE[self.code].scope

    @property
    def message(self) -> str:
        """What is wrong, in one clause."""
        return self._fill(CATALOGUE[self.code].message)

    @property
    def remedy(self) -> str:
        """What to do, in one clause."""
        return self._fill(CATALOGUE[self.code].remedy)

    def _fill(self, template: str) -> str:
        if "{" not in template:
            return template
        shown = self.value
        if shown is not None and len(shown) > MISTAKE_VALUE:
            shown = shown[:MISTAKE_VALUE] + "…"
        return filled(template, {"field": self.field, "value": shown, **self.detail})
