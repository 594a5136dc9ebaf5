"""E-mail addresses, web addresses and account names."""

import re
from collections.abc import Iterator

from allies.textcheck.kinds import Kind, Span
from allies.textcheck.wordlists import words

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}(?:@ ?| @ )"
    r"(?:[A-Za-z0-9\-]{1,63}\.){1,5}[A-Za-z]{2,24}"
    r"(?![A-Za-z0-9])"
)
_AT = (
    r"(?: ?[\[({] ?(?:at|apenstaart|apenstaartje) ?[\])}] ?| (?:at|apenstaart|apenstaartje) |@| @ )"
)
_DOT = r"(?: ?[\[({] ?(?:punt|dot) ?[\])}] ?| (?:punt|dot) |\.)"
_TOP = r"(?:nl|com|org|net|be|eu|info|online|frl|zeeland)"
_SPOKEN = re.compile(
    rf"(?<![\w.\-])[A-Za-z0-9][\w\-]{{0,40}}(?:{_DOT}[A-Za-z0-9][\w\-]{{0,40}})?{_AT}"
    rf"[A-Za-z0-9][\w\-]{{0,40}}{_DOT}{_TOP}\b",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?<![\w@.\-])(?:(?:https?://|www\.)[^\s<>\"']{3,200}"
    r"|(?:[A-Za-z0-9][A-Za-z0-9\-]{0,62}\.){1,4}"
    r"(?:nl|com|org|net|eu|info|be|shop|online|site|link|io|gg|me(?=/))\b(?:/[^\s<>\"']{0,200})?)"
)
_OFFICIAL_SITES = frozenset(
    {"politie.nl", "meldmisdaadanoniem.nl", "rijksoverheid.nl", "overheid.nl", "113.nl"}
)
_AT_NAME = re.compile(r"(?<![\w@.\-])@[A-Za-z_][\w.]{1,29}")
_YOUNG = r"(?:insta|instagram|ig|snap|snapchat|sc|tiktok|tik tok)"
_NETWORK = (
    r"(?:insta|instagram|ig|snap|snapchat|sc|tiktok|tik tok"
    r"|facebook|fb|telegram|twitter|discord|signal|x|whatsapp)"
)
_NAMED = re.compile(
    rf"\b{_YOUNG}(?:[ -]?(?:account|naam|profiel|gebruiker|user))?"
    r" ?[:=] ?([A-Za-z_][\w.\-]{1,29})"
    r"(?= ?(?:$|[.;!?)\n]| (?:of|en)\b))",
    re.IGNORECASE,
)
_HEADED = re.compile(
    rf"\b(?:{_NETWORK}|account|accountnaam|gebruikersnaam|username|nickname|profiel)\b"
    r"(?: ?[:=]| (?:account|accountnaam|naam|profiel|is|als|met|via|op|heet|heten|noemt|onder"
    r"|hij|zij|ze|zich|van|de|het|een|jongen|iemand|ene|dat)){0,4} [\"']?([A-Za-z_][\w.\-]{2,29})",
    re.IGNORECASE,
)
_TAILED = re.compile(
    rf"(?<![\w.@\-])([A-Za-z_][\w.\-]{{2,29}}) (?:op|via|bij) {_YOUNG}\b", re.IGNORECASE
)
_LOOKS_CHOSEN = re.compile(r"[A-Za-z]\w*[\d_]|[A-Za-z]+\.[a-z]+\d*$|_[a-z]")
_CALLED = re.compile(
    rf"\b(?:(?:insta|instagram|snap|snapchat|tiktok|telegram|discord)[ -]?(?:account|naam|profiel)"
    r"|gebruikersnaam|accountnaam|nickname|username)"
    rf"(?: (?:is|op {_NETWORK} is|van (?:hem|haar|die jongen|dat meisje) is)| ?[:=])? "
    r"[\"']?([A-Za-z_][\w.\-]{2,29})",
    re.IGNORECASE,
)
_NOT_AN_ACCOUNT = words("not_an_account")


def find_emails(text: str) -> Iterator[Span]:
    """Find e-mail addresses, also spelled out: naam at domein punt nl."""
    for pattern in (_EMAIL, _SPOKEN):
        for match in pattern.finditer(text):
            yield Span(Kind.EMAIL, *match.span())


def find_urls(text: str) -> Iterator[Span]:
    """Find web addresses; the front pages of the police and the government may stay."""
    for match in _URL.finditer(text):
        address = match[0].rstrip(".,;:!?)")
        host = address.removeprefix("https://").removeprefix("http://").removeprefix("www.")
        if host.rstrip("/").lower() not in _OFFICIAL_SITES:
            yield Span(Kind.URL, match.start(), match.start() + len(address))


def find_handles(text: str) -> Iterator[Span]:
    """Find account names: with an at sign, or after the name of a network."""
    for match in _AT_NAME.finditer(text):
        yield Span(Kind.HANDLE, match.start(), match.start() + len(match[0].rstrip(".")))
    for pattern in (_NAMED, _HEADED, _TAILED, _CALLED):
        for match in pattern.finditer(text):
            name = match[1].rstrip(".-")
            if name.lower() in _NOT_AN_ACCOUNT:
                continue
            if pattern in (_HEADED, _TAILED) and not _LOOKS_CHOSEN.search(name):
                continue
            yield Span(Kind.HANDLE, match.start(1), match.start(1) + len(name))
