"""A member's objections, and who was erased (GDPR art. 17 and 21, TRUST T27 and T29)."""

from datetime import timedelta

from peewee import CharField, DateField, ForeignKeyField, TextField

from allies.alliances.models import Alliance, Membership, Role, alliances_of
from allies.db import BaseModel
from allies.i18n import today

ANSWERED_WITHIN = timedelta(days=28)  # a month, also in February (GDPR art. 12(3))


class Objection(BaseModel):
    """What a member does not want done with their data; answered by a coordinator."""

    alliance = ForeignKeyField(Alliance, on_delete="CASCADE")
    membership = ForeignKeyField(Membership, backref="objections", on_delete="CASCADE")
    text = TextField()
    made_on = DateField(default=today)
    answer = TextField(default="")
    answered_on = DateField(null=True)

    @classmethod
    def visible_to(cls, user):
        """The user's own, and for coordinators those of their alliance. Every read starts here."""
        mine = Membership.user == user.id
        coordinated = cls.alliance.in_(alliances_of(user, Role.COORDINATOR))
        rows = cls.select(cls, Alliance, Membership).join(Alliance).switch(cls).join(Membership)
        return rows.where(mine | coordinated).order_by(cls.made_on, cls.id)

    @property
    def is_answered(self):
        return self.answered_on is not None

    @property
    def due_on(self):
        """The last day to answer it."""
        return self.made_on + ANSWERED_WITHIN


class Erasure(BaseModel):
    """A user or membership that was erased: a restored backup has to forget them again."""

    id = CharField(max_length=16, primary_key=True)  # the random id that was, of nobody any more
    on = DateField(default=today, index=True)
