"""A member's private calendar feed (PRODUCT 4.2, TRUST T17)."""

from peewee import CharField, DateField, ForeignKeyField

from allies.accounts.models import User
from allies.alliances.models import Alliance, Membership, Role
from allies.crypto import digest
from allies.db import BaseModel, UtcField, now


class CalendarFeed(BaseModel):
    """The address a calendar reads the meetings of one membership from; a new one ends the old."""

    id = CharField(max_length=64, primary_key=True)  # SHA-256 of the token in the address
    membership = ForeignKeyField(Membership, unique=True, on_delete="CASCADE")
    made_on = DateField()
    ends_at = UtcField()

    @classmethod
    def behind(cls, token):
        """The feed that this token opens now, with its member and alliance; else None."""
        return (
            cls.select(cls, Membership, User, Alliance)
            .join(Membership)
            .join(User)
            .switch(Membership)
            .join(Alliance)
            .where(
                cls.id == digest(token),
                cls.ends_at > now(),
                User.disabled_at.is_null(),
                Membership.lasts(),
                Membership.role.in_([Role.ALLY, Role.COORDINATOR]),
            )
            .first()
        )
