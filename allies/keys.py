"""The keys of this installation: do they fit the database (TRUST T04, T06)?

The database keeps a mark of every key it was used with. A start with other keys
is refused, in one line and without opening anything of anybody: what is sealed
under a wrong key can't be read again.
"""

import hmac
from pathlib import Path

from peewee import BlobField, DatabaseError, IntegerField, SqliteDatabase

from allies.db import BaseModel, atomic, database, open_connection
from allies.errors import ConfigError
from allies.sealing import Sealed

INDEX = 0  # the row of the index key; the data keys have theirs under their version
KNOWN = "this key fits"
DATA_KEYS = "ALLIES_DATA_KEYS does not fit this database: its key {} is missing, wrong or moved."
INDEX_KEY = "ALLIES_INDEX_KEY does not fit this database."
DAMAGED = "The database is damaged ({}); put back a backup with: flask restore FILE"


class KeyCheck(BaseModel):
    """A known text sealed under one version of the data key; 0 is for the index key.

    It tells at the start, without opening anything of anybody, whether the keys
    belong to this database.
    """

    id = IntegerField(primary_key=True)
    sealed = BlobField()


def check_start(keyring):
    """Before anything else is done with a database: nothing when it is not there yet.

    Raises ConfigError when it belongs to other keys, or is none. Leaves no connection
    open: what is forked afterwards must not share one.
    """
    if not _is_there():
        return
    try:
        open_connection()
        if KeyCheck.table_exists() and KeyCheck.select().exists():
            ensure(keyring)
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # the others don't mean that the file is damaged
            raise
        raise ConfigError(DAMAGED.format(error)) from None
    finally:
        database.close()


def ensure(keyring):
    """Check the keys, and mark those that are new to this database. Raises ConfigError."""
    marks = {mark.id: bytes(mark.sealed) for mark in KeyCheck.select()}
    check(keyring, marks)
    missing = {INDEX, *range(1, keyring.newest + 1)} - marks.keys()
    if not missing:
        return
    if not marks:
        _check_unmarked(keyring)
    with atomic():
        for number in sorted(missing):
            mark = _index_mark(keyring) if number == INDEX else _mark(keyring, number)
            KeyCheck.insert(id=number, sealed=mark).on_conflict_ignore().execute()


def check(keyring, marks):
    """Raises ConfigError when one of these marks was made by a key that is not in its place."""
    if INDEX in marks and not hmac.compare_digest(marks[INDEX], _index_mark(keyring)):
        raise ConfigError(INDEX_KEY)
    for version, mark in sorted(marks.items()):
        if version != INDEX and not keyring.fits(mark, *_place(version)):
            raise ConfigError(DATA_KEYS.format(version))


def _check_unmarked(keyring):
    """A database from before there were marks: its first sealed value must fit."""
    for model in Sealed.__subclasses__():
        row = model.table_exists() and model.select().first()  # type: ignore[attr-defined]
        if row and not row.fits(model.SEALED[0], keyring):
            raise ConfigError(DATA_KEYS.format(getattr(row, model.SEALED[0])[0]))


def _is_there():
    """Is there a database? To open one of SQLite that is not there would make it."""
    if not isinstance(database.obj, SqliteDatabase):
        return True
    return Path(database.database).exists()


def _mark(keyring, version):
    return keyring.seal(KNOWN, *_place(version), version=version)


def _index_mark(keyring):
    return keyring.blind_index(KNOWN, "key_check")


def _place(version):
    return "key_check", "sealed", str(version)
