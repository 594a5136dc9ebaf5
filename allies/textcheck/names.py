"""Names of persons: with a title, with initials, or first name and surname together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from allies.textcheck.kinds import Kind, Span
from allies.textcheck.wordlists import phrases, words

_TOKEN = re.compile(r"'[tsn](?!\w)|[^\W\d_]+(?:['\-][^\W\d_]+)*")
_PARTICLES = frozenset(
    "van de der den het 't ter ten te el al ait ou ben bin abu abou von zu la le du di da dos"
    " op uit in aan".split()
)
# "Kees in de haven" is no surname, "Kees in 't Veld" is.
_PLACE_PARTICLES = {"op": {"'t", "den"}, "uit": {"den", "het", "'t"}, "in": {"'t"}, "aan": {"den"}}
_COURTESY = frozenset(
    "dhr mevr mevrouw mw meneer mijnheer heer heren mej mejuffrouw hr familie fam mvr".split()
)
_OFFICE = frozenset(
    "dr drs ir ing mr prof ds dokter professor dominee pastoor pater imam juf juffrouw meester"
    " agent wijkagent hoofdagent rechercheur inspecteur commissaris wethouder burgemeester"
    " raadslid officier zuster broeder".split()
)
_RELATION = frozenset(
    "buurman buurvrouw buurjongen buurmeisje buur collega zoon zoontje dochter dochtertje vriend"
    " vriendin broer zus zusje neef nicht oom tante opa oma man vrouw boer bakker slager kapper"
    " trainer coach directeur voorzitter huisarts notaris makelaar concierge jongerenwerker"
    " vrijwilliger eigenaar huisbaas verhuurder ene zekere genaamd heet heette heten bijgenaamd"
    " jongen meisje weduwe weduwnaar koster organist penningmeester leidster leraar lerares"
    " kleinzoon kleindochter moeder vader ex klasgenoot".split()
)
_SHORT = frozenset("dhr mevr mw mej hr fam dr drs ir ing mr prof ds mvr".split())
_NOT_TODAY = frozenset("sint st prins prinses koning koningin keizer graaf admiraal heilige".split())
_INSTITUTIONS = frozenset(
    "straat weg laan plein singel school basisschool college museum park huis zaal zalen kerk hal"
    " brug haven stichting fonds prijs arena stadion toernooi festival kade dijk tunnel concours"
    " ziekenhuis hof steeg boulevard supermarkt winkel makelaardij bv".split()
)
_INSTITUTION_ENDINGS = (
    "straat", "laan", "weg", "plein", "singel", "school", "college", "museum", "ziekenhuis",
    "stichting", "fonds", "gracht", "kade", "boulevard", "park", "zaal", "stadion", "tunnel",
    "toren", "dreef", "steeg", "dijkstraat", "prijs", "kerk",
)  # fmt: skip
_FIRMS = frozenset(
    "firma bouwbedrijf bakkerij slagerij garage autobedrijf cafe restaurant camping hotel strandtent"
    " stichting rederij transportbedrijf schildersbedrijf drogisterij modehuis boekhandel viswinkel"
    " zaal supermarkt kapsalon makelaardij paviljoen strandpaviljoen basisschool fort molen gemaal"
    " drukkerij museum".split()
)
_ROMAN = re.compile(r"[IVX]+")


@dataclass(frozen=True)
class _Token:
    text: str
    small: str
    start: int
    end: int
    gap: str  # what stands between the token before and this one

    @property
    def capital(self) -> bool:
        """Give whether this is written like a name: at least two letters, the first a capital."""
        return len(self.text) > 1 and self.text[0].isupper()

    @property
    def initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    end = 0
    for match in _TOKEN.finditer(text):
        gap = text[end : match.start()]
        found.append(_Token(match[0], match[0].lower(), match.start(), match.end(), gap))
        end = match.end()
    return found


def _listed(small: str, name: str) -> bool:
    """Tell whether a word, or the first part of a double one, is in a list."""
    known = words(name)
    return small in known or small.split("-")[0] in known


class _Reader:
    """Reads names in the tokens of one text; every method takes the index of a token."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.masked = self._mask()

    def _mask(self) -> set[int]:
        """Give the tokens that belong to a public name such as a street, a shop or history."""
        masked: set[int] = set()
        known = phrases("public_names")
        firsts = {phrase[0] for phrase in known}
        for index, token in enumerate(self.tokens):
            if token.small not in firsts:
                continue
            for size in range(2, 6):
                row = tuple(part.small for part in self.tokens[index : index + size])
                if row in known:
                    masked.update(range(index, index + size))
        return masked

    def _follows(self, index: int, dot: bool = False) -> bool:
        """Tell whether a token exists and comes right after the one before."""
        if index >= len(self.tokens) or index in self.masked:
            return False
        return self.tokens[index].gap in ({" ", ". ", "."} if dot else {" "})

    def _starts_sentence(self, index: int) -> bool:
        gap = self.tokens[index].gap
        return index == 0 or any(mark in gap for mark in ".!?:\n\"")

    def _particles(self, index: int) -> int:
        """Give the index after the particles that start here, at most three."""
        end = index
        while end < index + 3 and self._follows(end, dot=end == index):
            token = self.tokens[end]
            if token.small not in _PARTICLES:
                break
            needed = _PLACE_PARTICLES.get(token.small)
            if needed and not (
                self._follows(end + 1) and self.tokens[end + 1].small in needed
            ):
                break
            end += 1
        return end

    def _nobody(self, index: int) -> bool:
        """Tell whether this token can't be (the end of) a person's name."""
        token = self.tokens[index]
        if token.small in words("not_names") or _ROMAN.fullmatch(token.text):
            return True
        if _listed(token.small, "surnames"):
            return self._institution_follows(index)
        if token.small.endswith(_INSTITUTION_ENDINGS):
            return True
        short_capitals = token.text.isupper() and len(token.text) <= 4
        return short_capitals or self._institution_follows(index)

    def _institution_follows(self, index: int) -> bool:
        return self._follows(index + 1) and self.tokens[index + 1].small in _INSTITUTIONS

    def surname(self, index: int, *, known: bool, small: bool = False) -> int | None:
        """Give the index after a surname that starts here, or None.

        known asks that it is in the list, unless a particle goes before; small lets it be
        written in small letters, and then it must be in the list.
        """
        core = self._particles(index)
        if not self._follows(core, dot=core == index):
            return None
        token = self.tokens[core]
        if self._nobody(core):
            return None
        if token.capital:
            fits = not known or core > index or _listed(token.small, "surnames")
        else:
            fits = small and len(token.text) > 1 and _listed(token.small, "surnames")
        return core + 1 if fits else None

    def _initials(self, index: int) -> int:
        end = index
        while end < index + 5 and end < len(self.tokens) and self.tokens[end].initial:
            if end > index and not self._follows(end, dot=True):
                break
            end += 1
        return end

    def titled(self, index: int) -> tuple[int, int] | None:
        """Read "dhr. De Witt", "wijkagent Kees", "buurman Ali"."""
        token = self.tokens[index]
        title = token.small
        strong = title in _COURTESY or title in _OFFICE
        if not strong and title not in _RELATION:
            return None
        start = index + 1
        if not self._follows(start, dot=title in _SHORT):
            return None
        if strong and self.tokens[start].small in _COURTESY | _OFFICE:
            return None
        end = self._named(self._initials(start), title) if strong else self._known(start, title)
        if end is None:
            return None
        return index, end

    def _named(self, start: int, title: str) -> int | None:
        """Read the name after a title that always goes with a name."""
        if not self._follows(start, dot=True):
            return None
        first = self.tokens[start]
        if first.capital and not self._nobody(start) and first.small not in _PARTICLES:
            longer = self._after_first(start, known=False)
            return longer or start + 1
        lowered = title in _COURTESY and title not in {"familie", "heren"}
        end = self.surname(start, known=False, small=lowered)
        if end is None and not first.capital and _listed(first.small, "first_names"):
            return None if first.small in words("name_words") else start + 1
        return end

    def _known(self, start: int, title: str) -> int | None:
        """Read the name after a word like "buurman": only a listed name counts."""
        first = self.tokens[start]
        if _listed(first.small, "first_names") and start not in self.masked:
            if not first.capital and (first.small in words("name_words") or title == "man"):
                return None
            if first.capital and self._institution_follows(start):
                return None
            return self._after_first(start, known=False) or start + 1
        end = self.surname(start, known=True)
        if end is None or not _listed(self.tokens[end - 1].small, "surnames"):
            return None
        return end

    def _after_first(self, index: int, *, known: bool) -> int | None:
        """Read the rest of a name whose first name stands at index."""
        follow = index + 1
        if self._follows(follow) and _listed(self.tokens[follow].small, "first_names"):
            longer = self.surname(follow + 1, known=known)
            if longer is not None and self.tokens[follow].capital:
                return longer
        initials = self._initials(follow)
        if initials > follow and self._follows(follow):
            end = self.surname(initials, known=known)
            return end or (initials if self._dot_after(initials - 1) else None)
        return self.surname(follow, known=known)

    def _dot_after(self, index: int) -> bool:
        return index + 1 < len(self.tokens) and self.tokens[index + 1].gap.startswith(".")

    def pair(self, index: int) -> tuple[int, int] | None:
        """Read a first name with a surname."""
        token = self.tokens[index]
        before = self.tokens[index - 1].small if index else ""
        if before in _NOT_TODAY and token.gap.strip(".") == " ":
            return None
        if not _listed(token.small, "first_names"):
            return self._unlisted_first(index, before)
        if token.capital:
            doubtful = token.small in words("name_words") and self._starts_sentence(index)
            end = self._after_first(index, known=doubtful)
        elif token.small in words("name_words") and token.small not in {"jan", "piet", "willem"}:
            end = None
        else:
            end = self._small_pair(index)
        return (index, end) if end is not None else None

    def _small_pair(self, index: int) -> int | None:
        """Read a pair in small letters: both must be in the lists."""
        follow = index + 1
        if not self._follows(follow):
            return None
        core = self._particles(follow)
        end = self.surname(follow, known=True, small=True)
        if end is None or not _listed(self.tokens[end - 1].small, "surnames"):
            return None
        ordinary = self.tokens[end - 1].small in words("name_words")
        return None if ordinary and core == follow and self.tokens[index].small == "jan" else end

    def _unlisted_first(self, index: int, before: str) -> tuple[int, int] | None:
        """Read an unknown first name before a known surname, inside a sentence."""
        token = self.tokens[index]
        if not token.capital or self._starts_sentence(index) or before in _FIRMS:
            return None
        if token.small in _PARTICLES or token.small in _FIRMS or self._nobody(index):
            return None
        end = self.surname(index + 1, known=True)
        if end is None or not _listed(self.tokens[end - 1].small, "surnames"):
            return None
        return index, end

    def initials(self, index: int) -> tuple[int, int] | None:
        """Read "J. de Vries" and "A.B. Jansen"."""
        start = self._initials(index)
        if start == index or not self._dot_after(start - 1):
            return None
        if index and self.tokens[index].gap == "." and self.tokens[index - 1].initial:
            return None
        end = self.surname(start, known=True)
        if end is None or self.tokens[start].small in words("not_names") - _PARTICLES:
            return None
        return index, end


def find_names(text: str) -> Iterator[Span]:
    """Find names of persons, but not those of streets, schools, shops and history."""
    reader = _Reader(text)
    for index, token in enumerate(reader.tokens):
        if index in reader.masked:
            continue
        for read in (reader.titled, reader.pair, reader.initials):
            found = read(index)
            if found is not None:
                yield Span(Kind.NAME, token.start, reader.tokens[found[1] - 1].end)
                break
