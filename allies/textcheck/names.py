"""Names of persons: with a title, with initials, or first name and surname together."""

import re
from collections.abc import Callable, Iterator

from allies.textcheck.kinds import Kind, Span
from allies.textcheck.name_parts import (
    CLOSE,
    COURTESY,
    FIRMS,
    INTRODUCING,
    NOT_TODAY,
    OFFICE,
    PARTICLES,
    RELATION,
    SHORTENED,
)
from allies.textcheck.name_reader import NameReader, listed
from allies.textcheck.wordlists import words

_FIRM = COURTESY | OFFICE
_LOOSE = RELATION | CLOSE
_GLUED = re.compile(r"([A-Z][a-z]+?)(?:van|de|den|der|ter|ten|el)*([A-Z][a-z]+)")
_BOTH_LISTED_ANYWAY = frozenset({"jan", "piet", "willem"})


def _with_title(reader: NameReader, index: int) -> int | None:
    """Read "dhr. De Witt", "wijkagent Kees", "buurman Ali"."""
    title = reader.tokens[index].small
    start = index + 1
    if not reader.follows(start, dot=title in SHORTENED) or reader.place_name(start):
        return None
    if title in _FIRM:
        if reader.tokens[start].small in _FIRM:
            return None
        return _any_name(reader, reader.initials(start), title)
    before = reader.tokens[index - 1].small if index else ""
    introduced = (before, title) == ("ik", "ben") or (before.endswith("naam") and title == "is")
    if title in CLOSE and reader.tokens[start].capital and not reader.nobody(start):
        return _any_name(reader, start, title)
    if title in _LOOSE or introduced:
        return _listed_name(reader, start, lowered=not introduced)
    return None


def _any_name(reader: NameReader, start: int, title: str) -> int | None:
    """Read the name after a title that always goes with a name."""
    if not reader.follows(start, dot=True):
        return None
    first = reader.tokens[start]
    if first.capital and not reader.nobody(start) and first.small not in PARTICLES:
        return reader.after_first(start, known=False) or start + 1
    lowered = title in COURTESY - {"familie", "heren"} or title in {"dokter", "dominee"}
    end = reader.surname(start, known=False, small=lowered)
    if end is None and not first.capital and listed(first.small, "first_names"):
        return None if first.small in words("name_words") else start + 1
    return end


def _listed_name(reader: NameReader, start: int, *, lowered: bool) -> int | None:
    """Read the name after a word like "buurman": only a listed name counts."""
    first = reader.tokens[start]
    if listed(first.small, "first_names"):
        if not first.capital and (not lowered or first.small in words("name_words")):
            return None
        return reader.after_first(start, known=False) or start + 1
    return reader.surname_listed(start)


def _pair(reader: NameReader, index: int) -> int | None:
    """Read a first name with a surname."""
    token = reader.tokens[index]
    before = reader.tokens[index - 1].small if index else ""
    if before in NOT_TODAY and token.gap.strip(".") == " ":
        return None
    if not listed(token.small, "first_names"):
        return _unlisted_first(reader, index, before)
    if token.capital:
        doubtful = token.small in words("name_words") and reader.starts_sentence(index)
        return reader.after_first(index, known=doubtful)
    if token.small in words("name_words") - _BOTH_LISTED_ANYWAY:
        return None
    return _small_pair(reader, index)


def _small_pair(reader: NameReader, index: int) -> int | None:
    """Read a pair in small letters: both must be in the lists."""
    follow = index + 1
    if not reader.follows(follow):
        return None
    end = reader.surname_listed(follow, small=True)
    if end is None or end > follow + 1:
        return end
    ordinary = reader.tokens[follow].small in words("name_words")
    return None if ordinary and reader.tokens[index].small in _BOTH_LISTED_ANYWAY else end


def _unlisted_first(reader: NameReader, index: int, before: str) -> int | None:
    """Read an unknown first name before a known surname."""
    token = reader.tokens[index]
    if not token.capital or before in FIRMS or token.small in FIRMS | PARTICLES:
        return None
    if reader.nobody(index):
        return None
    end = reader.surname_listed(index + 1)
    if (
        end
        and reader.starts_sentence(index)
        and reader.tokens[end - 1].small in words("name_words")
    ):
        return None
    return end


def _with_initials(reader: NameReader, index: int) -> int | None:
    """Read "J. de Vries" and "A.B. Jansen"."""
    start = reader.initials(index)
    if start == index or not reader.dot_after(start - 1):
        return None
    if start >= len(reader.tokens):
        return None
    if reader.tokens[start].small in words("not_names") - PARTICLES:
        return None
    return reader.surname(start, known=True)


def _turned_round(reader: NameReader, index: int) -> int | None:
    """Read "Vries, Jan de": both must be in the lists."""
    if index + 1 >= len(reader.tokens) or index + 1 in reader.masked:
        return None
    last, first = reader.tokens[index : index + 2]
    if first.gap != ", " or not (last.capital and first.capital) or reader.nobody(index):
        return None
    if first.small in words("name_words") - _BOTH_LISTED_ANYWAY:
        return None
    if not (listed(last.small, "surnames") and listed(first.small, "first_names")):
        return None
    end = reader.particles(index + 2)
    doubtful = last.small in words("name_words") and reader.starts_sentence(index)
    return None if doubtful and end == index + 2 else end


def _in_one_word(reader: NameReader, index: int) -> int | None:
    """Read "JandeVries"."""
    match = _GLUED.fullmatch(reader.tokens[index].text)
    if match is None:
        return None
    is_name = listed(match[1].lower(), "first_names") and listed(match[2].lower(), "surnames")
    return index + 1 if is_name else None


def _capital_particle(reader: NameReader, index: int) -> int | None:
    """Read "Van den Berg" or "De Vries" without a first name, inside a sentence."""
    token = reader.tokens[index]
    if token.small not in {"van", "de", "den", "el", "ter"} or not token.capital:
        return None
    before = reader.tokens[index - 1].small if index else ""
    if reader.starts_sentence(index) or before in FIRMS or token.gap != " ":
        return None
    return reader.surname_listed(index + 1)


_RULES: tuple[Callable[[NameReader, int], int | None], ...] = (
    _with_title,
    _pair,
    _with_initials,
    _turned_round,
    _in_one_word,
    _capital_particle,
)


def find_names(text: str) -> Iterator[Span]:
    """Find names of persons, but not those of streets, schools, shops and history."""
    reader = NameReader(text)
    for index, token in enumerate(reader.tokens):
        if index in reader.masked:
            continue
        for rule in _RULES:
            end = rule(reader, index)
            if end is not None:
                first = reader.tokens[index + 1] if token.small in INTRODUCING else token
                yield Span(Kind.NAME, first.start, reader.tokens[end - 1].end)
                break
