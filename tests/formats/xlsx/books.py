"""Workbooks as people send them, and hostile ones."""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter


def messy(path: Path) -> Path:
    """Write a workbook with a title, formulas, dates as numbers, merged cells, long numbers and a hidden sheet."""
    with xlsxwriter.Workbook(str(path), {"remove_timezone": True}) as book:
        page = book.add_worksheet("Orders")
        day, moment = book.add_format({"num_format": "dd/mm/yy"}), book.add_format({"num_format": "dd/mm/yy hh:mm"})
        page.merge_range(0, 0, 0, 3, "Orders of March")
        page.write_row(2, 0, ["no", "date", "sku", "qty", "price", "flag"])
        page.write_row(3, 0, ["0012", "", "A", 2, 4.5, True])
        page.write_datetime(3, 1, datetime.date(2026, 3, 4), day)
        page.write_row(4, 0, [13, "", "B", 12345678901234567])
        page.write_datetime(4, 1, datetime.datetime(2026, 3, 4, 5, 6, tzinfo=datetime.UTC), moment)
        page.write_formula(4, 4, "=E4*2", None, 9)
        page.merge_range(6, 0, 7, 0, "14")
        page.write(6, 2, "C")
        page.write(7, 2, "D")
        page.write_row(8, 0, ["15", 0.1 + 0.2, 1e-7, 1e14])
        page.write_formula(8, 4, "=1/0", None, "#DIV/0!")
        page.write_row(9, 0, ["16", "", "", "", "", "", "beyond"])
        book.add_worksheet("Old").hide()
    return path


def formatted(path: Path) -> Path:
    """Write a workbook of numbers that are shown otherwise than they are held."""
    rows = (
        ((123, "00000"), (46085, "[$-407]d. mmm yyyy"), (175, "000-0"), (0.5, "0%"), (1.5, "0.00 $")),
        ((124, "00000"), (46085.2125, "dd.mm.yy hh:mm"), (185, "000-0"), (0.125, "0%"), (1234567, '#,##0,"k"')),
    )
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("Orders")
        page.write_row(0, 0, ["no", "date", "sku", "qty", "price", "flag"])
        for row, cells in enumerate(rows, 1):
            for column, (number, code) in enumerate(cells):
                page.write_number(row, column, number, book.add_format({"num_format": code}))
    return path


def plain(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> Path:
    """Write a workbook of these sheets."""
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets:
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


def encrypted(path: Path) -> Path:
    """Write what a workbook with a password looks like: the old container with an encrypted stream in it."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + struct.pack("<16sHHHHH", b"", 0x3E, 3, 0xFFFE, 9, 6)
    path.write_bytes(head.ljust(1024, b"\0") + "EncryptedPackage".encode("utf-16-le").ljust(512, b"\0"))
    return path


def changed(source: Path, path: Path, member: str, content: bytes) -> Path:
    """Write a copy of a workbook with one member changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, content if info.filename == member else old.read(info))
    return path


def sheet(cells: bytes) -> bytes:
    """Return the XML of a sheet with these rows."""
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return b'<?xml version="1.0"?><worksheet ' + space + b"><sheetData>" + cells + b"</sheetData></worksheet>"


def archive(**members: bytes) -> bytes:
    """Return a zip archive of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()
