"""Which passphrases will do (TRUST T23)."""

import pytest
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from allies.accounts.passphrases import (
    LONGEST,
    MOST_SIGNS,
    TOO_COMMON,
    TOO_LONG,
    TOO_SHORT,
    signs,
    start_of,
    weakness,
)

ABOUT = ("Anna de Vries", "anna.devries@example.org")


@pytest.mark.parametrize(
    "passphrase",
    [
        "fiets regen koekje trompet",
        "een tafel vol mosselen",
        "correct horse battery staple",
        "7f$kQ9!zR2pL0xW",
        "vijf roze olifanten 🐘 zwemmen",
        "ligt er nog slagroom op de trampoline " * 3,
    ],
)
def test_a_few_words_that_do_not_belong_together_will_do(passphrase):
    assert weakness(passphrase, about=ABOUT) is None


@pytest.mark.parametrize(
    "passphrase",
    [
        "Vlissingen2026!",
        "Vlissingen-2026",
        "VLISSINGEN20262026",
        "2026vlissingen2026",
        "Vl1ss1ngen2026!!",
        "V1i$$1ng3n2026!!",
        "V.l.i.s.s.i.n.g.e.n.2026",
        "negnissilV2026!!",
        "vlissingenvlissingen",
        "Vlissingen2026Vlissingen2026",
        "Vlissingen Middelburg 2026",
        "vlissingen 1 januari 2026",
        "Zomer2026Vlissingen!",
        "DeTafelVlissingen2026",
        "WachtwoordVlissingen1",
        "Welkom01Welkom01",
        "Bondgenoten2026!",
        "123456789012345",
        "qwertyuiopasdfgh",
        "aaaaaaaaaaaaaaaaaaaa",
        "annadevries2026!",
        "w" + " " * 20,
    ],
)
def test_what_anybody_here_would_try_will_not_do(passphrase):
    assert weakness(passphrase, about=ABOUT) == TOO_COMMON


def test_a_passphrase_of_many_different_signs_is_weighed_quickly():
    """Counted in tries of zxcvbn, not in seconds: a clock would depend on the machine."""
    hostile = ("1#68&<30%94[/2!+@7({$5|" * 6)[:LONGEST]

    tried = enumerate_l33t_subs(relevant_l33t_subtable(start_of(hostile), L33T_TABLE))
    assert len(tried) <= 100
    assert len(set(start_of(hostile)) & signs()) == MOST_SIGNS
    assert weakness(hostile) is None


def test_of_an_ordinary_long_passphrase_48_characters_are_weighed():
    long = "ligt er nog slagroom op de 1ste trampoline van je tante? " * 2

    assert start_of(long) == long[:48]


def test_fifteen_characters_is_the_least_and_128_the_most():
    long = "ligt er nog slagroom op de trampoline van je tante? " * 3

    assert weakness("Vlissingen2026") == TOO_SHORT
    assert weakness("7f$kQ9!zR2pL0x") == TOO_SHORT
    assert weakness("7f$kQ9!zR2pL0xW") is None
    assert weakness(long[:LONGEST]) is None
    assert weakness(long[: LONGEST + 1]) == TOO_LONG
