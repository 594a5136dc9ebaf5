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
# After these any word with a capital is a name.
CLOSE = words("titles_close")
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
# Polish, Ukrainian, Turkish and Frisian surnames show by their ending.
SURNAME_ENDINGS = (
    "owski",
    "owska",
    "ewski",
    "ewska",
    "wicz",
    "czyk",
    "enko",
    "chuk",
    "oglu",
    "stra",
    "inga",
    "sma",
)
# These only introduce a name; they are no part of it.
INTRODUCING = frozenset(
    {"heet", "heette", "heten", "genaamd", "bijgenaamd", "is", "ben", "ene", "zekere"}
)
ROMAN = re.compile(r"[IVX]+")
