"""What a meeting is about, in order and with minutes (PRODUCT 4.2)."""

from enum import StrEnum

from peewee import JOIN, CharField, ForeignKeyField, SmallIntegerField

from allies.alliances.models import Alliance, Role, alliances_of
from allies.db import BaseModel, EnumField
from allies.meetings.models import Meeting
from allies.topics.models import Topic


class ItemKind(StrEnum):
    TOPIC = "topic"
    BRINGS = "brings"  # what police and municipality bring: Meeting.brings
    ADVICE = "advice"  # what was done with our advice: filled from outcomes
    OWN = "own"  # anything else, with a title


class AgendaItem(BaseModel):
    """One item of an agenda. A topic stands on one agenda at most: that of `topic.meeting`."""

    alliance = ForeignKeyField(Alliance)
    meeting = ForeignKeyField(Meeting, backref="items", on_delete="CASCADE")
    kind = EnumField(ItemKind, max_length=8)
    topic = ForeignKeyField(Topic, null=True, unique=True, on_delete="CASCADE")
    title = CharField(max_length=120, default="")
    minutes = SmallIntegerField()
    position = SmallIntegerField()
    carried = SmallIntegerField(default=0)  # how often it was carried over from another meeting
    reason = CharField(max_length=300, default="")  # why it was carried over again

    @classmethod
    def visible_to(cls, user):
        """Those of the tables this user sits at. Every read starts here."""
        tables = alliances_of(user, Role.ALLY, Role.COORDINATOR)
        return (
            cls.select(cls, Alliance, Meeting, Topic)
            .join(Alliance)
            .switch(cls)
            .join(Meeting)
            .switch(cls)
            .join(Topic, JOIN.LEFT_OUTER)
            .where(cls.alliance.in_(tables))
        )
