"""The card that is handed over: what stands on it, and its square to scan."""

from dataclasses import dataclass
from itertools import groupby

import segno


@dataclass(frozen=True)
class Card:
    """A fresh code as it is printed, this once. `address` is where it is typed in by hand."""

    invitation: object
    code: str
    address: str

    @property
    def square(self):
        """(modules on a side, the dark ones as the path of an SVG): the address with the code.

        The code stands behind the #, which a browser sends to nobody.
        """
        matrix = segno.make_qr(f"{self.address}#{self.code}", error="m").matrix
        return len(matrix), "".join(
            f"M{x} {y}h{width}v1h-{width}z"
            for y, row in enumerate(matrix)
            for x, width in dark_runs(row)
        )


def dark_runs(row):
    """(where it begins, how long it is) of each run of dark modules in a row."""
    begin = 0
    for is_dark, modules in groupby(row):
        width = len(list(modules))
        if is_dark:
            yield begin, width
        begin += width
