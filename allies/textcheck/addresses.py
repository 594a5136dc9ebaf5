"""Streets with a house number."""

import re
from collections.abc import Iterator

from allies.textcheck.kinds import Kind, Span
from allies.textcheck.wordlists import phrases, words

# Endings that make any compound a street, and endings that only do so with a capital.
_ALWAYS = tuple(
    "straat straatje laan laantje weg weggetje plein singel dijk kade kaai steeg dreef gracht"
    " boulevard".split()
)
_WITH_CAPITAL = tuple(
    "plantsoen pad hof hofje burg markt wal baan akker erf poort haven veld park dam werf zicht"
    " bolwerk vest vaart duin stede sluis hoeve meent kaaij".split()
)
_ALONE = frozenset("markt dam ring plein boulevard kade kaai singel haven dorpsplein".split())
_HEADS = frozenset("boulevard laan plein weg hof promenade kasteel".split())
_RINGS = frozenset("dorpsring kerkring noordring zuidring oostring westring stadsring".split())
# Compounds with such an ending that name a sort of place, not one street.
_SORTS = frozenset(
    "snelweg autoweg fietsweg terugweg heenweg omweg uitweg onderweg vaarweg spoorweg landweg"
    " zandweg buitenweg zijweg rijksweg ventweg toegangsweg zijstraat dwarsstraat winkelstraat"
    " woonstraat kermisplein schoolplein parkeerplein speelplein marktplein fietspad wandelpad"
    " voetpad schelpenpad jaagpad weekmarkt kerstmarkt rommelmarkt woningmarkt arbeidsmarkt"
    " huizenmarkt jaarmarkt boerenmarkt vrijmarkt braderiemarkt supermarkt golfbaan ijsbaan"
    " tennisbaan rijbaan loopbaan skatebaan busbaan bijbaan kartbaan sportpark vakantiepark"
    " windpark bungalowpark zonnepark stadspark speelveld voetbalveld sportveld trapveld"
    " jachthaven zeehaven binnenhaven buitenhaven vissershaven gerechtshof kerkhof zonneveld"
    " windmolenpark zeedijk winterdijk wereldhaven thuishaven paspoort"
    " recreatiepark bedrijvenpark middelburg domburg souburg oost-souburg west-souburg"
    " amsterdam rotterdam".split()
)
_UNITS = frozenset(
    "jaar jr maand week dag uur keer maal meter m km kilometer kg ton euro procent graden graad"
    " x man pers personen december november oktober september augustus juli juni mei april maart"
    " februari januari dec nov okt sep aug jan feb mrt apr miljoen duizend honderd extra auto bus"
    " huis woning winkel flat gezin gulden cent minuut mens etage boot".split()
)
_FOLLOWERS = frozenset(
    "woont wonen woonde woonden staat staan stond stonden is zijn was waren wordt worden werd"
    " werden heeft hebben had hadden zit zitten zat ligt liggen lag hangt hangen hing komt komen"
    " kwam gaat gaan ging loopt lopen rijdt verkoopt verhuurt verhuren krijgt kreeg doet doen"
    " houdt houden moet moeten kan kunnen wil willen zou mag brandt blijft gebeurt gebeurde"
    " gebeuren en of in te op aan bij met naar van voor om over tegen tot uit zonder via achter"
    " naast tegenover daar waar die dat wie al ook nog weer nu nooit steeds altijd vaak elke"
    " iedere de het een er hier dus want maar omdat als zoals ze zij hij we wij ik je men niet"
    " geen sinds tijdens vanaf ruikt klinkt blijkt vol leeg dicht boven beneden 's".split()
)
_WORD = r"[^\W\d_]+(?:['\-][^\W\d_]+)*"
_ADDITION = r" ?(?:bis|hs|zw|rd)\b| ?-?[A-Za-z](?!\w)|[-/][0-9]{1,3}"
_STREET_AND_NUMBER = re.compile(
    rf"(?<![\w'\-])(?P<street>{_WORD})\.?"
    r"(?P<said>,? (?:op )?(?:huisnummer|nummer|huisnr\.?|nr\.?|no\.) ?|,? )"
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
_PARTICLES = frozenset("van de der den het 't ter ten en".split())


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
    if small in _SORTS or (small in words("not_names") and small not in _ALONE):
        return False
    for size in (1, 2, 3):
        phrase = [*reversed([word.lower() for word in row[: size - 1]]), small]
        if tuple(phrase) in phrases("streets") and (capital or size > 1):
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


def _counts_something(street: str, after: str) -> bool:
    """Tell whether the number counts what follows: "in de Kerkstraat 3 huizen"."""
    match = re.match(rf" ('s|{_WORD})", after)
    if match is None or match[1] in _FOLLOWERS:
        return False
    following = match[1]
    if following.lower() in _UNITS or not street[0].isupper():
        return not following[0].isupper() or following.lower() in _UNITS
    return not following[0].isupper() and following.endswith(("en", "s", "e"))


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
        number_said = len(match["said"].strip(" ,")) > 0
        sure = number_said or match["addition"] or match["postcode"]
        if not number_said and re.fullmatch(r"(?:19|20)\d\d", match["number"]):
            continue
        if not _is_street(match["street"], [found[0] for found in row]):
            continue
        if sure or not _counts_something(match["street"], text[match.end() : match.end() + 40]):
            yield Span(Kind.ADDRESS, _start_of_name(match.start(), row), match.end())
    for match in _NUMBER_FIRST.finditer(text):
        if _is_street(match["street"], []):
            yield Span(Kind.ADDRESS, *match.span())
    for match in _SQUARE_WITH_YEAR.finditer(text):
        yield Span(Kind.ADDRESS, *match.span())
