"""Is this passphrase hard enough to guess? (TRUST T23, NIST SP 800-63B 5.1.1.2)

Length first; then whether anything is left when the words of this region and of
this person are taken out; then zxcvbn with those words, which knows what people
commonly choose. Without the words zxcvbn calls a town with a year strong, and
with them still two towns with a year.
"""

import re
import threading
import unicodedata
from functools import cache
from pathlib import Path

from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS
from zxcvbn.matching import L33T_TABLE

from allies.i18n import _l

SHORTEST, LONGEST = 15, 128
SCORED = 48  # the work grows with the square; what follows can only make it harder
MOST_SIGNS = 12  # different ones; zxcvbn tries all ways to read them together as letters
STRONG = 4  # of 0-4: more than 10^10 guesses
OWN_PARTS = 5  # known words and different other letters together
WORD_FROM = 4  # letters; shorter ones hide in too many others
ONE_AT_A_TIME = threading.Lock()  # up to a quarter of a second; the other pages go on meanwhile
NUMBER = re.compile(r"\d{3,}")
# Signs that stand for letters; i, l and 1 are one, so that no spelling of a word gets past.
LOOKALIKES = str.maketrans("01!|l345@$7", "oiiiieasast")
TOO_SHORT = _l("Use at least 15 characters. Four or five words that don't belong together do well.")
TOO_LONG = _l("Use at most 128 characters.")
TOO_COMMON = _l("This is too easy to guess. Choose four or five words that don't belong together.")


def weakness(passphrase, *, about=()):
    """Why this passphrase will not do, or None. `about` are texts on the person, like a name."""
    if len(passphrase) < SHORTEST:
        return TOO_SHORT
    if len(passphrase) > LONGEST:
        return TOO_LONG
    known = [*local_words(), *(word for text in about for word in words_of(text))]
    if is_common(passphrase) or own_parts(passphrase, known) < OWN_PARTS:
        return TOO_COMMON
    with ONE_AT_A_TIME:
        score = zxcvbn(start_of(passphrase), user_inputs=known)["score"]
    return None if score >= STRONG else TOO_COMMON


def start_of(passphrase):
    """What zxcvbn scores of it: it ends before the thirteenth different sign read as a letter.

    Each such sign multiplies the work, up to seconds. Who gets this far has a dozen of
    them, and what follows can only make it harder.
    """
    seen = set()
    for place, sign in enumerate(passphrase[:SCORED]):
        seen |= {sign} & signs()
        if len(seen) > MOST_SIGNS:
            return passphrase[:place]
    return passphrase[:SCORED]


def is_common(passphrase):
    """Is this, apart from capitals, spaces and what is tacked on its end, a well-known password?"""
    bare = "".join(passphrase.lower().split())
    return bool({bare, bare.rstrip("0123456789!?.-_@#*")} & common_passwords())


def own_parts(passphrase, known):
    """How many different known words, plus different other letters, this is made of; no numbers."""
    rest, found = folded(NUMBER.sub(" ", passphrase)), 0
    for word in sorted({folded(w) for w in known if len(w) >= WORD_FROM}, key=len, reverse=True):
        for spelling in (word, word[::-1]):
            if spelling in rest:
                rest, found = rest.replace(spelling, " "), found + 1
    return found + len({letter for letter in rest if letter.isalpha()})


def folded(text):
    """Text without capitals, accents and signs, lookalikes as the letters they stand for."""
    plain = unicodedata.normalize("NFKD", text).lower().translate(LOOKALIKES)
    return "".join(c for c in plain if c.isalnum())


def words_of(text):
    """A text and its parts as a guesser would try them: the whole, all in one, each word."""
    parts = [p for p in re.split(r"[\s@.]+", text.lower()) if len(p) > 1]
    return [text.lower(), "".join(parts), *parts]


@cache
def common_passwords():
    return frozenset(FREQUENCY_LISTS["passwords"])


@cache
def signs():
    """The signs that zxcvbn reads as a letter."""
    return frozenset(sign for spellings in L33T_TABLE.values() for sign in spellings)


@cache
def local_words():
    """The names and words anybody here would think of first."""
    lines = Path(__file__).with_name("local_words.txt").read_text(encoding="utf-8").split("\n")
    return tuple(line for line in lines if line)
