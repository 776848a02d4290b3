"""Makes all that went out in a delivered file once more: the way that is open for every file."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_document import Unread, laid_out
from exchange.assemble.explain_moves import told_by
from exchange.assemble.explain_remake import Source, remake
from exchange.assemble.explain_works import Made, Original, Work
from exchange.kernel.document_rows import DocumentRow
from exchange.kernel.layout import Layout
from exchange.kernel.ledger import Ledger
from exchange.kernel.pipeline import Machine, machine_of
from exchange.kernel.plan import Plan


@dataclass(frozen=True, slots=True)
class Making:
    """What a delivered file is made once more with."""

    root: Path
    ledger: Ledger
    made: Made
    plan: Plan
    """That of today."""
    folder: Path
    """Where it is made; gone afterwards."""
    closing: ExitStack
    """Closed when all is told."""
    layouts: dict[Path, Layout] = field(default_factory=dict)
    """Of the originals that were surveyed."""

    @property
    def machine(self) -> Machine:
        """The plan's."""
        return machine_of(self.plan)

    def source(self, original: Original, rows: Sequence[DocumentRow], folder: Path) -> Source:
        """Return an original with what was told of some of its documents; raises NotShown where it cannot be read."""
        if original.path not in self.layouts:
            layout = self.closing.enter_context(laid_out(self.machine, original.path))
            if isinstance(layout, Unread):
                why = layout.problems[0].message
                raise NotShown(f"{original.path} cannot be read by the mapping of today: {why}")
            self.layouts[original.path] = layout
        told = told_by(self.ledger, self.machine.kind, original.teller, rows)
        return Source(original.claim, original.path, self.layouts[original.path], folder, told)


def whole(making: Making, originals: Sequence[Original]) -> Work:
    """Return a delivered file beside the same made once more; raises NotShown."""
    made, sources = making.made, []
    for number, original in enumerate(originals):
        own = making.folder / str(number)
        own.mkdir()
        sources.append(making.source(original, original.rows, own))
    again = remake(making.plan, made.sealed.claim, made.delivery.artifact, sources, making.folder)
    if again.artifact is None:
        raise NotShown(f"the flow and mappings of today make no file like {made.delivery.artifact.name}")
    file = making.folder / again.artifact.work_path
    return Work(making.root, made, making.plan, again.target, again, sources, file)
