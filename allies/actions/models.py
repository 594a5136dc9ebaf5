"""What was agreed to do, by which role and by when (PRODUCT 4.2)."""

from enum import StrEnum

from peewee import CharField, DateField, ForeignKeyField

from allies.alliances.models import Alliance, shown_alliances, tables_of
from allies.db import BaseModel, EnumField
from allies.i18n import today
from allies.meetings.models import Meeting
from allies.minutes.models import MinutesPart


class Owner(StrEnum):
    """Who does it: a role, never a person."""

    POLICE = "police"
    MUNICIPALITY = "municipality"
    GROUP = "group"  # the allies together


class ActionState(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"  # with a reason


class Action(BaseModel):
    """Something that was agreed on; stays on start pages until it is done."""

    alliance = ForeignKeyField(Alliance, backref="actions")
    meeting = ForeignKeyField(Meeting, null=True, backref="actions", on_delete="SET NULL")
    part = ForeignKeyField(MinutesPart, null=True, backref="actions", on_delete="SET NULL")
    owner = EnumField(Owner, max_length=12)
    text = CharField(max_length=300)
    due_on = DateField()
    state = EnumField(ActionState, max_length=8, default=ActionState.OPEN, index=True)
    reason = CharField(max_length=300, default="")  # why it was dropped
    ended_on = DateField(null=True)

    @classmethod
    def visible_to(cls, user):
        """Those of the tables this user sits at. Every read starts here."""
        return cls.select(cls, Alliance).join(Alliance).where(cls.alliance.in_(tables_of(user)))

    @classmethod
    def open_for(cls, user):
        """Those that are not done, of the alliances shown, what is due first first."""
        shown = cls.alliance.in_(shown_alliances(user))
        rows = cls.visible_to(user).where(shown, cls.state == ActionState.OPEN)
        return rows.order_by(cls.due_on, cls.id)

    @classmethod
    def listed(cls, user, alliance):
        """(query of the open ones, what is due first first; query of the others, newest first)."""
        here = cls.visible_to(user).where(cls.alliance == alliance.id)
        is_open = cls.state == ActionState.OPEN
        ended = here.where(~is_open).order_by(cls.ended_on.desc(), cls.id)
        return here.where(is_open).order_by(cls.due_on, cls.id), ended

    @property
    def is_open(self):
        return self.state == ActionState.OPEN

    @property
    def is_overdue(self):
        return self.is_open and self.due_on < today()

    @property
    def may_be_reopened(self):
        """Was it called done today? Then that can be taken back."""
        return self.state == ActionState.DONE and self.ended_on == today()
