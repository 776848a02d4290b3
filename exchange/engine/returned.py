"""What comes back of rejects: row by row against what was given out, and only what a person means to be taken.

A file that says `_reject_id` for known rejects is put into the order and the columns in which the rows were given out,
whatever program it came through, and is read from there as any file of the mapping is.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from exchange.engine.damage import verdict
from exchange.engine.dropped import dropped_by
from exchange.engine.house import House
from exchange.engine.originals import original
from exchange.kernel.catalogue_fulfilment import FULFILMENT_ENTRIES
from exchange.kernel.catalogue_life import LIFE_ENTRIES
from exchange.kernel.catalogue_stock import STOCK_ENTRIES
from exchange.kernel.layout import REJECT_COLUMNS, Survey
from exchange.kernel.model import Claim, Origin
from exchange.kernel.pipeline import Machine
from exchange.kernel.plan import Plan
from exchange.kernel.plural import many, which
from exchange.kernel.problems import Problem
from exchange.kernel.reject_book import ACTION, ACTIONS, PROBLEMS, REASON, Books, ReturnedFile, ReturnedRow
from exchange.kernel.reject_rows import RejectRow
from exchange.kernel.returned import CellChange, TakenBack, Waiver

_ID, _LINE = REJECT_COLUMNS[:2]
_ADDED = frozenset((*REJECT_COLUMNS, ACTION, REASON, PROBLEMS))
_FIX, _SKIP, _WAIVE = ACTIONS
_TOO_LONG = "(too long for a spreadsheet:"
_SHOWN = 5
_CHANCE = frozenset(entry.code for entry in (*LIFE_ENTRIES, *FULFILMENT_ENTRIES, *STOCK_ENTRIES)) | {
    "REJECT_OF_ANOTHER",
    "REPEAT_CHANGED",
    "XSD_NOT_TOGETHER",
}
"""What depends on more than the rows: they are tried again as they are."""
Cells = dict[str, str]


@dataclass(slots=True)
class _Row:
    """One row on its way back."""

    line: int
    """In the file that came back."""
    cells: Cells
    was: Cells | None
    """As it was given out; None where nobody knows."""
    extra: tuple[str, ...] = ()
    """Cells behind the last column."""
    problems: tuple[Problem, ...] = ()
    here: bool = True
    """Whether it is in the file that came back."""
    given: str = ""
    """Its line in the source file."""


@dataclass(slots=True)
class _Group:
    """The rows of one reject."""

    id: str
    reject: RejectRow | None
    rows: list[_Row] = field(default_factory=list)
    action: str = _FIX
    reason: str = ""
    """Why nobody needs it."""
    changes: list[CellChange] = field(default_factory=list)
    respelt: int = 0
    restored: int = 0

    @property
    def damaged(self) -> bool:
        return any(row.problems for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Given:
    """What was given out by one claim."""

    columns: tuple[str, ...]
    before: str
    rows: Mapping[str, list[tuple[str, Cells]]]
    """Reject -> (`_line`, cells) of its rows, in order."""
    versions: Mapping[str, str]


def taken_back(house: House, claim: Claim, plan: Plan, machine: Machine) -> Survey | None:
    """Return the survey of a file of rejects that came back; None where the file is no such file."""
    if machine.books is None:
        return None
    source = house.work.source(claim.id)
    file = machine.books.read(source)
    if isinstance(file, Problem):
        return Survey(None, (file,))
    if file is None:
        return None
    at = file.columns.index(_ID)
    ids = dict.fromkeys(row.cells[at].strip() for row in file.rows if len(row.cells) > at and row.cells[at].strip())
    rejects = {each: reject for each in ids if (reject := house.ledger.rejects.get(each)) is not None}
    if not any(_own(reject, claim) for reject in rejects.values()):
        others = ", ".join(sorted({reject.flow for reject in rejects.values()} - {claim.flow}))
        reason = "none of its rows is one of a reject of this flow; "
        reason += f"they are of flow {others}: drop it there" if others else "the first row has to say _reject_id"
        refused = Problem("NOT_A_CORRECTION", file_line=1, detail={"reason": reason})
        return Survey(None, (refused,)) if file.workbook else None
    given = _given(house, machine.books, rejects)
    columns, lost, added = _columns(file, given)
    if file.unreadable or lost:
        more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
        reason = file.unreadable or f"the column {lost[0]!r} is gone{more}"
        return Survey(None, (Problem("NOT_A_CORRECTION", file_line=1, detail={"reason": reason}),))
    groups = _groups(file, columns, given, rejects)
    for group in groups:
        told = house.ledger.rejects.problems(group.id) if group.reject else []
        _compare(group, machine.books, {(str(problem.file_line), problem.field) for problem in told})
    back = _Back(house, claim, plan, given, added)
    taken = [group for group in groups if back.takes(group)]
    before = next((each.before for each in given.values()), file.before)
    put = _Put(machine.books, source.with_name("returned.csv"), columns, before)
    return _survey(machine, put, (taken, back.said()))


@dataclass(frozen=True, slots=True)
class _Put:
    """Where and how rows are put for the mapping's reader."""

    books: Books
    path: Path
    columns: tuple[str, ...]
    before: str


