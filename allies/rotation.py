"""Replacing the data key: a new one in front, then every sealed value under it (TRUST T06).

Can be killed at any point and run again. The new key is on disk before anything is
sealed with it, and it stays there with the old ones: a backup needs them, and the
version in a sealed value counts from the oldest. The server may run meanwhile: a
value it changes is not overwritten, and it fetches the new key when it meets one.
"""

import base64
import os
import secrets
import time
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from peewee import fn

from allies import files, keys
from allies.config import KEY_BYTES
from allies.crypto import MOST_KEYS
from allies.db import atomic
from allies.errors import ConfigError
from allies.sealing import Sealed

BY_HAND = (
    "ALLIES_DATA_KEYS is no file of ours: put a new key in front of it, "
    "start the web server and the worker again, and then run this once more."
)
FULL = "ALLIES_DATA_KEYS holds as many keys as it can."
STEP = 100  # rows that are read at a time
BREATH = 0.003  # seconds between two values; without it who waits to write would wait in vain


def columns():
    """Every sealed column, as (model, name)."""
    return [(model, name) for model in Sealed.__subclasses__() for name in model.SEALED]


def stale(model, name, after=""):
    """The rows whose value in this column is not under the newest key, by id."""
    column = getattr(model, name)
    version = fn.SUBSTR(column, 1, 1)
    is_old = column.is_null(False) & (version != bytes([Sealed.keyring.newest]))
    return model.select().where(is_old, model.id > after).order_by(model.id)


def left():
    """How many values are not under the newest key."""
    return sum(stale(model, name).count() for model, name in columns())


def new_key(settings):
    """Put a new key in front, in the file of the keys, and use it. Raises ConfigError."""
    file = settings.data_keys_file
    if file is None or file.stat().st_uid != os.geteuid():
        raise ConfigError(BY_HAND)
    if Sealed.keyring.newest >= MOST_KEYS:
        raise ConfigError(FULL)
    fresh = secrets.token_bytes(KEY_BYTES)
    try:
        files.replace(file, as_text((fresh, *Sealed.keyring.data_keys)))
    except OSError:
        raise ConfigError(BY_HAND) from None
    Sealed.keyring.data_keys = settings.reload_data_keys()
    keys.ensure(Sealed.keyring)


def as_text(data_keys):
    """Data keys as their file holds them."""
    return ",".join(base64.urlsafe_b64encode(key).decode() for key in data_keys) + "\n"


def reseal() -> Iterator[bool]:
    """Put every value under the newest key; tells of each whether it could be opened.

    What a running server seals with the old key meanwhile is found in another round.
    """
    lost: set[tuple] = set()
    is_over = False
    while not is_over:
        is_over = True
        for model, name in columns():
            for row in walk(model, name):
                value = (model, name, row.id)
                if value in lost:
                    continue
                is_over, is_open = False, reseal_one(row, name)
                if not is_open:
                    lost.add(value)
                yield is_open
                time.sleep(BREATH)


def walk(model, name):
    """The stale rows, some at a time, so that no read lasts."""
    after = ""
    while rows := list(stale(model, name, after).limit(STEP)):
        yield from rows
        after = rows[-1].id


@atomic
def reseal_one(row, name):
    """One value in a transaction of its own; False when it does not open.

    It is written only over what was read: a change by somebody else meanwhile stays.
    """
    model, old = type(row), getattr(row, name)
    try:
        fresh = row.resealed(name)
    except InvalidTag:
        return False
    unchanged = (model.id == row.id) & (getattr(model, name) == old)
    model.update({name: fresh}).where(unchanged).execute()
    return True
