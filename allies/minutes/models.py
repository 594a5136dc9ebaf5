"""What was said at a meeting, under the Chatham House rule: no names (PRODUCT 4.2)."""

from datetime import timedelta
from enum import StrEnum

from peewee import CharField, DateField, ForeignKeyField, IntegerField, SmallIntegerField, TextField

from allies.agenda.models import AgendaItem
from allies.alliances.models import Alliance, Membership, Organisation, Role, alliances_of
from allies.db import BaseModel, EnumField, UtcField
from allies.meetings.models import Meeting
from allies.outcomes.models import Outcome

CONTEST_TIME = timedelta(days=7)  # so long members can contest a sentence


class MinutesState(StrEnum):
    CONCEPT = "concept"  # only coordinators see them
    CONTESTABLE = "contestable"
    FIXED = "fixed"


class Minutes(BaseModel):
    """The minutes of one meeting."""

    alliance = ForeignKeyField(Alliance)
    meeting = ForeignKeyField(Meeting, unique=True, backref="minutes", on_delete="CASCADE")
    state = EnumField(MinutesState, max_length=12, default=MinutesState.CONCEPT, index=True)
    published_at = UtcField(null=True)
    fixed_at = UtcField(null=True)

    @classmethod
    def visible_to(cls, user):
        """Those of the user's tables, concepts for coordinators only. Every read starts here."""
        tables = alliances_of(user, Role.ALLY, Role.COORDINATOR)
        coordinated = cls.alliance.in_(alliances_of(user, Role.COORDINATOR))
        return (
            cls.select(cls, Alliance, Meeting)
            .join(Alliance)
            .switch(cls)
            .join(Meeting)
            .where(cls.alliance.in_(tables), (cls.state != MinutesState.CONCEPT) | coordinated)
        )


class MinutesPart(BaseModel):
    """What was heard and advised at one item of the agenda."""

    alliance = ForeignKeyField(Alliance)
    minutes = ForeignKeyField(Minutes, backref="parts", on_delete="CASCADE")
    item = ForeignKeyField(AgendaItem, null=True, on_delete="SET NULL")
    title = CharField(max_length=120)
    heard = TextField(default="")
    advice = TextField(default="")
    position = SmallIntegerField()
    revision = IntegerField(default=0)  # goes up with every change
    outcome = ForeignKeyField(Outcome, null=True, on_delete="SET NULL")

    @classmethod
    def visible_to(cls, user):
        """The parts of the minutes this user sees. Every read starts here."""
        return (
            cls.select(cls, Alliance, Minutes)
            .join(Alliance)
            .switch(cls)
            .join(Minutes)
            .where(cls.minutes.in_(Minutes.visible_to(user).select(Minutes.id)))
        )


class MinutesRevision(BaseModel):
    """An earlier text of a part, so that nothing is lost when two write at once."""

    part = ForeignKeyField(MinutesPart, backref="revisions", on_delete="CASCADE")
    revision = IntegerField()
    heard = TextField(default="")
    advice = TextField(default="")
    saved_at = UtcField()
    saved_by = EnumField(Organisation, max_length=12)

    class Meta:
        indexes = ((("part", "revision"), True),)


class ContestState(StrEnum):
    OPEN = "open"
    CHANGED = "changed"  # the minutes were mended
    KEPT = "kept"  # the minutes stay as they are, with a reason


class Contest(BaseModel):
    """A sentence of the minutes that a member says is not right. Shown without who said so."""

    alliance = ForeignKeyField(Alliance)
    part = ForeignKeyField(MinutesPart, backref="contests", on_delete="CASCADE")
    membership = ForeignKeyField(Membership, null=True, on_delete="SET NULL")
    sentence = TextField()
    remark = TextField(default="")
    made_on = DateField()
    state = EnumField(ContestState, max_length=8, default=ContestState.OPEN, index=True)
    reply = TextField(default="")
    answered_on = DateField(null=True)

    @classmethod
    def visible_to(cls, user):
        """Those of the user's tables. Every read starts here."""
        tables = alliances_of(user, Role.ALLY, Role.COORDINATOR)
        return (
            cls.select(cls, Alliance, MinutesPart, Minutes)
            .join(Alliance)
            .switch(cls)
            .join(MinutesPart)
            .join(Minutes)
            .where(cls.alliance.in_(tables))
        )