def _own(reject: RejectRow, claim: Claim) -> bool:
    return (reject.flow, reject.channel) == (claim.flow, claim.channel)


def _given(house: House, books: Books, rejects: Mapping[str, RejectRow]) -> dict[str, _Given]:
    """Return what was given out, by claim."""
    found = {}
    for claim in dict.fromkeys(reject.claim for reject in rejects.values()):
        known = original(house, claim, books)
        if known is None:
            continue
        sealed, file = known
        rows: dict[str, list[tuple[str, Cells]]] = {}
        own = [name for name in file.columns if name not in _ADDED]
        for row in file.rows:
            cells = dict(zip(file.columns, row.cells, strict=False))
            rows.setdefault(cells.get(_ID, ""), []).append((cells.get(_LINE, ""), {name: cells[name] for name in own}))
        found[claim] = _Given(tuple(own), file.before, rows, sealed.versions)
    return found


def _columns(file: ReturnedFile, given: Mapping[str, _Given]) -> tuple[tuple[str, ...], list[str], list[str]]:
    """Return the source's columns in the order in which they were given out, those that did not come back, and those
    that somebody added: notes of people, which change nothing.
    """
    own = list(dict.fromkeys(name for name in file.columns if name and name not in _ADDED))
    meant = list(dict.fromkeys(name for each in given.values() for name in each.columns))
    if not meant:
        return tuple(own), [], []
    return tuple(meant), [name for name in meant if name not in own], [name for name in own if name not in meant]


def _groups(
    file: ReturnedFile, columns: tuple[str, ...], given: Mapping[str, _Given], rejects: Mapping[str, RejectRow]
) -> list[_Group]:
    """Return the rows of each reject in the order in which they were given out; each row of none is one by itself."""
    groups: dict[str, _Group] = {}
    lines: dict[str, list[tuple[str, _Row]]] = {}
    for number, row in enumerate(file.rows):
        cells = dict(zip(file.columns, row.cells, strict=False))
        identity = cells.get(_ID, "").strip()
        group = groups.setdefault(identity or f" {number}", _Group(identity, rejects.get(identity)))
        group.action = _action(group.action, cells.get(ACTION, ""))
        group.reason = group.reason or cells.get(REASON, "").strip()
        own = {name: cells.get(name, "") for name in columns}
        extra = row.cells[len(file.columns) :]
        made = _Row(row.line, own, None, extra if any(extra) else ())
        lines.setdefault(group.id or f" {number}", []).append((cells.get(_LINE, "").strip(), made))
    for key, group in groups.items():
        origin = given.get(group.reject.claim) if group.reject else None
        was = origin.rows.get(group.id, []) if origin else []
        group.rows = list(_matched(group, lines[key], was))
    return list(groups.values())


