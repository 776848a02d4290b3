"""The problems of a file that is rejected whole before its records are looked at: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry

FILE_ENTRIES = (
    Entry(
        "POISON_FILE",
        "file",
        "Work on the file died again and again",
        "work on the file was ended {times} {times:time|times} by a crash or a bug",
        "look for the reason in the messages of those runs (out of memory, a bug); then drop the file again",
        why="A file that kills the program each time would keep all others waiting. After `tries` of the pick-up it is "
        "rejected whole: the original is in the archive, nothing of it was delivered.",
    ),
    Entry(
        "COPY_LOST",
        "file",
        "The copy of the file is gone, and so is the file",
        "the working copy of the file is gone from data/state/work, and the file no longer lies where it was picked "
        "up, or is another one by now",
        "drop the file again, as its sender has it; keep clean-up jobs and people out of data/state",
        why="A run works on a copy of its own, and takes it again from where the file lies when somebody removed it. "
        "Where the file is gone too, or another one has its name, nothing is left to work on: nothing of it was "
        "delivered, and the same file is taken when it comes again.",
    ),
    Entry(
        "ARCHIVE_UNREADABLE",
        "file",
        "The archive cannot be unpacked",
        "the archive is damaged, cut off or written in an unusual way: {reason}",
        "pack it again as .gz or as a plain .zip (stored or deflated), and send it again",
    ),
    Entry(
        "ARCHIVE_EMPTY",
        "file",
        "Nothing in the archive is wanted",
        "no file in the archive fits `match` of a pick-up of its folder ({skipped} {skipped:other|others})",
        "look at the names in the archive, or at `match`",
    ),
    Entry(
        "ARCHIVE_TOO_LARGE",
        "file",
        "Too much comes out of the archive",
        "more than {limit} bytes come out of the archive",
        "send it in smaller archives, or unpack it by hand and drop the files",
        why="A small archive can hold more than a disk. The bytes that come out are counted, whatever its header says.",
    ),
    Entry(
        "ARCHIVE_TOO_DENSE",
        "file",
        "The archive is packed too densely",
        "more than {limit} bytes come out of each byte of the archive, as in an archive made to fill a disk",
        "if it is what the partner meant to send, unpack it by hand and drop the files",
    ),
    Entry(
        "ARCHIVE_TOO_MANY",
        "file",
        "Too many files in the archive",
        "the archive holds more than {limit} files",
        "send it in smaller archives, or unpack it by hand and drop the files",
    ),
    Entry(
        "ARCHIVE_NESTED",
        "file",
        "An archive in the archive",
        "the archive holds another one, {name}",
        "unpack it by hand and drop the files",
    ),
    Entry(
        "ARCHIVE_ENCRYPTED",
        "file",
        "The archive is encrypted",
        "{name} in the archive is encrypted",
        "ask the partner to send it without a pass phrase, over a connection that is encrypted instead",
    ),
    Entry(
        "ARCHIVE_UNSAFE_NAME",
        "file",
        "A name in the archive leads elsewhere",
        "the archive holds {name}: a name that leads out of its folder, a link, or no printable name",
        "ask the partner how the archive was made; it may be an attack",
        why="Unpacked carelessly, such a member is written over files of this machine. Nothing of it is unpacked.",
    ),
)
