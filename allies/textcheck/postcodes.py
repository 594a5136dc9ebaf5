"""Postcodes, alone or with a house number."""

import re
from collections.abc import Iterator

from allies.textcheck.kinds import Kind, Span
from allies.textcheck.wordlists import words

_POSTCODE = re.compile(
    r"(?<![\w.,\-€])(?P<digits>[1-9]\d{3})(?P<gap>[ \-]{0,2})(?P<letters>[A-Za-z]{2})(?!\w|-\w)"
    r"(?P<number>,? (?:(?:huis)?nummer |(?:huis)?nr\.? ?)?[1-9]\d{0,3}(?:-?[A-Za-z](?!\w))?"
    r"(?![\w%]|[.,:\-/]\d))?"
)
# "4351AB12": with the house number against it, of here only.
_GLUED = re.compile(
    r"(?<![\w.,\-€])43[3-8]\d[ \-]{0,2}(?P<letters>[A-Za-z]{2})[1-9]\d{0,3}[A-Za-z]?(?![\w%])"
)
_HOUSE_BEFORE = re.compile(
    r"\b(?:(?:huis)?nummer|(?:huis)?nr\.?) ?[1-9]\d{0,3}[a-z]?,? (?:(?:met )?postcode )?$",
    re.IGNORECASE,
)
_WALCHEREN = re.compile(r"43[3-8]\d")
_UNITS = words("units_after_four_digits")
_SURELY_UNITS = frozenset({"mw", "kw", "km"})
_MEASURES = frozenset({"km", "hm", "dm", "cm", "mm"})  # squared or cubed: "4350 km2"
_NEVER_ISSUED = frozenset({"sa", "sd", "ss"})
_SHORT_WORDS = words("short_words_after_four_digits")


def _is_postcode(match: re.Match[str], text: str) -> bool:
    letters, small = match["letters"], match["letters"].lower()
    local = _WALCHEREN.fullmatch(match["digits"]) is not None
    announced = text[max(0, match.start() - 12) : match.start()].lower().endswith("postcode ")
    if small in _NEVER_ISSUED or (small in _SURELY_UNITS and not announced):
        return False
    if letters.isupper():
        return local or announced or small not in _UNITS
    if letters != small or small in _SHORT_WORDS:
        return False
    return local or announced or match["gap"] == ""


def find_postcodes(text: str) -> Iterator[Span]:
    """Find postcodes; together with a house number they are an address."""
    for match in _GLUED.finditer(text):
        if match["letters"].lower() not in _MEASURES | _NEVER_ISSUED:
            yield Span(Kind.ADDRESS, *match.span())
    for match in _POSTCODE.finditer(text):
        if not _is_postcode(match, text):
            continue
        house = _HOUSE_BEFORE.search(text[max(0, match.start() - 40) : match.start()])
        if match["number"] or house:
            start = match.start() - (len(house[0]) if house else 0)
            yield Span(Kind.ADDRESS, start, match.end())
        else:
            yield Span(Kind.POSTCODE, match.start(), match.end("letters"))
