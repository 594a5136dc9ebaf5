"""A stolen database holds no name; a value opens only in its own place (TRUST T04, T05)."""

import os

import pytest
from cryptography.exceptions import InvalidTag

from allies.crypto import Keyring, digest, token
from allies.db import database
from allies.migrate import all_models
from allies.people.models import INDEXED, Identity
from allies.sealing import Sealed


@pytest.fixture
def keyring():
    return Keyring((os.urandom(32),), os.urandom(32))


def test_what_was_sealed_opens_again(keyring):
    for text in ("", "Anna", "Zoë de Vröomen", "é" * 100):
        assert keyring.unseal(keyring.seal(text, "t", "c", "r"), "t", "c", "r") == text


@pytest.mark.parametrize("place", [("x", "c", "r"), ("t", "x", "r"), ("t", "c", "x")])
def test_a_value_moved_elsewhere_does_not_open(keyring, place):
    sealed = keyring.seal("Anna", "t", "c", "r")

    with pytest.raises(InvalidTag):
        keyring.unseal(sealed, *place)


def test_all_sealed_values_have_one_length(keyring):
    assert len({len(keyring.seal("a" * n, "t", "c", "r")) for n in range(0, 300, 7)}) == 1
    with pytest.raises(ValueError, match="too long"):
        keyring.seal("a" * 400, "t", "c", "r")


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed(keyring):
    sealed = keyring.seal("Anna", "t", "c", "r")
    newer = Keyring((os.urandom(32), *keyring.data_keys), keyring.index_key)

    assert newer.unseal(sealed, "t", "c", "r") == "Anna"
    assert newer.seal("Anna", "t", "c", "r")[0] == 2


def test_no_name_or_address_is_in_the_files_of_the_database(app):
    identities = list(Identity.select())
    words = {i.open(column) for i in identities for column in Identity.SEALED}
    database.execute_sql("PRAGMA wal_checkpoint")
    files = b"".join(p.read_bytes() for p in app.config["ALLIES"].instance.glob("allies.db*"))

    assert len(words) == 3 * len(identities) > 120
    assert [w for w in words if w.encode() in files] == []
    assert b"Scholekster" in files, "the search itself must be able to find something"


def test_only_contacts_have_an_index(app):
    indexed = {
        f.name for m in all_models() for f in m._meta.sorted_fields if f.name.endswith("_index")
    }

    assert indexed == {f"{name}_index" for name in INDEXED} == {"email_index", "phone_index"}


def test_no_sealed_field_is_in_an_index_of_the_database(app):
    tables = [m for m in all_models() if issubclass(m, Sealed)]
    sealed = {(m._meta.table_name, column) for m in tables for column in m.SEALED}
    indexed = {
        (table, column)
        for table in database.get_tables()
        for index in database.get_indexes(table)
        for column in index.columns
    }

    assert sealed >= {("identity", "name"), ("identity", "email"), ("identity", "phone")}
    assert ("identity", "email_index") in indexed
    assert sealed & indexed == set()


@pytest.mark.parametrize(
    ("value", "column", "index"),
    [
        (
            "anna@example.org",
            "email",
            "14955603fd87229d3e1b0c9722e5018093861b72232189ee98a8d21928d504f0",
        ),
        (
            "+31612345678",
            "phone",
            "d5ffeec5ebe0d8c624fa899410df0fd59348f99b9c5634923b69131c79255fba",
        ),
    ],
)
def test_an_index_is_what_it_always_was(value, column, index):
    """HMAC-SHA256 under HKDF (RFC 5869) of the key, worked out apart from our code."""
    known = Keyring((bytes(32),), bytes(range(32)))

    assert known.blind_index(value, column).hex() == index


def test_an_index_tells_nothing_without_its_own_key_and_column(keyring):
    other = Keyring(keyring.data_keys, os.urandom(32))

    mine = keyring.blind_index("+31612345678", "phone")
    assert mine == Keyring((os.urandom(32),), keyring.index_key).blind_index(
        "+31612345678", "phone"
    )
    assert mine != other.blind_index("+31612345678", "phone")
    assert mine != keyring.blind_index("+31612345678", "email")


def test_a_token_is_128_bits_and_only_its_hash_is_kept():
    assert len({token() for _ in range(100)}) == 100
    assert len(token()) == 22
    assert len(digest(token())) == 64
