"""Who can sign in, and the sign-ins that are going on now (PRODUCT 4.7, TRUST T13)."""

from datetime import timedelta

from flask_login import UserMixin
from peewee import BlobField, BooleanField, CharField, DateField, ForeignKeyField

from allies.crypto import digest
from allies.db import BaseModel, UtcField, now
from allies.i18n import today

IDLE = timedelta(minutes=30)
FRESH = timedelta(minutes=5)


class User(BaseModel, UserMixin):
    """Somebody who can sign in. Has no name here: see people.Identity."""

    locale = CharField(max_length=5, default="nl")
    disabled_at = UtcField(null=True)

    session_token = None  # the secret this request came with; only its digest is stored
    shown_alliance = None  # the id of the one alliance they chose to see; None for all of theirs

    def get_id(self):
        """What Flask-Login keeps in the cookie: the secret of this sign-in, not of the user."""
        return self.session_token


class Passphrase(BaseModel):
    """The argon2id hash of a user's passphrase; the row has the user's id."""

    hash = CharField(max_length=200)
    user = ForeignKeyField(User, unique=True, on_delete="CASCADE")


class Device(BaseModel):
    """A phone somebody called their own: its cookie stands for the code app (PRODUCT 4.7)."""

    id = CharField(max_length=64, primary_key=True)  # SHA-256 of the secret in its cookie
    user = ForeignKeyField(User, backref="devices", on_delete="CASCADE")
    platform = CharField(max_length=12, default="")
    made_on = DateField(default=today)
    used_on = DateField(default=today)
    ends_at = UtcField()

    @classmethod
    def visible_to(cls, user):
        """A user's own that still stand for something, the newest first."""
        mine = cls.select().where(cls.user == user.id, cls.ends_at > now())
        return mine.order_by(cls.made_on.desc(), cls.id)


class SignIn(BaseModel):
    """One sign-in on one device. Without its row the cookie opens nothing."""

    id = CharField(max_length=64, primary_key=True)  # SHA-256 of the secret in the cookie
    user = ForeignKeyField(User, backref="sign_ins", on_delete="CASCADE")
    device = ForeignKeyField(Device, null=True, on_delete="CASCADE")  # when it is the user's own
    platform = CharField(max_length=12, default="")
    stays = BooleanField(default=False)  # does not end by being idle: a member on an own phone
    started_at = UtcField(default=now)
    proved_at = UtcField(default=now)  # when its user last showed to be who they are
    seen_at = UtcField(default=now)
    ends_at = UtcField()

    @classmethod
    def visible_to(cls, user):
        """A user's own sign-ins that still open something, on all devices, the newest first."""
        mine = cls.select().where(cls.user == user.id, cls.is_going_on())
        return mine.order_by(cls.started_at.desc())

    @classmethod
    def is_going_on(cls):
        """A condition: neither ended nor idle too long."""
        moment = now()
        return (cls.ends_at > moment) & (cls.stays | (cls.seen_at > moment - IDLE))

    @property
    def is_fresh(self):
        """Was it proved just now? What can do harm asks for that (TRUST T25)."""
        return now() < self.proved_at + FRESH

    @classmethod
    def user_of(cls, token):
        """The user of a sign-in that has neither ended nor been idle too long, else None."""
        going_on = cls.select(cls, User).join(User).where(cls.is_going_on())
        mine = going_on.where(cls.id == digest(token), User.disabled_at.is_null())
        sign_in = mine.first()
        if sign_in is None:
            return None
        user = sign_in.user
        user.session_token, user.sign_in = token, sign_in
        return user


class Attempt(BaseModel):
    """A try that counts towards a limit. The bucket is a keyed hash: no address, no account."""

    bucket = CharField(max_length=64, index=True)
    at = UtcField(default=now, index=True)


class HeldForm(BaseModel):
    """A form sent after its sign-in had lapsed, until its sender is back; at most 15 minutes.

    Sealed with a key that only the sender's cookie holds; names nobody.
    """

    id = CharField(max_length=64, primary_key=True)  # SHA-256 of that key
    sealed = BlobField()
    ends_at = UtcField(index=True)

    class Meta:
        without_rowid = True
