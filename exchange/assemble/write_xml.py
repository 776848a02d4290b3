"""Writes XML: records are documents, rendered by a template and validated by an XSD."""

from __future__ import annotations

from exchange.assemble.sources import Outbound
from exchange.checks.finished import FinishedXml
from exchange.checks.xsd import XsdCheck
from exchange.config.formats import XmlFormat
from exchange.config.workspace import template_file, xsd_file
from exchange.formats.template.writer import XmlTemplateWriter
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import Written


def xml_writer(out: Outbound, name: str) -> Written:
    """Return how the delivery called `name` is written."""
    written = out.mapping.format
    if not isinstance(written, XmlFormat) or out.xsd is None:
        raise ConfigurationError(f"{out.delivery.mapping}, which {name} uses, is no XML mapping")
    check = XsdCheck(out.xsd, xsd_file(written.schema_))
    writer = XmlTemplateWriter(
        out.template, template_file(written.template), name, check.validate, check.explain, totals=out.mapping.totals
    )
    if out.delivery.documents_per_file == 1:
        writer = writer.one_each()
    finished = FinishedXml(check, out.xsd, xsd_file(written.schema_))
    around = writer.around if writer.tells else None
    return Written(writer.header(), writer.footer(), writer.render, around=around, check=finished.check)
