"""What a passphrase needs beside it: a code app (RFC 6238) or a printed recovery code."""

from peewee import BigIntegerField, BlobField, CharField, ForeignKeyField

from allies.accounts.models import User
from allies.db import BaseModel
from allies.sealing import Sealed


class CodeApp(Sealed, BaseModel):
    """The secret that a user's code app shares with us, sealed."""

    SEALED = ("secret",)
    BOUND_TO = "user_id"

    user = ForeignKeyField(User, unique=True, backref="code_apps", on_delete="CASCADE")
    secret = BlobField()
    last_step = BigIntegerField(default=0)  # the 30 s step of the last code: each works once


class RecoveryCode(BaseModel):
    """One unused code of the printed list."""

    id = CharField(max_length=64, primary_key=True)  # SHA-256 of the code
    user = ForeignKeyField(User, backref="recovery_codes", on_delete="CASCADE")

    class Meta:
        without_rowid = True
