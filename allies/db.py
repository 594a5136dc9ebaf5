"""The database: one connection a thread, UTC times, random row names, short write transactions."""

import secrets
from datetime import UTC, datetime
from functools import wraps

from peewee import CharField, DatabaseProxy, DateTimeField, Model, OperationalError, SqliteDatabase
from playhouse import db_url
from playhouse.fields import EnumField

__all__ = ["BaseModel", "EnumField", "UtcField", "atomic", "database", "is_busy", "new_id", "now"]

database = DatabaseProxy()

BUSY_SECONDS = 5  # how long a writer waits for another one
SQLITE = {
    "pragmas": {
        "journal_mode": "wal",
        "synchronous": "full",  # with "normal" a power cut loses answers we have confirmed
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
    },
    "timeout": BUSY_SECONDS,
    "lock_type": "IMMEDIATE",  # a read upgraded to a write half way can't wait, it fails
}


def connect(url):
    """Point every model at the database of this address (a playhouse.db_url)."""
    is_sqlite = db_url.urlparse(url).scheme.startswith("sqlite")
    database.initialize(db_url.connect(url, **(SQLITE if is_sqlite else {})))


def open_connection():
    """Before a request or job: SQLite keeps a thread's connection open, a pool lends one."""
    database.connect(reuse_if_open=True)


def close_connection(error=None):
    """After it: leave no transaction behind, and give a pooled connection back."""
    if not isinstance(database.obj, SqliteDatabase) and not database.is_closed():
        database.close()


def atomic(function=None):
    """One write transaction, as a decorator or as a context manager."""
    if function is None:
        return database.atomic()

    @wraps(function)
    def in_transaction(*args, **kwargs):
        with database.atomic():
            return function(*args, **kwargs)

    return in_transaction


def is_busy(error):
    """Is this the database saying that somebody else has been writing for too long?"""
    return isinstance(error, OperationalError) and "locked" in str(error)


def write_if_idle(query):
    """Run a small write of no importance now, or not at all when somebody else is writing."""
    is_sqlite = isinstance(database.obj, SqliteDatabase)
    if is_sqlite:
        database.execute_sql("PRAGMA busy_timeout = 0")
    try:
        with database.atomic():
            query.execute()
    except OperationalError as error:
        if not is_busy(error):
            raise
    finally:
        if is_sqlite:
            database.execute_sql(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def now():
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def new_id():
    """96 random bits, 16 URL-safe characters: an address tells neither number nor order."""
    return secrets.token_urlsafe(12)


class UtcField(DateTimeField):
    """A moment. Takes and gives aware times; stored as UTC without an offset."""

    def db_value(self, value):
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("a moment needs a time zone")
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value):
        value = super().python_value(value)
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


class BaseModel(Model):
    """A row with a random name. Make rows with `create`, never with `save`."""

    id = CharField(max_length=16, primary_key=True, default=new_id)

    class Meta:
        database = database
        legacy_table_names = False
