"""A plain copy of a text in which every character still knows where it came from."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Letters that Unicode does not take apart: dotless i, barred l, o and d, sharp s, ae, oe.
_LETTERS = str.maketrans(
    {
        "\u0131": "i",
        "\u0142": "l",
        "\u0141": "L",
        "\u00f8": "o",
        "\u00d8": "O",
        "\u0111": "d",
        "\u0110": "D",
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u00c6": "AE",
        "\u0153": "oe",
        "\u0152": "OE",
    }
)
_APOSTROPHES = frozenset("\u2018\u2019\u201b\u2032\u02bc\u00b4\u0060")
_DOTS = frozenset("\u00b7\u2022\u2027\u2219\u30fb\u3002")
_DASHES = frozenset("\u2212\u2043")
_NOTHING = frozenset({"Cf", "Mn", "Me"})


@dataclass(frozen=True)
class Folded:
    """The plain copy, and for each of its characters the place in the original text."""

    text: str
    places: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Give the piece of the original text for a non-empty piece of the copy."""
        return self.places[start], self.places[end - 1] + 1


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Give the plain form of one character; nothing for invisible characters and accents."""
    if character in _APOSTROPHES:
        return "'"
    if character in _DOTS:
        return "."
    category = unicodedata.category(character)
    if category in _NOTHING:
        return ""
    if category == "Pd" or character in _DASHES:
        return "-"
    if category == "Zs" or character == "\t":
        return " "
    if category in {"Zl", "Zp"} or character == "\r":
        return "\n"
    if category == "Nd":
        return str(unicodedata.digit(character))
    simpler = unicodedata.normalize("NFKD", character)
    if simpler != character:
        return "".join(_plain(part) for part in simpler)
    return character.translate(_LETTERS)


def fold(text: str) -> Folded:
    """Undo disguises: wide digits, odd spaces and hyphens, invisible characters, accents."""
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _plain(character)
        pieces.append(plain)
        places.extend([place] * len(plain))
    return Folded("".join(pieces), places)
