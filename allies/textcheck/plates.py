"""Dutch licence plates in all fourteen side codes, Belgian plates, and any after the word."""

import re
from collections.abc import Iterator

from allies.textcheck.kinds import Kind, Span
from allies.textcheck.wordlists import words

# The vehicle authority numbers the orders in which letters (X) and digits (9) appear.
_SIDE_CODES = (
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9",
    "9-XXX-99", "XX-999-X", "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
)  # fmt: skip
_OLD = frozenset(_SIDE_CODES[:3])
# Since side code 4 there are no vowels on a plate, so that it never spells a word; M and W
# stay in use for motorcycles and trailers. C and Q are never issued.
_CONSONANT = "[BDFGHJKLMNPRSTVWXZbdfghjklmnprstvwxz]"
_LETTER = "[ABD-HJ-NPR-Zabd-hj-npr-z]"
_SEPARATOR = {"hyphen": " ?[-./] ?", "space": " ", "none": ""}
# What stands between numbers in ordinary text; fewer when it is written just like a plate.
_WORDS = words("not_on_plates")
_WORDS_IN_CAPITALS = frozenset({"en", "of", "tm", "vs", "te", "mrt"})
# And where the letters are ones that plates do not have: people invent plates, but write these too.
_NO_LETTERS_OF_PLATES = _WORDS_IN_CAPITALS | words("in_no_plate_form")
_NUMBERED = re.compile(
    r"\b[a-z]{0,20}(?:zaak|dossier|besluit|document|order|bestel|klant|lid|serie|product|artikel"
    r"|model|type"
    r"|kenmerk|kavel|perceel|vak|nota|regeling|formulier|vergunning|norm|iso|nen|code|bestand"
    r"|brief|rapport|versie|plan|zaal|kamer|lokaal|groep|route|lijn)"
    r"(?:nummer|nr\.?|s|en)?(?: (?:is|van|met|nummer|nr\.?))?[ :]{1,2}$",
    re.IGNORECASE,
)
_WORD_OF_PLATE = re.compile(r"\b(?:kenteken|nummer(?:plaat|bord|plaatje)|plaatje)", re.IGNORECASE)


def _pattern(code: str, between: str, letter: str) -> str:
    groups = [
        f"{letter if group[0] == 'X' else '[0-9]'}{{{len(group)}}}" for group in code.split("-")
    ]
    return between.join(groups)


def _any_of(separator: str) -> re.Pattern[str]:
    choices = []
    for code in _SIDE_CODES:
        # Written together, four digits and two letters are a postcode, not this side code.
        if separator == "none" and code == "99-99-XX":
            continue
        old_with_hyphens = separator == "hyphen" and code in _OLD
        letter = _LETTER if old_with_hyphens else _CONSONANT
        choices.append(_pattern(code, _SEPARATOR[separator], letter))
    return re.compile(rf"(?<![\w])(?<!\w[-.])(?:{'|'.join(choices)})(?![\w])(?!-\w)")


def _anything_in_form() -> re.Pattern[str]:
    """What is written just like a plate, also with letters that are never issued."""
    codes = "|".join(_pattern(code, "-", "[A-Za-z]") for code in _SIDE_CODES)
    return re.compile(rf"(?<![\w])(?<!\w[-.])(?:{codes})(?![\w])(?!-\w)")


_PATTERNS = {separator: _any_of(separator) for separator in _SEPARATOR}
_IN_FORM = _anything_in_form()
_BELGIAN = re.compile(r"(?<![\w\-])[1-9]-[A-Z]{3}-\d{3}(?![\w\-])")
_AFTER_WORD = re.compile(
    r"\b(?i:kenteken|kentekenplaat|kentekennummer|nummerplaat|nummerbord)\b[^\n.!?]{0,30}?"
    r"(?<![\w\-])((?=[A-Z0-9 \-]{0,7}\d)(?=[0-9 \-]{0,6}[A-Z])"
    r"[A-Z0-9]{1,4}(?:[ \-]?[A-Z0-9]{1,5}){1,3})"
    r"(?![\w\-])"
)


def _is_plate(found: str, separator: str) -> bool:
    letters = re.findall(r"[A-Za-z]+", found)
    if not (found.isupper() or found == found.lower()):
        return False
    in_form = separator == "hyphen" and found.isupper()
    excluded = _WORDS_IN_CAPITALS if in_form else _WORDS
    if any(group.lower() in excluded for group in letters):
        return False
    # WK2026 and the like: letters before a year.
    return not re.fullmatch(r"[A-Za-z]{2} ?(?:19|20) ?\d\d", found)


def _is_written_as_plate(text: str, match: re.Match[str]) -> bool:
    """Tell whether letters and digits in the form of a plate are meant as one."""
    found, before = match[0], text[max(0, match.start() - 40) : match.start()]
    if any(g in _NO_LETTERS_OF_PLATES for g in re.findall("[a-z]+", found.lower())):
        return False
    if _WORD_OF_PLATE.search(before) or _WORD_OF_PLATE.search(text[match.end() : match.end() + 30]):
        return True
    return found.isupper() and not _NUMBERED.search(before)


def find_plates(text: str) -> Iterator[Span]:
    """Find licence plates, in capitals or small letters, with hyphens, spaces or neither."""
    for separator, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if _is_plate(match[0], separator):
                yield Span(Kind.PLATE, *match.span())
    for match in _IN_FORM.finditer(text):
        if _is_written_as_plate(text, match):
            yield Span(Kind.PLATE, *match.span())
    for match in _BELGIAN.finditer(text):
        yield Span(Kind.PLATE, *match.span())
    for match in _AFTER_WORD.finditer(text):
        if len(re.sub(r"[ \-]", "", match[1])) >= 5:
            yield Span(Kind.PLATE, *match.span(1))
