"""The region, its alliances, and who belongs to them under which alias (PRODUCT 2 and 3)."""

from enum import StrEnum

from peewee import SQL, CharField, DateField, ForeignKeyField, SmallIntegerField

from allies.accounts.models import User
from allies.db import BaseModel, EnumField
from allies.i18n import today


class Role(StrEnum):
    """What somebody is in one alliance; the same person may be something else in another."""

    ALLY = "ally"
    COORDINATOR = "coordinator"
    PARTNER = "partner"


class Organisation(StrEnum):
    """Where a coordinator works: the two keys of the method."""

    POLICE = "police"
    MUNICIPALITY = "municipality"


class Region(BaseModel):
    """The installation."""

    name = CharField(max_length=80, unique=True)


class Alliance(BaseModel):
    """One group of 10-15 allies with their coordinators."""

    region = ForeignKeyField(Region, backref="alliances")
    name = CharField(max_length=80, unique=True)
    # what the group agreed: a meeting is on from so many allies, and its place shows so long before
    least_coming = SmallIntegerField(default=8, constraints=[SQL("DEFAULT 8")])
    place_days = SmallIntegerField(default=7, constraints=[SQL("DEFAULT 7")])

    @classmethod
    def visible_to(cls, user):
        """The alliances this user belongs to in any role. Every read starts here."""
        return cls.select().where(cls.id.in_(alliances_of(user)))

    def member(self, user):
        """This user's membership here, or None. One query for all memberships of the user."""
        return next((m for m in memberships_of(user) if m.alliance_id == self.id), None)

    def role_of(self, user):
        """This user's role here, or None."""
        member = self.member(user)
        return member.role if member else None

    def with_role(self, role):
        """The memberships with this role that last, whose user is not disabled, by alias."""
        enabled = Membership.user.in_(User.select(User.id).where(User.disabled_at.is_null()))
        here = self.memberships.where(Membership.role == role, enabled, Membership.lasts())
        return here.order_by(Membership.alias)

    @property
    def allies(self):
        return self.with_role(Role.ALLY)

    @property
    def coordinators(self):
        return self.with_role(Role.COORDINATOR)


class Membership(BaseModel):
    """A user in an alliance, with the role and the alias that everybody sees."""

    alliance = ForeignKeyField(Alliance, backref="memberships")
    user = ForeignKeyField(User, backref="memberships", on_delete="CASCADE")
    role = EnumField(Role, max_length=12)
    organisation = EnumField(Organisation, max_length=12, null=True)
    alias = CharField(max_length=40)
    # how often the alias may still be drawn anew
    draws_left = SmallIntegerField(default=0, constraints=[SQL("DEFAULT 0")])
    paused_until = DateField(null=True)  # the last day of a pause: no messages, not waited for
    ends_on = DateField(null=True)  # the last day of a deputy

    class Meta:
        indexes = ((("alliance", "user"), True), (("alliance", "alias"), True))

    @classmethod
    def visible_to(cls, user):
        """Everybody at the table of the user's alliances; a partner sees only their own row."""
        mine = cls.user == user.id
        rows = cls.select(cls, Alliance).join(Alliance).where(cls.lasts())
        return rows.where(mine | cls.alliance.in_(tables_of(user)))

    @classmethod
    def lasts(cls):
        """A condition: not that of a deputy whose last day has been."""
        return cls.ends_on.is_null() | (cls.ends_on >= today())

    @classmethod
    def takes_part(cls):
        """A condition: not paused today."""
        return cls.paused_until.is_null() | (cls.paused_until < today())

    @property
    def is_paused(self):
        return self.paused_until is not None and today() <= self.paused_until

    @property
    def is_deputy(self):
        """Does it end by itself, as that of somebody who stands in?"""
        return self.ends_on is not None


def memberships_of(user):
    """All memberships of a user with their alliances, by its name; read once a request."""
    if not hasattr(user, "loaded_memberships"):
        mine = (Membership.user == user.id) & Membership.lasts()
        query = Membership.select(Membership, Alliance).join(Alliance).where(mine)
        user.loaded_memberships = list(query.order_by(Alliance.name))
    return user.loaded_memberships


def coordinates_anywhere(user):
    """Is this user a coordinator of at least one alliance?"""
    return any(m.role == Role.COORDINATOR for m in memberships_of(user))


def alliances_of(user, *roles):
    """A subquery: the ids of the alliances where this user has one of these roles, or any."""
    mine = (Membership.user == user.id) & Membership.lasts()
    rows = Membership.select(Membership.alliance).where(mine)
    return rows.where(Membership.role.in_(roles)) if roles else rows


def tables_of(user):
    """A subquery: the ids of the alliances at whose table this user sits: a partner does not."""
    return alliances_of(user, Role.ALLY, Role.COORDINATOR)


def shown_memberships(user):
    """Those of `memberships_of` that lists are about: all, or the one the user chose to see."""
    mine = memberships_of(user)
    return [m for m in mine if m.alliance_id == user.shown_alliance] or mine


def shown_alliances(user):
    """The ids of the alliances whose rows stand in a user's lists; every row keeps its address."""
    if user.shown_alliance is None:
        return alliances_of(user)
    return [m.alliance_id for m in shown_memberships(user)]
