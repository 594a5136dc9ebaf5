"""Phone numbers, citizen service numbers and bank accounts."""

import re
from collections.abc import Iterator

import phonenumbers
from stdnum import iban
from stdnum.nl import bsn

from allies.textcheck.kinds import Kind, Span

_GAP = r"[ .\-/()]{0,3}"
_DUTCH = re.compile(
    rf"(?<![\w+])(?:(?:\+|00){_GAP}31{_GAP}(?:0\){_GAP})?|\(?0|31 ?(?=6))"
    rf"[1-9](?:{_GAP}\d){{8}}(?!\d)"
)
_FOREIGN = re.compile(rf"(?<![\w+])(?:\+|00)(?!31)[1-9](?:{_GAP}\d){{7,14}}(?!\d)")
_AFTER_WORD = re.compile(
    r"\b(?:tel|telefoon|telefoonnummer|mobiel|gsm|bel|bellen|appen|app|whatsapp)"
    r"(?: (?:naar|op|is|met|maar))?[ .:]{1,3}(\d(?:[ .\-]{0,2}\d){5,7})(?![ .\-]?\d)",
    re.IGNORECASE,
)
_SPELLED_DIGIT = (
    r"(?:nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien"
    r"|(?:vijf|zes|zeven|acht|negen)tien"
    r"|(?:(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen)en)?"
    r"(?:twin|der|veer|vijf|zes|zeven|tach|negen)tig|\d{1,4})"
)
_SPELLED = re.compile(
    rf"\b(?:nul|0)[ -]?(?:zes|6)(?:[ ,.\-]{{1,3}}{_SPELLED_DIGIT}){{4,8}}\b", re.IGNORECASE
)
_OFFICIAL = ("0800", "0900", "0906", "0909", "140", "1161", "144")
_DATE_FIRST = re.compile(r"\d{2}[-/. ]\d{1,2}[-/. ](?:19|20)\d\d")
_HOURS_FIRST = re.compile(r"[012]\d[.:]?[0-5]\d ?[-/] ?[012]\d[.:]?[0-5]\d\b")

_BSN = re.compile(
    r"(?<![\w.,\-€])(?:\d{9}|\d{3}([ .\-])\d{3}\1\d{3}|\d{4}([ .\-])\d{2}\2\d{3}"
    r"|\d{3}([ .\-])\d\d\3\d\d\3\d\d|\d\d([ .\-])\d\d\4\d\d\4\d{3})(?![\w]|[.,\-]\d)"
)
_BSN_WORD = re.compile(
    r"\b(?:bsn|burgerservice ?nummer|sofi-?nummer)(?:[ -]?nummer)?\D{0,25}?"
    r"(\d(?:[ .\-]?\d){7,8})(?!\d)",
    re.IGNORECASE,
)
_AMOUNT_BEFORE = re.compile(r"(?:€|eur|euro) ?$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(r" ?(?:€|euro|inwoners|ton|kilo|liter|kuub|kwh|mensen)", re.IGNORECASE)

_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ .\-]?\d{2}(?=[ .\-]?[A-Za-z0-9])")
_IBAN_WORD = re.compile(
    r"\b(?:iban|rekening|rekeningnummer)\b[^\n]{0,20}?\b"
    r"(NL[ .\-]?\d{2}[ .\-]?[A-Z]{4}(?:[ .\-]?\d){10})\b",
    re.IGNORECASE,
)
_IBAN_LENGTH = {
    "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IT": 27,
    "LT": 20, "LU": 20, "LV": 21, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SE": 24,
    "SI": 19, "SK": 24, "TN": 24, "TR": 26, "UA": 29,
}  # fmt: skip


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


def _is_dutch_number(found: str) -> bool:
    """Tell a phone number from official lines, dates and opening hours."""
    bare = found.strip("(")
    if _DATE_FIRST.match(bare) or _HOURS_FIRST.match(bare):
        return False
    return not _digits(found).startswith(_OFFICIAL)


def _is_foreign_number(found: str) -> bool:
    try:
        number = phonenumbers.parse("+" + _digits(found).removeprefix("00"))
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)


def find_phones(text: str) -> Iterator[Span]:
    """Find Dutch numbers in any usual writing, and foreign ones with their country code."""
    for match in _DUTCH.finditer(text):
        if _is_dutch_number(match[0]):
            yield Span(Kind.PHONE, *match.span())
    for match in _FOREIGN.finditer(text):
        if _is_foreign_number(match[0]):
            yield Span(Kind.PHONE, *match.span())
    for match in _AFTER_WORD.finditer(text):
        if not _digits(match[1]).startswith(_OFFICIAL):
            yield Span(Kind.PHONE, *match.span(1))
    for match in _SPELLED.finditer(text):
        yield Span(Kind.PHONE, *match.span())


def find_bsns(text: str) -> Iterator[Span]:
    """Find numbers of nine digits that pass the eleven test, and any after the word itself."""
    for match in _BSN.finditer(text):
        before, after = text[max(0, match.start() - 5) : match.start()], text[match.end() :][:12]
        if _AMOUNT_BEFORE.search(before) or _AMOUNT_AFTER.match(after):
            continue
        if bsn.is_valid(_digits(match[0])):
            yield Span(Kind.BSN, *match.span())
    for match in _BSN_WORD.finditer(text):
        yield Span(Kind.BSN, *match.span(1))


def _iban_end(text: str, start: int) -> int | None:
    """Give the end of a valid account number that begins at start; the country tells how long."""
    length = _IBAN_LENGTH.get(text[start : start + 2].upper())
    if length is None:
        return None
    seen = ""
    for place in range(start, len(text)):
        if text[place].isalnum():
            seen += text[place]
        elif text[place] not in " .-":
            return None
        if len(seen) == length:
            inside_word = text[place + 1 : place + 2].isalnum()
            return (
                place + 1 if not inside_word and iban.is_valid(seen, check_country=False) else None
            )
    return None


def find_ibans(text: str) -> Iterator[Span]:
    """Find account numbers whose check digits are right, and Dutch ones after the word itself."""
    for match in _IBAN_START.finditer(text):
        end = _iban_end(text, match.start())
        if end is not None:
            yield Span(Kind.IBAN, match.start(), end)
    for match in _IBAN_WORD.finditer(text):
        yield Span(Kind.IBAN, *match.span(1))
