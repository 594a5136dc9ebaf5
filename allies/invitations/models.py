"""Invitations: a code, handed over in person, for one place (PRODUCT 4.7, TRUST T26)."""

from datetime import timedelta

from peewee import JOIN, BooleanField, CharField, DateField, ForeignKeyField, fn

from allies.alliances.models import Alliance, Membership, Organisation, Role, alliances_of
from allies.db import BaseModel, EnumField, UtcField, now

VALID = timedelta(days=7)
WAY_BACK_VALID = timedelta(hours=24)
FEWEST_ALLIES, MOST_ALLIES = 10, 15


class Invitation(BaseModel):
    """A code, handed over in person, that makes its bearer a member once. Never knows who."""

    alliance = ForeignKeyField(Alliance, backref="invitations", on_delete="CASCADE")
    role = EnumField(Role, max_length=12)
    organisation = EnumField(Organisation, max_length=12, null=True)
    code_hash = CharField(max_length=64, unique=True)
    made_at = UtcField(default=now)
    ends_at = UtcField(index=True)
    is_used = BooleanField(default=False)
    # the place it gives back to whoever lost every way in; else it makes a new one
    place = ForeignKeyField(Membership, null=True, on_delete="CASCADE")
    last_day = DateField(null=True)  # of the deputy it makes
    # the coordinator who made it, none for the operator: with them their codes go
    made_by = ForeignKeyField(Membership, null=True, on_delete="CASCADE", backref="codes_made")

    @classmethod
    def visible_to(cls, user):
        """For coordinators those of allies, and of coordinators of the own organisation.

        A deputy sees no invitation of a coordinator, and nobody one that the
        operator has to judge: of a partner, or of a coordinator who is locked out.
        """
        allies = (cls.role == Role.ALLY) & cls.alliance.in_(alliances_of(user, Role.COORDINATOR))
        colleague = Membership.select(Membership.id).where(
            Membership.user == user.id,
            Membership.role == Role.COORDINATOR,
            Membership.ends_on.is_null(),
            Membership.alliance == cls.alliance,
            Membership.organisation == cls.organisation,
        )
        colleagues = (cls.role == Role.COORDINATOR) & cls.place.is_null() & fn.EXISTS(colleague)
        rows = cls.select(cls, Alliance, Membership).join(Alliance).switch(cls)
        return rows.join(Membership, JOIN.LEFT_OUTER, on=cls.place).where(allies | colleagues)

    @classmethod
    def listed(cls, user, alliance):
        """What this user sees of an alliance's invitations: the open ones, then the used ones."""
        shown = cls.is_used | (cls.ends_at > now())
        rows = cls.visible_to(user).where(cls.alliance == alliance.id, shown)
        return rows.order_by(cls.is_used, cls.ends_at.desc())

    @classmethod
    def is_open_now(cls):
        """The condition for a code that still works."""
        return ~cls.is_used & (cls.ends_at > now())

    @classmethod
    def open_with(cls, code_hash):
        """The invitation this code still opens, or None: wrong, used and expired look the same."""
        query = cls.select(cls, Alliance).join(Alliance)
        return query.where(cls.code_hash == code_hash, cls.is_open_now()).first()

    @property
    def is_open(self):
        return not self.is_used and self.ends_at > now()
