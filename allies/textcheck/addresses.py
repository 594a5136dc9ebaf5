"""Streets with a house number."""

import re
from collections.abc import Iterator

from allies.textcheck.kinds import Kind, Span
from allies.textcheck.wordlists import phrases, words

# Endings that make any compound a street, and endings that only do so with a capital.
_ALWAYS = tuple(words("street_endings"))
_WITH_CAPITAL = tuple(words("street_endings_with_capital"))
_ALONE = words("street_alone")
_HEADS = frozenset({"boulevard", "laan", "plein", "weg", "hof", "promenade", "kasteel"})
_RINGS = frozenset(
    {"dorpsring", "kerkring", "noordring", "zuidring", "oostring", "westring", "stadsring"}
)
# Compounds with such an ending that name a sort of place, not one street.
_SORTS = words("street_sorts")
_UNITS = words("counted")
_FOLLOWERS = words("after_house_number")
_WORD = r"[^\W\d_]+(?:['\-][^\W\d_]+)*"
_ADDITION = r" ?(?:bis|hs|zw|rd)\b| ?-?[A-Za-z](?!\w)|-[IVX]{1,4}(?!\w)|[-/][0-9]{1,3}"
_STREET_AND_NUMBER = re.compile(
    rf"(?<![\w'\-])(?P<street>{_WORD})\.?"
    r"(?P<said>,? \(?(?:op )?(?:huisnummer|nummer|huisnr\.?|nr\.?|no\.) ?|,? )"
    rf"(?P<number>[1-9]\d{{0,3}})(?P<addition>{_ADDITION})?"
    r"(?![\w%°]|-[A-Za-z]{2}|[.,:]\d|[.]?\d)"
    r"(?P<postcode>,? [1-9]\d{3} ?[A-Z]{2}(?!\w))?"
)
_NUMBER_FIRST = re.compile(
    r"\b(?:huisnummer|nummer|nr\.?|huis) (?P<number>[1-9]\d{0,3}[a-z]?) (?:in|aan|van|op) "
    rf"(?:de |het )?(?P<street>{_WORD})",
    re.IGNORECASE,
)
_SQUARE_WITH_YEAR = re.compile(r"\bPlein 1940,? (?:nr\.? |nummer )?[1-9]\d{0,2}[a-z]?(?!\w)")
# Before any name with a number these words say that it is an address.
_LIVES = re.compile(
    r"(?:^| )(?:woning|pand|huis|adres|appartement|perceel"
    r"|(?:woont|wonen|woonde|woonachtig|zit|zitten"
    r"|logeert|verblijft|huurt) (?:op|aan)(?: de| het)?|aan (?:de|het|'t)(?: \w+)?)$"
)
_NO_STREET = words("numbered_things") | words("not_names") | words("first_names")
_WHERE = frozenset({"bij", "op", "aan", "vanuit", "naast", "tegenover", "achter"})
_HAPPENS = words("after_house_number") - words("after_number_too")
_PARTICLES = frozenset({"van", "de", "der", "den", "het", "'t", "ter", "ten", "en"})


def _compound(street: str, endings: tuple[str, ...]) -> bool:
    return any(street.endswith(end) and len(street) >= len(end) + 3 for end in endings)


def _before(text: str, start: int) -> list[re.Match[str]]:
    """Give up to four words that stand before start in an unbroken row, nearest first."""
    from_ = max(0, start - 60)
    row: list[re.Match[str]] = []
    for match in reversed(list(re.finditer(rf"'t|{_WORD}\.?", text[from_:start]))):
        reached = row[-1].start() if row else start - from_
        if text[from_ + match.end() : from_ + reached] != " " or len(row) == 4:
            break
        row.append(match)
    return row


def _is_street(street: str, row: list[str]) -> bool:
    """Tell whether a word, with the words before it nearest first, names one street."""
    small, capital = street.lower(), street[0].isupper()
    for size in (1, 2, 3):
        phrase = [*reversed([word.lower() for word in row[: size - 1]]), small]
        if tuple(phrase) in phrases("streets") and (capital or size > 1):
            return True
    if small in _SORTS or (small in words("not_names") and small not in _ALONE):
        return False
    if capital and _LIVES.search(" ".join(reversed([word.lower() for word in row]))):
        return True
    if small in _ALONE and capital:
        return True
    if small in _RINGS or _compound(small, _ALWAYS):
        return True
    if capital and _compound(small, _WITH_CAPITAL):
        return True
    if small in _ALWAYS or small in _WITH_CAPITAL:
        return bool(row) and row[0][0].isupper() and row[0].lower() not in words("not_names")
    named = [word for word in row[:3] if word[0].isupper()]
    return capital and any(word.lower() in _HEADS for word in named)


def _is_there(street: str, row: list[str], after: str) -> bool:
    """Tell whether "bij Groenewoud 31 woont" says where, although the word is no known street."""
    small = street.lower()
    if len(street) < 5 or not street[0].isupper() or small in _NO_STREET:
        return False
    if not row or row[0].lower() not in _WHERE:
        return False
    match = re.match(r"(?: ([a-z]+)|[.,;!?)\n]|$)", after)
    return match is not None and (match[1] is None or match[1] in _HAPPENS)


def _counts_something(after: str) -> bool:
    """Tell whether the number counts what follows: "in de Kerkstraat 3 huizen"."""
    if after.startswith(" in plaats van"):
        return True
    match = re.match(rf" ('s|{_WORD})", after)
    if match is None or match[1] in _FOLLOWERS:
        return False
    following = match[1]
    if following.lower() in _UNITS:
        return True
    # What is counted is plural, or an adjective before it.
    return following[0].islower() and following.endswith(("en", "s", "e"))


def _start_of_name(start: int, row: list[re.Match[str]]) -> int:
    """Move the start back over "Nieuwe", "Jan de" and the like."""
    shift, place = start, start
    for match in row:
        word = match[0].lower()
        place -= 1 + len(match[0])
        if match[0][0].isupper() and word not in words("not_names"):
            shift = place
        elif word not in _PARTICLES:
            break
    return shift


def find_addresses(text: str) -> Iterator[Span]:
    """Find streets with a house number, in either order."""
    for match in _STREET_AND_NUMBER.finditer(text):
        row = _before(text, match.start())
        number_said = len(match["said"].strip(" ,(")) > 0
        sure = number_said or match["addition"] or match["postcode"]
        if not number_said and re.fullmatch(r"(?:19|20)\d\d", match["number"]):
            continue
        before, after = [found[0] for found in row], text[match.end() : match.end() + 40]
        if not (_is_street(match["street"], before) or _is_there(match["street"], before, after)):
            continue
        if sure or not _counts_something(after):
            yield Span(Kind.ADDRESS, _start_of_name(match.start(), row), match.end())
    for match in _NUMBER_FIRST.finditer(text):
        if _is_street(match["street"], []):
            yield Span(Kind.ADDRESS, *match.span())
    for match in _SQUARE_WITH_YEAR.finditer(text):
        yield Span(Kind.ADDRESS, *match.span())
