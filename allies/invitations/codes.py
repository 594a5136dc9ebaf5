"""Invitation codes: 80 random bits that are easy to read aloud and to type.

Crockford's base 32: no I, L, O or U on paper, and who types them anyway is
understood. Only the SHA-256 of a code is kept.
"""

import secrets
import unicodedata

from allies.crypto import digest

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS, GROUP = 16, 4  # 5 bits each
READ_AS = str.maketrans("OIL", "011")


def new_code():
    """A fresh code as it is printed: K7QM-2XVP-…, four groups of four."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS))
    return "-".join(symbols[i : i + GROUP] for i in range(0, SYMBOLS, GROUP))


def hash_of(typed):
    """What is kept of a code, however it was typed: with or without capitals, spaces and dashes."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return digest("".join(c for c in plain if c.isalnum()).translate(READ_AS))
