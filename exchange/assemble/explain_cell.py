"""Walks back from a place in a delivered file to the cells of the partner's file that it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from exchange.assemble.explain_cell_rows import entry_at, field_at, field_of
from exchange.assemble.explain_cell_xml import element_at
from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_document import OneDocument, of_ranges
from exchange.assemble.explain_element import Record
from exchange.assemble.explain_inbound import inbound
from exchange.assemble.explain_near import near
from exchange.assemble.explain_outbound import Outbound, outbound
from exchange.assemble.explain_remake import Entry
from exchange.assemble.explain_shown import Shown
from exchange.assemble.explain_spot import spot
from exchange.assemble.explain_whole import Making, whole
from exchange.assemble.explain_works import Place, Work, made_of, originals_of
from exchange.assemble.plan import load_plan
from exchange.assemble.sources import version_of
from exchange.config.formats import CsvFormat, FixedFormat, JsonlFormat, XmlFormat
from exchange.config.workspace import load_flows
from exchange.engine.house import pick_up_of
from exchange.engine.line_numbers import as_before
from exchange.kernel.claim_rows import Delivery
from exchange.kernel.ledger import Ledger
from exchange.kernel.model import Claim
from exchange.kernel.pipeline import machine_of

RAW_BYTES = 2_000
"""Most bytes of a record that are told."""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record of the partner's file as it lies there."""

    line: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cell:
    """What a place in an output file was made of."""

    what: str
    """The field, or the path of the element."""
    text: str | None
    """What stands there."""
    document: str
    kind: str
    part: int
    """Which part of the document, from 1."""
    delivery: Delivery
    claim: Claim
    """Of the partner's file."""
    original: Path
    """Where that lies now."""
    records: tuple[RawRecord, ...]
    fields: tuple[Shown, ...]
    """The fields it was made of; none where a template writes it by itself."""
    versions: Mapping[str, str]
    """File of the workspace -> its version when the file was made; empty where nobody noted it."""
    changed: tuple[str, ...]
    """Those that are of another version by now."""
    notes: tuple[str, ...]


def cell(root: Path, ledger: Ledger, place: Place, *, near_by: bool = True) -> Cell:
    """Return what a place of a delivered file was made of; raises NotShown, ConfigurationError.

    `near_by`: where it is enough, only what stands around the place is made once more; the answer is the same.
    """
    made = made_of(root, ledger, place.file)
    originals, claim = originals_of(root, ledger, made), made.sealed.claim
    flows = load_flows(root).flows
    if claim.flow not in flows:
        raise NotShown(f"flow {claim.flow}, which made the file, is not in this workspace any more")
    flow = flows[claim.flow]
    plan = replace(load_plan(root, flow, pick_up_of(flow, claim)), channel=claim.channel)
    with ExitStack() as closing:
        folder = Path(closing.enter_context(TemporaryDirectory(prefix="exchange-trace-")))
        making = Making(root, ledger, made, plan, folder, closing)
        found = near(making, originals, place) if near_by else None
        if found is not None:
            with suppress(NotShown):  # the whole tells why, in the words of the file's own lines
                return _cell(*found)
        return _cell(whole(making, originals), place)


def _cell(work: Work, place: Place) -> Cell:
    if isinstance(work.outbound.format, XmlFormat):
        return _element(work, place)
    where = spot(work.outbound, work.content, place.line, place.column)
    entry, row = entry_at(work, where)
    one, made = _document(work, entry)
    shown = field_at(work, made, entry.part, (row, where))
    text = shown.value if where.text is None else where.text or None
    return _told(work, entry, one, (where.field, text, [shown]))


def _element(work: Work, place: Place) -> Cell:
    entry, element = element_at(work, place)
    one, made = _document(work, entry)
    out = work.plan.sources.outbound[work.target]
    record = Record(out, machine_of(work.plan).targets[work.target], made.handed, entry.part)
    fields = [field_of(made, entry.part, feed.line, feed.field) for feed in record.feeds(element)]
    return _told(work, entry, one, (element.path, element.text, fields))


def _document(work: Work, entry: Entry) -> tuple[OneDocument, Outbound]:
    """Read the document of an entry once more, alone, and tell how the target's fields came from it."""
    source = work.sources[entry.source]
    one = of_ranges(work.plan, source.layout, work.again.ranges(entry))
    read = inbound(work.root, work.plan.sources, one, str(source.path))
    moves = source.told.moves(one.prepared)
    one = replace(one, prepared=as_before(one.prepared, moves))
    return one, outbound(work.root, work.plan.sources, one, work.target, (read, work.plan.channel, moves))


def _told(work: Work, entry: Entry, one: OneDocument, found: tuple[str, str | None, list[Shown]]) -> Cell:
    sealed, source = work.made.sealed, work.sources[entry.source]
    now = version_of(work.root, [*sealed.versions, *work.plan.files])
    changed = tuple(sorted(file for file, version in sealed.versions.items() if now.get(file) != version))
    notes = list(work.made.notes)
    if not sealed.versions:
        notes.append("which configuration made it was not noted then: this is told by that of today")
    if not work.exact:
        notes.append("made once more by the configuration of today, the file is not the same byte for byte")
    if len(found[2]) == 1 and not found[0].startswith("/") and found[1] != found[2][0].value:
        notes.append(f"today {found[2][0].value!r} would stand there")
    number = one.prepared.header.column("_number")[0].as_py()
    lines = {shown.line for shown in found[2]} or {int(one.unpacked.positions.file_line[0])}
    return Cell(
        what=found[0],
        text=found[1],
        document=number,
        part=entry.part + 1,
        kind=one.machine.kind,
        delivery=work.made.delivery,
        claim=source.claim,
        original=source.path,
        records=tuple(_raw(work, one, source.path, lines)),
        fields=tuple(found[2]),
        versions=sealed.versions,
        changed=changed,
        notes=tuple(notes),
    )


def _raw(work: Work, one: OneDocument, path: Path, lines: set[int]) -> Iterator[RawRecord]:
    """Yield the records that begin on some lines of the partner's file, as they lie there."""
    form, positions = work.plan.sources.mapping.format, one.chunk.positions
    told: set[int] = set()
    for row, line in enumerate(positions.file_line.tolist()):
        if line not in lines or line in told:
            continue
        told.add(line)
        place = (int(positions.start[row]), int(positions.length[row]))
        if isinstance(form, CsvFormat) and one.layout.lines is None:
            data = one.machine.set_aside.raw_record(one.layout, *place)
        elif isinstance(form, CsvFormat | FixedFormat | JsonlFormat):
            with path.open("rb") as stream:
                data = next(islice(stream, line - 1, None), b"").rstrip(b"\r\n")
        else:
            data = b"".join(one.machine.set_aside.held_rows(one.layout, [place]))
        yield RawRecord(line, data[:RAW_BYTES])
