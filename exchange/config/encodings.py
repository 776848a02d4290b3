"""Alone turns the bytes of a configuration file into text: UTF-8, and what else it may be with the fault that it is."""

from __future__ import annotations

_WIDE = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OLD = "cp1252"
"""What editors of Windows save as `ANSI`."""


def decoded(content: bytes) -> tuple[str, list[tuple[tuple[int, int], str]]]:
    """Return the text, and (place from 1, what is wrong) where it is not UTF-8: its first such byte."""
    wide = next((name for mark, name in _WIDE if content.startswith(mark)), "")
    if not wide and content[1:2] == b"\0":
        wide = "utf-16-le"
    if wide:
        return content.decode(wide, errors="replace"), [((1, 1), "the file is in UTF-16, not in UTF-8")]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as fault:
        before = content[: fault.start].decode("utf-8-sig")
        place = (before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        letter = content[fault.start : fault.start + 1].decode(_OLD, errors="ignore")
        meant = f" (perhaps {letter}, saved as Windows-1252 or ANSI)" if letter.strip() else ""
        what = f"byte 0x{content[fault.start]:02X} is not UTF-8{meant}"
        return content.removeprefix(b"\xef\xbb\xbf").decode(_OLD, errors="replace"), [(place, what)]
