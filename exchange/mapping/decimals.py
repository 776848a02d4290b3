"""Exact decimals by column: strict parsing, bringing to a scale, products and sums, and writing as text."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Mask, cells_of
from exchange.mapping.kinds import NARROW, bitmap, mask_of, valid_mask, without
from exchange.mapping.spec import Outcome, Refused

WIDE = pa.decimal128(38, 10)
"""Type between steps where four places are not enough yet, because `round` or `scale` is still to come."""
_SUM = pa.decimal128(30, 10)
"""As `WIDE`, with room for the digit that each addition may add."""
_HUGE = pa.decimal256(76, 20)
_LIMIT = Decimal("99999999999999.9999")
_DIGITS = 18
"""Digits that surely fit an int64."""
_POINT, _ZERO = ord("."), ord("0")
_SMALL = 2**32
"""Ten-thousandths from which on an amount is rare enough to be written the general way."""
_PLAIN = np.isin(np.arange(256), [_POINT, *range(ord("0"), ord("9") + 1)])
"""Byte -> whether a plain number may hold it."""


def limit_refused(rows: Mask) -> Refused:
    """Refuse numbers with more than 14 digits before the decimal point."""
    return Refused(rows, "OUT_OF_RANGE", {"relation": "more than", "bound": str(_LIMIT)})


def inexact_refused(rows: Mask) -> Refused:
    """Refuse numbers that four decimal places cannot hold."""
    return Refused(rows, "NOT_EXACT", {"scale": NARROW.scale})


def of_mantissas(mantissas: npt.NDArray[np.int64], valid: Mask) -> pa.Array:
    """Return the decimals whose value times 10,000 is given."""
    words = np.empty((len(mantissas), 2), dtype=np.int64)
    words[:, 0] = mantissas
    words[:, 1] = mantissas >> 63
    return pa.Array.from_buffers(NARROW, len(mantissas), [bitmap(valid), pa.py_buffer(words)])


def parse(values: pa.Array, point: str, group: str) -> Outcome:
    """Read text such as `-1,234.50` strictly: an optional sign, digits, at most one point; no exponent."""
    if not group and point == "." and (made := _all_plain(values)) is not None:
        return Outcome(made)
    text, broken = _plain(values, point, group)
    body, signs = _split_sign(text)
    place = pc.find_substring(body, ".").fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    length = pc.binary_length(body).fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    digits = pc.replace_substring(body, ".", "", max_replacements=1)
    valid = valid_mask(values)
    good = mask_of(pc.ascii_is_decimal(digits)) & valid & ~broken & (signs <= 1)
    good &= (place < 0) | ((place > 0) & (place < length - 1))
    places = np.where(place < 0, 0, length - 1 - place)
    small = good & (places <= NARROW.scale) & (length - (place >= 0) - places + NARROW.scale <= _DIGITS)
    whole = digits if small.all() else without(digits, ~small)
    mantissas = pc.cast(whole, pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    mantissas = mantissas * 10 ** (NARROW.scale - np.where(small, places, NARROW.scale))
    if (signs > 0).any():
        mantissas = np.where(mask_of(pc.starts_with(text, "-")), -mantissas, mantissas)
    narrow = of_mantissas(mantissas, small)
    bad = Refused(valid & ~good, "NOT_A_NUMBER", {"decimal": point})
    if (small == good).all():
        return Outcome(narrow, (bad,))
    return _with_long(narrow, text, good & ~small, bad)


def _all_plain(values: pa.Array) -> pa.Array | None:
    """Return the decimals where every cell is digits with a point between them at most, as most columns are."""
    offsets, data = cells_of(values)
    filled = np.flatnonzero(np.diff(offsets))
    if not len(filled) or not _PLAIN[data[offsets[0] : offsets[-1]]].all():
        return None
    first, last = data[offsets[:-1][filled]], data[offsets[1:][filled] - 1]
    if (first == _POINT).any() or (last == _POINT).any() or int(np.diff(offsets).max()) > _DIGITS - NARROW.scale:
        return None
    try:
        return pc.cast(values, NARROW)
    except pa.ArrowInvalid:
        return None  # two points, more than four places, or a blank: looked at cell by cell


def _plain(values: pa.Array, point: str, group: str) -> tuple[pa.Array, Mask]:
    """Bring the separators to a bare point; tells which rows have them in wrong places."""
    broken = np.zeros(len(values), dtype=np.bool_)
    if group and (grouped := mask_of(pc.match_substring(values, group))).any():
        form = rf"^[+-]?[0-9]{{1,3}}({re.escape(group)}[0-9]{{3}})+({re.escape(point)}[0-9]+)?$"
        broken |= grouped & ~mask_of(pc.match_substring_regex(values, form))
        values = pc.replace_substring(values, group, "")
    if point != ".":
        broken |= mask_of(pc.match_substring(values, "."))
        values = pc.replace_substring(values, point, ".")
    return values, broken


def _split_sign(text: pa.Array) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    signed = pc.or_(pc.starts_with(text, "-"), pc.starts_with(text, "+"))
    if not pc.any(signed).as_py():
        return text, np.zeros(len(text), dtype=np.int64)
    body = pc.ascii_ltrim(text, "+-")
    signs = pc.subtract(pc.binary_length(text), pc.binary_length(body))
    return body, signs.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)


def _with_long(narrow: pa.Array, text: pa.Array, long: Mask, bad: Refused) -> Outcome:
    """Add the numbers that four places and 18 digits do not hold."""
    rest = without(text, ~long)
    fraction = mask_of(pc.match_substring_regex(rest, r"\.[0-9]*0$"))
    trimmed = pc.ascii_rtrim(pc.ascii_rtrim(rest, "0"), ".")
    rest = pc.if_else(pa.array(fraction), trimmed, rest)
    inexact = long & mask_of(pc.match_substring_regex(rest, r"\.[0-9]{11,}$"))
    huge = long & mask_of(pc.match_substring_regex(rest, r"^[+-]?0*[1-9][0-9]{14,}(\.|$)"))
    wide = pc.cast(without(rest, inexact | huge), WIDE)
    made = pc.coalesce(pc.cast(narrow, WIDE), wide)
    return Outcome(made, (bad, limit_refused(huge), inexact_refused(inexact & ~huge)))


def as_decimal(values: pa.Array) -> pa.Array:
    """Return integers as decimals of scale 0, decimals as they are."""
    return pc.cast(values, pa.decimal128(19, 0)) if pa.types.is_integer(values.type) else values


def narrowed(values: pa.Array) -> Outcome:
    """Bring numbers to the type that leaves a mapping; what would have to be rounded is refused."""
    values = as_decimal(values)
    if values.type == NARROW:
        return Outcome(values)
    try:
        return Outcome(pc.cast(values, NARROW))
    except pa.ArrowInvalid:
        return _narrowed_by_row(values, NARROW)


def held(values: pa.Array) -> Outcome:
    """Bring numbers to a type between steps: four places where they are enough, else ten."""
    try:
        return Outcome(pc.cast(values, NARROW))
    except pa.ArrowInvalid:
        return _narrowed_by_row(values, WIDE)


def _narrowed_by_row(values: pa.Array, wanted: pa.DataType) -> Outcome:
    large = pc.cast(values, _HUGE)
    limit = pa.scalar(_LIMIT, pa.decimal128(18, 4)).cast(_HUGE)
    huge = mask_of(pc.greater(pc.abs(large), limit))
    fitting = without(large, huge)
    cut = pc.cast(fitting, wanted, safe=False)
    inexact = mask_of(pc.not_equal(pc.cast(cut, _HUGE), fitting))
    return Outcome(without(cut, inexact), (limit_refused(huge), inexact_refused(inexact)))


def product(left: pa.Array, right: pa.Array) -> pa.Array:
    """Multiply exactly; the result has the scales added up."""
    left, right = as_decimal(left), as_decimal(right)
    if left.type.precision + right.type.precision < 38:
        return pc.multiply(left, right)
    return pc.multiply(_large(left), _large(right))


def _large(values: pa.Array) -> pa.Array:
    return pc.cast(values, pa.decimal256(37, max(values.type.scale, 0)))


def total(columns: tuple[pa.Array, ...]) -> pa.Array:
    """Add up exactly, blank cells counting as nothing; all blank stays blank."""
    zero = pa.scalar(Decimal(0), _SUM)
    blank = reduce(pc.and_, [column.is_null() for column in columns])
    filled = [pc.cast(as_decimal(column), _SUM).fill_null(zero) for column in columns]
    summed = reduce(lambda left, right: pc.cast(pc.add(left, right), _SUM), filled)
    return pc.if_else(blank, pa.scalar(None, _SUM), summed)


def to_text(values: pa.Array) -> pa.Array:
    """Write decimals of scale 4 with a point, no exponent and at least two places: 12.50, 12.3456."""
    low = np.frombuffer(values.buffers()[1], np.int64)[::2][values.offset : values.offset + len(values)]
    valid = valid_mask(values)
    amounts = np.where(valid, low, 0) if values.null_count else low
    if int(amounts.min(initial=0)) < 0 or int(amounts.max(initial=0)) >= _SMALL:
        return _any_text(values)
    small = amounts.astype(np.uint32)
    cents = small // np.uint32(100)
    return _cents_text(cents, valid) if np.array_equal(cents * np.uint32(100), small) else _any_text(values)


def _cents_text(cents: npt.NDArray[np.uint32], valid: Mask) -> pa.Array:
    """Write amounts of 0 or more in cents: a matrix of digits, of which the leading zeros are left out."""
    places = max(3, len(str(int(cents.max(initial=0)))))
    cells = np.empty((len(cents), places + 1), np.uint8)
    cells[:, -3] = _POINT
    rest = cents
    for place in (-1, -2, *range(-4, -places - 2, -1)):
        following = rest // np.uint32(10)
        cells[:, place] = rest - following * np.uint32(10) + np.uint32(_ZERO)
        rest = following
    used = np.full(len(cents), 4, np.uint8)
    for place in range(3, places):
        used += cents >= np.uint32(10**place)
    used[~valid] = 0
    shown = np.arange(places + 1, dtype=np.uint8) >= (np.uint8(places + 1) - used)[:, None]
    offsets = np.concatenate((np.zeros(1, np.int32), np.cumsum(used, dtype=np.int32)))
    return pa.Array.from_buffers(
        pa.string(), len(cents), [bitmap(valid), pa.py_buffer(offsets), pa.py_buffer(cells[shown])]
    )


def _any_text(values: pa.Array) -> pa.Array:
    text = pc.cast(values, pa.string())
    cents = pc.ends_with(text, "00")
    three = pc.ends_with(text, "0")
    shorter = pc.if_else(three, pc.utf8_slice_codeunits(text, 0, -1), text)
    return pc.if_else(cents, pc.utf8_slice_codeunits(text, 0, -2), shorter)
