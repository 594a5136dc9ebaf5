"""A plain copy of a text in which every character still knows where it came from."""

import re
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
# Letters of Cyrillic and Greek that look like one of ours, and which one.
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b"
    "\u051d\u0475\u043a\u043c\u0442\u043f"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406"
    "\u0408\u0405\u051a\u051c\u0474"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5"
    "\u03a7\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03f3",
    "aeopcyxijshdqwvkmtnABEKMHOPCTYXIJSQWVABEZHIKMNOPTYXaeikvoptuj",
)
_MIXED = re.compile(r"[^\W\d_]*[A-Za-z][^\W\d_]*")
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
    """Undo disguises: wide digits, odd spaces and hyphens, invisible characters, accents, and
    letters of another script inside a word of ours."""
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = _plain(character)
        pieces.append(plain)
        places.extend([place] * len(plain))
    one_script = _MIXED.sub(lambda word: word[0].translate(_ALIKE), "".join(pieces))
    return Folded(one_script, places)
