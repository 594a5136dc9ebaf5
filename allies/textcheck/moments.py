"""A day together with a clock time: that points at an incident."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from allies.textcheck.kinds import Kind, Span

_REACH = 80
_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|mrt|maart|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?"
    r"|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_PART = r"(?:ochtend|morgen|middag|namiddag|avond|nacht)"
_WEEKDAY = r"(?:maan|dins|woens|donder|vrij|zater|zon)dag"
_FEAST = (
    r"(?:oudejaars(?:dag|avond|nacht)|nieuwjaars(?:dag|nacht|ochtend)|koningsdag|koningsnacht"
    r"|bevrijdingsdag|hemelvaartsdag|(?:eerste|tweede) (?:kerst|paas|pinkster)dag|oudjaarsavond"
    r"|kerstavond|kerstnacht)"
)
# A day that has passed or is at hand, and can be only one.
_ONE_DAY = re.compile(
    rf"(?<![\w\-])(?:\d{{1,2}}(?:e|de|ste)? {_MONTH}\b\.?(?: (?:19|20)\d\d)?"
    r"|[0-3]?\d[-/.][01]?\d[-/.](?:19|20)?\d\d(?!\w)|(?:19|20)\d\d-[01]\d-[0-3]\d(?!\w)"
    rf"|[0-3]?\d[-/][01]?\d(?![\w\-/])"
    rf"|(?:eer)?gister(?:en)?[ -]?{_PART}?\b|vannacht\b|vanochtend\b|vanmorgen\b|vanmiddag\b"
    rf"|vanavond\b|vandaag\b|(?:over)?morgen(?:ochtend|middag|avond|nacht)?\b"
    rf"|(?:afgelopen|vorige|voorbije|laatste|komende|aanstaande|deze) (?:week )?"
    rf"(?:{_WEEKDAY}{_PART}?|{_FEAST}|nacht|avond)\b)",
    re.IGNORECASE,
)
# A day that comes back: only a moment when the sentence tells of something that happened.
_ANY_DAY = re.compile(rf"\b(?:{_WEEKDAY}(?:-?{_PART})?|{_FEAST})\b", re.IGNORECASE)

_HOUR = r"(?:[01]?\d|2[0-4])"
_HOUR_WORD = (
    r"(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|1[0-2]|[1-9])(?![\w.:])"
)
_AT = (
    r"(?:om|rond|tegen|omstreeks|circa|ca\.|precies|klokslag|exact|tussen|tot|vanaf|sinds|na|voor)"
)
_STEP = r"(?:kwart|vijf|tien|twintig|(?:\d{1,2}|een|twee|drie|vier|acht) min(?:uten)?)"
_TIME = re.compile(
    rf"(?<![\w.,:€\-])(?:{_HOUR}:[0-5]\d(?: ?uur| ?u\b)?(?![\w:])"
    rf"|{_HOUR}[.][0-5]\d ?(?:uur|u|h)\b"
    rf"|(?<=om ){_HOUR}[.][0-5]\d(?![\w.])|(?<=rond ){_HOUR}[.][0-5]\d(?![\w.])"
    rf"|(?<=tegen ){_HOUR}[.][0-5]\d(?![\w.])|(?<=tussen ){_HOUR}[.][0-5]\d(?![\w.])"
    rf"|{_HOUR}[hu][0-5]\d\b|{_HOUR} uur [0-5]?\d\b"
    rf"|{_AT} {_HOUR} ?(?:uur|u)\b(?! lang| per)|{_AT} {_HOUR_WORD} uur\b(?! lang| per)"
    rf"|(?:{_HOUR}|{_HOUR_WORD}) uur '?s (?:avonds|nachts|ochtends|morgens|middags)\b"
    rf"|{_STEP} (?:over|voor) (?:half )?{_HOUR_WORD}|(?<=om )half {_HOUR_WORD}"
    rf"|(?<=rond )half {_HOUR_WORD}|(?<=tegen )half {_HOUR_WORD}|half {_HOUR_WORD}(?= '?s )"
    rf"|(?<=nacht )half {_HOUR_WORD}|(?<=avond )half {_HOUR_WORD}"
    rf"|(?<=om ){_HOUR_WORD}(?= '?s (?:avonds|nachts|ochtends|morgens|middags)))",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[^a-z\s])|\n")
_EVERY = re.compile(
    r"\b(?:elke|iedere|dagelijks|wekelijks|maandelijks|altijd|meestal|telkens|vaak|soms"
    r"|door de week)\b",
    re.IGNORECASE,
)
_FROM_THEN_ON = re.compile(
    r"\b(?:vanaf|sinds|per|tot|t/m|met ingang van|ingaande)(?: \w+dag)? $", re.IGNORECASE
)
_NOT_A_DAY = re.compile(r"(?:\b(?:de|goede|een|vroeg in de|elke|iedere|'s)|\d) $", re.IGNORECASE)
_HABIT_BEFORE = re.compile(
    r"\b(?:op|in|van|tot|t/m|en|of|de|tijdens|met|voor|vanaf|per) $", re.IGNORECASE
)
_DAYS_ON_END = re.compile(
    r" ?(?:t/m|tot(?: en met)?|-) ?(?:maan|dins|woens|donder|vrij|zater|zon)dag"
)
_PAST = re.compile(
    r"\b(?:was|waren|werd|werden|stond|stonden|zag|zagen|hoorde|hoorden|kwam|kwamen|had|hadden|ging"
    r"|gingen|reed|reden|liep|liepen|gebeurde|begon|begonnen|vloog|vlogen|sloeg|sloegen|gooide"
    r"|gooiden|stopte|stopten|belde|belden|vertrok|vond|vonden|brak|braken|viel|vielen|schoot"
    r"|schoten|stak|staken|riep|riepen|nam|namen|bleef|bleven|deed|deden|sprong|sprongen|kreeg"
    r"|kregen|zat|zaten|lag|lagen|hield|hielden|hing|hingen|bleek|greep|smeet|stal|fietste|rende"
    r"|(?!(?:der|vier|aar|waar|zelf|hal|bei|rech|ech|lich|slech|einde)[td]e)\w{3,}(?:kt|pt|ft|cht|ld|rd|gd|md|wd)en?"
    r"|(?:is|zijn|heb|heeft|hebben) .{0,60}\bge\w{3,}|gezien|gehoord|gebeurd|geweest|gestolen)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[ ,]{1,3}(?:(?:om|rond|tegen|omstreeks|even na|vlak voor|de|ca\.) ){0,2}")


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield start, text[start : match.end()]
        start = match.end()
    yield start, text[start:]


def _days(sentence: str) -> Iterator[re.Match[str]]:
    """Give the days in a sentence that stand for one day, not for a habit."""
    for match in _ONE_DAY.finditer(sentence):
        before = sentence[max(0, match.start() - 30) : match.start()]
        if _FROM_THEN_ON.search(before):
            continue
        if match[0].lower() == "morgen" and _NOT_A_DAY.search(before):
            continue
        yield match
    past = _PAST.search(sentence) is not None
    if not past and _EVERY.search(sentence):
        return
    for match in _ANY_DAY.finditer(sentence):
        if _DAYS_ON_END.match(sentence, match.end()):
            continue
        before = sentence[max(0, match.start() - 20) : match.start()]
        happened = past and not _EVERY.search(before)
        if happened or not _HABIT_BEFORE.search(before):
            yield match


def _gap(day: re.Match[str], time: re.Match[str]) -> int:
    return max(time.start() - day.end(), day.start() - time.end())


def _nearest(days: list[re.Match[str]], time: re.Match[str]) -> re.Match[str] | None:
    """Give the day nearest to a clock time, if one is within reach; days are in order."""
    first = bisect_left(days, time.start() - 2 * _REACH, key=lambda day: day.start())
    last = bisect_right(days, time.end() + _REACH, key=lambda day: day.start())
    near = [day for day in days[first:last] if 0 <= _gap(day, time) <= _REACH]
    return min(near, key=lambda day: _gap(day, time)) if near else None


def find_moments(text: str) -> Iterator[Span]:
    """Find clock times near a day; both are marked when they stand together."""
    for offset, sentence in _sentences(text):
        times = list(_TIME.finditer(sentence))
        days = sorted(_days(sentence), key=lambda day: day.start()) if times else []
        for time in times:
            day = _nearest(days, time)
            if day is None or _EVERY.search(sentence[max(0, time.start() - 25) : time.start()]):
                continue
            first, last = (day, time) if day.start() < time.start() else (time, day)
            between = sentence[first.end() : last.start()]
            joined = _JOINED.fullmatch(between) or between in {"", " op ", " van "}
            start, end = (first.start(), last.end()) if joined else time.span()
            yield Span(Kind.DATETIME, offset + start, offset + end)
