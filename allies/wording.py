"""Fields in which nobody may be named: what the text check finds is told to the writer."""

import re
from typing import NamedTuple

from wtforms.validators import ValidationError

from allies.alliances.models import Membership
from allies.i18n import N_, _
from allies.textcheck import ADVICE, DIRECT, LABEL, Kind, check
from allies.textcheck.fold import fold
from allies.venues.models import Venue

LEAST_LETTERS = 6  # of a place with one word for a name; a shorter one means too many things
A_PLACE = (N_("a place of ours"), N_("The place is shown late. Leave it out."))
AN_ALIAS = (N_("an alias"), N_("An alias points at a person. Leave out who said it."))


class Found(NamedTuple):
    """The words of one kind in a text, each once."""

    label: str
    advice: str
    words: list[str]


class AtTable:
    """A form whose texts everybody at one table reads, see `gives_nothing_away`."""

    def at(self, alliance):
        """Let the texts be about this alliance."""
        self.alliance = alliance
        return self

    @property
    def its_own_words(self):
        """[(pattern, kind)] of the places and aliases of the alliance; read once, two queries."""
        if not hasattr(self, "loaded_words"):
            venues = Venue.select(Venue.name, Venue.address).where(Venue.alliance == self.alliance)
            members = Membership.select(Membership.alias)
            members = members.where(Membership.alliance == self.alliance)
            places = [pattern for venue in venues for pattern in patterns_of(venue)]
            aliases = [capitalised(words_of(member.alias)) for member in members]
            self.loaded_words = [(pattern, A_PLACE) for pattern in places]
            self.loaded_words += [(pattern, AN_ALIAS) for pattern in aliases]
        return self.loaded_words


def leaves_out(kinds):
    """A check of a form field: refuse words of these kinds, a collection of Kind.

    What was found is on `field.found`, where `ui.errors` says how to do without.
    """

    def look(form, field):
        refuse_words(field, words_of_kinds(field.data or "", kinds))

    return look


names_nobody = leaves_out(Kind)  # words that can point at a person
reaches_nobody = leaves_out(DIRECT | {Kind.ADDRESS, Kind.POSTCODE})  # but a hall may have a name


def gives_nothing_away(form, field):
    """A check of a field of a form `AtTable`: as `names_nobody`, and refuse the places where
    this alliance meets, which are shown late, and the aliases of its members."""
    text = field.data or ""
    refuse_words(field, words_of_kinds(text, Kind) | own_in(text, form.its_own_words))


def words_of_kinds(text, kinds):
    """{word: (label, advice)} of what the text check finds of these kinds."""
    found = (f for f in check(text) if f.kind in kinds)
    return {f.word: (LABEL[f.kind], ADVICE[f.kind]) for f in found}


def own_in(text, patterns):
    """What of these [(pattern, kind)] stands in a text, also when it is disguised: {word: kind}."""
    folded = fold(text)
    return {
        text[slice(*folded.original(*match.span()))]: kind
        for pattern, kind in patterns
        for match in pattern.finditer(folded.text)
    }


def refuse_words(field, words):
    """Refuse these words, {word: (label, advice)}; they are told by what they are."""
    field.found = [
        Found(_(label), _(advice), [word for word in words if words[word] == (label, advice)])
        for label, advice in dict.fromkeys(words.values())
    ]
    if words:
        told = ", ".join(f"“{word}”" for word in words)
        raise ValidationError(_("Leave out: %(words)s.", words=told))


def patterns_of(venue):
    """What a place is known by: its name, and the street and number of its address."""
    name = words_of(venue.name)
    if len(name) > 1:
        yield phrase(name)
    elif name and len(name[0]) >= LEAST_LETTERS:
        yield capitalised(name)
    for part in venue.address.split(","):
        words = words_of(part)
        number = next((place for place, word in enumerate(words) if word[0].isdigit() and place), 0)
        if number:  # a street stands before it
            yield phrase(words[: number + 1])


def capitalised(words):
    """A name only where it begins with a capital: not the anchor, but whoever is called so."""
    return re.compile(rf"(?=[A-Z]){phrase(words).pattern}")


def phrase(words):
    """These words one after the other, capitals or not, and nothing that goes on after them."""
    row = r"[\s\-]+".join(map(re.escape, words))
    return re.compile(rf"(?<!\w)(?i:{row})(?!\w)")


def words_of(name):
    """The words of a name, in letters without accents."""
    return re.findall(r"[^\s\-]+", fold(name).text)
