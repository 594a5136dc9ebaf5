"""Squares to scan: a QR code (ISO/IEC 18004) as the path of an SVG, so that no image is needed."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET = 4  # modules of white around it


@dataclass(frozen=True)
class Square:
    """`path` goes through the dark modules as a line one module thick; `width` is in modules."""

    width: int
    path: str


def square_of(text, *, error):
    """The square that holds this text; `error` the least damage it must stand, "l" to "h"."""
    rows = segno.make_qr(text, error=error).matrix
    path = "".join(line_of(row, y + QUIET) for y, row in enumerate(rows))
    return Square(len(rows) + 2 * QUIET, path)


def line_of(row, y):
    """The dark modules of one row, drawn through its middle."""
    line, gap = f"M{QUIET} {y}.5", 0
    for is_dark, modules in groupby(row):
        width = len(list(modules))
        line, gap = (f"{line}m{gap} 0h{width}", 0) if is_dark else (line, width)
    return line
