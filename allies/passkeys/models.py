"""Passkeys: a key on somebody's device that stands for knowing and having (W3C WebAuthn 3)."""

from peewee import BigIntegerField, BlobField, CharField, DateField, ForeignKeyField

from allies.accounts.models import User
from allies.db import BaseModel, UtcField, now
from allies.i18n import today


class Passkey(BaseModel):
    """The public half of one passkey. `platform` is where it was made, as a rough word."""

    user = ForeignKeyField(User, backref="passkeys", on_delete="CASCADE")
    credential_id = BlobField(unique=True)
    public_key = BlobField()
    sign_count = BigIntegerField(default=0)
    platform = CharField(max_length=12, default="")
    made_on = DateField(default=today)
    used_on = DateField(null=True)

    @classmethod
    def visible_to(cls, user):
        """The user's own, the newest first. Every read starts here."""
        return cls.select().where(cls.user == user.id).order_by(cls.made_on.desc(), cls.id)


class SpentChallenge(BaseModel):
    """A challenge that was answered: never a second time, also not from a copied cookie."""

    id = CharField(max_length=64, primary_key=True)  # SHA-256 of the challenge
    at = UtcField(default=now, index=True)
