"""The check of `exchange check` that holds what a template writes against the XSD, before any document comes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from exchange.assemble.lint_ways import Way, ways
from exchange.checks.xsd import XsdCheck
from exchange.config.files import Files
from exchange.config.formats import XmlFormat
from exchange.config.workspace import template_file, xsd_file
from exchange.formats.template.check import template_mistakes
from exchange.formats.template.trial import trial
from exchange.kernel.errors import ConfigurationError, Mistake

_SHAPE = re.compile(r"Missing child|not expected|required but missing|not well-formed|No matching global")
"""What libxml2 says of shape: it does not depend on the texts of a record."""
_CODE = "XSD_NOT_FILLED"


def demanded(files: Files) -> Iterator[Mistake]:
    """Yield what an XSD demands that the template does not write, or writes from what nothing fills."""
    for way in ways(files):
        form = way.writes.format
        if isinstance(form, XmlFormat) and form.template in files.templates and form.schema_ in files.xsds:
            yield from _Trial(files, way, form).mistakes()


class _Trial:
    """One template and its XSD, with records made up."""

    def __init__(self, files: Files, way: Way, form: XmlFormat) -> None:
        self._way, self._form = way, form
        self._source = (files.root / template_file(form.template)).read_text(encoding="utf-8")
        self._xsd = files.root / xsd_file(form.schema_)

    def mistakes(self) -> Iterator[Mistake]:
        writes = self._way.writes
        if template_mistakes(self._source, writes.fields, writes.lines, writes.totals):
            return  # told where they stand
        try:
            check = XsdCheck(self._xsd)
        except ConfigurationError:
            return  # told where it is compiled
        whole = self._faults(check)
        yield from self._unwritten(whole)
        yield from self._blanks(check, whole)

    def _unwritten(self, whole: dict[str, str]) -> Iterator[Mistake]:
        for place, reason in whole.items():
            if _SHAPE.search(reason):
                what = f"even with every field filled, {self._form.schema_} refuses the file: {_said(place, reason)}"
                instead = f"correct templates/{self._form.template}"
                yield self._way.target.mistake(("format", "template"), what, instead, key=False, code=_CODE)

    def _blanks(self, check: XsdCheck, whole: dict[str, str]) -> Iterator[Mistake]:
        for level in ("fields", "lines"):
            # A required one is an error already.
            for name, field in ((name, field) for name, field in self._way.blank(level) if not field.required):
                for place, reason in self._faults(check, f"{level}.{name}").items():
                    if place not in whole:
                        yield self._blank((level, name, "from"), " or ".join(field.from_), _said(place, reason))

    def _blank(self, path: tuple[str, ...], sources: str, said: str) -> Mistake:
        what = f"{self._way.inbound} fills no {sources}, and {self._form.schema_} refuses a blank {path[1]}: {said}"
        instead = f"fill it in mappings/{self._way.inbound}.yaml, or leave the element out in the template"
        return self._way.target.mistake(path, what, instead, key=False, code=_CODE)

    def _faults(self, check: XsdCheck, *blank: str) -> dict[str, str]:
        """Return place -> reason of each fault of a record; nothing where the template cannot write one."""
        writes = self._way.writes
        made = trial(self._source, tuple(writes.fields), tuple(writes.lines), writes.totals, blank)
        found = (said.partition(": ") for said in (check.validate(made) if made is not None else ()))
        return {place if reason else "": reason or place for place, _, reason in found}


def _said(place: str, reason: str) -> str:
    return f"{place}: {reason}" if place else reason
