"""Points in time by column: reading and writing text in a strptime format, fast where its parts have fixed widths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC as UTC_ZONE
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Ints, Mask
from exchange.mapping.kinds import UTC, bitmap, valid_mask

CODES = frozenset("YmdHMSzyfbBpIjaA%")
"""Codes of strptime that are offered; the others depend on the machine."""
_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_DIGITS = {**_WIDTHS, "y": 2, "j": 3, "I": 2, "f": 6}
"""Digits of each code that is a number."""
_RANGES = {"Y": (1, 9999), "m": (1, 12), "d": (1, 31), "H": (0, 23), "M": (0, 59), "S": (0, 59)}
_ZONE_FORMS = ("+hhmm", "+hh:mm", "Z")
_NAIVE = pa.timestamp("us")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC_ZONE)
_DAY = 86_400_000_000
_SECOND = 1_000_000
_FIRST, _END = (np.datetime64(day, "us").astype(np.int64) for day in ("0001-01-01", "10000-01-01"))
_LISTED = np.datetime64("2037-01-01", "us").astype(np.int64)
"""Arrow knows the clock changes that the zone files list, and they end in 2037; what follows is a rule."""

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a format: a code, or literal text."""

    code: str
    """Letter behind the percent sign; blank for a literal."""
    text: str


def pieces(pattern: str) -> tuple[Piece, ...]:
    """Cut a format into codes and literals."""
    found = re.findall(r"%(.)|([^%]+|%$)", pattern, flags=re.DOTALL)
    return tuple(
        Piece("", "%" if code == "%" else text) if code in {"", "%"} else Piece(code, "") for code, text in found
    )


def read(values: pa.Array, pattern: str) -> tuple[Ints, Mask]:
    """Read text; returns microseconds since 1970 (of UTC where the format has %z) and which rows could be read."""
    moments = np.zeros(len(values), dtype=np.int64)
    done = np.zeros(len(values), dtype=np.bool_)
    left = valid_mask(values)
    for form in _fixed_forms(pieces(pattern)):
        if left.any():
            _read_fixed(values, form, left, (moments, done))
            left &= ~done
    if left.any():
        _read_distinct(values, pattern, left, (moments, done))
    return moments, done


def _fixed_forms(parts: tuple[Piece, ...]) -> list[tuple[Piece, ...]]:
    """Return the ways to write a format in a fixed number of bytes; none where a part varies."""
    if any(part.code and part.code not in {*_WIDTHS, "z"} for part in parts):
        return []
    if not any(part.code == "z" for part in parts):
        return [parts]
    return [tuple(Piece("z", form) if part.code == "z" else part for part in parts) for form in _ZONE_FORMS]


def _width(part: Piece) -> int:
    return _WIDTHS[part.code] if part.code in _WIDTHS else len(part.text.encode())


def _read_fixed(values: pa.Array, form: tuple[Piece, ...], left: Mask, result: tuple[Ints, Mask]) -> None:
    """Read the rows that have exactly this form's bytes; others are left alone."""
    rows, cells = _matrix(values, left, sum(map(_width, form)))
    if not len(rows):
        return
    good = np.ones(len(rows), dtype=np.bool_)
    numbers: dict[str, Ints] = {}
    at = 0
    for part in form:
        block = cells[:, at : at + _width(part)]
        at += _width(part)
        if part.code == "z":
            numbers["z"] = _offset(block, part.text, good)
        elif part.code:
            number = _number(block, good)
            low, high = _RANGES[part.code]
            good &= (number >= low) & (number <= high)
            numbers[part.code] = number
        else:
            good &= (block == np.frombuffer(part.text.encode(), dtype=np.uint8)).all(axis=1)
    moments = _combine(numbers, good)
    result[0][rows[good]] = moments[good]
    result[1][rows[good]] = True


def _matrix(values: pa.Array, left: Mask, width: int) -> tuple[Ints, Bytes]:
    """Return the rows whose text has `width` bytes, and these bytes as a matrix."""
    _, offset_buffer, data_buffer = values.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int32)[values.offset : values.offset + len(values) + 1]
    rows = np.flatnonzero(left & (np.diff(offsets) == width))
    if not len(rows) or not width:
        return np.empty(0, dtype=np.int64), np.empty((0, width), dtype=np.uint8)
    data = np.frombuffer(data_buffer, dtype=np.uint8)
    if len(rows) == len(values):
        return rows, data[offsets[0] : offsets[-1]].reshape(len(rows), width)
    return rows, np.lib.stride_tricks.sliding_window_view(data, width)[offsets[rows]]


def _number(block: Bytes, good: Mask) -> Ints:
    made: Ints = np.zeros(len(block), dtype=np.int64)
    for column in range(block.shape[1]):
        digit = block[:, column] - np.uint8(48)  # wraps round for anything below "0", so one comparison is enough
        good &= digit < 10
        made = made * 10 + digit
    return made


