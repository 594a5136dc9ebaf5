"""The kinds of words that can point at a person, and what to tell the writer about each."""

from dataclasses import dataclass
from enum import StrEnum


def N_(message: str) -> str:
    """Mark a sentence for translation; the template that shows it translates it."""
    return message


class Kind(StrEnum):
    """What a found word is."""

    PHONE = "phone"
    EMAIL = "email"
    BSN = "bsn"
    IBAN = "iban"
    PLATE = "plate"
    ADDRESS = "address"
    POSTCODE = "postcode"
    NAME = "name"
    DATETIME = "datetime"
    HANDLE = "handle"
    URL = "url"


@dataclass(frozen=True)
class Finding:
    """A word in the text that can point at a person; start and end count code points."""

    kind: Kind
    start: int
    end: int
    word: str


# A direct identifier, never taken for something else: no coordinator can publish it.
DIRECT = frozenset({Kind.PHONE, Kind.EMAIL, Kind.BSN, Kind.IBAN})


@dataclass(frozen=True)
class Span:
    """A candidate in the folded text, before overlaps are settled."""

    kind: Kind
    start: int
    end: int


LABEL: dict[Kind, str] = {
    Kind.PHONE: N_("a phone number"),
    Kind.EMAIL: N_("an e-mail address"),
    Kind.BSN: N_("a citizen service number"),
    Kind.IBAN: N_("a bank account number"),
    Kind.PLATE: N_("a licence plate"),
    Kind.ADDRESS: N_("an address"),
    Kind.POSTCODE: N_("a postcode"),
    Kind.NAME: N_("a name"),
    Kind.DATETIME: N_("an exact day or time"),
    Kind.HANDLE: N_("an account name"),
    Kind.URL: N_("a web address"),
}

ADVICE: dict[Kind, str] = {
    Kind.PHONE: N_("Leave the phone number out. What matters is the development, not who to call."),
    Kind.EMAIL: N_("Leave the e-mail address out. Nobody at the table needs it."),
    Kind.BSN: N_("Leave this number out. It belongs to one person only."),
    Kind.IBAN: N_("Leave the account number out. It belongs to one person only."),
    Kind.PLATE: N_(
        "Leave the licence plate out. Did you see something suspicious? Then call the police."
    ),
    Kind.ADDRESS: N_("Name the neighbourhood or the village instead of the exact address."),
    Kind.POSTCODE: N_("Name the neighbourhood or the village instead of the postcode."),
    Kind.NAME: N_(
        "Write about a group instead of a person: young people, neighbours, shopkeepers."
    ),
    Kind.DATETIME: N_(
        "Write since when you notice this, like: since this summer. "
        "An exact moment points at an incident."
    ),
    Kind.HANDLE: N_("Leave the account name out. Tell us what you see online in general."),
    Kind.URL: N_("Leave the web address out. Say in your own words what it is about."),
}
