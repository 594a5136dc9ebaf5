"""The outbox: one row for each person who must hear something (PRODUCT 4.6, DESIGN 5)."""

from peewee import BooleanField, CharField, ForeignKeyField, IntegerField

from allies.alliances.models import Membership
from allies.db import BaseModel, UtcField, now


class Delivery(BaseModel):
    """One neutral message to one member, until it is sent. Says nothing of what it is about."""

    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    meeting_id = CharField(max_length=16, null=True)  # an id, so that the outbox knows no feature
    is_urgent = BooleanField(default=False)
    created_at = UtcField(default=now)
    due_at = UtcField(default=now, index=True)
    tries = IntegerField(default=0)
    sent_at = UtcField(null=True, index=True)
    failed_at = UtcField(null=True)


class Link(BaseModel):
    """The link in one message: to the start page, or to the answer page of one meeting."""

    id = CharField(max_length=64, primary_key=True)  # SHA-256 of the token in the address
    membership = ForeignKeyField(Membership, on_delete="CASCADE")
    meeting_id = CharField(max_length=16, null=True)
    ends_at = UtcField()
