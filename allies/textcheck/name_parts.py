"""The words around names: particles, titles, and what makes a name one of a place or a firm."""

import re

from allies.textcheck.wordlists import words

PARTICLES = words("particles")
# "Kees in de haven" is no surname, "Kees in 't Veld" is.
PLACE_PARTICLES = {
    "op": frozenset({"'t", "den"}),
    "uit": frozenset({"den", "het", "'t"}),
    "in": frozenset({"'t"}),
    "aan": frozenset({"den"}),
}
COURTESY = words("titles_courtesy")
OFFICE = words("titles_office")
# These go before ordinary words too, so only a listed name counts after them.
RELATION = words("titles_relation")
SHORTENED = words("titles_shortened")
NOT_TODAY = frozenset(
    {
        "sint",
        "st",
        "prins",
        "prinses",
        "koning",
        "koningin",
        "keizer",
        "graaf",
        "admiraal",
        "heilige",
    }
)
FIRMS = words("firms")
INSTITUTIONS = words("institutions")
INSTITUTION_ENDINGS = tuple(words("institution_endings"))
ROMAN = re.compile(r"[IVX]+")