def _offset(block: Bytes, form: str, good: Mask) -> Ints:
    """Return the microseconds that local time is ahead of UTC."""
    if form == "Z":
        good &= block[:, 0] == ord("Z")
        return np.zeros(len(block), dtype=np.int64)
    sign = block[:, 0]
    good &= (sign == ord("+")) | (sign == ord("-"))
    if ":" in form:
        good &= block[:, 3] == ord(":")
    hours, minutes = _number(block[:, 1:3], good), _number(block[:, -2:], good)
    good &= (hours < 24) & (minutes < 60)
    made: Ints = np.where(sign == ord("-"), -1, 1) * (hours * 60 + minutes) * 60 * _SECOND
    return made


def _combine(numbers: dict[str, Ints], good: Mask) -> Ints:
    """Make microseconds of calendar parts; days that do not exist are struck from `good`."""
    years = np.where(good, numbers["Y"], 1970)
    months = (years - 1970) * 12 + np.where(good, numbers["m"], 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    after = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    good &= numbers["d"] <= after - first
    zero = np.int64(0)
    clock = numbers.get("H", zero) * 3600 + numbers.get("M", zero) * 60 + numbers.get("S", zero)
    made: Ints = (first + numbers["d"] - 1) * _DAY + clock * _SECOND - numbers.get("z", zero)
    return made


def _read_distinct(values: pa.Array, pattern: str, left: Mask, result: tuple[Ints, Mask]) -> None:
    """Read what has no fixed form: each distinct text once, by the standard library."""
    rows = np.flatnonzero(left)
    coded = values.take(pa.array(rows)).dictionary_encode()
    whole = _run_together(pieces(pattern))
    texts = (text if whole is None or whole.fullmatch(text) else "" for text in coded.dictionary.to_pylist())
    read_all = [_moment(text, pattern) for text in texts]
    moments = np.array([moment or 0 for moment in read_all], dtype=np.int64)
    known = np.array([moment is not None for moment in read_all], dtype=np.bool_)
    codes = coded.indices.to_numpy()
    result[0][rows] = moments[codes]
    result[1][rows] = known[codes]


def _run_together(parts: tuple[Piece, ...]) -> re.Pattern[str] | None:
    """Return what a text fits where numbers follow each other with nothing between: each has all of its digits.

    `1112026` could be a day in January or in November. None for a format whose numbers all stand apart.
    """
    beside = zip(("", *(part.code for part in parts)), parts, (*(part.code for part in parts[1:]), ""), strict=False)
    forms, close = [], False
    for before, part, behind in beside:
        if part.code in _DIGITS and (before in _DIGITS or behind in _DIGITS):
            close = True
            least = 1 if part.code == "f" and behind not in _DIGITS else _DIGITS[part.code]
            forms.append(rf"\d{{{least},{_DIGITS[part.code]}}}")
        else:
            forms.append(".+?" if part.code else r"\s+".join(map(re.escape, re.split(r"\s+", part.text))))
    return re.compile("".join(forms), re.IGNORECASE | re.DOTALL) if close else None


def _moment(text: str, pattern: str) -> int | None:
    try:
        read_one = datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is set in the next line
    except ValueError:
        return None
    aware = read_one if read_one.tzinfo else read_one.replace(tzinfo=UTC_ZONE)
    return (aware - _EPOCH) // timedelta(microseconds=1)


def column(moments: Ints, valid: Mask) -> pa.Array:
    """Return the UTC column of microseconds since 1970."""
    return pa.Array.from_buffers(UTC, len(moments), [bitmap(valid), pa.py_buffer(np.ascontiguousarray(moments))])


def from_local(moments: Ints, valid: Mask, zone: str) -> tuple[pa.Array, Mask]:
    """Read clock times of a zone as UTC; returns also the rows whose clock time never was (spring forward).

    A time that was there twice (autumn) is the first of the two.
    """
    naive = column(moments, valid).cast(_NAIVE)
    early = pc.assume_timezone(naive, zone, ambiguous="earliest", nonexistent="earliest")
    late = pc.assume_timezone(naive, zone, ambiguous="earliest", nonexistent="latest")
    made, other = (each.cast(pa.int64()).fill_null(0).to_numpy() for each in (early, late))
    ruled = np.flatnonzero(valid & (moments >= _LISTED))
    if not len(ruled):
        return early.cast(UTC), made != other
    ahead = _ahead_of_utc(moments[ruled], zone, fold=0)
    made, skipped = made.copy(), made != other
    made[ruled] = moments[ruled] - ahead
    skipped[ruled] = ahead < _ahead_of_utc(moments[ruled], zone, fold=1)
    return column(made, valid), skipped


def _ahead_of_utc(clock: Ints, zone: str, *, fold: int) -> Ints:
    """Return by how many microseconds a zone is ahead when its own clocks show a time; each different one once."""
    distinct, place = np.unique(clock, return_inverse=True)
    shown = (_EPOCH + timedelta(microseconds=each) for each in distinct.tolist())
    offsets = [each.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for each in shown]
    return np.array([(each or timedelta()) // timedelta(microseconds=1) for each in offsets], np.int64)[place]


def _clock(values: pa.Array) -> Ints:
    """Return what the clocks of the column's zone show, in microseconds since 1970; 0 for blank."""
    local: Ints = pc.local_timestamp(values).cast(pa.int64()).fill_null(0).to_numpy()
    utc = values.cast(pa.int64()).fill_null(0).to_numpy()
    ruled = np.flatnonzero(utc >= _LISTED)
    if values.type.tz == "UTC" or not len(ruled):
        return local
    local = local.copy()
    distinct, place = np.unique(utc[ruled], return_inverse=True)
    # A day before the end of time every clock still shows a year that Python knows, and the same offset.
    known = (_EPOCH + timedelta(microseconds=min(each, int(_END) - 2 * _DAY)) for each in distinct.tolist())
    offsets = [each.astimezone(ZoneInfo(values.type.tz)).utcoffset() for each in known]
    ahead = [(each or timedelta()) // timedelta(microseconds=1) for each in offsets]
    local[ruled] = utc[ruled] + np.array(ahead, np.int64)[place]
    return local


def beyond(values: pa.Array) -> Mask:
    """Return the rows whose clock shows a year that has not four digits: 9999-12-31 in New York ends in 10000."""
    utc = values.cast(pa.int64()).fill_null(0).to_numpy()
    if not len(utc) or (utc.min() >= _FIRST + _DAY and utc.max() < _END - _DAY):
        return np.zeros(len(utc), np.bool_)  # no clock is a whole day ahead or behind
    local = _clock(values)
    return (local < _FIRST) | (local >= _END)


def write(values: pa.Array, pattern: str) -> pa.Array:
    """Write moments as text in their own time zone."""
    parts = pieces(pattern)
    if any(part.code and part.code not in {*_WIDTHS, "z"} for part in parts):
        return _write_distinct(values, pattern)
    valid = valid_mask(values)
    utc = values.cast(pa.int64()).fill_null(0).to_numpy()
    local = _clock(values)
    numbers = _calendar(local)
    ahead = (local - utc) // (60 * _SECOND)
    blocks = [_zone_text(ahead) if part.code == "z" else _piece_text(part, numbers) for part in parts]
    cells = np.empty((len(values), sum(block.shape[-1] for block in blocks)), dtype=np.uint8)
    at = 0
    for block in blocks:
        cells[:, at : at + block.shape[-1]] = block
        at += block.shape[-1]
    offsets = np.arange(len(values) + 1, dtype=np.int32) * np.int32(at)
    buffers = [bitmap(valid), pa.py_buffer(offsets), pa.py_buffer(cells)]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def _calendar(local: Ints) -> dict[str, Ints]:
    days, clock = np.divmod(local, _DAY)
    clock //= _SECOND
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    index = months.astype(np.int64)
    return {
        "Y": index // 12 + 1970,
        "m": index % 12 + 1,
        "d": (dates - months.astype("datetime64[D]")).astype(np.int64) + 1,
        "H": clock // 3600,
        "M": clock // 60 % 60,
        "S": clock % 60,
    }


def _piece_text(part: Piece, numbers: dict[str, Ints]) -> Bytes:
    if not part.code:
        return np.frombuffer(part.text.encode(), dtype=np.uint8)
    return _digits(numbers[part.code], _WIDTHS[part.code])


def _digits(numbers: Ints, width: int) -> Bytes:
    powers = 10 ** np.arange(width - 1, -1, -1)
    return (numbers[:, None] // powers % 10 + 48).astype(np.uint8)


def _zone_text(minutes: Ints) -> Bytes:
    sign = np.where(minutes < 0, ord("-"), ord("+")).astype(np.uint8)[:, None]
    return np.hstack([sign, _digits(np.abs(minutes) // 60, 2), _digits(np.abs(minutes) % 60, 2)])


def _write_distinct(values: pa.Array, pattern: str) -> pa.Array:
    coded = values.dictionary_encode()
    texts = [moment.strftime(pattern) for moment in coded.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(coded.indices)


def iso(values: pa.Array) -> pa.Array:
    """Write moments as ISO 8601 in UTC, with fractions of a second only where there are any."""
    values = values.cast(UTC)
    whole = pc.equal(pc.microsecond(values), 0)
    whole = pc.and_(whole, pc.equal(pc.millisecond(values), 0))
    seconds = write(values, "%Y-%m-%dT%H:%M:%SZ")
    if pc.all(whole).as_py() in {True, None}:
        return seconds
    return pc.if_else(whole, seconds, _write_distinct(values, "%Y-%m-%dT%H:%M:%S.%fZ"))
