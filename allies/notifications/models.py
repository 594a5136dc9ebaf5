"""The outbox: one row for each person who must hear something (PRODUCT 4.6, DESIGN 5)."""

from peewee import BlobField, BooleanField, CharField, ForeignKeyField, IntegerField

from allies.accounts.models import User
from allies.alliances.models import Membership
from allies.crypto import digest
from allies.db import BaseModel, UtcField, now
from allies.sealing import Sealed


class Delivery(Sealed, BaseModel):
    """One neutral message to one member, until it is sent. Says nothing of what it is about.

    One to a guest hangs on a coordinator's membership, and asks the guest's row where it goes.

    Its random id is also the message's Message-ID (RFC 5322), so a message that
    was sent twice can be told from two messages.
    """

    SEALED = ("email",)

    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    meeting_id = CharField(max_length=16, null=True)  # an id, so that the outbox knows no feature
    new_email_id = CharField(max_length=16, null=True)  # of the address its link proves
    guest_id = CharField(max_length=16, null=True)  # who is asked, when not the member
    email = BlobField(null=True)  # where it goes, when not to the member's address; until it is out
    is_urgent = BooleanField(default=False)
    created_at = UtcField(default=now)
    due_at = UtcField(default=now, index=True)  # while a worker has it: when another may take it
    tries = IntegerField(default=0)
    sent_at = UtcField(null=True, index=True)
    failed_at = UtcField(null=True)

    @classmethod
    def waiting(cls):
        """What has been neither sent nor given up."""
        return cls.select().where(cls.waits())

    @classmethod
    def waits(cls):
        """The same as a condition."""
        return cls.sent_at.is_null() & cls.failed_at.is_null()


class Link(BaseModel):
    """The link in one message: to the start page, to the answer page of one meeting, or to
    the button that proves a new address.
    """

    id = CharField(max_length=64, primary_key=True)  # SHA-256 of the token in the address
    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    meeting_id = CharField(max_length=16, null=True)
    new_email_id = CharField(max_length=16, null=True)
    guest_id = CharField(max_length=16, null=True)  # a guest answers with it, not the member
    ends_at = UtcField()

    @classmethod
    def behind(cls, token):
        """The link that this token opens now, with its member and user; else None.

        A guest's link hangs on a coordinator, but what becomes of that account is not theirs.
        """
        may_come_in = cls.guest_id.is_null(False) | User.disabled_at.is_null()
        return (
            cls.select(cls, Membership, User)
            .join(Membership)
            .join(User)
            .where(cls.id == digest(token), cls.ends_at > now(), may_come_in)
            .first()
        )