def _action(before: str, said: str) -> str:
    """Return what is to be done with a document: the strongest word that one of its rows says."""
    word = said.strip().lower() or _FIX
    return max(before, word if word in ACTIONS else _SKIP, key=ACTIONS.index)


def _matched(group: _Group, came: list[tuple[str, _Row]], was: list[tuple[str, Cells]]) -> Iterator[_Row]:
    """Yield the rows of a document as they were given out: by their line, else by their place; what is gone too."""
    left = dict(enumerate(came))
    found: dict[int, _Row] = {}
    for place, (line, _) in enumerate(was):
        at = next((at for at, (said, _) in left.items() if said == line), None)
        if at is not None:
            found[place] = left.pop(at)[1]
    if not any(found) and len(left) == len(was) - len(found):  # `_line` was emptied or changed: the order still tells
        for place in range(len(was)):
            if place not in found and left:
                found[place] = left.pop(next(iter(left)))[1]
    for place, (line, cells) in enumerate(was):
        row = found.get(place)
        if row is None:
            group.restored += 1
            row = _Row(came[0][1].line, dict(cells), cells, here=False)
        row.was, row.given = cells, line
        yield row
    yield from (row for _, row in left.values())


def _compare(group: _Group, books: Books, bad: set[tuple[str, str | None]]) -> None:
    """Tell what a person changed; cells that the spreadsheet spoilt get their old content again.

    `bad`: (line in the source file, column) of cells that a person was asked to write in another way.
    """
    for row in group.rows:
        for name, new in row.cells.items():
            old = None if row.was is None else row.was.get(name, "")
            if old == new:
                continue
            if old is not None and new.startswith(_TOO_LONG):
                row.cells[name] = old
                continue
            found = verdict(old or "", new, asked=(row.given, name) in bad)
            odd = books.unwritable(new)
            why = f"{odd!r} does not exist in the encoding of these files" if odd else found.why
            if why:
                was = old or ""
                detail = {"was": was, "reason": why}
                row.problems += (Problem("CELL_DAMAGED", field=name, value=new, detail=detail),)
                row.cells[name] = was
            elif old is not None and found.kind != "changed":
                group.respelt += found.kind == "respelt"
                row.cells[name] = old
            elif old is not None:
                group.changes.append(CellChange(group.id, row.line, name, old, new))


