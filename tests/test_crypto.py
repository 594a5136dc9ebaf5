"""A stolen database holds no name; a value opens only in its own place (TRUST T04, T05)."""

import os

import pytest
from cryptography.exceptions import InvalidTag

from allies.crypto import SEALED_BYTES, Keyring, digest, token
from allies.db import database, now
from allies.migrate import all_models
from allies.people.models import INDEXED, Identity, NewEmail
from allies.sealing import Sealed
from allies.second_step.models import CodeApp


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


def test_a_changed_version_cut_or_lengthened_value_does_not_open(keyring):
    sealed = keyring.seal("Anna", "t", "c", "r")
    newer = Keyring((os.urandom(32), *keyring.data_keys), keyring.index_key)
    changed = [bytes([version]) + sealed[1:] for version in (0, 2, 3, 255)]

    for value in (*changed, sealed[:-1], sealed + b"\0", sealed[:5], b""):
        assert not keyring.fits(value, "t", "c", "r")
        assert not newer.fits(value, "t", "c", "r")


def test_a_bit_changed_anywhere_is_noticed(keyring):
    sealed = keyring.seal("Anna", "t", "c", "r")
    changed = [
        sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in range(1, SEALED_BYTES)
    ]

    assert [keyring.fits(value, "t", "c", "r") for value in changed] == [False] * len(changed)


def test_a_younger_value_makes_a_program_fetch_the_new_key_once(keyring):
    fresh, asked = (os.urandom(32), *keyring.data_keys), []

    def reload():
        asked.append(1)
        return fresh

    running = Keyring(keyring.data_keys, keyring.index_key, reload)
    younger = Keyring(fresh, keyring.index_key).seal("Anna", "t", "c", "r")

    assert [running.unseal(younger, "t", "c", "r") for _n in range(3)] == ["Anna"] * 3
    assert running.seal("Bram", "t", "c", "r")[0] == 2
    assert asked == [1]


@pytest.fixture
def everybody(app):
    """Every sealed row there is, with a phone, an app and a waiting address for each user."""
    for number, identity in enumerate(Identity.select()):
        user, phone = identity.user_id, f"+3161{number:07}"
        Identity.update(Identity.columns(identity.user, phone=phone)).where(
            Identity.id == identity.id
        ).execute()
        CodeApp.delete().where(CodeApp.user == user).execute()
        secret = CodeApp.seal("secret", user, f"GEHEIM{number:010}")
        CodeApp.create(user=user, secret=secret)
        email = NewEmail.seal("email", user, f"nieuw{number}@example.org")
        NewEmail.create(user=user, email=email, code_hash="x", ends_at=now())
    return [row for model in Sealed.__subclasses__() for row in model.select()]


def test_no_sealed_value_is_in_the_files_of_the_database(app, everybody):
    """In the database, its log and its shared memory, before and after a checkpoint."""
    values = {row.unsealed(column) for row in everybody for column in row.SEALED} - {""}
    folder = app.config["ALLIES"].instance

    def found():
        files = b"".join(path.read_bytes() for path in folder.glob("allies.db*"))
        assert b"Scholekster" in files, "the search itself must be able to find something"
        return [v for v in values if v.encode() in files or v.encode("utf-16-le") in files]

    assert len(values) > 200
    assert (folder / "allies.db-wal").stat().st_size > 0
    assert found() == []
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert found() == []


def test_all_values_of_a_column_have_one_length(everybody):
    lengths = {
        (type(row), column, len(value))
        for row in everybody
        for column in row.SEALED
        if (value := getattr(row, column))
    }

    assert {length for *_place, length in lengths} == {SEALED_BYTES}


def test_no_value_opens_in_another_row_or_column(everybody):
    """Every one of them, moved to the next row of its column and to every other column."""
    opened, tried = [], 0
    for row, other in zip(everybody, everybody[1:] + everybody[:1], strict=True):
        for column in row.SEALED:
            value = getattr(row, column)
            places = [
                (type(other)._meta.table_name, c, getattr(other, other.BOUND_TO))
                for c in other.SEALED
            ]
            places += [(type(row)._meta.table_name, c, getattr(row, row.BOUND_TO))
                       for c in row.SEALED if c != column]  # fmt: skip
            opened += [place for place in places if Sealed.keyring.fits(value, *place)]
            tried += len(places)

    assert tried > 400
    assert opened == []


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
