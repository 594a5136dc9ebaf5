"""A square to scan holds its text, module by module."""

import re

import pytest
import segno

from allies.squares import square_of


def modules_of(path):
    """The (x, y) that a path of lines makes dark, without the white around."""
    dark = set()
    for start, y, pieces in re.findall(r"M(\d+) (\d+)\.5((?:m\d+ 0h\d+)*)", path):
        x = int(start)
        for gap, width in re.findall(r"m(\d+) 0h(\d+)", pieces):
            dark |= {(x + int(gap) + n - 4, int(y) - 4) for n in range(int(width))}
            x += int(gap) + int(width)
    return dark


def dark_modules(text, error):
    rows = segno.make_qr(text, error=error).matrix
    return {(x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark}


@pytest.mark.parametrize("error", ["l", "m"])
def test_every_dark_module_is_drawn_and_no_other_with_white_around(error):
    text = "otpauth://totp/De%20Tafel?secret=ABCDEFGH"
    square = square_of(text, error=error)

    assert modules_of(square.path) == dark_modules(text, error)
    assert square.width == len(segno.make_qr(text, error=error).matrix) + 8