@dataclass(slots=True)
class _Back:
    """Decides which documents are taken, and remembers what is said of the others."""

    house: House
    claim: Claim
    plan: Plan
    given: Mapping[str, _Given]
    added: list[str]
    """Columns that were not given out."""
    left: Counter[str] = field(default_factory=Counter)
    rows: int = 0
    names: dict[str, list[str]] = field(default_factory=dict)
    waived: list[Waiver] = field(default_factory=list)
    changes: list[CellChange] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    open: dict[str, str] | None = None
    """Document -> its open reject; None until somebody asks."""
    later: dict[str, str] = field(default_factory=dict)
    """Reject that is settled -> the one under which its document waits now."""
    respelt: int = 0
    restored: int = 0

    def takes(self, group: _Group) -> bool:
        """Tell whether the rows of a document are taken."""
        why = self._why_not(group)
        if group.reject is not None:
            self.seen.add(group.id)
        if not why:
            self.changes += group.changes
            self.respelt += group.respelt
            self.restored += group.restored
            return True
        self.left[why] += 1
        newer = f", now {self.later[group.id]}" if group.id in self.later else ""
        self.names.setdefault(why, []).append(group.id + newer)
        self.rows += sum(row.here for row in group.rows)
        return False

    def _why_not(self, group: _Group) -> str:
        reject = group.reject
        if reject is None:
            return ""  # a row of nobody's: judged as any other row
        if not _own(reject, self.claim):
            return f"of flow {reject.flow}, channel {reject.channel}, and not for this one"
        if reject.state != "open" and not self._again(reject):
            return self._settled(group, reject) if self._nothing_new(group) else ""
        if group.action == _WAIVE:
            return self._waive(group)
        if group.action == _SKIP:
            return "to be skipped: left open"
        return "not changed: left open" if self._unchanged(group, reject) else ""

    def _settled(self, group: _Group, reject: RejectRow) -> str:
        """Return what is said of a reject that is not open: its document may wait again, under another id."""
        if self.open is None:
            self.open = {each.document: each.reject_id for each in self.house.ledger.rejects.find(reject.flow)}
        later = self.open.get(reject.document) if reject.number else None
        if later is None:
            return "settled before: left out"
        self.later[group.id] = later
        return "rejected again since: left out; correct the reject file of that time"

    def _waive(self, group: _Group) -> str:
        who, why = self.house.by
        reason = group.reason or why
        if not reason:
            return f"to be waived, and {REASON} does not say why: left open"
        self.waived.append(Waiver(group.id, who or dropped_by(self.house.root, self.claim.source), reason))
        return "waived"

    def _again(self, reject: RejectRow) -> bool:
        """Tell whether this very correction settled it, and is replayed."""
        return self.claim.origin is Origin.REPLAY and reject.closed_by == self.claim.parent

    def _nothing_new(self, group: _Group) -> bool:
        """Tell whether the rows say what they said when they were given out, or what was taken from them since."""
        if group.damaged:
            return False
        taken = {(change.column, change.new) for _, change in self.house.ledger.rejects.changes(group.id)}
        return all((change.column, change.new) in taken for change in group.changes)

    def _unchanged(self, group: _Group, reject: RejectRow) -> bool:
        given = self.given.get(reject.claim)
        if given is None or group.changes or group.damaged or any(row.was is None for row in group.rows):
            return False
        # Another table or mapping may read the same rows in another way.
        return dict(given.versions) == dict(self.plan.files) and not _CHANCE.intersection(reject.codes)

    def said(self) -> TakenBack:
        """Return what is said of the file, once all documents were looked at."""
        notes = [
            f"{number:,} of {many(len(self.seen), 'reject')} in the file {which(number, 'is', 'are')} {why} "
            f"({_shown(self.names[why])})"
            for why, number in self.left.items()
        ]
        if self.changes:
            of = len({change.reject_id for change in self.changes})
            be = which(len(self.changes), "is", "are")
            notes.append(f"{many(len(self.changes), 'changed cell')} of {many(of, 'reject')} {be} logged")
        if self.respelt:
            hold = which(self.respelt, "holds", "hold")
            notes.append(f"{many(self.respelt, 'cell')} {hold} the same value written in another way: read as before")
        if self.added:
            named, be = many(len(self.added), "column"), which(len(self.added), "was", "were")
            notes.append(f"{named} that {be} not given out: left out ({_shown(self.added)})")
        if self.restored:
            notes.append(f"rows that are missing in the file: {self.restored:,}; taken as they were")
        return TakenBack(tuple(self.changes), tuple(self.waived), tuple(notes), self.rows, sum(self.left.values()))


def _shown(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")


def _survey(machine: Machine, put: _Put, made: tuple[list[_Group], TakenBack]) -> Survey:
    """Put the rows that are taken where the mapping's reader finds them, and return its survey."""
    groups, said = made
    blank = ("",) * (len(REJECT_COLUMNS) - 1)
    rows: list[ReturnedRow] = []
    lines, found = array("q"), dict[int, tuple[Problem, ...]]()
    for group in groups:
        for row in group.rows:
            cells = (*(row.cells[name] for name in put.columns), group.id, *blank, *row.extra)
            if row.problems:
                found[len(rows)] = tuple(replace(problem, file_line=row.line) for problem in row.problems)
            rows.append(ReturnedRow(row.line, cells))
            lines.append(row.line)
    put.books.put(put.path, ReturnedFile((*put.columns, *REJECT_COLUMNS), rows, put.before))
    survey = machine.reader.survey(put.path)
    problems = tuple(problem for problem in survey.problems if problem.code != "NO_RECORDS")
    layout = survey.layout and replace(survey.layout, lines=lines, found=found)
    return Survey(layout, problems, said)
