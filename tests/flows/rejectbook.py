"""A clerk at a workbook of rejects: cells by row and column name, typed as text, saved as it is or by LibreOffice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import python_calamine as calamine
from lxml import etree

from tests.flows.shop import Ran, Shop

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_SHEET = "xl/worksheets/sheet1.xml"
Cells = Mapping[tuple[int, str], str]
"""(row of the sheet, column name) -> what is typed."""


def book_of(shop: Shop, ran: Ran) -> Path:
    """Return the workbook of the only file of a run."""
    [name] = [name for name in ran.row["rejects"] if name.endswith(".xlsx")]
    return shop.root / str(name)


def sheet(book: Path, name: str = "Rejects") -> list[list[str]]:
    """Return the cells of a sheet."""
    with calamine.CalamineWorkbook.from_path(str(book)) as opened:
        return [[str(cell) for cell in row] for row in opened.get_sheet_by_name(name).to_python()]


def typed(book: Path, target: Path, cells: Cells, *, numbers: Cells | None = None) -> Path:
    """Save a copy in which cells were typed: as text, or as numbers that the program made of them."""
    names = sheet(book)[0]
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            data = old.read(member)
            if member == _SHEET:
                root = etree.fromstring(data)
                for (row, column), value in cells.items():
                    _put(root, row, names.index(column), value, text=True)
                for (row, column), value in (numbers or {}).items():
                    _put(root, row, names.index(column), value, text=False)
                data = etree.tostring(root)
            new.writestr(member, data)
    return target


def _put(root: etree._Element, row: int, column: int, value: str, *, text: bool) -> None:
    [line] = [each for each in root.iter(f"{_NS}row") if each.get("r") == str(row)]
    reference = f"{_letters(column)}{row}"
    old = next((cell for cell in line if cell.get("r") == reference), None)
    cell = etree.Element(f"{_NS}c", {"r": reference, **({"s": old.get("s", "0")} if old is not None else {})})
    if text:
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{_NS}is"), f"{_NS}t").text = value
    else:
        etree.SubElement(cell, f"{_NS}v").text = value
    if old is not None:
        line.replace(old, cell)
        return
    behind = [at for at, other in enumerate(line) if _column(other.get("r", "")) > column]
    line.insert(behind[0] if behind else len(line), cell)


def _column(reference: str) -> int:
    letters = re.match("[A-Z]+", reference)
    number = 0
    for letter in letters.group() if letters else "":
        number = number * 26 + ord(letter) - 64
    return number - 1


def _letters(column: int) -> str:
    column, text = column + 1, ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def by_libreoffice(path: Path, folder: Path, to: str = "xlsx") -> Path:
    """Open a file in LibreOffice and save it, as a person does; skips where there is none."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("EXCHANGE_TEST_OFFICE"):
            pytest.fail("LibreOffice was to be there: apt-get install libreoffice-calc-nogui")
        pytest.skip("needs LibreOffice: apt-get install libreoffice-calc-nogui")
    folder.mkdir(exist_ok=True)
    words = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", to]
    subprocess.run([*words, "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{to.partition(':')[0]}"
