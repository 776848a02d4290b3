"""The part of the reference that people read who teach the product a format: how, shown by JSON Lines."""

from __future__ import annotations

ADDING = """\
## Adding a format

Spans, threads, grouping, decisions, rejects and conservation are the same for every format, because each is read as
CSV: a reader *flattens* the file once, streaming, into a CSV copy beside it (`<file>.flat.csv`), and remembers for each
row the line that it came from and what is wrong with it. So a format is one module that flattens (and one that writes,
if it goes out as well), its keys, and a row in a table. JSON Lines, as it is in `exchange/`:

1. **Its keys**: a model in `config/formats.py`, added to `Format` at the end of that file. The text below each key is
   its documentation; `nests` says that a record becomes several rows, so that `_record` starts a document.

   ```python
   class JsonlFormat(FileFormat):
       type: Literal["jsonl"] = "jsonl"
       lines: str = ""
   ```

2. **Flattening**: a callable in `formats/jsonl/flatten.py` that gets the path and a `FlatCopy`. It writes the header
   and then one row for each line of a record; the record's own cells stand on its first row, the key on each. A record
   that cannot become a row is kept as it came, with its problem and, where that is known, its document. What is wrong
   with the file as a whole is yielded; with an error among that the file is rejected whole.

   ```python
   def __call__(self, path: Path, copy: FlatCopy) -> Iterable[Problem]:
       copy.header(self.wanted)
       for number, line in enumerate(lines, start=1):
           read = parsed(line)
           if isinstance(read, Problem):
               copy.add_broken(line, number, read)
           else:
               copy.add([read.get(name) for name in copy.columns], number)
   ```

3. **Reading**: `assemble/read_jsonl.py` puts both together: `flat_reader(JsonLines(...), DelimitedReader(...))`, and
   `FlatSetAside()`, by which rejects and held rows are CSV that a person opens in a spreadsheet and drops back.

4. **Writing**: `formats/jsonl/writer.py` has one method, `render`: columns of a span's documents in, the bytes of each
   document and the cells that cannot be written out. `assemble/write_jsonl.py` makes a `Written` of it. A format whose
   files are no sequence of documents (a workbook, a trailer that counts) gives `Written` a `pack`, which makes the
   delivered file of the finished rows.

5. **Its rows** in `assemble/plan.py`:

   ```python
   READERS = {"jsonl": "exchange.assemble.read_jsonl:jsonl_reader", ...}
   WRITERS = {"jsonl": "exchange.assemble.write_jsonl:jsonl_writer", ...}
   ```

A format that only one project needs is added without an edit of the product: see [EXTENDING.md](EXTENDING.md).

New problem codes go into `kernel/catalogue_formats.py`. The tests that every format has: a round trip (what is written
is read again, equal) and the same orders through the front door (`tests/flows/formats.py`: one more line there).
"""
